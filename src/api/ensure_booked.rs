//! Booking a class exactly once, even if responses are lost.
//!
//! The lists of bookings lag behind writes, and a response can get lost after the service has booked. So each attempt
//! of [`BookingApi::ensure_booked`] and [`BookingApi::book`] writes a note to the store before it sends the request.
//! `ensure_booked` waits for the lists if it finds a note younger than their lag, from this process or another, before it
//! books again.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::bookings::{BookingApi, LIST_ENDPOINT, POST_ENDPOINT, find_live, list_call_around};
use super::class_view::{self, ClassView};
use super::has_id::{HasId, Internal, required};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::models::{Booking, BookingId, ClassId, Listing};
use crate::store::StoreLock;

/// Options of [`BookingApi::ensure_booked`].
///
/// ```
/// use std::time::Duration;
/// use otf_api::BookingOptions;
///
/// let options = BookingOptions::new().waitlist().refuse_overlap().timeout(Duration::from_secs(90));
/// # let _ = options;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookingOptions {
    waitlist: bool,
    refuse_overlap: bool,
    timeout: Duration,
    list_lag: Duration,
}

impl Default for BookingOptions {
    fn default() -> Self {
        Self {
            waitlist: false,
            refuse_overlap: false,
            timeout: Duration::from_secs(30),
            list_lag: Duration::from_secs(60),
        }
    }
}

impl BookingOptions {
    /// Books a spot in the class, not on its waitlist.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a spot on the waitlist if the class is full.
    #[must_use]
    pub fn waitlist(mut self) -> Self {
        self.waitlist = true;
        self
    }

    /// Refuses to book if another live booking overlaps. Back-to-back classes do not overlap.
    #[must_use]
    pub fn refuse_overlap(mut self) -> Self {
        self.refuse_overlap = true;
        self
    }

    /// How long to wait for another process that is booking the class, and for the lists. Default: 30 s. It does not cut
    /// short the requests themselves, and the lists are read at least once after a lost response.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long the lists may lag behind a booking. Until then, a class that an earlier attempt may have booked is not
    /// booked again. Default: 60 s; the real lag is not known.
    #[must_use]
    pub fn list_lag(mut self, lag: Duration) -> Self {
        self.list_lag = lag;
        self
    }
}

/// The result of [`BookingApi::ensure_booked`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum EnsuredBooking {
    /// This call booked the class.
    Booked(Booking),
    /// The class was already booked.
    AlreadyBooked(Booking),
    /// The member is on the waitlist, because of this call or already before it; see
    /// [`waitlist_position`](Booking::waitlist_position).
    Waitlisted(Booking),
}

impl EnsuredBooking {
    /// The booking.
    pub fn booking(&self) -> &Booking {
        match self {
            Self::Booked(booking) | Self::AlreadyBooked(booking) | Self::Waitlisted(booking) => booking,
        }
    }

    fn new(booking: Booking) -> Self {
        if booking.is_waitlisted() { Self::Waitlisted(booking) } else { Self::Booked(booking) }
    }

    fn found(booking: Booking) -> Self {
        if booking.is_waitlisted() { Self::Waitlisted(booking) } else { Self::AlreadyBooked(booking) }
    }
}

/// Longer than a request takes with its retries: by default a minute of retries, and half a minute for the last attempt.
/// A process that died may have sent it until then.
const IN_FLIGHT: Duration = Duration::from_secs(120);

/// What the lists may not show yet about a class.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Note {
    /// A request to book it reached the service no later than this, if at all.
    sent: Option<Timestamp>,
    /// A booking of it that was canceled, or may have been, and no later than when.
    canceled: Option<(BookingId, Timestamp)>,
}

impl BookingApi<'_> {
    /// Books a class unless it is already booked. Calling it again is always safe, also from another process with the
    /// same store. Takes one request if the class is booked already, otherwise two.
    ///
    /// It looks up the booking and books the class if there is none. If the response is lost, it looks up the booking
    /// again, with growing delays, until the [timeout](BookingOptions::timeout). It never cancels anything. Programs
    /// that do not share a store, such as on several machines, rely on the service to refuse the second booking.
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")] {
    /// # use otf_api::sandbox::Sandbox;
    /// use otf_api::{BookingOptions, ClassQuery, EnsuredBooking, Otf};
    ///
    /// # let sandbox = Sandbox::start()?;
    /// # let otf = Otf::builder().sandbox(&sandbox).login()?;
    /// # let classes = otf.bookings().classes(&ClassQuery::new().available().with_booked())?;
    /// # let can_book = |class: &&otf_api::models::OtfClass| {
    /// #     class.is_booked == Some(false) && class.bookable_from() <= otf.now()
    /// # };
    /// # let class = classes.iter().rfind(can_book).ok_or("no class")?;
    /// match otf.bookings().ensure_booked(class, &BookingOptions::new().waitlist())? {
    ///     EnsuredBooking::Waitlisted(booking) => println!("waiting at position {:?}", booking.waitlist_position),
    ///     ensured => println!("booked: {}", ensured.booking()),
    /// }
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::ClassStarted`] and [`Error::ClassCanceled`], before anything is sent if the class says so;
    /// [`Error::ConflictingBooking`] with the other booking's id; [`Error::ClassFull`];
    /// [`Error::OutsideSchedulingWindow`]; [`Error::OutcomeUnknown`] if the lists do not show by the timeout whether
    /// the class was booked; [`Error::Store`] if another process is booking the same class at the moment;
    /// [`Error::InvalidInput`] if the class has no id, or if only an id is given with
    /// [`BookingOptions::refuse_overlap`]; and those of [any call](Error#any-call).
    pub fn ensure_booked(
        &self,
        class: impl HasId<ClassId>,
        options: &BookingOptions,
    ) -> Result<EnsuredBooking> {
        let id = required(&class)?;
        let facts = class.class(Internal);
        if options.refuse_overlap && facts.is_none() {
            return Err(Error::invalid(
                "class",
                "overlaps can only be found for a class, not for its id alone",
            ));
        }
        self.check_bookable(facts.as_ref())?;
        let key = self.client.booking_note_key(id.as_str());
        let deadline = later(self.client.now(), options.timeout);
        let _lock = lock(self.client, &key, options.timeout)?;
        let note = read_note(self.client, &key).unwrap_or_default();
        Attempt { api: *self, id, class: facts, options, key, note, deadline }.run()
    }

    /// Books by `send`, and takes a note first: [`BookingApi::ensure_booked`] must not book the class again.
    pub(super) fn noting_booking(
        &self,
        id: &ClassId,
        send: impl FnOnce() -> Result<Booking>,
    ) -> Result<Booking> {
        let key = self.client.booking_note_key(id.as_str());
        let before = read_note(self.client, &key).unwrap_or_default();
        noting_attempt(self.client, &key, &before, send)
    }

    /// Cancels by `send`, and takes a note first: the lists may still show the booking.
    pub(super) fn noting_cancellation(
        &self,
        booking: &BookingId,
        class: Option<&ClassId>,
        send: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        // If the class is not known, the note is found by the booking.
        let key = self.client.booking_note_key(class.map_or(booking.as_str(), ClassId::as_str));
        let before = read_note(self.client, &key).unwrap_or_default();
        // Until the outcome is known, the class may be booked or not.
        let note = |at| Note { sent: Some(at), canceled: Some((booking.clone(), at)) };
        write_note(self.client, &key, &note(later(self.client.now(), IN_FLIGHT)));
        let result = send();
        let now = self.client.now();
        match &result {
            Ok(()) | Err(Error::BookingAlreadyCanceled { .. }) => {
                if let Some(class) = class {
                    self.client.profile().forget_booked(class);
                }
                write_note(self.client, &key, &Note { sent: None, ..note(now) });
            }
            Err(Error::OutcomeUnknown { .. }) => write_note(self.client, &key, &note(now)),
            Err(_) => write_note(self.client, &key, &before),
        }
        result
    }
}

/// One call of [`BookingApi::ensure_booked`].
struct Attempt<'a> {
    api: BookingApi<'a>,
    id: &'a ClassId,
    class: Option<ClassView<'a>>,
    options: &'a BookingOptions,
    key: String,
    /// What was noted before.
    note: Note,
    deadline: Timestamp,
}

impl Attempt<'_> {
    fn run(mut self) -> Result<EnsuredBooking> {
        let mut bookings = self.list()?;
        self.find_cancellation(&bookings)?;
        if let Some(booking) = self.find(bookings.clone())? {
            return Ok(EnsuredBooking::found(booking));
        }
        // An earlier attempt that the lists may not show yet.
        if let Some(sent) = self.note.sent {
            // A time further in the future comes from a clock that was wrong.
            let sent = sent.min(later(self.api.client.now(), IN_FLIGHT));
            let visible_from = later(sent, self.options.list_lag);
            let (found, latest) = self.find_until(visible_from.min(self.deadline))?;
            if let Some(booking) = found {
                return Ok(EnsuredBooking::found(booking));
            }
            if self.api.client.now() < visible_from {
                return Err(self.unknown("an earlier attempt may have booked the class"));
            }
            // An overlapping class may have been booked during the wait.
            bookings = latest;
        }
        self.check_overlap(&bookings)?;
        // The class may have started meanwhile.
        self.api.check_bookable(self.class.as_ref())?;
        match self.book(false) {
            Err(Error::ClassFull { waitlist_available, .. })
                if self.options.waitlist && waitlist_available != Some(false) =>
            {
                self.book(true)
            }
            result => result,
        }
    }

    /// Sends the one request, and resolves its outcome.
    fn book(&self, waitlist: bool) -> Result<EnsuredBooking> {
        let before = Note { sent: None, ..self.note.clone() };
        let result = noting_attempt(self.api.client, &self.key, &before, || {
            self.api.post_booking(self.id, self.class.as_ref(), waitlist)
        });
        let error = match result {
            Ok(booking) => return Ok(EnsuredBooking::new(booking)),
            Err(error) => error,
        };
        match error {
            Error::OutcomeUnknown { endpoint, source, .. } => match self.find_until(self.deadline) {
                Ok((Some(booking), _)) => Ok(EnsuredBooking::new(booking)),
                // Not knowing is what matters, not why the list could not be read.
                Ok((None, _)) | Err(_) => {
                    let hint = "call ensure_booked again later: it looks the booking up first".to_owned();
                    Err(Error::OutcomeUnknown { endpoint, hint, source })
                }
            },
            Error::AlreadyBooked { .. } => match self.find_until(self.deadline) {
                Ok((Some(booking), _)) => Ok(EnsuredBooking::found(booking)),
                // The service may mean the booking that was just canceled.
                _ if self.note.canceled.is_some() => {
                    Err(error.into_outcome_unknown(POST_ENDPOINT, "call ensure_booked again later"))
                }
                Ok((None, _)) | Err(_) => Err(error),
            },
            error => Err(error),
        }
    }

    /// Looks for the booking, with growing pauses, until a time. Returns the last list with it.
    fn find_until(&self, until: Timestamp) -> Result<(Option<Booking>, Listing<Booking>)> {
        let mut pause = Duration::from_millis(500);
        loop {
            let result = self.list().and_then(|list| Ok((self.find(list.clone())?, list)));
            let now = self.api.client.now();
            match result {
                Ok((None, _)) if now < until => {}
                Err(error) if error.is_retryable() && now < until => {}
                result => return result,
            }
            let left = Duration::try_from(until.duration_since(now)).unwrap_or_default();
            self.api.client.sleep(pause.min(left));
            pause = pause.saturating_mul(2).min(Duration::from_secs(5));
        }
    }

    /// Takes over the note of a cancellation that named the listed booking, but not its class.
    fn find_cancellation(&mut self, bookings: &Listing<Booking>) -> Result<()> {
        let Some(booking) = find_live(bookings.clone(), self.id)? else { return Ok(()) };
        let key = self.api.client.booking_note_key(booking.booking_id.as_str());
        if let Some(Note { sent, canceled: Some((id, at)) }) = read_note(self.api.client, &key) {
            let sent = if self.note.sent > Some(at) { self.note.sent } else { sent };
            self.note = Note { sent, canceled: Some((id, at)) };
        }
        Ok(())
    }

    /// The booking whose cancellation the lists may not show yet.
    fn just_canceled(&self) -> Option<&(BookingId, Timestamp)> {
        let now = self.api.client.now();
        let canceled = self.note.canceled.as_ref();
        canceled.filter(|(_, at)| now < later((*at).min(later(now, IN_FLIGHT)), self.options.list_lag))
    }

    /// The live booking of the class. One that was just canceled may still be listed.
    fn find(&self, mut bookings: Listing<Booking>) -> Result<Option<Booking>> {
        if let Some((id, _)) = self.just_canceled() {
            bookings.items_mut().retain(|booking| booking.booking_id != *id);
        }
        find_live(bookings, self.id)
    }

    fn check_overlap(&self, bookings: &Listing<Booking>) -> Result<()> {
        let Some(class) = self.class.as_ref().filter(|_| self.options.refuse_overlap) else { return Ok(()) };
        let overlaps = |booking: &&Booking| {
            !booking.is_canceled()
                && booking.class_id() != self.id
                && class.conflicts_with(&ClassView::from(&booking.otf_class))
        };
        let Some(other) = bookings.iter().find(overlaps) else { return Ok(()) };
        Err(Error::ConflictingBooking {
            endpoint: POST_ENDPOINT.to_owned(),
            booking_id: Some(other.booking_id.to_string()),
            message: Some(other.to_string()),
        })
    }

    fn list(&self) -> Result<Listing<Booking>> {
        self.api.client.list(&list_call_around(self.class.as_ref(), self.api.client.now()), &["items"])
    }

    fn unknown(&self, message: &str) -> Error {
        let source = Error::NotFound {
            endpoint: LIST_ENDPOINT.to_owned(),
            message: Some("not listed yet".to_owned()),
        };
        source.into_outcome_unknown(POST_ENDPOINT, &format!("{message}: call ensure_booked again later"))
    }
}

/// Books by `send`. The note of it stays unless the service refuses, since the lists may not show the booking yet.
fn noting_attempt(
    client: &Client,
    key: &str,
    before: &Note,
    send: impl FnOnce() -> Result<Booking>,
) -> Result<Booking> {
    let note = |at| Note { sent: Some(at), ..before.clone() };
    write_note(client, key, &note(later(client.now(), IN_FLIGHT)));
    let result = send();
    let is_refused =
        !matches!(result, Ok(_) | Err(Error::OutcomeUnknown { .. } | Error::AlreadyBooked { .. }));
    write_note(client, key, &if is_refused { before.clone() } else { note(client.now()) });
    result
}

/// Holds the class for this account. A store that can't lock is no reason not to book.
fn lock(client: &Client, key: &str, wait: Duration) -> Result<Option<StoreLock>> {
    match client.store().lock(key, wait) {
        Ok(lock) => Ok(Some(lock)),
        Err(error) if error.kind() == std::io::ErrorKind::TimedOut => Err(Error::Store {
            action: "waiting for another process that is booking the same class".to_owned(),
            source: error,
        }),
        Err(error) => {
            log::warn!("booking without a lock: {error}");
            Ok(None)
        }
    }
}

fn read_note(client: &Client, key: &str) -> Option<Note> {
    let note = client.store().read(key);
    let note = note.inspect_err(|error| log::warn!("could not read the note of a booking: {error}"));
    serde_json::from_slice(&note.ok()??).ok()
}

fn write_note(client: &Client, key: &str, note: &Note) {
    let note = serde_json::to_vec(note).unwrap_or_default();
    if let Err(error) = client.store().write(key, &note) {
        log::warn!("could not store the note of a booking: {error}");
    }
}

fn later(time: Timestamp, by: Duration) -> Timestamp {
    class_view::later(time, SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX))
}
