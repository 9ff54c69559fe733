//! Types of a program's own, with models and lists in them.

use std::cell::Cell;
use std::collections::HashMap;
use std::panic::catch_unwind;

use otf_api::models::*;
use serde::de::{Deserializer, Error};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

fn path<T: DeserializeOwned>(body: &str) -> String {
    decode::<T>(body.as_bytes()).map(drop).unwrap_err().path
}

#[derive(Debug, Deserialize, PartialEq)]
struct Ids {
    ids: Listing<i64>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Flat {
    n: i64,
    #[serde(flatten)]
    inner: Ids,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(untagged)]
enum Either {
    Numbers(Listing<i64>),
    Texts(Listing<String>),
    Class(Box<OtfClass>),
    Any(Value),
}

#[derive(Debug, Deserialize, PartialEq)]
struct ByValue {
    #[serde(deserialize_with = "by_value")]
    ids: Listing<i64>,
    n: i64,
}

fn by_value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Listing<i64>, D::Error> {
    serde_json::from_value(Value::deserialize(deserializer)?).map_err(Error::custom)
}

#[test]
fn what_serde_buffers_costs_no_neighbour() {
    let flat = br#"[{"n": 1, "ids": [2]}, {"n": "x", "ids": [2]}]"#;
    let listing: Listing<Flat> = decode(flat).unwrap();
    assert_eq!(*listing, [Flat { n: 1, inner: Ids { ids: [2].into_iter().collect() } }]);
    assert!(listing.rejected()[0].reason.starts_with("n: invalid type"), "{listing:?}");
    let listing: Listing<ByValue> = decode(flat).unwrap();
    assert_eq!(*listing, [ByValue { n: 1, ids: [2].into_iter().collect() }]);
    assert!(listing.rejected()[0].reason.starts_with("n: invalid type"), "{listing:?}");
    // There, a list is read strictly.
    let listing: Listing<Flat> = decode(br#"[{"n": 1, "ids": ["x"]}]"#).unwrap();
    assert!(listing.rejected()[0].reason.starts_with("invalid type: string"), "{listing:?}");
}

#[test]
fn an_item_is_the_same_whatever_its_neighbours_are() {
    let alone: Listing<(Either, i64)> = decode(br#"[[[1], 1], [["a"], 2]]"#).unwrap();
    let beside: Listing<(Either, i64)> = decode(br#"[[[1], 1], "x", [["a"], 2]]"#).unwrap();
    assert_eq!(*alone, *beside);
    let [(Either::Numbers(_), 1), (Either::Texts(_), 2)] = &*beside else { panic!("{beside:?}") };
    // Beside a list that goes item by item.
    let pair: (Either, Listing<i64>) = decode(br#"[["a"], ["x"]]"#).unwrap();
    assert!(matches!(pair.0, Either::Texts(_)), "{pair:?}");
}

#[test]
fn paths_through_a_program_s_own_types() {
    type Classes = HashMap<String, Vec<OtfClass>>;
    let needed = "starts_at_local";
    for wrong in ["null", r#""""#, r#""x""#, "{}"] {
        let class = format!(r#"{{"{needed}": {wrong}}}"#);
        assert_eq!(path::<Classes>(&format!(r#"{{"a": [{class}]}}"#)), "a[0].starts_at_local", "{wrong}");
        assert_eq!(path::<HashMap<String, OtfClass>>(&format!(r#"{{"a": {class} }}"#)), "a.starts_at_local");
        assert_eq!(path::<(i64, OtfClass)>(&format!("[1, {class}]")), "[1].starts_at_local", "{wrong}");
    }
    assert_eq!(path::<Classes>(r#"{"a": [null]}"#), "a[0]");
    assert_eq!(path::<Classes>("{\"a\": [],\r\n\"b\":\n[{}] }"), "b[0]");
    assert_eq!(path::<HashMap<String, Listing<i64>>>(r#"{"a": null}"#), "a");
    assert_eq!(path::<HashMap<String, StudioUuid>>(r#"{"a\"b": ""}"#), "a\"b");
    // What did not fit at first and then did otherwise leaves no trace.
    let classes = r#"[{"starts_at_local": "x"}, {"starts_at_local": null}]"#;
    assert_eq!(path::<(Either, OtfClass)>(classes), "[1].starts_at_local");
}

#[derive(Debug, Deserialize)]
struct Nested {
    #[serde(deserialize_with = "nested")]
    #[expect(dead_code, reason = "read, and no more")]
    class: Option<OtfClass>,
    class_after: Option<OtfClass>,
}

fn nested<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<OtfClass>, D::Error> {
    Ok(decode(String::deserialize(deserializer)?.as_bytes()).ok())
}

#[test]
fn decoding_within_decoding_is_its_own() {
    let body = r#"{"class": "{\"starts_at_local\": 3}", "class_after": {"studio": 3}}"#;
    assert_eq!(path::<Nested>(body), "class_after.studio");
    let listing: Listing<Nested> = decode(format!("[{body}]").as_bytes()).unwrap();
    assert!(listing.rejected()[0].reason.starts_with("class_after.studio: "), "{listing:?}");
    assert!(listing.iter().all(|nested| nested.class_after.is_none()));
}

#[test]
fn a_panic_leaves_later_lists_strict() {
    thread_local! {
        static CALLS: Cell<u8> = const { Cell::new(0) };
    }

    struct Panics;

    impl<'de> Deserialize<'de> for Panics {
        fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
            CALLS.set(CALLS.get() + 1);
            match CALLS.get() {
                1 => Err(D::Error::custom("the first time")),
                _ => panic!("the second time"),
            }
        }
    }

    assert!(catch_unwind(|| decode::<(Panics, Listing<i64>)>(b"[1, []]").map(drop)).is_err());
    assert!(serde_json::from_str::<Listing<i64>>(r#"[1, "x"]"#).is_err());
}

#[derive(Debug, Deserialize)]
struct Tree {
    branches: Listing<Tree>,
}

#[test]
fn a_type_that_holds_itself_does_not_fill_the_stack() {
    let body = |depth: usize| r#"{"branches": ["#.repeat(depth) + "3" + &"]}".repeat(depth);
    let tree: Tree = decode(body(2).as_bytes()).unwrap();
    assert_eq!(
        tree.branches[0].branches.rejected()[0].reason,
        "invalid type: integer `3`, expected struct Tree"
    );
    let tree: Tree = decode(body(100_000).as_bytes()).unwrap();
    let lowest = std::iter::successors(Some(&tree), |tree| tree.branches.first()).last().unwrap();
    assert!(lowest.branches.rejected()[0].reason.contains("recursion limit"));
}
