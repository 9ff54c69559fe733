//! Random bytes from the operating system; the one place that asks for them.

use rand::TryRng;
use rand::rngs::SysRng;

use crate::error::{Error, Result};

/// Random bytes suitable for keys.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(|error| Error::authentication(format!("the system's random source failed: {error}")))?;
    Ok(bytes)
}

/// A random number in 0..1, for spreading pauses; a half where the source fails.
pub(crate) fn fraction() -> f64 {
    SysRng.try_next_u32().map_or(0.5, |number| f64::from(number) / f64::from(u32::MAX))
}
