use serde_json::{Value, json};

use super::*;

const UUID: &str = "0b5c1f2e-6a41-4b0c-9d3e-7f1a2b3c4d5e";

fn masker() -> Masker {
    let mut masker = Masker::new([3; 32]);
    masker.learn("Pat Example");
    masker
}

fn text(masker: &mut Masker, body: &str) -> String {
    String::from_utf8(masker.body("/x", body.as_bytes())).unwrap()
}

fn value(masker: &mut Masker, body: &Value) -> Value {
    serde_json::from_str(&text(masker, &body.to_string())).unwrap()
}

/// What must be gone from whatever is made of a body with it.
const PERSONAL: [&str; 12] = [
    "pat",
    "noel",
    "quimby",
    "311787488",
    "3125550100",
    "1984",
    "60657",
    "sandbox lane",
    UUID,
    "41.9403",
    "club.example",
    "4242",
];

fn assert_gone(masked: &str) {
    let lower = masked.to_lowercase();
    for personal in PERSONAL {
        assert!(!lower.contains(personal), "{personal} in {masked}");
    }
}

#[test]
fn by_key() {
    let mut masker = masker();
    let body = json!({
        "memberId": 311_787_488, "memberUUId": UUID, "firstName": "Pat", "lastName": "Quimby",
        "email": "pat@club.example", "homePhone": "3125550100", "birthDay": "1984-02-29", "ccLast4": "4242",
        "addresses": [{"address1": "12 Sandbox Lane", "postalCode": "60657", "country": "US", "type": "Home"}],
        "coach": {"first_name": "Noel", "image_url": "https://img.club.example/noel.jpg"},
        "latitude": 41.9403, "weight": 160, "ccType": "Visa", "isDeleted": false, "phoneType": null,
        "studio": {"name": "Sandbox Lane West", "id": UUID, "time_zone": "America/Chicago"},
        "idToken": "eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "apiKey": "club.example",
    });
    let masked = value(&mut masker, &body);
    assert_gone(&masked.to_string());
    assert_eq!(masked["memberUUId"], masked["studio"]["id"]);
    assert_eq!(masked["memberId"].to_string().len(), 9);
    assert_eq!(masked["homePhone"].as_str().unwrap().len(), 10);
    assert!(masked["birthDay"].as_str().unwrap().parse::<jiff::civil::Date>().is_ok());
    assert_eq!(masked["addresses"][0]["country"], "US");
    assert_eq!(masked["addresses"][0]["type"], "Home");
    assert_eq!(masked["studio"]["time_zone"], "America/Chicago");
    assert_eq!((&masked["ccType"], &masked["isDeleted"]), (&json!("Visa"), &json!(false)));
    assert_eq!((&masked["idToken"], &masked["apiKey"]), (&json!("REDACTED"), &json!("REDACTED")));
}

#[test]
fn by_form_wherever_it_stands() {
    let mut masker = masker();
    let body = json!({
        "x": "Call (312) 555-0100 or write pat@club.example",
        "message": format!("Member {UUID} (PAT) born 1984-02-29 has booked; see https://club.example/noel"),
        "3125550100": 1, "pat@club.example": {"y": 2}, UUID: [311_787_488, "311787488"], "Pat": "",
        "status": "Pat Quimby", "n": 3_125_550_100_i64, "unit": "pat", "deep": [[{"z": "Noel Quimby"}]],
        "when": "02/29/1984", "number": "3125550100",
    });
    let masked = text(&mut masker, &body.to_string()).replace("Quimby", "");
    assert_gone(&masked);
    assert!(masked.contains("has booked; see https://example.com/"), "{masked}");
    assert!(
        text(&mut masker, r#"{"status": "Pat Quimby"}"#).contains("Quimby"),
        "an enumeration, for all we know"
    );
}

#[test]
fn what_is_harmless_stays_to_the_byte() {
    let mut masker = masker();
    for body in [
        r#"{"items": [ {"name": "Orange 60 Min 2G", "type":"ORANGE_60", "full" : false, "x": null} ]}"#,
        r#"{"starts_at": "2026-04-28T10:00:00.000Z", "ends_at_local": "2026-04-28T11:00:00", "n": 1.50e3}"#,
        r#"{"code": "BOOKING_CANCELED", "message": "This class booking has been cancelled."}"#,
        r#"{"zones": {"green": {"startBpm": 145}, "gray": 0}, "bfmGraphScale": "40;60;80;100"}"#,
        r#"{"BestRecord": "00:33.50", "MaxValue": "0.16093440000000003", "Result": 2323.0, "Title": "200 METER"}"#,
        r#"{"display_value": "16:13", "display_unit": "min/mile", "metric_value": "973", "hr": 139}"#,
        r#"{"email": null, "firstName": "", "addresses": [], "coach": {}, "birthDay": " "}"#,
        r#"{"escaped": "a\/an\u0020booking", "timeZone": "America/Indiana/Indianapolis", "mboStatus": "Active"}"#,
        "[1, -0, 0.0, true, 1e400]",
        "",
        " \n",
    ] {
        assert_eq!(text(&mut masker, body), body);
    }
}

#[test]
fn a_surname_that_is_a_color_costs_no_zone() {
    let mut masker = masker();
    masker.learn("Green");
    let body = r#"{"zones": {"green": {"startBpm": 145}}, "member": {}, "name": "Green Day 60"}"#;
    let masked = text(&mut masker, body);
    assert!(masked.starts_with(r#"{"zones": {"green": {"startBpm": 145}}, "member": {}, "#), "{masked}");
    assert!(!masked.contains("Green"));
}

#[test]
fn types_stay() {
    let mut masker = masker();
    for (body, is_kept) in [
        (r#"{"firstName": 12345}"#, false),
        (r#"{"email": ["pat@club.example", 7]}"#, false),
        (r#"{"birthDay": {"year": 1984, "month": true}}"#, false),
        (r#"{"memberUUId": 311787488}"#, false),
        (r#"{"homePhone": 3125550100}"#, false),
        (r#"{"latitude": "41.9403"}"#, false),
        (r#"{"studioId": "12.50"}"#, false),
        (r#"{"starts_at": "soon"}"#, true),
        (r#"{"isPhoneOptIn": 7}"#, true),
        (r#"{"starts_at": "2026-13-45T99:00:00"}"#, true),
    ] {
        let masked = text(&mut masker, body);
        assert_eq!(masked == body, is_kept, "{masked}");
        let form = |text: &str| -> String {
            let plain = |c: char| {
                if c.is_ascii_digit() {
                    '0'
                } else if c.is_alphabetic() {
                    'a'
                } else {
                    c
                }
            };
            text.split(':').skip(1).collect::<String>().chars().map(plain).collect()
        };
        if !body.contains('@') {
            assert_eq!(form(&masked), form(body));
        }
        assert_gone(&masked);
    }
}

#[test]
fn what_is_no_json_stays_none() {
    let mut masker = masker();
    for body in [
        r#"{"firstName": "Pat", "lastName": "Qui"#,
        r#"{"firstName": "Pat\ud800 Quimby"}"#,
        r#"{"firstName": "\u0050at", "x": "\u0051uimby \q"}"#,
        r#"{"memberId": 311787488"#,
        r#"{"firstName": Pat, memberId: 311787488e, eQuimby, 12eQuimby}"#,
        "{firstName=Pat, phone=3125550100}",
        "<html><body>Pat Quimby, 12 Sandbox Lane</body></html>",
        "Quimby",
        r#"{"firstName": "Pat"}]}} {"lastName": "Quimby"}"#,
    ] {
        let masked = text(&mut masker, body);
        assert_gone(&masked);
        assert!(serde_json::from_str::<Value>(&masked).is_err(), "{masked}");
    }
    assert!(text(&mut masker, "<html><body>502 Bad Gateway</body></html>").contains("502 Bad Gateway"));
    let masked = masker.body("/x", b"{\"firstName\": \"Pat\xff\", \"x\": \"Quimby\"}");
    assert!(masked.contains(&0xff));
    assert_gone(&String::from_utf8_lossy(&masked));
}

#[test]
fn depth_costs_no_memory() {
    let mut masker = masker();
    let body = format!("{}{{\"firstName\": \"Pat\"}}{}", "[".repeat(100_000), "]".repeat(100_000));
    let masked = text(&mut masker, &body);
    assert_eq!(masked.len(), body.len());
    assert_gone(&masked);
}

#[test]
fn the_token_tells_the_names() {
    let mut masker = Masker::new([3; 32]);
    let claims = json!({"given_name": "Noel", "family_name": "Row-Strength", "email": "will@club.example"});
    let token = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims.to_string()));
    masker.learn_from_token(&token);
    let masked = text(&mut masker, r#"{"message": "Row, Strength, will: booked", "type": "Noel"}"#);
    assert!(masked.contains("booked") && !masked.contains("Row") && !masked.contains("Noel"), "{masked}");
    for nonsense in ["", "a.b", "a.!!.c", "a.e30", "..."] {
        masker.learn_from_token(nonsense);
    }
}

#[test]
fn measures_of_the_body() {
    let mut masker = masker();
    let body = r#"{"data": [{"bfm": 49.1607, "height": "112", "lbmOfTrunk": 0.0, "wtGraphScale": "55;70"}]}"#;
    let masked = masker.body("/member/members/x/body-composition", body.as_bytes());
    let masked: Value = serde_json::from_slice(&masked).unwrap();
    let scan = &masked["data"][0];
    assert_ne!(scan["bfm"], 49.1607);
    assert_ne!(scan["height"], "112");
    assert_eq!((&scan["lbmOfTrunk"], &scan["wtGraphScale"]), (&json!(0.0), &json!("55;70")));
}

#[test]
fn long_texts_take_time_by_their_length() {
    let mut masker = masker();
    for part in [
        "(", "a.", "1 ", "a@", "+", "-1", "aA1/", "\u{16b}", "https:/", "{", "\"a\":[", "1,", "{\"k\":",
        "\\u",
    ] {
        for start in ["", "{\"", "["] {
            let body = format!("{start}{}", part.repeat(3_000));
            assert!(!masker.body("/x", body.as_bytes()).is_empty());
        }
    }
    let body = format!("{{\"{}\": [{}1]}}", "k".repeat(100_000), "1,".repeat(100_000));
    assert_eq!(text(&mut masker, &body).len(), body.len());
}

#[test]
fn a_number_that_is_no_yes_does_not_become_one() {
    for key in 0..=255 {
        let masked = value(&mut Masker::new([key; 32]), &json!({"phoneOptIn": 7, "phone": "1"}));
        assert_ne!(masked["phoneOptIn"], 1);
        assert_eq!(masked["phone"], "1");
    }
}

#[test]
fn a_key_that_is_a_name_of_ones_own_is_masked_however_it_ends() {
    let mut masker = masker();
    masker.learn("David Shelby Member");
    let masked =
        value(&mut masker, &json!({"David": 3, "shelby": {"davidId": 1}, "memberId": 7, "member": {}}));
    let text = masked.to_string();
    assert!(!text.contains(r#""David""#) && !text.contains(r#""shelby""#), "{text}");
    assert!(text.contains(r#""memberId""#) && text.contains(r#""member""#), "{text}");
}

#[test]
fn ids_and_phones_beside_letters_are_redacted() {
    let mut masker = masker();
    let tail = &UUID[9..];
    for key in [
        format!("member{UUID}"),
        format!("me{UUID}"),
        format!("{UUID}x"),
        format!("member{UUID}3125550100"),
        format!("user{}", UUID.replace('-', "")),
        "m3125550100".to_owned(),
        "tel312-555-0100".to_owned(),
        "tel312.555.0100x".to_owned(),
        "x(312) 555-0100".to_owned(),
        "born1984-02-29".to_owned(),
        "born02/29/1984".to_owned(),
        "a3125550100b".to_owned(),
        format!("3125550100{UUID}"),
        format!("{UUID}pat@club.example"),
    ] {
        for body in
            [json!({ &key: 1 }), json!({ "x": &key }), json!({ "status": &key }), json!({ "city": [&key] })]
        {
            let masked = text(&mut masker, &body.to_string());
            assert_gone(&masked);
            for part in [tail, "0b5c1f2e", "7f1a2b3c4d5e", "555", "0100", "club"] {
                assert!(!masked.contains(part) || !key.contains(part), "{part} of {key} in {masked}");
            }
        }
        assert_gone(&text(&mut masker, &format!("plain text {key}")));
    }
}

#[test]
fn each_phone_in_a_text_is_redacted() {
    let mut masker = masker();
    for body in [
        "2026-04-28 3125550100",
        "2026-04-28 312-555-0100",
        "2026-04-28T10:00:00Z 3125550100",
        "(312) 555-0100 or (312) 555-0100, 3125550100/3125550100",
        "3125550100x3125550100",
        "(312) 555-0100 (312) 555-0100 (312) 555-0100 (312) 555-0100 (312) 555-0100 (312) 555-0100",
        "phone=3125550100&mobile=312-555-0100&fax=+13125550100",
        "<td>3125550100</td><td>312.555.0100</td>",
    ] {
        let masked = text(&mut masker, body);
        for part in ["3125550100", "555-0", "555.0", "0100", "312"] {
            assert!(!masked.contains(part), "{part} of {body} in {masked}");
        }
    }
}

#[test]
fn house_numbers_are_redacted() {
    let mut masker = masker();
    for body in [
        "lives at 4711 Sandbox Road",
        "4711, Sandbox Road",
        "Sandbox Road 4711",
        "4711 Orange St",
        "4711 Orange Mile Rd.",
        "4711-4711 Sandbox Road",
        "4711B Sandbox Road",
        "Apt 4711, Sandbox Road",
        "P.O. Box 4711",
        "Suite #4711",
    ] {
        for body in [json!({ "description": body }), json!({ "x": body }), json!(body)] {
            let masked = text(&mut masker, &body.to_string());
            assert!(!masked.contains("4711"), "{body}: {masked}");
        }
        assert!(!text(&mut masker, body).contains("4711"), "{body}");
    }
    for key in ["houseNumber", "street_number", "apartment", "apt", "suite", "poBox"] {
        let masked = value(&mut masker, &json!({ key: "12" }));
        assert_ne!(masked[key], "12", "{key}");
    }
    for harmless in
        [r#"{"message": "Row 500 m in 2 min, then 1 mile"}"#, r#"{"x": "Strength 50 Total Body 2G 60 min"}"#]
    {
        assert_eq!(text(&mut masker, harmless), harmless);
    }
}
