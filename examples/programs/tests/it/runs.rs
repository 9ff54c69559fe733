//! What takes more than one run, or a sandbox that something happens in meanwhile.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use otf_api::models::OtfClass;
use otf_api::sandbox::{Fault, Sandbox};
use otf_api::{BookingQuery, ClassQuery, Otf};

fn sandbox() -> (Sandbox, Otf) {
    let sandbox = Sandbox::start().unwrap();
    // Classes are listed for 29 days: all of them can be booked.
    sandbox.set_booking_window(29);
    let otf = Otf::builder().sandbox(&sandbox).login().unwrap();
    (sandbox, otf)
}

/// A class some weeks ahead with a free place, which nothing is booked beside.
fn free_class(otf: &Otf) -> OtfClass {
    let classes = otf.bookings().classes(&ClassQuery::new().available().with_booked()).unwrap();
    let free =
        |class: &&OtfClass| class.is_booked == Some(false) && class.name.starts_with("Orange 60 Min 2G");
    classes.iter().rfind(free).unwrap().clone()
}

fn command(program: &str, sandbox: &Sandbox, class: &OtfClass) -> Command {
    let path = match program {
        "booking_bot" => env!("CARGO_BIN_EXE_booking_bot"),
        _ => env!("CARGO_BIN_EXE_watch"),
    };
    let mut command = Command::new(path);
    command.arg(format!("--sandbox={}", sandbox.url()));
    command.args(["--date", &class.starts_at.date().to_string()]);
    command.args(["--time", &class.starts_at.strftime("%H:%M").to_string()]);
    command
}

fn succeeded(output: &Output) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
    out.into_owned()
}

/// Waits for something to come true, and for a program that is to bring it about.
pub(crate) fn until(mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it did not come about");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_bot_books_once_however_often_it_is_run() {
    let (sandbox, otf) = sandbox();
    let class = free_class(&otf);
    let first = succeeded(&command("booking_bot", &sandbox, &class).output().unwrap());
    assert!(first.contains(": booked "), "{first}");
    let second = succeeded(&command("booking_bot", &sandbox, &class).output().unwrap());
    assert!(second.contains("there is nothing to do"), "{second}");
    assert_eq!(sandbox.bookings_made(), 1);

    class.cancel_booking(&otf).unwrap();
    let third = succeeded(&command("booking_bot", &sandbox, &class).output().unwrap());
    assert!(third.contains("it is not booked again"), "{third}");
    assert_eq!(sandbox.bookings_made(), 1);
}

#[test]
fn bots_at_the_same_time_book_once() {
    let (sandbox, otf) = sandbox();
    let class = free_class(&otf);
    // Each finds nothing booked, as when the list lags behind.
    sandbox.delay_booking_lists(2);
    let run = || command("booking_bot", &sandbox, &class).stdout(Stdio::piped()).spawn().unwrap();
    let runs: Vec<Child> = [run(), run(), run()].into();
    for run in runs {
        succeeded(&run.wait_with_output().unwrap());
    }
    assert_eq!(sandbox.bookings_made(), 1);
}

#[test]
fn an_answer_that_is_lost_costs_no_booking_and_no_second_one() {
    for fault in [Fault::close_before(), Fault::close_after()] {
        let (sandbox, otf) = sandbox();
        let class = free_class(&otf);
        sandbox.fault(fault.on("POST", "/v1/bookings/me"));
        let out = succeeded(&command("booking_bot", &sandbox, &class).output().unwrap());
        assert!(out.contains(": booked "), "{out}");
        assert_eq!(sandbox.bookings_made(), 1);
    }
}

#[test]
fn a_dry_run_books_nothing() {
    let (sandbox, otf) = sandbox();
    let class = free_class(&otf);
    let out = succeeded(&command("booking_bot", &sandbox, &class).arg("--dry-run").output().unwrap());
    assert!(out.contains("would book"), "{out}");
    assert_eq!(sandbox.bookings_made(), 0);
}

#[test]
fn a_full_class_is_waited_for_and_a_place_that_comes_free_is_taken() {
    let (sandbox, otf) = sandbox();
    let class = free_class(&otf);
    let id = class.class_id.as_ref().unwrap();
    sandbox.set_class_full(id.as_str());
    let watch = || {
        let mut command = command("watch", &sandbox, &class);
        command.args(["--every", "1"]).stdout(Stdio::piped()).spawn().unwrap()
    };
    let first = watch();
    until(|| sandbox.bookings_made() == 1);
    assert!(otf.bookings().for_class(id).unwrap().is_waitlisted());
    sandbox.set_spots_left(id.as_str(), 1);
    let out = succeeded(&first.wait_with_output().unwrap());
    assert!(out.contains("you have a place"), "{out}");
    let status = otf.bookings().for_class(id).unwrap().status();
    assert_eq!(status.as_str(), "Booked");

    let again = succeeded(&watch().wait_with_output().unwrap());
    assert!(again.contains("you have a place"), "{again}");
    let day = BookingQuery::new().from(class.starts_at.date()).until(class.starts_at.date());
    let live = otf.bookings().list(&day).unwrap();
    assert_eq!(live.iter().filter(|booking| booking.class_id() == id).count(), 1);
}

#[test]
fn sensors_take_two_requests() {
    let (sandbox, _) = sandbox();
    sandbox.clear_requests();
    let mut command = Command::new(env!("CARGO_BIN_EXE_sensors"));
    let out = succeeded(&command.arg(format!("--sandbox={}", sandbox.url())).output().unwrap());
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(json["next_class"]["name"].is_string(), "{out}");
    let is_sign_in = |path: &str| path == "/" || path.contains("jwks");
    let requests = sandbox.requests();
    let asked: Vec<&str> =
        requests.iter().map(|request| request.path.as_str()).filter(|path| !is_sign_in(path)).collect();
    assert_eq!(asked.len(), 2, "{asked:?}");
}

#[test]
fn an_export_adds_what_is_missing() {
    let directory = tempfile::tempdir().unwrap();
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_export"));
        succeeded(&command.args(["--sandbox", "--dir"]).arg(directory.path()).output().unwrap())
    };
    let read = |name: &str| fs::read_to_string(directory.path().join(name)).unwrap();
    assert_eq!(run(), "40 workouts added, 0 known before\n");
    let (csv, lines) = (read("workouts.csv"), read("workouts.jsonl"));
    assert_eq!((csv.lines().count(), lines.lines().count()), (41, 40));
    assert_eq!(run(), "0 workouts added, 40 known before\n");
    assert_eq!((read("workouts.csv"), read("workouts.jsonl")), (csv.clone(), lines.clone()));

    // Stopped in the middle of a line, two workouts before the end in one file and three in the other.
    cut(&directory.path().join("workouts.csv"), 2);
    cut(&directory.path().join("workouts.jsonl"), 3);
    assert_eq!(run(), "3 workouts added, 37 known before\n");
    assert_eq!((read("workouts.csv"), read("workouts.jsonl")), (csv, lines));
}

/// Cuts off some lines, the first of them in its middle.
fn cut(file: &Path, lines: usize) {
    let text = fs::read_to_string(file).unwrap();
    let kept: Vec<&str> = text.split_inclusive('\n').collect();
    let (kept, lost) = kept.split_at(kept.len() - lines);
    fs::write(file, kept.concat() + &lost[0][..lost[0].len() / 2]).unwrap();
}
