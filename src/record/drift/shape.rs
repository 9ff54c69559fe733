//! The shape of JSON: which fields, of which types, and how often. No values except unknown ones of enumerations.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::known;

/// Stands for the items of a list in a path.
pub(super) const ITEM: &str = "[]";

/// Stands for a key that varies, such as an id.
pub(super) const ANY_KEY: &str = "{}";

/// How many unknown values of one field are remembered.
const MOST_VALUES: usize = 10;

/// How deep a response is compared.
const DEEPEST: usize = 32;

/// A set of JSON types. Text that holds a date is a type of its own, since a new spelling of dates breaks readers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds(u16);

/// Each type, its letter in the baseline, and its name in a report.
const KINDS: [(char, &str); 8] = [
    ('0', "null"),
    ('e', "empty text"),
    ('b', "boolean"),
    ('n', "number"),
    ('t', "text"),
    ('d', "date"),
    ('a', "list"),
    ('o', "object"),
];

impl Kinds {
    pub(super) const NULL: Self = Self(1);
    pub(super) const EMPTY: Self = Self(1 << 1);
    const BOOL: Self = Self(1 << 2);
    const NUMBER: Self = Self(1 << 3);
    pub(super) const TEXT: Self = Self(1 << 4);
    pub(super) const DATE: Self = Self(1 << 5);
    pub(super) const LIST: Self = Self(1 << 6);
    pub(super) const OBJECT: Self = Self(1 << 7);

    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOL,
            Value::Number(_) => Self::NUMBER,
            Value::String(text) if text.trim().is_empty() => Self::EMPTY,
            Value::String(text) if is_date(text) => Self::DATE,
            Value::String(_) => Self::TEXT,
            Value::Array(_) => Self::LIST,
            Value::Object(_) => Self::OBJECT,
        }
    }

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Without these.
    pub(super) fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Without null and empty text, which say nothing about the type.
    pub(super) fn solid(self) -> Self {
        self.minus(Self::NULL).minus(Self::EMPTY)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn letters(self) -> String {
        self.each().map(|(letter, _)| letter).collect()
    }

    pub(super) fn names(self) -> String {
        self.each().map(|(_, name)| *name).collect::<Vec<_>>().join(" or ")
    }

    pub(super) fn from_letters(letters: &str) -> Self {
        let is_in = |(_, (letter, _)): &(usize, &(char, &str))| letters.contains(*letter);
        Self(KINDS.iter().enumerate().filter(is_in).fold(0, |bits, (place, _)| bits | 1 << place))
    }

    fn each(self) -> impl Iterator<Item = &'static (char, &'static str)> {
        KINDS.iter().enumerate().filter(move |(place, _)| self.0 & 1 << place != 0).map(|(_, kind)| kind)
    }
}

/// Whether a text begins as `2026-04-28` does.
fn is_date(text: &str) -> bool {
    let is_fit = |(place, byte): (usize, u8)| match place {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.len() >= 10 && text.bytes().take(10).enumerate().all(is_fit)
}

/// What was seen in one place.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub(super) kinds: Kinds,
    /// How often there was something.
    pub(super) count: u64,
    /// How many objects there were.
    pub(super) objects: u64,
    /// Values of an enumeration that its model does not know, and how often each came.
    pub(super) values: BTreeMap<String, u64>,
}

/// What was seen in each place of an endpoint's responses. A place is the path of keys to it; the whole is the empty
/// path.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    pub(super) places: BTreeMap<Vec<String>, Seen>,
}

impl Shape {
    /// Takes in one response of an endpoint.
    pub(super) fn learn(&mut self, endpoint: &str, value: &Value) {
        self.walk(endpoint, &mut Vec::new(), value);
    }

    fn walk(&mut self, endpoint: &str, path: &mut Vec<String>, value: &Value) {
        let seen = self.places.entry(path.clone()).or_default();
        seen.kinds.add(Kinds::of(value));
        seen.count = seen.count.saturating_add(1);
        if let Some(unknown) = known::unknown_value(endpoint, path, value)
            && (seen.values.len() < MOST_VALUES || seen.values.contains_key(&unknown))
        {
            let count = seen.values.entry(unknown).or_default();
            *count = count.saturating_add(1);
        }
        if path.len() >= DEEPEST {
            return;
        }
        match value {
            Value::Object(fields) => {
                seen.objects = seen.objects.saturating_add(1);
                let mut known = BTreeSet::new();
                for (key, value) in fields {
                    let key = if varies(key) { ANY_KEY } else { key.as_str() };
                    path.push(key.to_owned());
                    self.walk(endpoint, path, value);
                    // Keys that vary count once an object.
                    if !known.insert(key)
                        && let Some(seen) = self.places.get_mut(path)
                    {
                        seen.count = seen.count.saturating_sub(1);
                    }
                    path.pop();
                }
            }
            Value::Array(items) => {
                path.push(ITEM.to_owned());
                items.iter().for_each(|item| self.walk(endpoint, path, item));
                path.pop();
            }
            _ => {}
        }
    }

    pub(super) fn get(&self, path: &[String]) -> Option<&Seen> {
        self.places.get(path)
    }

    /// Whether anything is known of what is inside a place.
    pub(super) fn has_inside(&self, path: &[String]) -> bool {
        let next = self.places.range(path.to_vec()..).nth(1);
        next.is_some_and(|(inside, _)| inside.starts_with(path))
    }
}

/// Whether a key is data rather than a name: an id, a date, an address.
fn varies(key: &str) -> bool {
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    let is_name = key.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '$'))
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-$.:".contains(&byte));
    !is_name || digits > 4 || key.len() > 48
}

/// `items[].studio.name`
pub(super) fn spelled(path: &[String]) -> String {
    let mut text = String::new();
    for part in path {
        if part != ITEM && !text.is_empty() {
            text.push('.');
        }
        text.push_str(part);
    }
    if text.is_empty() { "the whole body".to_owned() } else { text }
}
