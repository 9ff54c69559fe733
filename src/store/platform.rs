//! What differs between platforms: private permissions, and who owns a file.
//!
//! On Unix, directories are 0700, files 0600, and everything that the store uses has to belong to the user whose
//! rights the process has. Elsewhere the permissions of the user's own cache directory protect the files: they are
//! inherited, and there is no owner to compare.

use std::fs::{DirBuilder, Metadata, OpenOptions};
use std::io;
use std::path::Path;

#[cfg(unix)]
mod imp {
    use std::fs::{self, File, Permissions};
    use std::os::fd::OwnedFd;
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
    use std::sync::OnceLock;

    use super::*;

    pub(super) fn private_file(options: &mut OpenOptions) {
        options.mode(0o600);
    }

    pub(super) fn private_directory(builder: &mut DirBuilder) {
        builder.mode(0o700);
    }

    pub(super) fn tighten(path: &Path, metadata: &Metadata) {
        let mode = if metadata.is_dir() { 0o700 } else { 0o600 };
        if metadata.permissions().mode() & 0o077 != 0
            && let Err(error) = fs::set_permissions(path, Permissions::from_mode(mode))
        {
            log::warn!("{}: other users have access, and it cannot be removed: {error}", path.display());
        }
    }

    pub(super) fn foreign_owner(metadata: &Metadata) -> io::Result<Option<u32>> {
        let owner = metadata.uid();
        Ok((owner != current_user()?).then_some(owner))
    }

    /// The effective user id. The standard library has no call for it, but a new pipe belongs to that user.
    fn current_user() -> io::Result<u32> {
        static USER: OnceLock<u32> = OnceLock::new();
        if let Some(user) = USER.get() {
            return Ok(*user);
        }
        let (reader, _writer) = io::pipe()?;
        let user = File::from(OwnedFd::from(reader)).metadata()?.uid();
        Ok(*USER.get_or_init(|| user))
    }
}

#[cfg(not(unix))]
mod imp {
    use super::*;

    pub(super) fn private_file(_options: &mut OpenOptions) {}

    pub(super) fn private_directory(_builder: &mut DirBuilder) {}

    pub(super) fn tighten(_path: &Path, _metadata: &Metadata) {}

    pub(super) fn foreign_owner(_metadata: &Metadata) -> io::Result<Option<u32>> {
        Ok(None)
    }
}

/// Makes a file that is created with these options readable and writable by its owner only.
pub(crate) fn private_file(options: &mut OpenOptions) -> &mut OpenOptions {
    imp::private_file(options);
    options
}

/// Makes the directories of this builder accessible to their owner only.
pub(crate) fn private_directory(builder: &mut DirBuilder) -> &mut DirBuilder {
    imp::private_directory(builder);
    builder
}

/// Removes other users' access to a file or directory of this user; logs a warning if that fails.
pub(super) fn tighten(path: &Path, metadata: &Metadata) {
    imp::tighten(path, metadata);
}

/// The owner's id, if the file belongs to another user. Always `None` where owners cannot be compared.
pub(super) fn foreign_owner(metadata: &Metadata) -> io::Result<Option<u32>> {
    imp::foreign_owner(metadata)
}
