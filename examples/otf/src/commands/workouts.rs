//! `otf workouts`

use clap::Args;
use otf_api::WorkoutQuery;
use otf_api::jiff::SignedDuration;
use serde_json::json;

use crate::cli::Global;
use crate::failure::Result;
use crate::output;
use crate::service::Service;
use crate::shapes;

/// List past workouts with their figures.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf workouts
  otf workouts --days 7 --json")]
pub struct Workouts {
    /// How many days back
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=3660))]
    days: u16,
}

impl Workouts {
    pub fn run(&self, global: &Global) -> Result {
        let service = Service::connect(global)?;
        let from = service.now().checked_sub(SignedDuration::from_hours(24 * i64::from(self.days)))?;
        let query = WorkoutQuery::new().from(from).without_telemetry();
        let workouts = service.otf.workouts().list(&query)?;
        if global.json {
            let list: Vec<_> = workouts.iter().map(shapes::workout).collect();
            return output::json(&json!({ "workouts": list, "unreadable": workouts.rejected().len() }));
        }
        output::warn_of_unreadable(workouts.rejected().len());
        for workout in &workouts {
            println!("{workout}");
        }
        if workouts.is_empty() {
            println!("no workouts");
        }
        Ok(())
    }
}
