//! A booking's status.

open_enum! {
    /// A booking's status. Only `Booked` and `Canceled` were recorded; the others come from one client's code.
    pub enum BookingStatus {
        /// Pending.
        Pending = "Pending",
        /// Requested.
        Requested = "Requested",
        /// Booked.
        Booked = "Booked",
        /// Canceled in time.
        Canceled = "Cancelled",
        /// Canceled late, so that the studio may charge for it.
        LateCanceled = "Late Cancelled",
        /// On the waitlist.
        Waitlisted = "Waitlisted",
        /// The member has checked in.
        CheckedIn = "Checked In",
        /// A check-in is pending.
        CheckinPending = "Checkin Pending",
        /// A check-in was requested.
        CheckinRequested = "Checkin Requested",
        /// Confirmed.
        Confirmed = "Confirmed",
        /// The check-in was canceled.
        CheckinCanceled = "Checkin Cancelled",
        /// Canceling the check-in is pending.
        CancelCheckinPending = "Cancel Checkin Pending",
        /// Canceling the check-in was requested.
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
        Self::LateCanceled,
        Self::CheckinPending,
        Self::CheckinRequested,
        Self::CheckinCanceled,
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
            Self::CheckinCanceled => 8,
            Self::Canceled => 9,
            Self::LateCanceled => 10,
            Self::CancelCheckinPending => 11,
            Self::CancelCheckinRequested => 12,
            Self::Other(_) => u8::MAX,
        }
    }

    /// Whether it was canceled, late or in time.
    #[must_use]
    pub fn is_canceled(&self) -> bool {
        matches!(self, Self::Canceled | Self::LateCanceled)
    }
}
