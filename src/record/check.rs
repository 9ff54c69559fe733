//! Searching a recording for what should not be in it.

use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use super::spans::{self, Span};
use crate::client::percent_encode;

/// Something personal, or what looks so, in a file of a recording. It does not say the value.
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

/// Searches all files below a directory for these values (names, addresses, ids, as one knows them), in any case,
/// and for what looks like an e-mail address, a web address or a token.
///
/// A value of letters alone counts where it is a whole word; a name that is a word of the service as well, such as
/// Green, can be found where it means the color.
///
/// # Errors
///
/// Where the files can't be read.
pub fn check(directory: impl AsRef<Path>, values: &[impl AsRef<str>]) -> io::Result<Vec<Leak>> {
    let directory = directory.as_ref();
    let values: Vec<Value> = values.iter().map(|value| Value::new(value.as_ref())).collect();
    let mut leaks = Vec::new();
    for path in files(directory)? {
        let file = path.strip_prefix(directory).unwrap_or(&path).to_owned();
        let bytes = fs::read(&path)?;
        let name = file.to_string_lossy();
        let mut found: Vec<String> = Vec::new();
        for text in [spelled_out(&bytes), String::from_utf8_lossy(&bytes).into_owned(), name.into_owned()] {
            let text = text.replace("@example.com", " ").replace("https://example.com/", " ");
            found.extend(patterns(&text).map(str::to_owned));
            let text = text.to_lowercase();
            let digits: String = text.chars().filter(|c| !" ().-+".contains(*c)).collect();
            let is_in = |(_, value): &(usize, &Value)| value.is_in(&text, &digits);
            let values = values.iter().enumerate().filter(is_in);
            found
                .extend(values.map(|(place, _)| format!("value {} of those given", place.saturating_add(1))));
        }
        found.sort_unstable();
        found.dedup();
        leaks.extend(found.into_iter().map(|what| Leak { file: file.clone(), what }));
    }
    Ok(leaks)
}

/// A value to search for.
struct Value {
    spellings: Vec<String>,
    is_word: bool,
    is_number: bool,
}

impl Value {
    fn new(value: &str) -> Self {
        let plain = value.trim().to_lowercase();
        let mut encoded = String::new();
        percent_encode(value.trim(), &mut encoded);
        Self {
            is_word: plain.len() < 6 || plain.chars().all(char::is_alphabetic),
            is_number: plain.len() >= 7 && plain.bytes().all(|byte| byte.is_ascii_digit()),
            spellings: vec![plain, encoded.to_lowercase()],
        }
    }

    fn is_in(&self, text: &str, digits: &str) -> bool {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let stands_alone = |(at, found): (usize, &str)| {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let after = text.get(at.saturating_add(found.len())..).and_then(|after| after.chars().next());
            !self.is_word || !before.is_some_and(is_part) && !after.is_some_and(is_part)
        };
        let found = |spelling: &String| {
            !spelling.is_empty()
                && (text.match_indices(spelling.as_str()).any(stands_alone)
                    || self.is_number && digits.contains(spelling.as_str()))
        };
        self.spellings.iter().any(found)
    }
}

/// JSON with its escapes read; nothing where it is none.
fn spelled_out(bytes: &[u8]) -> String {
    let value: Option<serde_json::Value> = serde_json::from_slice(bytes).ok();
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// What looks personal by its form.
fn patterns(text: &str) -> impl Iterator<Item = &'static str> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut at_edge = true;
    while let Some(c) = rest.chars().next() {
        let span = spans::first(rest, at_edge);
        found.extend(match span {
            Some((Span::Email, _)) => Some("what looks like an e-mail address"),
            Some((Span::Url, _)) => Some("what looks like a web address"),
            Some((Span::Token, _)) => Some("what looks like a token"),
            _ => None,
        });
        at_edge = span.is_none();
        rest = rest.get(span.map_or(c.len_utf8(), |(_, length)| length)..).unwrap_or_default();
    }
    found.into_iter()
}

/// The files below a directory, its folders' included.
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
