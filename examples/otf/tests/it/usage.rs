//! Wrong options and values: exit code 2, one line that names them, and nothing sent.

use super::support::run;

#[test]
fn wrong_values_are_refused_with_the_option_name() {
    let directory = tempfile::tempdir().unwrap();
    for (arguments, named) in [
        (&["classes", "--time", "25:00"][..], "--time"),
        (&["classes", "--type", "orange_61"], "--type"),
        (&["classes", "--weekday", "someday"], "--weekday"),
        (&["classes", "--date", "2026-02-30"], "--date"),
        (&["bookings", "--days", "0"], "--days"),
        (&["dashboard", "--year", "-2026"], "--year"),
        (&["dashboard", "--year", "1999"], "--year"),
        (&["watch", "--date", "2026-04-11", "--time", "7:15", "--every", "0"], "--every"),
        (&["book", "--time", "7:15"], "--date"),
        (&["sandbox", "--time", "now"], "--time"),
        (&["chart", "--date", "2026-04-11", "--booking", "x"], "--booking"),
        (&["bookings", "--account", " "], "--account"),
        (&["classes", "--date", "2026-04-11", "--weekday", "sat"], "--weekday"),
        (&["classes", "--sandbox", "--server", "http://127.0.0.1:1"], "--server"),
    ] {
        let (code, out, err) = run(directory.path(), arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
        assert!(err.lines().count() == 1 && err.contains(named), "{arguments:?}: {err}");
    }
}

#[test]
fn help_and_version_are_no_errors() {
    let directory = tempfile::tempdir().unwrap();
    for (arguments, code, starts) in [
        (&["--version"][..], 0, "otf "),
        (&["help"], 0, "OrangeTheory from the command line"),
        (&["help", "book"], 0, "Book a class, once"),
        (&[], 2, "OrangeTheory from the command line"),
    ] {
        let (actual, out, err) = run(directory.path(), arguments);
        assert_eq!(actual, code, "{arguments:?}");
        assert!((out + &err).starts_with(starts), "{arguments:?}");
    }
}

#[test]
fn paths_that_can_not_be_written_are_named() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("file"), "").unwrap();
    for arguments in [
        &["sync", "--dir", "file/below"][..],
        &["calendar", "--out", "missing/bookings.ics"],
        &["tcx", "--out", "missing/workout.tcx"],
        &["chart", "--out", "missing/workout.svg"],
        &["dashboard", "--out", "missing/dashboard.html"],
        &["drift", "--out", "missing/drift.txt"],
    ] {
        let (code, out, err) = run(directory.path(), &[arguments, &["--sandbox"]].concat());
        assert_eq!((code, out.as_str(), err.lines().count()), (1, "", 1), "{arguments:?}: {err}");
        assert!(err.starts_with("otf: ") && err.contains(arguments[2]), "{arguments:?}: {err}");
    }
}

#[test]
fn without_an_account_the_exit_code_is_3() {
    let directory = tempfile::tempdir().unwrap();
    let (code, _, err) = run(directory.path(), &["bookings"]);
    assert_eq!(code, 3, "{err}");
    assert_eq!(err.lines().count(), 1, "{err}");
}
