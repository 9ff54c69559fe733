//! Redacting one text: a whole value, or a piece of something that is not JSON.

use super::Masker;
use super::rules::Rule;
use super::shapes::Label;
use super::vocabulary;
use crate::record::spans::{self, Span};

/// What happens to words that nothing else is known of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    /// Kept: the words of a key.
    Structure,
    /// Kept, unless they are the member's own.
    Keep,
    /// Kept where the vocabulary has them.
    Vocabulary,
    /// Replaced.
    Hide,
}

/// Longer than this a text is no enumeration.
const LONGEST_KEPT: usize = 48;

impl Masker {
    /// A text that stands under a key of this rule.
    pub(super) fn string(&mut self, rule: Rule, text: &str) -> String {
        let trimmed = text.trim();
        let is_bool = ["true", "false", "yes", "no", "null", "none"]
            .iter()
            .any(|word| trimmed.eq_ignore_ascii_case(word));
        if trimmed.is_empty() || is_bool {
            return text.to_owned();
        }
        let is_number = is_decimal(trimmed);
        match rule {
            Rule::Secret => "REDACTED".to_owned(),
            Rule::Zone if crate::decode::time_zone(text).is_some() => text.to_owned(),
            Rule::Keep if is_figure(trimmed) => text.to_owned(),
            Rule::Keep if text.len() <= LONGEST_KEPT => self.words(text, Words::Keep),
            Rule::Coordinate if is_number => self.shapes.coordinate(text),
            Rule::Measure if is_number => self.shapes.decimal(text),
            Rule::Phone if !trimmed.contains(char::is_alphabetic) => self.shapes.digits(text),
            Rule::Birth if starts_with_date(text) => {
                let (date, rest) = text.split_at(10);
                self.shapes.date(date) + rest
            }
            Rule::Id | Rule::Text if is_number && trimmed.len() <= 2 => text.to_owned(),
            Rule::Id | Rule::Text if is_number => self.shapes.decimal(text),
            Rule::Email | Rule::Hide | Rule::Id | Rule::Phone | Rule::Birth | Rule::Coordinate => {
                self.words(text, Words::Hide)
            }
            Rule::Keep | Rule::Text | Rule::Zone | Rule::Measure => self.words(text, Words::Vocabulary),
        }
    }

    /// A text piece by piece.
    pub(super) fn words(&mut self, text: &str, words: Words) -> String {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let found = spans::first(rest);
            let (piece, after) = rest.split_at(found.map_or(c.len_utf8(), |(_, length)| length));
            let masked = found.map_or_else(|| piece.to_owned(), |(span, _)| self.piece(span, piece, words));
            pieces.push(Piece { text: piece, masked, is_word: matches!(found, Some((Span::Word, _))) });
            rest = after;
        }
        if words != Words::Structure {
            for at in house_numbers(&pieces) {
                if let Some(piece) = pieces.get_mut(at) {
                    piece.masked = self.shapes.word(piece.text);
                }
            }
        }
        pieces.into_iter().map(|piece| piece.masked).collect()
    }

    /// Whether a recorded text has the number of a house beside a word that was replaced.
    pub(in crate::record) fn leaves_house_number(&self, text: &str) -> bool {
        const SHORTEST: usize = 4;
        let is_replaced =
            |word: &str| word.len() >= SHORTEST && self.shapes.is_replacement(Label::Word, word);
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let found = spans::first(rest);
            let (piece, after) = rest.split_at(found.map_or(c.len_utf8(), |(_, length)| length));
            let masked = if is_replaced(piece) { String::new() } else { piece.to_owned() };
            pieces.push(Piece { text: piece, masked, is_word: matches!(found, Some((Span::Word, _))) });
            rest = after;
        }
        let left = house_numbers(&pieces).into_iter().filter_map(|at| pieces.get(at));
        let is_written = |text: &str| {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            // A lone 1 and zeros are never replaced.
            digits == "1"
                || digits.bytes().all(|digit| digit == b'0')
                || self.shapes.is_replacement(Label::Word, text)
                || self.shapes.is_replacement(Label::Digits, &digits)
        };
        left.into_iter().any(|piece| !is_written(piece.text))
    }

    fn piece(&mut self, span: Span, piece: &str, words: Words) -> String {
        match span {
            Span::Email => self.shapes.email(piece),
            Span::Url => self.shapes.url(piece),
            Span::Uuid => self.shapes.uuid(piece),
            Span::Token => "REDACTED".to_owned(),
            Span::Phone => self.shapes.digits(piece),
            Span::Date => match piece.split_at_checked(10) {
                Some((date, time)) if is_birth_year(date.get(..4)) => self.shapes.date(date) + time,
                _ => piece.to_owned(),
            },
            Span::SlashDate if is_birth_year(piece.get(piece.len().saturating_sub(4)..)) => {
                self.shapes.digits(piece)
            }
            Span::SlashDate => piece.to_owned(),
            Span::Word => self.word(piece, words),
        }
    }

    fn word(&mut self, word: &str, words: Words) -> String {
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let is_kept = match words {
            // No word has as many: an id or a phone number, whatever letters are around it.
            _ if digits >= 7 => false,
            Words::Hide => false,
            Words::Structure => true,
            _ if self.is_own(word) => false,
            Words::Keep => true,
            Words::Vocabulary if is_number => word.len() <= 4,
            Words::Vocabulary => is_known(word),
        };
        match is_kept {
            true => word.to_owned(),
            false if is_number => self.shapes.digits(word),
            false => self.shapes.word(word),
        }
    }
}

/// A piece of a text, and what stands for it.
struct Piece<'t> {
    text: &'t str,
    masked: String,
    is_word: bool,
}

impl Piece<'_> {
    /// A number of up to six digits, with a letter after it perhaps, that was kept.
    fn may_be_house_number(&self) -> bool {
        let number = self.text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let letters = self.text.len().saturating_sub(number.len());
        // Classes come as 2G and 3G.
        let is_group = letters == 1 && self.text.len() == 2 && self.text.ends_with(['G', 'g']);
        (1..=6).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && letters <= 1
            && !is_group
            && self.masked == self.text
    }
}

/// The places of kept numbers that belong to an address: beside a replaced word, or up to three words before a word
/// for a street, or after one for a flat.
fn house_numbers(pieces: &[Piece<'_>]) -> Vec<usize> {
    let forward: Vec<_> = pieces.iter().enumerate().collect();
    let backward: Vec<_> = pieces.iter().enumerate().rev().collect();
    let mut found = beside(&forward, vocabulary::FLATS, 1);
    found.extend(beside(&backward, vocabulary::STREETS, 4));
    found
}

/// Goes over the pieces and takes the numbers that follow a replaced word, or one of these words within `reach` words.
fn beside(pieces: &[(usize, &Piece<'_>)], signs: &[&str], reach: usize) -> Vec<usize> {
    const LONGEST_GAP: usize = 3;
    let (mut found, mut left, mut gap) = (Vec::new(), 0_usize, 0_usize);
    for (at, piece) in pieces {
        if !piece.is_word {
            gap = gap.saturating_add(1);
            let is_gap =
                piece.text.len() == 1 && piece.text.contains([' ', ',', '.', '#', '-', '/', '\n', '\r']);
            if !is_gap || gap > LONGEST_GAP {
                left = 0;
            }
            continue;
        }
        gap = 0;
        if piece.masked != piece.text {
            left = left.max(1);
        } else if signs.contains(&piece.text.to_lowercase().as_str()) {
            left = reach;
        } else if left > 0 && piece.may_be_house_number() {
            found.push(*at);
            left = left.max(1);
        } else {
            left = left.saturating_sub(1);
        }
    }
    found
}

/// Whether the vocabulary has a word, or each part of it between digits.
fn is_known(word: &str) -> bool {
    let lower = word.to_lowercase();
    let digits = lower.bytes().filter(u8::is_ascii_digit).count();
    digits <= 4
        && lower.split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty()).all(vocabulary::has)
}

/// Nothing of the service is older than this, so a date before it is somebody's. Years before 1900 stand for
/// no date at all.
fn is_birth_year(year: Option<&str>) -> bool {
    year.and_then(|year| year.parse().ok()).is_some_and(|year: u16| (1900..2010).contains(&year))
}

fn starts_with_date(text: &str) -> bool {
    matches!(spans::first(text), Some((Span::Date, _)))
}

/// Digits with at most one point and a sign before them.
pub(in crate::record) fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction)
}

/// A figure, a time, or several: not a number that could be a phone's or an id.
fn is_figure(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let has_mark = text.contains([':', ';', ',', '%']) || is_decimal(text) && text.contains('.');
    (has_mark || digits < 7) && text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.:;,% ".contains(&byte))
}
