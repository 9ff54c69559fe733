//! Searching a recording for personal data.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use super::manifest::is_of_an_endpoint;
use super::mask::{Masker, is_decimal, is_service_key};
use super::spans::{self, Span};
use crate::client::percent_encode;

/// Something in a file of a recording that is or looks personal. It does not contain the value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Leak {
    /// The file, below the recording's directory.
    pub file: PathBuf,
    /// What was found.
    pub what: String,
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file.display(), self.what)
    }
}

/// Searches all files below a directory for these values (such as your name, address and ids), ignoring case, and for
/// anything that looks like an email address, a web address or a token.
///
/// A value of letters alone counts where it is a whole word, unless that is a word of an endpoint in a path, or one of
/// the service's keys: Member is not found in `/member/members`. A name that is another word of the service, such as
/// Green, can be found where it means the color.
///
/// # Errors
///
/// If the files cannot be read.
pub fn check(directory: impl AsRef<Path>, values: &[impl AsRef<str>]) -> io::Result<Vec<Leak>> {
    search(directory.as_ref(), values, None)
}

/// As [`check`]; a recording's own masker also tells which ids and numbers it has not written itself.
pub(super) fn search(
    directory: &Path,
    values: &[impl AsRef<str>],
    masker: Option<&Masker>,
) -> io::Result<Vec<Leak>> {
    let index = Index::new(values);
    let mut leaks = Vec::new();
    for path in files(directory)? {
        let file = path.strip_prefix(directory).unwrap_or(&path).to_owned();
        let bytes = fs::read(&path)?;
        let mut found = BTreeSet::new();
        for text in [
            String::from_utf8_lossy(&bytes).into_owned(),
            decode_escapes(&bytes),
            file.to_string_lossy().into(),
        ] {
            let text = text.replace("@example.com", " ").replace("https://example.com/", " ");
            patterns(&text, masker, &mut found);
            let values = index.search(&without_keys(&without_endpoints(&text)).to_lowercase()).into_iter();
            found.extend(values.map(|place| format!("value {} of those given", place.saturating_add(1))));
        }
        leaks.extend(found.into_iter().map(|what| Leak { file: file.clone(), what }));
    }
    Ok(leaks)
}

/// How many bytes values are found by.
const START: usize = 6;

/// Values by their first bytes, so that a text is read once for all of them.
struct Index {
    by_start: HashMap<[u8; START], Vec<Value>>,
    short: Vec<Value>,
}

/// A value to search for, in one spelling.
struct Value {
    /// Which of those given it is.
    place: usize,
    text: String,
    is_word: bool,
}

impl Index {
    fn new(values: &[impl AsRef<str>]) -> Self {
        let mut index = Self { by_start: HashMap::new(), short: Vec::new() };
        for (place, value) in values.iter().enumerate() {
            let plain = value.as_ref().trim();
            let mut encoded = String::new();
            percent_encode(plain, &mut encoded);
            let is_word = plain.len() < START || plain.chars().all(char::is_alphabetic);
            let spellings = BTreeSet::from([plain.to_lowercase(), encoded.to_lowercase()]);
            for text in spellings.into_iter().filter(|text| !text.is_empty()) {
                let value = Value { place, text, is_word };
                match value.text.as_bytes().first_chunk() {
                    Some(start) => index.by_start.entry(*start).or_default().push(value),
                    None => index.short.push(value),
                }
            }
        }
        index
    }

    /// The places of the values that a text in lower case holds. A number also counts where it is written with
    /// what people write between digits.
    fn search(&self, text: &str) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for value in &self.short {
            let mut at = text.match_indices(value.text.as_str()).map(|(at, _)| at);
            if at.any(|at| value.is_at(text, at)) {
                found.insert(value.place);
            }
        }
        let digits: String = text.chars().filter(|c| !" ().-+".contains(*c)).collect();
        for (text, is_digits) in [(text, false), (&digits, true)] {
            for (at, start) in text.as_bytes().windows(START).enumerate() {
                if is_digits && !start.iter().all(u8::is_ascii_digit) {
                    continue;
                }
                let values = start.first_chunk().and_then(|start| self.by_start.get(start));
                let values = values.into_iter().flatten().filter(|value| !is_digits || value.is_number());
                found.extend(values.filter(|value| value.is_at(text, at)).map(|value| value.place));
            }
        }
        found
    }
}

impl Value {
    fn is_number(&self) -> bool {
        self.text.len() >= 7 && self.text.bytes().all(|byte| byte.is_ascii_digit())
    }

    fn is_at(&self, text: &str, at: usize) -> bool {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let Some((before, here)) = text.split_at_checked(at) else { return false };
        let Some(after) = here.strip_prefix(self.text.as_str()) else { return false };
        !self.is_word || !before.ends_with(is_part) && !after.starts_with(is_part)
    }
}

/// JSON with its escapes decoded; empty if there are none.
fn decode_escapes(bytes: &[u8]) -> String {
    let value: Option<serde_json::Value> =
        bytes.contains(&b'\\').then(|| serde_json::from_slice(bytes).ok()).flatten();
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// A text without the words of endpoints that stand behind a slash.
fn without_endpoints(text: &str) -> String {
    let mut pieces = text.split('/');
    let mut rest = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').unwrap_or(piece.len());
        let (word, after) = piece.split_at(end);
        rest.push('/');
        rest.push_str(if is_of_an_endpoint(word) { after } else { piece });
    }
    rest
}

/// A text without the service's own keys.
fn without_keys(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut pieces = text.split("\":").peekable();
    while let Some(piece) = pieces.next() {
        let key = piece.rsplit('"').next().filter(|key| pieces.peek().is_some() && is_service_key(key));
        kept.push_str(piece.strip_suffix(key.unwrap_or_default()).unwrap_or(piece));
        kept.push_str("\":");
    }
    kept
}

/// What looks personal by its form.
fn patterns(text: &str, masker: Option<&Masker>, found: &mut BTreeSet<String>) {
    if masker.is_some_and(|masker| masker.leaves_house_number(text)) {
        found.insert("what looks like the number of a house".to_owned());
    }
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let span = spans::first(rest);
        let piece = rest.get(..span.map_or(0, |(_, length)| length)).unwrap_or_default();
        let what = match span {
            Some((Span::Email, _)) => Some("what looks like an email address"),
            Some((Span::Url, _)) => Some("what looks like a web address"),
            Some((Span::Token, _)) => Some("what looks like a token"),
            Some((Span::Uuid, _)) if masker.is_some_and(|masker| !masker.wrote_uuid(piece)) => Some("a UUID"),
            Some((Span::Phone, _)) if masker.is_some_and(|masker| is_left_phone(masker, piece)) => {
                Some("what looks like a phone number")
            }
            Some((Span::Word, _)) if masker.is_some_and(|masker| is_left_number(masker, piece)) => {
                Some("what looks like a phone number")
            }
            _ => None,
        };
        found.extend(what.map(str::to_owned));
        rest = rest.get(span.map_or(c.len_utf8(), |(_, length)| length)..).unwrap_or_default();
    }
}

/// Whether a recording has a number that its masker did not write: with separators between digits, or ten digits long.
/// One with a single point is a measurement.
fn is_left_phone(masker: &Masker, number: &str) -> bool {
    let is_divided = number.contains(['(', ' ', '-', '+']);
    !is_decimal(number) && is_divided && !masker.wrote_number(number)
        || number.len() >= 10
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && !masker.wrote_number(number)
}

/// Whether a word has a phone number in it that is not the masker's: `m3125550100`.
fn is_left_number(masker: &Masker, word: &str) -> bool {
    word.bytes().filter(u8::is_ascii_digit).count() >= 10
        && !masker.wrote_word(word)
        && !masker.wrote_number(word)
}

/// The files below a directory, including those in subdirectories.
fn files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            files.extend(self::files(&entry.path())?);
        } else {
            files.push(entry.path());
        }
    }
    files.sort_unstable();
    Ok(files)
}
