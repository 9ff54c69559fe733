//! What the seeds are made of.

use serde_json::Value;

/// The cases of a file of vectors.
pub(crate) fn vectors(file: &str, name: &str) -> Vec<Value> {
    let mut file: Value = serde_json::from_str(file).unwrap();
    match file[name].take() {
        Value::Array(vectors) => vectors,
        other => panic!("no list of vectors: {other}"),
    }
}

/// The same text as one that [`Script::text`](super::script::Script::text) reads.
pub(crate) fn text(text: &str) -> Vec<u8> {
    let bytes = &text.as_bytes()[..text.len().min(255)];
    [&[u8::try_from(bytes.len()).unwrap()], bytes].concat()
}
