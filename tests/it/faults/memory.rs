//! However much is sent, memory stays flat: measured in processes of their own, by the kernel.

#![cfg_attr(not(target_os = "linux"), allow(dead_code, unused_imports))]

use otf_api::codegrade::CodeGrade;
use otf_api::http::Method;
use otf_api::{BookingQuery, ClassId, Endpoints, FileStore, Host, Limits, MemoryStore, Otf, RetryPolicy};

use super::hostile::{Hostile, Reply};
use crate::children;
use crate::support::{builder, sandbox};

/// The cap, small so that the test is quick.
const CAP: u64 = 2 * 1024 * 1024;

/// What the calls of a process may need at most, in kilobytes, whatever the reply.
const MOST_KB: u64 = 10 * CAP / 1024;

/// Asks a hostile server by every kind of call, and says how much memory that took.
#[cfg(target_os = "linux")]
pub(crate) fn job(_: &str) {
    let hostile = children::given("OTF_TEST_HOSTILE");
    let sandbox = children::given("OTF_TEST_URL");
    let limits = Limits::default().max_body_size(CAP);
    // Whatever is set up once is set up before.
    let endpoints = Endpoints::at(&sandbox).unwrap().host(Host::Io, &hostile).unwrap();
    let signed_in = children::builder().endpoints(endpoints);
    let otf = signed_in.limits(limits.clone()).retry(RetryPolicy::never()).login().unwrap();
    let codegrade = CodeGrade::builder().host(&hostile).limits(limits.clone()).retry(RetryPolicy::never());
    let codegrade = codegrade.build().unwrap();
    let before = peak_kb();

    let sign_in = Otf::builder()
        .endpoints(Endpoints::at(&hostile).unwrap())
        .store(MemoryStore::new())
        .credentials(crate::support::pat())
        .limits(limits)
        .retry(RetryPolicy::never())
        .login();
    assert!(sign_in.is_err());
    children::say(format!("a sign-in: {} kB", peak_kb() - before));
    assert!(codegrade.pow().is_err());
    children::say(format!("a challenge: {} kB", peak_kb() - before));
    let list = otf.bookings().list(&BookingQuery::new().duplicates());
    children::say(format!("a list: {} kB, {}", peak_kb() - before, list.is_ok()));
    let json = otf.request(Method::GET, Host::Io, "/x").send();
    children::say(format!("JSON: {} kB, {}", peak_kb() - before, json.is_ok()));
    assert!(otf.bookings().book(ClassId::new("some-class")).is_err());
    children::say(peak_kb() - before);
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn job(_: &str) {}

/// The most memory that this process has had at once.
#[cfg(target_os = "linux")]
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[cfg(target_os = "linux")]
#[track_caller]
fn memory_stays_flat(reply: Reply) {
    let (sandbox, hostile) = (sandbox(), Hostile::start(reply));
    let directory = tempfile::tempdir().unwrap();
    builder(&sandbox).store(FileStore::at(directory.path())).login().unwrap();
    let mut command = children::command("faults");
    children::at(&mut command, &sandbox, directory.path()).env("OTF_TEST_HOSTILE", hostile.url());
    let mut said = children::Job::start(&mut command).finish();
    let grown: u64 = said.pop().unwrap().parse().unwrap();
    assert_eq!(said.len(), 4, "{said:?}");
    assert!(grown < MOST_KB, "{grown} kB more, and: {said:?}");
}

#[cfg(target_os = "linux")]
mod flat {
    use std::io::Write;

    use super::super::hostile::forever;
    use super::*;

    #[test]
    fn endless_body() {
        memory_stays_flat(|socket| {
            socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n\r\n{\"data\":\"")?;
            forever(socket, b"x")
        });
    }

    #[test]
    fn endless_chunks() {
        memory_stays_flat(|socket| {
            socket.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
            forever(socket, format!("400\r\n{}\r\n", "x".repeat(1024)).as_bytes())
        });
    }

    #[test]
    fn endless_headers() {
        memory_stays_flat(|socket| {
            socket.write_all(b"HTTP/1.1 200 OK\r\n")?;
            forever(socket, b"x-more: and more\r\n")
        });
    }

    /// The length alone takes no memory.
    #[test]
    fn wrong_content_length() {
        memory_stays_flat(|socket| {
            socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n{")
        });
    }

    /// A number in JSON may be two bytes; in memory it is many more.
    #[test]
    fn millions_of_small_values() {
        memory_stays_flat(|socket| {
            let body = format!("[{}1]", "1,".repeat(1 << 20));
            write!(socket, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        });
        memory_stays_flat(|socket| {
            let body = format!("{{\"message\":[{}1]}}", "1,".repeat(1 << 20));
            write!(socket, "HTTP/1.1 400 Bad\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        });
    }

    #[test]
    fn millions_of_items() {
        memory_stays_flat(|socket| {
            let body = format!("{{\"items\":[{}{{}}]}}", "{},".repeat(600_000));
            write!(socket, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        });
        memory_stays_flat(|socket| {
            let body = format!("{{\"items\":[{}{{}}]}}", "{},               ".repeat((2 << 20) / 18 - 10));
            write!(socket, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        });
    }
}
