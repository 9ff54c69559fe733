//! The newer booking endpoints: what is booked.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::booking_query::{BookingQuery, BookingsByStart};
use super::has_id::{HasId, Id, required};
use crate::client::{Call, Client};
use crate::decode::DecodeError;
use crate::endpoints::Host;
use crate::error::{Error, Result};
use crate::models::{Booking, BookingId, ClassId, Listing, OtfClass, Rejected};

pub(super) const BOOKINGS: &str = "/v1/bookings/me";

/// The list of bookings, as errors name it.
pub(super) const LIST_ENDPOINT: &str = "GET /v1/bookings/me";

/// The list of bookings: its endpoint and where in the response the items are.
const LIST: [&str; 2] = [LIST_ENDPOINT, "items"];

/// Classes and bookings: [`Otf::bookings`].
#[derive(Clone, Copy, Debug)]
pub struct BookingApi<'a> {
    pub(super) client: &'a Client,
}

impl<'a> BookingApi<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// The bookings of the query, by start: one request.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an end before the start, also where one of the two is the default; otherwise
    /// as for any call.
    #[doc(alias = "get_bookings_new")]
    pub fn list(&self, query: &BookingQuery) -> Result<Listing<Booking>> {
        let now = self.client.now();
        let bookings = self.client.list(&list_call(query, now)?, &["items"])?;
        Ok(shape_list(query, now, bookings))
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
            by_start.entry(booking.otf_class.start.local).or_default().push(booking);
        }
        Ok(BookingsByStart { bookings: by_start, rejected })
    }

    /// The next booking whose class has not started, by the clock of its studio; one on a waitlist counts, a
    /// cancelled one does not. One request. A booking that can't be read is passed over with a warning in the log;
    /// [`BookingApi::list`] has it.
    ///
    /// # Errors
    ///
    /// As for any call.
    pub fn next(&self) -> Result<Option<Booking>> {
        let now = self.client.now();
        let bookings = self.list(&BookingQuery::new())?;
        if bookings.lost_items() {
            log::warn!(
                "a booking that can't be read may be the next one: look at the rejected ones of the list"
            );
        }
        Ok(bookings.into_iter().find(|booking| !booking.start().has_passed(now)))
    }

    /// A booking, looked up among all there are, cancelled ones included.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where there is no such booking, [`Error::Decode`] where there is one that can't be read;
    /// [`Error::InvalidInput`] for an empty id; otherwise as for any call.
    #[doc(alias = "get_booking_new")]
    pub fn get(&self, booking: impl HasId<BookingId>) -> Result<Booking> {
        let id = required(&booking)?;
        pick(self.all()?, id, "/id", LIST)
    }

    /// The booking of a class that counts: a live one rather than a cancelled one, the latest of its kind.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where the class was never booked; [`Error::Decode`] where a booking of it can't be read
    /// and no other is live; [`Error::InvalidInput`] where the class has no id.
    #[doc(alias = "get_booking_from_class_new")]
    pub fn for_class(&self, class: impl HasId<ClassId>) -> Result<Booking> {
        let id = required(&class)?;
        self.of_class(id)?.ok_or_else(|| not_found(LIST_ENDPOINT, id))
    }

    /// The live booking of a class, where there is one: a place, or one on the waitlist. `None` where the class was
    /// never booked, or the booking is cancelled.
    ///
    /// After [`Error::OutcomeUnknown`] this answers whether the class was booked.
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")] {
    /// # use otf_api::sandbox::Sandbox;
    /// # use otf_api::{ClassQuery, Otf};
    /// # let sandbox = Sandbox::start()?;
    /// # let otf = Otf::builder().sandbox(&sandbox).login()?;
    /// # let classes = otf.bookings().classes(&ClassQuery::new())?;
    /// # let class = classes.first().ok_or("no class")?;
    /// match otf.bookings().live_for_class(class)? {
    ///     Some(booking) => println!("{booking}"),
    ///     None => println!("not booked: {class}"),
    /// }
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] where a booking of it can't be read and no other is live; [`Error::InvalidInput`] where the
    /// class has no id; otherwise as for any call.
    pub fn live_for_class(&self, class: impl HasId<ClassId>) -> Result<Option<Booking>> {
        let id = required(&class)?;
        Ok(self.of_class(id)?.filter(|booking| !booking.is_cancelled()))
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
        self.class_listed_at(booking.studio_uuid(), id, "/id")
    }

    /// The booking of a class that counts, where there is one.
    fn of_class(&self, id: &ClassId) -> Result<Option<Booking>> {
        let mut bookings = self.all()?;
        let items = bookings.items_mut();
        *items = Booking::one_per_class(std::mem::take(items));
        find(bookings, id, "/class/id", LIST, |booking| !booking.is_cancelled())
    }

    /// All bookings there are, duplicates and cancelled ones included.
    fn all(&self) -> Result<Listing<Booking>> {
        let (_, until) = BookingQuery::new().span(self.client.now());
        self.client.list(&span_call((Timestamp::UNIX_EPOCH, until), true), &["items"])
    }
}

/// The call for the bookings of a query; [`shape_list`] makes its answer what was asked for.
pub(super) fn list_call(query: &BookingQuery, now: Timestamp) -> Result<Call> {
    query.check(now)?;
    Ok(span_call(query.span(now), query.cancelled))
}

/// The bookings of a query, by start.
pub(super) fn shape_list(
    query: &BookingQuery,
    now: Timestamp,
    mut bookings: Listing<Booking>,
) -> Listing<Booking> {
    let items = bookings.items_mut();
    if !query.duplicates {
        // First, so that no condition lets through what is superseded.
        *items = Booking::one_per_class(std::mem::take(items));
    }
    items.retain(|booking| query.matches(booking, now));
    items.sort_by_cached_key(|booking| booking.start().timestamp_or_as_utc());
    bookings
}

fn span_call((from, until): (Timestamp, Timestamp), cancelled: bool) -> Call {
    // There are no bookings from before 1970, and the service refuses years that have not four digits.
    let utc = |time: Timestamp| format!("{:.0}", time.max(Timestamp::UNIX_EPOCH));
    Call::get(Host::Io, BOOKINGS)
        .query("starts_after", utc(from))
        .query("ends_before", utc(until))
        .query("include_canceled", if cancelled { "true" } else { "false" })
        .query("expand", "true")
}

/// The first item of a list that has an id; `key` is where items have it on the wire, `list` is the request and
/// where in its answer the list is.
///
/// Where one that has it can't be read and the one found does not settle it, the error says so: it is not as if there
/// were none.
pub(super) fn find<T: HasId<I>, I: Id + PartialEq>(
    items: Listing<T>,
    id: &I,
    key: &str,
    [endpoint, list]: [&str; 2],
    settles: impl Fn(&T) -> bool,
) -> Result<Option<T>> {
    let (items, rejected) = items.into_parts();
    let found = items.into_iter().find(|item| item.id() == Some(id));
    let has_id = |item: &&Rejected| {
        !item.item_kept && item.raw.pointer(key).and_then(|id| id.as_str()) == Some(id.text())
    };
    match rejected.iter().find(has_id) {
        Some(item) if !found.as_ref().is_some_and(settles) => Err(Error::Decode {
            endpoint: endpoint.to_owned(),
            path: format!("{list}[{}]", item.index),
            reason: DecodeError { path: item.path.clone(), reason: item.reason.clone() }.to_string(),
        }),
        _ => Ok(found),
    }
}

/// The same where there has to be one, and whichever can be read will do.
pub(super) fn pick<T: HasId<I>, I: Id + PartialEq>(
    items: Listing<T>,
    id: &I,
    key: &str,
    list: [&str; 2],
) -> Result<T> {
    find(items, id, key, list, |_| true)?.ok_or_else(|| not_found(list[0], id))
}

/// Nothing has this id.
pub(super) fn not_found<I: Id>(endpoint: &str, id: &I) -> Error {
    let message = Some(format!("nothing has the {} {}", I::NAME, id.text()));
    Error::NotFound { endpoint: endpoint.to_owned(), message }
}
