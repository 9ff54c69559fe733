//! The filters of the official app's class list.

use std::fmt;

use super::class::ClassType;
use crate::decode::Listing;
use crate::error::printable;

model! {
    /// A filter of the official app's class list, such as the class type. Known from one client's code.
    pub struct ClassFilterOption {
        /// Its name, such as `class_type`.
        pub name: Option<String>,
        /// Its display name, such as `Class Type`.
        pub display_name: Option<String>,
        /// The field of a class that it compares, such as `type`.
        pub class_field: Option<String> = "class_field_type" | "class_field_name",
        /// The values to choose from.
        pub values: Listing<ClassFilterValue>,
    }
}

model! {
    /// A value of a [`ClassFilterOption`].
    pub struct ClassFilterValue {
        /// The value in the class list, such as `TREAD_50`.
        pub value: Option<String>,
        /// Its display name, such as `Tread 50`.
        pub display_name: Option<String>,
        /// An icon.
        pub icon_url: Option<String>,
    }
}

impl ClassFilterOption {
    /// Whether its values are class types.
    #[must_use]
    pub fn is_class_type(&self) -> bool {
        self.class_field.as_deref() == Some("type")
    }
}

impl ClassFilterValue {
    /// The value as a class type, for [`ClassQuery::class_type`](crate::ClassQuery::class_type). Meaningful only if the
    /// option's values [are class types](ClassFilterOption::is_class_type).
    #[must_use]
    pub fn class_type(&self) -> Option<ClassType> {
        self.value.as_deref().map(ClassType::from)
    }
}

impl fmt::Display for ClassFilterOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        name(f, [&self.display_name, &self.name])
    }
}

impl fmt::Display for ClassFilterValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        name(f, [&self.display_name, &self.value])
    }
}

fn name(f: &mut fmt::Formatter<'_>, names: [&Option<String>; 2]) -> fmt::Result {
    f.pad(&printable(names.into_iter().flatten().next().map_or("a filter without a name", String::as_str)))
}
