//! The newer booking endpoints: reading bookings.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::booking_query::{BookingQuery, BookingsByStart};
use super::class_view::{ClassView, end, later};
use super::has_id::{HasId, Id, Internal, required};
use crate::client::{Call, Client};
use crate::decode::DecodeError;
use crate::endpoints::Host;
use crate::error::{Error, Result};
use crate::models::{Booking, BookingId, ClassId, Listing, OtfClass, Rejected};

pub(super) const BOOKINGS: &str = "/v1/bookings/me";

/// The list of bookings, as errors name it.
pub(super) const LIST_ENDPOINT: &str = "GET /v1/bookings/me";

/// The request that books, as errors name it.
pub(super) const POST_ENDPOINT: &str = "POST /v1/bookings/me";

/// The list of bookings: its endpoint and where in the response the items are.
const LIST: [&str; 2] = [LIST_ENDPOINT, "items"];

/// Classes and bookings: [`Otf::bookings`](crate::Otf::bookings).
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
    /// [`Error::InvalidInput`] for an end before the start, also if one of the two is the default; and
    /// those of [any call](Error#any-call).
    #[doc(alias = "get_bookings_new")]
    pub fn list(&self, query: &BookingQuery) -> Result<Listing<Booking>> {
        let now = self.client.now();
        let bookings = self.client.list(&list_call(query, now)?, &["items"])?;
        Ok(shape_list(query, now, bookings))
    }

    /// The bookings of the query and the canceled ones, grouped by the local start of their class.
    ///
    /// # Errors
    ///
    /// As [`BookingApi::list`].
    #[doc(alias = "get_bookings_new_by_date")]
    pub fn by_start(&self, query: &BookingQuery) -> Result<BookingsByStart> {
        let bookings = self.list(&query.clone().canceled())?;
        let rejected = bookings.rejected().to_vec();
        let mut by_start = BTreeMap::<_, Vec<_>>::new();
        for booking in bookings {
            by_start.entry(booking.otf_class.start.local).or_default().push(booking);
        }
        Ok(BookingsByStart { bookings: by_start, rejected })
    }

    /// The next live booking whose class has not started, by its studio's clock. A spot on a waitlist counts. One
    /// request.
    ///
    /// A booking that can't be read is skipped with a warning in the log; [`BookingApi::list`] reports it.
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    pub fn next(&self) -> Result<Option<Booking>> {
        let now = self.client.now();
        let bookings = self.list(&BookingQuery::new())?;
        if bookings.has_lost_items() {
            log::warn!(
                "a booking that can't be read may be the next one: look at the rejected ones of the list"
            );
        }
        Ok(bookings.into_iter().find(|booking| !booking.start().has_passed(now)))
    }

    /// Finds a booking by its id, canceled or not. Takes one request if a [`Booking`] is given. Otherwise it searches
    /// the bookings 90 days at a time, from 45 days ahead to four years back, and then everything earlier at once.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such booking; [`Error::Decode`] if it can't be read; [`Error::InvalidInput`]
    /// for an empty id; and those of [any call](Error#any-call).
    #[doc(alias = "get_booking_new")]
    pub fn get(&self, booking: impl HasId<BookingId>) -> Result<Booking> {
        let id = required(&booking)?;
        let class = booking.booking(Internal).map(|booking| ClassView::from(&booking.otf_class));
        let find = |bookings| find(bookings, id, "/id", LIST, |_| true);
        self.search(class.as_ref(), find)?.ok_or_else(|| not_found(LIST_ENDPOINT, id))
    }

    /// The booking of a class: the live one if there is one, else the latest canceled one. Takes one request if the
    /// class's start is known, otherwise a search as in [`BookingApi::get`].
    ///
    /// The service's lists lag behind its writes. For 30 s after this client booked the class, or may have booked it, a
    /// booking that is not listed is looked up again, up to five times within 8 s.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the class was never booked; [`Error::Decode`] if a booking of it can't be read and no
    /// other is live; [`Error::InvalidInput`] if the class has no id; and those of [any call](Error#any-call).
    #[doc(alias = "get_booking_from_class_new")]
    pub fn for_class(&self, class: impl HasId<ClassId>) -> Result<Booking> {
        let id = required(&class)?;
        self.of_class(id, class.class(Internal).as_ref())?.ok_or_else(|| not_found(LIST_ENDPOINT, id))
    }

    /// The live booking of a class: a spot in it or on its waitlist. `None` if the class was never booked or the
    /// booking is canceled. Sends the same requests as [`BookingApi::for_class`].
    ///
    /// Use it after [`Error::OutcomeUnknown`] to find out whether the class was booked. It waits up to 8 s for the
    /// lists to catch up. [`BookingApi::ensure_booked`] waits longer, and books if necessary.
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
    /// [`Error::Decode`] if a booking of the class can't be read and no other is live; [`Error::InvalidInput`] if the
    /// class has no id; and those of [any call](Error#any-call).
    pub fn live_for_class(&self, class: impl HasId<ClassId>) -> Result<Option<Booking>> {
        let id = required(&class)?;
        Ok(self.of_class(id, class.class(Internal).as_ref())?.filter(|booking| !booking.is_canceled()))
    }

    /// The class of a booking, from its studio's class list.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the class is no longer listed; [`Error::InvalidInput`] if the booking's class has no id;
    /// and those of [any call](Error#any-call).
    #[doc(alias = "get_class_from_booking_new")]
    #[doc(alias = "get_class_from_booking")]
    pub fn class_of(&self, booking: &Booking) -> Result<OtfClass> {
        let id: &ClassId = required(&booking)?;
        self.class_listed_at(booking.studio_uuid(), id, "/id")
    }

    /// The booking of a class. A live one may not be listed yet.
    fn of_class(&self, id: &ClassId, class: Option<&ClassView<'_>>) -> Result<Option<Booking>> {
        let found = self.search(class, |bookings| find_counting(bookings, id))?;
        if found.as_ref().is_some_and(|booking| !booking.is_canceled())
            || !self.client.profile().booked_recently(id, self.client.now())
        {
            return Ok(found);
        }
        Ok(self.look_again(id, class)?.or(found))
    }

    /// Looks for a live booking that may not be listed yet: four times, after 0.5, 1, 2 and 4 seconds.
    pub(super) fn look_again(&self, id: &ClassId, class: Option<&ClassView<'_>>) -> Result<Option<Booking>> {
        for pause in [500, 1000, 2000, 4000] {
            self.client.sleep(Duration::from_millis(pause));
            let call = list_call_around(class, self.client.now());
            if let Some(booking) = find_live(self.client.list(&call, &["items"])?, id)? {
                return Ok(Some(booking));
            }
        }
        Ok(None)
    }

    /// Searches all bookings, duplicates and canceled ones included: around a class, or newest first. The service may
    /// truncate long ranges, so they are requested in pieces.
    fn search(
        &self,
        class: Option<&ClassView<'_>>,
        mut find: impl FnMut(Listing<Booking>) -> Result<Option<Booking>>,
    ) -> Result<Option<Booking>> {
        let mut fetch = |span| find(self.client.list(&span_call(span, true), &["items"])?);
        if let Some(class) = class {
            return fetch(span_around(class));
        }
        let (_, mut end) = BookingQuery::new().span(self.client.now());
        for _ in 0..PIECES {
            let start = later(end, -PIECE);
            if let Some(booking) = fetch((start, later(end, SEAM)))? {
                return Ok(Some(booking));
            }
            end = start;
        }
        fetch((Timestamp::UNIX_EPOCH, later(end, SEAM)))
    }
}

/// The length of the ranges that are searched for a booking.
const PIECE: SignedDuration = SignedDuration::from_hours(90 * 24);
const PIECES: usize = 16;

/// A class is listed by its start; its end is within this of it.
const SEAM: SignedDuration = SignedDuration::from_hours(24);

/// A range that contains a class even if its times are inexact.
fn span_around(class: &ClassView<'_>) -> (Timestamp, Timestamp) {
    (later(class.start.timestamp_or_as_utc(), -SEAM), later(end(class.start, class.end), SEAM))
}

/// The live bookings around a class, or from today on.
pub(super) fn list_call_around(class: Option<&ClassView<'_>>, now: Timestamp) -> Call {
    let span = class.map_or_else(|| BookingQuery::new().span(now), span_around);
    span_call(span, false)
}

/// The booking of a class: the live one, else the latest.
fn find_counting(mut bookings: Listing<Booking>, id: &ClassId) -> Result<Option<Booking>> {
    let items = bookings.items_mut();
    *items = Booking::one_per_class(std::mem::take(items));
    find(bookings, id, "/class/id", LIST, |booking| !booking.is_canceled())
}

/// The live booking of a class.
pub(super) fn find_live(bookings: Listing<Booking>, id: &ClassId) -> Result<Option<Booking>> {
    Ok(find_counting(bookings, id)?.filter(|booking| !booking.is_canceled()))
}

/// The call for the bookings of a query; [`shape_list`] filters its response.
pub(super) fn list_call(query: &BookingQuery, now: Timestamp) -> Result<Call> {
    query.check(now)?;
    Ok(span_call(query.span(now), query.canceled))
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

fn span_call((from, until): (Timestamp, Timestamp), canceled: bool) -> Call {
    // There are no bookings from before 1970, and the service refuses years that have not four digits.
    let utc = |time: Timestamp| format!("{:.0}", time.max(Timestamp::UNIX_EPOCH));
    Call::get(Host::Io, BOOKINGS)
        .query("starts_after", utc(from))
        .query("ends_before", utc(until))
        .query("include_canceled", if canceled { "true" } else { "false" })
        .query("expand", "true")
}

/// The first item of a list with this id. `key` is where items have it on the wire, `list` is the request and where in
/// its response the list is.
///
/// If an item with this id can't be read, and the one found does not settle the question, that is an error rather than
/// "not found".
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

/// Like [`find`], but not finding an item is an error, and any readable item will do.
pub(super) fn pick<T: HasId<I>, I: Id + PartialEq>(
    items: Listing<T>,
    id: &I,
    key: &str,
    list: [&str; 2],
) -> Result<T> {
    find(items, id, key, list, |_| true)?.ok_or_else(|| not_found(list[0], id))
}

/// The error if nothing has this id.
pub(super) fn not_found<I: Id>(endpoint: &str, id: &I) -> Error {
    let message = Some(format!("nothing has the {} {}", I::NAME, id.text()));
    Error::NotFound { endpoint: endpoint.to_owned(), message }
}
