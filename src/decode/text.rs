//! Names and texts that come from outside.

/// Whether two names differ in nothing but case, blanks, `_` and `-`.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    fn letters(name: &str) -> impl Iterator<Item = char> + '_ {
        name.chars().filter(|c| !matches!(c, '_' | '-') && !c.is_whitespace()).map(|c| c.to_ascii_lowercase())
    }
    letters(one).eq(letters(other))
}

/// A text for a terminal or a log: control characters and those that change the writing direction become `\u{fffd}`.
///
/// A class may be called anything, escape sequences included.
pub(crate) fn printable(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains(is_unprintable) { text.replace(is_unprintable, "\u{fffd}").into() } else { text.into() }
}

fn is_unprintable(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printable_replaces_control_and_bidi_characters() {
        assert_eq!(printable("Tread 50\u{1b}[2J\u{202e}x\n"), "Tread 50\u{fffd}[2J\u{fffd}x\u{fffd}");
        assert!(matches!(printable("Zoë – שלום"), std::borrow::Cow::Borrowed("Zoë – שלום")));
    }
}
