//! The endpoints of the login.

use http::Method;

/// An endpoint, and what is to be said about it.
#[derive(Debug)]
pub(super) struct Endpoint {
    /// How errors and the log name it: without the login's id.
    pub(super) name: &'static str,
    pub(super) method: Method,
    /// What is before the login's id, and after it.
    pub(super) path: (&'static str, &'static str),
    pub(super) not_found_means: Option<&'static str>,
    /// For a write: what to do when it is not known whether it took effect.
    pub(super) hint: &'static str,
}

pub(super) static CHALLENGE: Endpoint = Endpoint {
    name: "GET /api/v1/pow/challenge",
    method: Method::GET,
    path: ("/api/v1/pow/challenge", ""),
    not_found_means: Some("is this the address of a CodeGrade server?"),
    hint: "",
};

pub(super) static CREATE: Endpoint = Endpoint {
    name: "POST /api/v1/otp_logins",
    method: Method::POST,
    path: ("/api/v1/otp_logins", ""),
    not_found_means: Some("is this the address of a CodeGrade server?"),
    hint: "a mail with a code may come, so wait for it",
};

pub(super) static CONFIRM: Endpoint = Endpoint {
    name: "POST /api/v1/otp_logins/{id}/confirm",
    method: Method::POST,
    path: ("/api/v1/otp_logins/", "/confirm"),
    not_found_means: Some(
        "the code is wrong, or no user matches, or the login is locked after five tries, used up, expired, or \
         of another IP address",
    ),
    hint: "it may have counted as one of five tries or used up the login, so mind that",
};

pub(super) static LIST: Endpoint = Endpoint {
    name: "GET /api/v1/otp_logins/{id}/users/",
    method: Method::GET,
    path: ("/api/v1/otp_logins/", "/users/"),
    not_found_means: Some(
        "the code is wrong or not confirmed yet, or the login is locked, used up, expired, or of another IP \
         address",
    ),
    hint: "",
};

pub(super) static SELECT: Endpoint = Endpoint {
    name: "POST /api/v1/otp_logins/{id}/select",
    method: Method::POST,
    path: ("/api/v1/otp_logins/", "/select"),
    not_found_means: Some(
        "the code is wrong or not confirmed yet, or there is no such user, or the login is locked, used up, \
         expired, or of another IP address",
    ),
    hint: "it may have used up the login, so mind that",
};
