//! JSON that is nearly right: mutations of trees and of their text.

use serde_json::{Map, Number, Value, json};

use super::script::Script;

/// The body of a response: a template with mutations that the script decides on, or what the script says itself.
pub(crate) fn body(template: &Value, script: &mut Script<'_>) -> Vec<u8> {
    match script.below(8) {
        0..=4 => mutated(template, script).to_string().into_bytes(),
        5 | 6 => {
            let mut text = mutated(template, script).to_string().into_bytes();
            for _ in 0..=script.below(4) {
                mutate_text(&mut text, script);
            }
            text
        }
        _ => script.rest().to_vec(),
    }
}

/// A template with up to seven mutations.
pub(crate) fn mutated(template: &Value, script: &mut Script<'_>) -> Value {
    let mut tree = template.clone();
    for _ in 0..script.below(8) {
        mutate(&mut tree, script);
    }
    tree
}

/// Changes one place of a tree.
fn mutate(tree: &mut Value, script: &mut Script<'_>) {
    let place = script.below(count(tree).min(1 << 16));
    let Some(here) = nth(tree, &mut { place }) else { return };
    match script.below(14) {
        0 => remove_child(here, script),
        1 => *here = script.pick(&literals()).clone(),
        2 => *here = json!(script.number().cast_signed()),
        3 => *here = Number::from_f64(f64::from_bits(script.number())).map_or(Value::Null, Value::Number),
        4 => *here = Value::String(script.text()),
        5 => *here = json!([here.take()]),
        6 => *here = Value::Object(Map::from_iter([(script.text(), here.take())])),
        7 => swap(tree, place, script),
        8 => rename_child(here, script),
        9 => repeat_child(here, script),
        10 => *here = (0..script.below(200)).fold(here.take(), |inner, _| json!([{ "x": inner }])),
        11 => *here = respelled(here),
        12 => *here = Value::String(script.pick(DATES).to_string()),
        _ => *here = Value::Null,
    }
}

const DATES: &[&str] = &[
    "2026-04-28 10:00:00",
    "2026-04-28T10:00:00.123456789Z",
    "2026-04-28T10:00:00+14:00",
    "2026-02-30",
    "9999-12-31T23:59:59-12:00",
    "-009999-01-01T00:00:00Z",
    "2026-03-08T02:30:00[America/New_York]",
    "2026-04-28",
];

fn literals() -> [Value; 16] {
    [
        json!(""),
        json!("  "),
        json!(-1),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e300),
        json!(-0.5),
        json!(-0.0),
        json!(true),
        json!([]),
        json!([null, 1, "x"]),
        json!({}),
        json!({"otf_api::models::Listing::by_item": [3]}),
        json!("9".repeat(400)),
        json!("\u{0}\u{feff}\u{202e}é"),
        json!("NaN"),
    ]
}

fn count(tree: &Value) -> usize {
    1 + match tree {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(object) => object.values().map(count).sum(),
        _ => 0,
    }
}

/// A place by its number, in the order in which a reader comes to it.
fn nth<'t>(tree: &'t mut Value, left: &mut usize) -> Option<&'t mut Value> {
    if *left == 0 {
        return Some(tree);
    }
    *left -= 1;
    match tree {
        Value::Array(items) => items.iter_mut().find_map(|item| nth(item, left)),
        Value::Object(object) => object.values_mut().find_map(|value| nth(value, left)),
        _ => None,
    }
}

fn remove_child(here: &mut Value, script: &mut Script<'_>) {
    match here {
        Value::Array(items) if !items.is_empty() => drop(items.remove(script.below(items.len()))),
        Value::Object(object) if !object.is_empty() => {
            let key = object.keys().nth(script.below(object.len())).cloned();
            key.and_then(|key| object.remove(&key));
        }
        _ => *here = Value::Null,
    }
}

fn rename_child(here: &mut Value, script: &mut Script<'_>) {
    let Value::Object(object) = here else { return };
    let Some(key) = object.keys().nth(script.below(object.len())).cloned() else { return };
    if let Some(value) = object.remove(&key) {
        object.insert(script.text(), value);
    }
}

fn repeat_child(here: &mut Value, script: &mut Script<'_>) {
    let Value::Array(items) = here else { return };
    if let Some(item) = items.get(script.below(items.len())).cloned() {
        let times = script.below(50);
        items.extend(std::iter::repeat_n(item, times));
    }
}

/// Exchanges two places, where neither is inside the other.
fn swap(tree: &mut Value, place: usize, script: &mut Script<'_>) {
    let other = script.below(count(tree).min(1 << 16));
    let Some(first) = nth(tree, &mut { place }).cloned() else { return };
    let Some(second) = nth(tree, &mut { other }).map(|second| std::mem::replace(second, first)) else {
        return;
    };
    if let Some(first) = nth(tree, &mut { place }) {
        *first = second;
    }
}

/// A number as a text, and a text as a number.
fn respelled(here: &Value) -> Value {
    match here {
        Value::Number(number) => Value::String(number.to_string()),
        Value::Bool(bool) => json!(i32::from(*bool)),
        Value::String(text) => text.parse().map_or(Value::Bool(true), Value::Number),
        _ => Value::Null,
    }
}

/// Changes the text in a way that a tree can't.
fn mutate_text(text: &mut Vec<u8>, script: &mut Script<'_>) {
    let at = script.below(text.len().clamp(1, 1 << 16));
    match script.below(6) {
        0 => text.truncate(at),
        1 => drop(text.splice(at..at, script.bytes().iter().copied())),
        2 => {
            let end = (at + 1 + script.below(16)).min(text.len());
            text.splice(at.min(end)..end, script.bytes().iter().copied());
        }
        // A key a second time.
        3 => {
            let Some(open) = text.iter().skip(at).position(|byte| *byte == b'{').map(|more| at + more) else {
                return;
            };
            let key = text.split(|byte| *byte == b'"').skip(1).step_by(2).nth(script.below(32));
            let key = String::from_utf8_lossy(key.unwrap_or_default()).into_owned();
            let entry = format!("\"{key}\":{},", script.pick(&literals()));
            if text.get(open + 1).is_some_and(|next| *next == b'"') {
                text.splice(open + 1..open + 1, entry.bytes());
            }
        }
        4 => {
            if let Some(byte) = text.get_mut(at) {
                *byte ^= script.byte();
            }
        }
        _ => text.extend_from_slice(script.bytes()),
    }
}
