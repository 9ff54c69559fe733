//! Places in a JSON text.

use std::fmt::Write as _;

/// A step from a value to one inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// A path as text, such as `data.studios[3].studioUUId`.
pub(super) fn display(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Key(key) if text.is_empty() => text.push_str(key),
            Step::Key(key) => text.extend([".", key]),
            // Writing to a string cannot fail.
            Step::Index(index) => drop(write!(text, "[{index}]")),
        }
    }
    text
}

/// An object or a list that has begun and not ended.
enum Open {
    /// With the key that was read last.
    Object(Option<String>),
    /// With the number of items that have ended, and whether a further one has begun.
    List(usize, bool),
}

/// The path to the value that a parser was at when it had read this many bytes of a JSON text.
pub(super) fn path_at(json: &str, read: usize) -> Vec<Step> {
    let json = json.as_bytes();
    let mut rest = json.get(..read).unwrap_or(json);
    let mut open = Vec::new();
    let mut is_key = false;
    while let Some((byte, after)) = rest.split_first() {
        if let Some(Open::List(_, has_begun)) = open.last_mut()
            && !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b']')
        {
            *has_begun = true;
        }
        rest = match byte {
            b'{' | b'[' => {
                is_key = *byte == b'{';
                open.push(if is_key { Open::Object(None) } else { Open::List(0, false) });
                after
            }
            b'}' | b']' => {
                open.pop();
                after
            }
            b',' => {
                match open.last_mut() {
                    Some(Open::List(ended, _)) => *ended = ended.saturating_add(1),
                    Some(Open::Object(key)) => (*key, is_key) = (None, true),
                    None => {}
                }
                after
            }
            b'"' => {
                let (text, after) = rest.split_at(text_length(rest));
                if let (true, Some(Open::Object(key))) = (is_key, open.last_mut()) {
                    (*key, is_key) = (serde_json::from_slice(text).ok(), false);
                }
                after
            }
            _ => after,
        };
    }
    let step = |open| match open {
        Open::Object(key) => key.map(Step::Key),
        Open::List(index, has_begun) => has_begun.then_some(Step::Index(index)),
    };
    open.into_iter().filter_map(step).collect()
}

/// The length of the string that starts here, with its quotes.
fn text_length(json: &[u8]) -> usize {
    let mut is_escaped = false;
    let end = json.iter().skip(1).position(|byte| {
        let is_end = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        is_end
    });
    end.map_or(json.len(), |end| end.saturating_add(2).min(json.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_of_each_byte() {
        let json = r#" {"a": [1, {"b\"]": tr, "c":{}}, "x,]" ,7] ,"d":  null}"#;
        let at = |mark: &str| display(&path_at(json, json.find(mark).unwrap() + mark.len()));
        let places = [
            (" {", ""),
            ("\"a\"", "a"),
            ("\"a\":", "a"),
            ("[", "a"),
            ("[1", "a[0]"),
            ("1,", "a[1]"),
            ("1, {", "a[1]"),
            ("tr", "a[1].b\"]"),
            ("\"c\":{", "a[1].c"),
            ("{}", "a[1].c"),
            ("{}}", "a[1]"),
            ("x,]\"", "a[2]"),
            (",7", "a[3]"),
            (",7]", "a"),
            ("\"d\":  ", "d"),
            ("null", "d"),
            ("null}", ""),
        ];
        for (mark, place) in places {
            assert_eq!(at(mark), place, "after {mark}");
        }
    }

    #[test]
    fn invalid_json_has_paths_too() {
        for json in ["", "]", "}", "\"", "\"\\", "{\"", "[\"a\\\"", "{\"\\u\":[,,", "]]]],", "{,"] {
            for read in 0..=json.len() + 1 {
                let _ = path_at(json, read);
            }
        }
        assert_eq!(path_at("[,,", 9), [Step::Index(2)]);
    }
}
