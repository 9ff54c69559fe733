//! Which classes are asked for.

use jiff::civil::{Date, Time, Weekday};

use crate::error::{Error, Result};
use crate::models::{ClassType, OtfClass, StudioUuid};

/// A query of the class list. The default: the home studio's classes that can be booked now or later.
///
/// Its own conditions and its filters all have to hold (AND); within a condition one value is enough (OR), and
/// of several filters one is enough (OR).
///
/// ```
/// use jiff::civil::{Weekday, time};
/// use otf_api::{ClassFilter, ClassQuery, ClassType};
///
/// // Weekend mornings, or a Tread 50 at any time, with a free place.
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
    pub(super) cancelled: bool,
    pub(super) with_studios: bool,
    pub(super) with_booked: bool,
    base: ClassFilter,
    filters: Vec<ClassFilter>,
}

/// Conditions on a class. All have to hold; where a condition has several values, one is enough.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClassFilter {
    from: Option<Date>,
    until: Option<Date>,
    weekdays: Vec<Weekday>,
    class_types: Vec<ClassType>,
    start_times: Vec<Time>,
    after: Option<Time>,
    before: Option<Time>,
    coaches: Vec<String>,
    studios: Vec<StudioUuid>,
    available: bool,
}

impl ClassFilter {
    /// No condition yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// On this day or later, as the studio counts days.
    #[must_use]
    pub fn from(mut self, date: Date) -> Self {
        self.from = Some(date);
        self
    }

    /// On this day or earlier: the day itself is included.
    #[must_use]
    pub fn until(mut self, date: Date) -> Self {
        self.until = Some(date);
        self
    }

    /// On this day alone.
    #[must_use]
    pub fn on(self, date: Date) -> Self {
        self.from(date).until(date)
    }

    /// On this day of the week, or another one named so.
    #[must_use]
    pub fn weekday(mut self, weekday: Weekday) -> Self {
        self.weekdays.push(weekday);
        self
    }

    /// Of this type, or another one named so.
    #[must_use]
    pub fn class_type(mut self, class_type: ClassType) -> Self {
        self.class_types.push(class_type);
        self
    }

    /// Starting at this time of the studio's day, or another one named so.
    #[must_use]
    pub fn start_time(mut self, time: Time) -> Self {
        self.start_times.push(time);
        self
    }

    /// Starting at this time of the studio's day or later.
    #[must_use]
    pub fn after(mut self, time: Time) -> Self {
        self.after = Some(time);
        self
    }

    /// Starting before this time of the studio's day.
    #[must_use]
    pub fn before(mut self, time: Time) -> Self {
        self.before = Some(time);
        self
    }

    /// With this coach, or another one named so; upper and lower case are the same.
    #[must_use]
    pub fn coach(mut self, name: impl Into<String>) -> Self {
        self.coaches.push(name.into());
        self
    }

    /// At this studio, or another one named so. This only filters: [`ClassQuery::studio`] says where to ask.
    #[must_use]
    pub fn studio(mut self, studio: impl Into<StudioUuid>) -> Self {
        self.studios.push(studio.into());
        self
    }

    /// With a free place.
    #[must_use]
    pub fn available(mut self) -> Self {
        self.available = true;
        self
    }

    /// Whether a class meets all conditions.
    pub fn matches(&self, class: &OtfClass) -> bool {
        let date = class.starts_at.date();
        let time = class.starts_at.time();
        let coach = class.coach_name().unwrap_or_default();
        self.from.is_none_or(|from| from <= date)
            && self.until.is_none_or(|until| date <= until)
            && any(&self.weekdays, |weekday| *weekday == date.weekday())
            && any(&self.class_types, |class_type| *class_type == class.class_type)
            && any(&self.start_times, |start| *start == time)
            && self.after.is_none_or(|after| after <= time)
            && self.before.is_none_or(|before| time < before)
            && any(&self.coaches, |name| name.trim().to_lowercase() == coach.trim().to_lowercase())
            && any(&self.studios, |studio| class.studio_uuid() == Some(studio))
            && (!self.available || class.has_availability())
    }

    fn check(&self) -> Result<()> {
        if let (Some(from), Some(until)) = (self.from, self.until)
            && until < from
        {
            return Err(Error::invalid("until", format!("{until} is before {from}")));
        }
        Ok(())
    }
}

/// No values are no condition.
fn any<T>(values: &[T], matches: impl Fn(&T) -> bool) -> bool {
    values.is_empty() || values.iter().any(matches)
}

macro_rules! conditions {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty)?);)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self $(, $argument: $type)?) -> Self {
            self.base = self.base.$name($($argument)?);
            self
        }
    )*};
}

impl ClassQuery {
    /// The home studio's classes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks this studio, and others named so, in place of the home studio.
    #[must_use]
    pub fn studio(mut self, studio: impl Into<StudioUuid>) -> Self {
        self.studios.push(studio.into());
        self
    }

    /// Asks the home studio besides those named.
    #[must_use]
    pub fn home_studio(mut self) -> Self {
        self.home_studio = true;
        self
    }

    /// Also gives the classes that the studio has cancelled.
    #[must_use]
    pub fn cancelled(mut self) -> Self {
        self.cancelled = true;
        self
    }

    /// Also loads each studio's detail into `studio_detail`: one request a studio more.
    #[must_use]
    pub fn with_studios(mut self) -> Self {
        self.with_studios = true;
        self
    }

    /// Also says which classes are booked, in `is_booked`: one request more.
    #[must_use]
    pub fn with_booked(mut self) -> Self {
        self.with_booked = true;
        self
    }

    /// Adds an alternative: of all that are added, one has to match.
    #[must_use]
    pub fn filter(mut self, filter: ClassFilter) -> Self {
        self.filters.push(filter);
        self
    }

    conditions! {
        /// On this day or later, as the studio counts days.
        from(date: Date);
        /// On this day or earlier: the day itself is included.
        until(date: Date);
        /// On this day alone.
        on(date: Date);
        /// On this day of the week, or another one named so.
        weekday(weekday: Weekday);
        /// Of this type, or another one named so.
        class_type(class_type: ClassType);
        /// Starting at this time of the studio's day, or another one named so.
        start_time(time: Time);
        /// Starting at this time of the studio's day or later.
        after(time: Time);
        /// Starting before this time of the studio's day.
        before(time: Time);
        /// With this coach, or another one named so; upper and lower case are the same.
        coach(name: impl Into<String>);
        /// With a free place.
        available();
    }

    /// Whether a class meets the query's conditions and one of its filters.
    pub fn matches(&self, class: &OtfClass) -> bool {
        self.base.matches(class)
            && any(&self.filters, |filter| filter.matches(class))
            && (self.cancelled || class.is_cancelled != Some(true))
    }

    pub(super) fn check(&self) -> Result<()> {
        self.base.check()?;
        self.filters.iter().try_for_each(ClassFilter::check)
    }
}
