//! A member's notification settings.

model! {
    /// The emails that a member accepts.
    pub struct EmailNotificationSettings {
        /// Messages of the system.
        pub is_system_email_opt_in: Option<bool> = "isSystemEmailOptIn",
        /// Advertising.
        pub is_promotional_email_opt_in: Option<bool> = "isPromotionalEmailOptIn",
        /// Messages about one's own bookings and payments.
        pub is_transactional_email_opt_in: Option<bool> = "isTransactionalEmailOptIn",
        /// Where they go.
        pub email: Option<String>,
    }
}

model! {
    /// The text messages and calls that a member accepts.
    pub struct SmsNotificationSettings {
        /// Advertising by text message.
        pub is_promotional_sms_opt_in: Option<bool> = "isPromotionalSmsOptIn",
        /// Text messages about one's own bookings and payments.
        pub is_transactional_sms_opt_in: Option<bool> = "isTransactionalSmsOptIn",
        /// Advertising by call.
        pub is_promotional_phone_opt_in: Option<bool> = "isPromotionalPhoneOptIn",
        /// Calls about one's own bookings and payments.
        pub is_transactional_phone_opt_in: Option<bool> = "isTransactionalPhoneOptIn",
    }
}
