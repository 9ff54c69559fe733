//! Whether a history is complete, as far as the service's lists tell.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;

use super::history::{Piece, WorkoutHistory, day_of};
use super::history_sources::{class_counters, lifetime_statistics, older_history};
use crate::api::best_effort::is_about_one;
use crate::error::Result;
use crate::models::{BookingId, PerformanceSummaryId, Rejected, Workout};

/// What [`WorkoutHistory::check`] found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct HistoryCheck {
    /// The months with something missing or incomplete, the newest first.
    pub months: Vec<HistoryMonth>,
    /// Problems that do not belong to a particular month, as text.
    pub problems: Vec<String>,
    /// Differences from sources that may themselves be wrong ([`Trust::Low`]), as text. They do not make the history
    /// incomplete.
    pub notes: Vec<String>,
    /// What was compared.
    pub sources: Vec<HistorySource>,
}

/// A month with something missing or incomplete.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct HistoryMonth {
    /// Its first day.
    pub first_day: Date,
    /// How many workouts of this month the history has.
    pub workouts: usize,
    /// The performance summaries without a booking.
    pub missing: Vec<PerformanceSummaryId>,
    /// The bookings whose workout lacks a part that may be loaded later.
    pub incomplete: Vec<BookingId>,
    /// What is wrong, as text.
    pub reasons: Vec<String>,
}

/// What a history is compared with.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct HistorySource {
    /// Which list or figure it is.
    pub kind: HistorySourceKind,
    /// How far it can be trusted.
    pub trust: Trust,
    /// Its value: a number of items, or kilocalories for the statistics. `None` if it could not be loaded.
    pub value: Option<f64>,
    /// The history's value for the same.
    pub history: f64,
}

/// A list or figure that a history is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HistorySourceKind {
    /// The bookings that were checked in, and how many of them have a workout. A class attended without a heart rate
    /// monitor has no workout, so a difference is not a problem.
    CheckedInBookings,
    /// The list of performance summaries. Each belongs to a booking.
    PerformanceSummaries,
    /// The kilocalories of the lifetime statistics. Compared only for the whole history.
    LifetimeStatistics,
    /// The app's counter of classes ([`MemberApi::class_counters`](crate::MemberApi::class_counters)), which can be
    /// more than a year out of date. Compared only for the whole history.
    ClassCounters,
    /// The older history ([`WorkoutApi::in_studio_history`](crate::WorkoutApi::in_studio_history)), which the service
    /// may no longer provide.
    InStudioHistory,
}

/// How far a source can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Trust {
    /// May be months out of date, or no longer available.
    Low,
    /// May lack items or contain items of other kinds.
    Medium,
    /// Everything it lists exists.
    High,
}

impl HistoryCheck {
    /// Whether nothing is missing or incomplete, as far as the service's lists tell.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.months.is_empty() && self.problems.is_empty()
    }
}

impl WorkoutHistory<'_> {
    /// Loads the history and compares it with the service's other lists, to find months with missing or incomplete
    /// workouts. Sends the requests of [`iter`](Self::iter), except cached ones, and one each for the statistics, the
    /// class counters and the older history. A piece that cannot be loaded does not end the check; its months are
    /// named.
    ///
    /// # Errors
    ///
    /// As [`iter`](Self::iter), except for failures of single requests.
    pub fn check(mut self) -> Result<HistoryCheck> {
        self.check_input()?;
        self.filter = None;
        let client = self.client;
        let days = self.days;
        let mut months = Months::default();
        let mut problems = Vec::new();
        let summaries = match self.summaries() {
            Ok(summaries) => Some(summaries),
            Err(error) if is_about_one(&error) => {
                problems.push(format!("the list of performance summaries could not be loaded: {error}"));
                None
            }
            Err(error) => return Err(error),
        };
        let listed: Vec<(PerformanceSummaryId, Option<Date>)> = summaries
            .iter()
            .flatten()
            .map(|summary| (summary.performance_summary_id.clone(), day_of(summary)))
            .filter(|(_, day)| day.is_none_or(|day| days.includes(day)))
            .collect();
        let unreadable = summaries.as_ref().map_or(0, |summaries| summaries.rejected().len());
        if unreadable > 0 {
            problems.push(format!("{unreadable} performance summaries could not be read"));
        }

        let mut iter = self.pieces(summaries.unwrap_or_default())?;
        let mut found = HashSet::new();
        let (mut checked_in, mut measured, mut calories) = (0_u32, 0_u32, 0_i64);
        let mut notes = Vec::new();
        while let Some((piece, loaded)) = iter.next_piece() {
            let workouts = match loaded {
                Ok(workouts) => workouts,
                Err(error) if is_about_one(&error) => {
                    months.failed(&piece, &error.to_string());
                    iter.pass();
                    continue;
                }
                Err(error) => return Err(error),
            };
            for workout in &workouts {
                months.add(workout);
                let in_booking = workout.booking.workout.as_ref();
                if workout.booking.checked_in == Some(true) {
                    checked_in = checked_in.saturating_add(1);
                    measured = measured.saturating_add(u32::from(in_booking.is_some()));
                }
                calories = calories.saturating_add(workout.calories_burned().unwrap_or_default());
                found.extend(in_booking.map(|workout| workout.performance_summary_id.clone()));
            }
        }
        for rejected in iter.rejected().iter().filter(|rejected| !rejected.item_kept) {
            let reason = format!("a booking could not be read: {}", rejected.reason);
            match raw_day(rejected) {
                Some(day) => months.of(day).reasons.push(reason),
                None => problems.push(reason),
            }
        }
        for (id, day) in listed.iter().filter(|(id, _)| !found.contains(id)) {
            match day {
                Some(day) => months.of(*day).missing.push(id.clone()),
                None => problems.push(format!("performance summary {id} has no booking and no date")),
            }
        }
        let with_booking = listed.iter().filter(|(id, _)| found.contains(id)).count();
        let mut sources = vec![
            HistorySource {
                kind: HistorySourceKind::CheckedInBookings,
                trust: Trust::Medium,
                value: Some(checked_in.into()),
                history: measured.into(),
            },
            HistorySource {
                kind: HistorySourceKind::PerformanceSummaries,
                trust: Trust::High,
                value: (!listed.is_empty() || problems.is_empty()).then_some(count(listed.len())),
                history: count(with_booking),
            },
        ];
        if days.is_everything() {
            sources.push(lifetime_statistics(client, calories, &mut problems)?);
            sources.push(class_counters(client, checked_in, &mut notes)?);
        }
        sources.push(older_history(client, days, &found, &mut notes)?);
        let mut months = months.into_months();
        months.retain(|month| !month.reasons.is_empty());
        Ok(HistoryCheck { months, problems, notes, sources })
    }
}

/// The months by their first day.
#[derive(Default)]
struct Months(BTreeMap<Date, HistoryMonth>);

impl Months {
    fn of(&mut self, day: Date) -> &mut HistoryMonth {
        let first_day = day.first_of_month();
        self.0.entry(first_day).or_insert_with(|| HistoryMonth {
            first_day,
            workouts: 0,
            missing: Vec::new(),
            incomplete: Vec::new(),
            reasons: Vec::new(),
        })
    }

    fn add(&mut self, workout: &Workout) {
        let month = self.of(workout.start().date());
        month.workouts = month.workouts.saturating_add(1);
        if workout.booking.workout.is_some() && workout.is_incomplete() {
            month.incomplete.push(workout.booking_id().clone());
            for reason in workout.incomplete_reasons() {
                if !month.reasons.contains(&reason) {
                    month.reasons.push(reason);
                }
            }
        }
    }

    fn failed(&mut self, piece: &Piece, error: &str) {
        let mut day = piece.first.first_of_month();
        while day <= piece.last {
            self.of(day).reasons.push(format!("the bookings could not be loaded: {error}"));
            let next = day.saturating_add(1.month());
            if next <= day {
                break;
            }
            day = next;
        }
    }

    /// The newest first.
    fn into_months(self) -> Vec<HistoryMonth> {
        let mut months: Vec<_> = self.0.into_values().rev().collect();
        for month in months.iter_mut().filter(|month| !month.missing.is_empty()) {
            month.reasons.insert(0, format!("{} performance summaries have no booking", month.missing.len()));
        }
        months
    }
}

impl fmt::Display for HistoryMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let month = self.first_day.strftime("%Y-%m");
        write!(f, "{month}: {} missing, {} incomplete", self.missing.len(), self.incomplete.len())?;
        self.reasons.iter().try_for_each(|reason| write!(f, "; {reason}"))
    }
}

impl fmt::Display for HistoryCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let months = self.months.iter().map(ToString::to_string);
        let problems = self.problems.iter().cloned();
        let notes = self.notes.iter().map(|note| format!("note: {note}"));
        let mut lines: Vec<String> = months.chain(problems).chain(notes).collect();
        if self.is_complete() {
            lines.insert(0, "nothing is missing".to_owned());
        }
        f.pad(&lines.join("\n"))
    }
}

/// The day of the class of a booking that could not be read.
fn raw_day(rejected: &Rejected) -> Option<Date> {
    let local = rejected.raw.pointer("/class/starts_at_local")?.as_str()?;
    local.get(..10)?.parse().ok()
}

pub(super) fn count(items: usize) -> f64 {
    u32::try_from(items).map_or(f64::MAX, f64::from)
}
