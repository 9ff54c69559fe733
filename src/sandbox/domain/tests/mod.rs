//! The domain endpoints, called without a server.

mod behaviors;
mod bookings;
mod legacy;
mod members;
mod simulation;
mod studios;
mod workouts;

use std::net::{IpAddr, Ipv4Addr};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Domain;
use crate::sandbox::accounts::Account;
use crate::sandbox::http::{Request, percent_decode};

const NOW: &str = "2026-03-06T18:02:03Z";

/// A domain with a fixed clock and somebody who calls it.
pub(super) struct Bench {
    pub(super) domain: Domain,
    pub(super) now: Timestamp,
    pub(super) caller: Account,
    pub(super) headers: Vec<(&'static str, &'static str)>,
}

impl Bench {
    pub(super) fn new(caller: Account) -> Self {
        Self::at(caller, NOW)
    }

    pub(super) fn at(caller: Account, now: &str) -> Self {
        let now = now.parse().unwrap();
        let headers = vec![("koji-member-id", caller.member_uuid), ("koji-member-email", caller.email)];
        Self { domain: Domain::new(now), now, caller, headers }
    }

    /// Calls an endpoint; `{member}` and `{cognito}` in the target stand for the caller's ids.
    pub(super) fn call(&mut self, method: &str, target: &str, body: Value) -> (u16, Value) {
        let target =
            target.replace("{member}", self.caller.member_uuid).replace("{cognito}", self.caller.cognito_id);
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let request = Request {
            method: method.to_owned(),
            path: path.to_owned(),
            query: pairs.map(|(key, value)| (percent_decode(key), percent_decode(value))).collect(),
            raw_query: query.to_owned(),
            headers: self
                .headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() },
            peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
        };
        let response = self.domain.handle(&self.caller, &request, self.now);
        let response = response.unwrap_or_else(|| panic!("no route for {method} {target}"));
        (response.status, serde_json::from_slice(&response.body).unwrap_or(Value::Null))
    }

    pub(super) fn get(&mut self, target: &str) -> Value {
        let (status, body) = self.call("GET", target, Value::Null);
        assert_eq!(status, 200, "{target}: {body}");
        body
    }

    /// The classes of the caller's home studio.
    pub(super) fn classes(&mut self) -> Vec<Value> {
        let home = self.get("/member/members/{member}")["data"]["homeStudio"]["studioUUId"].clone();
        let list = self.get(&format!("/v1/classes?studio_ids={}", home.as_str().unwrap()));
        list["items"].as_array().unwrap().clone()
    }

    /// One of them again, by id.
    pub(super) fn class(&mut self, id: &Value) -> Value {
        self.classes().into_iter().find(|class| &class["id"] == id).unwrap()
    }

    pub(super) fn bookings(&mut self, canceled: bool) -> Vec<Value> {
        let target = format!("/v1/bookings/me?include_canceled={canceled}&expand=true");
        self.get(&target)["items"].as_array().unwrap().clone()
    }

    pub(super) fn book(&mut self, class: &Value, waitlist: bool) -> (u16, Value) {
        let body = json!({ "class_id": class["id"], "confirmed": false, "waitlist": waitlist });
        self.call("POST", "/v1/bookings/me", body)
    }
}
