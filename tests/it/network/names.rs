//! Names that are not resolved.

use otf_api::{Error, TransportErrorKind, UreqTransport};

use super::{ATTEMPTS, assert_not_sent, book, client, hasty, transport};
use crate::children::{Job, command_behind};
use crate::support::sandbox;
#[cfg(target_os = "linux")]
use crate::support::skipped;

#[test]
fn write_is_not_sent_if_the_name_is_not_resolved() {
    let sandbox = sandbox();
    // Where there is no network, a resolver may wait for a response for longer.
    let transport = transport().limits(hasty()).build().unwrap();
    let message =
        assert_not_sent(&sandbox, "https://api.name.invalid", transport, TransportErrorKind::NotSent);
    assert!(message.contains("api.name.invalid") || message.contains("time limit"), "{message}");
}

/// The resolver responds with SERVFAIL, in a network of the test's own.
#[cfg(target_os = "linux")]
#[test]
fn write_is_not_sent_if_the_resolver_fails() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("resolv.conf"), "nameserver 127.0.0.1\n").unwrap();
    let script = "ip link set lo up && mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"";
    let resolv_conf = directory.path().join("resolv.conf");
    let arguments = ["-n", "-m", "sh", "-c", script, resolv_conf.to_str().unwrap()];
    let probe = std::process::Command::new("unshare").args(arguments).arg("true").output();
    if !probe.is_ok_and(|probe| probe.status.success()) {
        skipped("a network namespace needs root, unshare, ip and mount");
        return;
    }
    let said = Job::start(&mut command_behind("unshare", &arguments, "network servfail")).finish();
    assert_eq!(said, [format!("{:?} {ATTEMPTS} true", TransportErrorKind::NotSent)]);
}

/// The job of the test above: a resolver that fails, and a booking.
#[cfg(target_os = "linux")]
pub(super) fn servfail() {
    use std::net::UdpSocket;
    use std::sync::atomic::Ordering;

    let resolver = UdpSocket::bind("127.0.0.1:53").unwrap();
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = std::sync::Arc::clone(&asked);
    std::thread::spawn(move || {
        let mut query = [0; 512];
        while let Ok((length, peer)) = resolver.recv_from(&mut query) {
            count.fetch_add(1, Ordering::SeqCst);
            // RFC 1035, section 4.1.1: a response with the code for a server failure.
            query[2] |= 0x80;
            query[3] = 0x82;
            let _ = resolver.send_to(&query[..length], peer);
        }
    });
    let sandbox = sandbox();
    let transport = transport().build().unwrap();
    let (otf, sleeps) = client(&sandbox, "https://api.name.example", transport);
    let error = book(&otf).unwrap_err();
    let Error::Transport { source, .. } = &error else { panic!("{error:?}") };
    let attempts = sleeps.load(Ordering::SeqCst) + 1;
    let is_asked = asked.load(Ordering::SeqCst) > 0;
    crate::children::say(format!("{:?} {attempts} {is_asked}", source.kind()));
}

/// A name is resolved on a thread, for which there may be no room.
#[cfg(target_os = "linux")]
#[test]
fn missing_resolver_thread_is_an_error() {
    let probe = std::process::Command::new("setpriv")
        .args(["--reuid=65534", "--clear-groups", "prlimit", "--version"])
        .output();
    if !probe.is_ok_and(|probe| probe.status.success()) {
        skipped("a limited user needs root, setpriv and prlimit");
        return;
    }
    let arguments = ["--reuid=65534", "--clear-groups"];
    let said = Job::start(&mut command_behind("setpriv", &arguments, "network no-thread")).finish();
    assert_eq!(said, ["NotSent: could not start a thread to resolve a name"]);
}

/// The job of the test above.
#[cfg(target_os = "linux")]
pub(super) fn no_thread() {
    use otf_api::Transport;

    let transport = transport().build().unwrap();
    let request = otf_api::http::Request::get("https://api.name.invalid/").body(Vec::new()).unwrap();
    let limited = std::process::Command::new("prlimit")
        .args(["--nproc=1", "--pid", &std::process::id().to_string()])
        .status()
        .unwrap();
    assert!(limited.success());
    let error = transport.send(&request).unwrap_err();
    let message = error.to_string();
    let (what, _) = message.rsplit_once(": ").unwrap_or((&message, ""));
    crate::children::say(format!("{:?}: {what}", error.kind()));
}

#[test]
fn ipv6_address_needs_no_resolver() {
    use otf_api::Transport;

    let transport = UreqTransport::builder().no_proxy("*").build().unwrap();
    let request = otf_api::http::Request::get("http://[::1]:1/").body(Vec::new()).unwrap();
    assert_eq!(transport.send(&request).unwrap_err().kind(), TransportErrorKind::NotSent);
}
