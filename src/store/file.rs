//! JSON files in a versioned directory that only its owner can read.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{self, Component, Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::directory::{self, is_absent, is_plain_segment};
use super::platform::{foreign_owner, private_file, tighten};
use super::{Store, StoreLock};
use crate::error::{Error, Result};
use crate::random;

/// The store's own directory below the user's cache directory.
const NAME: &str = "otf-api";

/// The directory of one layout of the files: `v` with the crate's major version.
const VERSION: &str = concat!("v", env!("CARGO_PKG_VERSION_MAJOR"));

/// How often to retry a lock that is held.
const LOCK_POLL: Duration = Duration::from_millis(15);

/// A half-written file older than this belongs to a process that died.
const ABANDONED: Duration = Duration::from_secs(3600);

/// Keys of values that cannot be recovered without a password: flushed to disk before the file is renamed.
const DURABLE: &str = "accounts/";

/// Stores each value in a separate file, written to a temporary file and renamed. Keys end in `.json`.
///
/// On Unix the directories are 0700 and the files 0600 from their creation, and looser permissions are tightened.
/// The store's own directories must not be links and must belong to the current user (the directory given to
/// [`FileStore::at`] may be a link, and may belong to root): otherwise every operation fails with
/// [`io::ErrorKind::PermissionDenied`], and nothing is written. A file that is a link, a directory or another user's
/// counts as absent and is replaced by the next write. On Windows, links are refused too, but owners are not compared;
/// the files inherit the permissions of their directory.
#[derive(Clone, Debug)]
pub struct FileStore {
    /// Chosen by the user or the system.
    base: PathBuf,
    /// The store's own directories, from `base` to `root`.
    own: &'static [&'static str],
    root: PathBuf,
}

impl FileStore {
    /// The default store: `otf-api/v0` in the user's cache directory (`$XDG_CACHE_HOME` or `~/.cache` on Linux,
    /// `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows). Nothing is created before the first write.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] if the user has no cache directory, or `HOME` is a relative path.
    pub fn new() -> Result<Self> {
        let error = |kind, reason: &str| Error::Store {
            action: "finding the cache directory".to_owned(),
            source: io::Error::new(kind, reason),
        };
        let cache = dirs::cache_dir()
            .ok_or_else(|| error(io::ErrorKind::NotFound, "the user has none; set HOME or XDG_CACHE_HOME"))?;
        if !cache.is_absolute() {
            return Err(error(io::ErrorKind::InvalidInput, "HOME has to be an absolute path"));
        }
        Ok(Self::below(cache, &[NAME, VERSION]))
    }

    /// A store in a versioned directory below `directory`. Nothing is created before the first write.
    ///
    /// A relative path is resolved now. One that starts with `~` is not expanded, since that is the shell's task:
    /// every operation on such a store fails. A directory of that name is `./~`.
    pub fn at(directory: impl Into<PathBuf>) -> Self {
        let directory = directory.into();
        if starts_with_tilde(&directory) {
            return Self::below(directory, &[VERSION]);
        }
        Self::below(path::absolute(&directory).unwrap_or(directory), &[VERSION])
    }

    fn below(base: PathBuf, own: &'static [&'static str]) -> Self {
        let root = own.iter().fold(base.clone(), |path, name| path.join(name));
        Self { base, own, root }
    }

    /// The directory of the files.
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// The path of the directory of these segments, if it exists.
    fn find<'a>(&self, segments: impl Iterator<Item = &'a str>) -> io::Result<Option<PathBuf>> {
        self.check_tilde()?;
        directory::find(&self.base, self.own.iter().copied().chain(segments))
    }

    /// The same, created where needed.
    fn create<'a>(&self, segments: impl Iterator<Item = &'a str>) -> io::Result<PathBuf> {
        self.check_tilde()?;
        directory::create(&self.base, self.own.iter().copied().chain(segments))
    }

    fn check_tilde(&self) -> io::Result<()> {
        if !starts_with_tilde(&self.base) {
            return Ok(());
        }
        let message = format!("{}: ~ is not expanded; give the full path", self.base.display());
        Err(io::Error::new(io::ErrorKind::InvalidInput, message))
    }
}

fn starts_with_tilde(path: &Path) -> bool {
    matches!(path.components().next(), Some(Component::Normal(name)) if name.to_string_lossy().starts_with('~'))
}

/// A key's directory and file name.
struct Place<'a> {
    directory: &'a str,
    name: &'a str,
}

impl<'a> Place<'a> {
    /// The place of a value.
    fn of(key: &'a str) -> io::Result<Self> {
        if !key.ends_with(".json") {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a key has to end in .json"));
        }
        Self::plain(key)
    }

    fn plain(key: &'a str) -> io::Result<Self> {
        if !key.split('/').all(is_plain_segment) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "a key consists of letters, digits, -, _ and . between slashes",
            ));
        }
        let (directory, name) = key.rsplit_once('/').unwrap_or(("", key));
        Ok(Self { directory, name })
    }

    fn segments(&self) -> impl Iterator<Item = &'a str> {
        self.directory.split('/').filter(|segment| !segment.is_empty())
    }
}

impl Store for FileStore {
    fn read(&self, key: &str) -> io::Result<Option<Vec<u8>>> {
        let place = Place::of(key)?;
        let Some(directory) = self.find(place.segments())? else { return Ok(None) };
        let path = directory.join(place.name);
        let metadata = match fs::symlink_metadata(&path) {
            Err(error) if is_absent(&error) => return Ok(None),
            metadata => metadata?,
        };
        if !metadata.is_file() || foreign_owner(&metadata)?.is_some() {
            return Ok(None);
        }
        tighten(&path, &metadata);
        match fs::read(&path) {
            Err(error) if is_absent(&error) => Ok(None),
            value => value.map(Some),
        }
    }

    fn write(&self, key: &str, value: &[u8]) -> io::Result<()> {
        let place = Place::of(key)?;
        let directory = self.create(place.segments())?;
        let random: [u8; 8] = random::bytes().map_err(io::Error::other)?;
        let temporary = directory.join(directory::temporary_name(u64::from_be_bytes(random)));
        let written = private_file(OpenOptions::new().write(true).create_new(true))
            .open(&temporary)
            .and_then(|mut file| {
                file.write_all(value)?;
                // Otherwise a power cut can leave the new name on an empty file.
                if key.starts_with(DURABLE) { file.sync_all() } else { Ok(()) }
            })
            .and_then(|()| fs::rename(&temporary, directory.join(place.name)));
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        written
    }

    fn remove(&self, key: &str) -> io::Result<()> {
        let place = Place::of(key)?;
        let Some(directory) = self.find(place.segments())? else { return Ok(()) };
        match fs::remove_file(directory.join(place.name)) {
            Err(error) if !is_absent(&error) => Err(error),
            _ => Ok(()),
        }
    }

    /// Looks only into the directory that the prefix names, and those below it.
    fn keys(&self, prefix: &str) -> io::Result<Vec<String>> {
        let (parent, name) = prefix.rsplit_once('/').unwrap_or(("", prefix));
        if !parent.is_empty() && !parent.split('/').all(is_plain_segment) {
            return Ok(Vec::new());
        }
        let place = Place { directory: parent, name };
        let mut keys = Vec::new();
        if let Some(directory) = self.find(place.segments())? {
            let prefix = prefix.strip_suffix(name).unwrap_or(prefix);
            directory::collect_keys(&directory, prefix, name, &mut keys)?;
        }
        Ok(keys)
    }

    fn lock(&self, name: &str, wait: Duration) -> io::Result<StoreLock> {
        let file_name = format!("{name}.lock");
        let place = Place::plain(&file_name)?;
        let directory = self.create(place.segments())?;
        let file = open_lock(&directory.join(place.name))?;
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
        directory::remove_leftovers(&directory, ABANDONED);
        Ok(StoreLock::new(file))
    }

    /// Removes every value; files of other programs stay unless they end in `.json`.
    fn clear(&self) -> io::Result<()> {
        self.keys("")?.iter().try_for_each(|key| self.remove(key))?;
        if let Some(root) = self.find(std::iter::empty())? {
            directory::remove_all_leftovers(&root);
        }
        Ok(())
    }
}

/// Opens the file of a lock, creating it where needed.
fn open_lock(path: &Path) -> io::Result<File> {
    let is_usable = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata.is_file() && foreign_owner(&metadata)?.is_none(),
        Err(_) => true,
    };
    if !is_usable {
        let message = format!("{} is not a regular file of this user", path.display());
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    private_file(OpenOptions::new().read(true).write(true).create(true).truncate(false)).open(path)
}
