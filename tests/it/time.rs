//! Time: clocks that are off, clocks that are changed, the ends of days, months and years, zones on both sides of
//! the date line, and whatever `TZ` and the locale say.

use std::time::Duration;

use otf_api::auth::Session;
use otf_api::http::Method;
use otf_api::jiff::civil::Date;
use otf_api::jiff::tz::TimeZone;
use otf_api::jiff::{SignedDuration, Timestamp};
use otf_api::models::{OtfClass, TrendType};
use otf_api::sandbox::{Account, NOA, PAT, Sandbox};
use otf_api::{BookingQuery, ClassQuery, FileStore, Host, MemoryStore, Otf, TrendRange};

use crate::children::{self, Job, at};
use crate::support::{builder, credentials, sandbox, seen};

/// A sandbox in which it is this time, and that takes no other for it.
fn sandbox_at(time: Timestamp) -> Sandbox {
    let offset = time.duration_since(Timestamp::now());
    Sandbox::builder().clock_offset(offset).start().unwrap()
}

#[test]
fn calendar_boundaries_are_handled() {
    for time in [
        // Clocks go forward and back in Chicago, an instant before and after.
        "2026-03-08T07:59:50Z",
        "2026-03-08T08:00:00Z",
        "2026-11-01T06:59:50Z",
        "2026-11-01T07:30:00Z",
        // And in Auckland, half a year apart.
        "2026-04-04T13:59:50Z",
        "2026-09-26T14:00:00Z",
        // The leap day, the day before, and the day that is none.
        "2028-02-28T23:59:50Z",
        "2028-02-29T12:00:00Z",
        "2027-02-28T23:59:50Z",
        // The turn of the year: in Auckland it is another one already.
        "2026-12-31T11:00:00Z",
        "2026-12-31T23:59:50Z",
        "2027-01-01T00:00:00Z",
        // Days of one digit, and the end of 32 bits.
        "2026-05-04T03:02:01Z",
        "2038-01-19T03:14:07Z",
    ] {
        let sandbox = sandbox_at(time.parse().unwrap());
        for account in [&PAT, &NOA] {
            works_as_ever(&sandbox, account, time);
        }
    }
}

/// Signs in, lists, books, cancels, refreshes and signs, and looks at what each says of time.
fn works_as_ever(sandbox: &Sandbox, account: &Account, time: &str) {
    let otf = builder(sandbox).credentials(credentials(account)).login().unwrap();
    let zone = otf.home_studio().unwrap().time_zone.unwrap();
    let zone = TimeZone::get(&zone).unwrap();
    let today = sandbox.now().to_zoned_datetime(zone.clone()).date();

    let classes = otf.bookings().classes(&ClassQuery::new()).unwrap();
    assert!(classes.len() > 100, "{time}: {} classes", classes.len());
    for class in &classes {
        let zoned = class.start.zoned().unwrap();
        assert_eq!(Some(zoned.timestamp()), class.start.utc, "{time}: {class}");
        assert_eq!(zoned.datetime(), class.start.local, "{time}: {class}");
        assert_eq!(zoned.time_zone(), &zone, "{time}: {class}");
        let now = sandbox.now();
        let far = zoned.timestamp().duration_since(now).abs() > SignedDuration::from_secs(60);
        assert!(!far || class.start.has_passed(now) == (zoned.timestamp() <= now), "{time}: {class}");
        assert!(class.start.local.date() <= later(today, 29), "{time}: {class} can't be booked yet");
    }
    let tomorrow = classes.iter().filter(|class| class.start.local.date() == later(today, 1)).count();
    let asked = otf.bookings().classes(&ClassQuery::new().on(later(today, 1))).unwrap();
    assert!(tomorrow > 0 && asked.len() == tomorrow, "{time}: {tomorrow} and {}", asked.len());

    let free = |class: &&OtfClass| class.start.local.date() == later(today, 1);
    let class =
        asked.iter().filter(free).find(|class| class.has_availability() && class.booking(&otf).is_err());
    if let Some(class) = class {
        let booking = class.book(&otf).unwrap_or_else(|error| panic!("{time}: {class}: {error}"));
        assert_eq!(booking.otf_class.start.local, class.start.local, "{time}");
        let on_that_day = BookingQuery::new().from(later(today, 1)).until(later(today, 1));
        let listed = otf.bookings().list(&on_that_day).unwrap();
        assert!(listed.iter().any(|other| other.booking_id == booking.booking_id), "{time}: {class}");
        booking.cancel(&otf).unwrap();
    }
    otf.trends().stats(TrendType::SplatPoints, &TrendRange::new().until(today)).unwrap();
    otf.request(Method::GET, Host::Default, "/member/app-configurations").signed().send().unwrap();
    sandbox.advance(Duration::from_secs(2 * 3600));
    otf.bookings().list(&BookingQuery::new()).unwrap();
}

fn later(date: Date, days: i64) -> Date {
    date.checked_add(otf_api::jiff::Span::new().days(days)).unwrap()
}

/// A client whose clock is so much ahead of the service's, or behind.
fn off_by(sandbox: &Sandbox, off: SignedDuration, store: &MemoryStore) -> otf_api::OtfBuilder {
    let right = sandbox.clock();
    builder(sandbox).store(store.clone()).clock(move || right().checked_add(off).unwrap())
}

#[test]
fn wrong_clock_causes_one_refresh_at_most() {
    for minutes in [-24 * 60, -60, -10, 10, 60, 24 * 60] {
        let sandbox = Sandbox::start().unwrap();
        let (off, store) = (SignedDuration::from_mins(minutes), MemoryStore::new());
        let otf = off_by(&sandbox, off, &store).login().unwrap_or_else(|error| panic!("{minutes}: {error}"));
        otf.member().unwrap();
        otf.request(Method::GET, Host::Default, "/member/app-configurations").signed().send().unwrap();
        seen(&sandbox);
        for _ in 0..5 {
            otf.bookings().list(&BookingQuery::new()).unwrap();
        }
        assert_eq!(sandbox.requests().len(), 5, "{minutes}: nothing is renewed");

        // The tokens expire, whatever the clock makes of it, and another run finds what this one leaves.
        sandbox.advance(Duration::from_secs(2 * 3600));
        seen(&sandbox);
        otf.bookings().list(&BookingQuery::new()).unwrap();
        assert!(sandbox.requests().len() <= 3, "{minutes}: {:?}", seen(&sandbox));
        seen(&sandbox);
        let again = off_by(&sandbox, off, &store).login().unwrap();
        again.bookings().list(&BookingQuery::new()).unwrap();
        assert!(sandbox.requests().len() <= 3, "{minutes}: {:?}", seen(&sandbox));
        assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 0, "{minutes}: no password");
    }
}

#[test]
fn imported_session_with_a_wrong_clock_works_or_says_why() {
    for minutes in [-24 * 60, -60, -1, 1, 60, 24 * 60] {
        let sandbox = sandbox();
        let issued = sandbox.issue_tokens(PAT.email);
        let mut session = Session::from_tokens(issued.id_token, issued.access_token);
        session.refresh_token = Some(issued.refresh_token);
        session.device = Some(otf_api::auth::Device {
            key: issued.device_key,
            group_key: issued.device_group_key,
            password: issued.device_password,
        });
        let login = |session: Session| {
            let off = SignedDuration::from_mins(minutes);
            off_by(&sandbox, off, &MemoryStore::new()).session(session).login()
        };
        let otf = login(session.clone()).unwrap_or_else(|error| panic!("{minutes}: {error}"));
        otf.bookings().list(&BookingQuery::new()).unwrap();
        // Tokens that seem to have expired, and nothing to refresh them with.
        if minutes >= 60 {
            let error = login(Session { refresh_token: None, ..session }).unwrap_err();
            assert!(error.to_string().contains("clock"), "{minutes}: {error}");
        }
    }
}

/// A clock that is set while the program runs, by hand or after a sleep.
#[test]
fn clock_changes_while_running_do_no_harm() {
    let sandbox = sandbox();
    let (right, jump) = (sandbox.clock(), std::sync::Arc::new(std::sync::atomic::AtomicI64::new(0)));
    let seconds = std::sync::Arc::clone(&jump);
    let clock = move || {
        let off = SignedDuration::from_secs(seconds.load(std::sync::atomic::Ordering::SeqCst));
        right().checked_add(off).unwrap_or(if off.is_negative() { Timestamp::MIN } else { Timestamp::MAX })
    };
    let otf = builder(&sandbox).clock(clock).login().unwrap();
    for seconds in [3600, -3600, 86_400 * 400, -86_400 * 400, 0, 200_000_000_000, -300_000_000_000, 1] {
        jump.store(seconds, std::sync::atomic::Ordering::SeqCst);
        seen(&sandbox);
        // Where the clock says the end of time, there is no day to ask for; nothing else is wrong with it.
        let member = otf.members().detail();
        member.unwrap_or_else(|error| panic!("{seconds}: {error}"));
        assert!(sandbox.requests().len() <= 4, "{seconds}: {:?}", seen(&sandbox));
        drop(otf.bookings().classes(&ClassQuery::new()));
        drop(otf.bookings().list(&BookingQuery::new()));
    }
    assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 0);
}

/// What a process says of classes, bookings and trends, by a clock that stands still.
pub(crate) fn job(_: &str) {
    let time: Timestamp = children::given("OTF_TEST_TIME").parse().unwrap();
    let otf = children::builder().clock(move || time).cache_responses(false).login().unwrap();
    say_all(&otf, time);
}

fn say_all(otf: &Otf, now: Timestamp) {
    for class in &otf.bookings().classes(&ClassQuery::new().with_booked()).unwrap() {
        let zoned = class.start.zoned().unwrap();
        children::say(format!("{class} {zoned} {} {:?}", class.start.has_passed(now), class.start.weekday()));
    }
    for booking in &otf.bookings().list(&BookingQuery::new().canceled()).unwrap() {
        children::say(format!("{booking} {:?}", booking.otf_class.start.local));
    }
    children::say(otf.member().unwrap());
    let stats = otf.trends().stats(TrendType::SplatPoints, &TrendRange::new()).unwrap();
    children::say(serde_json::to_string(&stats).unwrap());
}

#[test]
fn machine_zone_and_locale_change_nothing() {
    let time: Timestamp = "2026-03-08T05:30:00Z".parse().unwrap();
    let sandbox = sandbox_at(time);
    let directory = tempfile::tempdir().unwrap();
    builder(&sandbox).store(FileStore::at(directory.path())).login().unwrap();
    let mut expected = None;
    for (zone, locale) in [
        ("UTC", "C"),
        ("Pacific/Auckland", "en_NZ.UTF-8"),
        ("America/St_Johns", "de_DE.UTF-8"),
        ("Asia/Kathmandu", "tr_TR.UTF-8"),
        ("XYZ+13:45", "ar_EG.UTF-8"),
        ("No/Such_Zone", "xx_XX"),
        ("", ""),
    ] {
        sandbox.clear_requests();
        let mut command = children::command("time");
        at(&mut command, &sandbox, directory.path()).env("OTF_TEST_TIME", time.to_string());
        command.env("TZ", zone).env("LC_ALL", locale).env("LANG", locale).env("LANGUAGE", locale);
        let said = Job::start(&mut command).finish();
        assert!(said.len() > 100, "{zone}: {said:?}");
        let asked: Vec<_> = sandbox
            .requests()
            .into_iter()
            .map(|request| (request.method, request.path, request.query, request.body))
            .collect();
        let (said_first, asked_first) = expected.get_or_insert_with(|| (said.clone(), asked.clone()));
        assert_eq!(&said, said_first, "TZ={zone} LC_ALL={locale}");
        assert_eq!(&asked, asked_first, "TZ={zone} LC_ALL={locale}");
    }
}
