//! Which class a subcommand works on.

use std::fmt::Display;

use clap::Args;
use otf_api::jiff::civil::{Date, Time, Weekday};
use otf_api::jiff::tz::TimeZone;
use otf_api::jiff::{Timestamp, ToSpan};
use otf_api::models::{Booking, OtfClass};
use otf_api::{BookingQuery, ClassFilter, ClassId, ClassQuery, ClassType};

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
    /// Starting at this time, on the studio's clock. If several classes do, choose one with --type, --coach or --class
    #[arg(long, value_name = "H:MM", value_parser = values::time_of_day)]
    pub time: Time,
    /// Of this type, such as orange_60
    #[arg(long = "type", value_name = "TYPE", value_parser = values::class_type)]
    pub class_type: Option<ClassType>,
    /// With this coach
    #[arg(long, value_name = "NAME", value_parser = values::non_blank)]
    pub coach: Option<String>,
    /// With this id, which --json prints
    #[arg(long = "class", value_name = "ID", value_parser = values::non_blank)]
    pub id: Option<String>,
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

    /// The class on this day. If several fit, the one that is booked.
    ///
    /// Otherwise several are an error: a choice could differ when the command is run again, and book a second class.
    pub fn require(&self, service: &Service, day: Date) -> Result<OtfClass> {
        let query = ClassQuery::new().filter(self.filter(day)).not_yet_bookable();
        let classes = service.otf.bookings().classes(&query)?;
        let mut fitting: Vec<_> =
            classes.into_iter().filter(|class| self.has_id(class.class_id.as_ref())).collect();
        if fitting.len() > 1 {
            let bookings = service.otf.bookings().list(&BookingQuery::new().from(day).until(day))?;
            let is_booked = |class: &OtfClass| {
                bookings.iter().any(|booking| class.class_id.as_ref() == Some(booking.class_id()))
            };
            if fitting.iter().any(is_booked) {
                fitting.retain(is_booked);
            }
        }
        let none = format!("no such class on {day} at {}", self.time.strftime("%H:%M"));
        only(fitting, |class| class.class_id.as_ref(), none)
    }

    /// The booking of the class.
    pub fn find_booking(&self, service: &Service) -> Result<Booking> {
        let day = self.day(service.now(), &service.zone()?)?;
        let query = BookingQuery::new().from(day).until(day).filter(self.filter(day));
        let bookings = service.otf.bookings().list(&query)?;
        let fitting = bookings.into_iter().filter(|booking| self.has_id(Some(booking.class_id()))).collect();
        let none = format!("nothing is booked on {day} at {}", self.time.strftime("%H:%M"));
        only(fitting, |booking| Some(booking.class_id()), none)
    }

    fn filter(&self, day: Date) -> ClassFilter {
        let mut filter = ClassFilter::new().on(day).start_time(self.time);
        if let Some(class_type) = &self.class_type {
            filter = filter.class_type(class_type.clone());
        }
        if let Some(coach) = &self.coach {
            filter = filter.coach(coach);
        }
        filter
    }

    fn has_id(&self, id: Option<&ClassId>) -> bool {
        self.id.as_ref().is_none_or(|wanted| id.is_some_and(|id| id.as_str() == wanted))
    }
}

/// The one item that fits.
fn only<T: Display>(
    mut fitting: Vec<T>,
    class_id: impl Fn(&T) -> Option<&ClassId>,
    none: String,
) -> Result<T> {
    if fitting.len() > 1 {
        let describe = |item: &T| match class_id(item) {
            Some(id) => format!("{item}, --class {id}"),
            None => item.to_string(),
        };
        let list: Vec<_> = fitting.iter().map(describe).collect();
        return Err(Failure::usage(format!(
            "several classes fit; choose one with --type, --coach or --class: {}",
            list.join("; ")
        )));
    }
    fitting.pop().ok_or_else(|| Failure::failed(none))
}
