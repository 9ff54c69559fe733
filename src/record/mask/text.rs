//! Masking one text: a whole value, or a piece of something that is no JSON.

use super::Masker;
use super::rules::Rule;
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
            Rule::Zone if crate::models::time_zone(text).is_some() => text.to_owned(),
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
        let mut masked = String::with_capacity(text.len());
        let mut rest = text;
        let mut at_edge = true;
        while let Some(c) = rest.chars().next() {
            let Some((span, length)) = spans::first(rest, at_edge) else {
                masked.push(c);
                at_edge = true;
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
                continue;
            };
            let (piece, after) = rest.split_at(length);
            masked += &self.piece(span, piece, words);
            at_edge = false;
            rest = after;
        }
        masked
    }

    fn piece(&mut self, span: Span, piece: &str, words: Words) -> String {
        match span {
            Span::Email => self.shapes.email(piece),
            Span::Url => self.shapes.url(piece),
            Span::Uuid => self.shapes.uuid(piece),
            Span::Token => "REDACTED".to_owned(),
            Span::Phone => self.shapes.digits(piece),
            Span::Date => match piece.split_at_checked(10) {
                Some((date, time)) if is_of_a_birth(date.get(..4)) => self.shapes.date(date) + time,
                _ => piece.to_owned(),
            },
            Span::SlashDate if is_of_a_birth(piece.get(piece.len().saturating_sub(4)..)) => {
                self.shapes.digits(piece)
            }
            Span::SlashDate => piece.to_owned(),
            Span::Word => self.word(piece, words),
        }
    }

    fn word(&mut self, word: &str, words: Words) -> String {
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        let is_kept = match words {
            Words::Hide => false,
            Words::Structure => !is_number || word.len() < 7,
            _ if self.is_own(word) => false,
            Words::Keep => !is_number || word.len() < 7,
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

/// Whether the vocabulary has a word, or each part of it between digits.
fn is_known(word: &str) -> bool {
    let lower = word.to_lowercase();
    let digits = lower.bytes().filter(u8::is_ascii_digit).count();
    digits <= 4
        && lower.split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty()).all(vocabulary::has)
}

/// Nothing of the service is older than this, so a date before it is somebody's. Years before 1900 stand for
/// no date at all.
fn is_of_a_birth(year: Option<&str>) -> bool {
    year.and_then(|year| year.parse().ok()).is_some_and(|year: u16| (1900..2010).contains(&year))
}

fn starts_with_date(text: &str) -> bool {
    matches!(spans::first(text, true), Some((Span::Date, _)))
}

/// Digits with at most one point and a sign before them.
pub(super) fn is_decimal(text: &str) -> bool {
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
