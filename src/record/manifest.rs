//! The list of a recording's files, and how they are named.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::mask::Masker;
use crate::store::platform::private_file;

/// The manifest's file name.
pub(super) const MANIFEST: &str = "manifest.json";

/// Stands for a part of a path that varies.
pub(super) const ID: &str = "{id}";

/// A longer file name would not fit everywhere.
const LONGEST_STEM: usize = 150;

/// A manifest that grows.
pub(super) struct Growing {
    file: File,
    /// Where the next entry goes: over the end of the list.
    end: u64,
    entries: Vec<Entry>,
}

impl Growing {
    /// Creates an empty manifest, in a new file.
    pub(super) fn create(directory: &Path) -> io::Result<Self> {
        let file =
            private_file(OpenOptions::new().write(true).create_new(true)).open(directory.join(MANIFEST))?;
        let mut manifest = Self { file, end: 0, entries: Vec::new() };
        let version = env!("CARGO_PKG_VERSION");
        manifest.write(&format!("{{\"source\": \"recorded by otf-api {version}\", \"files\": ["))?;
        Ok(manifest)
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(super) fn push(&mut self, entry: Entry) -> io::Result<()> {
        let comma = if self.entries.is_empty() { "" } else { "," };
        self.write(&format!("{comma}\n{}", serde_json::to_string(&entry)?))?;
        self.entries.push(entry);
        Ok(())
    }

    /// Overwrites the end of the list, and writes it again after the entry, in a single write.
    fn write(&mut self, text: &str) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.write_all(format!("{text}\n]}}\n").as_bytes())?;
        self.end = self.end.saturating_add(text.len() as u64);
        Ok(())
    }
}

/// The contents of a recording.
#[derive(Debug, Deserialize)]
pub(super) struct Manifest {
    pub(super) files: Vec<Entry>,
}

/// One response, in the order of arrival.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Below the manifest's directory, with `/` on every system.
    pub(super) file: String,
    pub(super) method: String,
    pub(super) host: String,
    /// The path with `{id}` where it varies; where it is missing, the path's form tells.
    #[serde(default)]
    pub(super) template: String,
    /// The path with replaced ids.
    pub(super) path: String,
    /// The query with replaced values.
    #[serde(default)]
    pub(super) query: String,
    pub(super) status: u16,
    /// The headers that decoding depends on.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) headers: BTreeMap<String, String>,
}

impl Manifest {
    pub(super) fn read(directory: &Path) -> io::Result<Self> {
        let mut manifest: Self = serde_json::from_slice(&fs::read(directory.join(MANIFEST))?)?;
        for entry in &mut manifest.files {
            if entry.template.is_empty() {
                entry.template = template(&entry.path, |segment| !is_word(segment));
            }
        }
        Ok(manifest)
    }
}

impl Entry {
    /// Where its file is. Refused if that is outside the recording, which may come from somebody else.
    pub(super) fn place(&self, directory: &Path) -> io::Result<PathBuf> {
        let file = Path::new(&self.file);
        if self.file.is_empty() || !file.components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the manifest names a file outside"));
        }
        Ok(directory.join(file))
    }

    /// The name of its file without ending and number.
    pub(super) fn stem(&self) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || "._{}-".contains(c) { c } else { '_' };
        let mut stem: String = self.template.trim_start_matches('/').chars().map(plain).collect();
        stem.truncate(LONGEST_STEM);
        if self.method != "GET" {
            stem = format!("{stem}.{}", self.method.to_ascii_lowercase());
        }
        if !(200..300).contains(&self.status) {
            stem = format!("{stem}.{}", self.status);
        }
        let folder: String = self.host.chars().map(plain).collect();
        format!("{}/{stem}", folder.trim_start_matches('.'))
    }

    /// Whether it responds to the same request as another.
    pub(super) fn asks_the_same(&self, other: &Self) -> bool {
        self.method == other.method
            && self.host == other.host
            && self.path == other.path
            && self.query == other.query
    }
}

/// A path with `{id}` for its segments that are ids.
fn template(path: &str, is_id: impl Fn(&str) -> bool) -> String {
    let segments = path.split('/').map(|segment| if is_id(segment) { ID } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

/// A path with `{id}` for its segments that are ids, or that have one of the member's words in them.
pub(super) fn masked_template(path: &str, masker: &Masker) -> String {
    template(path, |segment| !is_word(segment) || masker.has_own(segment) && !is_of_an_endpoint(segment))
}

/// Whether a segment of a path is one of the service's words: letters, or the version of an endpoint.
fn is_word(segment: &str) -> bool {
    const LONGEST: usize = 24;
    let is_version = segment.strip_prefix('v').is_some_and(|version| {
        version.len() <= 4
            && version.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    });
    let is_plain = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_');
    is_version
        || segment == "rower_500m_split_time"
        || segment.len() <= LONGEST && segment.bytes().all(is_plain)
}

/// Whether a segment of a path is a word of the known endpoints, so that it is not a person's name.
pub(super) fn is_of_an_endpoint(segment: &str) -> bool {
    ENDPOINT_WORDS.contains(&segment)
}

const ENDPOINT_WORDS: &[&str] = &[
    "app-configurations",
    "benchmarks",
    "body-composition",
    "bookings",
    "challenges",
    "classes",
    "consumer-mobile",
    "favorite-studios",
    "history",
    "maxHr",
    "me",
    "member",
    "members",
    "memberships",
    "mobile",
    "otfmailing",
    "out-of-studio-workout",
    "over-time",
    "participation",
    "performance",
    "performance-summaries",
    "physVars",
    "preferences",
    "preview",
    "purchases",
    "ratings",
    "services",
    "sms",
    "studios",
    "summary",
    "users",
    "wearable-daily",
    "wearables",
    "workout-stats",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_varies_in_a_path() {
        let of = |path: &str| template(path, |segment| !is_word(segment));
        assert_eq!(of("/v1/bookings/me"), "/v1/bookings/me");
        assert_eq!(of("/challenges/v3.1/member/0b5c1f2e-6a41"), "/challenges/v3.1/member/{id}");
        assert_eq!(of("/performance/v2/x1/over-time/allTime"), "/performance/v2/{id}/over-time/allTime");
        assert_eq!(of("/x/pat%40example.com/12"), "/x/{id}/{id}");
        assert_eq!(of("/workout-stats/rower_500m_split_time"), "/workout-stats/rower_500m_split_time");
    }

    #[test]
    fn files_stay_inside() {
        let entry = |file: &str| Entry {
            file: file.to_owned(),
            method: "GET".to_owned(),
            host: "h".to_owned(),
            template: String::new(),
            path: String::new(),
            query: String::new(),
            status: 200,
            headers: BTreeMap::new(),
        };
        let place = |file: &str| entry(file).place(Path::new("/r"));
        assert!(place("api.example/v1_x.json").is_ok());
        for bad in ["../x", "/etc/passwd", "a/../../x", "", "./x"] {
            assert!(place(bad).is_err(), "{bad}");
        }
    }
}
