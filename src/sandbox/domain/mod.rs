//! The OrangeTheory endpoints: their state and their routes.
//!
//! The state is derived from the time the sandbox starts, so a run can be repeated; all that the
//! requests change (bookings, ratings, names, favourites, preferences) is kept in [`Domain`].

mod answers;
mod atlas;
mod bookings;
mod hooks;
mod ids;
mod members;
mod schedule;
mod seeds;
mod studios;
#[cfg(test)]
mod tests;
mod times;
mod workouts;

use jiff::Timestamp;
use serde_json::Value;

use self::answers::{forbidden, not_found, success};
use self::bookings::Booking;
use self::members::Member;
use self::schedule::Class;
use super::Account;
use super::http::{Request, Response};

/// The state behind the domain endpoints.
#[derive(Debug)]
pub(crate) struct Domain {
    members: Vec<Member>,
    classes: Vec<Class>,
    bookings: Vec<Booking>,
    bookings_made: usize,
    /// How many lists a new booking is missing from.
    lag: u32,
    odd_classes: Vec<Value>,
    odd_bookings: Vec<Value>,
}

/// A request with who sent it, and when.
struct Call<'a> {
    caller: &'a Account,
    request: &'a Request,
    now: Timestamp,
}

impl Domain {
    /// The state at the start, with a schedule and a history around `now`.
    pub(crate) fn new(now: Timestamp) -> Self {
        let members = members::members(now);
        let mut classes = schedule::schedule(now);
        let bookings = seeds::upcoming(&mut classes, now);
        Self {
            members,
            classes,
            bookings,
            bookings_made: 0,
            lag: 0,
            odd_classes: Vec::new(),
            odd_bookings: Vec::new(),
        }
    }

    /// Answers a request of a signed-in account; `None` where there is no such route.
    pub(crate) fn handle(&mut self, caller: &Account, request: &Request, now: Timestamp) -> Option<Response> {
        let call = &Call { caller, request, now };
        let segments = request.segments();
        let path: Vec<&str> = segments.iter().map(String::as_str).collect();
        Some(match (request.method.as_str(), path.as_slice()) {
            ("GET", ["v1", "classes"]) => self.list_classes(call),
            ("GET", ["v1", "bookings", "me"]) => self.list_bookings(call),
            ("POST", ["v1", "bookings", "me"]) => self.book(call),
            ("DELETE", ["v1", "bookings", "me", id]) => self.cancel(call, id),
            (method, ["member", "members", id, rest @ ..]) => {
                return self.member_route(call, method, id, rest);
            }
            ("GET", ["mobile", "v1", "studios", id]) => match atlas::by_uuid(id) {
                Some(studio) => success(&studio.detail()),
                None => not_found("The studio"),
            },
            _ => return None,
        })
    }

    /// What lies under `/member/members/{member}`.
    fn member_route(&mut self, call: &Call<'_>, method: &str, id: &str, rest: &[&str]) -> Option<Response> {
        if id != call.caller.member_uuid {
            return Some(forbidden());
        }
        Some(match (method, rest) {
            ("GET", []) => self.member_detail(call),
            ("PUT", []) => self.rename_member(call),
            _ => return None,
        })
    }

    fn member(&self, account: &Account) -> Option<&Member> {
        self.members.iter().find(|member| member.account.member_uuid == account.member_uuid)
    }

    fn member_mut(&mut self, account: &Account) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.account.member_uuid == account.member_uuid)
    }
}
