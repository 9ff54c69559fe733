//! Every kind of call under every fault.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use otf_api::codegrade::{self, ConfirmOtpLoginData, CreateOtpLoginData};
use otf_api::http::Method;
use otf_api::sandbox::codegrade::ONE_USER;
use otf_api::sandbox::{PAT, Rotation};
use otf_api::{Error, Host, MemoryStore};

use super::fault_cases::{FaultCase, How, all};
use super::hostile::Hostile;
use super::stage::{Detour, Stage, Target};
use crate::servers::proxy::Proxy;
use crate::servers::tls;
use crate::support::{chain, pat};

/// Far beyond what the limits allow together, far below "for ever".
const BOUND: Duration = Duration::from_secs(25);

/// What is asked of an error, whichever product it is from.
trait Failure: std::error::Error {
    /// Whether it is about this machine instead of the network or the service.
    fn is_local(&self) -> bool;
    fn is_outcome_unknown(&self) -> bool;
    fn is_retryable(&self) -> bool;
}

impl Failure for Error {
    fn is_local(&self) -> bool {
        // The last one is the test's own doing: it has chosen a class that is too far ahead.
        matches!(
            self,
            Error::InvalidInput { .. } | Error::Store { .. } | Error::OutsideSchedulingWindow { .. }
        )
    }

    fn is_outcome_unknown(&self) -> bool {
        matches!(self, Error::OutcomeUnknown { .. })
    }

    fn is_retryable(&self) -> bool {
        self.is_retryable()
    }
}

impl Failure for codegrade::Error {
    fn is_local(&self) -> bool {
        matches!(self, codegrade::Error::InvalidInput { .. } | codegrade::Error::Store { .. })
    }

    fn is_outcome_unknown(&self) -> bool {
        matches!(self, codegrade::Error::OutcomeUnknown { .. })
    }

    fn is_retryable(&self) -> bool {
        self.is_retryable()
    }
}

/// A call that is under test.
struct Kind<E = Error> {
    target: Target,
    is_write: bool,
    /// Prepares what the call needs, before the fault starts.
    prepare: fn(&mut Stage),
    act: fn(&Stage) -> Result<(), E>,
    /// What must hold afterwards, once the fault is over.
    check: fn(&Stage, &FaultCase, &Result<(), E>),
}

/// Runs a kind of call through all troubles.
fn under_every_fault<E: Failure>(kind: &Kind<E>) {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    let troubles = all(&format!("http://{}/stolen", elsewhere.local_addr().unwrap()));
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        // Most of a case is waiting.
        for _ in 0..6 {
            scope.spawn(|| {
                let mut stage = Stage::new();
                while let Some(case) = troubles.get(next.fetch_add(1, Ordering::SeqCst)) {
                    through(kind, case, &mut stage);
                }
            });
        }
    });
    elsewhere.set_nonblocking(true).unwrap();
    assert!(elsewhere.accept().is_err(), "a redirect was followed");
}

fn through<E: Failure>(kind: &Kind<E>, case: &FaultCase, stage: &mut Stage) {
    let name = &case.name;
    let (mut hostile, mut tls, mut proxy, mut to) = (None, None, None, None);
    match case.how {
        How::Sandbox(_) => {}
        How::Hostile(reply) => to = Some(hostile.insert(Hostile::start(reply)).url()),
        How::Refused => {
            let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
            to = Some(format!("http://{address}"));
        }
        How::Tls(how) => to = Some(tls::url(tls.insert(how.start(stage.sandbox.addr())))),
        How::Proxy(how) => {
            proxy = Some(Proxy::start(how));
            to = Some("https://api.otf.invalid".to_owned());
        }
        How::Name => to = Some("https://api.name.invalid".to_owned()),
    }
    stage.store = MemoryStore::new();
    stage.detour = Arc::new(Detour::new(kind.target, to, proxy.as_ref().map(Proxy::url)));
    stage.sandbox.clear_requests();
    (kind.prepare)(stage);
    stage.sandbox.clear_requests();

    if let How::Sandbox(fault) = &case.how {
        stage.sandbox.fault(kind.target.of(fault.clone()).always());
    }
    stage.detour.on.store(true, Ordering::SeqCst);
    let started = Instant::now();
    let result = (kind.act)(stage);
    let took = started.elapsed();
    assert!(took < BOUND, "{name}: it took {took:?}");
    let sent = stage.sandbox.requests().len() as u64 + hostile.as_ref().map_or(0, Hostile::connections);
    // A refused token or device may cost a few requests more; a circle would cost many.
    assert!(sent <= 12, "{name}: {sent} requests");
    if case.comes_before_the_request() {
        assert!(!result.as_ref().is_err_and(E::is_outcome_unknown), "{name}: {result:?}");
    }
    if let Err(error) = &result {
        let shown = error.to_string();
        assert!(!shown.is_empty() && !shown.contains('\n') && shown.len() < 500, "{name}: {shown}");
        assert!(!error.is_local(), "{name}: {error:?}");
    }
    if kind.is_write {
        let writes =
            stage.sandbox.requests().iter().filter(|seen| is_write(&seen.method, &seen.path)).count();
        let writes = writes as u64 + hostile.as_ref().map_or(0, Hostile::connections);
        assert!(writes <= 1, "{name}: sent {writes} times");
        if let Err(error) = &result {
            assert!(!(error.is_outcome_unknown() && error.is_retryable()), "{name}: {error:?}");
        }
    }

    stage.detour.on.store(false, Ordering::SeqCst);
    stage.sandbox.clear_faults();
    (kind.check)(stage, case, &result);
}

fn is_write(method: &str, path: &str) -> bool {
    method != "GET" && path != "/"
}

const LIST: &str = "/v1/bookings/me";

/// A kind that is over when it has failed or not: nothing but the tokens is at stake.
const READ: Kind = Kind {
    target: Target::Path("GET", LIST),
    is_write: false,
    prepare: Stage::sign_in,
    act: |stage| stage.list(stage.otf()),
    check: |stage, _, _| {
        stage.list(stage.otf()).unwrap();
        stage.no_token_is_lost();
    },
};

#[test]
fn read_under_every_fault() {
    under_every_fault(&READ);
}

#[test]
fn cached_read_under_every_fault() {
    under_every_fault(&Kind {
        target: Target::Path("GET", "/member/members/*"),
        act: |stage| stage.otf().members().detail().map(drop),
        check: |stage, _, _| {
            let member = stage.otf().members().detail().unwrap();
            assert_eq!(member.email.as_deref(), Some(PAT.email), "nothing bad was kept");
            stage.no_token_is_lost();
        },
        ..READ
    });
}

#[test]
fn refresh_under_every_fault() {
    under_every_fault(&Kind {
        target: Target::Operation("InitiateAuth"),
        prepare: |stage| {
            stage.sign_in();
            stage.sandbox.advance(Duration::from_secs(2 * 3600));
        },
        ..READ
    });
}

#[test]
fn rotating_refresh_under_every_fault() {
    under_every_fault(&Kind {
        target: Target::Operation("GetTokensFromRefreshToken"),
        prepare: |stage| {
            stage.sign_in();
            stage.sandbox.rotate_refresh_tokens(Rotation::NewOperationOnly);
            stage.sandbox.advance(Duration::from_secs(2 * 3600));
        },
        check: |stage, case, _| {
            // Where the pool has rotated the token and the response was lost, the old one is no longer good.
            let may_be_spent = case.reaches_the_service();
            match stage.list(stage.otf()) {
                Ok(()) => stage.no_token_is_lost(),
                Err(error) => {
                    assert!(may_be_spent && matches!(error, Error::NoCredentials { .. }), "{error:?}");
                    let again = stage.builder().credentials(pat()).login().unwrap();
                    stage.list(&again).unwrap();
                }
            }
        },
        ..READ
    });
}

#[test]
fn signed_read_under_every_fault() {
    under_every_fault(&Kind {
        target: Target::Operation("GetCredentialsForIdentity"),
        act: signed,
        check: |stage, _, _| {
            signed(stage).unwrap();
            stage.no_token_is_lost();
        },
        ..READ
    });
}

fn signed(stage: &Stage) -> otf_api::Result<()> {
    let path = "/member/app-configurations";
    stage.otf().request(Method::GET, Host::Default, path).signed().send().map(drop)
}

/// The booking is made or it is not, and what the caller is told is true.
fn assert_outcome(stage: &Stage, case: &FaultCase, result: &otf_api::Result<()>, made: usize) {
    let name = &case.name;
    assert!(made <= 1, "{name}: booked {made} times");
    match result {
        Ok(()) => assert_eq!(made, 1, "{name}: it is said to have worked"),
        Err(Error::OutcomeUnknown { .. }) => {}
        Err(error) => assert_eq!(made, 0, "{name}: it is said to have failed: {error}"),
    }
    stage.no_token_is_lost();
}

#[test]
fn booking_under_every_fault() {
    under_every_fault(&Kind {
        target: Target::Path("POST", LIST),
        is_write: true,
        prepare: |stage| {
            stage.sign_in();
            stage.find_class();
        },
        act: |stage| stage.class().book(stage.otf()).map(drop),
        check: |stage, case, result| {
            assert_outcome(stage, case, result, stage.bookings_made());
            let found = stage.class().booking(stage.otf());
            let is_booked = found.is_ok_and(|booking| !booking.is_canceled());
            assert_eq!(is_booked, stage.bookings_made() == 1, "{}: looked up", case.name);
        },
    });
}

#[test]
fn cancellation_under_every_fault() {
    under_every_fault(&Kind {
        target: Target::Path("DELETE", "/v1/bookings/me/*"),
        is_write: true,
        prepare: |stage| {
            stage.sign_in();
            stage.find_class();
            stage.class().book(stage.otf()).unwrap();
        },
        act: |stage| stage.class().booking(stage.otf())?.cancel(stage.otf()).map(drop),
        check: |stage, case, result| {
            let booking = stage.class().booking(stage.otf()).unwrap();
            // To a cancellation, an empty response or any JSON is a yes.
            let is_yes = [
                "an empty body",
                "no content",
                "an empty object",
                "a list",
                "a text",
                "null",
                "deep nesting",
                "not UTF-8",
            ];
            let is_yes_of_another = !case.reaches_the_service() && result.is_ok();
            if !is_yes.contains(&case.name.as_str()) && !is_yes_of_another {
                assert_outcome(stage, case, result, usize::from(booking.is_canceled()));
            }
        },
    });
}

#[test]
fn emailed_code_under_every_fault() {
    under_every_fault(&Kind {
        target: Target::Path("POST", "/api/v1/otp_logins"),
        is_write: true,
        prepare: |_| {},
        act: |stage| stage.codegrade().otp_login().create(&CreateOtpLoginData::new(ONE_USER)).map(drop),
        check: |stage, _, _| {
            stage.codegrade().otp_login().create(&CreateOtpLoginData::new(ONE_USER)).unwrap();
        },
    });
}

#[test]
fn proof_of_work_under_every_fault() {
    under_every_fault(&Kind {
        target: Target::Path("GET", "/api/v1/pow/challenge"),
        prepare: |_| {},
        act: |stage| stage.codegrade().pow().map(drop),
        check: |stage, _, _| drop(stage.codegrade().pow().unwrap()),
        is_write: false,
    });
}

#[test]
fn code_confirmation_under_every_fault() {
    under_every_fault(&Kind {
        target: Target::Path("POST", "/api/v1/otp_logins/*"),
        is_write: true,
        prepare: |stage| {
            let login = stage.codegrade().otp_login().create(&CreateOtpLoginData::new(ONE_USER)).unwrap();
            stage.otp_login = login.id;
        },
        act: |stage| {
            let code = stage.sandbox.codegrade().emailed_code(ONE_USER).unwrap();
            let service = stage.codegrade();
            service.otp_login().confirm(&stage.otp_login, &ConfirmOtpLoginData::new(code)).map(drop)
        },
        check: |_, _, _| {},
    });
}

#[test]
fn codegrade_list_under_every_fault() {
    under_every_fault(&Kind {
        target: Target::Path("GET", "/api/v1/courses/"),
        is_write: false,
        prepare: |_| {},
        act: |stage| {
            let token = stage.sandbox.codegrade().issue_token(ONE_USER).unwrap();
            stage.codegrade().session(token).courses().try_for_each(|course| course.map(drop))
        },
        check: |stage, _, _| {
            let token = stage.sandbox.codegrade().issue_token(ONE_USER).unwrap();
            assert!(stage.codegrade().session(token).courses().all(|course| course.is_ok()));
        },
    });
}

/// The sign-in itself: the first step, the proof of the password, and the device.
const SIGN_IN: Kind = Kind {
    target: Target::Operation("InitiateAuth"),
    is_write: false,
    prepare: |_| {},
    act: |stage| stage.builder().credentials(pat()).login().and_then(|otf| stage.list(&otf)),
    check: |stage, case, result| {
        assert!(stage.sandbox.count_operation("RespondToAuthChallenge") <= 2, "{}", case.name);
        if result.is_ok() {
            return stage.no_token_is_lost_after(1);
        }
        if !case.reaches_the_service() {
            // There is nothing that could have gone wrong at the service; and a sign-in takes its time.
            return;
        }
        let otf = stage.builder().credentials(pat()).login();
        let otf = otf.unwrap_or_else(|error| panic!("{}: {}", case.name, chain(&error)));
        stage.list(&otf).unwrap();
    },
};

#[test]
fn sign_in_start_under_every_fault() {
    under_every_fault(&SIGN_IN);
}

#[test]
fn password_proof_under_every_fault() {
    under_every_fault(&Kind {
        target: Target::Operation("RespondToAuthChallenge"),
        check: |stage, case, result| {
            // A wrong try counts against the account, so a try in doubt is not repeated.
            assert!(stage.sandbox.count_operation("RespondToAuthChallenge") <= 1, "{}", case.name);
            (SIGN_IN.check)(stage, case, result);
        },
        ..SIGN_IN
    });
}

#[test]
fn device_confirmation_under_every_fault() {
    under_every_fault(&Kind {
        target: Target::Operation("ConfirmDevice"),
        check: |stage, case, result| {
            if let Err(error) = result {
                panic!("{}: a device costs no sign-in: {}", case.name, chain(error));
            }
            assert_eq!(stage.sandbox.count_operation("RespondToAuthChallenge"), 1);
        },
        ..SIGN_IN
    });
}
