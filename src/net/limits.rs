//! How long a call may take and how much it may receive.

use std::time::Duration;

/// Zero would mean "no limit" to a socket.
const MIN_TIMEOUT: Duration = Duration::from_millis(1);

/// Clocks can't add the longest durations to the present.
const MAX_TIMEOUT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The limits of a [`UreqTransport`](crate::UreqTransport).
///
/// ```
/// use std::time::Duration;
/// use otf_api::Limits;
///
/// let limits = Limits::default().timeout(Duration::from_secs(120)).max_body_size(64 * 1024 * 1024);
/// ```
///
/// Times are between a millisecond and a year: shorter ones count as a millisecond, longer ones as a year.
#[derive(Clone, Debug)]
pub struct Limits {
    pub(super) connect_timeout: Duration,
    pub(super) timeout: Duration,
    pub(super) max_body_size: u64,
}

impl Limits {
    /// The time limit for everything before the request is sent: name resolution, connecting, the proxy and the TLS
    /// handshake. Default: 10 s.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout.clamp(MIN_TIMEOUT, MAX_TIMEOUT);
        self
    }

    /// The time limit for a whole call, from name resolution to the last byte of the body. Default: 30 s.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout.clamp(MIN_TIMEOUT, MAX_TIMEOUT);
        self
    }

    /// The maximum size of a response body, in bytes, after decompression. Default: 16 MiB.
    #[must_use]
    pub fn max_body_size(mut self, bytes: u64) -> Self {
        self.max_body_size = bytes;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(30),
            max_body_size: 16 * 1024 * 1024,
        }
    }
}
