//! Queries of the class list.

use jiff::civil::Date;

use super::class_filter::{Filters, conditions};
use super::has_id::path_segment;
use crate::error::Result;
use crate::models::{OtfClass, StudioUuid};

/// A query of the class list. The default: the home studio's classes from today to 29 days ahead. Today's classes are
/// listed even after they have started: see [`ClassTime::has_passed`](crate::models::ClassTime::has_passed).
///
/// A class has to match all conditions of the query and one of its filters. A condition set several times matches any
/// of the values.
///
/// ```
/// use otf_api::jiff::civil::{Weekday, time};
/// use otf_api::{ClassFilter, ClassQuery, ClassType};
///
/// // Weekend mornings, or a Tread 50 at any time, with a free spot.
/// let query = ClassQuery::new()
///     .available()
///     .filter(ClassFilter::new().weekday(Weekday::Saturday).weekday(Weekday::Sunday).before(time(12, 0, 0, 0)))
///     .filter(ClassFilter::new().class_type(ClassType::Tread50));
/// # let _ = query;
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClassQuery {
    pub(super) studios: Vec<StudioUuid>,
    pub(super) home_studio: bool,
    pub(super) canceled: bool,
    pub(super) not_yet_bookable: bool,
    pub(super) with_studios: bool,
    pub(super) with_booked: bool,
    filters: Filters,
}

impl ClassQuery {
    /// The home studio's classes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lists the classes of this studio instead of the home studio's. May be called repeatedly.
    #[doc(alias = "studio_uuids")]
    #[must_use]
    pub fn studio(mut self, studio: impl Into<StudioUuid>) -> Self {
        self.studios.push(studio.into());
        self
    }

    /// Lists the home studio's classes as well.
    #[doc(alias = "include_home_studio")]
    #[must_use]
    pub fn home_studio(mut self) -> Self {
        self.home_studio = true;
        self
    }

    /// Includes classes that the studio has canceled.
    #[must_use]
    pub fn canceled(mut self) -> Self {
        self.canceled = true;
        self
    }

    /// Includes classes that are listed but can't be booked yet: those more than 29 days ahead (see
    /// [`BookingApi::classes`](crate::BookingApi::classes)).
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")] {
    /// # use otf_api::sandbox::Sandbox;
    /// use otf_api::{ClassQuery, Otf};
    ///
    /// # let sandbox = Sandbox::start()?;
    /// # let otf = Otf::builder().sandbox(&sandbox).login()?;
    /// let all = otf.bookings().classes(&ClassQuery::new().not_yet_bookable())?;
    /// let bookable = otf.bookings().classes(&ClassQuery::new())?;
    /// assert!(all.len() > bookable.len());
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn not_yet_bookable(mut self) -> Self {
        self.not_yet_bookable = true;
        self
    }

    /// Loads each studio in full into `studio_detail`, with one more request per studio. A studio that could not be
    /// loaded is named in [`Listing::rejected`](crate::models::Listing::rejected).
    #[must_use]
    pub fn with_studios(mut self) -> Self {
        self.with_studios = true;
        self
    }

    /// Sets `is_booked`, with one more request. A spot on a waitlist does not count.
    #[must_use]
    pub fn with_booked(mut self) -> Self {
        self.with_booked = true;
        self
    }

    conditions! {
        /// On this day or later, as the studio counts days.
        #[doc(alias = "start_date")]
        from(date: Date);
        /// On this day or earlier.
        #[doc(alias = "end_date")]
        until(date: Date);
        /// Only on this day.
        on(date: Date);
        /// With a free spot.
        available();
    }

    /// Whether a class matches the query's conditions and one of its filters.
    pub fn matches(&self, class: &OtfClass) -> bool {
        self.filters.hold_for(&class.into()) && (self.canceled || class.is_canceled != Some(true))
    }

    pub(super) fn check(&self) -> Result<()> {
        self.studios.iter().try_for_each(|studio| path_segment(studio).map(drop))?;
        self.filters.check()
    }
}
