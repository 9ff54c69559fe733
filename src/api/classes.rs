//! The schedule.

use std::collections::HashSet;

use jiff::{Timestamp, ToSpan};

use super::best_effort::may_be_missing;
use super::booking_query::BookingQuery;
use super::bookings::{BookingApi, pick};
use super::class_query::ClassQuery;
use super::has_id::{HasId, Id, path_segment};
use super::members::MemberApi;
use super::studios::StudioApi;
use crate::client::{Call, Fetch};
use crate::decode;
use crate::endpoints::Host;
use crate::error::Result;
use crate::models::{Booking, ClassFilterOption, ClassId, Listing, OtfClass, StudioUuid};

/// Classes are listed this many dates further ahead than booking is known to open. Recorded bookings were made 28 dates
/// ahead; another client lists 29, and hiding a class that can be booked is worse than listing one that cannot.
const MORE_DAYS: i64 = 1;

/// The service accepts this many studios in one request.
const STUDIOS_PER_REQUEST: usize = 50;

impl BookingApi<'_> {
    /// The classes of the query's studios, by start and name: one request for up to 50 studios, and one more for
    /// the member if the home studio is not known yet.
    ///
    /// Unless requested, canceled classes are left out, and so are classes that can't be booked yet: those more than 29
    /// days ahead. That is one day more than [`booking_days`](crate::OtfBuilder::booking_days), since it is not known
    /// whether the service accepts 28 or 29. [`BookingApi::bookable_from`] tells when booking opens.
    ///
    /// The details that a query adds to the classes are best effort: if a studio or the bookings could not be loaded,
    /// the class lacks them, and [`Listing::rejected`] says why, at `studio_detail` or `is_booked`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) for an end before its start and for an empty id; and those
    /// of [any call](crate::Error#any-call).
    #[doc(alias = "get_classes")]
    pub fn classes(&self, query: &ClassQuery) -> Result<Listing<OtfClass>> {
        query.check()?;
        let mut studios = query.studios.clone();
        if studios.is_empty() || query.home_studio {
            studios.push(MemberApi::new(self.client).home_studio_uuid()?);
        }
        let mut seen = HashSet::new();
        studios.retain(|studio| seen.insert(studio.clone()));

        let mut classes = self.class_list(&studios)?;
        let now = self.client.now();
        let days = i64::from(self.client.settings().booking_days).saturating_add(MORE_DAYS);
        let home = self.client.profile().home_studio();
        let items = classes.items_mut();
        items.retain(|class| query.matches(class) && (query.not_yet_bookable || is_within(class, days, now)));
        items.sort_by(|one, other| (one.start.local, &one.name).cmp(&(other.start.local, &other.name)));
        for class in items {
            class.is_home_studio = home.as_ref().map(|home| class.studio_uuid() == Some(home));
        }
        if query.with_studios {
            self.add_studios(&mut classes)?;
        }
        if query.with_booked {
            self.add_booked(&mut classes)?;
        }
        Ok(classes)
    }

    /// The filters that the official app offers for its class list: class types with their names and icons.
    ///
    /// The endpoint comes from one client, which never calls it itself, and was never recorded. Whether the filters
    /// depend on the studio or the language is not known.
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")] {
    /// # let sandbox = otf_api::sandbox::Sandbox::start()?;
    /// # let otf = otf_api::Otf::builder().sandbox(&sandbox).login()?;
    /// for filter in &otf.bookings().class_filters()? {
    ///     let values: Vec<String> = filter.values.iter().map(ToString::to_string).collect();
    ///     println!("{filter}: {}", values.join(", "));
    /// }
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [any call](crate::Error#any-call).
    pub fn class_filters(&self) -> Result<Listing<ClassFilterOption>> {
        self.client.list(&Call::get(Host::Io, "/v1/classes/filters"), &["items"])
    }

    /// All classes that the service lists for some studios.
    pub(super) fn class_list(&self, studios: &[StudioUuid]) -> Result<Listing<OtfClass>> {
        let request = |studios: &&[StudioUuid]| {
            let mut call = Call::get(Host::Io, "/v1/classes");
            for studio in *studios {
                path_segment(studio)?;
                call = call.query("studio_ids", studio.as_str());
            }
            Ok(Fetch::new(call, |body| decode::list(body, &["items"])))
        };
        let parts: Vec<&[StudioUuid]> = studios.chunks(STUDIOS_PER_REQUEST).collect();
        let mut classes = Listing::default();
        for list in self.client.fetch_in_order(&parts, request, |_, error| Err(error))? {
            classes.append(list);
        }
        Ok(classes)
    }

    /// A class from the list of its studio, or of the home studio if it has none.
    pub(super) fn class_listed_at<I: Id + PartialEq>(
        &self,
        studio: Option<&StudioUuid>,
        id: &I,
        key: &str,
    ) -> Result<OtfClass>
    where
        OtfClass: HasId<I>,
    {
        let studio = match studio.filter(|studio| !studio.is_empty()) {
            Some(studio) => studio.clone(),
            None => MemberApi::new(self.client).home_studio_uuid()?,
        };
        pick(self.class_list(&[studio])?, id, key, ["GET /v1/classes", "items"])
    }

    fn add_studios(&self, classes: &mut Listing<OtfClass>) -> Result<()> {
        let details =
            StudioApi::new(self.client).details(classes.iter().filter_map(OtfClass::studio_uuid))?;
        let mut missing = Vec::new();
        for (id, detail) in &details {
            let has_studio = |class: &OtfClass| class.studio_uuid() == Some(id);
            if let (Err(reason), Some(index)) = (detail, classes.iter().position(has_studio)) {
                missing.push((index, id, reason));
            }
        }
        missing.sort_unstable();
        for (index, id, reason) in missing {
            classes.note_missing(index, "studio_detail", id.as_str(), reason.clone());
        }
        for class in classes.items_mut() {
            let detail = class.studio_uuid().and_then(|id| details.get(id)?.as_ref().ok());
            class.studio_detail = detail.cloned().map(Box::new);
            let zone = class.time_zone().map(str::to_owned);
            for time in [&mut class.start, &mut class.end] {
                time.zone = time.zone.take().or_else(|| zone.clone());
            }
        }
        Ok(())
    }

    fn add_booked(&self, classes: &mut Listing<OtfClass>) -> Result<()> {
        let (Some(first), Some(last)) = (classes.first(), classes.last()) else { return Ok(()) };
        let query = BookingQuery::new().from(first.start.date()).until(last.start.date());
        let bookings = match self.list(&query) {
            Err(error) if may_be_missing(&error) => {
                classes.note_missing(0, "is_booked", "", error.to_string());
                return Ok(());
            }
            bookings => bookings?,
        };
        let spots = bookings.iter().filter(|booking| !booking.is_waitlisted());
        let booked: HashSet<&ClassId> = spots.map(Booking::class_id).collect();
        // An unreadable booking may be one of any class.
        let otherwise = (!bookings.has_lost_items()).then_some(false);
        for class in classes.items_mut() {
            let is_booked = class.class_id.as_ref().is_some_and(|id| booked.contains(id));
            class.is_booked = if is_booked { Some(true) } else { otherwise };
        }
        Ok(())
    }
}

/// Whether the class is at most this many dates ahead, in the studio's zone.
fn is_within(class: &OtfClass, days: i64, now: Timestamp) -> bool {
    class.start.date() <= class.start.date_at(now).saturating_add(days.days())
}
