//! A list that reports the items it could not read.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{DeserializeOwned, Deserializer, Error, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::error::{DecodeError, Misfit};
use super::item::Item;
use super::repair;
use crate::error::printable;

/// The items of a response, and a record of what could not be read.
///
/// It is a slice (`len`, `iter`, `first`, indexing), iterates, and serializes as the list of its items.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing<T> {
    items: Vec<T>,
    rejected: Vec<Rejected>,
}

/// An item that did not fit its type, a value that was left out of one, or a detail of one, such as its studio, that
/// could not be loaded.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Rejected {
    /// The item's index in the response, from 0; where several responses are joined, as if they were one. Of a detail
    /// that could not be loaded, the index in the list of the first item that it belongs to.
    pub index: usize,
    /// The JSON path within the item, such as `class.starts_at_local`; empty for the item itself. The field's name for
    /// a detail that could not be loaded.
    pub path: String,
    /// What is wrong there, or why the detail could not be loaded.
    pub reason: String,
    /// The JSON as it came: the value at `path` if the item was kept, else the item. A string if it cannot be parsed.
    /// The id of a detail that could not be loaded.
    pub raw: Value,
    /// Whether the item is in the list, without the value at `path`.
    pub item_kept: bool,
}

impl fmt::Display for Rejected {
    /// Index, path and reason, without the value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "item {}", self.index)?;
        if !self.path.is_empty() {
            write!(f, " at {}", printable(&self.path))?;
        }
        write!(f, ": {}", printable(&self.reason))
    }
}

impl<T> Listing<T> {
    /// What could not be read, in the order of the response; then the details that could not be loaded.
    #[must_use]
    pub fn rejected(&self) -> &[Rejected] {
        &self.rejected
    }

    /// Whether an item of the response is missing here because it could not be read at all.
    #[must_use]
    pub fn has_lost_items(&self) -> bool {
        self.rejected.iter().any(|rejected| !rejected.item_kept)
    }

    /// The items alone.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        self.items
    }

    /// The items, and what could not be read.
    #[must_use]
    pub fn into_parts(self) -> (Vec<T>, Vec<Rejected>) {
        (self.items, self.rejected)
    }

    pub(crate) fn from_parts(items: Vec<T>, rejected: Vec<Rejected>) -> Self {
        Self { items, rejected }
    }

    /// The items, to be filtered, sorted or completed. The record of what could not be read stays.
    pub(crate) fn items_mut(&mut self) -> &mut Vec<T> {
        &mut self.items
    }

    /// Notes that a detail could not be loaded, with the first item that it belongs to.
    pub(crate) fn note_missing(&mut self, index: usize, field: &str, id: &str, reason: String) {
        self.rejected.push(Rejected {
            index,
            path: field.to_owned(),
            reason,
            raw: Value::from(id),
            item_kept: true,
        });
    }

    /// How many items the response had.
    pub(crate) fn len_with_lost(&self) -> usize {
        self.items.len().saturating_add(self.rejected.iter().filter(|rejected| !rejected.item_kept).count())
    }

    /// Adds the items of a further response. Indices continue, so nothing may have been removed before.
    pub(crate) fn append(&mut self, mut further: Self) {
        let before = self.len_with_lost();
        self.items.append(&mut further.items);
        let moved =
            |rejected: Rejected| Rejected { index: rejected.index.saturating_add(before), ..rejected };
        self.rejected.extend(further.rejected.into_iter().map(moved));
    }
}

/// A list with more unreadable items than this is not a list of such items. Each takes memory beyond its own size.
const MOST_REJECTED: usize = 10_000;

impl<T: DeserializeOwned> Listing<T> {
    /// Reads a list: in one pass if all items are valid, else item by item.
    pub(super) fn from_text(json: &str) -> Result<Self, DecodeError> {
        if let Ok(items) = serde_json::from_str(json) {
            return Ok(Self::of_items(items));
        }
        // An item's text is not looked into before its end is found: it may be nested beyond any limit.
        let texts: Vec<&RawValue> =
            serde_json::from_str(json).map_err(|error| Misfit::new(&error, json).into_error())?;
        let mut listing = Self::default();
        for (index, text) in texts.into_iter().enumerate() {
            listing.push(index, text)?;
        }
        listing.items.shrink_to_fit();
        Ok(listing)
    }

    pub(super) fn of_items(items: Vec<Item<T>>) -> Self {
        let mut items: Vec<T> = items.into_iter().map(|Item(item)| item).collect();
        items.shrink_to_fit();
        items.into()
    }

    /// Reads a list of one item.
    pub(super) fn of_one(item: &RawValue) -> Result<Self, DecodeError> {
        let mut listing = Self::default();
        listing.push(0, item)?;
        Ok(listing)
    }

    fn push(&mut self, index: usize, text: &RawValue) -> Result<(), DecodeError> {
        match repair::read(text.get()) {
            Ok((item, left_out)) => {
                self.items.push(item);
                self.rejected.extend(left_out.into_iter().map(|value| Rejected {
                    index,
                    path: value.path,
                    reason: value.reason,
                    raw: value.raw,
                    item_kept: true,
                }));
            }
            Err(misfit) => {
                let DecodeError { path, reason } = misfit.into_error();
                let raw = serde_json::from_str(text.get()).unwrap_or_else(|_| Value::from(text.get()));
                self.rejected.push(Rejected { index, path, reason, raw, item_kept: false });
            }
        }
        if self.rejected.len() > MOST_REJECTED {
            return Err(DecodeError::new("", format!("more than {MOST_REJECTED} items do not fit")));
        }
        Ok(())
    }
}

/// Reads a field that is a list, item by item; null and the empty string are an empty one.
pub(crate) fn listing<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Listing<T>, D::Error> {
    deserializer.deserialize_any(ListingVisitor(PhantomData))
}

struct ListingVisitor<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for ListingVisitor<T> {
    type Value = Listing<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Listing<T>, A::Error> {
        let mut listing = Listing::default();
        let mut index = 0;
        while let Some(text) = seq.next_element::<Box<RawValue>>()? {
            listing.push(index, &text).map_err(A::Error::custom)?;
            index += 1;
        }
        listing.items.shrink_to_fit();
        Ok(listing)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Listing<T>, E> {
        match text.trim() {
            "" => Ok(Listing::default()),
            _ => Err(E::invalid_type(Unexpected::Str(text), &self)),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<Listing<T>, E> {
        Ok(Listing::default())
    }
}

impl<T> Default for Listing<T> {
    fn default() -> Self {
        Self { items: Vec::new(), rejected: Vec::new() }
    }
}

impl<T> From<Vec<T>> for Listing<T> {
    fn from(items: Vec<T>) -> Self {
        Self { items, rejected: Vec::new() }
    }
}

impl<T> FromIterator<T> for Listing<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::from(Vec::from_iter(items))
    }
}

impl<T> Deref for Listing<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T> IntoIterator for Listing<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Listing<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<T: Serialize> Serialize for Listing<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.items.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Listing<T> {
    /// Strict: an invalid item is an error. [`decode`](super::decode()) and the fields of models keep the
    /// other items.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listing_behaves_like_the_list_of_its_items() {
        let listing: Listing<i64> = [3, 1, 2].into_iter().collect();
        assert_eq!((listing.len(), listing.first(), listing[2]), (3, Some(&3), 2));
        assert_eq!(serde_json::to_string(&listing).unwrap(), "[3,1,2]");
        assert_eq!(serde_json::from_str::<Listing<i64>>("[3,1,2]").unwrap(), listing);
        assert!(serde_json::from_str::<Listing<i64>>("null").is_err());
        assert!(serde_json::from_str::<Listing<i64>>(r#"[1, "a"]"#).is_err());
    }
}
