//! `otf classes`

use clap::Args;
use otf_api::jiff::civil::{Date, Time, Weekday};
use otf_api::{ClassQuery, ClassType};
use serde_json::json;

use crate::cli::Global;
use crate::failure::Result;
use crate::output;
use crate::service::Service;
use crate::shapes;
use crate::values;

/// List the classes of the home studio.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf classes --weekday sat --type orange_60
  otf classes --date 2026-04-11 --time 9:45
  otf classes --available --json")]
pub struct Classes {
    /// On this day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = values::date, conflicts_with = "weekday")]
    date: Option<Date>,
    /// On this day of the week; may be given several times
    #[arg(long, value_name = "DAY", value_parser = values::weekday)]
    weekday: Vec<Weekday>,
    /// Starting at this time, on the studio's clock
    #[arg(long, value_name = "H:MM", value_parser = values::time_of_day)]
    time: Option<Time>,
    /// Of this type, such as orange_60; may be given several times
    #[arg(long = "type", value_name = "TYPE", value_parser = values::class_type)]
    class_type: Vec<ClassType>,
    /// With this coach
    #[arg(long, value_name = "NAME", value_parser = values::non_blank)]
    coach: Option<String>,
    /// Only classes with a free spot
    #[arg(long)]
    available: bool,
}

impl Classes {
    pub fn run(&self, global: &Global) -> Result {
        let service = Service::connect(global)?;
        let mut query = ClassQuery::new();
        if let Some(date) = self.date {
            query = query.on(date);
        }
        for weekday in &self.weekday {
            query = query.weekday(*weekday);
        }
        for class_type in &self.class_type {
            query = query.class_type(class_type.clone());
        }
        if let Some(time) = self.time {
            query = query.start_time(time);
        }
        if let Some(coach) = &self.coach {
            query = query.coach(coach);
        }
        if self.available {
            query = query.available();
        }
        let classes = service.otf.bookings().classes(&query)?;
        if global.json {
            let list: Vec<_> = classes.iter().map(shapes::class).collect();
            return output::json(&json!({ "classes": list, "unreadable": classes.rejected().len() }));
        }
        output::warn_of_unreadable(classes.rejected().len());
        for class in &classes {
            println!("{class}");
        }
        if classes.is_empty() {
            println!("no such class");
        }
        Ok(())
    }
}
