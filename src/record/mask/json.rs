//! Redacting JSON in place: what is not replaced stays to the byte, and invalid JSON stays invalid.

use super::Masker;
use super::rules::{self, Rule};
use super::text::{Words, is_decimal};
use super::vocabulary;

/// Where a value stands.
#[derive(Clone, Debug, Default)]
struct Place {
    /// The key that it stands under, normalized; a list's items stand under the list's.
    key: String,
    /// The key of the object around it.
    parent: String,
    /// The rule of a key further up that reaches in here.
    inherited: Option<Rule>,
}

impl Place {
    fn rule(&self) -> Option<Rule> {
        match self.inherited {
            // Whatever its parts are called.
            Some(rule @ (Rule::Secret | Rule::Birth | Rule::Phone | Rule::Coordinate)) => Some(rule),
            inherited => rules::rule_of(&self.key, &self.parent).or(inherited),
        }
    }
}

/// Deeper than any reader goes; what is further down is masked without regard to its keys.
const DEEPEST: usize = 200;

/// An open object or list.
struct Frame {
    is_object: bool,
    /// Whether the next text is a key.
    wants_key: bool,
    place: Place,
    /// Where the object's current value stands.
    value: Place,
}

impl Masker {
    /// A body that begins as JSON does. `numbers` is the rule of numbers under unknown keys.
    pub(super) fn json(&mut self, body: &str, numbers: Rule) -> String {
        let mut walk = Walk {
            masker: self,
            numbers,
            frames: Vec::new(),
            deeper: 0,
            masked: String::with_capacity(body.len()),
        };
        let mut rest = body;
        while let Some(c) = rest.chars().next() {
            let length = match c {
                '"' => walk.text(rest),
                '{' | '[' => walk.open(c),
                '}' | ']' => walk.close(c),
                ',' => walk.comma(),
                ':' => walk.copy(c),
                c if c.is_whitespace() => walk.copy(c),
                _ => walk.bare(rest),
            };
            rest = rest.get(length..).unwrap_or_default();
        }
        walk.masked
    }
}

struct Walk<'m> {
    masker: &'m mut Masker,
    numbers: Rule,
    frames: Vec<Frame>,
    /// How many are open below the deepest frame.
    deeper: usize,
    masked: String,
}

/// Each step takes what stands at the beginning of the rest and returns its length.
impl Walk<'_> {
    fn copy(&mut self, c: char) -> usize {
        self.masked.push(c);
        c.len_utf8()
    }

    fn place(&self) -> Place {
        match self.frames.last() {
            None => Place::default(),
            Some(frame) if frame.is_object => frame.value.clone(),
            Some(frame) => frame.place.clone(),
        }
    }

    fn open(&mut self, bracket: char) -> usize {
        if self.frames.len() >= DEEPEST {
            self.deeper = self.deeper.saturating_add(1);
            return self.copy(bracket);
        }
        let mut place = self.place();
        place.inherited = place.rule().filter(|rule| rule.reaches_inside());
        let is_object = bracket == '{';
        self.frames.push(Frame { is_object, wants_key: is_object, place, value: Place::default() });
        self.copy(bracket)
    }

    fn close(&mut self, bracket: char) -> usize {
        match self.deeper.checked_sub(1) {
            Some(left) => self.deeper = left,
            None => drop(self.frames.pop()),
        }
        self.copy(bracket)
    }

    fn comma(&mut self) -> usize {
        if let Some(frame) = self.frames.last_mut() {
            frame.wants_key = frame.is_object;
        }
        self.copy(',')
    }

    fn text(&mut self, rest: &str) -> usize {
        let length = text_length(rest);
        let (raw, _) = rest.split_at(length);
        let is_too_deep = self.deeper > 0;
        match self.frames.last_mut().filter(|frame| frame.wants_key && !is_too_deep) {
            Some(frame) => {
                frame.wants_key = false;
                let key: String = serde_json::from_str(raw).unwrap_or_default();
                frame.value = Place {
                    key: rules::normalized(&key),
                    parent: frame.place.key.clone(),
                    inherited: frame.place.inherited,
                };
                self.replace(raw, Masker::key);
            }
            None => {
                let rule = if is_too_deep { Rule::Hide } else { self.place().rule().unwrap_or(Rule::Text) };
                self.replace(raw, |masker, text| masker.string(rule, text));
            }
        }
        length
    }

    /// Writes a text in quotes, masked. One that can't be read is masked as it stands.
    fn replace(&mut self, raw: &str, mask: impl Fn(&mut Masker, &str) -> String) {
        let Ok(text) = serde_json::from_str::<String>(raw) else {
            self.masked += &self.masker.broken(raw);
            return;
        };
        let masked = mask(self.masker, &text);
        match serde_json::to_string(&masked) {
            // As it was spelled, where nothing was replaced.
            Ok(masked_raw) if masked != text => self.masked += &masked_raw,
            _ => self.masked += raw,
        }
    }

    fn bare(&mut self, rest: &str) -> usize {
        let length = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '"' | '{' | '}' | '[' | ']' | ',' | ':'))
            .unwrap_or(rest.len());
        let (token, _) = rest.split_at(length);
        let rule = self.place().rule().unwrap_or(self.numbers);
        self.masked += &self.masker.bare(rule, token);
        length
    }
}

impl Masker {
    /// A key: of a map by email address, say.
    pub(super) fn key(&mut self, key: &str) -> String {
        let is_name = !key.is_empty()
            && key.len() <= 64
            && key.chars().all(|c| c.is_ascii_alphanumeric() || "_.$:-".contains(c))
            && !key.starts_with(|c: char| c.is_ascii_digit());
        let is_structure = !self.is_own(key) || is_service_key(key);
        self.words(key, if is_name && is_structure { Words::Structure } else { Words::Vocabulary })
    }

    /// A number, a literal, or what is neither.
    fn bare(&mut self, rule: Rule, token: &str) -> String {
        if matches!(token, "true" | "false" | "null") {
            return token.to_owned();
        }
        let Some((number, exponent)) = split_number(token) else {
            return self.words(token, Words::Vocabulary);
        };
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        let is_whole = !number.contains('.') && exponent.is_empty();
        let masked = match rule {
            Rule::Keep => number.to_owned(),
            Rule::Coordinate => self.shapes.coordinate(number),
            Rule::Id if digits <= 2 => number.to_owned(),
            Rule::Zone | Rule::Text if is_whole && digits >= 7 => self.shapes.digits(number),
            Rule::Zone | Rule::Text => number.to_owned(),
            // A lone digit is nobody's, and another could read as yes or no.
            _ if digits == 1 => number.to_owned(),
            _ => self.shapes.decimal(number),
        };
        masked + exponent
    }

    /// A text that ends too early or has an invalid escape.
    fn broken(&mut self, raw: &str) -> String {
        let mut masked = String::with_capacity(raw.len());
        for (place, part) in raw.split('\\').enumerate() {
            let escape = match (place, part.as_bytes().first()) {
                (0, _) | (_, None) => 0,
                // Letters may be spelled so.
                (_, Some(b'u')) => part.char_indices().nth(5).map_or(part.len(), |(end, _)| end),
                _ => part.chars().next().map_or(0, char::len_utf8),
            };
            let (escape, text) = part.split_at(escape);
            if place > 0 {
                masked.push('\\');
            }
            let is_letter = escape.len() == 5 && !escape.to_ascii_lowercase().starts_with("ud");
            masked += if is_letter { "u0078" } else { escape };
            masked += &self.words(text, Words::Hide);
        }
        masked
    }
}

/// Whether a key belongs to the service, so that it is not a person's name.
pub(in crate::record) fn is_service_key(key: &str) -> bool {
    vocabulary::has(&key.to_lowercase()) || rules::is_listed(&rules::normalized(key))
}

/// A number without its exponent, and the exponent.
fn split_number(token: &str) -> Option<(&str, &str)> {
    let (number, exponent) = token.split_at(token.find(['e', 'E']).unwrap_or(token.len()));
    let power = exponent.trim_start_matches(['e', 'E']).trim_start_matches(['+', '-']);
    let is_power =
        exponent.is_empty() || !power.is_empty() && power.bytes().all(|byte| byte.is_ascii_digit());
    (is_power && is_decimal(number)).then_some((number, exponent))
}

/// The length of a text with its quotes; the rest where the closing one is missing.
fn text_length(rest: &str) -> usize {
    let mut is_escaped = false;
    for (place, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return place.saturating_add(1),
            _ => {}
        }
    }
    rest.len()
}
