//! Which workout a subcommand works on.

use clap::Args;
use otf_api::jiff::SignedDuration;
use otf_api::jiff::civil::Date;
use otf_api::models::Workout;
use otf_api::{BookingId, WorkoutQuery};

use crate::failure::{Failure, Result};
use crate::service::Service;
use crate::values;

/// How many days back the latest workout is looked for.
const DAYS_BACK: i64 = 90;

/// The workout to work on: the latest one that was measured, unless an option says otherwise.
#[derive(Args, Clone, Debug, Default)]
pub struct WorkoutChoice {
    /// The workout of this day [default: the latest one]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = values::date, conflicts_with = "booking")]
    date: Option<Date>,
    /// The workout of this booking
    #[arg(long, value_name = "ID", value_parser = values::non_blank)]
    booking: Option<String>,
}

impl WorkoutChoice {
    /// Loads the workout with at most so many points of telemetry.
    pub fn load(&self, service: &Service, max_data_points: u32) -> Result<Workout> {
        let query = WorkoutQuery::new().max_data_points(max_data_points);
        if let Some(id) = &self.booking {
            return Ok(service.otf.workouts().for_booking_with(BookingId::from(id.clone()), &query)?);
        }
        let query = match self.date {
            Some(date) => query.from(date).until(date),
            None => query.from(service.now().checked_sub(SignedDuration::from_hours(24 * DAYS_BACK))?),
        };
        let mut unmeasured = None;
        for workout in service.otf.workouts().iter(&query)? {
            let workout = workout?;
            if workout.telemetry.as_ref().is_some_and(|telemetry| !telemetry.telemetry.is_empty()) {
                return Ok(workout);
            }
            unmeasured.get_or_insert(workout);
        }
        // A class of a given day counts even if nothing was measured in it.
        let chosen = unmeasured.filter(|_| self.date.is_some());
        chosen.ok_or_else(|| match self.date {
            Some(date) => Failure::failed(format!("no workout on {date}")),
            None => Failure::failed(format!("no measured workout in the last {DAYS_BACK} days")),
        })
    }
}
