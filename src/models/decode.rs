//! From bytes to models: one typed parse where all is well, else item by item.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::lenient::{self, Place, Wire};
use super::listing::Listing;
use super::{json_path, pass};
use crate::error::{redact, shorten};

/// What did not fit, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeError {
    /// The JSON path from the body's root, such as `data.studios[3].studioUUId`; empty for the whole body.
    pub path: String,
    /// What is wrong there.
    pub reason: String,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.reason),
            path => write!(f, "{path}: {}", self.reason),
        }
    }
}

impl std::error::Error for DecodeError {}

impl DecodeError {
    /// The same as an error of a call of `endpoint`. What stands in a wrong place may be private.
    pub(crate) fn at(self, endpoint: &str) -> crate::Error {
        let path = if self.path.is_empty() { ".".to_owned() } else { shorten(&self.path) };
        crate::Error::Decode { endpoint: endpoint.to_owned(), path, reason: redact(&self.reason) }
    }

    /// The same, seen from above these keys.
    fn below(self, keys: &[&str]) -> Self {
        let outer = keys.join(".");
        let path = match (outer.as_str(), self.path.as_str()) {
            ("", _) => self.path,
            (_, "") => outer,
            (_, inner) if inner.starts_with('[') => outer + inner,
            (_, inner) => outer + "." + inner,
        };
        Self { path, reason: self.reason }
    }

    /// The same without the value that is wrong, for answers that carry secrets: a token in the wrong place is
    /// not shown there.
    pub(crate) fn without_value(mut self) -> Self {
        // In serde's words: `invalid type: string "…", expected a map`.
        let kinds = ["invalid type", "invalid value", "unknown variant"];
        if let Some(kind) = kinds.into_iter().find(|kind| self.reason.starts_with(kind)) {
            let expected = self.reason.rsplit_once(", expected ");
            let expected = expected.map_or("something else", |(_, expected)| expected);
            self.reason = format!("{kind}, expected {expected}");
        }
        self
    }
}

/// Decodes a body that is the value itself.
///
/// # Errors
///
/// Where the body is no JSON or does not fit the type.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    decode_at(body, &[])
}

/// Decodes the value that sits under these keys of the body, such as `["data"]`.
///
/// # Errors
///
/// Where the body is no JSON, a key is missing, or the value is null or does not fit the type. A [`Listing`]
/// inside does not fail because of an item, unless it is below four others or where serde buffers what it reads
/// (`flatten`, `untagged`): there it is read strictly.
pub fn decode_at<T: DeserializeOwned>(body: &[u8], keys: &[&str]) -> Result<T, DecodeError> {
    check_density(body)?;
    parse(&mut Own(PhantomData), body, keys, 0).or_else(|_| explain(&mut Own(PhantomData), body, keys))
}

/// Decodes the list that sits under these keys of the body; items that do not fit are in
/// [`Listing::rejected`].
///
/// # Errors
///
/// Where the body is no JSON, a key is missing, or the value is null or no list.
pub fn decode_listing<T: DeserializeOwned>(body: &[u8], keys: &[&str]) -> Result<Listing<T>, DecodeError> {
    decode_at(body, keys)
}

/// As [`decode_at`], for what the crate itself reads: compiled once for all types.
pub(crate) fn read_at<T: Wire>(body: &[u8], keys: &[&str]) -> Result<T, DecodeError> {
    check_density(body)?;
    let mut value = T::blank();
    if parse::<dyn Place>(&mut value, body, keys, 0).is_err() {
        value = T::blank();
        explain::<dyn Place>(&mut value, body, keys)?;
    }
    Ok(value)
}

/// A body up to this size can't fill the memory, whatever is in it.
const SMALL: usize = 256 * 1024;

/// The service's answers have 19 bytes to a value or more, blanks not counted.
const BYTES_A_VALUE: usize = 12;

/// The commas in so many bytes, which is whole vectors of any processor, and so few that a byte can count them: for
/// the compiler to take many at once.
fn commas(bytes: &[u8; 192]) -> u8 {
    bytes.iter().fold(0, |sum: u8, byte| sum.wrapping_add(u8::from(*byte == b',')))
}

/// Refuses a large body that is nothing but small values: `[],[],[],…` takes two hundred times its size in memory.
fn check_density(body: &[u8]) -> Result<(), DecodeError> {
    let values = || body.as_chunks().0.iter().map(|bytes| usize::from(commas(bytes))).sum::<usize>();
    if body.len() > SMALL && values() > body.len() / BYTES_A_VALUE {
        let reason = "more values than an answer of this size can have".to_owned();
        return Err(DecodeError { path: String::new(), reason });
    }
    Ok(())
}

/// What is read: a value of some type, or what goes into a place.
pub(super) trait Target<'de> {
    type Value;

    fn read<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<Self::Value, D::Error>;
}

impl<'de> Target<'de> for dyn Place + '_ {
    type Value = ();

    fn read<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        lenient::read(self, deserializer, true).map(drop)
    }
}

/// A value of any type.
struct Own<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Target<'de> for Own<T> {
    type Value = T;

    fn read<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

/// One typed parse, with this many lists going item by item.
fn parse<'b, T: Target<'b> + ?Sized>(
    target: &mut T,
    body: &'b [u8],
    keys: &[&str],
    lists: u8,
) -> serde_json::Result<T::Value> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = pass::with(lists, || Under { keys, target }.deserialize(&mut deserializer))?;
    deserializer.end()?;
    Ok(value)
}

/// Reads an item of a list: strictly where it fits.
pub(super) fn item<T: DeserializeOwned>(json: &RawValue, lists: u8) -> Result<T, DecodeError> {
    strictly(&mut Own(PhantomData), json).or_else(|_| by_item(&mut Own(PhantomData), json, lists))
}

/// Reads a value that has to fit with all that is in it.
pub(super) fn strictly<'b, T: Target<'b> + ?Sized>(
    target: &mut T,
    json: &'b RawValue,
) -> serde_json::Result<T::Value> {
    parse(target, json.get().as_bytes(), &[], 0)
}

/// Reads with the lists going item by item, and says where something does not fit.
pub(super) fn by_item<'b, T: Target<'b> + ?Sized>(
    target: &mut T,
    json: &'b RawValue,
    lists: u8,
) -> Result<T::Value, DecodeError> {
    let json = json.get().as_bytes();
    parse(target, json, &[], lists).map_err(|error| misfit(&error, json))
}

/// What did not fit, and where: at the place up to which the text was read.
fn misfit(error: &serde_json::Error, json: &[u8]) -> DecodeError {
    let mut reason = error.to_string();
    let mut path = String::new();
    if error.line() > 0 {
        let position = format!(" at line {} column {}", error.line(), error.column());
        reason.truncate(reason.strip_suffix(&position).unwrap_or(&reason).len());
        let lines = json.split_inclusive(|byte| *byte == b'\n');
        let before: usize = lines.take(error.line() - 1).map(<[u8]>::len).sum();
        path = json_path::path_at(json, before.saturating_add(error.column()));
    }
    DecodeError { path, reason }
}

/// The value under the keys, as its text, or what is wrong on the way to it.
fn text_at<'b>(body: &'b [u8], keys: &[&str]) -> Result<&'b RawValue, DecodeError> {
    let error = |keys: &[&str], reason: String| DecodeError { path: keys.join("."), reason };
    if body.trim_ascii().is_empty() {
        return Err(error(&[], "an empty body".to_owned()));
    }
    let mut text: &RawValue =
        serde_json::from_slice(body).map_err(|source| error(&[], format!("not JSON: {source}")))?;
    for (depth, key) in keys.iter().enumerate() {
        let (above, here) = keys.split_at(depth);
        let kind = kind(text);
        if kind != OBJECT {
            return Err(error(above, format!("{kind} instead of an object with `{key}`")));
        }
        let value = parse(&mut Own(PhantomData), text.get().as_bytes(), &[key], 0);
        text = value.map_err(|source| match source.classify() {
            Category::Data => error(above, format!("missing field `{key}`")),
            _ => error(above, format!("not JSON: {source}")),
        })?;
        if text.get() == "null" {
            let path = [above, here.get(..1).unwrap_or_default()].concat();
            return Err(error(&path, "null, where a value is needed".to_owned()));
        }
    }
    Ok(text)
}

/// The same as the strict parse, by way of the value's text: to say what is wrong, and to keep what is right.
fn explain<'b, T: Target<'b> + ?Sized>(
    target: &mut T,
    body: &'b [u8],
    keys: &[&str],
) -> Result<T::Value, DecodeError> {
    by_item(target, text_at(body, keys)?, pass::LISTS_DEEP).map_err(|inner| inner.below(keys))
}

const OBJECT: &str = "an object";

/// What a value is, in words.
fn kind(json: &RawValue) -> &'static str {
    match json.get().as_bytes() {
        [b'n', ..] => "null",
        [b't' | b'f', ..] => "a boolean",
        [b'"', ..] => "a text",
        [b'[', ..] => "a list",
        [b'{', ..] => OBJECT,
        _ => "a number",
    }
}

/// Reads the value under some keys and skips all else.
struct Under<'k, 't, T: ?Sized> {
    keys: &'k [&'k str],
    target: &'t mut T,
}

impl<'de, T: Target<'de> + ?Sized> DeserializeSeed<'de> for Under<'_, '_, T> {
    type Value = T::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T::Value, D::Error> {
        if self.keys.is_empty() { self.target.read(deserializer) } else { deserializer.deserialize_map(self) }
    }
}

impl<'de, T: Target<'de> + ?Sized> Visitor<'de> for Under<'_, '_, T> {
    type Value = T::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T::Value, A::Error> {
        let Some((key, keys)) = self.keys.split_first() else { return Err(A::Error::custom("no key")) };
        let mut found = None;
        while let Some(is_it) = map.next_key_seed(Is(key))? {
            if is_it && found.is_none() {
                found = Some(map.next_value_seed(Under { keys, target: &mut *self.target })?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        found.ok_or_else(|| A::Error::custom("missing key"))
    }
}

/// Whether a key is this one.
struct Is<'k>(&'k str);

impl<'de> DeserializeSeed<'de> for Is<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Is<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<bool, E> {
        Ok(key == self.0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn error(body: &str, keys: &[&str]) -> DecodeError {
        decode_listing::<i64>(body.as_bytes(), keys).unwrap_err()
    }

    #[test]
    fn envelopes_that_do_not_fit_say_where() {
        assert_eq!(error(" ", &["data"]).to_string(), "an empty body");
        assert!(error("<html>", &["data"]).to_string().starts_with("not JSON: "));
        assert!(error("[1] 2", &[]).to_string().starts_with("not JSON: "));
        assert_eq!(error("[1]", &["data"]).to_string(), "a list instead of an object with `data`");
        assert_eq!(error("{}", &["data"]).to_string(), "missing field `data`");
        assert_eq!(
            error(r#"{"data": {}}"#, &["data", "studios"]).to_string(),
            "data: missing field `studios`"
        );
        assert_eq!(error(r#"{"data": null}"#, &["data"]).to_string(), "data: null, where a value is needed");
        assert_eq!(
            error(r#"{"data": {"studios": null}}"#, &["data", "studios"]).to_string(),
            "data.studios: null, where a value is needed"
        );
        assert_eq!(
            error(r#"{"data": 3}"#, &["data", "x"]).to_string(),
            "data: a number instead of an object with `x`"
        );
        assert!(error(r#"{"data": {"a": 1}}"#, &["data"]).to_string().starts_with("data: invalid type: map"));
    }

    #[test]
    fn an_item_that_does_not_fit_costs_no_neighbour() {
        let listing: Listing<i64> =
            decode_listing(br#"{"x": [9], "data": [1, "a", 2, {}]}"#, &["data"]).unwrap();
        assert_eq!(*listing, [1, 2]);
        let places: Vec<_> =
            listing.rejected().iter().map(|rejected| (rejected.index, &rejected.raw)).collect();
        assert_eq!(places, [(1, &serde_json::json!("a")), (3, &serde_json::json!({}))]);
    }

    #[test]
    fn lists_within_items_lose_nothing_either() {
        let listing: Listing<Listing<Listing<i64>>> = decode(br#"[[[1, "a"], 7, [2]], [[3]], "b"]"#).unwrap();
        assert_eq!(listing.len(), 2);
        assert_eq!((*listing[0][0]).to_vec(), [1]);
        assert_eq!(listing[0][0].rejected()[0].index, 1);
        assert_eq!(listing[0].rejected()[0].index, 1);
        assert_eq!((*listing[0][1]).to_vec(), [2]);
        assert_eq!(listing.rejected()[0].index, 2);
    }

    #[test]
    fn a_list_that_cannot_go_item_by_item_keeps_its_first_reason() {
        let error = decode_at::<Vec<i64>>(br#"{"data": [1, "a"]}"#, &["data"]).unwrap_err();
        assert_eq!(error.path, "data[1]");
        assert!(error.reason.starts_with("invalid type: string"), "{error}");
    }

    #[test]
    fn an_item_beyond_parsing_costs_no_neighbour() {
        let deep = "[".repeat(1000) + &"]".repeat(1000);
        let huge = "9".repeat(400);
        let body = format!(r#"{{"data": [1, {huge}, "x", {deep}, 2]}}"#);
        let listing: Listing<i64> = decode_listing(body.as_bytes(), &["data"]).unwrap();
        assert_eq!(*listing, [1, 2]);
        let rejected: Vec<_> = listing.rejected().iter().map(|rejected| rejected.index).collect();
        assert_eq!(rejected, [1, 2, 3]);
        assert_eq!(listing.rejected()[0].raw, Value::from(huge));
        assert!(listing.rejected()[0].reason.contains("number out of range"));
        assert!(decode_listing::<i64>(&body.as_bytes()[..body.len() - 1], &["data"]).is_err());
    }

    #[test]
    fn an_error_of_a_call_is_one_short_line() {
        let body = format!("{{\"a\\nb\": [\"{}\"]}}", "x".repeat(5_000));
        type Map = std::collections::BTreeMap<String, Vec<i64>>;
        let line = decode::<Map>(body.as_bytes()).unwrap_err().at("GET /x").to_string();
        assert!(line.starts_with("GET /x: the answer does not fit at ab[0]: invalid type: string"), "{line}");
        assert!(line.ends_with(", expected i64") && line.len() < 400, "{line}");
    }

    #[test]
    fn numbers_are_read_to_the_last_digit() {
        for number in [-13.822349242911613, 1.6933397190697121, 8.371676111692015e-144] {
            assert_eq!(decode::<f64>(format!("{number:?}").as_bytes()), Ok(number));
        }
    }

    #[test]
    fn the_wrong_value_can_be_left_out() {
        for value in [r#""secret, expected \"nothing\"""#, "-5.25", "99999999999999999999"] {
            let body = format!(r#"{{"data": {value}}}"#);
            let error = decode_at::<i64>(body.as_bytes(), &["data"]).unwrap_err().without_value();
            assert_eq!(error.to_string(), "data: invalid type, expected i64");
        }
        let missing = decode_at::<i64>(b"{}", &["data"]).unwrap_err();
        assert_eq!(missing.clone().without_value(), missing);
    }

    #[test]
    fn a_key_of_the_answer_breaks_no_line() {
        type Map = std::collections::BTreeMap<String, Vec<i64>>;
        let error = decode::<Map>(br#"{"a\nb": ["x"]}"#).unwrap_err().at("GET /x").to_string();
        assert!(error.starts_with("GET /x: the answer does not fit at ab[0]: invalid type"), "{error}");
    }

    #[test]
    fn depth_is_bounded() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        let listing = decode::<Listing<Value>>(deep.as_bytes()).unwrap();
        let [rejected] = listing.rejected() else { panic!("{} items", listing.len()) };
        assert!(rejected.reason.contains("recursion limit"), "{}", rejected.reason);
        let error = decode::<Value>(deep.as_bytes()).unwrap_err();
        assert!(error.reason.contains("recursion limit"), "{}", error.reason);
    }
}
