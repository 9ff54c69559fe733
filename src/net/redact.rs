//! What a service said, made fit to be shown: short, on one line, and without what tells who a person is.

/// A message is shown to people: longer than this it is a page, not a message.
const LONGEST: usize = 300;

/// No word of a message is longer; a token is.
const LONGEST_WORD: usize = 60;

/// A phone number has so many digits; a date has eight.
const NUMBER_OF_A_PERSON: usize = 9;

/// The text as it may be shown: a service may repeat what it was asked for, and with it an address, a number or a
/// token.
pub(crate) fn shown(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(is_between).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        shown.push_str(if is_private(word) { "…" } else { word });
        let mut after = after.chars();
        shown.extend(after.next().map(|between| if between.is_control() { ' ' } else { between }));
        rest = after.as_str();
        if shown.len() > 4 * LONGEST {
            break;
        }
    }
    shown.chars().take(LONGEST).collect()
}

/// What is shown as it is, such as a name that the answer has chosen, on one line and not too long.
pub(crate) fn line(name: &str) -> String {
    name.chars().filter(|char| !char.is_control()).take(LONGEST).collect()
}

/// What stands between words. A plus, a minus or a dot can be inside an address.
fn is_between(char: char) -> bool {
    char.is_whitespace() || char.is_control() || "\"'`,;:=<>()[]{}|&?".contains(char)
}

fn is_private(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    word.contains('@')
        || word.contains("%40")
        || word.len() > LONGEST_WORD
        || (digits >= NUMBER_OF_A_PERSON && !word.bytes().any(|byte| byte.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_numbers_and_tokens_are_left_out() {
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
            assert_eq!(shown(text), expected);
        }
    }

    #[test]
    fn everything_else_stays() {
        for text in [
            "Incorrect username or password.",
            "class 0b5c1f2e-6a41-4b0c-9d3e-7f1a2b3c4d5e on 2026-04-01T06:30:00Z is full (603)",
            "UserLambdaValidationException: PreAuthentication failed with error \"Rate exceeded\".",
            "",
        ] {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn a_page_is_cut_short() {
        assert_eq!(shown(&"word ".repeat(1_000_000)).chars().count(), 300);
        assert_eq!(shown(&"ä".repeat(1_000_000)), "…");
    }
}
