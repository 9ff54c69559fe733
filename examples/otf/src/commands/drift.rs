//! `otf drift`

use std::path::PathBuf;

use clap::Args;
use otf_api::jiff::SignedDuration;
use otf_api::record::DriftMonitor;
use otf_api::{BookingQuery, ClassQuery, WorkoutQuery};
use serde_json::json;

use crate::cli::Global;
use crate::failure::Result;
use crate::output;
use crate::service::Service;

/// Compare what the service sends with what this version knows, as a page for a bug report.
///
/// It reads bookings, classes, the member and the latest workouts, and books nothing. The page has no personal data.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf drift
  otf drift --out drift.txt")]
pub struct Drift {
    /// Where to write the page [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Drift {
    pub fn run(&self, global: &Global) -> Result {
        let monitor = DriftMonitor::new();
        let service =
            Service::connect_with(global, |builder| builder.cache_responses(false).drift(&monitor))?;
        let otf = &service.otf;
        let month = SignedDuration::from_hours(24 * 30);
        otf.member()?;
        otf.bookings().classes(&ClassQuery::new())?;
        otf.bookings().list(&BookingQuery::new().from(service.now().checked_sub(month)?).canceled())?;
        otf.workouts().list(&WorkoutQuery::new())?;
        let report = monitor.report();
        if let Some(out) = &self.out {
            output::save(out, &report.to_string())?;
        }
        if global.json {
            let text = if report.is_empty() { String::new() } else { report.to_string() };
            return output::json(
                &json!({ "differences": report.drifts().len(), "report": text, "file": self.out }),
            );
        }
        match &self.out {
            Some(out) => {
                println!("{} differences in {}", report.drifts().len(), out.display());
            }
            None if report.is_empty() => println!("no differences"),
            None => println!("{report}"),
        }
        Ok(())
    }
}
