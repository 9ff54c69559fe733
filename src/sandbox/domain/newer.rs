//! The newer endpoints: the class list, and bookings by class id.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::atlas;
use super::bookings::{Booking, Refusal};
use super::members::person_id;
use super::responses::{add, bad_request, error, not_found, thin};
use super::schedule::Class;
use super::workouts::Workout;
use super::{Call, Domain, ids, times};
use crate::sandbox::http::Response;

/// The most studios of a class list.
const MAX_STUDIOS: usize = 50;
/// A booking's class has its class UUID for this long after the class.
const BASE_UUID_DAYS: i64 = 90;

impl Domain {
    /// `GET /v1/classes?studio_ids=…`
    pub(super) fn list_classes(&self, call: &Call<'_>) -> Response {
        let named = call.request.query.iter().filter(|(key, _)| key == "studio_ids");
        let asked: Vec<&str> = named.map(|(_, uuid)| uuid.as_str()).collect();
        if asked.is_empty() || asked.len() > MAX_STUDIOS {
            return bad_request("studio_ids must name 1 to 50 studios");
        }
        let studios: Vec<&str> =
            asked.into_iter().filter_map(atlas::by_uuid).map(|studio| studio.key).collect();
        let since = times::plus_minutes(call.now, -24 * 60);
        let listed =
            self.classes.iter().filter(|class| class.start >= since && studios.contains(&class.studio.key));
        let mut listed: Vec<&Class> = listed.collect();
        listed.sort_by_key(|class| class.start);
        let items = listed.into_iter().map(|class| class.listed(self.taken(class)));
        let items: Vec<Value> = items.chain(self.malformed_classes.iter().cloned()).collect();
        Response::json(200, &json!({ "items": items }))
    }

    /// `GET /v1/bookings/me`, the latest class first.
    pub(super) fn list_bookings(&mut self, call: &Call<'_>) -> Response {
        let bound = |name: &str| call.request.query(name).map(str::parse::<Timestamp>).transpose();
        let (Ok(after), Ok(before)) = (bound("starts_after"), bound("ends_before")) else {
            return bad_request("starts_after and ends_before must be UTC times");
        };
        let flag = |name: &str| call.request.query(name) == Some("true");
        let (canceled, expand) = (flag("include_canceled"), flag("expand"));
        let listed =
            self.mine(call).filter_map(|(booking, class)| Some((booking.as_listed(call.now)?, class)));
        let mut found: Vec<(&Booking, &Class)> = listed
            .filter(|(booking, class)| {
                (canceled || booking.is_live())
                    && after.is_none_or(|after| class.start >= after)
                    && before.is_none_or(|before| class.end() <= before)
            })
            .collect();
        found.sort_by_key(|(booking, class)| std::cmp::Reverse((class.start, booking.created_at)));
        found.truncate(self.behaviors.list_limit.unwrap_or(usize::MAX));
        let items =
            found.into_iter().map(|(booking, class)| self.booking_json(booking, class, expand, call.now));
        let items: Vec<Value> = items.chain(self.malformed_bookings.iter().cloned()).collect();
        self.lists_catch_up(call.caller.member_uuid);
        Response::json(200, &json!({ "items": items }))
    }

    /// `POST /v1/bookings/me`
    pub(super) fn book(&mut self, call: &Call<'_>) -> Response {
        let body = call.request.json();
        let Some(class_id) = body.get("class_id").and_then(Value::as_str) else {
            return bad_request("class_id is required");
        };
        let waitlist = body.get("waitlist").and_then(Value::as_bool).unwrap_or(false);
        match self.try_book(call, |class| class.id == class_id, waitlist) {
            Ok(id) => match self.mine(call).find(|(booking, _)| booking.id == id) {
                Some((booking, class)) => {
                    Response::json(201, &self.booking_json(booking, class, true, call.now))
                }
                None => not_found("The booking"),
            },
            // Only the first code is known. The others are guesses.
            Err(Refusal::AlreadyBooked(named)) => {
                let mut body =
                    json!({ "code": "BOOKING_ALREADY_BOOKED", "message": "The class is already booked" });
                if let Some(booking) = named {
                    add(&mut body, json!({ "data": { "id": booking.id } }));
                }
                Response::json(409, &body)
            }
            Err(Refusal::Overlaps) => {
                error(409, "BOOKING_CLASS_OVERLAPS", "Another booked class is at the same time")
            }
            Err(Refusal::Full) => error(409, "BOOKING_CLASS_FULL", "The class is full"),
            Err(Refusal::TooEarly) => {
                error(400, "BOOKING_OUTSIDE_SCHEDULING_WINDOW", "The class can't be booked yet")
            }
            Err(Refusal::Started) => error(400, "BOOKING_CLASS_STARTED", "The class has started"),
            Err(Refusal::Canceled) => error(400, "BOOKING_CLASS_CANCELED", "The class was canceled"),
            Err(Refusal::UnknownClass) => not_found("The class"),
        }
    }

    /// `DELETE /v1/bookings/me/{id}`
    pub(super) fn cancel(&mut self, call: &Call<'_>, id: &str) -> Response {
        match self.try_cancel(call, |booking| booking.id == id) {
            None => not_found("The booking"),
            Some(false) => error(409, "BOOKING_CANCELED", "The booking was already canceled"),
            Some(true) => Response::empty(204),
        }
    }

    fn booking_json(&self, booking: &Booking, class: &Class, expand: bool, now: Timestamp) -> Value {
        let Some(member) = self.members.iter().find(|member| member.account.member_uuid == booking.member)
        else {
            return Value::Null;
        };
        let ended_long_ago = times::plus_minutes(class.end(), BASE_UUID_DAYS * 24 * 60) < now;
        let mut json = json!({
            "id": booking.id,
            "paying_studio_id": member.home.uuid(),
            "person_id": person_id(booking.member),
            "member_id": booking.member,
            "service_name": "Orange Premier Membership",
            "checked_in": booking.checked_in,
            "cross_regional": class.studio.key != member.home.key,
            "late_canceled": booking.late,
            "intro": booking.intro,
            "mbo_booking_id": ids::number(&booking.id, "mbo", 100_000_000, 990_000_000).to_string(),
            "mbo_unique_id": member.mbo_unique_id().to_string(),
            "mbo_paying_unique_id": member.mbo_unique_id().to_string(),
            "canceled": !booking.is_live(),
            "created_at": times::millis(booking.created_at),
            "updated_at": times::millis(booking.updated_at),
            "ratable": booking.ratable,
            "class": class.in_booking(expand, class.start <= now && !ended_long_ago),
        });
        let Some(fields) = json.as_object_mut() else { return json };
        let optional = [
            ("canceled_at", booking.canceled_at.map(|at| json!(times::millis(at)))),
            ("waitlist_position", Self::waitlist_position(booking, class).map(|place| json!(place))),
            ("ratings", ratings_json(booking)),
            ("workout", booking.workout.as_ref().map(Workout::in_booking)),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                fields.insert(name.to_owned(), value);
            }
        }
        if booking.comped {
            thin(&mut json, &["updated_at"], &[]);
        }
        if member.is_sparse() {
            thin_booking(&mut json, booking);
        }
        json
    }
}

fn ratings_json(booking: &Booking) -> Option<Value> {
    let (coach, class) = booking.ratings?;
    let parts = [("coach", coach, 15), ("class", class, 18)].into_iter().filter(|(_, value, _)| *value > 0);
    let rated = parts.map(|(name, value, base)| {
        let description = match value {
            1 => "Thumbs Down",
            2 => "Thumbs Up",
            _ => "Double Thumbs Up",
        };
        let id = value.saturating_add(base).to_string();
        (name.to_owned(), json!({ "id": id, "description": description, "value": value }))
    });
    Some(Value::Object(rated.collect()))
}

/// Nulls or removes fields as the service may, except those that say the booking's state.
fn thin_booking(json: &mut Value, booking: &Booking) {
    let nulled = ["service_name", "cross_regional", "intro", "paying_studio_id", "mbo_paying_unique_id"];
    thin(json, &nulled, &["mbo_booking_id", "created_at"]);
    if !booking.late {
        thin(json, &[], &["late_canceled"]);
    }
    for optional in ["workout", "ratings", "waitlist_position", "canceled_at"] {
        if json.get(optional).is_none() {
            thin(json, &[optional], &[]);
        }
    }
}
