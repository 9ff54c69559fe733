//! The server's error codes.

use super::text_enum::text_enum;

// As in the Python client 17.0.48; the spelling mistakes are the server's.
text_enum! {
    /// The server's name for what went wrong ([`ApiError::code`](super::ApiError::code)).
    #[doc(alias = "APICodes")]
    ApiCode {
        IncorrectPermission = "INCORRECT_PERMISSION",
        NotLoggedIn = "NOT_LOGGED_IN",
        ObjectIdNotFound = "OBJECT_ID_NOT_FOUND",
        ObjectWrongType = "OBJECT_WRONG_TYPE",
        MissingRequiredParam = "MISSING_REQUIRED_PARAM",
        InvalidParam = "INVALID_PARAM",
        RequestTooLarge = "REQUEST_TOO_LARGE",
        LoginFailure = "LOGIN_FAILURE",
        InactiveUser = "INACTIVE_USER",
        InvalidUrl = "INVALID_URL",
        ObjectNotFound = "OBJECT_NOT_FOUND",
        BlockedAssignment = "BLOCKED_ASSIGNMENT",
        InvalidCredentials = "INVALID_CREDENTIALS",
        InvalidState = "INVALID_STATE",
        InvalidOauthRequest = "INVALID_OAUTH_REQUEST",
        DisabledSetting = "DISABLED_SETTING",
        UnknownError = "UNKOWN_ERROR",
        InvalidFileInArchive = "INVALID_FILE_IN_ARCHIVE",
        NoFilesSubmitted = "NO_FILES_SUBMITTED",
        RateLimitExceeded = "RATE_LIMIT_EXCEEDED",
        ObjectAlreadyExists = "OBJECT_ALREADY_EXISTS",
        InvalidArchive = "INVALID_ARCHIVE",
        RouteNotFound = "ROUTE_NOT_FOUND",
        WeakPassword = "WEAK_PASSWORD",
        InsufficientGroupSize = "INSUFFICIENT_GROUP_SIZE",
        AssignmentResultGroupNotReady = "ASSIGNMENT_RESULT_GROUP_NOT_READY",
        AssignmentGroupFull = "ASSIGNMENT_GROUP_FULL",
        Unsupported = "UNSUPPORTED",
        AssignmentDeadlineUnset = "ASSIGNMENT_DEADLINE_UNSET",
        ParsingFailed = "PARSING_FAILED",
        UnsafeArchive = "UNSAFE_ARCHIVE",
        LockedUpdate = "LOCKED_UPDATE",
        NotNewestSubmission = "NOT_NEWEST_SUBMSSION",
        UploadTypeDisabled = "UPLOAD_TYPE_DISABLED",
        WebhookDifferentBranch = "WEBHOOK_DIFFERENT_BRANCH",
        WebhookUnknownEventType = "WEBHOOK_UNKNOWN_EVENT_TYPE",
        WebhookUnknownType = "WEBHOOK_UNKOWN_TYPE",
        WebhookInvalidRequest = "WEBHOOK_INVALID_REQUEST",
        WebhookUnknownRequest = "WEBHOOK_UNKNOWN_REQUEST",
        WebhookDisabled = "WEBHOOK_DISABLED",
        ObjectExpired = "OBJECT_EXPIRED",
        TooManySubmissions = "TOO_MANY_SUBMISSIONS",
        CoolOffPeriodActive = "COOL_OFF_PERIOD_ACTIVE",
        MailingFailed = "MAILING_FAILED",
        Lti13Error = "LTI1_3_ERROR",
        Lti13CookieError = "LTI1_3_COOKIE_ERROR",
        Lti11Error = "LTI1_1_ERROR",
        ImageBeingCreated = "IMAGE_BEING_CREATED",
        ObjectTooNew = "OBJECT_TOO_NEW",
        SkippedResult = "SKIPPED_RESULT",
        LimitReached = "LIMIT_REACHED",
        TokenRevoked = "TOKEN_REVOKED",
        RepoAlreadyConnected = "REPO_ALREADY_CONNECTED",
        RepoConnectionLimitReached = "REPO_CONNECTION_LIMIT_REACHED",
        MalformedCommunityLibraryItem = "MALFORMED_COMMUNITY_LIBRARY_ITEM",
        AssignmentHasStudentSubmissions = "ASSIGNMENT_HAS_STUDENT_SUBMISSIONS",
        IsolatedSessionActive = "ISOLATED_SESSION_ACTIVE",
        TierRestricted = "TIER_RESTRICTED",
        CourseUserLimitExceeded = "COURSE_USER_LIMIT_EXCEEDED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_and_unknown_codes_keep_their_name() {
        let read = |name: &str| serde_json::from_value::<ApiCode>(name.into()).unwrap();
        assert_eq!(read("UNKOWN_ERROR"), ApiCode::UnknownError);
        for name in ["ISOLATED_SESSION_ACTIVE", "LTI1_3_ERROR", "SOMETHING_NEW", ""] {
            assert_eq!(read(name).as_str(), name);
            assert_eq!(serde_json::to_value(read(name)).unwrap(), name);
        }
        assert_eq!(read("SOMETHING_NEW"), ApiCode::Other("SOMETHING_NEW".to_owned()));
    }
}
