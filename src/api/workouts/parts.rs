//! What a workout is put together from.

use std::collections::HashMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::query::{WorkoutQuery, had_workout};
use crate::api::bookings::{list_call, shape_list};
use crate::api::class_time::{ClassFacts, later};
use crate::api::has_id::{is_usable, path_segment};
use crate::api::members::KEEP;
use crate::client::{Ask, Call, Client};
use crate::endpoints::Host;
use crate::error::{Error, Result};
use crate::models::{
    self, Booking, ClassUuid, Listing, PerformanceSummary, PerformanceSummaryId, Rejected, Telemetry, Workout,
};

/// The classes' ids for ratings.
pub(super) type ClassUuids = HashMap<PerformanceSummaryId, ClassUuid>;

/// How long the parts of a workout are kept that is over for more than a day: they change no more.
const KEEP_PAST: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The performance summary of this id, kept for a while.
pub(in crate::api) fn summary_call(client: &Client, id: &PerformanceSummaryId) -> Result<Call> {
    let call = Call::get(Host::Io, format!("/v1/performance-summaries/{}", path_segment(id)?));
    Ok(in_the_name_of(client, call).keep(KEEP))
}

/// The list of performance summaries.
pub(super) fn summaries_call(client: &Client) -> Call {
    in_the_name_of(client, Call::get(Host::Io, "/v1/performance-summaries"))
}

/// The telemetry of the workout with this summary, kept for a while.
pub(super) fn telemetry_call(id: &PerformanceSummaryId, max_data_points: u32) -> Call {
    Call::get(Host::Telemetry, "/v1/performance/summary")
        .query("classHistoryUuid", id.as_str())
        .query("maxDataPoints", max_data_points.to_string())
        .keep(KEEP)
}

/// The endpoints of the summaries want to be told whose they are, besides the token.
fn in_the_name_of(client: &Client, call: Call) -> Call {
    let user = client.user();
    call.header("koji-member-id", user.member_uuid.as_str())
        .header("koji-member-email", user.email.as_deref().unwrap_or_default())
}

/// What is known of workouts from their lists.
pub(super) struct Outline {
    /// By start.
    pub(super) bookings: Vec<Booking>,
    pub(super) rejected: Vec<Rejected>,
    pub(super) class_uuids: ClassUuids,
}

enum List {
    Bookings(Listing<Booking>),
    ClassUuids(ClassUuids),
}

/// The bookings that workouts come from, and the list of summaries, which has the classes' ids for ratings.
pub(super) fn outline(client: &Client, query: &WorkoutQuery) -> Result<Outline> {
    query.check()?;
    let now = client.now();
    let bookings = query.bookings();
    let mut asks: Vec<Ask<List>> = vec![Ask::new(list_call(&bookings, now)?, |body| {
        models::read_at(body, &["items"]).map(List::Bookings)
    })];
    if query.summaries {
        asks.push(Ask::new(summaries_call(client), |body| {
            models::read_at(body, &["items"]).map(|summaries| List::ClassUuids(by_summary(summaries)))
        }));
    }
    let mut outline = Outline { bookings: Vec::new(), rejected: Vec::new(), class_uuids: ClassUuids::new() };
    let otherwise = |index, error: Error| {
        if index == 0 || !is_about_one(&error) {
            return Err(error);
        }
        log::warn!("workouts are without the list of summaries, and some without their class's id: {error}");
        Ok(List::ClassUuids(ClassUuids::new()))
    };
    for list in client.many(&asks, otherwise)? {
        match list {
            List::Bookings(list) => {
                (outline.bookings, outline.rejected) = shape_list(&bookings, now, list).into_parts();
            }
            List::ClassUuids(found) => outline.class_uuids = found,
        }
    }
    outline.bookings.retain(|booking| had_workout(booking, now));
    Ok(outline)
}

enum Part {
    Summary(Box<PerformanceSummary>),
    Telemetry(Box<Telemetry>),
    Missing(Error),
}

/// Makes workouts of bookings, in their order.
pub(super) fn assemble(
    client: &Client,
    bookings: Vec<Booking>,
    query: &WorkoutQuery,
    class_uuids: &ClassUuids,
) -> Result<Vec<Workout>> {
    let mut workouts: Vec<Workout> = bookings.into_iter().map(Workout::new).collect();
    let mut asks: Vec<Ask<Part>> = Vec::new();
    // What each of them is for.
    let mut places: Vec<(usize, &str)> = Vec::new();
    for (place, workout) in workouts.iter_mut().enumerate() {
        let usable = workout.performance_summary_id().filter(|id| is_usable(*id));
        let Some(id) = usable else {
            if query.summaries || query.telemetry {
                workout.missing.push("performance summary and telemetry: the booking names none".to_owned());
            }
            continue;
        };
        let class_uuid = class_uuids.get(id).cloned();
        let keep = keep_for(&workout.booking, client.now());
        if query.summaries {
            asks.push(Ask::new(summary_call(client, id)?.keep(keep), |body| {
                models::read_at(body, &[]).map(|summary| Part::Summary(Box::new(summary)))
            }));
            places.push((place, "performance summary"));
        }
        if query.telemetry {
            asks.push(Ask::new(telemetry_call(id, query.max_data_points).keep(keep), |body| {
                models::read_at(body, &[]).map(|telemetry| Part::Telemetry(Box::new(telemetry)))
            }));
            places.push((place, "telemetry"));
        }
        workout.class_uuid = class_uuid;
    }
    let parts = client
        .many(&asks, |_, error| if is_about_one(&error) { Ok(Part::Missing(error)) } else { Err(error) })?;
    for (((place, what), ask), part) in places.into_iter().zip(&asks).zip(parts) {
        let Some(workout) = workouts.get_mut(place) else { continue };
        match part {
            Part::Summary(summary) => workout.summary = Some(*summary),
            Part::Telemetry(telemetry) => {
                if telemetry.telemetry.is_empty() {
                    if later(end(&workout.booking), MAY_COME_LATE) > client.now() {
                        client.forget(&ask.call);
                    }
                    workout.missing.push("telemetry: the service has no points".to_owned());
                }
                workout.telemetry = Some(*telemetry);
            }
            Part::Missing(error) => workout.missing.push(format!("{what}: {error}")),
        }
    }
    Ok(workouts)
}

fn by_summary(summaries: Listing<PerformanceSummary>) -> ClassUuids {
    let pair = |summary: PerformanceSummary| {
        let class_uuid = summary.class_uuid()?.clone();
        Some((summary.performance_summary_id, class_uuid))
    };
    summaries.into_iter().filter_map(pair).collect()
}

/// Whether an error says something of what was asked for, rather than that nothing can be had now.
fn is_about_one(error: &Error) -> bool {
    match error {
        Error::NotFound { .. } | Error::Decode { .. } => true,
        Error::Http { status, .. } => *status != 401,
        _ => false,
    }
}

fn keep_for(booking: &Booking, now: Timestamp) -> Duration {
    if later(end(booking), SignedDuration::from_hours(24)) < now { KEEP_PAST } else { KEEP }
}

fn end(booking: &Booking) -> Timestamp {
    ClassFacts::from(&booking.otf_class).end()
}

/// Telemetry without points is asked for again this long after the class: a studio may be late to send it.
const MAY_COME_LATE: SignedDuration = SignedDuration::from_hours(7 * 24);
