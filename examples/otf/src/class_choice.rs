//! Which class a subcommand works on.

use std::fmt::Display;

use clap::Args;
use otf_api::jiff::civil::{Date, Time, Weekday};
use otf_api::jiff::tz::TimeZone;
use otf_api::jiff::{Timestamp, ToSpan};
use otf_api::models::{Booking, OtfClass};
use otf_api::{BookingQuery, ClassQuery, ClassType};

use crate::failure::{Failure, Result};
use crate::service::Service;
use crate::values;

/// The class: a day, a time on the studio's clock, and what else tells classes apart.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct ClassChoice {
    /// On this day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = values::date, required_unless_present = "weekday",
        conflicts_with = "weekday")]
    pub date: Option<Date>,
    /// On the next such day of the week
    #[arg(long, value_name = "DAY", value_parser = values::weekday)]
    pub weekday: Option<Weekday>,
    /// Starting at this time, on the studio's clock. If several classes do, --type or --coach must tell them apart
    #[arg(long, value_name = "H:MM", value_parser = values::time_of_day)]
    pub time: Time,
    /// Of this type, such as orange_60
    #[arg(long = "type", value_name = "TYPE", value_parser = values::class_type)]
    pub class_type: Option<ClassType>,
    /// With this coach
    #[arg(long, value_name = "NAME", value_parser = values::non_blank)]
    pub coach: Option<String>,
}

impl ClassChoice {
    /// The day, if `--weekday` counts from `now` at the studio: a day whose class has begun is a week later.
    pub fn day(&self, now: Timestamp, zone: &TimeZone) -> Result<Date> {
        if let Some(date) = self.date {
            return Ok(date);
        }
        let weekday = self.weekday.ok_or_else(|| Failure::usage("--date or --weekday is missing"))?;
        let now = now.to_zoned_datetime(zone.clone()).datetime();
        let today = now.date();
        if today.weekday() == weekday && now.time() < self.time {
            return Ok(today);
        }
        Ok(today.nth_weekday(1, weekday)?)
    }

    /// The last such day that can be booked by now, or the next one to open.
    pub fn latest_bookable_day(&self, now: Timestamp, zone: &TimeZone, days: u16) -> Result<Date> {
        if let Some(date) = self.date {
            return Ok(date);
        }
        let weekday = self.weekday.ok_or_else(|| Failure::usage("--date or --weekday is missing"))?;
        let last = now.to_zoned_datetime(zone.clone()).date().checked_add(i64::from(days).days())?;
        Ok(last.tomorrow()?.nth_weekday(-1, weekday)?)
    }

    /// The class on this day; of several, the one that the member has booked.
    ///
    /// Otherwise one of several is never chosen: a command that is run again could choose another, and book both.
    pub fn require(&self, service: &Service, day: Date) -> Result<OtfClass> {
        let mut query = ClassQuery::new().on(day).start_time(self.time).not_yet_bookable();
        if let Some(class_type) = &self.class_type {
            query = query.class_type(class_type.clone());
        }
        if let Some(coach) = &self.coach {
            query = query.coach(coach);
        }
        let mut classes: Vec<_> = service.otf.bookings().classes(&query)?.into_iter().collect();
        if classes.len() > 1 {
            let bookings = service.otf.bookings().list(&BookingQuery::new().from(day).until(day))?;
            let is_booked = |class: &OtfClass| {
                bookings.iter().any(|booking| class.class_id.as_ref() == Some(booking.class_id()))
            };
            if classes.iter().any(is_booked) {
                classes.retain(is_booked);
            }
        }
        only(classes, &format!("no such class on {day} at {}", self.time.strftime("%H:%M")))
    }

    /// The booking of the class.
    pub fn find_booking(&self, service: &Service) -> Result<Booking> {
        let day = self.day(service.now(), &service.zone()?)?;
        let bookings = service.otf.bookings().list(&BookingQuery::new().from(day).until(day))?;
        let fits = |booking: &&Booking| {
            let class = &booking.otf_class;
            let coach =
                |name: &String| class.coach_name().is_some_and(|coach| coach.eq_ignore_ascii_case(name));
            class.start.local.time() == self.time
                && self.class_type.as_ref().is_none_or(|class_type| *class_type == class.class_type)
                && self.coach.as_ref().is_none_or(coach)
        };
        let fitting = bookings.iter().filter(fits).cloned().collect();
        only(fitting, &format!("nothing is booked on {day} at {}", self.time.strftime("%H:%M")))
    }
}

/// The one item that fits. Several have to be told apart by whoever gave the command.
fn only<T: Display>(mut fitting: Vec<T>, none: &str) -> Result<T> {
    match (fitting.pop(), fitting.is_empty()) {
        (None, _) => Err(Failure::failed(none)),
        (Some(only), true) => Ok(only),
        (Some(last), false) => {
            fitting.push(last);
            let list: Vec<_> = fitting.iter().map(ToString::to_string).collect();
            Err(Failure::usage(format!("several classes fit, choose by type or coach: {}", list.join("; "))))
        }
    }
}
