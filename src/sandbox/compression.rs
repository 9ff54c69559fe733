//! Compressed responses (RFC 9110, section 8.4.1.3), and bad ones.

use std::io::Write as _;

use flate2::write::GzEncoder;
use flate2::{Compress, Compression, Crc, FlushCompress, Status};

use super::http::{Request, Response};

/// Shorter bodies are sent as they are.
const MIN_LENGTH: usize = 256;

/// Compresses a response if the client accepts that and it is worth it.
pub(super) fn compress(request: &Request, response: &mut Response) {
    let encoded = response.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-encoding"));
    if !encoded && response.body.len() >= MIN_LENGTH && accepts_gzip(request) {
        encode(response);
    }
}

/// Compresses a response in any case.
pub(super) fn encode(response: &mut Response) {
    let encoded = gzip(&response.body);
    response.body = encoded;
    response.headers.push(("content-encoding".to_owned(), "gzip".to_owned()));
    response.headers.push(("vary".to_owned(), "accept-encoding".to_owned()));
}

fn accepts_gzip(request: &Request) -> bool {
    let codings = request.headers.iter().filter(|(name, _)| name == "accept-encoding");
    codings.flat_map(|(_, value)| value.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip") || name == "*");
        let refused = parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        named && !refused
    })
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

/// A gzip stream that becomes a JSON string of about this many bytes, a thousandth of that long.
pub(super) fn bomb(length: u64) -> Vec<u8> {
    const BLOCK: usize = 1024 * 1024;
    // A header without a name or a time (RFC 1952, section 2.3).
    let mut stream = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut crc = Crc::new();
    // After a full flush nothing refers to what was before, so one compressed block can be repeated.
    let mut block = |bytes: &[u8], times: u64| {
        let mut deflated = Vec::with_capacity(bytes.len() + 64);
        let flushed =
            Compress::new(Compression::fast(), false).compress_vec(bytes, &mut deflated, FlushCompress::Full);
        debug_assert!(matches!(flushed, Ok(Status::Ok)));
        let mut one = Crc::new();
        one.update(bytes);
        for _ in 0..times {
            stream.extend_from_slice(&deflated);
            crc.combine(&one);
        }
    };
    block(b"\"", 1);
    block(&vec![b'a'; BLOCK], length.div_ceil(BLOCK as u64));
    block(b"\"", 1);
    // An empty last block, then the checks.
    stream.extend_from_slice(&[3, 0]);
    stream.extend_from_slice(&crc.sum().to_le_bytes());
    stream.extend_from_slice(&crc.amount().to_le_bytes());
    stream
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn a_bomb_is_valid_gzip() {
        let bomb = bomb(5_000_000);
        assert!(bomb.len() < 50_000, "{}", bomb.len());
        let mut text = String::new();
        GzDecoder::new(bomb.as_slice()).read_to_string(&mut text).unwrap();
        assert_eq!(text.len(), 5 * 1024 * 1024 + 2);
        assert!(text.starts_with("\"aaa") && text.ends_with("aaa\""));
    }
}
