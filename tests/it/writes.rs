//! Writes are sent once, also if the service asks for them again.

use otf_api::http::Method;
use otf_api::sandbox::Fault;
use otf_api::{ClassId, Error, Host, Otf};

use crate::support::{client, sandbox};

const BOOKINGS: &str = "/v1/bookings/me";

fn book(otf: &Otf) -> Error {
    otf.bookings().book(ClassId::new("some-class")).unwrap_err()
}

#[test]
fn write_is_not_repeated_when_the_service_asks_for_it() {
    for status in [301, 302, 303, 307, 308, 408, 409, 421, 423, 425, 429, 500, 503, 504] {
        let sandbox = sandbox();
        let otf = client(&sandbox);
        let location = format!("{}{BOOKINGS}", sandbox.url());
        let again = Fault::status(status).header("Retry-After", "0").header("Location", &location);
        sandbox.fault(again.on("POST", BOOKINGS).always());
        let error = book(&otf);
        assert_eq!(sandbox.count("POST", BOOKINGS), 1, "{status}: {error:?}");
        assert_eq!(sandbox.count("GET", BOOKINGS), 0, "{status}: {error:?}");
    }
}

/// A 401 says that nothing was done, so it is the only status after which a write is sent again: once, with a new token.
#[test]
fn write_refused_for_its_token_is_sent_once_more() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    sandbox.expire_tokens();
    assert!(book(&otf).is_not_found());
    let requests = sandbox.requests();
    let tokens: Vec<_> = requests
        .iter()
        .filter(|request| request.method == "POST" && request.path == BOOKINGS)
        .map(|request| (request.status, request.header("authorization")))
        .collect();
    assert_eq!(tokens.len(), 2, "{requests:?}");
    assert_eq!((tokens[0].0, tokens[1].0), (Some(401), Some(404)));
    assert_ne!(tokens[0].1, tokens[1].1);

    // A service that refuses the new token too.
    sandbox.clear_requests();
    sandbox.fault(Fault::status(401).on("POST", BOOKINGS).always());
    assert!(matches!(book(&otf), Error::Http { status: 401, .. }));
    assert_eq!(sandbox.count("POST", BOOKINGS), 2);
}

#[test]
fn signed_write_is_sent_once_more_at_most() {
    let path = "/member/app-configurations";
    for status in [401, 403] {
        let sandbox = sandbox();
        let otf = client(&sandbox);
        let expired = Fault::status(status).body(r#"{"message": "The security token is expired"}"#);
        sandbox.fault(expired.on("POST", path).always());
        let error = otf.request(Method::POST, Host::Default, path).signed().send().unwrap_err();
        assert!(matches!(error, Error::Http { status: said, .. } if said == status), "{error:?}");
        assert!(sandbox.count("POST", path) <= 2, "{status}: {}", sandbox.count("POST", path));
    }
}
