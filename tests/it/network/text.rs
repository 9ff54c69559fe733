//! Text from a server reaches the terminal harmlessly.

use otf_api::http::{Request, Response};
use otf_api::sandbox::Fault;
use otf_api::{Transport, TransportError, TransportErrorKind};
use serde_json::json;

use super::list;
use crate::support::{builder, chain, sandbox};

/// Moves the cursor, starts an escape sequence, hides text, and reverses what follows.
const HOSTILE: &str = "no\u{1b}[2J\u{9b}1A\u{202e}\u{200b}\u{2066}\u{feff}\r\nyes";

fn assert_harmless(text: &str) {
    assert!(
        !text.contains(|char: char| char.is_control() || "\u{202e}\u{200b}\u{2066}\u{feff}".contains(char)),
        "{text:?}"
    );
}

#[test]
fn errors_show_no_control_or_bidirectional_characters() {
    let sandbox = sandbox();
    let otf = builder(&sandbox).login().unwrap();
    for status in [200, 400, 404, 429, 503] {
        let body = json!({"code": "ERROR", "message": HOSTILE}).to_string();
        sandbox.fault(Fault::status(status).body(body).on("GET", "/v1/bookings/me").always());
        let text = chain(&list(&otf).unwrap_err());
        assert!(text.contains("no") && text.contains("yes"), "{text:?}");
        assert_harmless(&text);
        sandbox.clear_faults();
    }
}

#[test]
fn errors_of_a_custom_transport_are_escaped() {
    struct Hostile;

    impl Transport for Hostile {
        fn send(&self, _: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
            Err(TransportError::new(TransportErrorKind::Broken, HOSTILE))
        }
    }

    let sandbox = sandbox();
    let error = builder(&sandbox).transport(Hostile).login().unwrap_err();
    assert_harmless(&chain(&error));
}
