//! A tour through all that the client does, well and badly, with a spy in place of the logger.

use std::error::Error as StdError;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use otf_api::auth::{ChallengeResponse, Credentials, Session};
use otf_api::codegrade::{CodeGrade, ConfirmOtpLoginData, CreateOtpLoginData};
use otf_api::http::Method;
use otf_api::models::MemberDetail;
use otf_api::record::Recorder;
use otf_api::sandbox::{Fault, MFA_CODE, PAT, Sandbox, codegrade};
use otf_api::{ClassId, ClassQuery, FileStore, Host, Otf, OtfBuilder, Secret, Store, UreqTransport};
use serde_json::json;

use super::planted::{Needles, constant, files};
use super::spy;
use crate::children;
use crate::support::{builder, pat};

pub(super) const WRONG: &str = "not-the-Password-0";
pub(super) const NEW_PASSWORD: &str = "Another-Pass-word-1";

/// What is found on the way.
struct Tour {
    sandbox: Sandbox,
    store: FileStore,
    /// Records every response.
    recorder: Recorder,
    needles: Needles,
    /// What may be shown to the member, but not be in a recording.
    personal: Needles,
    /// Everything that was shown, with what it was.
    shown: Vec<(String, String)>,
}

pub(super) fn take() {
    spy::install();
    let sandbox = Sandbox::start().unwrap();
    let mut tour = Tour {
        sandbox,
        store: children::store(),
        recorder: Recorder::create(children::given("OTF_TEST_RECORDING"), UreqTransport::default()).unwrap(),
        needles: constant(),
        personal: Needles::default(),
        shown: Vec::new(),
    };
    tour.sign_ins();
    let otf = tour.builder().login().unwrap();
    tour.session(&otf);
    tour.work(&otf);
    tour.failures(&otf);
    tour.answers_that_give_away();
    tour.damaged_files();
    tour.codegrade();
    tour.show("the client", &otf);
    tour.show("the recorder", &tour.recorder.clone());
    drop(otf);
    tour.search();
    children::say("nothing found");
}

impl Tour {
    fn builder(&self) -> OtfBuilder {
        builder(&self.sandbox)
            .transport(self.recorder.clone())
            .store(self.store.clone())
            .on_challenge(|_| Ok(ChallengeResponse::new(MFA_CODE)))
    }

    fn show(&mut self, what: &str, value: &impl Debug) {
        self.shown.push((what.to_owned(), format!("{value:?} {value:#?}")));
    }

    /// An error in every form: its own, its sources', and in the message of a panic.
    fn error<E: StdError>(&mut self, what: &str, error: E) {
        self.show(what, &error);
        let mut next: Option<&dyn StdError> = Some(&error);
        while let Some(error) = next {
            self.shown.push((what.to_owned(), format!("{error} {error:#} {error:?} {error:#?}")));
            next = error.source();
        }
        let fails = |error: E| -> Result<(), E> { Err(error) };
        let panicked = catch_unwind(AssertUnwindSafe(|| fails(error).unwrap()));
        let message = panicked.unwrap_err();
        self.shown.push((what.to_owned(), message.downcast_ref::<String>().unwrap().clone()));
    }

    fn result<T: Debug>(&mut self, what: &str, result: otf_api::Result<T>) {
        if let Err(error) = result {
            self.error(what, error);
        }
    }

    fn sign_ins(&mut self) {
        let wrong = self.builder().credentials(Credentials::new(PAT.email, WRONG));
        self.show("a builder", &wrong);
        self.error("a wrong password", wrong.login().unwrap_err());
        self.show("credentials", &pat());
        let code = ChallengeResponse::new(MFA_CODE);
        self.show("a response", &code);
        self.show("a secret", &Secret::from(PAT.password));
        self.sandbox.require_challenge(PAT.email, "SMS_MFA");
        let mute = builder(&self.sandbox);
        self.error("no handler", mute.login().unwrap_err());
        let wrong = self.builder().on_challenge(|_| Ok(ChallengeResponse::new("999999")));
        self.error("a wrong code", wrong.login().unwrap_err());
        let panicking = self.builder().on_challenge(|challenge| panic!("{challenge:?}"));
        assert!(catch_unwind(AssertUnwindSafe(|| panicking.login())).is_err());
        let otf = self.builder().login().unwrap();
        self.session(&otf);
        // The one time that a password is sent.
        let other = self.sandbox.add_account("other@example.com", WRONG);
        self.sandbox.require_challenge(other.email, "NEW_PASSWORD_REQUIRED");
        let other = self.builder().credentials(Credentials::new(other.email, WRONG));
        let other = other.on_challenge(|_| Ok(ChallengeResponse::new(NEW_PASSWORD))).login().unwrap();
        self.session(&other);
        self.sandbox.advance(Duration::from_secs(2 * 3600));
        otf.bookings().list(&Default::default()).unwrap();
        self.session(&otf);
        self.sandbox.revoke_refresh_tokens(PAT.email);
        self.sandbox.advance(Duration::from_secs(2 * 3600));
        self.result("a refused refresh", otf.bookings().list(&Default::default()));
        for _ in 0..6 {
            let wrong = self.builder().credentials(Credentials::new("other@example.com", WRONG));
            self.sandbox.expire_tokens();
            self.sandbox.revoke_refresh_tokens("other@example.com");
            self.result("too many tries", wrong.store(otf_api::MemoryStore::new()).login());
        }
    }

    /// Takes note of the secrets of a session.
    fn session(&mut self, otf: &Otf) {
        let session = otf.session().unwrap();
        self.show("a session", &session);
        let Session { id_token, access_token, refresh_token, device, .. } = session;
        let secrets = [
            ("an ID token", id_token),
            ("an access token", access_token),
            ("a refresh token", refresh_token),
        ];
        for (name, secret) in secrets {
            self.needles.add(name, secret.unwrap().expose());
        }
        if let Some(device) = device {
            self.show("a device", &device);
            self.needles.add("a device's password", device.password.expose());
        }
        // Every signature and every session of a challenge, as they went over the wire.
        let requests = self.sandbox.requests();
        self.sandbox.clear_requests();
        for request in requests {
            let body = request.json();
            for (name, place) in [
                ("a proof of the password", "/ChallengeResponses/PASSWORD_CLAIM_SIGNATURE"),
                ("a challenge's session", "/Session"),
                ("a verifier", "/DeviceSecretVerifierConfig/PasswordVerifier"),
            ] {
                if let Some(secret) = body.pointer(place).and_then(|value| value.as_str()) {
                    self.needles.add(name, secret);
                }
            }
        }
    }

    fn work(&mut self, otf: &Otf) {
        let member = otf.member().unwrap();
        self.needles.add("the email address", member.email.as_deref().unwrap());
        self.needles.add("the phone number", member.phone_number.as_deref().unwrap());
        self.personal(otf, &member);
        let aws = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&aws);
        self.sandbox.fault(
            Fault::edit(move |reply| seen.lock().unwrap().push(reply["Credentials"].clone()))
                .on_operation("GetCredentialsForIdentity"),
        );
        otf.request(Method::GET, Host::Default, "/member/app-configurations").signed().send().unwrap();
        let credentials = aws.lock().unwrap()[0].clone();
        self.needles.add("the AWS secret", credentials["SecretKey"].as_str().unwrap());
        self.needles.add("the AWS session", credentials["SessionToken"].as_str().unwrap());
        otf.members().email_notifications().unwrap();
        otf.members().sms_notifications().unwrap();
        let request = otf
            .request(Method::POST, Host::Default, "/otfmailing/v2/preferences")
            .query("email", PAT.email)
            .header("koji-member-email", PAT.email)
            .json(&json!({"email": PAT.email, "phone": member.phone_number}));
        self.show("a request", &request);
        self.result("a raw request", request.send());
    }

    /// Takes note of what else tells who the member is, and has it sent back in every way.
    fn personal(&mut self, otf: &Otf, member: &MemberDetail) {
        let mut streets = member.addresses.iter().filter_map(|address| address.address_line1.as_deref());
        for (name, value) in [
            ("the member's id", Some(member.member_uuid.as_str())),
            ("the user's id", member.cognito_id.as_deref()),
            ("the last name", member.last_name.as_deref()),
            ("the street", streets.next()),
            ("the day of birth", member.birth_day.map(|day| day.to_string()).as_deref()),
            ("the home studio", member.home_studio.as_ref().and_then(|studio| studio.name.as_deref())),
        ] {
            self.personal.add(name, value.unwrap_or_else(|| panic!("there is not {name}")));
        }
        let (bookings, workouts) = (otf.bookings(), otf.workouts());
        bookings.classes(&ClassQuery::new().with_booked().with_studios()).unwrap();
        bookings.list(&Default::default()).unwrap();
        bookings.legacy().list(&Default::default()).unwrap();
        workouts.list(&Default::default()).unwrap();
        workouts.body_composition().unwrap();
        workouts.challenge_tracker().unwrap();
        otf.members().membership().unwrap();
        otf.members().purchases_with_studios().unwrap();
        otf.members().update_name("Patricia", None).unwrap();
        otf.studios().all().unwrap();
    }

    fn failures(&mut self, otf: &Otf) {
        let faults = [
            Fault::reset_before(),
            Fault::reset_after(),
            Fault::truncate(30),
            Fault::garbage(),
            Fault::garbage_body(),
            Fault::empty(),
            Fault::nested(1000),
            Fault::status(400),
            Fault::status(401),
            Fault::status(403),
            Fault::status(404),
            Fault::status(429),
            Fault::status(500),
            Fault::redirect("http://127.0.0.1:1/"),
            Fault::status(200).body("[]"),
            Fault::status(400).body(format!("{{\"message\":\"no member {} here\"}}", PAT.email)),
            Fault::status(404).body(format!("{{\"message\":\"{} is unknown\"}}", PAT.email)),
            Fault::status(200).body(format!("{{\"error\":\"{} is unknown\"}}", PAT.email)),
        ];
        for (index, fault) in faults.into_iter().enumerate() {
            self.sandbox.fault(fault.clone().on("GET", "/otfmailing/v2/preferences").always());
            self.result("email settings", otf.members().email_notifications());
            self.sandbox.clear_faults();
            for path in ["/v1/bookings/me", "/member/app-configurations"] {
                self.sandbox.fault(fault.clone().on("*", path).always());
            }
            self.result("a list", otf.bookings().list(&Default::default()));
            self.result("a booking", otf.bookings().book(ClassId::new("some-class")));
            let config = otf.request(Method::GET, Host::Default, "/member/app-configurations").signed();
            self.result("a signed request", config.send());
            self.sandbox.clear_faults();
            // A sign-in up to its later steps takes longer than all else here.
            let is_telling = index >= 14;
            let operations = ["InitiateAuth", "RespondToAuthChallenge", "ConfirmDevice"];
            for operation in operations.into_iter().take(if is_telling { 3 } else { 1 }) {
                self.sandbox.fault(fault.clone().on_operation(operation).always());
                let fresh = self.builder().store(otf_api::MemoryStore::new());
                self.result(operation, fresh.login());
                self.sandbox.clear_faults();
            }
        }
        let limits = otf_api::Limits::default().timeout(Duration::from_millis(200));
        self.sandbox.fault(Fault::stall().on_operation("InitiateAuth").always());
        let hasty = builder(&self.sandbox).limits(limits).retry(otf_api::RetryPolicy::never());
        self.result("a stalled sign-in", hasty.login());
        self.sandbox.clear_faults();
    }

    /// Responses in which a secret is where it does not belong, so that complaining about it would show it.
    fn answers_that_give_away(&mut self) {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let edits: [fn(&mut serde_json::Value); 6] = [
            |reply| reply["AuthenticationResult"] = reply["AuthenticationResult"]["IdToken"].clone(),
            |reply| reply["AuthenticationResult"] = reply["AuthenticationResult"]["RefreshToken"].clone(),
            |reply| {
                let token = reply["AuthenticationResult"]["RefreshToken"].clone();
                reply["AuthenticationResult"]["NewDeviceMetadata"] = token;
            },
            |reply| reply["ChallengeParameters"] = reply["AuthenticationResult"]["AccessToken"].clone(),
            |reply| *reply = reply["AuthenticationResult"]["RefreshToken"].clone(),
            |reply| {
                let token = reply["AuthenticationResult"]["AccessToken"].as_str().unwrap_or_default();
                reply["AuthenticationResult"]["IdToken"] = token.replace('.', "!").into();
            },
        ];
        for edit in edits {
            let note = Arc::clone(&seen);
            self.sandbox.fault(
                Fault::edit(move |reply| {
                    note.lock().unwrap().push(reply["AuthenticationResult"].clone());
                    edit(reply);
                })
                .on_operation("RespondToAuthChallenge")
                .skip(1),
            );
            let fresh = self.builder().store(otf_api::MemoryStore::new());
            self.result("an odd reply", fresh.login());
            self.sandbox.clear_faults();
        }
        for result in seen.lock().unwrap().iter() {
            for name in ["IdToken", "AccessToken", "RefreshToken"] {
                if let Some(token) = result[name].as_str() {
                    self.needles.add(name, token);
                }
            }
        }
    }

    /// Files that hold secrets and can't be read.
    fn damaged_files(&mut self) {
        for path in files(self.store.path()) {
            let is_session = ["tokens.json", "device.json"].iter().any(|name| path.ends_with(name));
            let Some(whole) = is_session.then(|| std::fs::read(&path).unwrap()) else { continue };
            for damaged in [&whole[..whole.len() / 2], &[b"\"", &whole[..], b"\""].concat()] {
                std::fs::write(&path, damaged).unwrap();
                self.result("a damaged store", self.builder().login());
            }
            let text =
                String::from_utf8_lossy(&whole).replace("\":\"", "\":{\"x\":\"").replace("\",\"", "\"},\"");
            std::fs::write(&path, text).unwrap();
            self.result("a damaged store", self.builder().login());
        }
        let otf = self.builder().login().unwrap();
        self.session(&otf);
    }

    fn codegrade(&mut self) {
        let server = CodeGrade::builder().host(self.sandbox.url()).transport(self.recorder.clone());
        let server = server.sleep(|_| {}).store(otf_api::MemoryStore::new()).build().unwrap();
        self.show("the server", &server);
        let service = server.otp_login();
        let data = CreateOtpLoginData::new(codegrade::ONE_USER);
        self.needles.add("the address at CodeGrade", codegrade::ONE_USER);
        let id = service.create(&data).unwrap().id;
        let code = self.sandbox.codegrade().emailed_code(codegrade::ONE_USER).unwrap();
        self.needles.add("the code", &code);
        let echo = |text: &str| {
            Fault::status(400)
                .body(json!({"message": format!("no {text}"), "code": "OBJECT_NOT_FOUND"}).to_string())
        };
        self.sandbox.fault(echo(&code).on("POST", "/api/v1/otp_logins/*"));
        let confirm = ConfirmOtpLoginData::new(code.clone());
        self.show("a confirmation", &confirm);
        self.error("the code in an error", service.confirm(&id, &confirm).unwrap_err());
        self.sandbox.fault(echo(codegrade::ONE_USER).on("POST", "/api/v1/otp_logins"));
        self.error("the address in an error", service.create(&data).unwrap_err());
        self.sandbox.fault(Fault::garbage_body().on("POST", "/api/v1/otp_logins/*"));
        self.error("no JSON", service.confirm(&id, &confirm).unwrap_err());
        self.error("a wrong code", service.confirm(&id, &ConfirmOtpLoginData::new("000000")).unwrap_err());
        let login = service.confirm(&id, &confirm).unwrap();
        let otf_api::codegrade::OtpLoginConfirmation::Login(session) = login else { panic!("one user") };
        self.needles.add("the access token at CodeGrade", session.token().expose());
        self.shown.push(("a session".to_owned(), format!("{session:?} {:?} {data:?}", session.token())));
        self.show("the user at CodeGrade", &session.user().unwrap());
        self.sandbox.fault(echo(session.token().expose()).on("GET", "/api/v1/courses/"));
        self.error("the token in an error", session.courses().next().unwrap().unwrap_err());
        session.store(&data).unwrap();
        session.revoke_token().unwrap();
        self.error("a revoked token", session.user().unwrap_err());
    }

    fn search(&self) {
        let mut found = Vec::new();
        for (what, text) in &self.shown {
            found.extend(self.needles.found_in(what, text));
        }
        let lines = spy::lines();
        assert!(lines.iter().any(|(target, _)| target.starts_with("otf_api::")), "the spy saw something");
        assert!(lines.iter().any(|(target, _)| target.starts_with("ureq::")), "the spy saw other crates too");
        for (target, line) in &lines {
            found.extend(self.needles.found_in(&format!("the log of {target}"), line));
        }
        found.sort();
        found.dedup();
        assert!(found.is_empty(), "{} findings: {found:#?}", found.len());
        // ureq's protocol layer writes all that goes over the wire, in rows too short to be searched.
        let dumped = lines.iter().filter(|(target, _)| target.starts_with("ureq_proto::util")).count();
        assert_eq!(dumped, 0, "the wire is in the log");
        self.search_the_store();
        self.search_the_recording();
    }

    /// In a recording there is neither a secret nor anything that tells whose it is.
    fn search_the_recording(&self) {
        let files = files(self.recorder.directory());
        assert!(files.len() > 40, "{} files", files.len());
        for path in files {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            for needles in [&self.needles, &self.personal] {
                needles.find_in(&path.to_string_lossy(), &text);
                needles.find_in("the name of a file", &path.to_string_lossy());
            }
        }
        assert_eq!(self.recorder.check().unwrap(), []);
    }

    /// In the store itself each secret is where it belongs, and others are not there at all.
    fn search_the_store(&self) {
        let kept =
            ["an ID token", "an access token", "a refresh token", "IdToken", "AccessToken", "RefreshToken"];
        let personal = ["the email address", "the phone number"];
        for path in files(self.store.path()) {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            let name = path.file_name().unwrap().to_str().unwrap();
            let allowed: Vec<&str> = match name {
                // The ID token says the address.
                "tokens.json" => [&kept[..], &personal[..]].concat(),
                "device.json" => vec!["a device's password"],
                "last-account.json" => vec!["the email address"],
                "account.json" => vec!["the email address"],
                // Kept responses are the member's own data.
                _ if path.components().any(|part| part.as_os_str() == "responses") => personal.to_vec(),
                _ => Vec::new(),
            };
            self.needles.without(&allowed).find_in(name, &text);
            self.needles.find_in("a file's name", &path.to_string_lossy());
        }
        assert!(!self.store.keys("accounts/").unwrap().is_empty());
        self.needles.only(&["the password"]).find_in("the environment", &format!("{:?}", std::env::vars()));
    }
}
