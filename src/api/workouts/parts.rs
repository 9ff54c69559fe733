//! Putting workouts together from their parts.

use std::collections::HashMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;

use super::hosts::Hosts;
use super::query::{WorkoutQuery, had_workout};
use crate::api::best_effort::{is_about_one, may_be_missing};
use crate::api::bookings::{list_call, shape_list};
use crate::api::class_view::{end as class_end, later};
use crate::api::has_id::{is_usable, path_segment};
use crate::api::members::CACHE_FOR;
use crate::client::{Call, Client, Fetch, is_empty};
use crate::decode::{self, DecodeError};
use crate::endpoints::Host;
use crate::error::{Error, Result};
use crate::models::{
    Booking, ClassUuid, Listing, PartStatus, PerformanceSummary, PerformanceSummaryId, Rejected, Telemetry,
    Workout,
};

/// The classes' ids for ratings.
pub(super) type ClassUuids = HashMap<PerformanceSummaryId, ClassUuid>;

/// How long the parts of a workout are cached once it has been over for a day: they no longer change.
const CACHE_PAST_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The performance summary of this id, cached for a while.
pub(in crate::api) fn summary_call(client: &Client, id: &PerformanceSummaryId) -> Result<Call> {
    let call = Call::get(Host::Io, format!("/v1/performance-summaries/{}", path_segment(id)?));
    Ok(with_member_headers(client, call).cache_for(CACHE_FOR).may_be_empty())
}

/// The list of performance summaries.
pub(super) fn summaries_call(client: &Client) -> Call {
    with_member_headers(client, Call::get(Host::Io, "/v1/performance-summaries"))
}

/// The telemetry of the workout with this summary, cached for a while.
pub(super) fn telemetry_call(id: &PerformanceSummaryId, max_data_points: u32) -> Call {
    Call::get(Host::Telemetry, "/v1/performance/summary")
        .query("classHistoryUuid", id.as_str())
        .query("maxDataPoints", max_data_points.to_string())
        .cache_for(CACHE_FOR)
        .may_be_empty()
}

/// The endpoints of the summaries take the member from these headers, besides the token.
fn with_member_headers(client: &Client, call: Call) -> Call {
    let user = client.user();
    call.header("koji-member-id", user.member_uuid.as_str())
        .header("koji-member-email", user.email.as_deref().unwrap_or_default())
}

/// What the lists say of workouts.
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
    Summary(Option<Box<PerformanceSummary>>),
    Telemetry(Option<Box<Telemetry>>),
    /// Its host keeps failing.
    NotRequested(String),
}

/// What a list does if every request to a host failed.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum HostFailure {
    /// The list fails.
    IsError,
    /// Each workout has its failed part.
    StaysWithParts,
}

/// Makes workouts of bookings, in their order. A failure to load a part stays with that part.
pub(super) fn assemble(
    client: &Client,
    bookings: Vec<Booking>,
    query: &WorkoutQuery,
    class_uuids: &ClassUuids,
    hosts: &Hosts,
    on_host_failure: HostFailure,
) -> Result<Vec<Workout>> {
    let now = client.now();
    let mut workouts: Vec<Workout> = bookings.iter().cloned().map(Workout::new).collect();
    for workout in &mut workouts {
        let id = summary_id(&workout.booking);
        workout.class_uuid = id.and_then(|id| class_uuids.get(id).cloned());
        // Without an id there is nothing to request.
        let status = if id.is_none() { unmeasured(&workout.booking, now) } else { PartStatus::NotRequested };
        if query.summaries {
            workout.summary_status = status.clone();
        }
        if query.telemetry {
            workout.telemetry_status = status;
        }
    }
    let wanted = wanted(&bookings, query);
    let call = |wanted: &Wanted<'_>| {
        let call = match wanted.kind {
            PartKind::Summary => summary_call(client, wanted.id)?,
            PartKind::Telemetry => telemetry_call(wanted.id, query.max_data_points),
        };
        Ok(bookings.get(wanted.index).map_or(call.clone(), |booking| cached(call, booking, now)))
    };
    let host = |kind| match kind {
        PartKind::Summary => &hosts.summaries,
        PartKind::Telemetry => &hosts.telemetry,
    };
    let request = |wanted: &Wanted<'_>| {
        if let Some(reason) = host(wanted.kind).reason_to_wait(client.now()) {
            return Ok(Fetch::Known(Part::NotRequested(reason)));
        }
        Ok(Fetch::new(
            call(wanted)?,
            match wanted.kind {
                PartKind::Summary => |body: &[u8]| unless_empty(body).map(Part::Summary),
                PartKind::Telemetry => |body: &[u8]| unless_empty(body).map(Part::Telemetry),
            },
        ))
    };
    let (mut summaries, mut telemetry) = (HostTally::default(), HostTally::default());
    client.fetch_all(&wanted, request, |_, wanted, result| {
        let Some(workout) = workouts.get_mut(wanted.index) else { return Ok(()) };
        let tally = match wanted.kind {
            PartKind::Summary => &mut summaries,
            PartKind::Telemetry => &mut telemetry,
        };
        if !matches!(result, Ok(Part::NotRequested(_))) {
            host(wanted.kind).observe(result.as_ref().err(), client.now());
        }
        let status = match result {
            Ok(Part::Summary(summary)) => {
                workout.summary = summary.map(|summary| *summary);
                if workout.summary.is_some() { PartStatus::Present } else { PartStatus::NotYetAvailable }
            }
            Ok(Part::NotRequested(reason)) => PartStatus::Failed { reason },
            Ok(Part::Telemetry(None)) => PartStatus::NotYetAvailable,
            Ok(Part::Telemetry(Some(loaded))) => {
                let is_without_points = loaded.telemetry.is_empty();
                workout.telemetry = Some(*loaded);
                if is_without_points && may_come_late(&workout.booking, now) {
                    client.forget_response(&call(wanted)?);
                }
                if is_without_points { unmeasured(&workout.booking, now) } else { PartStatus::Present }
            }
            Err(Error::NotFound { .. }) => PartStatus::Absent,
            Err(error) if !may_be_missing(&error) => return Err(error),
            Err(error) => {
                let reason = error.to_string();
                tally.failed(wanted.index, error);
                PartStatus::Failed { reason }
            }
        };
        tally.has_responded |= !status.is_failed();
        match wanted.kind {
            PartKind::Summary => workout.summary_status = status,
            PartKind::Telemetry => workout.telemetry_status = status,
        }
        Ok(())
    })?;
    if on_host_failure == HostFailure::IsError {
        summaries.into_result()?;
        telemetry.into_result()?;
    }
    Ok(workouts)
}

/// The parts of these bookings' workouts that the query wants.
fn wanted<'a>(bookings: &'a [Booking], query: &WorkoutQuery) -> Vec<Wanted<'a>> {
    let kinds = [(query.summaries, PartKind::Summary), (query.telemetry, PartKind::Telemetry)];
    let with_id =
        bookings.iter().enumerate().filter_map(|(index, booking)| Some((index, summary_id(booking)?)));
    with_id
        .flat_map(|(index, id)| {
            let kinds = kinds.into_iter().filter(|(is_wanted, _)| *is_wanted);
            kinds.map(move |(_, kind)| Wanted { index, id, kind })
        })
        .collect()
}

/// Whether a host failed for everything that was requested of it.
#[derive(Default)]
struct HostTally {
    has_responded: bool,
    /// The first error in the order of the list.
    first: Option<(usize, Error)>,
}

impl HostTally {
    fn failed(&mut self, index: usize, error: Error) {
        // A response that cannot be read says nothing of the host.
        self.has_responded |= matches!(error, Error::Decode { .. });
        if self.first.as_ref().is_none_or(|(first, _)| index < *first) {
            self.first = Some((index, error));
        }
    }

    fn into_result(self) -> Result<()> {
        match self.first {
            Some((_, error)) if !self.has_responded => Err(error),
            _ => Ok(()),
        }
    }
}

/// The status of a part that was not measured: studios may send it late.
fn unmeasured(booking: &Booking, now: Timestamp) -> PartStatus {
    if may_come_late(booking, now) { PartStatus::NotYetAvailable } else { PartStatus::Absent }
}

/// The value of a response; `None` if it is empty.
pub(super) fn unless_empty<T: DeserializeOwned>(body: &[u8]) -> Result<Option<T>, DecodeError> {
    if is_empty(body) { Ok(None) } else { decode::value(body, &[]).map(Some) }
}

/// The id of a booking's performance summary, if it is usable.
fn summary_id(booking: &Booking) -> Option<&PerformanceSummaryId> {
    let id = &booking.workout.as_ref()?.performance_summary_id;
    Some(id).filter(|id| is_usable(*id))
}

pub(super) fn by_summary(summaries: Listing<PerformanceSummary>) -> ClassUuids {
    let pair = |summary: PerformanceSummary| {
        let class_uuid = summary.class_uuid()?.clone();
        Some((summary.performance_summary_id, class_uuid))
    };
    summaries.into_iter().filter_map(pair).collect()
}

/// Lets the response be cached for as long as it does not change.
fn cached(call: Call, booking: &Booking, now: Timestamp) -> Call {
    if later(end(booking), DAY) >= now {
        return call;
    }
    // A part that the service does not have yet is requested once a day while it may still come.
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
