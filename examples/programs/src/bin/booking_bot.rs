//! Books a class of every week as soon as it can be booked. Made for cron.

use std::process::ExitCode;
use std::time::Duration;

use lexopt::prelude::*;
use otf_api::jiff::civil::{Date, Time, Weekday};
use otf_api::jiff::tz::TimeZone;
use otf_api::jiff::{SignedDuration, ToSpan, ZonedDateTime};
use otf_api::models::{Booking, OtfClass};
use otf_api::{BookingQuery, ClassFilter, ClassQuery, ClassType, Error, StudioUuid};
use otf_api_programs::{Result, Service, Which, finish};

const HELP: &str = "\
Books a class as soon as its booking opens, or a place on its waitlist.

Usage: booking_bot --weekday DAY --time HH:MM [OPTIONS]
       booking_bot --date YYYY-MM-DD --time HH:MM [OPTIONS]

  --weekday DAY      of every week: the latest one that can be booked, and the
                     next one to open
  --date YYYY-MM-DD  or this day alone
  --time HH:MM       when the class starts, on the studio's clock
  --type TYPE        orange_60, orange_90, tread_50, strength_50, ...
  --coach NAME       with this coach
  --studio UUID      at this studio [default: the home studio]
  --no-waitlist      book a place or nothing
  --wait MINUTES     wait for booking to open in so many minutes [default: 15]
  --days-ahead N     booking opens at midnight so many days ahead [default: 29]
  --dry-run          say what would be done, and book nothing
  --sandbox          against the service on loopback that comes with the crate
                     (--sandbox=URL: against one that runs already)

Run it again as often as you like: what is booked or waits already is left alone,
and what you have cancelled is not booked again. In a crontab:

  55 23 * * *  booking_bot --weekday sat --time 09:45 --coach Wren
";

/// For how long and how often to try when booking has just opened: clocks differ, and lists lag.
const PATIENCE: SignedDuration = SignedDuration::from_mins(1);
const PAUSE: Duration = Duration::from_secs(3);

struct Options {
    weekday: Option<Weekday>,
    date: Option<Date>,
    filter: ClassFilter,
    studio: Option<StudioUuid>,
    waitlist: bool,
    wait: SignedDuration,
    days_ahead: i64,
    dry_run: bool,
    service: Which,
}

fn main() -> ExitCode {
    finish("booking_bot", run())
}

fn run() -> Result {
    let Some(options) = options()? else { return Ok(()) };
    let service = options.service.connect()?;
    let studio = match &options.studio {
        Some(id) => service.otf.studios().detail(id)?,
        None => service.otf.home_studio()?,
    };
    let zone = TimeZone::get(studio.time_zone.as_deref().ok_or("the studio has no time zone")?)?;

    let open_until = service.now().to_zoned_datetime(zone.clone()).date().checked_add(options.days_ahead.days())?;
    let days = match (options.date, options.weekday) {
        (Some(date), _) => vec![date],
        (None, Some(weekday)) => {
            let latest = open_until.tomorrow()?.nth_weekday(-1, weekday)?;
            vec![latest, latest.checked_add(1.week())?]
        }
        (None, None) => return Err("--weekday or --date is missing; see --help".into()),
    };
    // A day that fails does not keep the next one from being booked.
    let mut result = Ok(());
    for day in days {
        result = result.and(on_day(&service, &options, day, &zone));
    }
    result
}

fn options() -> Result<Option<Options>> {
    let mut options = Options {
        weekday: None,
        date: None,
        filter: ClassFilter::new(),
        studio: None,
        waitlist: true,
        wait: SignedDuration::from_mins(15),
        days_ahead: 29,
        dry_run: false,
        service: Which::Real,
    };
    let mut has_time = false;
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        let filter = options.filter.clone();
        match argument {
            Long("weekday") => options.weekday = Some(weekday(&arguments.value()?.string()?)?),
            Long("date") => options.date = Some(arguments.value()?.parse()?),
            Long("time") => {
                options.filter = filter.start_time(arguments.value()?.parse::<Time>()?);
                has_time = true;
            }
            Long("type") => options.filter = filter.class_type(arguments.value()?.parse::<ClassType>()?),
            Long("coach") => options.filter = filter.coach(arguments.value()?.string()?),
            Long("studio") => options.studio = Some(arguments.value()?.string()?.into()),
            Long("no-waitlist") => options.waitlist = false,
            Long("wait") => {
                options.wait = SignedDuration::from_mins(arguments.value()?.parse::<u16>()?.into())
            }
            Long("days-ahead") => options.days_ahead = arguments.value()?.parse::<u8>()?.into(),
            Long("dry-run") => options.dry_run = true,
            Long("sandbox") => options.service = Which::sandbox(&mut arguments)?,
            Short('h') | Long("help") => {
                print!("{HELP}");
                return Ok(None);
            }
            _ => return Err(argument.unexpected().into()),
        }
    }
    if !has_time {
        return Err("--time is missing; see --help".into());
    }
    Ok(Some(options))
}

/// A day of the week, by its English name or the beginning of it.
fn weekday(name: &str) -> Result<Weekday> {
    let name = name.to_lowercase();
    Weekday::Monday
        .cycle_forward()
        .take(7)
        .find(|day| name.len() >= 2 && format!("{day:?}").to_lowercase().starts_with(&name))
        .ok_or_else(|| format!("{name:?} is no day of the week").into())
}

fn on_day(service: &Service, options: &Options, day: Date, zone: &TimeZone) -> Result {
    let opens = day.checked_sub(options.days_ahead.days())?.to_zoned_datetime(zone.clone())?;
    let ahead = opens.timestamp().duration_since(service.now());
    let opens_soon = ahead.is_positive();
    if opens_soon {
        if options.wait < ahead {
            println!("{}: booking opens on {}, nothing to do yet", shown(day), moment(&opens));
            return Ok(());
        }
        if options.dry_run {
            let class = class(service, options, day)?;
            let class =
                class.map_or_else(|| "a class that is not listed yet".to_owned(), |class| class.to_string());
            println!("{}: would wait until {} and book {class}", shown(day), moment(&opens));
            return Ok(());
        }
        println!("{}: waiting until {}", shown(day), moment(&opens));
        service.wait_until(opens.timestamp());
    }
    let give_up = service.now().checked_add(if opens_soon { PATIENCE } else { SignedDuration::ZERO })?;
    loop {
        let may_wait = service.now() < give_up;
        match attempt(service, options, day) {
            Ok(Some(done)) => {
                println!("{}: {done}", shown(day));
                return Ok(());
            }
            Ok(None) if !may_wait => return Err(format!("{}: no such class is listed", shown(day)).into()),
            Err(error) if !may_wait || !is_too_early(&error) => {
                return Err(format!("{}: {error}", shown(day)).into());
            }
            _ => service.wait(PAUSE),
        }
    }
}

fn is_too_early(error: &Error) -> bool {
    matches!(error, Error::OutsideSchedulingWindow { .. }) || error.is_retryable()
}

/// What was done, or `None` where there is no such class yet.
fn attempt(service: &Service, options: &Options, day: Date) -> otf_api::Result<Option<String>> {
    let mut booked = BookingQuery::new().from(day).until(day).cancelled().filter(options.filter.clone());
    if let Some(studio) = &options.studio {
        booked = booked.studio(studio.clone());
    }
    // Any booking that fits, not only one of the class that would be chosen now.
    let booked = service.otf.bookings().list(&booked)?;
    if let Some(booking) = booked.iter().find(|booking| !booking.is_cancelled()).or(booked.first()) {
        let again = if booking.is_cancelled() { "it is not booked again" } else { "there is nothing to do" };
        return Ok(Some(format!("{booking}: {again}")));
    }
    let Some(class) = class(service, options, day)? else { return Ok(None) };
    if options.dry_run {
        return Ok(Some(format!("would book {class}")));
    }
    take(service, options, &class).map(Some)
}

/// The class that is meant: of several, one with a free place. It may be listed before it can be booked.
fn class(service: &Service, options: &Options, day: Date) -> otf_api::Result<Option<OtfClass>> {
    let mut query = ClassQuery::new().on(day).filter(options.filter.clone()).not_yet_bookable();
    if let Some(studio) = &options.studio {
        query = query.studio(studio.clone());
    }
    let classes = service.otf.bookings().classes(&query)?;
    Ok(classes.iter().find(|class| class.has_availability()).or(classes.first()).cloned())
}

fn take(service: &Service, options: &Options, class: &OtfClass) -> otf_api::Result<String> {
    let bookings = service.otf.bookings();
    let book = || if options.waitlist { bookings.book_or_waitlist(class) } else { bookings.book(class) };
    let mut booked = book();
    if let Err(Error::OutcomeUnknown { .. }) = booked {
        service.wait(PAUSE);
        booked = match bookings.live_for_class(class)? {
            Some(booking) => Ok(booking),
            // Where the list lags behind, the service refuses the second one.
            None => book(),
        };
    }
    match booked {
        Ok(booking) => Ok(told(&booking)),
        // Another run was faster, and the list lags behind.
        Err(Error::AlreadyBooked { .. }) => Ok(format!("{class}: it was booked meanwhile")),
        Err(error) => Err(error),
    }
}

fn told(booking: &Booking) -> String {
    let what = if booking.is_waitlisted() { "waiting for a place in" } else { "booked" };
    format!("{what} {booking}")
}

fn shown(day: Date) -> String {
    day.strftime("%a %Y-%m-%d").to_string()
}

fn moment(time: &ZonedDateTime) -> String {
    time.strftime("%a %Y-%m-%d at %H:%M %Z").to_string()
}
