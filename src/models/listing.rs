//! A list that loses nothing.

use std::ops::Deref;

/// The items of an answer, and those that did not fit their type.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing<T> {
    items: Vec<T>,
    rejected: Vec<Rejected>,
}

/// An item that did not fit its type.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Rejected {
    /// Its place in the answer, counted from 0.
    pub index: usize,
    /// The JSON path within the item and what is wrong there, e.g. `class.starts_at_local: …`.
    pub reason: String,
    /// The item as it came.
    pub raw: serde_json::Value,
}

impl<T> Listing<T> {
    #[allow(dead_code)]
    pub(crate) fn new(items: Vec<T>, rejected: Vec<Rejected>) -> Self {
        Self { items, rejected }
    }

    /// The items that did not fit their type, in the order of the answer.
    pub fn rejected(&self) -> &[Rejected] {
        &self.rejected
    }

    /// The items alone.
    pub fn into_vec(self) -> Vec<T> {
        self.items
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
