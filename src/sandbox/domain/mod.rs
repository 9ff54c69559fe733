//! The OrangeTheory endpoints: their state and their routes.
//!
//! The state derives from the time at which the sandbox starts, so a run can be repeated. [`Domain`] holds all
//! that requests change: bookings, ratings, names, favorites, preferences.

mod atlas;
mod behaviors;
mod billing;
mod body;
mod bookings;
mod challenges;
mod class_filters;
mod comped;
mod counters;
mod extras;
mod heart;
mod history;
mod hooks;
mod ids;
mod in_studio;
mod legacy;
mod members;
mod newer;
mod older_studios;
mod outside;
mod partners;
mod preferences;
mod program;
mod ratings;
mod records;
mod responses;
mod schedule;
mod seeds;
mod simulation;
mod stats;
mod studio_routes;
mod studios;
mod summaries;
mod telemetry;
#[cfg(test)]
mod tests;
mod times;
mod trends;
mod workouts;

use jiff::Timestamp;
use serde_json::Value;

use self::behaviors::Behaviors;
pub(crate) use self::behaviors::ListDelay;
use self::bookings::Booking;
use self::members::Member;
pub(crate) use self::members::member_claims;
pub(crate) use self::partners::public_route;
use self::responses::forbidden;
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
    /// How many comped bookings have been added.
    comped: i32,
    behaviors: Behaviors,
    malformed_classes: Vec<Value>,
    malformed_bookings: Vec<Value>,
}

/// A request with its caller and time.
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
        let mut bookings = seeds::upcoming(&mut classes, now);
        bookings.extend(history::workouts(&mut classes, now));
        Self {
            members,
            classes,
            bookings,
            bookings_made: 0,
            comped: 0,
            behaviors: Behaviors::default(),
            malformed_classes: Vec::new(),
            malformed_bookings: Vec::new(),
        }
    }

    /// Adds a member without a history.
    pub(crate) fn add_member(&mut self, account: Account, now: Timestamp) {
        self.members.push(Member::new(account, now));
    }

    /// The member's names, for the user pool.
    pub(crate) fn names(&self, account: &Account) -> Option<(String, String)> {
        self.member(account).map(|member| (member.first_name.clone(), member.last_name.clone()))
    }

    /// Handles a request of a signed-in account; `None` if there is no such route.
    pub(crate) fn handle(&mut self, caller: &Account, request: &Request, now: Timestamp) -> Option<Response> {
        let call = &Call { caller, request, now };
        let segments = request.segments();
        let path: Vec<&str> = segments.iter().map(String::as_str).collect();
        Some(match (request.method.as_str(), path.as_slice()) {
            ("GET", ["v1", "classes"]) => self.list_classes(call),
            ("GET", ["v1", "classes", "filters"]) => class_filters::class_filters(),
            ("GET", ["v1", "bookings", "me"]) => self.list_bookings(call),
            ("POST", ["v1", "bookings", "me"]) => self.book(call),
            ("DELETE", ["v1", "bookings", "me", id]) => self.cancel(call, id),
            ("POST", ["mobile", "v1", "members", "classes", "ratings"]) => self.rate(call),
            ("GET", ["mobile", "v1", "members", "classes", "summary"]) => self.class_counters(call),
            ("GET", ["virtual-class", "in-studio-workouts"]) => self.in_studio_workouts(call),
            ("GET", ["v1", "performance-summaries"]) => self.summaries(call),
            ("GET", ["v1", "performance-summaries", id]) => self.summary(call, id),
            ("GET", ["v1", "performance", "summary"]) => self.telemetry(call),
            ("GET", ["v1", "physVars", "maxHr", "history"]) => self.heart_history(call),
            ("GET", ["performance", "v2", id, "over-time", period]) => {
                of_caller(call, id).unwrap_or_else(|| self.lifetime(call, period))
            }
            ("GET", ["challenges", "v3.1", "member", id]) => {
                of_caller(call, id).unwrap_or_else(|| self.challenge_tracker(call))
            }
            ("GET", ["challenges", "v3", "member", id, "benchmarks"]) => {
                of_caller(call, id).unwrap_or_else(|| self.benchmarks(call))
            }
            ("GET", ["challenges", "v1", "member", id, "participation"]) => {
                of_caller(call, id).unwrap_or_else(|| self.participation(call))
            }
            ("GET", ["consumer-mobile", "v1", "users", "me", "workout-stats", "preview"]) => {
                self.trends_preview(call)
            }
            ("GET", ["consumer-mobile", "v1", "users", "me", "workout-stats", trend]) => {
                self.trend(call, trend)
            }
            ("GET", ["member", "members", id, "body-composition"]) if *id == caller.cognito_id => {
                self.body_composition(call)
            }
            (method, ["member", "members", id, rest @ ..]) => {
                return self.member_route(call, method, id, rest);
            }
            ("GET", ["mobile", "v1", "studios"]) => studio_routes::search(call),
            ("GET", ["mobile", "v1", "studios", id]) => studio_routes::detail(id),
            ("GET", ["member", "studios", id, "services"]) => studio_routes::services(id),
            ("POST", ["mobile", "v1", "members", "favorite-studios"]) => self.add_favorites(call),
            ("DELETE", ["mobile", "v1", "members", "favorite-studios"]) => self.remove_favorites(call),
            ("GET", ["member", "app-configurations"]) => extras::app_configuration(),
            ("GET", ["member", "wearables", id, "wearable-daily"]) => {
                of_caller(call, id).unwrap_or_else(|| self.wearable(call))
            }
            ("GET", ["sms", "v1", "preferences"]) => self.sms(call),
            ("POST", ["sms", "v1", "preferences"]) => self.set_sms(call),
            ("GET", ["otfmailing", "v2", "preferences"]) => self.email(call),
            ("POST", ["otfmailing", "v2", "preferences"]) => self.set_email(call),
            _ => return None,
        })
    }

    /// The routes below `/member/members/{member}`.
    fn member_route(&mut self, call: &Call<'_>, method: &str, id: &str, rest: &[&str]) -> Option<Response> {
        if id != call.caller.member_uuid {
            return Some(forbidden());
        }
        Some(match (method, rest) {
            ("GET", []) => self.member_detail(call),
            ("PUT", []) => self.rename_member(call),
            ("GET", ["memberships"]) => self.membership(call),
            ("GET", ["purchases"]) => self.purchases(call),
            ("GET", ["services"]) => self.member_services(call),
            ("GET", ["favorite-studios"]) => self.favorites(call),
            ("GET", ["out-of-studio-workout"]) => self.out_of_studio(call),
            ("GET", ["bookings"]) => self.older_list(call),
            ("PUT", ["bookings"]) => self.older_book(call),
            ("GET", ["bookings", uuid]) => self.older_booking(call, uuid),
            ("DELETE", ["bookings", uuid]) => self.older_cancel(call, uuid),
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

/// The refusal of a path that names another member than the caller.
fn of_caller(call: &Call<'_>, id: &str) -> Option<Response> {
    (id != call.caller.member_uuid).then(forbidden)
}
