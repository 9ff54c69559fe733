//! Conditions on classes, for queries of classes and of bookings.

use jiff::civil::{Date, Time, Weekday};

use super::class_view::ClassView;
use crate::error::{Error, Result};
use crate::models::{ClassType, OtfClass, StudioUuid};

/// Conditions on a class. A class has to match all of them. A condition set several times matches any of the values.
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
    /// Without conditions.
    pub fn new() -> Self {
        Self::default()
    }

    /// On this day or later, as the studio counts days.
    #[doc(alias = "start_date")]
    #[must_use]
    pub fn from(mut self, date: Date) -> Self {
        self.from = Some(date);
        self
    }

    /// On this day or earlier.
    #[doc(alias = "end_date")]
    #[must_use]
    pub fn until(mut self, date: Date) -> Self {
        self.until = Some(date);
        self
    }

    /// Only on this day.
    #[must_use]
    pub fn on(self, date: Date) -> Self {
        self.from(date).until(date)
    }

    /// On this day of the week. May be called repeatedly; any of the days matches.
    #[doc(alias = "day_of_week")]
    #[must_use]
    pub fn weekday(mut self, weekday: Weekday) -> Self {
        self.weekdays.push(weekday);
        self
    }

    /// Of this type. May be called repeatedly; any of the types matches.
    #[must_use]
    pub fn class_type(mut self, class_type: ClassType) -> Self {
        self.class_types.push(class_type);
        self
    }

    /// Starting at this time, local to the studio. May be called repeatedly; any of the times matches.
    #[must_use]
    pub fn start_time(mut self, time: Time) -> Self {
        self.start_times.push(time);
        self
    }

    /// Starting at this time or later, local to the studio.
    #[must_use]
    pub fn after(mut self, time: Time) -> Self {
        self.after = Some(time);
        self
    }

    /// Starting before this time, local to the studio.
    #[must_use]
    pub fn before(mut self, time: Time) -> Self {
        self.before = Some(time);
        self
    }

    /// With this coach, by first name, ignoring case. May be called repeatedly; any of the coaches matches.
    #[must_use]
    pub fn coach(mut self, name: impl Into<String>) -> Self {
        self.coaches.push(name.into());
        self
    }

    /// At this studio. May be called repeatedly; any of the studios matches. It only filters the list:
    /// [`ClassQuery::studio`](crate::ClassQuery::studio) sets whose classes are listed.
    #[must_use]
    pub fn studio(mut self, studio: impl Into<StudioUuid>) -> Self {
        self.studios.push(studio.into());
        self
    }

    /// With a free spot. Bookings do not say whether their class has one, so they always match.
    #[must_use]
    pub fn available(mut self) -> Self {
        self.available = true;
        self
    }

    /// Whether a class matches all conditions.
    #[doc(alias = "filter_classes")]
    pub fn matches(&self, class: &OtfClass) -> bool {
        self.hold_for(&class.into())
    }

    fn hold_for(&self, class: &ClassView<'_>) -> bool {
        let date = class.start.date();
        let time = class.start.local.time();
        let coach = class.coach.unwrap_or_default();
        self.from.is_none_or(|from| from <= date)
            && self.until.is_none_or(|until| date <= until)
            && any(&self.weekdays, |weekday| *weekday == date.weekday())
            && any(&self.class_types, |class_type| Some(class_type) == class.class_type)
            && any(&self.start_times, |start| *start == time)
            && self.after.is_none_or(|after| after <= time)
            && self.before.is_none_or(|before| time < before)
            && any(&self.coaches, |name| letters(name).eq(letters(coach)))
            && any(&self.studios, |studio| class.studio == Some(studio))
            && (!self.available || class.full != Some(true))
    }

    fn check(&self) -> Result<()> {
        if let (Some(from), Some(until)) = (self.from, self.until)
            && until < from
        {
            return Err(Error::invalid("until", format!("{until} is before {from}")));
        }
        if let (Some(after), Some(before)) = (self.after, self.before)
            && before <= after
        {
            return Err(Error::invalid("before", format!("{before} is not after {after}")));
        }
        Ok(())
    }
}

/// A name's letters in lower case, with the final sigma as an ordinary one.
fn letters(name: &str) -> impl Iterator<Item = char> {
    let lower = name.trim().chars().flat_map(char::to_lowercase);
    lower.map(|letter| if letter == 'ς' { 'σ' } else { letter })
}

/// Whether a value matches; without values, everything does.
fn any<T>(values: &[T], matches: impl Fn(&T) -> bool) -> bool {
    values.is_empty() || values.iter().any(matches)
}

/// The conditions of a query: its own, all of which have to match, and alternatives, one of which has to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Filters {
    pub(super) own: ClassFilter,
    pub(super) alternatives: Vec<ClassFilter>,
}

impl Filters {
    pub(super) fn hold_for(&self, class: &ClassView<'_>) -> bool {
        self.own.hold_for(class) && any(&self.alternatives, |filter| filter.hold_for(class))
    }

    pub(super) fn check(&self) -> Result<()> {
        self.own.check()?;
        self.alternatives.iter().try_for_each(ClassFilter::check)
    }
}

/// Setters of a query that set its `filters`: those that every query has, and those listed.
macro_rules! conditions {
    (@each $($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty)?);)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self $(, $argument: $type)?) -> Self {
            self.filters.own = self.filters.own.$name($($argument)?);
            self
        }
    )*};
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty)?);)*) => {
        crate::api::class_filter::conditions! {
            @each
            /// On this day of the week. May be called repeatedly; any of the days matches.
            #[doc(alias = "day_of_week")]
            weekday(weekday: jiff::civil::Weekday);
            /// Of this type. May be called repeatedly; any of the types matches.
            class_type(class_type: crate::models::ClassType);
            /// Starting at this time, local to the studio. May be called repeatedly; any of the times matches.
            start_time(time: jiff::civil::Time);
            /// Starting at this time or later, local to the studio.
            after(time: jiff::civil::Time);
            /// Starting before this time, local to the studio.
            before(time: jiff::civil::Time);
            /// With this coach, by first name, ignoring case. May be called repeatedly; any of the coaches matches.
            coach(name: impl Into<String>);
            $($(#[$doc])* $name($($argument: $type)?);)*
        }

        /// Adds an alternative. Of all alternatives, one has to match.
        #[must_use]
        pub fn filter(mut self, filter: crate::api::ClassFilter) -> Self {
            self.filters.alternatives.push(filter);
            self
        }
    };
}

pub(super) use conditions;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coaches_are_the_same_in_upper_and_lower_case() {
        for (one, other) in [("Zoë", " ZOË"), ("ÁSDÍS", "ásdís "), ("Μάριος", "ΜΆΡΙΟΣ"), ("Иван", "ИВАН")]
        {
            assert!(letters(one).eq(letters(other)), "{one} {other}");
        }
        for (one, other) in [("Zoë", "Zoe"), ("Wren", "Wre"), ("Wren", "Wren B")] {
            assert!(!letters(one).eq(letters(other)), "{one} {other}");
        }
    }
}
