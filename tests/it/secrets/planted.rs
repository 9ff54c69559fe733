//! What is searched for, in each way in which it could be written.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use otf_api::sandbox::{MFA_CODE, NOA, PAT};

/// Secrets, each with a name.
#[derive(Clone, Default)]
pub(super) struct Needles(BTreeSet<(String, String)>);

/// The secrets that are known before anything happens.
pub(super) fn constant() -> Needles {
    let mut needles = Needles::default();
    needles.add("the password", PAT.password);
    needles.add("the other password", NOA.password);
    needles.add("a wrong password", super::walkthrough::WRONG);
    needles.add("a new password", super::walkthrough::NEW_PASSWORD);
    needles.add("the code of a challenge", MFA_CODE);
    needles
}

impl Needles {
    pub(super) fn add(&mut self, name: &str, secret: &str) {
        assert!(secret.len() >= 6, "{name} is too short to be told from other text");
        let mut forms = vec![secret.to_owned(), hex(secret), base64(secret), percent_encoded(secret)];
        forms.push(serde_json::to_string(secret).unwrap().trim_matches('"').to_owned());
        forms.push(format!("{secret:?}").trim_matches('"').to_owned());
        forms.push(format!("{:?}", secret.as_bytes()).trim_matches(['[', ']']).to_owned());
        // The claims of a token are as personal as the whole, and its signature alone is no less secret.
        forms.extend(secret.split('.').filter(|part| part.len() >= 40).map(str::to_owned));
        self.0.extend(forms.into_iter().map(|form| (name.to_owned(), form)));
    }

    /// What a text shows of them.
    pub(super) fn found_in(&self, place: &str, text: &str) -> Vec<String> {
        let found = self.0.iter().filter_map(|(name, needle)| {
            let start = text.find(needle.as_str())?;
            let before: String = text[..start].chars().rev().take(80).collect();
            let before: String = before.chars().rev().collect();
            Some(format!("{place} shows {name}, after {before:?}"))
        });
        found.collect()
    }

    /// Fails where a text holds one of them.
    #[track_caller]
    pub(super) fn find_in(&self, place: &str, text: &str) {
        assert_eq!(self.found_in(place, text), [""; 0]);
    }

    /// Those with these names only.
    pub(super) fn only(&self, names: &[&str]) -> Self {
        Self(self.0.iter().filter(|(name, _)| names.contains(&name.as_str())).cloned().collect())
    }

    pub(super) fn without(&self, names: &[&str]) -> Self {
        Self(self.0.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect())
    }
}

/// All files below a directory.
pub(super) fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn percent_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// Without the padding and what depends on what follows.
fn base64(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    text.as_bytes()
        .chunks_exact(3)
        .flat_map(|three| {
            let number = three.iter().fold(0_usize, |number, byte| number << 8 | usize::from(*byte));
            [18, 12, 6, 0].map(|shift| char::from(LETTERS[number >> shift & 63]))
        })
        .collect()
}
