//! Servers that mean ill.

use std::ops::ControlFlow;
use std::time::Instant;

use otf_api::codegrade::CreateOtpLoginData;
use otf_api::codegrade::Error;
use otf_api::codegrade::pow::{PowError, Solver};
use otf_api::sandbox::codegrade::{ONE_USER, Pages};
use otf_api::sandbox::{Fault, Sandbox};
use serde_json::json;

use super::*;

#[test]
fn excessive_work_is_refused_at_once() {
    let sandbox = Sandbox::start().unwrap();
    let codegrade = client(&sandbox);
    for difficulty in [29, 64, 255, 256, 257, u32::MAX] {
        sandbox.codegrade().set_difficulty(difficulty);
        let error = codegrade.otp_login().create(&CreateOtpLoginData::new(ONE_USER)).unwrap_err();
        let expected = PowError::TooDifficult { difficulty, limit: 28 };
        assert!(matches!(&error, Error::ProofOfWork(pow) if *pow == expected), "{error}");
        assert!(error.to_string().contains(&difficulty.to_string()), "{error}");
    }
    assert_eq!(count(&sandbox, "POST", CREATE), 0);
}

#[test]
fn invalid_difficulty_is_a_typed_error() {
    let sandbox = Sandbox::start().unwrap();
    let codegrade = client(&sandbox);
    for difficulty in
        [json!(-1), json!(1e30), json!(12.5), json!("12"), json!(null), json!([]), json!(u64::MAX)]
    {
        sandbox.codegrade().set_difficulty(difficulty.clone());
        let error = codegrade.otp_login().create(&CreateOtpLoginData::new(ONE_USER)).unwrap_err();
        assert!(
            matches!(&error, Error::Decode { source, .. } if source.path == "difficulty"),
            "{difficulty}: {error}"
        );
    }
    sandbox.fault(Fault::status(200).body(r#"{"nonce": null, "difficulty": 1}"#).on("GET", CHALLENGE));
    assert!(matches!(codegrade.pow(), Err(Error::Decode { .. })));
}

#[test]
fn huge_nonce_is_refused_without_hashing() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.codegrade().set_nonce_len(1 << 20);
    let started = Instant::now();
    client(&sandbox).otp_login().create(&CreateOtpLoginData::new(ONE_USER)).unwrap();
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn work_can_be_limited_observed_and_canceled() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.codegrade().set_difficulty(40);
    let codegrade = builder(&sandbox)
        .solver(Solver::new().max_difficulty(40))
        .on_pow_progress(|progress| {
            assert_eq!(progress.difficulty, 40);
            if progress.hashes > 100_000 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .build()
        .unwrap();
    let error = codegrade.otp_login().create(&CreateOtpLoginData::new(ONE_USER)).unwrap_err();
    assert!(matches!(error, Error::ProofOfWork(PowError::Canceled { hashes: 130_000 })), "{error}");
}

#[test]
fn endless_list_ends_in_an_error() {
    let sandbox = Sandbox::start().unwrap();
    let (id, code) = selecting(&sandbox);
    sandbox.codegrade().set_pages(Pages::NeverEnd);
    let codegrade = client(&sandbox);
    let mut users = codegrade.otp_login().list(&id, code.clone()).page_size(1);
    let last = users.by_ref().last().unwrap();
    assert!(matches!(&last, Err(Error::Decode { source, .. }) if source.path == "Next-Token"), "{last:?}");
    assert!(users.next().is_none() && users.next_page().is_none());
    assert!(count(&sandbox, "GET", LIST) <= 501);
}

#[test]
fn repeated_page_token_is_an_error() {
    let sandbox = Sandbox::start().unwrap();
    let (id, code) = selecting(&sandbox);
    sandbox.codegrade().set_pages(Pages::Repeat);
    let codegrade = client(&sandbox);
    let users: Vec<_> = codegrade.otp_login().list(&id, code.clone()).page_size(20).collect();
    assert!(matches!(users.last(), Some(Err(Error::Decode { source, .. })) if source.path == "Next-Token"));
    assert_eq!(users.iter().filter(|user| user.is_ok()).count(), 40, "those of both pages");
    assert_eq!(count(&sandbox, "GET", LIST), 2);
}

#[test]
fn invalid_page_token_is_not_sent() {
    let sandbox = Sandbox::start().unwrap();
    let (id, code) = selecting(&sandbox);
    let codegrade = client(&sandbox);
    for token in ["x".repeat(5_000), "\u{e9}".to_owned()] {
        sandbox.clear_requests();
        let fault = Fault::status(200).body("[]").header("Next-Token", &token);
        sandbox.fault(fault.on("GET", LIST));
        let outcome: Vec<_> = codegrade.otp_login().list(&id, code.clone()).page_size(20).take(50).collect();
        sandbox.clear_faults();
        if token.len() > 100 {
            assert!(matches!(outcome.as_slice(), [Err(Error::Decode { .. })]), "{outcome:?}");
            assert_eq!(count(&sandbox, "GET", LIST), 1);
        }
    }
}

#[test]
fn empty_page_token_ends_the_list() {
    let sandbox = Sandbox::start().unwrap();
    let (id, code) = selecting(&sandbox);
    sandbox.fault(Fault::status(200).body("[]").header("Next-Token", "").on("GET", LIST));
    assert_eq!(client(&sandbox).otp_login().list(&id, code.clone()).page_size(20).count(), 0);
}

#[test]
fn invalid_user_does_not_affect_other_users() {
    let sandbox = Sandbox::start().unwrap();
    let (id, code) = selecting(&sandbox);
    let codegrade = client(&sandbox);
    let spoil = || {
        Fault::edit(|json| {
            json[1]["id"] = json!("x");
            json[2] = json!(null);
            json[3]["tenant"] = json!(7);
        })
        .on("GET", LIST)
    };
    sandbox.fault(spoil());
    let users: Vec<_> = codegrade.otp_login().list(&id, code.clone()).page_size(20).collect();
    assert_eq!(users.len(), 45);
    assert_eq!(users.iter().filter(|user| user.is_err()).count(), 2);

    sandbox.fault(spoil());
    let page = codegrade.otp_login().list(&id, code.clone()).page_size(20).next_page().unwrap().unwrap();
    assert_eq!((page.len(), page.rejected()[0].index, page.rejected()[1].index), (18, 1, 2));
}

#[test]
fn invalid_responses_are_typed_errors() {
    let sandbox = Sandbox::start().unwrap();
    let (id, code) = selecting(&sandbox);
    let codegrade = client(&sandbox);
    let faults = [
        Fault::garbage(),
        Fault::garbage_body(),
        Fault::empty(),
        Fault::nested(100_000),
        Fault::huge(64 << 20),
        Fault::huge_headers(1 << 22),
        Fault::status(200).body("<html>"),
        Fault::status(200).body("{}"),
        Fault::status(200).body("null"),
    ];
    for fault in faults {
        for path in [CHALLENGE, LIST] {
            sandbox.fault(fault.clone().on("GET", path).always());
            let error = match path {
                LIST => {
                    codegrade.otp_login().list(&id, code.clone()).page_size(20).next().unwrap().unwrap_err()
                }
                _ => codegrade.pow().unwrap_err(),
            };
            sandbox.clear_faults();
            assert!(matches!(error, Error::Decode { .. } | Error::Transport { .. }), "{fault:?}: {error}");
        }
    }
}
