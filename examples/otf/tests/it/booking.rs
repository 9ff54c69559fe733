//! Booking, canceling and watching against one mock service, as several runs of the program.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use otf_api::models::OtfClass;
use otf_api::sandbox::{Fault, Sandbox};
use otf_api::{ClassQuery, Otf};

use super::support::{otf, texts};

/// A mock service and a class a week or more ahead that can be booked.
fn situation() -> (Sandbox, Otf, OtfClass) {
    let sandbox = Sandbox::start().unwrap();
    let client = Otf::builder().sandbox(&sandbox).login().unwrap();
    let classes = client.bookings().classes(&ClassQuery::new().available().with_booked()).unwrap();
    let is_free = |class: &&OtfClass| {
        class.is_booked == Some(false)
            && class.bookable_from() < sandbox.now()
            && class.name.starts_with("Orange 60 Min 2G")
    };
    let class = classes.iter().rfind(is_free).unwrap().clone();
    (sandbox, client, class)
}

fn run(command: &str, directory: &Path, sandbox: &Sandbox, class: &OtfClass, more: &[&str]) -> (i32, String) {
    let day = class.start.date().to_string();
    let time = class.start.local.strftime("%H:%M").to_string();
    let output = otf(directory)
        .args([command, "--server", &sandbox.url(), "--date", &day, "--time", &time])
        .args(more)
        .output()
        .unwrap();
    let (out, err) = texts(&output);
    (output.status.code().unwrap_or(-1), out + &err)
}

#[test]
fn booking_twice_books_once() {
    let (sandbox, _, class) = situation();
    let directory = tempfile::tempdir().unwrap();
    let (code, text) = run("book", directory.path(), &sandbox, &class, &["--yes"]);
    assert!(code == 0 && text.starts_with("booked: "), "{code} {text}");
    let (code, text) = run("book", directory.path(), &sandbox, &class, &["--yes"]);
    assert!(code == 0 && text.starts_with("already booked: "), "{code} {text}");
    assert_eq!(sandbox.bookings_made(), 1);
}

#[test]
fn the_booked_one_of_two_classes_at_the_same_time_is_the_one() {
    let (sandbox, client, class) = situation();
    let mut other = serde_json::to_value(&class).unwrap();
    other["class_id"] = "another-class".into();
    sandbox.add_malformed_class(other);
    client.bookings().book(&class).unwrap();
    sandbox.set_class_full(class.class_id.as_ref().unwrap().as_str());
    let query = ClassQuery::new().on(class.start.date()).start_time(class.start.local.time());
    let classes = client.bookings().classes(&query).unwrap();
    let id = class.class_id.clone();
    let id_and_full = |class: &OtfClass| (class.class_id == id, class.full == Some(true));
    assert_eq!(classes.iter().map(id_and_full).collect::<Vec<_>>(), [(true, true), (false, false)]);
    sandbox.clear_requests();
    let directory = tempfile::tempdir().unwrap();
    let (code, text) = run("book", directory.path(), &sandbox, &class, &["--yes"]);
    assert!(code == 0 && text.starts_with("already booked: "), "{code} {text}");
    assert_eq!(sandbox.count("POST", "/v1/bookings/me"), 0);
}

#[test]
fn none_of_two_classes_at_the_same_time_is_booked_or_canceled_by_guessing() {
    let (sandbox, client, class) = situation();
    let mut other = serde_json::to_value(&class).unwrap();
    other["class_id"] = "another-class".into();
    other["coach"]["first_name"] = "Zoë".into();
    sandbox.add_malformed_class(other);
    let directory = tempfile::tempdir().unwrap();
    for command in ["book", "watch"] {
        let (code, text) = run(command, directory.path(), &sandbox, &class, &["--yes"]);
        assert!(code == 2 && text.contains("several classes fit"), "{command}: {code} {text}");
        assert!(text.contains("--class another-class"), "{text}");
    }
    assert_eq!(sandbox.bookings_made(), 0);
    let coach = class.coach_name().unwrap();
    let (code, text) = run("book", directory.path(), &sandbox, &class, &["--yes", "--coach", coach]);
    assert!(code == 0 && text.starts_with("booked: "), "{code} {text}");

    let booking = client.bookings().live_for_class(&class).unwrap().unwrap();
    let mut other = serde_json::to_value(&booking).unwrap();
    other["booking_id"] = "another-booking".into();
    other["otf_class"]["class_id"] = "another-class".into();
    sandbox.add_malformed_booking(other);
    let (code, text) = run("cancel", directory.path(), &sandbox, &class, &["--yes"]);
    assert!(code == 2 && text.contains("several classes fit"), "{code} {text}");
    assert!(client.bookings().live_for_class(&class).unwrap().is_some());
    let id = class.class_id.as_ref().unwrap().as_str();
    let (code, text) = run("cancel", directory.path(), &sandbox, &class, &["--yes", "--class", id]);
    assert!(code == 0 && text.starts_with("canceled: "), "{code} {text}");
    assert!(client.bookings().live_for_class(&class).unwrap().is_none());
}

#[test]
fn watching_goes_on_after_a_refusal_whose_code_is_not_known() {
    let (sandbox, _, class) = situation();
    sandbox.set_class_full(class.class_id.as_ref().unwrap().as_str());
    sandbox.fault(Fault::status(409).body("{}").on("POST", "/v1/bookings/me"));
    let directory = tempfile::tempdir().unwrap();
    let day = class.start.date().to_string();
    let time = class.start.local.strftime("%H:%M").to_string();
    let mut watch = otf(directory.path())
        .args(["watch", "--yes", "--server", &sandbox.url(), "--date", &day, "--time", &time])
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while sandbox.count("POST", "/v1/bookings/me") == 0 {
        assert!(watch.try_wait().unwrap().is_none() && Instant::now() < deadline, "nothing was tried");
        thread::sleep(Duration::from_millis(20));
    }
    // A moment to give up in.
    thread::sleep(Duration::from_millis(300));
    let ended = watch.try_wait().unwrap();
    watch.kill().unwrap();
    watch.wait().unwrap();
    assert_eq!(ended, None);
}

#[test]
fn a_lost_response_costs_neither_the_booking_nor_a_second_one() {
    let (sandbox, _, class) = situation();
    let directory = tempfile::tempdir().unwrap();
    sandbox.fault(Fault::close_after().on("POST", "/v1/bookings/me"));
    let (code, text) = run("book", directory.path(), &sandbox, &class, &["--yes"]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(sandbox.bookings_made(), 1);
}

#[test]
fn exit_codes_tell_later_from_unknown() {
    let (sandbox, client, class) = situation();
    client.bookings().book(&class).unwrap();
    let directory = tempfile::tempdir().unwrap();
    sandbox.fault(Fault::status(400).on("GET", "/v1/bookings/me"));
    let (code, text) = run("cancel", directory.path(), &sandbox, &class, &["--yes"]);
    assert_eq!(code, 1, "{text}");
    sandbox.fault(Fault::status(429).header("Retry-After", "300").on("GET", "/v1/bookings/me"));
    let (code, text) = run("cancel", directory.path(), &sandbox, &class, &["--yes"]);
    assert_eq!(code, 4, "{text}");
    sandbox.fault(Fault::close_after().on("DELETE", "/v1/bookings/me/*"));
    let (code, text) = run("cancel", directory.path(), &sandbox, &class, &["--yes"]);
    assert_eq!(code, 5, "{text}");
}

#[test]
fn a_write_without_a_terminal_needs_yes() {
    let (sandbox, _, class) = situation();
    let directory = tempfile::tempdir().unwrap();
    let (code, text) = run("book", directory.path(), &sandbox, &class, &[]);
    assert!(code == 2 && text.contains("--yes"), "{code} {text}");
    assert_eq!(sandbox.bookings_made(), 0);
}

#[test]
fn a_booking_is_canceled_in_time() {
    let (sandbox, client, class) = situation();
    client.bookings().book(&class).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let (code, text) = run("cancel", directory.path(), &sandbox, &class, &["--yes"]);
    assert!(code == 0 && text.starts_with("canceled: "), "{code} {text}");
    let (code, text) = run("cancel", directory.path(), &sandbox, &class, &["--yes"]);
    assert!(code == 1 && text.contains("nothing is booked"), "{code} {text}");
}

#[test]
fn inside_the_window_canceling_needs_late() {
    let (sandbox, client, class) = situation();
    client.bookings().book(&class).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let window = ["--yes", "--window", "1000"];
    let (code, text) = run("cancel", directory.path(), &sandbox, &class, &window);
    assert!(code == 1, "{code} {text}");
    let (code, text) =
        run("cancel", directory.path(), &sandbox, &class, &[&window[..], &["--late"]].concat());
    assert!(code == 0 && text.starts_with("canceled, late: "), "{code} {text}");
}
