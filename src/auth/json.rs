//! JSON of the sign-in: one reader by name and one writer from borrowed text for all requests, answers, tokens and
//! files. A derived one for each would be several kilobytes of the program.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::error::Category;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::models::DecodeError;
use crate::secret::Secret;

/// Three tokens of the greatest length, and more. An object of nothing but small values takes a dozen times its size
/// in memory.
const LARGEST: usize = 1024 * 1024;

/// What is expected in most places.
pub(super) const TEXT: &str = "a string";

type Result<T> = std::result::Result<T, DecodeError>;

/// A JSON object whose values are taken out by name. A null is as good as no value, and what nobody asks for is not
/// looked at.
///
/// Its values are still text of the body, which is its owner's to wipe: only what is taken out is copied. Errors say
/// what is wrong and where, without the value: a token in a wrong place is not shown there.
pub(super) struct Object<'a> {
    /// The path to the object from the body's root.
    path: String,
    values: Vec<(String, &'a RawValue)>,
}

impl<'a> Object<'a> {
    /// Reads a body that is an object in UTF-8, and nothing more.
    pub(super) fn read(json: &'a [u8]) -> Result<Self> {
        if json.len() > LARGEST {
            let reason = "larger than any JSON of the sign-in".to_owned();
            return Err(DecodeError { path: String::new(), reason });
        }
        Self::read_at(json, String::new())
    }

    fn read_at(json: &'a [u8], path: String) -> Result<Self> {
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        let read = deserializer.deserialize_map(Entries::new());
        match read.and_then(|values| deserializer.end().map(|()| values)) {
            Ok(values) => Ok(Self { path, values }),
            Err(error) if error.classify() == Category::Data => Err(unexpected(path, "an object")),
            Err(error) => Err(DecodeError { path, reason: format!("not JSON: {error}") }),
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<String>> {
        self.value(name, TEXT)
    }

    pub(super) fn secret(&self, name: &str) -> Result<Option<Secret>> {
        Ok(self.text(name)?.map(Secret::from))
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<f64>> {
        self.value(name, "a number")
    }

    pub(super) fn list(&self, name: &str) -> Result<Option<Vec<&'a RawValue>>> {
        self.value(name, "a list")
    }

    pub(super) fn object(&self, name: &str) -> Result<Option<Object<'a>>> {
        let path = || self.path_to(name);
        self.get(name)?.map(|json| Object::read_at(json.get().as_bytes(), path())).transpose()
    }

    /// All values of an object of strings.
    pub(super) fn texts(&self) -> Result<BTreeMap<String, String>> {
        let mut texts = BTreeMap::new();
        for (name, json) in &self.values {
            // Collecting would sort first, which is code of its own.
            texts.insert(name.clone(), self.parse(name, json, TEXT)?);
        }
        Ok(texts)
    }

    /// A value that has to be there.
    pub(super) fn needed<T>(&self, name: &str, take: fn(&Self, &str) -> Result<Option<T>>) -> Result<T> {
        let missing = || DecodeError { path: self.path.clone(), reason: format!("missing field `{name}`") };
        take(self, name)?.ok_or_else(missing)
    }

    /// The text of a value.
    pub(super) fn get(&self, name: &str) -> Result<Option<&'a RawValue>> {
        let mut named = self.values.iter().filter(|(own, _)| own == name);
        let found = named.next();
        if named.next().is_some() {
            // Which of the two is meant is anybody's guess, and another reader's guess may be the other.
            return Err(DecodeError { path: self.path.clone(), reason: format!("duplicate field `{name}`") });
        }
        Ok(found.map(|(_, json)| *json).filter(|json| json.get() != "null"))
    }

    fn value<T: Deserialize<'a>>(&self, name: &str, expected: &str) -> Result<Option<T>> {
        self.get(name)?.map(|json| self.parse(name, json, expected)).transpose()
    }

    /// Reads the text of a value of this name.
    pub(super) fn parse<T: Deserialize<'a>>(
        &self,
        name: &str,
        json: &'a RawValue,
        expected: &str,
    ) -> Result<T> {
        serde_json::from_slice(json.get().as_bytes()).map_err(|_| unexpected(self.path_to(name), expected))
    }

    fn path_to(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}

fn unexpected(path: String, expected: &str) -> DecodeError {
    DecodeError { path, reason: format!("invalid type, expected {expected}") }
}

/// JSON to be written, of text that stays where it is.
#[derive(Clone, Copy)]
pub(super) enum Json<'a> {
    Null,
    Text(&'a str),
    Object(&'a Pairs<'a>),
}

/// Names and values.
pub(super) type Pairs<'a> = [(&'a str, Json<'a>)];

impl<'a> Json<'a> {
    /// The secret, or null.
    pub(super) fn secret(secret: Option<&'a Secret>) -> Self {
        secret.map_or(Self::Null, |secret| Self::Text(secret.expose()))
    }

    pub(super) fn to_bytes(self) -> serde_json::Result<Zeroizing<Vec<u8>>> {
        // The room is made beforehand: growing would leave copies behind.
        let mut json = Zeroizing::new(Vec::with_capacity(16 * 1024));
        serde_json::to_writer(&mut *json, &self)?;
        Ok(json)
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Object(values) => serializer.collect_map(values.iter().copied()),
        }
    }
}

/// Reads an object's names and values as they come, a name that comes twice included.
pub(super) struct Entries<V>(PhantomData<V>);

impl<V> Entries<V> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, V: Deserialize<'de>> Visitor<'de> for Entries<V> {
    type Value = Vec<(String, V)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(json: &str) -> Object<'_> {
        Object::read(json.as_bytes()).unwrap()
    }

    fn said<T>(result: Result<T>) -> String {
        result.err().map(|error| error.to_string()).unwrap()
    }

    #[test]
    fn values_are_taken_by_name() {
        let json = object(
            r#" {"text": "a\u00e9\n", "number": 1.5, "list": [1, "x"], "none": null, "in": {"a": "b"}} "#,
        );
        assert_eq!(json.text("text").unwrap().unwrap(), "aé\n");
        assert_eq!(json.number("number").unwrap(), Some(1.5));
        let list = json.list("list").unwrap().unwrap();
        assert_eq!(list.iter().map(|json| json.get()).collect::<Vec<_>>(), ["1", r#""x""#]);
        let inner = json.object("in").unwrap().unwrap();
        assert_eq!(inner.needed("a", Object::text).unwrap(), "b");
        assert_eq!(inner.texts().unwrap(), BTreeMap::from([("a".to_owned(), "b".to_owned())]));
        for name in ["none", "absent"] {
            assert_eq!(json.text(name).unwrap(), None);
            assert!(json.object(name).unwrap().is_none());
            assert_eq!(said(json.needed(name, Object::secret)), format!("missing field `{name}`"));
        }
    }

    #[test]
    fn what_nobody_asks_for_is_not_looked_at() {
        let deep = "[".repeat(1000) + &"]".repeat(1000);
        let json =
            format!(r#"{{"huge": 1e400, "half": "\ud800", "deep": {deep}, "x": 1, "x": 2, "a": "b"}}"#);
        let json = object(&json);
        assert_eq!(json.text("a").unwrap().unwrap(), "b");
        assert_eq!(said(json.number("x")), "duplicate field `x`");
        assert_eq!(said(json.number("huge")), "huge: invalid type, expected a number");
        assert!(json.text("half").is_err());
    }

    #[test]
    fn an_error_has_the_place_and_not_the_value() {
        let json = object(r#"{"a": {"b": {"c": "secret", "d": {"e": ["secret"]}}}}"#);
        let b = json.object("a").unwrap().unwrap().object("b").unwrap().unwrap();
        assert_eq!(said(b.number("c")), "a.b.c: invalid type, expected a number");
        assert_eq!(said(b.object("c")), "a.b.c: invalid type, expected an object");
        assert_eq!(said(b.text("d")), "a.b.d: invalid type, expected a string");
        assert_eq!(said(b.list("d")), "a.b.d: invalid type, expected a list");
        assert_eq!(said(b.texts()), "a.b.d: invalid type, expected a string");
        assert_eq!(said(b.needed("f", Object::text)), "a.b: missing field `f`");
    }

    #[test]
    fn what_is_far_too_large_is_refused() {
        let padded = |length: usize| format!("{{}}{}", " ".repeat(length - 2));
        assert!(Object::read(padded(LARGEST).as_bytes()).is_ok());
        assert!(said(Object::read(padded(LARGEST + 1).as_bytes())).starts_with("larger than"));
    }

    #[test]
    fn what_is_written() {
        let inner = [("a", Json::Null), ("\u{8}", Json::Text("ö\"\\\n/"))];
        let json = Json::Object(&[("z", Json::Object(&inner)), ("b", Json::Object(&[]))]).to_bytes().unwrap();
        assert_eq!(std::str::from_utf8(&json).unwrap(), r#"{"z":{"a":null,"\b":"ö\"\\\n/"},"b":{}}"#);
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for json in ["[\"secret\"]", "\"secret\"", "5", "null"] {
            assert_eq!(said(Object::read(json.as_bytes())), "invalid type, expected an object", "{json}");
        }
        for json in
            [&b""[..], b"{", b"{} secret", b"{\"a\": secret}", b"\xef\xbb\xbf{}", b"{\"a\": \"secret\xff\"}"]
        {
            let error = said(Object::read(json));
            assert!(error.starts_with("not JSON: ") && !error.contains("secret"), "{error}");
        }
    }
}
