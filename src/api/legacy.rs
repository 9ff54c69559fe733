//! The older booking endpoints.

use http::Method;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::bookings::{BookingApi, find, not_found};
use super::class_view::{ClassView, refusal};
use super::has_id::{HasId, Internal, path_segment, required};
use super::legacy_query::LegacyBookingQuery;
use super::members::member_path;
use super::studios::StudioApi;
use crate::client::{Call, Client};
use crate::endpoints::Host;
use crate::error::{Error, Result};
use crate::models::{BookingStatus, BookingUuid, ClassUuid, LegacyBooking, Listing, OtfClass};

/// How many days the service looks back, with two days of margin.
const BACK: i64 = 47;

/// How many days ahead bookings can be, with some margin.
const AHEAD: i64 = 45;

/// The older booking endpoints: [`BookingApi::legacy`].
///
/// They list the same bookings as the newer endpoints, with different ids. Prefer the newer endpoints, which return
/// more data; the older ones are for scripts that have the older ids.
#[derive(Clone, Copy, Debug)]
pub struct LegacyBookingApi<'a> {
    client: &'a Client,
    with_studios: bool,
}

impl<'a> BookingApi<'a> {
    /// The older booking endpoints.
    pub fn legacy(&self) -> LegacyBookingApi<'a> {
        LegacyBookingApi { client: self.client, with_studios: false }
    }
}

impl LegacyBookingApi<'_> {
    /// Also loads each booking's studio in full: one more request per studio that is not cached.
    ///
    /// A studio that could not be loaded stays as the response describes it. [`Listing::rejected`] says why; for a
    /// single booking, the log does.
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")] {
    /// # use otf_api::{LegacyBookingQuery, Otf};
    /// # let sandbox = otf_api::sandbox::Sandbox::start()?;
    /// # let otf = Otf::builder().sandbox(&sandbox).login()?;
    /// let legacy = otf.bookings().legacy().with_studios();
    /// for booking in &legacy.list(&LegacyBookingQuery::new())? {
    ///     println!("{booking}: {:?}", booking.otf_class.studio.as_ref().and_then(|studio| studio.phone_number()));
    /// }
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_studios(mut self) -> Self {
        self.with_studios = true;
        self
    }

    /// The bookings of the query, by start: one request.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an end before its start, and for checked-in bookings without both days; and those of
    /// [any call](Error#any-call).
    #[doc(alias = "get_bookings")]
    pub fn list(&self, query: &LegacyBookingQuery) -> Result<Listing<LegacyBooking>> {
        query.check()?;
        let mut bookings = self.fetch(query.from, query.until, &query.statuses)?;
        bookings.items_mut().retain(|booking| query.keeps(booking));
        self.completed(bookings)
    }

    /// A booking.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`]; [`Error::InvalidInput`] for an empty id; and those of [any call](Error#any-call).
    #[doc(alias = "get_booking")]
    pub fn get(&self, booking: impl HasId<BookingUuid>) -> Result<LegacyBooking> {
        self.completed_one(self.load(&booking)?)
    }

    /// The booking of a class. If there are several, a live one comes before a canceled one, and then the most recently
    /// changed one. Takes one request, for the bookings of the class's day, or, if the day is not known, from 47 days
    /// ago to 45 days ahead.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the class is not booked; [`Error::Decode`] if a booking of it can't be read and no
    /// other is live; [`Error::InvalidInput`] if the class has no id; and those of [any call](Error#any-call).
    #[doc(alias = "get_booking_from_class")]
    pub fn for_class(&self, class: impl HasId<ClassUuid>) -> Result<LegacyBooking> {
        let id = required(&class)?;
        let mut bookings = self.around(class.class(Internal).as_ref(), 0)?;
        bookings.items_mut().sort_by_key(|booking| {
            let changed = std::cmp::Reverse((booking.updated_date, booking.created_date));
            (!is_live(booking), changed, booking.status.priority())
        });
        let endpoint = format!("GET {}", self.path()?);
        let found = find(bookings, id, "/class/classUUId", [&endpoint, "data"], is_live)?;
        self.completed_one(found.ok_or_else(|| not_found(&endpoint, id))?)
    }

    /// The class of a booking, from its studio's class list.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the class is no longer listed; [`Error::InvalidInput`] if the booking's class has no id;
    /// and those of [any call](Error#any-call).
    #[doc(alias = "get_class_from_booking")]
    pub fn class_of(&self, booking: &LegacyBooking) -> Result<OtfClass> {
        let id: &ClassUuid = required(&booking)?;
        BookingApi::new(self.client).class_listed_at(booking.studio_uuid(), id, "/ot_base_class_uuid")
    }

    /// Books a class: one request to look for conflicting bookings, one to book. If the times of the class are known,
    /// another booking at the same time is a conflict. Back-to-back classes do not conflict, and canceled bookings do
    /// not count.
    ///
    /// # Errors
    ///
    /// [`Error::AlreadyBooked`]; [`Error::ConflictingBooking`]; [`Error::ClassFull`], which says whether
    /// [the waitlist](LegacyBookingApi::book_waitlist) can help; [`Error::OutsideSchedulingWindow`];
    /// [`Error::OutcomeUnknown`] if the class may be booked: look it up with [`LegacyBookingApi::for_class`], which may
    /// also return an earlier, canceled booking; [`Error::InvalidInput`] if the class has no id; and those of
    /// [any call](Error#any-call).
    #[doc(alias = "book_class")]
    pub fn book(&self, class: impl HasId<ClassUuid>) -> Result<LegacyBooking> {
        self.put_booking(&class, false)
    }

    /// Books a spot on the waitlist of a full class; a spot in the class if one has become free.
    ///
    /// # Errors
    ///
    /// As [`LegacyBookingApi::book`].
    pub fn book_waitlist(&self, class: impl HasId<ClassUuid>) -> Result<LegacyBooking> {
        self.put_booking(&class, true)
    }

    /// Cancels a booking.
    ///
    /// # Errors
    ///
    /// [`Error::BookingAlreadyCanceled`]; [`Error::NotFound`]; [`Error::OutcomeUnknown`] if the booking may be
    /// canceled: look it up with [`LegacyBookingApi::get`]; [`Error::InvalidInput`] for an empty id; and those of
    /// [any call](Error#any-call).
    #[doc(alias = "cancel_booking")]
    pub fn cancel(&self, booking: impl HasId<BookingUuid>) -> Result<()> {
        let call = Call::delete(Host::Default, self.booking_path(&booking)?)
            .query("confirmed", "true")
            .hint("look up the booking with bookings().legacy().get()");
        self.client.send(&call)
    }

    /// The bookings of the last 47 days, up to today, with one of the statuses of past bookings
    /// ([`BookingStatus::HISTORICAL`]), by start: one request. The service looks back about 45 days.
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    #[doc(alias = "get_historical_bookings")]
    pub fn history(&self) -> Result<Listing<LegacyBooking>> {
        let now = self.client.now();
        let today = utc_day(now);
        let (from, until) = (today.saturating_sub((BACK + 1).days()), today.saturating_add(1.day()));
        let mut bookings = self.fetch(Some(from), Some(until), BookingStatus::HISTORICAL)?;
        bookings.items_mut().retain(|booking| {
            let class = ClassView::from(&booking.otf_class);
            let today = class.start.date_at(now);
            (today.saturating_sub(BACK.days())..=today).contains(&class.start.date())
        });
        self.completed(bookings)
    }

    fn put_booking(&self, class: &impl HasId<ClassUuid>, waitlist: bool) -> Result<LegacyBooking> {
        #[derive(Serialize)]
        struct NewBooking<'a> {
            #[serde(rename = "classUUId")]
            class_uuid: &'a str,
            confirmed: bool,
            waitlist: bool,
        }

        let id = required(class)?;
        let facts = class.class(Internal);
        let call = Call::new(Method::PUT, Host::Default, self.path()?)
            .json(&NewBooking { class_uuid: id.as_str(), confirmed: false, waitlist })?
            .hint("look up the class's booking with bookings().legacy().for_class()");
        // One more day on both sides: a class can end after midnight, and it may be another day elsewhere.
        let bookings = self.around(facts.as_ref(), 1)?;
        let live = || bookings.iter().filter(|booking| is_live(booking));
        if let Some(booked) = live().find(|booking| booking.class_uuid() == Some(id)) {
            let booking_id = Some(booked.booking_uuid.to_string());
            return Err(Error::AlreadyBooked { endpoint: call.endpoint(), booking_id, message: None });
        }
        if let Some(facts) = &facts
            && let Some(other) = live().find(|other| facts.conflicts_with(&(&other.otf_class).into()))
        {
            return Err(Error::ConflictingBooking {
                endpoint: call.endpoint(),
                booking_id: Some(other.booking_uuid.to_string()),
                message: Some(other.to_string()),
            });
        }
        let client = self.client;
        let saved: Listing<Value> = client
            .list(&call, &["data", "savedBookings"])
            .map_err(|error| refusal(error, facts.as_ref(), waitlist, client.now()))?;
        let saved = saved.into_iter().next().unwrap_or_default();
        // The response usually has the booking in full, and a list may lag behind it.
        let booking = LegacyBooking::deserialize(&saved).or_else(|_| {
            let id = saved.get("classBookingUUId").and_then(Value::as_str).unwrap_or_default();
            self.load(&BookingUuid::new(id))
                .map_err(|error| error.into_outcome_unknown(&call.endpoint(), call.hint))
        })?;
        // The class is booked, whatever comes of the studio.
        Ok(self.completed_one(booking.clone()).unwrap_or(booking))
    }

    fn load(&self, booking: &impl HasId<BookingUuid>) -> Result<LegacyBooking> {
        self.client.get_in(&Call::get(Host::Default, self.booking_path(booking)?), &["data"])
    }

    /// The bookings with their studios, if requested.
    fn completed(&self, mut bookings: Listing<LegacyBooking>) -> Result<Listing<LegacyBooking>> {
        if self.with_studios {
            StudioApi::new(self.client).complete(
                &mut bookings,
                |booking| booking.otf_class.studio.as_mut(),
                "class.studio",
            )?;
        }
        Ok(bookings)
    }

    fn completed_one(&self, booking: LegacyBooking) -> Result<LegacyBooking> {
        let (mut bookings, missing) = self.completed(Listing::from_iter([booking.clone()]))?.into_parts();
        for missing in missing {
            log::warn!("the booking's studio is as the booking describes it: {}", missing.reason);
        }
        Ok(bookings.pop().unwrap_or(booking))
    }

    /// All bookings of a class's day and some days before and after it; if the day is not known, of all days.
    fn around(&self, class: Option<&ClassView<'_>>, days: i64) -> Result<Listing<LegacyBooking>> {
        let today = utc_day(self.client.now());
        let (day, before, after) = match class {
            Some(class) => (class.start.date(), days, days),
            None => (today, BACK, AHEAD),
        };
        let (from, until) = (day.saturating_sub(before.days()), day.saturating_add(after.days()));
        self.fetch(Some(from), Some(until), &[])
    }

    fn fetch(
        &self,
        from: Option<Date>,
        until: Option<Date>,
        statuses: &[BookingStatus],
    ) -> Result<Listing<LegacyBooking>> {
        let mut call = Call::get(Host::Default, self.path()?);
        for (name, date) in [("startDate", from), ("endDate", until)] {
            if let Some(date) = date {
                call = call.query(name, date.to_string());
            }
        }
        if !statuses.is_empty() {
            let names: Vec<&str> = statuses.iter().map(BookingStatus::as_str).collect();
            call = call.query("statuses", names.join(","));
        }
        let mut bookings: Listing<LegacyBooking> = self.client.list(&call, &["data"])?;
        let items = bookings.items_mut();
        items.sort_by_cached_key(|booking| booking.start().timestamp_or_as_utc());
        let home = self.client.profile().home_studio();
        for booking in items {
            booking.is_home_studio = home.as_ref().map(|home| booking.studio_uuid() == Some(home));
        }
        Ok(bookings)
    }

    fn path(&self) -> Result<String> {
        member_path(self.client, "/bookings")
    }

    fn booking_path(&self, booking: &impl HasId<BookingUuid>) -> Result<String> {
        Ok(format!("{}/{}", self.path()?, path_segment(required(booking)?)?))
    }
}

/// Whether a booking is neither canceled nor deleted.
fn is_live(booking: &LegacyBooking) -> bool {
    !booking.is_canceled() && booking.is_deleted != Some(true) && booking.otf_class.is_canceled != Some(true)
}

fn utc_day(now: Timestamp) -> Date {
    now.to_zoned_datetime(TimeZone::UTC).date()
}
