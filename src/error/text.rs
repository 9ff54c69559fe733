//! Makes text from outside safe to show: printable, short, and without personal data.

use std::fmt;

/// The longest text shown, in characters. Anything longer is a page, not a message.
const MAX_CHARS: usize = 300;

/// The longest word shown, in bytes. Tokens are longer.
const MAX_WORD: usize = 60;

/// Digits in a phone number. A date has eight.
const PHONE_NUMBER_DIGITS: usize = 9;

/// A service's message, redacted: email addresses, phone numbers and tokens, which a service may echo, become `…`. The
/// result is printable and at most 300 characters long.
pub(crate) fn redact(text: &str) -> String {
    let mut redacted = String::new();
    let mut rest = text;
    // Four bytes is the most that a character has.
    while !rest.is_empty() && redacted.len() <= 4 * MAX_CHARS {
        let end = rest.find(is_separator).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        redacted.push_str(if is_private(word) { "…" } else { word });
        let mut after = after.chars();
        redacted.extend(after.next());
        rest = after.as_str();
    }
    shorten(&redacted)
}

/// The text in at most 300 printable characters.
pub(crate) fn shorten(text: &str) -> String {
    text.chars().take(MAX_CHARS).map(printable_char).collect()
}

/// The text with each character that could control a terminal or reorder what is shown replaced: control characters by
/// a space, bidirectional controls and other invisible characters by `�`.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(printable_char).collect()
}

/// Writes [`printable`] text: `Display` of errors goes through it.
pub(crate) struct Printable<'a, 'b>(pub(crate) &'a mut fmt::Formatter<'b>);

impl fmt::Write for Printable<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|char| self.0.write_char(printable_char(char)))
    }
}

fn printable_char(char: char) -> char {
    match char {
        _ if char.is_control() => ' ',
        '\u{2028}' | '\u{2029}' => ' ',
        _ if is_invisible(char) => char::REPLACEMENT_CHARACTER,
        _ => char,
    }
}

/// Unicode's format characters that hide, reorder or tag text (UAX #9, UTS #39). The zero-width joiners U+200C and
/// U+200D stay: names in Persian and emoji need them.
fn is_invisible(char: char) -> bool {
    matches!(char,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether a character ends a word. A plus, a minus or a dot can be part of an email address.
fn is_separator(char: char) -> bool {
    char.is_whitespace() || char.is_control() || "\"'`,;:=<>()[]{}|&?".contains(char)
}

fn is_private(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    word.contains('@')
        || word.contains("%40")
        || word.len() > MAX_WORD
        || (digits >= PHONE_NUMBER_DIGITS && !word.bytes().any(|byte| byte.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    struct Shown<'a>(&'a str);

    impl fmt::Display for Shown<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            Printable(f).write_str(self.0)
        }
    }

    #[test]
    fn redact_removes_addresses_numbers_and_tokens() {
        let token = "x".repeat(61);
        for (text, expected) in [
            ("no member pat@example.com here", "no member … here"),
            ("email=pat%40example.com&x=1", "email=…&x=1"),
            ("<pat+otf@example.com>: unknown", "<…>: unknown"),
            ("call +13125550199 now", "call … now"),
            ("'312-555-0199'", "'…'"),
            (&format!("Bearer {token} is bad"), "Bearer … is bad"),
            ("two\r\nlines\0", "two  lines "),
        ] {
            assert_eq!(redact(text), expected);
        }
    }

    #[test]
    fn redact_leaves_other_text_alone() {
        for text in [
            "Incorrect username or password.",
            "class 0b5c1f2e-6a41-4b0c-9d3e-7f1a2b3c4d5e on 2026-04-01T06:30:00Z is full (603)",
            "UserLambdaValidationException: PreAuthentication failed with error \"Rate exceeded\".",
            "",
        ] {
            assert_eq!(redact(text), text);
        }
    }

    #[test]
    fn redact_shortens_pages() {
        assert_eq!(redact(&"word ".repeat(1_000_000)).chars().count(), 300);
        assert_eq!(redact(&"ä".repeat(1_000_000)), "…");
    }

    #[test]
    fn nothing_shown_controls_a_terminal_or_reorders_text() {
        let text = "a\u{1b}[2Jb\u{9b}c\r\nd\u{202e}e\u{200b}f\u{2066}g\u{feff}h\u{e0041}i\u{2028}j";
        for shown in [redact(text), shorten(text), printable(text), Shown(text).to_string()] {
            assert_eq!(shown, "a [2Jb c  d�e�f�g�h�i j");
        }
        let names = "Zoë, Bjørn, 李, نرگس‌ها, 👩‍👧";
        assert_eq!(Shown(names).to_string(), names);
    }
}
