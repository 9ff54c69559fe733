//! The schedule.

use std::collections::HashSet;

use jiff::{Timestamp, ToSpan};

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
use crate::models::{Booking, ClassId, Listing, OtfClass, StudioUuid};

/// The service refuses to book a class more than this many days ahead, although it lists them.
const BOOKABLE_DAYS: i64 = 29;

/// The service takes this many studios in one request.
const STUDIOS_A_REQUEST: usize = 50;

impl BookingApi<'_> {
    /// The classes of the query's studios, by start and name: one request for up to 50 studios, and one more for
    /// the member where the home studio is not known yet.
    ///
    /// Left out, unless asked for, are those that the studio has canceled, and those more than 29 days ahead, which
    /// can't be booked yet.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) for an end before its start and for an empty id;
    /// and those of [any call](crate::Error#any-call).
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
        let home = self.client.profile().home_studio();
        let items = classes.items_mut();
        items.retain(|class| query.matches(class) && (query.not_yet_bookable || is_bookable_day(class, now)));
        items.sort_by(|one, other| (one.start.local, &one.name).cmp(&(other.start.local, &other.name)));
        for class in items {
            class.is_home_studio = home.as_ref().map(|home| class.studio_uuid() == Some(home));
        }
        if query.with_studios {
            self.add_studios(classes.items_mut())?;
        }
        if query.with_booked {
            self.add_booked(classes.items_mut())?;
        }
        Ok(classes)
    }

    /// All classes that are listed for some studios.
    pub(super) fn class_list(&self, studios: &[StudioUuid]) -> Result<Listing<OtfClass>> {
        let request = |studios: &&[StudioUuid]| {
            let mut call = Call::get(Host::Io, "/v1/classes");
            for studio in *studios {
                path_segment(studio)?;
                call = call.query("studio_ids", studio.as_str());
            }
            Ok(Fetch::new(call, |body| decode::list(body, &["items"])))
        };
        let parts: Vec<&[StudioUuid]> = studios.chunks(STUDIOS_A_REQUEST).collect();
        let mut classes = Listing::default();
        for list in self.client.fetch_in_order(&parts, request, |_, error| Err(error))? {
            classes.append(list);
        }
        Ok(classes)
    }

    /// A class from the list of its studio, or of the home studio where it has none.
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

    fn add_studios(&self, classes: &mut [OtfClass]) -> Result<()> {
        let details =
            StudioApi::new(self.client).details(classes.iter().filter_map(OtfClass::studio_uuid))?;
        for class in classes {
            class.studio_detail = class.studio_uuid().and_then(|id| details.get(id)).cloned().map(Box::new);
            let zone = class.time_zone().map(str::to_owned);
            for time in [&mut class.start, &mut class.end] {
                time.zone = time.zone.take().or_else(|| zone.clone());
            }
        }
        Ok(())
    }

    fn add_booked(&self, classes: &mut [OtfClass]) -> Result<()> {
        let (Some(first), Some(last)) = (classes.first(), classes.last()) else { return Ok(()) };
        let query = BookingQuery::new().from(first.start.date()).until(last.start.date());
        let bookings = self.list(&query)?;
        let places = bookings.iter().filter(|booking| !booking.is_waitlisted());
        let booked: HashSet<&ClassId> = places.map(Booking::class_id).collect();
        // A booking that can't be read may be one of any class.
        let otherwise = (!bookings.lost_items()).then_some(false);
        for class in classes {
            let is_booked = class.class_id.as_ref().is_some_and(|id| booked.contains(id));
            class.is_booked = if is_booked { Some(true) } else { otherwise };
        }
        Ok(())
    }
}

/// Whether the class is near enough to be booked; days are counted in the studio's zone.
fn is_bookable_day(class: &OtfClass, now: Timestamp) -> bool {
    class.start.date() <= class.start.date_at(now).saturating_add(BOOKABLE_DAYS.days())
}
