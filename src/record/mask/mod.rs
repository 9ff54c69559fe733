//! Redacting personal data in a response, so that it still decodes as before.
//!
//! Decided by the key (`rules`), by the form of a piece of text (`spans`), and for what neither knows by a
//! vocabulary of harmless words. What a reader would refuse in the original it refuses in the result.

mod json;
mod rules;
mod shapes;
#[cfg(test)]
mod tests;
mod text;
mod vocabulary;

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

pub(super) use self::json::is_service_key;
use self::rules::Rule;
use self::shapes::{Label, Replacements};
use self::text::Words;
pub(super) use self::text::is_decimal;

/// Redacts the responses of one recording.
pub(super) struct Masker {
    shapes: Replacements,
    /// Words of the member's own name and address, in lower case: masked even where the vocabulary has them.
    own: BTreeSet<String>,
}

impl Masker {
    pub(super) fn new(key: [u8; 32]) -> Self {
        Self { shapes: Replacements::new(key), own: BTreeSet::new() }
    }

    /// Learns the member's names from an ID token, which each request carries.
    pub(super) fn learn_from_token(&mut self, token: &str) {
        let claims = token.split('.').nth(1).and_then(|claims| URL_SAFE_NO_PAD.decode(claims).ok());
        let claims = claims.and_then(|claims| serde_json::from_slice::<Value>(&claims).ok());
        for (name, value) in claims.as_ref().and_then(Value::as_object).into_iter().flatten() {
            let is_name = ["name", "given_name", "family_name", "nickname", "preferred_username"];
            match value.as_str() {
                Some(text) if is_name.contains(&name.as_str()) => self.learn(text),
                Some(text) if name == "email" => self.learn(text.split('@').next().unwrap_or_default()),
                _ => {}
            }
        }
    }

    /// Learns words that are never to be shown.
    pub(super) fn learn(&mut self, text: &str) {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= 2);
        self.own.extend(words.map(str::to_lowercase));
    }

    /// The values that must not be found in the recording.
    pub(super) fn personal(&self) -> Vec<String> {
        let is_telling = |label, original: &str| match label {
            Label::Email | Label::Uuid => true,
            Label::Digits => original.len() >= 7,
            _ => false,
        };
        let originals = self.shapes.originals().filter(|(label, original)| is_telling(*label, original));
        originals.map(|(_, original)| original.to_owned()).chain(self.own.iter().cloned()).collect()
    }

    /// Whether a value of an enumeration may be shown as it is.
    pub(super) fn keeps_enumeration(&mut self, value: &str) -> bool {
        self.string(Rule::Keep, value) == value
    }

    /// Whether this UUID stands for another.
    pub(super) fn wrote_uuid(&self, uuid: &str) -> bool {
        self.shapes.is_replacement(Label::Uuid, uuid)
    }

    /// Whether the digits of this number stand for others. Zeros are never replaced.
    pub(super) fn wrote_number(&self, number: &str) -> bool {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        digits.bytes().all(|digit| digit == b'0') || self.shapes.is_in_replacement(&digits)
    }

    /// Whether this word stands for another.
    pub(super) fn wrote_word(&self, word: &str) -> bool {
        self.shapes.is_replacement(Label::Word, word)
    }

    /// The body of a response to a request of this path.
    pub(super) fn body(&mut self, path: &str, body: &[u8]) -> Vec<u8> {
        let numbers = if path.ends_with("/body-composition") { Rule::Measure } else { Rule::Text };
        let is_json = |text: &str| {
            text.trim_start().starts_with(['{', '[', '"'])
                || serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
        };
        match std::str::from_utf8(body) {
            Ok(text) if is_json(text) => self.json(text, numbers).into_bytes(),
            Ok(text) => self.words(text, Words::Vocabulary).into_bytes(),
            Err(_) => {
                let mut masked = Vec::with_capacity(body.len());
                for chunk in body.utf8_chunks() {
                    masked.extend(self.words(chunk.valid(), Words::Vocabulary).into_bytes());
                    masked.extend(chunk.invalid());
                }
                masked
            }
        }
    }

    /// A segment of a path that is no word of the service.
    pub(super) fn segment(&mut self, segment: &str) -> String {
        self.string(Rule::Id, segment)
    }

    /// The name of a query parameter.
    pub(super) fn query_name(&mut self, name: &str) -> String {
        self.key(name)
    }

    /// The value of a query parameter.
    pub(super) fn query(&mut self, name: &str, value: &str) -> String {
        self.string(rules::rule_of_query(name).unwrap_or(Rule::Text), value)
    }

    /// Whether a segment of a path has one of the member's words in it, glued to other letters or not. A short word is
    /// part of many others, so it counts only by itself.
    pub(super) fn has_own(&self, segment: &str) -> bool {
        let segment = segment.to_lowercase();
        self.own.iter().any(|word| segment == *word || word.chars().count() >= 4 && segment.contains(word))
    }

    /// Whether a word is the member's own.
    pub(super) fn is_own(&self, word: &str) -> bool {
        !self.own.is_empty() && self.own.contains(&word.to_lowercase())
    }
}
