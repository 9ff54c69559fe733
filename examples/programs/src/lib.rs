//! What the programs share: the way to the service, and the way out.

pub mod redis_store;

use std::error::Error;
use std::fmt::Display;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use otf_api::auth::Credentials;
use otf_api::jiff::civil::Date;
use otf_api::jiff::{SignedDuration, Timestamp};
use otf_api::models::{Telemetry, Workout};
use otf_api::sandbox::{PAT, Sandbox};
use otf_api::{BookingId, Endpoints, MemoryStore, Otf, OtfBuilder, WorkoutQuery};

/// What the programs' functions return.
pub type Result<T = (), E = Box<dyn Error>> = std::result::Result<T, E>;

/// What the time is when the sandbox starts, so that a program prints the same each time: a Friday morning in
/// Chicago, where the sandbox's Pat lives.
const SANDBOX_TIME: &str = "2026-04-10T14:55:00Z";

/// Which service a program is to work with.
#[derive(Clone, Debug, Default)]
pub enum Which {
    /// The real one, with the account that is at hand.
    #[default]
    Real,
    /// The sandbox, started for this run.
    Sandbox,
    /// A sandbox that runs already, at this URL.
    SandboxAt(String),
}

impl Which {
    /// Which one `--sandbox` or `--sandbox=URL` asks for.
    pub fn sandbox(arguments: &mut lexopt::Parser) -> Result<Self> {
        Ok(match arguments.optional_value() {
            Some(url) => Self::SandboxAt(url.into_string().map_err(|_| "the sandbox's URL is not UTF-8")?),
            None => Self::Sandbox,
        })
    }

    /// Signs in.
    pub fn connect(&self) -> Result<Service> {
        self.connect_with(|builder| builder)
    }

    /// Signs in with settings of the program's own.
    pub fn connect_with(&self, set: impl FnOnce(OtfBuilder) -> OtfBuilder) -> Result<Service> {
        let builder = Otf::builder();
        Ok(match self {
            Self::Real => Service { otf: set(builder).login()?, sandbox: None },
            Self::Sandbox => {
                let offset = SANDBOX_TIME.parse::<Timestamp>()?.duration_since(Timestamp::now());
                let sandbox = Sandbox::builder().clock_offset(offset).start()?;
                Service { otf: set(builder.sandbox(&sandbox)).login()?, sandbox: Some(sandbox) }
            }
            Self::SandboxAt(url) => {
                let builder = builder
                    .endpoints(Endpoints::at(url)?)
                    .credentials(Credentials::new(PAT.email, PAT.password))
                    .store(MemoryStore::new());
                Service { otf: set(builder).login()?, sandbox: None }
            }
        })
    }
}

/// The service, signed in.
#[derive(Debug)]
pub struct Service {
    /// The client.
    pub otf: Otf,
    /// The sandbox, where it runs within this program.
    pub sandbox: Option<Sandbox>,
}

impl Service {
    /// What time it is.
    pub fn now(&self) -> Timestamp {
        self.sandbox.as_ref().map_or_else(Timestamp::now, Sandbox::now)
    }

    /// Waits. In the sandbox time flies.
    pub fn wait(&self, duration: Duration) {
        match &self.sandbox {
            Some(sandbox) => sandbox.advance(duration),
            None => thread::sleep(duration),
        }
    }

    /// Waits until then.
    pub fn wait_until(&self, time: Timestamp) {
        if let Ok(duration) = time.duration_since(self.now()).try_into() {
            self.wait(duration);
        }
    }
}

/// The end of a program: a failure is told in one line.
pub fn finish(program: &str, result: Result) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{program}: {}", error.to_string().replace('\n', " "));
            ExitCode::FAILURE
        }
    }
}

/// Writes a file whole; what goes wrong names it.
pub fn save(path: &Path, text: &str) -> Result {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// A text as XML and HTML want it, in elements and in attributes.
pub fn escape(text: impl Display) -> String {
    let mut escaped = String::new();
    for character in text.to_string().chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML 1.0 (section 2.2) has no other control characters.
            '\t' | '\n' | '\r' => escaped.push(character),
            character if character.is_control() => {}
            character => escaped.push(character),
        }
    }
    escaped
}

/// Which workout a program is about: the latest one that was measured, unless said otherwise.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// The one of this booking.
    pub booking: Option<BookingId>,
    /// The one of this day.
    pub date: Option<Date>,
}

impl Choice {
    /// How far back the latest one is looked for, in days.
    const BACK: i64 = 90;

    /// The workout and what was measured, with so many points at most.
    pub fn load(&self, service: &Service, max_data_points: u32) -> Result<(Workout, Telemetry)> {
        let query = WorkoutQuery::new().max_data_points(max_data_points);
        let found = match (&self.booking, self.date) {
            (Some(id), _) => measured(service.otf.workouts().for_booking_with(id, &query)?),
            (None, Some(date)) => self.first(service, &query.from(date).until(date))?,
            (None, None) => {
                let from = service.now().checked_sub(SignedDuration::from_hours(24 * Self::BACK))?;
                self.first(service, &query.from(from))?
            }
        };
        found.ok_or_else(|| "there is no such workout that was measured".into())
    }

    fn first(&self, service: &Service, query: &WorkoutQuery) -> Result<Option<(Workout, Telemetry)>> {
        for workout in service.otf.workouts().iter(query)? {
            if let Some(found) = measured(workout?) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

/// A workout with its telemetry, where there is some.
fn measured(mut workout: Workout) -> Option<(Workout, Telemetry)> {
    let telemetry = workout.telemetry.take().filter(|telemetry| !telemetry.telemetry.is_empty())?;
    Some((workout, telemetry))
}
