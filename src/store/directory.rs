//! The directories of a [`FileStore`](super::FileStore): checked, created, listed and tidied.

use std::fs::{self, DirBuilder, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::platform::{foreign_owner, private_directory, tighten};

/// Whether neither a file nor a directory on the way to it exists.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Checks the directory that the user or the system chose for the store. It may be a link, but it has to belong to
/// this user or to root, and so does the link. If it does not exist yet, the same holds for the directory in which it
/// would be created.
pub(super) fn check_base(base: &Path) -> io::Result<()> {
    for path in base.ancestors() {
        let metadata = match fs::symlink_metadata(path) {
            Err(error) if is_absent(&error) => continue,
            metadata => metadata?,
        };
        check_owner(path, &metadata, true)?;
        if metadata.is_symlink() {
            check_owner(path, &fs::metadata(path)?, true)?;
        }
        return Ok(());
    }
    Ok(())
}

/// Checks one of the store's own directories: no link, and this user's. Returns whether it is there.
fn check_own(path: &Path) -> io::Result<bool> {
    let metadata = match fs::symlink_metadata(path) {
        Err(error) if is_absent(&error) => return Ok(false),
        metadata => metadata?,
    };
    if metadata.is_symlink() {
        return Err(refused(path, "is a link, which the store does not follow"));
    }
    if !metadata.is_dir() {
        return Ok(false);
    }
    check_owner(path, &metadata, false)?;
    tighten(path, &metadata);
    Ok(true)
}

fn check_owner(path: &Path, metadata: &Metadata, root_is_trusted: bool) -> io::Result<()> {
    match foreign_owner(metadata)? {
        None => Ok(()),
        Some(0) if root_is_trusted => Ok(()),
        Some(owner) => Err(refused(path, &format!("belongs to another user ({owner})"))),
    }
}

fn refused(path: &Path, reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, format!("{} {reason}", path.display()))
}

/// The path of the directory `names` below `base`, if it exists and each part of it belongs to this user.
pub(super) fn find<'a>(base: &Path, names: impl Iterator<Item = &'a str>) -> io::Result<Option<PathBuf>> {
    check_base(base)?;
    let mut path = base.to_owned();
    for name in names {
        path.push(name);
        if !check_own(&path)? {
            return Ok(None);
        }
    }
    Ok(Some(path))
}

/// The same directory, created where needed.
pub(super) fn create<'a>(base: &Path, names: impl Iterator<Item = &'a str>) -> io::Result<PathBuf> {
    check_base(base)?;
    let mut builder = DirBuilder::new();
    private_directory(&mut builder);
    let mut path = base.to_owned();
    for name in names {
        path.push(name);
        if check_own(&path)? {
            continue;
        }
        builder.recursive(path.parent() == Some(base));
        match builder.create(&path) {
            // Another process was faster.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => created?,
        }
        if !check_own(&path)? {
            return Err(refused(&path, "is not a directory"));
        }
    }
    Ok(path)
}

/// Whether this may be a part of a key. Names that start with a dot are the store's own.
pub(super) fn is_plain_segment(segment: &str) -> bool {
    !segment.is_empty()
        && !segment.starts_with('.')
        && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// Adds the keys of the files in a directory and those below it, if their path from here starts with `wanted`.
pub(super) fn collect_keys(
    directory: &Path,
    prefix: &str,
    wanted: &str,
    keys: &mut Vec<String>,
) -> io::Result<()> {
    let entries = match fs::read_dir(directory) {
        Err(error) if is_absent(&error) => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| is_plain_segment(name) && name.starts_with(wanted))
        else {
            continue;
        };
        let key = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect_keys(&entry.path(), &format!("{key}/"), "", keys)?;
        } else if kind.is_file() && name.ends_with(".json") {
            keys.push(key);
        }
    }
    Ok(())
}

/// The name of a file that is still being written, distinct from every key.
pub(super) fn temporary_name(random: u64) -> String {
    format!(".{random:016x}.tmp")
}

/// Removes the half-written files that dead processes left in this directory. Those below it are left alone, since
/// there may be any number of them.
pub(super) fn remove_leftovers(directory: &Path, older_than: Duration) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if !name.to_str().is_some_and(|name| name.starts_with('.') && name.ends_with(".tmp")) {
            continue;
        }
        let age = entry
            .metadata()
            .and_then(|metadata| metadata.modified())
            .map(|modified| SystemTime::now().duration_since(modified).unwrap_or_default());
        if age.is_ok_and(|age| age >= older_than) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The same in this directory and all below it, whatever their age.
pub(super) fn remove_all_leftovers(directory: &Path) {
    remove_leftovers(directory, Duration::ZERO);
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_all_leftovers(&entry.path());
        }
    }
}
