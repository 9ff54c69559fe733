//! Places in a JSON text.

/// An object or a list that has begun and not ended.
enum Open {
    /// With the key that was read last.
    Object(Option<String>),
    /// With the number of items that have ended, and whether there is a further one.
    List(usize, bool),
}

/// The path, such as `data.studios[3].studioUUId`, to the value that reading was at when it had read this many bytes
/// of a JSON text.
pub(super) fn path_at(json: &[u8], read: usize) -> String {
    let mut rest = json.get(..read).unwrap_or(json);
    let mut open = Vec::new();
    let mut is_key = false;
    while let Some((byte, after)) = rest.split_first() {
        if let Some(Open::List(_, further)) = open.last_mut()
            && !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b']')
        {
            *further = true;
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
    let mut path = String::new();
    for step in open {
        match step {
            Open::Object(Some(key)) if path.is_empty() => path = key,
            Open::Object(Some(key)) => path.extend([".", &key]),
            Open::List(index, true) => path.push_str(&format!("[{index}]")),
            Open::Object(None) | Open::List(_, false) => {}
        }
    }
    path
}

/// The length of the text that stands here with its quotes.
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
    fn the_place_of_each_byte() {
        let json = r#" {"a": [1, {"b\"]": tr, "c":{}}, "x,]" ,7] ,"d":  null}"#;
        let at = |mark: &str| path_at(json.as_bytes(), json.find(mark).unwrap() + mark.len());
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
    fn what_is_no_json_has_places_as_well() {
        for json in ["", "]", "}", "\"", "\"\\", "{\"", "[\"a\\\"", "{\"\\u\":[,,", "]]]],", "{,"] {
            for read in 0..=json.len() + 1 {
                let _ = path_at(json.as_bytes(), read);
            }
        }
        assert_eq!(path_at(b"[,,", 9), "[2]");
    }
}
