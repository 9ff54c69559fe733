//! Everything there is to see in the sandbox, recorded.

use std::collections::BTreeSet;

use otf_api::http::Method;
use otf_api::models::*;
use otf_api::record::Recorder;
use otf_api::sandbox::{ACCOUNTS, Fault, Sandbox};
use otf_api::{
    BenchmarkQuery, BookingQuery, ClassQuery, Feedback, GeoQuery, Host, LegacyBookingQuery,
    NotificationUpdate, Otf, Score, ServiceScope, TrendRange, WorkoutQuery,
};
use serde_json::{Value, json};

use super::{Spy, assert_reads_alike, files, recorded};
use crate::support::{builder, credentials, sandbox};

#[test]
fn recording_has_no_personal_data_and_replays_alike() {
    let sandbox = sandbox();
    odd_items(&sandbox);
    let mut templates = BTreeSet::new();
    for account in &ACCOUNTS {
        let folder = tempfile::tempdir().unwrap();
        let spy = Spy::default();
        let recorder = Recorder::create(folder.path(), spy.clone()).unwrap();
        let otf = builder(&sandbox)
            .credentials(credentials(account))
            .transport(recorder.clone())
            .cache_responses(false)
            .login()
            .unwrap();
        visit_every_endpoint(&sandbox, &otf);
        assert_eq!(otf.bookings().classes(&ClassQuery::new()).unwrap().rejected().len(), 3);
        assert_eq!(otf.bookings().list(&BookingQuery::new()).unwrap().rejected().len(), 3);
        failures(&sandbox, &otf);
        sandbox.clear_faults();

        let originals = spy.originals();
        let recorded = recorded(folder.path());
        assert_eq!(recorded.len(), originals.len());
        let mut personal = BTreeSet::new();
        for ((entry, masked), original) in recorded.iter().zip(&originals) {
            assert_eq!(entry["status"], original.status);
            let template = entry["template"].as_str().unwrap();
            let method = entry["method"].as_str().unwrap();
            assert!(original.request.starts_with(&format!("{method} http://127.0.0.1:")), "{original:?}");
            assert_reads_alike(template, &original.body, masked);
            let json = |body: &[u8]| serde_json::from_slice::<Value>(body).unwrap_or_default();
            assert_replaced("", &json(&original.body), &json(masked), &mut personal);
            templates.insert(format!("{method} {template}"));
        }
        personal.extend(
            [account.email, account.password, account.member_uuid, account.cognito_id].map(str::to_owned),
        );
        secrets(&sandbox, &mut personal);
        assert!(personal.len() > 60, "{}", personal.len());
        assert_none(&personal, &files(folder.path()));
        // "Member" is the last account's name, and a word of the service's paths.
        assert_eq!(recorder.check().unwrap(), [], "{}", account.email);
    }
    sandbox.assert_no_unknown_routes();
    assert!(templates.len() >= 39, "{templates:#?}");
    assert!(!templates.iter().any(|template| template.contains(" /{id}")), "{templates:#?}");
}

/// Items that no model takes.
fn odd_items(sandbox: &Sandbox) {
    for item in [json!(7), json!({}), json!({"id": 1, "starts_at_local": "soon", "name": "Casey Quimby"})] {
        sandbox.add_malformed_class(item.clone());
        sandbox.add_malformed_booking(item);
    }
}

/// Every endpoint that there is, whatever it says.
pub(super) fn visit_every_endpoint(sandbox: &Sandbox, otf: &Otf) {
    let (members, studios, bookings, workouts) =
        (otf.members(), otf.studios(), otf.bookings(), otf.workouts());
    let home = otf.home_studio_uuid().unwrap().clone();
    drop((otf.member(), otf.home_studio(), members.membership(), members.purchases_with_studios()));
    drop((members.services(ServiceScope::Active), members.services(ServiceScope::All), members.app_config()));
    drop((members.sms_notifications(), members.email_notifications()));
    drop(members.update_sms_notifications(&NotificationUpdate::new().promotional(false)));
    drop(members.update_email_notifications(&NotificationUpdate::new().promotional(false)));
    drop((studios.all(), studios.search(&GeoQuery::around(41.94, -87.65)), studios.services(&home)));
    drop((studios.add_favorites([&home]), studios.favorites(), studios.remove_favorites([&home])));
    drop(studios.detail(otf_api::StudioUuid::new("0b5c1f2e-0000-4b0c-9d3e-7f1a2b3c4d5e")));
    drop((bookings.class_filters(), members.class_counters(), workouts.in_studio_history()));

    let classes = bookings.classes(&ClassQuery::new().with_booked().with_studios()).unwrap();
    drop(bookings.list(&BookingQuery::new().canceled().duplicates()));
    let legacy = bookings.legacy();
    drop((legacy.list(&LegacyBookingQuery::new().canceled()), legacy.history()));
    let class = classes.iter().rev().filter(|class| class.has_availability());
    let booked = class.map(|class| (class, bookings.book(class))).find(|(_, booking)| booking.is_ok());
    if let Some((class, Ok(booking))) = booked {
        drop((bookings.book(class), bookings.class_of(&booking), bookings.get(&booking)));
        drop((booking.cancel(otf), booking.cancel(otf)));
        let booking = legacy.book(class).unwrap();
        drop((legacy.get(&booking), legacy.book(class), legacy.cancel(&booking), legacy.cancel(&booking)));
    }
    let history = workouts.lifetime().unwrap();
    if let Some(workout) = history.iter().rev().find(|workout| workout.ratable() == Some(true)) {
        drop((
            workout.rate(otf, Feedback::new().class(Score::Good).coach(Score::Okay)),
            workout.rate(otf, Feedback::new().class(Score::Good).coach(Score::Okay)),
        ));
    }
    drop((workouts.list(&WorkoutQuery::new()), workouts.performance_summaries(Some(5))));
    drop((workouts.heart_rate_history(), workouts.out_of_studio_history(), workouts.body_composition()));
    drop(workouts.lifetime_stats_in_studio(StatsTime::AllTime));
    drop(workouts.lifetime_stats_out_of_studio(StatsTime::ThisMonth));
    drop((
        workouts.challenge_tracker(),
        workouts.benchmarks(&BenchmarkQuery::new()),
        workouts.aspire(None, None),
    ));
    drop(workouts.challenge_detail(ChallengeCategory::DriTri));
    drop((otf.trends().stats(TrendType::SplatPoints, &TrendRange::new()), otf.trends().preview(10)));
    let path = format!("/member/members/{}", sandbox.issue_tokens("pat@example.com").cognito_id);
    drop(otf.request(Method::GET, Host::Default, &path).send());
    drop((otf.members().update_display_name("Quimby 120"), members.update_name("Quentin", "Member-Quimby")));
}

/// Responses that no reader takes, with the member's name in some.
fn failures(sandbox: &Sandbox, otf: &Otf) {
    let on = |fault: Fault| sandbox.fault(fault.on("GET", "/member/members/*/memberships"));
    let page = "<html><body><h1>502 Bad Gateway</h1>Quentin Quimby, pat@example.com</body></html>";
    on(Fault::status(400).body(page));
    on(Fault::status(200).body(r#"{"code": "ERROR", "message": "Member Quentin is not allowed"}"#));
    on(Fault::status(200).body(r#"{"data": {"name": "Quentin "#));
    on(Fault::garbage_body());
    on(Fault::edit(|json| json["data"] = json!([{"pat@example.com": "Quimby"}])));
    on(Fault::status(503).times(4));
    for _ in 0..6 {
        assert!(otf.members().membership().is_err());
    }
}

/// Whether a value is personal, decided in other ways than the recorder's.
fn is_personal(key: &str, value: &Value) -> bool {
    const KEYS: [&str; 26] = [
        "firstName",
        "lastName",
        "userName",
        "memberName",
        "studioNumber",
        "address1",
        "address2",
        "physicalAddress",
        "line1",
        "studioName",
        "StudioName",
        "CoachName",
        "first_name",
        "last_name",
        "homePhone",
        "phoneNumber",
        "phone_number",
        "phone",
        "ccLast4",
        "birthDay",
        "email",
        "contactEmail",
        "suburb",
        "physicalPostalCode",
        "postal_code",
        "postalCode",
    ];
    let is_long_number = |text: &str| text.len() >= 7 && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_place = |text: &str| matches!(key, "latitude" | "longitude") && !text.starts_with("0.0000");
    match value {
        Value::String(text) => {
            let is_uuid = text.len() == 36 && text.matches('-').count() == 4;
            let is_address = text.contains('@') || text.contains("://");
            !text.trim().is_empty()
                && (is_uuid || is_long_number(text) || is_place(text) || is_address || KEYS.contains(&key))
        }
        Value::Number(number) => is_long_number(&number.to_string()) || is_place(&number.to_string()),
        _ => false,
    }
}

/// Nothing personal is where it was; what it was goes to `personal`.
fn assert_replaced(key: &str, original: &Value, masked: &Value, personal: &mut BTreeSet<String>) {
    match (original, masked) {
        (Value::Object(original), Value::Object(masked)) => {
            for (key, value) in original {
                assert_replaced(key, value, masked.get(key).unwrap_or(&Value::Null), personal);
            }
        }
        (Value::Array(original), Value::Array(masked)) => {
            original.iter().zip(masked).for_each(|(one, other)| assert_replaced(key, one, other, personal));
        }
        (original, masked) if is_personal(key, original) => {
            assert_ne!(original, masked, "{key}");
            let text = original.as_str().map_or_else(|| original.to_string(), |text| text.trim().to_owned());
            // Short numbers come up elsewhere by chance.
            if text.len() >= 10 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
                personal.insert(text);
            }
        }
        _ => {}
    }
}

/// Everything of the sign-ins that the sandbox has seen.
fn secrets(sandbox: &Sandbox, personal: &mut BTreeSet<String>) {
    for request in sandbox.requests() {
        for name in ["authorization", "x-amz-security-token"] {
            let header = request.header(name).unwrap_or_default().trim_start_matches("Bearer ");
            if !header.is_empty() {
                personal.insert(header.to_owned());
            }
        }
        for name in ["Session", "SRP_A", "REFRESH_TOKEN", "DEVICE_KEY", "PASSWORD_CLAIM_SIGNATURE"] {
            let json = request.json();
            let found = [&json[name], &json["AuthParameters"][name], &json["ChallengeResponses"][name]];
            personal.extend(found.iter().filter_map(|value| value.as_str()).map(str::to_owned));
        }
    }
}

fn assert_none(personal: &BTreeSet<String>, files: &[std::path::PathBuf]) {
    assert!(files.len() > 40);
    for file in files {
        let text = String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned();
        // Time zones are kept, and some have a city's name.
        let text = text.replace("America/Chicago", "").replace("Pacific/Auckland", "");
        let words: BTreeSet<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
        for value in personal {
            let is_word = value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            let found = if is_word { words.contains(value.as_str()) } else { text.contains(value.as_str()) };
            assert!(!found || is_harmless(value, &text), "{value} in {}: {text}", file.display());
        }
    }
}

/// Some names in the sandbox are parts of its keys.
fn is_harmless(value: &str, text: &str) -> bool {
    ["Member", "New", "Coach"].contains(&value) && !text.contains(&format!("\"{value}\""))
}
