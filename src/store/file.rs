//! JSON files in a versioned directory that only its owner can read.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use super::{Store, StoreLock};
use crate::error::{Error, Result};
use crate::random;

/// The directory below the cache directory: the crate's name and `v` with its major version.
const VERSION: &str = concat!("v", env!("CARGO_PKG_VERSION_MAJOR"));

/// How often a taken lock is asked for again.
const LOCK_POLL: Duration = Duration::from_millis(15);

/// A half-written file older than this belongs to a process that died.
const ABANDONED: Duration = Duration::from_secs(3600);

/// What can't be had again without a person is on the disk before it takes its place; kept answers need not be.
const LASTING: &str = "accounts/";
const REPLACEABLE: &str = "/responses/";

/// Keeps each value in a file of its own, written aside and renamed into place. Keys end in `.json`.
///
/// On Unix the directories are 0700 and the files 0600 from the moment they are made, and are tightened where
/// they are found looser. What is no plain file (a link, a directory) counts as absent. On Windows the user's
/// own cache directory protects them.
#[derive(Clone, Debug)]
pub struct FileStore {
    root: PathBuf,
}

impl FileStore {
    /// The default store: `otf-api/v0` in the user's cache directory (`$XDG_CACHE_HOME` or `~/.cache` on Linux,
    /// `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows). Nothing is made before the first write.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] where the user has no cache directory.
    pub fn new() -> Result<Self> {
        let cache = dirs::cache_dir().ok_or_else(|| Error::Store {
            action: "finding the cache directory".to_owned(),
            source: io::Error::new(io::ErrorKind::NotFound, "the user has none; set HOME or XDG_CACHE_HOME"),
        })?;
        Ok(Self { root: cache.join("otf-api").join(VERSION) })
    }

    /// A store in a versioned directory below `directory`. Nothing is made before the first write.
    pub fn at(directory: impl Into<PathBuf>) -> Self {
        Self { root: directory.into().join(VERSION) }
    }

    /// Where the files are.
    pub fn path(&self) -> &Path {
        &self.root
    }

    fn file(&self, key: &str) -> io::Result<PathBuf> {
        if !key.ends_with(".json") {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a key has to end in .json"));
        }
        self.place(key)
    }

    fn place(&self, name: &str) -> io::Result<PathBuf> {
        if !name.split('/').all(is_plain_segment) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "plain segments are needed"));
        }
        Ok(self.root.join(name))
    }

    /// Opens the file that stands for a lock, making it where needed.
    fn lock_file(&self, name: &str) -> io::Result<File> {
        let path = self.place(&format!("{name}.lock"))?;
        make_parent(&self.root, &path)?;
        if fs::symlink_metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the lock is no plain file"));
        }
        private(OpenOptions::new().read(true).write(true).create(true).truncate(false)).open(&path)
    }
}

fn is_plain_segment(segment: &str) -> bool {
    !segment.is_empty()
        && !segment.starts_with('.')
        && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

impl Store for FileStore {
    fn read(&self, key: &str) -> io::Result<Option<Vec<u8>>> {
        let path = self.file(key)?;
        match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_file() => {
                tighten(&path, &metadata, 0o600);
                for directory in [path.parent().unwrap_or(&path), &self.root] {
                    tighten_directory(directory);
                }
            }
            Ok(_) => return Ok(None),
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(error),
        }
        match fs::read(&path) {
            Ok(value) => Ok(Some(value)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn write(&self, key: &str, value: &[u8]) -> io::Result<()> {
        let path = self.file(key)?;
        let directory = make_parent(&self.root, &path)?;
        let aside = directory.join(aside_name()?);
        let written = private(OpenOptions::new().write(true).create_new(true))
            .open(&aside)
            .and_then(|mut file| {
                file.write_all(value)?;
                // Without this a power cut can leave the new name on an empty file.
                if key.starts_with(LASTING) && !key.contains(REPLACEABLE) { file.sync_all() } else { Ok(()) }
            })
            .and_then(|()| fs::rename(&aside, &path));
        if written.is_err() {
            let _ = fs::remove_file(&aside);
        }
        written
    }

    fn remove(&self, key: &str) -> io::Result<()> {
        match fs::remove_file(self.file(key)?) {
            Err(error) if !is_absent(&error) => Err(error),
            _ => Ok(()),
        }
    }

    fn keys(&self, prefix: &str) -> io::Result<Vec<String>> {
        let mut keys = Vec::new();
        collect_keys(&self.root, "", &mut keys)?;
        keys.retain(|key| key.starts_with(prefix));
        Ok(keys)
    }

    fn lock(&self, name: &str, wait: Duration) -> io::Result<StoreLock> {
        let file = self.lock_file(name)?;
        let deadline = Instant::now().checked_add(wait);
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock)
                    if deadline.is_some_and(|deadline| Instant::now() < deadline) =>
                {
                    thread::sleep(LOCK_POLL);
                }
                Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::TimedOut.into()),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        if let Some(directory) = self.root.join(name).parent() {
            remove_leftovers(directory, ABANDONED);
        }
        Ok(StoreLock::new(file))
    }

    /// Removes what this crate has made; other programs' files in the same directory stay unless they are JSON.
    fn clear(&self) -> io::Result<()> {
        self.keys("")?.iter().try_for_each(|key| self.remove(key))?;
        remove_leftovers(&self.root, Duration::ZERO);
        Ok(())
    }
}

/// Neither the file nor, on the way to it, the directory is there.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// A name that nobody else uses; the leading dot keeps it apart from every key.
fn aside_name() -> io::Result<String> {
    let random: [u8; 8] = random::bytes().map_err(io::Error::other)?;
    Ok(format!(".{:016x}.tmp", u64::from_be_bytes(random)))
}

/// Makes the directories down to a file, each private, and returns the last.
fn make_parent<'a>(root: &Path, file: &'a Path) -> io::Result<&'a Path> {
    let parent = file.parent().unwrap_or(file);
    if !tighten_directory(parent) {
        private_directory(DirBuilder::new().recursive(true)).create(parent)?;
    }
    tighten_directory(root);
    Ok(parent)
}

/// Makes a directory private; `false` where there is none.
fn tighten_directory(directory: &Path) -> bool {
    let Ok(metadata) = fs::symlink_metadata(directory) else { return false };
    if metadata.is_dir() {
        tighten(directory, &metadata, 0o700);
    }
    metadata.is_dir()
}

fn collect_keys(directory: &Path, prefix: &str, keys: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(directory) {
        Err(error) if is_absent(&error) => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| is_plain_segment(name)) else { continue };
        let key = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") };
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect_keys(&entry.path(), &key, keys)?;
        } else if kind.is_file() && name.ends_with(".json") {
            keys.push(key);
        }
    }
    Ok(())
}

/// Removes, from a directory and those below it, what processes that died have left half-written.
fn remove_leftovers(directory: &Path, older_than: Duration) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_leftovers(&entry.path(), older_than);
        }
        let name = entry.file_name();
        let is_aside = name.to_str().is_some_and(|name| name.starts_with('.') && name.ends_with(".tmp"));
        let age = entry
            .metadata()
            .and_then(|metadata| metadata.modified())
            .map(|modified| SystemTime::now().duration_since(modified).unwrap_or_default());
        if is_aside && age.is_ok_and(|age| age >= older_than) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(unix)]
pub(crate) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(unix)]
pub(crate) fn private_directory(builder: &mut DirBuilder) -> &mut DirBuilder {
    std::os::unix::fs::DirBuilderExt::mode(builder, 0o700)
}

/// Takes away what others may do with a file or directory of ours.
#[cfg(unix)]
fn tighten(path: &Path, metadata: &fs::Metadata, mode: u32) {
    use std::os::unix::fs::PermissionsExt;

    if metadata.permissions().mode() & 0o077 != 0
        && let Err(error) = fs::set_permissions(path, fs::Permissions::from_mode(mode))
    {
        log::warn!("the token store's files can be read by others, and that can't be changed: {error}");
    }
}

#[cfg(not(unix))]
pub(crate) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(not(unix))]
pub(crate) fn private_directory(builder: &mut DirBuilder) -> &mut DirBuilder {
    builder
}

#[cfg(not(unix))]
fn tighten(_path: &Path, _metadata: &fs::Metadata, _mode: u32) {}
