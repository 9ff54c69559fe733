//! The `Retry-After` header (RFC 9110, section 10.2.3).

use std::time::Duration;

use http::{HeaderMap, header};
use jiff::Timestamp;
use jiff::fmt::rfc2822;

/// The delay that the header asks for, in seconds or as a date. Anything else counts as absent.
pub(crate) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    if let Ok(seconds) = value.trim().parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = rfc2822::parse(value.trim()).ok()?.timestamp();
    Some(Duration::try_from(date.duration_since(now)).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = "2026-04-04T07:05:09Z".parse().unwrap();
        let seconds = |value| {
            let headers = HeaderMap::from_iter([(header::RETRY_AFTER, HeaderValue::from_static(value))]);
            retry_after(&headers, now).map(|pause| pause.as_secs())
        };
        assert_eq!(seconds("120"), Some(120));
        assert_eq!(seconds(" 0 "), Some(0));
        assert_eq!(seconds("Sat, 04 Apr 2026 07:06:09 GMT"), Some(60));
        assert_eq!(seconds("Sat, 04 Apr 2026 07:00:00 GMT"), Some(0), "a date that has passed");
        for nonsense in ["", "-5", "1.5", "soon", "99999999999999999999999"] {
            assert_eq!(seconds(nonsense), None, "{nonsense:?}");
        }
    }
}
