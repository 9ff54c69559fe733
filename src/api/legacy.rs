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

/// How many days the service looks back, and two to be sure.
const BACK: i64 = 47;

/// How many days bookings can lie ahead, with room to spare.
const AHEAD: i64 = 45;

/// Bookings by the older endpoints: [`BookingApi::legacy`].
///
/// They are the same bookings as the newer endpoints', under other ids. The newer ones know more and are the ones
/// to use; these are for scripts that hold ids of the older ones.
#[derive(Clone, Copy, Debug)]
pub struct LegacyBookingApi<'a> {
    client: &'a Client,
}

impl<'a> BookingApi<'a> {
    /// The older booking endpoints.
    pub fn legacy(&self) -> LegacyBookingApi<'a> {
        LegacyBookingApi { client: self.client }
    }
}

impl LegacyBookingApi<'_> {
    /// The bookings of the query, by start: one request.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an end before its start, and where bookings that are checked in are asked for
    /// without both days; and those of [any call](Error#any-call).
    #[doc(alias = "get_bookings")]
    pub fn list(&self, query: &LegacyBookingQuery) -> Result<Listing<LegacyBooking>> {
        query.check()?;
        let mut bookings = self.fetch(query.from, query.until, &query.statuses)?;
        bookings.items_mut().retain(|booking| query.keeps(booking));
        if query.with_studios {
            let studios = bookings.items_mut().iter_mut().map(|booking| &mut booking.otf_class.studio);
            StudioApi::new(self.client).complete(studios)?;
        }
        Ok(bookings)
    }

    /// A booking.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`]; [`Error::InvalidInput`] for an empty id.
    #[doc(alias = "get_booking")]
    pub fn get(&self, booking: impl HasId<BookingUuid>) -> Result<LegacyBooking> {
        self.client.get_in(&Call::get(Host::Default, self.booking_path(&booking)?), &["data"])
    }

    /// The booking of a class that counts: a live one rather than a canceled one, the one changed last of its
    /// kind. One request: of the class's day, or where that is not known, of all that the service looks back on
    /// and all that lies ahead.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where the class is not booked; [`Error::Decode`] where a booking of it can't be read and no
    /// other is live; [`Error::InvalidInput`] where the class has no id.
    #[doc(alias = "get_booking_from_class")]
    pub fn for_class(&self, class: impl HasId<ClassUuid>) -> Result<LegacyBooking> {
        let id = required(&class)?;
        let mut bookings = self.around(class.class(Internal).as_ref(), 0)?;
        bookings.items_mut().sort_by_key(|booking| {
            let changed = std::cmp::Reverse((booking.updated_date, booking.created_date));
            (!is_live(booking), changed, booking.status.priority())
        });
        let endpoint = format!("GET {}", self.path()?);
        find(bookings, id, "/class/classUUId", [&endpoint, "data"], is_live)?
            .ok_or_else(|| not_found(&endpoint, id))
    }

    /// The class of a booking, from its studio's class list.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where the list has it no more; [`Error::InvalidInput`] where the booking's class has no
    /// id.
    #[doc(alias = "get_class_from_booking")]
    pub fn class_of(&self, booking: &LegacyBooking) -> Result<OtfClass> {
        let id: &ClassUuid = required(&booking)?;
        BookingApi::new(self.client).class_listed_at(booking.studio_uuid(), id, "/ot_base_class_uuid")
    }

    /// Books a class: one request to see that nothing is in the way, one to book. Where the class comes with its
    /// times, another booking at the same time is in the way; classes that touch end to start are not, nor are
    /// canceled bookings, late or in time.
    ///
    /// # Errors
    ///
    /// [`Error::AlreadyBooked`]; [`Error::ConflictingBooking`]; [`Error::ClassFull`], which says whether
    /// [the waitlist](LegacyBookingApi::book_waitlist) can help; [`Error::OutsideSchedulingWindow`];
    /// [`Error::OutcomeUnknown`] where the service may have booked: look with [`LegacyBookingApi::for_class`], which
    /// also gives a booking of before that is canceled; [`Error::InvalidInput`] where the class has no id.
    #[doc(alias = "book_class")]
    pub fn book(&self, class: impl HasId<ClassUuid>) -> Result<LegacyBooking> {
        self.put_booking(&class, false)
    }

    /// Books a place on the waitlist of a class that is full; a place in the class where one is free after all.
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
    /// [`Error::BookingAlreadyCanceled`]; [`Error::NotFound`]; [`Error::OutcomeUnknown`] where the service may
    /// have canceled: look with [`LegacyBookingApi::get`]; [`Error::InvalidInput`] for an empty id.
    #[doc(alias = "cancel_booking")]
    pub fn cancel(&self, booking: impl HasId<BookingUuid>) -> Result<()> {
        let call = Call::delete(Host::Default, self.booking_path(&booking)?)
            .query("confirmed", "true")
            .hint("look up the booking with bookings().legacy().get()");
        self.client.send(&call)
    }

    /// The bookings of the last 47 days up to today with one of the statuses that bookings of the past have
    /// ([`BookingStatus::HISTORICAL`]), by start: one request. The service looks back some 45 days.
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
        Ok(bookings)
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
        // A day more on both sides: a class can go on past midnight, and elsewhere it can be another day.
        let bookings = self.around(facts.as_ref(), 1)?;
        let live = || bookings.iter().filter(|booking| is_live(booking));
        if live().any(|booking| booking.class_uuid() == Some(id)) {
            let booked = live().find(|booking| booking.class_uuid() == Some(id));
            let booking_id = booked.map(|booking| booking.booking_uuid.to_string());
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
        // As a rule the answer holds the booking in full, and a list may lag behind it.
        LegacyBooking::deserialize(&saved).or_else(|_| {
            let id = saved.get("classBookingUUId").and_then(Value::as_str).unwrap_or_default();
            self.get(BookingUuid::new(id))
                .map_err(|error| error.into_outcome_unknown(&call.endpoint(), call.hint))
        })
    }

    /// All bookings of a class's day, and of so many days before and after it; where it is not known, of all days
    /// there are.
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

/// Whether a booking stands in the way of another one.
fn is_live(booking: &LegacyBooking) -> bool {
    !booking.is_canceled() && booking.is_deleted != Some(true) && booking.otf_class.is_canceled != Some(true)
}

fn utc_day(now: Timestamp) -> Date {
    now.to_zoned_datetime(TimeZone::UTC).date()
}
