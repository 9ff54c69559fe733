//! Random bytes from the operating system; the one place that asks for them.

use crate::error::{Error, Result};

/// Random bytes fit for keys.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::authentication(format!("the system's random source failed: {error}")))?;
    Ok(bytes)
}

/// A random number in 0..1, for spreading pauses; a half where the source fails.
pub(crate) fn fraction() -> f64 {
    getrandom::u32().map_or(0.5, |number| f64::from(number) / f64::from(u32::MAX))
}
