//! All workouts, loaded in pieces.
//!
//! One client reports that the service silently truncates long lists of bookings. So the history is loaded a number of
//! days at a time, and [`check`](WorkoutHistory::check) compares the lists with each other.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::iter::FusedIterator;

use jiff::civil::{Date, DateTime, date};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

use super::WorkoutApi;
use super::hosts::Hosts;
use super::parts::{ClassUuids, HostFailure, assemble, by_summary, summaries_call};
use super::query::{WorkoutQuery, at_least_one, had_workout};
use crate::api::best_effort::is_about_one;
use crate::api::bookings::{list_call, shape_list};
use crate::api::members::MemberApi;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::models::{Booking, BookingId, ClassId, Listing, PerformanceSummary, Rejected, Workout};

/// How many days of bookings are requested at once by default: the number used by the client that reports truncation.
const DAYS: u32 = 90;

/// The first studio opened in March 2010.
const FIRST_DAY: Date = date(2010, 3, 1);

/// How many days before the earliest known date the history begins.
const MARGIN: i64 = 31;

type ProgressFn<'a> = Box<dyn FnMut(HistoryProgress) + 'a>;
type FilterFn<'a> = Box<dyn FnMut(&Booking) -> bool + 'a>;

/// All workouts of the member, in pieces of 90 days: [`WorkoutApi::history`].
///
/// ```
/// # #[cfg(feature = "sandbox")] {
/// use otf_api::Otf;
///
/// # let sandbox = otf_api::sandbox::Sandbox::start()?;
/// # let otf = Otf::builder().sandbox(&sandbox).login()?;
/// let history = otf.workouts().history().on_progress(|progress| {
///     println!("{} of {} pieces", progress.done, progress.expected);
/// });
/// for workout in history.iter()? {
///     println!("{}", workout?);
/// }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub struct WorkoutHistory<'a> {
    pub(super) client: &'a Client,
    pub(super) parts: WorkoutQuery,
    days_per_piece: u32,
    pub(super) days: Days,
    pub(super) filter: Option<FilterFn<'a>>,
    progress: Option<ProgressFn<'a>>,
}

/// The first and the last day of a history, as the studio counts days; `None` for no limit.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Days {
    from: Option<Date>,
    until: Option<Date>,
}

impl Days {
    /// Whether there is no limit.
    pub(super) fn is_everything(self) -> bool {
        self.from.is_none() && self.until.is_none()
    }

    pub(super) fn includes(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// How much of a history has been loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HistoryProgress {
    /// The pieces loaded so far.
    pub done: usize,
    /// The pieces in all.
    pub expected: usize,
}

impl<'a> WorkoutApi<'a> {
    /// All workouts, the newest first, loaded in pieces: a request for the bookings of each 90 days,
    /// and two per workout. Use it for a complete history; [`lifetime`](Self::lifetime) relies on one long list, which
    /// the service may truncate.
    pub fn history(&self) -> WorkoutHistory<'a> {
        WorkoutHistory {
            client: self.client,
            parts: WorkoutQuery::new(),
            days_per_piece: DAYS,
            days: Days::default(),
            filter: None,
            progress: None,
        }
    }
}

impl<'a> WorkoutHistory<'a> {
    /// How many days of bookings are requested at once. Default: 90.
    pub fn days_per_piece(mut self, days: u32) -> Self {
        self.days_per_piece = days;
        self
    }

    /// The earliest day, as the studio counts days. Default: a month before the member joined, or before the earliest
    /// performance summary if that is earlier; March 2010 if neither is known.
    pub fn from(mut self, day: Date) -> Self {
        self.days.from = Some(day);
        self
    }

    /// The latest day, as the studio counts days. Default: today. To resume, pass what
    /// [`resume_from`](HistoryIter::resume_from) returned.
    pub fn until(mut self, day: Date) -> Self {
        self.days.until = Some(day);
        self
    }

    /// How many points of telemetry to load per workout at most. Default: 150.
    pub fn max_data_points(mut self, points: u32) -> Self {
        self.parts = self.parts.max_data_points(points);
        self
    }

    /// Leaves out the telemetry.
    pub fn without_telemetry(mut self) -> Self {
        self.parts = self.parts.without_telemetry();
        self
    }

    /// Leaves out the performance summaries.
    pub fn without_summaries(mut self) -> Self {
        self.parts = self.parts.without_summaries();
        self
    }

    /// Returns only the workouts of bookings for which `is_wanted` returns true; the parts of the others are not
    /// loaded. Use it to load only what an archive lacks. [`check`](Self::check) ignores it.
    pub fn filter(mut self, is_wanted: impl FnMut(&Booking) -> bool + 'a) -> Self {
        self.filter = Some(Box::new(is_wanted));
        self
    }

    /// Calls a function after each piece.
    pub fn on_progress(mut self, progress: impl FnMut(HistoryProgress) + 'a) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }

    /// The workouts, the newest first. A piece is loaded when its first workout is needed, its parts concurrently
    /// ([`OtfBuilder::concurrency`](crate::OtfBuilder::concurrency)).
    ///
    /// If the summaries or the telemetry fail three times in a row, they are not requested for a minute; in the
    /// workouts loaded meanwhile, that part is [`Failed`](crate::models::PartStatus::Failed), with the reason.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an end before the start, or no days or data points; and those of
    /// [any call](Error#any-call).
    pub fn iter(self) -> Result<HistoryIter<'a>> {
        self.check_input()?;
        let summaries = self.summaries().unwrap_or_else(|error| {
            log::warn!("without the list of summaries some workouts have no class id for ratings: {error}");
            Listing::default()
        });
        self.pieces(summaries)
    }

    pub(super) fn check_input(&self) -> Result<()> {
        at_least_one("days_per_piece", self.days_per_piece)?;
        self.parts.check()?;
        match (self.days.from, self.days.until) {
            (Some(from), Some(until)) if until < from => {
                Err(Error::invalid("until", "it is before the start"))
            }
            (Some(from), None) if today(self.client.now()) < from => {
                Err(Error::invalid("from", "it is in the future"))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn summaries(&self) -> Result<Listing<PerformanceSummary>> {
        self.client.list(&summaries_call(self.client), &["items"])
    }

    pub(super) fn pieces(self, summaries: Listing<PerformanceSummary>) -> Result<HistoryIter<'a>> {
        let until = self.days.until.unwrap_or_else(|| today(self.client.now()));
        let from = match self.days.from {
            Some(from) => from,
            None => first_day(self.client, &summaries)?,
        };
        let pieces = pieces(from, until, self.days_per_piece);
        Ok(HistoryIter {
            client: self.client,
            query: self.parts,
            expected: pieces.len(),
            pieces,
            done: 0,
            class_uuids: by_summary(summaries),
            loaded: VecDeque::new(),
            rejected: Vec::new(),
            seen: HashSet::new(),
            filter: self.filter,
            hosts: Hosts::default(),
            progress: self.progress,
            is_over: false,
        })
    }
}

/// The latest date that any studio has now.
fn today(now: Timestamp) -> Date {
    now.to_zoned_datetime(TimeZone::UTC).date().saturating_add(1.day())
}

/// Where a history begins. Both dates are hints only, so the earlier one counts.
fn first_day(client: &Client, summaries: &Listing<PerformanceSummary>) -> Result<Date> {
    let joined = match MemberApi::new(client).record() {
        Ok(member) => member.created_date.map(|joined| joined.to_zoned_datetime(TimeZone::UTC).date()),
        Err(error) if is_about_one(&error) => None,
        Err(error) => return Err(error),
    };
    let earliest = summaries.iter().filter_map(day_of).chain(joined).min();
    Ok(earliest.map_or(FIRST_DAY, |day| day.saturating_sub(MARGIN.days())))
}

/// The day of a summary's class at its studio.
pub(super) fn day_of(summary: &PerformanceSummary) -> Option<Date> {
    summary.otf_class.as_ref()?.starts_at_local.map(DateTime::date)
}

/// The first and last day of each piece, the newest piece first.
fn pieces(from: Date, until: Date, days: u32) -> VecDeque<(Date, Date)> {
    let mut pieces = VecDeque::new();
    let mut last = until;
    while last >= from {
        let back = Span::new().try_days(i64::from(days).saturating_sub(1));
        // As many days as that reach back before any date.
        let first = back.and_then(|back| last.checked_sub(back)).map_or(from, |first| first.max(from));
        pieces.push_back((first, last));
        let Ok(before) = first.yesterday() else { break };
        last = before;
    }
    pieces
}

/// Workouts of a [`WorkoutHistory`], the newest first. It ends after an error; see [`resume_from`](Self::resume_from).
pub struct HistoryIter<'a> {
    client: &'a Client,
    query: WorkoutQuery,
    pieces: VecDeque<(Date, Date)>,
    done: usize,
    expected: usize,
    class_uuids: ClassUuids,
    /// Of the piece loaded last, the newest first.
    loaded: VecDeque<Workout>,
    rejected: Vec<Rejected>,
    /// The booking id alone may repeat: bookings that an employer paid for may share one.
    seen: HashSet<(BookingId, ClassId, DateTime)>,
    filter: Option<FilterFn<'a>>,
    hosts: Hosts,
    progress: Option<ProgressFn<'a>>,
    is_over: bool,
}

impl HistoryIter<'_> {
    /// How much has been loaded.
    #[must_use]
    pub fn progress(&self) -> HistoryProgress {
        HistoryProgress { done: self.done, expected: self.expected }
    }

    /// The bookings so far that could not be read, so that their workouts are missing.
    #[must_use]
    pub fn rejected(&self) -> &[Rejected] {
        &self.rejected
    }

    /// The latest day that may still have workouts to load; `None` at the end. A history
    /// [`until`](WorkoutHistory::until) that day continues this one, after an error or in another run:
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")] {
    /// # use std::{thread::sleep, time::Duration};
    /// # use otf_api::sandbox::{Fault, Sandbox};
    /// # let sandbox = Sandbox::start()?;
    /// # let otf = otf_api::Otf::builder().sandbox(&sandbox).sleep(|_| {}).login()?;
    /// # sandbox.fault(Fault::status(503).on("GET", "/v1/bookings/me").skip(1).times(4));
    /// # let wait = Duration::ZERO;
    /// let mut workouts = Vec::new();
    /// let mut history = otf.workouts().history().iter()?;
    /// while let Some(next) = history.next() {
    ///     match next {
    ///         Ok(workout) => workouts.push(workout),
    ///         Err(error) if error.is_retryable() => {
    ///             sleep(wait);
    ///             let Some(day) = history.resume_from() else { break };
    ///             history = otf.workouts().history().until(day).iter()?;
    ///         }
    ///         Err(error) => return Err(error.into()),
    ///     }
    /// }
    /// # assert_eq!(workouts.len(), 40);
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn resume_from(&self) -> Option<Date> {
        // The latest is not always in front: studios' days begin at different times.
        let loaded = self.loaded.iter().map(|workout| workout.start().date()).max();
        loaded.or_else(|| self.pieces.front().map(|(_, last)| *last))
    }

    /// Loads the next piece; `None` if there is none.
    pub(super) fn next_piece(&mut self) -> Option<(Piece, Result<Vec<Workout>>)> {
        let (first, last) = *self.pieces.front()?;
        let loaded = self.load(first, last);
        if loaded.is_ok() {
            self.pass();
        }
        Some((Piece { first, last }, loaded))
    }

    /// Counts the current piece as done.
    pub(super) fn pass(&mut self) {
        self.pieces.pop_front();
        self.done = self.done.saturating_add(1);
        let progress = self.progress();
        if let Some(on_progress) = &mut self.progress {
            on_progress(progress);
        }
    }

    /// The workouts of some days, the newest first.
    fn load(&mut self, first: Date, last: Date) -> Result<Vec<Workout>> {
        let now = self.client.now();
        let query = self.query.clone().from(first).until(last).bookings();
        let list = self.client.list(&list_call(&query, now)?, &["items"])?;
        let (mut bookings, rejected) = shape_list(&query, now, list).into_parts();
        bookings.retain(|booking| had_workout(booking, now) && !self.seen.contains(&key(booking)));
        if let Some(is_wanted) = &mut self.filter {
            bookings.retain(is_wanted);
        }
        bookings.reverse();
        let workouts = assemble(
            self.client,
            bookings,
            &self.query,
            &self.class_uuids,
            &self.hosts,
            HostFailure::StaysWithParts,
        )?;
        self.rejected.extend(rejected);
        self.seen.extend(workouts.iter().map(|workout| key(&workout.booking)));
        Ok(workouts)
    }
}

/// The days of one piece.
pub(super) struct Piece {
    pub(super) first: Date,
    pub(super) last: Date,
}

fn key(booking: &Booking) -> (BookingId, ClassId, DateTime) {
    (booking.booking_id.clone(), booking.class_id().clone(), booking.start().local)
}

impl Iterator for HistoryIter<'_> {
    type Item = Result<Workout>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.loaded.is_empty() && !self.is_over {
            match self.next_piece() {
                Some((_, Ok(workouts))) => self.loaded.extend(workouts),
                Some((_, Err(error))) => {
                    self.is_over = true;
                    return Some(Err(error));
                }
                None => self.is_over = true,
            }
        }
        self.loaded.pop_front().map(Ok)
    }
}

impl FusedIterator for HistoryIter<'_> {}

impl fmt::Debug for WorkoutHistory<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkoutHistory")
            .field("days_per_piece", &self.days_per_piece)
            .field("days", &self.days)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for HistoryIter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HistoryIter").field("progress", &self.progress()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_cover_every_day_once() {
        for days in [1, 7, 90, u32::MAX] {
            let (from, until) = (date(2024, 2, 20), date(2025, 1, 3));
            let pieces = pieces(from, until, days);
            assert_eq!(pieces.front().unwrap().1, until);
            assert_eq!(pieces.back().unwrap().0, from);
            for (newer, older) in pieces.iter().zip(pieces.iter().skip(1)) {
                assert_eq!(older.1.tomorrow().unwrap(), newer.0);
            }
        }
        assert!(pieces(date(2025, 1, 2), date(2025, 1, 1), 7).is_empty());
        assert_eq!(pieces(Date::MIN, date(2025, 1, 1), u32::MAX).len(), 1);
    }
}
