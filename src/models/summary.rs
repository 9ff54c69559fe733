//! Performance summaries: what a workout came to.

model! {
    /// Minutes in each heart rate zone. A zone that is left out counts none.
    #[derive(Copy, Eq)]
    pub struct ZoneTimeMinutes {
        /// Very light.
        pub gray: i64,
        /// Light.
        pub blue: i64,
        /// Moderate: the base pace.
        pub green: i64,
        /// Hard: the push pace. Earns splat points.
        pub orange: i64,
        /// All-out. Earns splat points.
        pub red: i64,
    }
}
