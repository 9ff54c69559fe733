//! Requests to the sandbox, as bytes on a connection.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::LazyLock;
use std::time::Duration;

use otf_api::sandbox::Sandbox;

use super::harness::tokens;

/// One for all inputs: it must outlive each of them.
static SANDBOX: LazyLock<Sandbox> = LazyLock::new(|| Sandbox::start().unwrap());

/// Whatever a client sends, the sandbox replies with HTTP or closes the connection, and serves the next client.
pub(crate) fn run(data: &[u8]) {
    let response = exchange(data);
    assert!(response.is_empty() || response.starts_with(b"HTTP/1.1 "), "{}", response.escape_ascii());
    assert!(!response.starts_with(b"HTTP/1.1 500"), "{}", response.escape_ascii());
    let next = exchange(b"GET /nothing HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(next.starts_with(b"HTTP/1.1 4"), "{}", next.escape_ascii());
    SANDBOX.clear_requests();
}

fn exchange(sent: &[u8]) -> Vec<u8> {
    let address = SANDBOX.url();
    let mut stream = TcpStream::connect(address.trim_start_matches("http://").trim_end_matches('/')).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // The sandbox may have closed the connection before it has read everything.
    drop(stream.write_all(sent));
    drop(stream.shutdown(Shutdown::Write));
    let mut response = Vec::new();
    match stream.read_to_end(&mut response) {
        Err(error)
            if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) =>
        {
            panic!("no response and no end")
        }
        _ => response,
    }
}

pub(crate) fn seeds() -> Vec<(String, Vec<u8>)> {
    let (id, _) = tokens(4_000_000_000);
    let post = |target: &str, body: &str| {
        format!(
            "POST / HTTP/1.1\r\nhost: x\r\nx-amz-target: {target}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let pool = "AWSCognitoIdentityProviderService";
    let requests = [
        format!("GET /v1/classes?studio_ids=x HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {id}\r\n\r\n"),
        "GET /member/members/x HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
        "PUT /member/members/x/bookings HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}".to_owned(),
        "POST /v1/bookings/me HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
            .to_owned(),
        post(
            &format!("{pool}.InitiateAuth"),
            r#"{"AuthFlow":"USER_SRP_AUTH","ClientId":"x","AuthParameters":{"USERNAME":"pat@example.com","SRP_A":"ab12"}}"#,
        ),
        post(
            &format!("{pool}.RespondToAuthChallenge"),
            r#"{"ChallengeName":"PASSWORD_VERIFIER","ClientId":"x","Session":"s","ChallengeResponses":{}}"#,
        ),
        post("AWSCognitoIdentityService.GetId", r#"{"IdentityPoolId":"x","Logins":{"a":"b"}}"#),
        "POST /api/v1/pow HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}".to_owned(),
        "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n".to_owned(),
    ];
    requests
        .into_iter()
        .enumerate()
        .map(|(index, request)| (format!("request-{index}"), request.into_bytes()))
        .collect()
}
