//! Reading an item with an invalid value: the value is left out, and the rest is read.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::Misfit;
use super::item::Item;
use super::json_path::{self, Step};

/// How many values are left out of one item; after them, whole fields of the item that contain others.
const MOST_LEFT_OUT: usize = 16;

/// How many such fields are left out before the item is given up.
const MOST_FIELDS_LEFT_OUT: usize = 4;

/// An item longer than this is not repaired: the tree of its values would take many times as much memory.
const LARGEST: usize = 1024 * 1024;

/// A value that was left out of an item.
#[derive(Debug)]
pub(super) struct LeftOut {
    /// Where it was in the item.
    pub(super) path: String,
    pub(super) reason: String,
    pub(super) raw: Value,
}

/// Reads an item. If that fails, the invalid value is removed and the item is read again; the error is
/// the first one if the type cannot do without that value.
pub(super) fn read<T: DeserializeOwned>(json: &str) -> Result<(T, Vec<LeftOut>), Misfit> {
    match serde_json::from_str(json) {
        Ok(Item(value)) => Ok((value, Vec::new())),
        Err(error) => {
            let misfit = Misfit::new(&error, json);
            repair(json, &misfit).ok_or(misfit)
        }
    }
}

fn repair<T: DeserializeOwned>(json: &str, first: &Misfit) -> Option<(T, Vec<LeftOut>)> {
    if first.path.is_empty() || json.len() > LARGEST {
        return None;
    }
    let mut tree: Value = serde_json::from_str(json).ok()?;
    let mut left_out = Vec::new();
    while left_out.len() < MOST_LEFT_OUT + MOST_FIELDS_LEFT_OUT {
        let json = tree.to_string();
        match serde_json::from_str(&json) {
            Ok(Item(value)) => {
                if left_out.is_empty() {
                    // A key that comes twice: the tree has one of them.
                    let (path, reason) = (json_path::display(&first.path), first.reason.clone());
                    left_out.push(LeftOut { path, reason, raw: Value::Null });
                }
                return Some((value, left_out));
            }
            Err(error) => {
                let Misfit { mut path, reason } = Misfit::new(&error, &json);
                if left_out.len() >= MOST_LEFT_OUT {
                    if path.len() < 2 {
                        return None;
                    }
                    path.truncate(1);
                }
                let raw = remove(&mut tree, &mut path)?;
                left_out.push(LeftOut { path: json_path::display(&path), reason, raw });
            }
        }
    }
    None
}

/// Removes the value at a path, or the closest one around it that can be removed, and shortens the path to it. `None`
/// if that is the whole tree.
fn remove(tree: &mut Value, path: &mut Vec<Step>) -> Option<Value> {
    loop {
        let (last, parents) = path.split_last()?;
        let parent = parents.iter().try_fold(&mut *tree, |value, step| match step {
            Step::Key(key) => value.get_mut(key),
            Step::Index(index) => value.get_mut(index),
        });
        let removed = match (parent, last) {
            (Some(Value::Object(object)), Step::Key(key)) => object.remove(key),
            // Removing an item would move the ones behind it.
            (Some(Value::Array(items)), Step::Index(index)) => {
                items.get_mut(*index).map(Value::take).filter(|item| !item.is_null())
            }
            _ => None,
        };
        if removed.is_some() {
            return removed;
        }
        path.pop();
    }
}
