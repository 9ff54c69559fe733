//! A booking's status.

open_enum! {
    /// A booking's status.
    pub enum BookingStatus {
        /// On its way.
        Pending = "Pending",
        /// Requested.
        Requested = "Requested",
        /// Booked.
        Booked = "Booked",
        /// Cancelled in time.
        Cancelled = "Cancelled",
        /// Cancelled so late that it costs.
        LateCancelled = "Late Cancelled",
        /// On the waitlist.
        Waitlisted = "Waitlisted",
        /// The member has checked in.
        CheckedIn = "Checked In",
        /// A check-in is on its way.
        CheckinPending = "Checkin Pending",
        /// A check-in was requested.
        CheckinRequested = "Checkin Requested",
        /// Confirmed.
        Confirmed = "Confirmed",
        /// The check-in was cancelled.
        CheckinCancelled = "Checkin Cancelled",
        /// Cancelling the check-in is on its way.
        CancelCheckinPending = "Cancel Checkin Pending",
        /// Cancelling the check-in was requested.
        CancelCheckinRequested = "Cancel Checkin Requested",
    }
    default Self::Booked;
}

impl BookingStatus {
    /// The statuses that bookings of the past have.
    #[doc(alias = "HISTORICAL_BOOKING_STATUSES")]
    pub const HISTORICAL: &'static [Self] = &[
        Self::CheckedIn,
        Self::CancelCheckinPending,
        Self::CancelCheckinRequested,
        Self::LateCancelled,
        Self::CheckinPending,
        Self::CheckinRequested,
        Self::CheckinCancelled,
    ];

    /// The rank of this status among several bookings of one class: the lowest counts.
    #[must_use]
    pub fn priority(&self) -> u8 {
        match self {
            Self::Booked => 0,
            Self::Confirmed => 1,
            Self::Waitlisted => 2,
            Self::Pending => 3,
            Self::Requested => 4,
            Self::CheckedIn => 5,
            Self::CheckinPending => 6,
            Self::CheckinRequested => 7,
            Self::CheckinCancelled => 8,
            Self::Cancelled => 9,
            Self::LateCancelled => 10,
            Self::CancelCheckinPending => 11,
            Self::CancelCheckinRequested => 12,
            Self::Other(_) => u8::MAX,
        }
    }

    /// Whether it was cancelled, late or in time.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::Cancelled | Self::LateCancelled)
    }
}
