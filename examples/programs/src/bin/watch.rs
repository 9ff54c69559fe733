//! Watches a full class and takes a place when one comes free.

use std::process::ExitCode;
use std::time::Duration;

use lexopt::prelude::*;
use otf_api::jiff::civil::{Date, Time};
use otf_api::jiff::{SignedDuration, Timestamp};
use otf_api::models::{Booking, BookingStatus, OtfClass};
use otf_api::{BookingQuery, ClassQuery, ClassType, Error, StudioUuid};
use otf_api_programs::{Result, Service, Which, finish};

const HELP: &str = "\
Watches a full class and takes a place when one comes free.

Usage: watch --date YYYY-MM-DD --time HH:MM [OPTIONS]

  --date YYYY-MM-DD  the day of the class
  --time HH:MM       when it starts, on the studio's clock
  --type TYPE        where two start at once: orange_60, tread_50, ...
  --studio UUID      at this studio [default: the home studio]
  --every SECONDS    how often to look, 10 or more [default: 60]
  --leave HOURS      how long before the class to give up, so that a place that
                     comes too late costs no late cancellation [default: 8]
  --no-waitlist      do not wait in line meanwhile
  --sandbox          against the service on loopback that comes with the crate,
                     where time flies and a place comes free after three looks
                     (--sandbox=URL: against one that runs already)

It ends when you have a place. DateRange the time to give up has come, it leaves the
waitlist and fails. Stopped early, it leaves your place in line as it is, and
goes on from there when it is run again.
";

/// It takes a moment to leave a waitlist, and clocks differ.
const MARGIN: SignedDuration = SignedDuration::from_mins(10);

struct Options {
    date: Date,
    time: Time,
    class_type: Option<ClassType>,
    studio: Option<StudioUuid>,
    every: Duration,
    leave: SignedDuration,
    waitlist: bool,
    service: Which,
}

fn main() -> ExitCode {
    finish("watch", run())
}

fn run() -> Result {
    let Some(options) = options()? else { return Ok(()) };
    let service = options.service.connect()?;
    let class = find(&service, &options)?.ok_or("there is no such class")?;
    let start = class.starts_at_instant().ok_or("nobody knows the studio's time zone")?;
    let give_up = start.checked_sub(options.leave)?.checked_sub(MARGIN)?;
    println!("watching {class}");

    let mut watch = Watch { service: &service, options: &options, give_up, waiting: None };
    for looks in 1.. {
        match watch.look() {
            Ok(Some(booking)) => {
                println!("{}: you have a place: {booking}", watch.clock());
                return Ok(());
            }
            Err(Failure::Otf(error)) if error.is_retryable() => eprintln!("{}: {error}", watch.clock()),
            Err(failure) => return Err(failure.into()),
            Ok(None) => {}
        }
        if let (3, Some(sandbox), Some(id)) = (looks, &service.sandbox, &class.class_id) {
            sandbox.set_spots_left(id.as_str(), 1);
        }
        let left = watch.give_up.duration_since(service.now()).try_into().unwrap_or_default();
        service.wait(options.every.min(left));
    }
    Ok(())
}

fn options() -> Result<Option<Options>> {
    let (mut date, mut time, mut class_type, mut studio) = (None, None, None, None);
    let (mut every, mut leave, mut waitlist, mut service) = (60, 8, true, Which::Real);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("date") => date = Some(arguments.value()?.parse()?),
            Long("time") => time = Some(arguments.value()?.parse()?),
            Long("type") => class_type = Some(arguments.value()?.parse()?),
            Long("studio") => studio = Some(arguments.value()?.string()?.into()),
            Long("every") => every = arguments.value()?.parse()?,
            Long("leave") => leave = arguments.value()?.parse::<u8>()?,
            Long("no-waitlist") => waitlist = false,
            Long("sandbox") => service = Which::sandbox(&mut arguments)?,
            Short('h') | Long("help") => {
                print!("{HELP}");
                return Ok(None);
            }
            _ => return Err(argument.unexpected().into()),
        }
    }
    if every < 10 && matches!(service, Which::Real) {
        return Err("the service is not to be asked more often than every 10 seconds".into());
    }
    Ok(Some(Options {
        date: date.ok_or("--date is missing; see --help")?,
        time: time.ok_or("--time is missing; see --help")?,
        class_type,
        studio,
        every: Duration::from_secs(every),
        leave: SignedDuration::from_hours(leave.into()),
        waitlist,
        service,
    }))
}

fn find(service: &Service, options: &Options) -> otf_api::Result<Option<OtfClass>> {
    let mut query = ClassQuery::new().on(options.date).start_time(options.time);
    if let Some(class_type) = &options.class_type {
        query = query.class_type(class_type.clone());
    }
    if let Some(studio) = &options.studio {
        query = query.studio(studio.clone());
    }
    Ok(service.otf.bookings().classes(&query)?.into_iter().next())
}

struct Watch<'a> {
    service: &'a Service,
    options: &'a Options,
    give_up: Timestamp,
    /// The place in line that this run took: the list may not have it yet.
    waiting: Option<Booking>,
}

/// Why watching ends without a place.
enum Failure {
    Gone,
    TooLate { left: bool },
    Otf(Error),
}

impl Watch<'_> {
    /// Looks once: the booking, where there is a place.
    fn look(&mut self) -> Result<Option<Booking>, Failure> {
        let bookings = self.service.otf.bookings();
        let class = find(self.service, self.options)?.ok_or(Failure::Gone)?;
        let day = BookingQuery::new().from(self.options.date).until(self.options.date).cancelled();
        let listed = bookings
            .list(&day)?
            .into_iter()
            .find(|booking| Some(booking.class_id()) == class.class_id.as_ref());
        let mine = listed.or(self.waiting.take()).filter(|booking| !booking.is_cancelled());
        match mine {
            Some(booking) if !booking.is_waitlisted() => return Ok(Some(booking)),
            mine => self.waiting = mine,
        }

        if self.give_up <= self.service.now() {
            return Err(Failure::TooLate { left: self.leave()? });
        }
        if class.has_availability() {
            // Who waits in line has a booking already, and the service takes one only.
            self.leave()?;
            match bookings.book(&class) {
                Ok(booking) if booking.status() == BookingStatus::Booked => return Ok(Some(booking)),
                Ok(booking) => self.waiting = Some(booking),
                // Somebody was faster, or another run of this has booked: the next look tells.
                Err(Error::ClassFull { .. } | Error::AlreadyBooked { .. } | Error::OutcomeUnknown { .. }) => {
                }
                Err(error) => return Err(error.into()),
            }
        } else if self.waiting.is_none() && self.options.waitlist && class.waitlist_available != Some(false) {
            match bookings.book_waitlist(&class) {
                Ok(booking) => {
                    println!("{}: {booking}", self.clock());
                    self.waiting = Some(booking);
                }
                Err(Error::ClassFull { .. } | Error::AlreadyBooked { .. } | Error::OutcomeUnknown { .. }) => {
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }

    /// Leaves the waitlist; whether there was a place in line.
    fn leave(&mut self) -> otf_api::Result<bool> {
        let Some(booking) = self.waiting.take() else { return Ok(false) };
        match self.service.otf.bookings().cancel(&booking) {
            Ok(()) | Err(Error::BookingAlreadyCancelled { .. }) => Ok(true),
            Err(error) => {
                self.waiting = Some(booking);
                Err(error)
            }
        }
    }

    fn clock(&self) -> String {
        self.service.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Otf(error)
    }
}

impl From<Failure> for Box<dyn std::error::Error> {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Gone => "the class is no longer on the schedule".into(),
            Failure::TooLate { left: true } => "no place came free in time; the waitlist is left".into(),
            Failure::TooLate { left: false } => "no place came free in time".into(),
            Failure::Otf(error) => error.into(),
        }
    }
}
