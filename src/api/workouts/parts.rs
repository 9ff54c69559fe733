//! What a workout is put together from.

use std::collections::HashMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::query::{WorkoutQuery, had_workout};
use crate::api::bookings::{list_call, shape_list};
use crate::api::class_view::{end as class_end, later};
use crate::api::has_id::{is_usable, path_segment};
use crate::api::members::CACHE_FOR;
use crate::client::{Call, Client, Fetch};
use crate::decode;
use crate::endpoints::Host;
use crate::error::{Error, Result};
use crate::models::{
    Booking, ClassUuid, Listing, PerformanceSummary, PerformanceSummaryId, Rejected, Telemetry, Workout,
};

/// The classes' ids for ratings.
pub(super) type ClassUuids = HashMap<PerformanceSummaryId, ClassUuid>;

/// How long the parts of a workout are cached once it has been over for a day: they no longer change.
const CACHE_PAST_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The performance summary of this id, cached for a while.
pub(in crate::api) fn summary_call(client: &Client, id: &PerformanceSummaryId) -> Result<Call> {
    let call = Call::get(Host::Io, format!("/v1/performance-summaries/{}", path_segment(id)?));
    Ok(in_the_name_of(client, call).cache_for(CACHE_FOR))
}

/// The list of performance summaries.
pub(super) fn summaries_call(client: &Client) -> Call {
    in_the_name_of(client, Call::get(Host::Io, "/v1/performance-summaries"))
}

/// The telemetry of the workout with this summary, cached for a while.
pub(super) fn telemetry_call(id: &PerformanceSummaryId, max_data_points: u32) -> Call {
    Call::get(Host::Telemetry, "/v1/performance/summary")
        .query("classHistoryUuid", id.as_str())
        .query("maxDataPoints", max_data_points.to_string())
        .cache_for(CACHE_FOR)
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

#[derive(Clone, Copy, PartialEq)]
enum ListKind {
    Bookings,
    Summaries,
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
    let request = |kind: &ListKind| {
        Ok(match kind {
            ListKind::Bookings => Fetch::new(list_call(&bookings, now)?, |body| {
                decode::list(body, &["items"]).map(List::Bookings)
            }),
            ListKind::Summaries => Fetch::new(summaries_call(client), |body| {
                decode::list(body, &["items"]).map(|summaries| List::ClassUuids(by_summary(summaries)))
            }),
        })
    };
    let on_error = |kind: &ListKind, error: Error| {
        if *kind == ListKind::Bookings || !is_about_one(&error) {
            return Err(error);
        }
        log::warn!("workouts are without the list of summaries, and some without their class's id: {error}");
        Ok(List::ClassUuids(ClassUuids::new()))
    };
    let kinds: &[ListKind] =
        if query.summaries { &[ListKind::Bookings, ListKind::Summaries] } else { &[ListKind::Bookings] };
    let mut outline = Outline { bookings: Vec::new(), rejected: Vec::new(), class_uuids: ClassUuids::new() };
    for list in client.fetch_in_order(kinds, request, on_error)? {
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

/// A part of a workout that is to be loaded, with the index of its booking.
struct Wanted<'a> {
    index: usize,
    id: &'a PerformanceSummaryId,
    kind: PartKind,
}

#[derive(Clone, Copy)]
enum PartKind {
    Summary,
    Telemetry,
}

enum Part {
    Summary(Box<PerformanceSummary>),
    Telemetry(Box<Telemetry>),
}

/// What has been loaded for one booking.
#[derive(Default)]
struct Loaded {
    summary: Option<Result<Box<PerformanceSummary>>>,
    telemetry: Option<Result<Box<Telemetry>>>,
}

/// Makes workouts of bookings, in their order.
pub(super) fn assemble(
    client: &Client,
    bookings: Vec<Booking>,
    query: &WorkoutQuery,
    class_uuids: &ClassUuids,
) -> Result<Vec<Workout>> {
    let loaded = load_parts(client, &bookings, query)?;
    let workouts = bookings.into_iter().zip(loaded).map(|(booking, loaded)| {
        let mut workout = Workout::new(booking);
        match summary_id(&workout.booking) {
            Some(id) => workout.class_uuid = class_uuids.get(id).cloned(),
            None if query.summaries || query.telemetry => {
                workout.missing.push("performance summary and telemetry: the booking names none".to_owned());
            }
            None => {}
        }
        match loaded.summary {
            Some(Ok(summary)) => workout.summary = Some(*summary),
            Some(Err(error)) => workout.missing.push(format!("performance summary: {error}")),
            None => {}
        }
        match loaded.telemetry {
            Some(Ok(telemetry)) => {
                if telemetry.telemetry.is_empty() {
                    workout.missing.push("telemetry: the service has no points".to_owned());
                }
                workout.telemetry = Some(*telemetry);
            }
            Some(Err(error)) => workout.missing.push(format!("telemetry: {error}")),
            None => {}
        }
        workout
    });
    Ok(workouts.collect())
}

/// Loads what the query wants of each booking's workout. An error that is about one part stays with that part.
fn load_parts(client: &Client, bookings: &[Booking], query: &WorkoutQuery) -> Result<Vec<Loaded>> {
    let now = client.now();
    let kinds = [(query.summaries, PartKind::Summary), (query.telemetry, PartKind::Telemetry)];
    let wanted: Vec<Wanted<'_>> = bookings
        .iter()
        .enumerate()
        .filter_map(|(index, booking)| Some((index, summary_id(booking)?)))
        .flat_map(|(index, id)| {
            let kinds = kinds.into_iter().filter(|(is_wanted, _)| *is_wanted);
            kinds.map(move |(_, kind)| Wanted { index, id, kind })
        })
        .collect();
    let call = |wanted: &Wanted<'_>| {
        let call = match wanted.kind {
            PartKind::Summary => summary_call(client, wanted.id)?,
            PartKind::Telemetry => telemetry_call(wanted.id, query.max_data_points),
        };
        Ok(bookings.get(wanted.index).map_or(call.clone(), |booking| cached(call, booking, now)))
    };
    let request = |wanted: &Wanted<'_>| {
        Ok(Fetch::new(
            call(wanted)?,
            match wanted.kind {
                PartKind::Summary => |body: &[u8]| decode::value(body, &[]).map(Part::Summary),
                PartKind::Telemetry => |body: &[u8]| decode::value(body, &[]).map(Part::Telemetry),
            },
        ))
    };
    let mut loaded: Vec<Loaded> = Vec::new();
    loaded.resize_with(bookings.len(), Loaded::default);
    client.fetch_all(&wanted, request, |_, wanted, result| {
        let (Some(loaded), Some(booking)) = (loaded.get_mut(wanted.index), bookings.get(wanted.index)) else {
            return Ok(());
        };
        match result {
            Ok(Part::Summary(summary)) => loaded.summary = Some(Ok(summary)),
            Ok(Part::Telemetry(telemetry)) => {
                if telemetry.telemetry.is_empty() && may_come_late(booking, now) {
                    client.forget_response(&call(wanted)?);
                }
                loaded.telemetry = Some(Ok(telemetry));
            }
            Err(error) if !is_about_one(&error) => return Err(error),
            Err(error) => match wanted.kind {
                PartKind::Summary => loaded.summary = Some(Err(error)),
                PartKind::Telemetry => loaded.telemetry = Some(Err(error)),
            },
        }
        Ok(())
    })?;
    Ok(loaded)
}

/// The id of a booking's performance summary, if it can be asked for.
fn summary_id(booking: &Booking) -> Option<&PerformanceSummaryId> {
    let id = &booking.workout.as_ref()?.performance_summary_id;
    Some(id).filter(|id| is_usable(*id))
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

/// Lets the response be cached, for as long as it is not going to change.
fn cached(call: Call, booking: &Booking, now: Timestamp) -> Call {
    if later(end(booking), DAY) >= now {
        return call;
    }
    // A part that the service does not have yet is asked for once a day while it may still come.
    let not_found_for = if may_come_late(booking, now) { DAY.unsigned_abs() } else { CACHE_PAST_FOR };
    call.cache_for(CACHE_PAST_FOR).cache_not_found_for(not_found_for)
}

fn may_come_late(booking: &Booking, now: Timestamp) -> bool {
    later(end(booking), MAY_COME_LATE) > now
}

fn end(booking: &Booking) -> Timestamp {
    class_end(booking.start(), booking.end())
}

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Studios may send telemetry this long after the class.
const MAY_COME_LATE: SignedDuration = SignedDuration::from_hours(7 * 24);
