//! Replacements that keep the shape of what they replace. They are drawn from HMAC-SHA-256 under the
//! recording's key, so without it nobody can try values out.

use std::collections::{HashMap, HashSet};

use crate::auth::hash::hmac_sha256;

/// Letters of replaced words: without vowels, so that no replacement reads as a name or is in the vocabulary.
const CONSONANTS: [char; 20] =
    ['b', 'c', 'd', 'f', 'g', 'h', 'j', 'k', 'l', 'm', 'n', 'p', 'q', 'r', 's', 't', 'v', 'w', 'x', 'z'];

const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];

/// How often another replacement is drawn where the first will not do.
const TRIES: u32 = 64;

/// What has been replaced by what.
pub(super) struct Replacements {
    key: [u8; 32],
    known: HashMap<(Label, String), String>,
    taken: HashSet<(Label, String)>,
}

/// What a value is: the same text may be two things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Label {
    Word,
    Digits,
    Decimal,
    Uuid,
    Email,
    Url,
    Date,
    Coordinate,
}

impl Label {
    fn name(self) -> &'static [u8] {
        match self {
            Self::Word => b"word",
            Self::Digits => b"digits",
            Self::Decimal => b"decimal",
            Self::Uuid => b"uuid",
            Self::Email => b"email",
            Self::Url => b"url",
            Self::Date => b"date",
            Self::Coordinate => b"coordinate",
        }
    }
}

impl Replacements {
    pub(super) fn new(key: [u8; 32]) -> Self {
        Self { key, known: HashMap::new(), taken: HashSet::new() }
    }

    /// What was replaced so far, in the form in which it was looked up.
    pub(super) fn originals(&self) -> impl Iterator<Item = (Label, &str)> {
        self.known.keys().map(|(label, original)| (*label, original.as_str()))
    }

    /// Whether something was replaced by this.
    pub(super) fn is_replacement(&self, label: Label, text: &str) -> bool {
        self.taken.contains(&(label, text.to_lowercase()))
    }

    /// Whether these digits are a part of a number that something was replaced by.
    pub(super) fn is_in_replacement(&self, digits: &str) -> bool {
        let has_digits = |(label, drawn): &(Label, String)| {
            matches!(label, Label::Digits | Label::Word) && drawn.contains(digits)
        };
        self.is_replacement(Label::Digits, digits) || self.taken.iter().any(has_digits)
    }

    /// The replacement of a value: the same each time, and another one than that of any other value where there
    /// are enough of that shape.
    fn replace(&mut self, label: Label, original: &str, draw: impl Fn(&mut Stream<'_>) -> String) -> String {
        let place = (label, original.to_owned());
        if let Some(known) = self.known.get(&place) {
            return known.clone();
        }
        let mut drawn = String::new();
        for attempt in 0..TRIES {
            drawn = draw(&mut Stream::new(&self.key, label, original, attempt));
            if drawn != original && !self.taken.contains(&(label, drawn.clone())) {
                break;
            }
        }
        self.taken.insert((label, drawn.clone()));
        self.known.insert(place, drawn.clone());
        drawn
    }

    /// A word of letters, or letters and digits: as long, with capitals in the same places.
    pub(super) fn word(&mut self, word: &str) -> String {
        let lower = word.to_lowercase();
        let length = word.chars().count();
        let is_hex = length >= 8
            && lower.bytes().any(|byte| byte.is_ascii_digit())
            && lower.bytes().all(|byte| byte.is_ascii_hexdigit());
        // Lower case may be longer than the word.
        let drawn = self.replace(Label::Word, &lower, |stream| {
            let letter = |c: char| match c {
                _ if is_hex => stream.pick(&HEX),
                c if c.is_numeric() => char::from(b'0' + stream.below(10)),
                _ => stream.pick(&CONSONANTS),
            };
            lower.chars().take(length).map(letter).collect()
        });
        let capital = |(drawn, original): (char, char)| {
            if original.is_uppercase() { drawn.to_ascii_uppercase() } else { drawn }
        };
        drawn.chars().zip(word.chars()).map(capital).collect()
    }

    /// The ASCII digits of a text, all of them together; everything else stays. Zeros in front stay, and a number
    /// that fits into 64 bits still does. A 1 can be read as a yes, so it stays, and nothing else becomes one.
    pub(super) fn digits(&mut self, text: &str) -> String {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if digits == "1" || digits.bytes().all(|digit| digit == b'0') {
            return text.to_owned();
        }
        let size =
            |digits: &str| (digits.parse::<i64>().is_ok(), digits.parse::<u64>().is_ok(), digits == "1");
        let drawn = self.replace(Label::Digits, &digits, |stream| {
            // Drawing again inside keeps the count of tries for collisions.
            for _ in 0..TRIES {
                let drawn = draw_digits(stream, &digits);
                if size(&drawn) == size(&digits) {
                    return drawn;
                }
            }
            draw_digits(stream, &digits)
        });
        overlay(text, &drawn)
    }

    /// A decimal number, without its exponent: zeros in front stay, and a whole number stays whole.
    pub(super) fn decimal(&mut self, number: &str) -> String {
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if fraction.bytes().all(|digit| digit == b'0') {
            return self.digits(whole) + number.get(whole.len()..).unwrap_or_default();
        }
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let places = fraction.len();
        let drawn = self.replace(Label::Decimal, &format!("{digits}e-{places}"), |stream| {
            let mut drawn = draw_digits(stream, &digits);
            drawn.pop();
            drawn.push(char::from(b'1' + stream.below(9)));
            drawn
        });
        overlay(number, &drawn)
    }

    /// Degrees: as many digits, within bounds. The zero that stands for none stays.
    pub(super) fn coordinate(&mut self, number: &str) -> String {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        if digits.bytes().all(|digit| digit == b'0') {
            return number.to_owned();
        }
        let whole = number.trim_start_matches(['-', '+']).split('.').next().map_or(0, str::len);
        let drawn = self.replace(Label::Coordinate, &digits, |stream| {
            let degree = |(place, _): (usize, char)| match (whole, place) {
                (3, 0) => '1',
                (3, 1) => char::from(b'0' + stream.below(7)),
                (2, 0) => char::from(b'1' + stream.below(8)),
                (1, 0) => char::from(b'1' + stream.below(9)),
                // A zero at the end is not written by everyone.
                (_, place) if place.saturating_add(1) == digits.len() => char::from(b'1' + stream.below(9)),
                _ => char::from(b'0' + stream.below(10)),
            };
            digits.chars().enumerate().map(degree).collect()
        });
        overlay(number, &drawn)
    }

    /// A UUID of the same version and variant, in the same case.
    pub(super) fn uuid(&mut self, uuid: &str) -> String {
        let lower = uuid.to_ascii_lowercase();
        let drawn = self.replace(Label::Uuid, &lower, |stream| {
            let digit = |(place, c): (usize, char)| match (place, c) {
                (_, '-') | (14 | 19, _) => c,
                _ => stream.pick(&HEX),
            };
            lower.chars().enumerate().map(digit).collect()
        });
        if uuid.chars().any(|c| c.is_ascii_uppercase()) { drawn.to_ascii_uppercase() } else { drawn }
    }

    /// An email address at `example.com`.
    pub(super) fn email(&mut self, email: &str) -> String {
        self.replace(Label::Email, &email.to_lowercase(), |stream| {
            format!("{}@example.com", stream.letters(10))
        })
    }

    /// An address below `https://example.com/`, with the same ending where that says what kind of file it is.
    pub(super) fn url(&mut self, url: &str) -> String {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let ending = match path.rsplit_once('.') {
            Some((_, ending @ ("png" | "jpg" | "jpeg" | "gif" | "svg" | "webp"))) => format!(".{ending}"),
            _ => String::new(),
        };
        self.replace(Label::Url, url, |stream| format!("https://example.com/{}{ending}", stream.letters(12)))
    }

    /// A date `YYYY-MM-DD` of the last century; one that no calendar has stays without a place there.
    pub(super) fn date(&mut self, date: &str) -> String {
        let is_valid = date.parse::<jiff::civil::Date>().is_ok();
        let rest = date.get(4..).unwrap_or_default();
        self.replace(Label::Date, date, |stream| {
            let year = 1950 + u16::from(stream.below(50));
            let (month, day) = (1 + stream.below(12), 1 + stream.below(28));
            if is_valid { format!("{year}-{month:02}-{day:02}") } else { format!("{year}{rest}") }
        })
    }
}

fn draw_digits(stream: &mut Stream<'_>, digits: &str) -> String {
    let mut is_leading = true;
    let digit = |c: char| match c {
        '0' if is_leading => '0',
        _ if is_leading => {
            is_leading = false;
            char::from(b'1' + stream.below(9))
        }
        _ => char::from(b'0' + stream.below(10)),
    };
    digits.chars().map(digit).collect()
}

/// A text with other digits in the places of its own.
fn overlay(text: &str, digits: &str) -> String {
    let mut digits = digits.chars();
    text.chars().map(|c| if c.is_ascii_digit() { digits.next().unwrap_or(c) } else { c }).collect()
}

/// Bytes that depend on the key, the value and the attempt.
struct Stream<'k> {
    key: &'k [u8; 32],
    seed: Vec<u8>,
    block: u32,
    bytes: std::array::IntoIter<u8, 32>,
}

impl<'k> Stream<'k> {
    fn new(key: &'k [u8; 32], label: Label, original: &str, attempt: u32) -> Self {
        let seed = [label.name(), b"\0", &attempt.to_be_bytes(), original.as_bytes()].concat();
        let bytes = hmac_sha256(key, &[&seed, &0_u32.to_be_bytes()]).into_iter();
        Self { key, seed, block: 0, bytes }
    }

    fn byte(&mut self) -> u8 {
        if let Some(byte) = self.bytes.next() {
            return byte;
        }
        self.block = self.block.wrapping_add(1);
        self.bytes = hmac_sha256(self.key, &[&self.seed, &self.block.to_be_bytes()]).into_iter();
        self.bytes.next().unwrap_or_default()
    }

    /// A number below `end`, which is not 0.
    fn below(&mut self, end: u8) -> u8 {
        self.byte().checked_rem(end).unwrap_or_default()
    }

    fn pick<const N: usize>(&mut self, letters: &[char; N]) -> char {
        let place = usize::from(self.byte()).checked_rem(N).unwrap_or_default();
        letters.get(place).copied().unwrap_or('x')
    }

    fn letters(&mut self, count: usize) -> String {
        (0..count).map(|_| self.pick(&CONSONANTS)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replacements() -> Replacements {
        Replacements::new([7; 32])
    }

    #[test]
    fn the_same_value_gets_the_same_replacement_under_one_key_only() {
        let mut one = replacements();
        let first = one.word("Pat");
        assert_eq!(first, one.word("Pat"));
        assert_eq!(first.to_uppercase(), one.word("PAT"));
        assert_eq!(first, replacements().word("Pat"));
        assert_ne!(first, Replacements::new([8; 32]).word("Pat"));
        assert_eq!(one.digits("311787488"), one.digits("311-787-488").replace('-', ""));
    }

    #[test]
    fn shapes_are_kept() {
        let mut some = replacements();
        let word = some.word("Tūī");
        assert!(word.is_ascii() && word.len() == 3 && word.starts_with(char::is_uppercase), "{word}");
        let uuid = some.uuid("0B5C1F2E-6A41-4B0C-9D3E-7F1A2B3C4D5E");
        assert_eq!((uuid.len(), uuid.as_bytes()[14], uuid.as_bytes()[19]), (36, b'4', b'9'));
        assert_eq!(uuid, uuid.to_uppercase());
        let phone = some.digits("+1 (312) 555-0100");
        assert!(phone.starts_with('+') && phone.len() == 17 && phone.contains(") "), "{phone}");
        assert!(some.digits("0411").starts_with('0'));
        assert_eq!(some.digits("000"), "000");
        assert!(some.email("pat@club.example").ends_with("@example.com"));
        assert!(some.url("https://img.example/pat.png?x=1").ends_with(".png"));
        let date = some.date("1984-02-29");
        date.parse::<jiff::civil::Date>().unwrap();
        assert!(some.date("1984-13-45").ends_with("-13-45"));
    }

    #[test]
    fn numbers_stay_numbers_of_their_kind() {
        let mut some = replacements();
        for number in ["160.0", "12", "0.25", "349.38", "1.5", "100.10"] {
            let drawn = some.decimal(number);
            assert_eq!(drawn.len(), number.len());
            let (one, other): (f64, f64) = (number.parse().unwrap(), drawn.parse().unwrap());
            assert_eq!(one.fract() == 0.0, other.fract() == 0.0, "{number} {drawn}");
        }
        for place in ["41.9403", "-87.653800", "174.7437", "9.5", "-179"] {
            let drawn = some.coordinate(place);
            assert!(drawn.parse::<f64>().unwrap().abs() < 180.0 && drawn.len() == place.len(), "{drawn}");
        }
        assert_eq!(some.coordinate("0.00000000"), "0.00000000");
        some.digits(&i64::MAX.to_string()).parse::<i64>().unwrap();
        some.digits(&u64::MAX.to_string()).parse::<u64>().unwrap();
    }

    #[test]
    fn different_values_stay_different() {
        let mut some = replacements();
        let drawn: HashSet<String> = (100..400).map(|number| some.digits(&number.to_string())).collect();
        assert_eq!(drawn.len(), 300);
    }
}
