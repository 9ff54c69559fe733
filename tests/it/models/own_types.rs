//! A program's own types, with models in them.

use std::collections::HashMap;

use otf_api::models::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Debug, Deserialize, PartialEq)]
struct Own {
    n: i64,
    class: Option<OtfClass>,
}

#[test]
fn listing_of_own_types_rejects_only_invalid_items() {
    let body = br#"[{"n": 1}, {"n": "x"}, {"n": 2, "class": {"studio": 3, "starts_at_local": "2026-04-21T10:00:00"}}]"#;
    let listing = decode::<Own>(body, &[]).unwrap();
    assert_eq!(listing.iter().map(|own| own.n).collect::<Vec<_>>(), [1, 2]);
    let rejected: Vec<_> = listing.rejected().iter().map(ToString::to_string).collect();
    assert_eq!(
        rejected,
        [
            "item 1 at n: invalid type: string, expected i64",
            "item 2 at class.studio: invalid type: integer, expected an object",
        ]
    );
    assert!(listing[1].class.as_ref().unwrap().studio.is_none());
}

#[test]
fn error_paths_include_own_types() {
    let path = |body: &str| {
        let listing = decode::<HashMap<String, Vec<OtfClass>>>(body.as_bytes(), &[]).unwrap();
        listing.rejected()[0].path.clone()
    };
    for wrong in ["null", r#""""#] {
        assert_eq!(path(&format!(r#"{{"a": [{{"starts_at_local": {wrong}}}]}}"#)), "a", "{wrong}");
    }
    assert_eq!(path(r#"{"a": [{"starts_at_local": {}}]}"#), "a[0].starts_at_local");
    assert_eq!(path("{\"a\": [],\r\n\"b\":\n[{}] }"), "b");
}

#[test]
fn listing_within_own_type_is_strict() {
    #[derive(Debug, Deserialize, Serialize)]
    struct Ids {
        ids: Listing<i64>,
    }

    let listing =
        decode::<Ids>(&serde_json::to_vec(&json!([{"ids": [1]}, {"ids": [1, "x"]}])).unwrap(), &[]).unwrap();
    assert_eq!((listing.len(), listing.rejected()[0].path.as_str()), (1, "ids[1]"));
}
