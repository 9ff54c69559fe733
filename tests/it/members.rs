//! The member: reads, changes, and what is cached.

use std::collections::HashSet;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use otf_api::models::StudioStatus;
use otf_api::sandbox::{Fault, NEW, NOA, PAT, Sandbox};
use otf_api::{Error, MemoryStore, NotificationUpdate, Otf, ServiceScope};
use serde_json::{Value, json};

use super::support::{assert_invalid, builder, client_of, sandbox, seen, spoil_studio};

const SMS: &str = "/sms/v1/preferences";
const EMAIL: &str = "/otfmailing/v2/preferences";

fn setup() -> (Sandbox, Otf) {
    let sandbox = sandbox();
    let otf = client_of(&sandbox, &PAT);
    (sandbox, otf)
}

/// The same where the ID token does not say which studio is the home studio.
fn setup_without_claim() -> (Sandbox, Otf) {
    let sandbox = sandbox();
    sandbox.set_id_token_claim(PAT.email, "custom:home_studio_id", "1234");
    let otf = client_of(&sandbox, &PAT);
    (sandbox, otf)
}

fn path(otf: &Otf) -> String {
    format!("/member/members/{}", otf.member_uuid())
}

#[test]
fn member_and_home_studio_are_cached_after_two_requests() {
    let (sandbox, otf) = setup();
    let member = otf.members().detail().unwrap();
    let home = member.home_studio.as_ref().unwrap();
    let expected = [format!("GET {}", path(&otf)), format!("GET /mobile/v1/studios/{}", home.studio_uuid)];
    assert_eq!(seen(&sandbox), expected);
    assert_eq!(member.member_uuid, *otf.member_uuid());
    assert_eq!(home.status, Some(StudioStatus::Active));
    assert!(home.contact_email.is_some(), "in full");
    assert!(!member.addresses.is_empty() && member.class_summary.is_some());
    assert_eq!(*otf.member().unwrap(), member);
    assert_eq!(otf.home_studio().unwrap(), *home);
    assert_eq!(otf.home_studio_uuid().unwrap(), home.studio_uuid);
    assert_eq!(seen(&sandbox), Vec::<String>::new());
    assert_eq!(*otf.refresh_member().unwrap(), member);
    assert_eq!(seen(&sandbox), [format!("GET {}", path(&otf))]);
}

#[test]
fn member_without_home_studio_is_read() {
    for studio in [Value::Null, json!({}), json!({ "studioUUId": null, "studioName": "Nowhere" })] {
        let (sandbox, otf) = setup_without_claim();
        sandbox.fault(
            Fault::edit(move |json| json["data"]["homeStudio"] = studio.clone()).on("GET", &path(&otf)),
        );
        assert_eq!(otf.members().detail().unwrap().first_name.as_deref(), Some("Pat"));
        let error = otf.home_studio_uuid().unwrap_err();
        assert!(error.is_not_found() && error.to_string().contains("home studio"), "{error}");
        assert_eq!(seen(&sandbox).len(), 1);
    }
}

#[test]
fn home_studio_with_invalid_id_stays_as_recorded() {
    for id in ["..", "a\0b", &"x".repeat(300)] {
        let (sandbox, otf) = setup_without_claim();
        let studio = json!({ "studioUUId": id, "studioName": "Nowhere" });
        sandbox.fault(
            Fault::edit(move |json| json["data"]["homeStudio"] = studio.clone()).on("GET", &path(&otf)),
        );
        let home = otf.members().detail().unwrap().home_studio.unwrap();
        assert_eq!((home.studio_uuid.as_str(), home.name.as_deref()), (id, Some("Nowhere")));
        let error = otf.bookings().classes(&Default::default()).unwrap_err();
        assert!(error.is_not_found() && error.to_string().contains("home studio"), "{error}");
        assert_eq!(seen(&sandbox).len(), 1);
    }
}

#[test]
fn every_account_is_read() {
    let sandbox = sandbox();
    for account in [PAT, NOA, NEW] {
        let otf = client_of(&sandbox, &account);
        let members = otf.members();
        assert_eq!(members.detail().unwrap().member_uuid.as_str(), account.member_uuid);
        let membership = members.membership().unwrap();
        assert_eq!(membership.name.is_some(), account.email != NEW.email);
        let purchases = members.purchases().unwrap();
        assert!(purchases.rejected().is_empty());
        assert_eq!(purchases.is_empty(), account.email == NEW.email);
        members.purchases_with_studios().unwrap();
        members.sms_notifications().unwrap();
        members.email_notifications().unwrap();
        let services = members.services(ServiceScope::Active).unwrap();
        assert_eq!(services["data"].as_array().unwrap().len(), usize::from(account.email == PAT.email));
    }
    sandbox.assert_no_unknown_routes();
}

#[test]
fn services_are_all_or_only_active_ones() {
    let (sandbox, otf) = setup();
    assert_eq!(otf.members().services(ServiceScope::All).unwrap()["data"].as_array().unwrap().len(), 2);
    assert_eq!(sandbox.requests()[0].query("activeOnly"), Some("false"));
}

#[test]
fn purchases_are_one_request_plus_one_per_full_studio() {
    let (sandbox, otf) = setup();
    let purchases = otf.members().purchases().unwrap();
    assert_eq!(seen(&sandbox), [format!("GET {}/purchases", path(&otf))]);
    assert_eq!(purchases.len(), 4);
    let name = |purchases: &[otf_api::models::MemberPurchase], index: usize| {
        purchases[index].studio.as_ref().unwrap().name.clone().unwrap()
    };
    assert_eq!(name(&purchases, 3), "Gone - Nowhere, IL", "as the response says");
    let studios: HashSet<_> =
        purchases.iter().map(|purchase| purchase.studio.as_ref().unwrap().studio_uuid.clone()).collect();

    let purchases = otf.members().purchases_with_studios().unwrap();
    assert_eq!(seen(&sandbox).len(), 1 + studios.len());
    assert_eq!(name(&purchases, 3), "Gone - Nowhere, IL", "as the response says");
    let gone = purchases[3].studio.as_ref().unwrap();
    assert!(studios.contains(&gone.studio_uuid));
    let [note] = purchases.rejected() else { panic!("{:?}", purchases.rejected()) };
    assert_eq!((note.index, note.path.as_str(), note.item_kept), (3, "studio", true));
    assert_eq!(note.raw, gone.studio_uuid.as_str());
    assert!(note.to_string().starts_with("item 3 at studio: GET /mobile/v1/studios/"), "{note}");
    assert_eq!(purchases[0].studio.as_ref().unwrap(), &otf.home_studio().unwrap());
}

#[test]
fn purchase_with_an_invalid_date_is_read_without_it() {
    let (sandbox, otf) = setup();
    let spoil = |json: &mut Value| json["data"][1]["memberPurchaseDateTime"] = json!("once");
    sandbox.fault(Fault::edit(spoil).on("GET", &format!("{}/purchases", path(&otf))));
    let purchases = otf.members().purchases().unwrap();
    let rejected = &purchases.rejected()[0];
    assert_eq!((purchases.len(), rejected.index, rejected.item_kept), (4, 1, true));
    assert_eq!((purchases[1].purchase_date_time, &rejected.raw), (None, &json!("once")));
}

#[test]
fn text_message_settings_change_only_what_is_given() {
    let (sandbox, otf) = setup();
    let before = otf.members().sms_notifications().unwrap();
    assert_eq!(seen(&sandbox), [format!("GET {}", path(&otf)), format!("GET {SMS}")]);
    assert_eq!(
        (before.is_promotional_sms_opt_in, before.is_transactional_sms_opt_in),
        (Some(true), Some(true))
    );

    let after =
        otf.members().update_sms_notifications(&NotificationUpdate::new().promotional(false)).unwrap();
    assert_eq!(
        (after.is_promotional_sms_opt_in, after.is_transactional_sms_opt_in),
        (Some(false), Some(true))
    );
    let phone = otf.member().unwrap().phone_number.clone();
    let sent = sandbox.requests()[1].json();
    let expected =
        json!({ "promosms": false, "source": "OTF", "transactionalsms": true, "phoneNumber": phone });
    assert_eq!(sent, expected);
    sandbox.clear_requests();

    let both = NotificationUpdate::new().promotional(true).transactional(false);
    let after = otf.members().update_sms_notifications(&both).unwrap();
    assert_eq!(
        (after.is_promotional_sms_opt_in, after.is_transactional_sms_opt_in),
        (Some(true), Some(false))
    );
    assert_eq!(
        seen(&sandbox),
        [format!("POST {SMS}"), format!("GET {SMS}")],
        "nothing stays, so nothing is read"
    );
    assert_eq!(otf.members().update_sms_notifications(&NotificationUpdate::new()).unwrap(), after);
    assert_eq!(seen(&sandbox), [format!("GET {SMS}")], "nothing changes, so nothing is written");
}

#[test]
fn email_settings_change_only_what_is_given() {
    let (sandbox, otf) = setup();
    let before = otf.members().email_notifications().unwrap();
    assert_eq!(
        (before.is_promotional_email_opt_in, before.is_transactional_email_opt_in),
        (Some(false), Some(true))
    );
    seen(&sandbox);
    let update = NotificationUpdate::new().transactional(false);
    let after = otf.members().update_email_notifications(&update).unwrap();
    assert_eq!(
        (after.is_promotional_email_opt_in, after.is_transactional_email_opt_in),
        (Some(false), Some(false))
    );
    let sent = sandbox.requests()[1].json();
    let expected = json!({ "promotionalEmail": false, "source": "OTF", "transactionalEmail": false, "email": PAT.email });
    assert_eq!(sent, expected);
    assert_eq!(seen(&sandbox), [format!("GET {EMAIL}"), format!("POST {EMAIL}"), format!("GET {EMAIL}")]);
}

#[test]
fn unchanged_settings_must_be_known() {
    let (sandbox, otf) = setup();
    otf.members().sms_notifications().unwrap();
    sandbox.fault(Fault::edit(|json| json["data"] = json!({})).on("GET", SMS));
    let error =
        otf.members().update_sms_notifications(&NotificationUpdate::new().promotional(true)).unwrap_err();
    assert!(matches!(error, Error::InvalidInput { argument: "transactional", .. }), "{error:?}");
    assert_eq!(sandbox.count("POST", SMS), 0);
}

#[test]
fn settings_without_phone_or_address_are_not_found() {
    for (field, what) in [("phoneNumber", "phone number"), ("email", "email address")] {
        let (sandbox, otf) = setup();
        sandbox.fault(Fault::edit(move |json| json["data"][field] = Value::Null).on("GET", &path(&otf)));
        let error = match field {
            "email" => otf.members().email_notifications().unwrap_err(),
            _ => otf.members().sms_notifications().unwrap_err(),
        };
        assert!(error.is_not_found() && error.to_string().contains(what), "{error}");
    }
}

#[test]
fn rename_returns_the_member_with_the_cached_home_studio() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    let otf = builder(&sandbox).store(store.clone()).login().unwrap();
    let before = otf.member().unwrap();
    sandbox.clear_requests();
    let after = before.update_name(&otf, "Patricia", None).unwrap();
    assert_eq!(sandbox.requests()[0].json(), json!({ "firstName": "Patricia", "lastName": "Example" }));
    assert_eq!(seen(&sandbox), [format!("PUT {}", path(&otf))]);
    assert_eq!(after.full_name(), "Patricia Example");
    assert_eq!(after.home_studio, before.home_studio);
    assert_eq!((&after.addresses, &after.class_summary), (&before.addresses, &before.class_summary));
    assert_eq!(*otf.member().unwrap(), after, "held");
    assert_eq!(seen(&sandbox), Vec::<String>::new());

    // What was kept for others is forgotten.
    let other = builder(&sandbox).store(store).login().unwrap();
    assert_eq!(other.member().unwrap().full_name(), "Patricia Example");
    assert_eq!(otf.members().detail().unwrap().full_name(), "Patricia Example");
    sandbox.clear_requests();

    assert_eq!(otf.members().update_name(None, None).unwrap(), after);
    assert_eq!(otf.members().update_name("Patricia", "Example").unwrap(), after);
    assert_invalid(&sandbox, otf.members().update_name("", None), "first_name");
    assert_invalid(&sandbox, otf.members().update_name("Pat", Some("  ")), "last_name");
    let last = String::from("Ünlü");
    assert_eq!(otf.members().update_name(None, last.as_str()).unwrap().full_name(), "Patricia Ünlü");
}

#[test]
fn rename_is_in_the_next_token() {
    let (sandbox, otf) = setup();
    let names = |token: &str| {
        let claims = token.split('.').nth(1).unwrap();
        let claims: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        (
            claims["given_name"].as_str().unwrap().to_owned(),
            claims["family_name"].as_str().unwrap().to_owned(),
        )
    };
    for account in [PAT, NOA, NEW] {
        let member = client_of(&sandbox, &account).member().unwrap();
        let (given, family) = names(sandbox.issue_tokens(account.email).id_token.expose());
        assert_eq!((member.first_name.clone(), member.last_name.clone()), (Some(given), Some(family)));
    }
    otf.members().update_name("Patricia", "Quimby").unwrap();
    let renamed = ("Patricia".to_owned(), "Quimby".to_owned());
    assert_eq!(names(sandbox.issue_tokens(PAT.email).id_token.expose()), renamed);
}

#[test]
fn rename_of_unknown_outcome_clears_the_cached_member() {
    let (sandbox, otf) = setup();
    otf.member().unwrap();
    sandbox.fault(Fault::reset_after().on("PUT", &path(&otf)));
    let error = otf.members().update_name("Patricia", None).unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error:?}");
    assert_eq!(otf.member().unwrap().first_name.as_deref(), Some("Patricia"));
}

#[test]
fn app_configuration_reuses_signing_credentials() {
    let (sandbox, otf) = setup();
    let configuration = otf.members().app_config().unwrap();
    assert!(configuration["data"].is_object());
    otf.members().app_config().unwrap();
    let app = "GET /member/app-configurations";
    assert_eq!(seen(&sandbox), ["GetId", "GetCredentialsForIdentity", app, app]);
}

#[test]
fn member_is_read_although_the_home_studio_is_not() {
    let sandbox = sandbox();
    let faults = [
        Fault::status(403),
        Fault::status(404),
        Fault::status(500),
        Fault::reset_before(),
        Fault::status(200).body(r#"{"data": 7}"#),
    ];
    for fault in faults {
        let otf = client_of(&sandbox, &PAT);
        otf.clear_response_cache().unwrap();
        sandbox.fault(fault.on("GET", "/mobile/v1/studios/*").always());
        let member = otf.member().unwrap();
        assert!(!member.home_studio.as_ref().unwrap().studio_uuid.is_empty());
        sandbox.clear_faults();
    }
}

#[test]
fn malformed_home_studio_costs_the_member_nothing_else() {
    let mut many = json!({ "contactEmail": {}, "distance": {} });
    spoil_studio(&mut many);
    for studio in [json!(7), json!([1]), json!({ "studioUUId": {} }), many] {
        let (sandbox, otf) = setup();
        let edit = move |json: &mut Value| json["data"]["homeStudio"] = studio.clone();
        sandbox.fault(Fault::edit(edit).on("GET", &path(&otf)));
        let member = otf.member().unwrap();
        assert_eq!(member.full_name(), "Pat Example");
        assert!(!member.addresses.is_empty());
    }
}

#[test]
fn names_are_trimmed_and_checked_before_any_request() {
    let (sandbox, otf) = setup();
    let long = "x".repeat(51);
    for bad in ["", " \t", "Pat\u{7}", "Pat\nQuimby", long.as_str()] {
        assert_invalid(&sandbox, otf.members().update_name(bad, None), "first_name");
        assert_invalid(&sandbox, otf.members().update_name("Pat", bad), "last_name");
        assert_invalid(&sandbox, otf.members().update_display_name(bad), "name");
    }
    assert_invalid(&sandbox, otf.members().update_display_name("nineteen characters"), "name");
    let longest = "é".repeat(50);
    let member = otf.members().update_name("  Patricia ", longest.as_str()).unwrap();
    assert_eq!((member.first_name.as_deref(), member.last_name.as_ref()), (Some("Patricia"), Some(&longest)));
    let sent = sandbox.requests().last().unwrap().json();
    assert_eq!(sent, json!({ "firstName": "Patricia", "lastName": longest }));
}

#[test]
fn display_name_is_changed_alone() {
    let (sandbox, otf) = setup();
    let before = otf.member().unwrap();
    sandbox.clear_requests();
    let after = otf.members().update_display_name(" Pat S 120 exactly ").unwrap();
    assert_eq!(sandbox.requests()[0].json(), json!({ "userName": "Pat S 120 exactly" }));
    assert_eq!(seen(&sandbox), [format!("PUT {}", path(&otf))]);
    assert_eq!(after.studio_display_name.as_deref(), Some("Pat S 120 exactly"));
    assert_eq!((after.full_name(), &after.home_studio), (before.full_name(), &before.home_studio));
    assert_eq!(otf.members().update_display_name("Pat S 120 exactly").unwrap(), after);
    assert_eq!(seen(&sandbox), Vec::<String>::new(), "nothing changes, so nothing is written");
    assert_eq!(otf.refresh_member().unwrap().studio_display_name, after.studio_display_name);

    sandbox.fault(Fault::reset_after().on("PUT", &path(&otf)));
    let error = otf.members().update_display_name("Quimby").unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error:?}");
    assert_eq!(otf.member().unwrap().studio_display_name.as_deref(), Some("Quimby"));
    sandbox.fault(Fault::status(400).on("PUT", &path(&otf)));
    assert!(matches!(otf.members().update_display_name("Pat"), Err(Error::Http { status: 400, .. })));
}

#[test]
fn class_counters_count_attended_classes_and_can_stand_still() {
    let (sandbox, otf) = setup();
    let counters = otf.members().class_counters().unwrap();
    assert_eq!(seen(&sandbox), ["GET /mobile/v1/members/classes/summary"]);
    assert_eq!((counters.in_studio_classes_attended, counters.ot_live_classes_attended), (Some(40), Some(0)));
    assert_eq!(counters.to_string(), "40 classes in studios");
    sandbox.freeze_class_counters();
    assert_eq!(otf.members().class_counters().unwrap(), counters);
    sandbox
        .fault(Fault::edit(|json| json["data"] = json!({})).on("GET", "/mobile/v1/members/classes/summary"));
    assert_eq!(otf.members().class_counters().unwrap().to_string(), "an unknown number of classes");
    let new = client_of(&sandbox, &NEW).members().class_counters().unwrap();
    assert_eq!(new.in_studio_classes_attended, Some(0));
}
