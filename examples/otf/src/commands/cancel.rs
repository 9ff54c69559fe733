//! `otf cancel`

use clap::Args;

use crate::class_choice::ClassChoice;
use crate::cli::Global;
use crate::failure::Result;
use crate::output;
use crate::service::Service;
use crate::shapes;

/// Cancel a booking or leave a waitlist.
///
/// Inside the late-cancel window, when studios may charge, it refuses unless --late is given.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf cancel --date 2026-04-16 --time 10:00
  otf cancel --weekday thu --time 10:00 --late")]
pub struct Cancel {
    #[command(flatten)]
    class: ClassChoice,
    /// Cancel even inside the late-cancel window
    #[arg(long)]
    late: bool,
    /// How many hours before the class a cancellation becomes late, according to the studio's policy
    #[arg(long, value_name = "HOURS", default_value_t = 8, value_parser = clap::value_parser!(u16).range(0..=1000))]
    window: u16,
}

impl Cancel {
    pub fn run(&self, global: &Global) -> Result {
        let window = std::time::Duration::from_secs(u64::from(self.window) * 3600);
        let service = Service::connect_with(global, |builder| builder.late_cancel_window(window))?;
        let booking = self.class.find_booking(&service)?;
        output::confirm(&format!("Cancel {booking}"), global.yes)?;
        let canceled = service.cancel(&booking, self.late)?;
        if global.json {
            return output::json(&shapes::canceled(&booking, &canceled));
        }
        let late = if canceled.late == Some(true) { ", late" } else { "" };
        println!("canceled{late}: {booking}");
        Ok(())
    }
}
