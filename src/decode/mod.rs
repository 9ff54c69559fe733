//! Reading what the service sends.
//!
//! Models are ordinary serde structs. What they need beyond the derives is here:
//!
//! - [`scalar`]: numbers as strings, strings as numbers, dates in several spellings, empty strings for absent values;
//! - [`field`]: the `deserialize_with` functions of fields;
//! - [`listing`]: lists that lose no item because of another one;
//! - [`zone`]: time zones by name;
//! - [`repair`]: reading an item without its invalid value;
//! - [`error`] and [`json_path`]: what is invalid, and where.

pub(crate) mod date_time;
mod error;
pub(crate) mod field;
mod item;
mod json_path;
mod listing;
mod repair;
pub(crate) mod scalar;
mod text;
mod zone;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

pub use date_time::WireDateTime;
pub use error::DecodeError;
pub(crate) use field::{
    Lenient, boxed, latitude, longitude, numbers_in_text, object, optional_or_default, required, trimmed,
};
pub(crate) use item::Item;
pub use listing::{Listing, Rejected};
pub(crate) use scalar::Scalar;
pub(crate) use text::same_name;
pub(crate) use zone::time_zone;

/// Reads the items under `keys` of a response, such as `["data", "studios"]`, in the way the client does. One value
/// in place of a list counts as a list of one.
///
/// Invalid items and values are in [`Listing::rejected`].
///
/// ```
/// use otf_api::models::{self, OtfClass};
///
/// let body = br#"{"items": [{"starts_at_local": "2026-04-21T10:00:00", "waitlist_size": "many"}, 7]}"#;
/// let classes = models::decode::<OtfClass>(body, &["items"])?;
/// assert_eq!(classes[0].waitlist_size, None);
/// assert_eq!(classes.rejected()[0].path, "waitlist_size");
/// assert!(!classes.rejected()[1].item_kept);
/// # Ok::<(), models::DecodeError>(())
/// ```
///
/// # Errors
///
/// If the body is not JSON, or there is nothing under `keys`.
pub fn decode<T: DeserializeOwned>(body: &[u8], keys: &[&str]) -> Result<Listing<T>, DecodeError> {
    let body = text(body)?;
    if let Some(listing) = in_one_pass(body, keys) {
        return Ok(listing);
    }
    match content(body, keys) {
        Ok(json) if !json.starts_with('[') => {
            // So that what is not JSON is an error rather than an item.
            let item: &RawValue = parse(json).map_err(|error| error.below(keys))?;
            Listing::of_one(item).map_err(|error| error.below(keys))
        }
        _ => list_in(body, keys),
    }
}

/// Reads the value under `keys` of a response. Invalid optional values are left out, with a warning.
pub(crate) fn value<T: DeserializeOwned>(body: &[u8], keys: &[&str]) -> Result<T, DecodeError> {
    let json = content(text(body)?, keys)?;
    let (value, left_out) = repair::read(json).map_err(|misfit| misfit.into_error().below(keys))?;
    for value in left_out {
        log::warn!("left out of a response: {}", DecodeError::new(value.path, value.reason).below(keys));
    }
    Ok(value)
}

/// Reads the whole response; an invalid value is an error even if it is optional.
#[cfg(feature = "codegrade")]
pub(crate) fn strict<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    parse(content(text(body)?, &[])?).map(|Item(value)| value)
}

/// Reads the list under `keys` of a response; a bare list and lists under `items` or `data` are read as well.
pub(crate) fn list<T: DeserializeOwned>(body: &[u8], keys: &[&str]) -> Result<Listing<T>, DecodeError> {
    let body = text(body)?;
    in_one_pass(body, keys).map_or_else(|| list_in(body, keys), Ok)
}

fn list_in<T: DeserializeOwned>(body: &str, keys: &[&str]) -> Result<Listing<T>, DecodeError> {
    const ENVELOPES: [&[&str]; 3] = [&[], &["items"], &["data"]];
    let at = |keys| content(body, keys).ok().filter(|json| json.starts_with('[')).map(|json| (json, keys));
    let (json, keys) = match content(body, keys) {
        Ok(json) if json.starts_with('[') => (json, keys),
        Ok(json) => ENVELOPES.into_iter().find_map(at).unwrap_or((json, keys)),
        Err(error) => ENVELOPES.into_iter().find_map(at).ok_or(error)?,
    };
    Listing::from_text(json).map_err(|error| error.below(keys))
}

/// Reads a list in one of the service's envelopes, if all of it is valid.
fn in_one_pass<T: DeserializeOwned>(body: &str, keys: &[&str]) -> Option<Listing<T>> {
    #[derive(serde::Deserialize)]
    #[serde(bound(deserialize = "T: DeserializeOwned"))]
    struct Envelope<T> {
        #[serde(alias = "data", alias = "Dto", alias = "history")]
        items: Vec<Item<T>>,
    }

    let [_] = keys else { return None };
    serde_json::from_str(body).ok().map(|Envelope { items }| Listing::of_items(items))
}

/// The text of a response.
fn text(body: &[u8]) -> Result<&str, DecodeError> {
    let text = str::from_utf8(body).map_err(|_| DecodeError::new("", "not JSON: invalid UTF-8"))?;
    check_density(text)?;
    Ok(text)
}

/// The JSON text under `keys` of a response, without blanks around it.
fn content<'b>(text: &'b str, keys: &[&str]) -> Result<&'b str, DecodeError> {
    let mut text = text.trim_ascii();
    if text.is_empty() {
        return Err(DecodeError::new("", "an empty body"));
    }
    for (depth, key) in keys.iter().enumerate() {
        let (above, _) = keys.split_at(depth);
        if !text.starts_with('{') && parse::<&RawValue>(text).is_ok() {
            let reason = format!("{} instead of an object with `{key}`", kind(text));
            return Err(DecodeError::new(above.join("."), reason));
        }
        let mut object: BTreeMap<Cow<'_, str>, &RawValue> =
            parse(text).map_err(|error| error.below(above))?;
        let inner = object.remove(*key);
        let missing = || DecodeError::new(above.join("."), format!("missing field `{key}`"));
        text = inner.ok_or_else(missing)?.get();
        if text == "null" {
            return Err(DecodeError::new(*key, "null, where a value is needed").below(above));
        }
    }
    Ok(text)
}

fn parse<'de, T: serde::Deserialize<'de>>(text: &'de str) -> Result<T, DecodeError> {
    serde_json::from_str(text).map_err(|error| error::Misfit::new(&error, text).into_error())
}

/// What a JSON value is, in words.
fn kind(json: &str) -> &'static str {
    match json.as_bytes() {
        [b'n', ..] => "null",
        [b't' | b'f', ..] => "a boolean",
        [b'"', ..] => "a string",
        [b'[', ..] => "a list",
        [b'{', ..] => "an object",
        _ => "a number",
    }
}

/// A body up to this size cannot fill the memory, whatever is in it.
const SMALL: usize = 256 * 1024;

/// The service's responses have at least 19 bytes per value.
const BYTES_PER_VALUE: usize = 12;

/// Refuses a large body of nothing but small values: `{},{},{},…` takes hundreds of times its size in memory.
fn check_density(body: &str) -> Result<(), DecodeError> {
    let values = || body.bytes().filter(|byte| *byte == b',').count();
    if body.len() > SMALL && values() > body.len() / BYTES_PER_VALUE {
        return Err(DecodeError::new("", "more values than a response of this size can have"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
