//! Classes and the newer booking endpoints.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::{Timestamp, ToSpan};
use serde::Serialize;

use super::booking_query::{BookingQuery, BookingsByStart, zone};
use super::class_query::ClassQuery;
use super::has_id::{HasId, Id, path_segment, required};
use crate::client::{Call, segment};
use crate::endpoints::Host;
use crate::error::{Error, Result};
use crate::models::{Booking, BookingId, ClassId, Listing, OtfClass, StudioDetail, StudioUuid};
use crate::otf::Otf;

/// The service refuses to book a class more than this many days ahead, although it lists them.
const BOOKABLE_DAYS: i64 = 29;

/// The service takes this many studios in one request.
const STUDIOS_A_REQUEST: usize = 50;

const BOOKINGS: &str = "/v1/bookings/me";

/// Classes and bookings: [`Otf::bookings`].
#[derive(Clone, Copy, Debug)]
pub struct BookingApi<'a> {
    otf: &'a Otf,
}

impl<'a> BookingApi<'a> {
    pub(crate) fn new(otf: &'a Otf) -> Self {
        Self { otf }
    }

    /// The classes of the query's studios, by start and name: one request for up to 50 studios, and one more for
    /// the member where the home studio is not known yet.
    ///
    /// Left out are those that the studio has cancelled, unless asked for, and those more than 29 days ahead,
    /// which can't be booked yet.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an end before its start; otherwise as for any call.
    #[doc(alias = "get_classes")]
    pub fn classes(&self, query: &ClassQuery) -> Result<Listing<OtfClass>> {
        query.check()?;
        let mut studios = query.studios.clone();
        if studios.is_empty() || query.home_studio {
            studios.push(self.otf.home_studio_uuid()?.clone());
        }
        let mut seen = HashSet::new();
        studios.retain(|studio| seen.insert(studio.clone()));

        let mut classes = Listing::default();
        for studios in studios.chunks(STUDIOS_A_REQUEST) {
            classes.append(self.class_list(studios)?);
        }
        let now = self.otf.client().now();
        let home = self.otf.known_home_studio_uuid();
        let items = classes.items_mut();
        items.retain(|class| query.matches(class) && is_bookable_day(class, now));
        items.sort_by(|one, other| (one.starts_at, &one.name).cmp(&(other.starts_at, &other.name)));
        for class in items {
            class.is_home_studio = home.map(|home| class.studio_uuid() == Some(home));
        }
        if query.with_studios {
            self.add_studios(&mut classes)?;
        }
        if query.with_booked {
            self.add_booked(&mut classes)?;
        }
        Ok(classes)
    }

    /// The bookings of the query, by start: one request.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an end before its start; otherwise as for any call.
    #[doc(alias = "get_bookings_new")]
    pub fn list(&self, query: &BookingQuery) -> Result<Listing<Booking>> {
        query.check()?;
        let now = self.otf.client().now();
        let mut bookings = self.booking_list(query.span(now), query.cancelled)?;
        bookings
            .items_mut()
            .retain(|booking| query.matches(booking, now) && (query.cancelled || !booking.is_cancelled()));
        if !query.duplicates {
            deduplicate(bookings.items_mut());
        }
        bookings.items_mut().sort_by_key(|booking| booking.otf_class.starts_at);
        Ok(bookings)
    }

    /// The bookings of the query, cancelled ones included, by the local start of their class.
    ///
    /// # Errors
    ///
    /// As [`BookingApi::list`].
    #[doc(alias = "get_bookings_new_by_date")]
    pub fn by_start(&self, query: &BookingQuery) -> Result<BookingsByStart> {
        let bookings = self.list(&query.clone().cancelled())?;
        let rejected = bookings.rejected().to_vec();
        let mut by_start = BTreeMap::<_, Vec<_>>::new();
        for booking in bookings {
            by_start.entry(booking.otf_class.starts_at).or_default().push(booking);
        }
        Ok(BookingsByStart { bookings: by_start, rejected })
    }

    /// A booking, looked up among all there are, cancelled ones included.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where there is no such booking; otherwise as for any call.
    #[doc(alias = "get_booking_new")]
    pub fn get(&self, id: &BookingId) -> Result<Booking> {
        let id = required(id)?;
        let found = self.all()?.into_iter().find(|booking| booking.booking_id == *id);
        found.ok_or_else(|| not_found(id))
    }

    /// The booking of a class that counts: a live one rather than a cancelled one, the latest of its kind.
    ///
    /// After [`Error::OutcomeUnknown`] this answers whether the class was booked.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where the class was never booked; [`Error::InvalidInput`] where it has no id.
    #[doc(alias = "get_booking_from_class_new")]
    pub fn for_class(&self, class: impl HasId<ClassId>) -> Result<Booking> {
        let id = required(&class)?;
        let mut bookings = self.all()?;
        bookings.items_mut().retain(|booking| booking.otf_class.class_id == *id);
        deduplicate(bookings.items_mut());
        bookings.into_iter().next().ok_or_else(|| not_found(id))
    }

    /// The class of a booking, from its studio's class list.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where the list has it no more; [`Error::InvalidInput`] where the booking's class has
    /// no id.
    #[doc(alias = "get_class_from_booking_new")]
    #[doc(alias = "get_class_from_booking")]
    pub fn class_of(&self, booking: &Booking) -> Result<OtfClass> {
        let id: &ClassId = required(&booking)?;
        let studio = match booking.studio_uuid() {
            Some(studio) => studio,
            None => self.otf.home_studio_uuid()?,
        };
        let class = self
            .class_list(std::slice::from_ref(studio))?
            .into_iter()
            .find(|class| class.class_id.as_ref() == Some(id));
        class.ok_or_else(|| not_found(id))
    }

    /// Books a class. The answer is the booking, without a look at the list, which may lag.
    ///
    /// # Errors
    ///
    /// [`Error::AlreadyBooked`]; [`Error::ClassFull`], which says whether the waitlist is open;
    /// [`Error::OutcomeUnknown`] where the service may have booked: look with [`BookingApi::for_class`];
    /// [`Error::InvalidInput`] where the class has no id.
    #[doc(alias = "book_class_new")]
    pub fn book(&self, class: impl HasId<ClassId>) -> Result<Booking> {
        self.post_booking(required(&class)?, false)
    }

    /// Books a place on the waitlist of a class that is full.
    ///
    /// # Errors
    ///
    /// As [`BookingApi::book`].
    pub fn book_waitlist(&self, class: impl HasId<ClassId>) -> Result<Booking> {
        self.post_booking(required(&class)?, true)
    }

    /// Cancels a booking.
    ///
    /// # Errors
    ///
    /// [`Error::BookingAlreadyCancelled`]; [`Error::NotFound`]; [`Error::OutcomeUnknown`] where the service may
    /// have cancelled.
    #[doc(alias = "cancel_booking_new")]
    pub fn cancel(&self, booking: impl HasId<BookingId>) -> Result<()> {
        let id = path_segment(required(&booking)?)?;
        let call = Call::delete(Host::Io, format!("{BOOKINGS}/{id}"))
            .look_up("look up the booking with bookings().get()");
        self.otf.client().send(&call)
    }

    fn post_booking(&self, id: &ClassId, waitlist: bool) -> Result<Booking> {
        #[derive(Serialize)]
        struct NewBooking<'a> {
            class_id: &'a str,
            confirmed: bool,
            waitlist: bool,
        }

        let call = Call::post(Host::Io, BOOKINGS)
            .json(&NewBooking { class_id: id.as_str(), confirmed: false, waitlist })?
            .look_up("look up the class's booking with bookings().for_class()");
        self.otf.client().get(&call)
    }

    /// All bookings there are, duplicates and cancelled ones included.
    fn all(&self) -> Result<Listing<Booking>> {
        let (_, until) = BookingQuery::new().span(self.otf.client().now());
        self.booking_list((Timestamp::UNIX_EPOCH, until), true)
    }

    fn booking_list(
        &self,
        (from, until): (Timestamp, Timestamp),
        cancelled: bool,
    ) -> Result<Listing<Booking>> {
        let utc = |time: Timestamp| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let call = Call::get(Host::Io, BOOKINGS)
            .query("starts_after", utc(from))
            .query("ends_before", utc(until))
            .query("include_canceled", if cancelled { "true" } else { "false" })
            .query("expand", "true");
        self.otf.client().get_in(&call, &["items"])
    }

    fn class_list(&self, studios: &[StudioUuid]) -> Result<Listing<OtfClass>> {
        let mut call = Call::get(Host::Io, "/v1/classes");
        for studio in studios {
            segment(StudioUuid::ARGUMENT, studio.as_str())?;
            call = call.query("studio_ids", studio.as_str());
        }
        self.otf.client().get_in(&call, &["items"])
    }

    fn add_studios(&self, classes: &mut Listing<OtfClass>) -> Result<()> {
        let mut details = HashMap::<StudioUuid, StudioDetail>::new();
        for class in classes.items_mut() {
            let Some(id) = class.studio_uuid() else { continue };
            if !details.contains_key(id) {
                details.insert(id.clone(), self.otf.studios().detail(id)?);
            }
            class.studio_detail = details.get(id).cloned();
        }
        Ok(())
    }

    fn add_booked(&self, classes: &mut Listing<OtfClass>) -> Result<()> {
        let bookings = self.list(&BookingQuery::new())?;
        let booked: HashSet<&ClassId> = bookings.iter().map(Booking::class_id).collect();
        for class in classes.items_mut() {
            class.is_booked = Some(class.class_id.as_ref().is_some_and(|id| booked.contains(id)));
        }
        Ok(())
    }
}

/// Keeps one booking a class.
fn deduplicate(bookings: &mut Vec<Booking>) {
    *bookings = Booking::one_per_class(std::mem::take(bookings));
}

/// Whether the class is near enough to be booked; days are counted in the studio's zone.
fn is_bookable_day(class: &OtfClass, now: Timestamp) -> bool {
    let today = now.to_zoned(zone(class.time_zone())).date();
    class.starts_at.date() <= today.saturating_add(BOOKABLE_DAYS.days())
}

fn not_found<I: Id>(id: &I) -> Error {
    Error::NotFound { endpoint: format!("{} {}", I::ARGUMENT, id.text()), message: None }
}

impl OtfClass {
    /// Books this class: [`BookingApi::book`].
    ///
    /// # Errors
    ///
    /// As [`BookingApi::book`].
    pub fn book(&self, otf: &Otf) -> Result<Booking> {
        otf.bookings().book(self)
    }

    /// Books a place on this class's waitlist: [`BookingApi::book_waitlist`].
    ///
    /// # Errors
    ///
    /// As [`BookingApi::book_waitlist`].
    pub fn book_waitlist(&self, otf: &Otf) -> Result<Booking> {
        otf.bookings().book_waitlist(self)
    }

    /// The booking of this class: [`BookingApi::for_class`].
    ///
    /// # Errors
    ///
    /// As [`BookingApi::for_class`].
    #[doc(alias = "get_booking")]
    pub fn booking(&self, otf: &Otf) -> Result<Booking> {
        otf.bookings().for_class(self)
    }
}

impl Booking {
    /// Cancels this booking: [`BookingApi::cancel`].
    ///
    /// # Errors
    ///
    /// As [`BookingApi::cancel`].
    pub fn cancel(&self, otf: &Otf) -> Result<()> {
        otf.bookings().cancel(self)
    }

    /// The class of this booking: [`BookingApi::class_of`].
    ///
    /// # Errors
    ///
    /// As [`BookingApi::class_of`].
    pub fn class(&self, otf: &Otf) -> Result<OtfClass> {
        otf.bookings().class_of(self)
    }
}
