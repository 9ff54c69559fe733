//! HTML where JSON was expected: a captive portal, a proxy or a firewall.

use otf_api::Error;
use otf_api::sandbox::{Fault, Sandbox};

use super::{book, list};
use crate::support::{builder, chain, sandbox};

/// What a hotel's portal sends, with any status.
const PORTAL: &str = "<!DOCTYPE html><html><head><title>Hotel WiFi</title></head></html>";

fn portal(status: u16) -> Fault {
    Fault::status(status).header("Content-Type", "text/html").body(PORTAL)
}

fn said(error: &Error) -> String {
    chain(error)
}

#[test]
fn error_names_the_likely_sender_of_html() {
    for status in [200, 403, 502, 511] {
        let sandbox = sandbox();
        let otf = builder(&sandbox).login().unwrap();
        sandbox.fault(portal(status).on("GET", "/v1/bookings/me").always());
        let text = said(&list(&otf).unwrap_err());
        let expected = format!("HTML instead of JSON (status {status})");
        assert!(text.contains(&expected) && text.contains("captive portal"), "{text}");
        assert!(!text.contains("Hotel"), "{text}");
    }
}

#[test]
fn write_with_an_html_response_is_outcome_unknown() {
    let sandbox = sandbox();
    let otf = builder(&sandbox).login().unwrap();
    sandbox.fault(portal(200).on("POST", "/v1/bookings/me").always());
    let error = book(&otf).unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error:?}");
    assert!(said(&error).contains("HTML instead of JSON (status 200)"), "{}", said(&error));
}

#[test]
fn sign_in_names_the_captive_portal() {
    for status in [200, 403] {
        let sandbox = Sandbox::start().unwrap();
        sandbox.fault(portal(status).on_operation("InitiateAuth").always());
        let error = builder(&sandbox).login().unwrap_err();
        let expected = format!("HTML instead of JSON (status {status})");
        assert!(said(&error).contains(&expected), "{}", said(&error));
    }
}
