//! What responses looked like when this version was written.
//!
//! `baseline.txt` has an indented tree for each endpoint: a field, `+` if each captured object had it, else `?`, the
//! letters of its types, and values that its model does not know. It is made of the captured responses in
//! `tests/fixtures` and of the sandbox's, which say nothing about what must be there:
//! `cargo test --lib write_drift_baseline -- --ignored`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

use super::shape::{Kinds, Seen, Shape};

/// What is known of an endpoint.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) shape: Shape,
    /// Whether responses of the real service are among those that it was made of.
    pub(super) is_captured: bool,
}

/// All endpoints, by method and path.
pub(super) fn baseline() -> &'static BTreeMap<String, Known> {
    static BASELINE: LazyLock<BTreeMap<String, Known>> = LazyLock::new(|| read(include_str!("baseline.txt")));

    &BASELINE
}

const CAPTURED: &str = " (captured)";

fn read(text: &str) -> BTreeMap<String, Known> {
    let mut endpoints: BTreeMap<String, Known> = BTreeMap::new();
    let mut known = None;
    let mut path: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let field = line.trim_start_matches(' ');
        let depth = line.len().saturating_sub(field.len());
        if depth == 0 {
            let endpoint = line.strip_suffix(CAPTURED);
            let entry = endpoints.entry(endpoint.unwrap_or(line).to_owned()).or_default();
            entry.is_captured = endpoint.is_some();
            known = Some(entry);
            continue;
        }
        let mut words = field.split(' ');
        let (Some(key), Some(presence), Some(kinds)) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        path.truncate(depth.saturating_sub(2));
        if depth > 1 {
            path.push(key.to_owned());
        }
        let Some(known) = &mut known else { continue };
        let kinds = Kinds::from_letters(kinds);
        let objects = u64::from(kinds.has(Kinds::OBJECT));
        let count = u64::from(presence == "+");
        known
            .shape
            .places
            .insert(path.clone(), Seen { kinds, count, objects, values: words.map(value).collect() });
    }
    endpoints
}

fn value(word: &str) -> (String, u64) {
    (word.to_owned(), 1)
}

/// The text that [`read`] reads.
#[cfg_attr(not(test), allow(dead_code))]
pub(super) fn write(endpoints: &BTreeMap<String, Known>) -> String {
    let mut text = String::new();
    for (endpoint, known) in endpoints {
        let captured = if known.is_captured { CAPTURED } else { "" };
        let _ = writeln!(text, "{endpoint}{captured}");
        for (path, seen) in &known.shape.places {
            let objects =
                path.split_last().and_then(|(_, parent)| known.shape.get(parent)).map_or(1, |it| it.objects);
            let presence = if seen.count >= objects { "+" } else { "?" };
            let key = path.last().map_or("body", String::as_str);
            let indent = " ".repeat(path.len().saturating_add(1));
            let _ = write!(text, "{indent}{key} {presence} {}", seen.kinds.letters());
            for value in seen.values.keys().filter(|value| !value.contains(char::is_whitespace)) {
                let _ = write!(text, " {value}");
            }
            text.push('\n');
        }
    }
    text
}
