use serde_json::Value;

use super::*;

fn error(body: &str, keys: &[&str]) -> String {
    list::<i64>(body.as_bytes(), keys).unwrap_err().to_string()
}

fn paths<T>(listing: &Listing<T>) -> Vec<(usize, &str)> {
    listing.rejected().iter().map(|rejected| (rejected.index, rejected.path.as_str())).collect()
}

#[test]
fn envelope_errors_name_the_place() {
    assert_eq!(error(" ", &["data"]), "an empty body");
    assert!(error("<html>", &["data"]).starts_with("not JSON: "));
    assert!(error("[1] 2", &[]).starts_with("not JSON: "));
    assert_eq!(error("7", &["data"]), "a number instead of an object with `data`");
    assert_eq!(error("{}", &["data"]), "missing field `data`");
    assert_eq!(error(r#"{"data": {}}"#, &["data", "studios"]), "data: missing field `studios`");
    assert_eq!(error(r#"{"data": null}"#, &["data"]), "data: null, where a value is needed");
    assert_eq!(
        error(r#"{"data": {"studios": null}}"#, &["data", "studios"]),
        "data.studios: null, where a value is needed"
    );
    assert_eq!(error(r#"{"data": 3}"#, &["data", "x"]), "data: a number instead of an object with `x`");
    assert_eq!(error(r#"{"data": {"a": 1}}"#, &["data"]), "data: invalid type: map, expected a sequence");
    assert_eq!(list::<i64>(b"[1\xff]", &[]).unwrap_err().to_string(), "not JSON: invalid UTF-8");
}

#[test]
fn list_is_found_in_any_of_the_usual_envelopes() {
    for body in [r#"{"data": [1, 2]}"#, r#"{"items": [1, 2]}"#, " [1, 2] "] {
        for keys in [&["data"][..], &["items"], &["Dto"], &[]] {
            assert_eq!(*list::<i64>(body.as_bytes(), keys).unwrap(), [1, 2], "{body} {keys:?}");
        }
    }
}

#[test]
fn bad_item_costs_no_neighbor() {
    let listing = list::<i64>(br#"{"x": [9], "data": [1, "a", 2, {}]}"#, &["data"]).unwrap();
    assert_eq!(*listing, [1, 2]);
    assert_eq!(paths(&listing), [(1, ""), (3, "")]);
    assert_eq!((&listing.rejected()[1].raw, listing.has_lost_items()), (&serde_json::json!({}), true));
}

#[test]
fn list_is_no_struct() {
    #[derive(Debug, serde::Deserialize)]
    struct Optional {
        #[serde(default)]
        n: Option<i64>,
    }

    let listing = list::<Optional>(br#"[[], [1], {"n": 2}]"#, &[]).unwrap();
    assert_eq!((listing.len(), listing[0].n), (1, Some(2)));
    assert_eq!(paths(&listing), [(0, ""), (1, "")]);
    assert!(value::<Optional>(b"[]", &[]).is_err());
}

#[test]
fn item_beyond_parsing_costs_no_neighbor() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let huge = "9".repeat(400);
    let body = format!(r#"{{"data": [1, {huge}, "x", {deep}, 2]}}"#);
    let listing = list::<i64>(body.as_bytes(), &["data"]).unwrap();
    assert_eq!(*listing, [1, 2]);
    assert_eq!(paths(&listing), [(1, ""), (2, ""), (3, "")]);
    assert_eq!(listing.rejected()[0].raw, Value::from(huge));
    assert!(listing.rejected()[0].reason.contains("number out of range"));
    let deep_value = list::<Value>(body.as_bytes(), &["data"]).unwrap();
    assert!(deep_value.rejected().iter().any(|rejected| rejected.reason.contains("recursion limit")));
    assert!(list::<i64>(&body.as_bytes()[..body.len() - 1], &["data"]).is_err());
}

#[test]
fn value_that_does_not_fit_is_an_error_without_the_value() {
    for json in [r#""secret, expected \"nothing\"""#, "-5.25", "99999999999999999999"] {
        let body = format!(r#"{{"data": {json}}}"#);
        let error = value::<i64>(body.as_bytes(), &["data"]).unwrap_err();
        assert!(error.to_string().starts_with("data: invalid type: "), "{error}");
        assert!(!error.to_string().contains("secret") && !error.to_string().contains("99"), "{error}");
    }
}

#[test]
fn error_of_a_call_is_one_short_line() {
    let error = DecodeError::new(format!("a\nb{}", "x".repeat(5_000)), "invalid type: string, expected i64");
    let line = error.at("GET /x").to_string();
    assert!(line.ends_with(": invalid type: string, expected i64") && line.len() < 500, "{line}");
    assert!(!line.contains('\n'), "{line}");
}

#[test]
fn numbers_are_read_to_the_last_digit() {
    for number in [-13.822349242911613, 1.6933397190697121, 8.371676111692015e-144] {
        assert_eq!(value::<f64>(format!("{number:?}").as_bytes(), &[]), Ok(number));
    }
}

#[test]
fn depth_is_bounded() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let listing = list::<Value>(deep.as_bytes(), &[]).unwrap();
    assert!(listing.rejected()[0].reason.contains("recursion limit"));
    let error = value::<Value>(deep.as_bytes(), &[]).unwrap_err();
    assert!(error.reason.contains("recursion limit"), "{}", error.reason);
}

#[test]
fn large_body_of_small_values_is_refused() {
    let body = "[{},".repeat(200_000);
    assert!(value::<Value>(body.as_bytes(), &[]).unwrap_err().reason.contains("more values"));
}
