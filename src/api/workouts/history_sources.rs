//! What a history is compared with besides the lists that it is made from.

use std::collections::HashSet;

use jiff::ToSpan;
use jiff::tz::TimeZone;

use super::WorkoutApi;
use super::history::Days;
use super::history_check::{HistorySource, HistorySourceKind, Trust, count};
use crate::api::best_effort::may_be_missing;
use crate::api::members::MemberApi;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::models::{InStudioWorkout, PerformanceSummaryId, StatsTime};

/// By how much the lifetime statistics may exceed the history's: they are rounded per workout.
const TOLERANCE: f64 = 0.01;

/// The lifetime statistics, in kilocalories. More than the history has is a problem.
pub(super) fn lifetime_statistics(
    client: &Client,
    calories: i64,
    problems: &mut Vec<String>,
) -> Result<HistorySource> {
    let history = calories as f64;
    let stats = WorkoutApi::new(client).lifetime_stats_in_studio(StatsTime::AllTime);
    let says = loaded(stats, "the lifetime statistics", problems)?.and_then(|stats| stats.calories);
    if let Some(says) = says.filter(|says| *says > history * (1.0 + TOLERANCE)) {
        problems.push(format!("the lifetime statistics have {says} kilocalories, the history has {history}"));
    }
    Ok(HistorySource { kind: HistorySourceKind::LifetimeStatistics, trust: Trust::Low, value: says, history })
}

/// The app's counter of attended classes. More than the history has is only worth a note.
pub(super) fn class_counters(
    client: &Client,
    attended: u32,
    notes: &mut Vec<String>,
) -> Result<HistorySource> {
    let counters = loaded(MemberApi::new(client).class_counters(), "the class counters", notes)?;
    let says = counters.and_then(|counters| counters.in_studio_classes_attended);
    if let Some(says) = says.filter(|says| *says > i64::from(attended)) {
        notes.push(format!("the class counters have {says} attended classes, the history has {attended}"));
    }
    Ok(HistorySource {
        kind: HistorySourceKind::ClassCounters,
        trust: Trust::Low,
        value: says.map(|says| says as f64),
        history: attended.into(),
    })
}

/// The older history. Workouts that only it has are worth a note.
pub(super) fn older_history(
    client: &Client,
    days: Days,
    found: &HashSet<PerformanceSummaryId>,
    notes: &mut Vec<String>,
) -> Result<HistorySource> {
    let listed = match WorkoutApi::new(client).in_studio_history() {
        // As documented, it may be gone.
        Err(Error::NotFound { .. }) => None,
        listed => loaded(listed, "the older history", notes)?,
    };
    let ids: Option<Vec<PerformanceSummaryId>> = listed.map(|listed| {
        let of_these_days = listed.into_iter().filter(|workout| is_within(workout, days));
        of_these_days.filter_map(|workout| workout.performance_summary_id).collect()
    });
    let known = ids.iter().flatten().filter(|id| found.contains(*id)).count();
    let unknown = ids.as_ref().map_or(0, |ids| ids.len().saturating_sub(known));
    if unknown > 0 {
        notes.push(format!("the older history has {unknown} workouts that this one lacks"));
    }
    Ok(HistorySource {
        kind: HistorySourceKind::InStudioHistory,
        trust: Trust::Low,
        value: ids.map(|ids| count(ids.len())),
        history: count(known),
    })
}

/// Whether a workout belongs to these days wherever its studio is.
fn is_within(workout: &InStudioWorkout, days: Days) -> bool {
    let day = workout.class_date.map(|at| at.to_zoned_datetime(TimeZone::UTC).date());
    day.is_none_or(|day| {
        days.includes(day.saturating_sub(1.day())) && days.includes(day.saturating_add(1.day()))
    })
}

/// The response, or a line that says why there is none.
fn loaded<T>(response: Result<T>, what: &str, lines: &mut Vec<String>) -> Result<Option<T>> {
    match response {
        Ok(response) => Ok(Some(response)),
        Err(error) if may_be_missing(&error) => {
            lines.push(format!("{what} could not be loaded: {error}"));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
