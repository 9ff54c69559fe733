//! A list that loses nothing.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::decode::{self, DecodeError};
use super::lenient::{self, Inside, Place, Wire};
use super::pass;

/// The items of an answer, and those that did not fit their type.
///
/// It is a slice (`len`, `iter`, `first`, indexing), iterates, and serializes as the list of its items.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing<T> {
    items: Vec<T>,
    rejected: Vec<Rejected>,
}

/// An item that did not fit its type.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Rejected {
    /// Its place in the answer, counted from 0: where several answers are joined, as if they were one.
    pub index: usize,
    /// The JSON path within the item and what is wrong there, e.g. `class.starts_at_local: …`.
    pub reason: String,
    /// The item as it came: as a text where it is beyond parsing.
    pub raw: Value,
}

impl<T> Listing<T> {
    /// The items that did not fit their type, in the order of the answer.
    #[must_use]
    pub fn rejected(&self) -> &[Rejected] {
        &self.rejected
    }

    /// The items alone.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        self.items
    }

    /// The items, and those that did not fit.
    #[must_use]
    pub fn into_parts(self) -> (Vec<T>, Vec<Rejected>) {
        (self.items, self.rejected)
    }

    pub(crate) fn from_parts(items: Vec<T>, rejected: Vec<Rejected>) -> Self {
        Self { items, rejected }
    }

    /// The items, to be filtered, sorted or filled in; those that did not fit stay.
    pub(crate) fn items_mut(&mut self) -> &mut Vec<T> {
        &mut self.items
    }

    /// Adds what a further answer holds. Places go on from here, so nothing may have been taken out before.
    pub(crate) fn append(&mut self, mut further: Self) {
        let before = self.items.len().saturating_add(self.rejected.len());
        self.items.append(&mut further.items);
        self.rejected.extend(
            further
                .rejected
                .into_iter()
                .map(|rejected| Rejected { index: rejected.index.saturating_add(before), ..rejected }),
        );
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

impl<'de, T: DeserializeOwned> Deserialize<'de> for Listing<T> {
    /// Strictly: an item that does not fit is an error. [`decode`](super::decode()) and its like keep the others.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListingVisitor(PhantomData))
    }
}

impl<T: Wire> Place for Listing<T> {
    fn expected(&self) -> &'static str {
        "a list"
    }

    fn may_be_absent(&self) -> bool {
        true
    }

    fn open(&mut self, read: &mut dyn FnMut(Inside<'_>)) {
        read(Inside::Items(self));
    }
}

impl<T: Wire> Wire for Listing<T> {
    fn blank() -> Self {
        Self::default()
    }
}

impl<T: Wire> List for Listing<T> {
    fn add(&mut self, read: &mut dyn FnMut(&mut dyn Place) -> bool) {
        let mut item = T::blank();
        if read(&mut item) {
            self.items.push(item);
        }
    }

    fn rejected(&mut self) -> Option<&mut Vec<Rejected>> {
        Some(&mut self.rejected)
    }

    fn end(&mut self) {
        self.items.shrink_to_fit();
    }
}

/// A list that is being read.
pub(crate) trait List {
    /// Adds what `read` reads, unless it returns `false`.
    fn add(&mut self, read: &mut dyn FnMut(&mut dyn Place) -> bool);

    /// Where the items go that do not fit; `None` where one of them spoils all.
    fn rejected(&mut self) -> Option<&mut Vec<Rejected>> {
        None
    }

    /// Gives back the room that is spare when all is read: how many items there are is known only then, and half of
    /// the room could be.
    fn end(&mut self) {}
}

/// Reads a list into its place.
pub(super) fn read<'de, A: SeqAccess<'de>>(list: &mut dyn List, mut seq: A) -> Result<(), A::Error> {
    match lists_within(&seq).filter(|_| list.rejected().is_some()) {
        Some(within) => {
            let rejected_items = by_item(seq, &mut |text| {
                add(list, |place| decode::strictly(place, text))
                    .or_else(|_| add(list, |place| decode::by_item(place, text, within)))
            })?;
            if let Some(rejected) = list.rejected() {
                *rejected = rejected_items;
            }
        }
        None => while seq.next_element_seed(Item(list))?.is_some() {},
    }
    list.end();
    Ok(())
}

/// How many lists, one within another, go item by item below this one; `None` where it is read strictly itself.
fn lists_within<'de>(seq: &impl SeqAccess<'de>) -> Option<u8> {
    // How many items there are is known where serde has buffered them, as it does for `flatten` and `untagged`:
    // there, they have no text any more.
    pass::lists().checked_sub(1).filter(|_| seq.size_hint().is_none())
}

/// Reads one more item of a list.
fn add<E>(list: &mut dyn List, mut read: impl FnMut(&mut dyn Place) -> Result<(), E>) -> Result<(), E> {
    let mut result = Ok(());
    list.add(&mut |place| {
        result = read(place);
        result.is_ok()
    });
    result
}

/// Reads an item of a list that is read strictly.
struct Item<'m>(&'m mut dyn List);

impl<'de> DeserializeSeed<'de> for Item<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let mut deserializer = Some(deserializer);
        add(self.0, |place| match deserializer.take() {
            Some(deserializer) => lenient::read(place, deserializer, true).map(drop),
            None => Ok(()),
        })
    }
}

/// Reads a list of any type.
struct ListingVisitor<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for ListingVisitor<T> {
    type Value = Listing<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Listing<T>, A::Error> {
        let mut items = Vec::new();
        let mut rejected = Vec::new();
        match lists_within(&seq) {
            Some(within) => {
                rejected = by_item(seq, &mut |text| decode::item(text, within).map(|item| items.push(item)))?;
            }
            None => while seq.next_element_seed(Push(&mut items))?.is_some() {},
        }
        items.shrink_to_fit();
        Ok(Listing { items, rejected })
    }
}

/// Reads an item to the end of a list: without the moves of a large one through what `next_element` returns.
struct Push<'v, T>(&'v mut Vec<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Push<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.push(T::deserialize(deserializer)?);
        Ok(())
    }
}

/// Where more items than this do not fit, it is not a list of such items. Each takes memory beyond its own.
const MOST_REJECTED: usize = 10_000;

/// Reads each item for itself, and gives those that `read` can't. An item may hold what is beyond parsing, such as a
/// number beyond all bounds or nesting without end: what it holds is not looked into before its end is found.
fn by_item<'de, A: SeqAccess<'de>>(
    mut seq: A,
    read: &mut dyn FnMut(&RawValue) -> Result<(), DecodeError>,
) -> Result<Vec<Rejected>, A::Error> {
    let mut rejected = Vec::new();
    let mut index = 0;
    while let Some(text) = seq.next_element::<&RawValue>()? {
        if let Err(error) = read(text) {
            if rejected.len() >= MOST_REJECTED {
                return Err(A::Error::custom(format_args!("more than {MOST_REJECTED} items do not fit")));
            }
            rejected.push(Rejected::new(index, &error, text));
        }
        index += 1;
    }
    Ok(rejected)
}

impl Rejected {
    fn new(index: usize, error: &DecodeError, text: &RawValue) -> Self {
        match serde_json::from_slice(text.get().as_bytes()) {
            Ok(raw) => Self { index, reason: error.to_string(), raw },
            Err(_) => {
                Self { index, reason: format!("beyond parsing: {error}"), raw: Value::from(text.get()) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_list_of_its_items() {
        let listing: Listing<i64> = [3, 1, 2].into_iter().collect();
        assert_eq!((listing.len(), listing.first(), listing[2]), (3, Some(&3), 2));
        assert_eq!(serde_json::to_string(&listing).unwrap(), "[3,1,2]");
        assert_eq!(serde_json::from_str::<Listing<i64>>("[3,1,2]").unwrap(), listing);
        assert!(serde_json::from_str::<Listing<i64>>("null").is_err());
        assert!(serde_json::from_str::<Listing<i64>>(r#"[1, "a"]"#).is_err());
    }
}
