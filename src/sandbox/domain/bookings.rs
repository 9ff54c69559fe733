//! The newer booking endpoints, and the state that they share with the older ones.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::answers::{bad_request, error, not_found, thin};
use super::schedule::Class;
use super::workouts::Workout;
use super::{Call, Domain, ids, times};
use crate::sandbox::http::Response;

/// Classes are booked at most this many days ahead, counted at the studio.
const BOOKING_DAYS: i32 = 29;
/// Cancelling later than this is a late cancellation.
const LATE_MINUTES: i64 = 8 * 60;
/// A booking's class has its class UUID for this long after the class.
const BASE_UUID_DAYS: i64 = 90;

/// A booking of one of the sandbox's accounts.
#[derive(Debug)]
pub(super) struct Booking {
    /// The id of the newer endpoints.
    pub(super) id: String,
    /// The id of the older endpoints.
    pub(super) uuid: String,
    pub(super) member: &'static str,
    pub(super) class_id: String,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) canceled_at: Option<Timestamp>,
    pub(super) late: bool,
    pub(super) checked_in: bool,
    pub(super) intro: bool,
    pub(super) ratable: bool,
    /// Ratings of the coach and the class, 1 to 3; 0 where there is none.
    pub(super) ratings: Option<(u64, u64)>,
    pub(super) workout: Option<Workout>,
    /// For how many more lists this booking does not show.
    pub(super) hidden: u32,
}

impl Booking {
    pub(super) fn new(seed: &str, member: &'static str, class: &Class, at: Timestamp) -> Self {
        Self {
            id: ids::uuid(&format!("booking/{seed}")),
            uuid: ids::uuid(&format!("class booking/{seed}")),
            member,
            class_id: class.id.clone(),
            created_at: at,
            updated_at: at,
            canceled_at: None,
            late: false,
            checked_in: false,
            intro: false,
            ratable: false,
            ratings: None,
            workout: None,
            hidden: 0,
        }
    }

    pub(super) fn is_live(&self) -> bool {
        self.canceled_at.is_none()
    }

    fn ratings_json(&self) -> Option<Value> {
        let (coach, class) = self.ratings?;
        let parts =
            [("coach", coach, 15), ("class", class, 18)].into_iter().filter(|(_, value, _)| *value > 0);
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
}

/// Why a class was not booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    AlreadyBooked,
    Full,
    TooEarly,
    Started,
    Canceled,
    UnknownClass,
}

impl Domain {
    /// `GET /v1/classes?studio_ids=…`
    pub(super) fn list_classes(&self, call: &Call<'_>) -> Response {
        let asked: Vec<&str> = call
            .request
            .query
            .iter()
            .filter(|(key, _)| key == "studio_ids")
            .map(|(_, id)| id.as_str())
            .collect();
        if asked.is_empty() || asked.len() > 50 {
            return bad_request("studio_ids must name 1 to 50 studios");
        }
        let since = times::plus_minutes(call.now, -24 * 60);
        let listed = self
            .classes
            .iter()
            .filter(|class| class.start >= since && asked.contains(&class.studio.uuid().as_str()));
        let mut listed: Vec<&Class> = listed.collect();
        listed.sort_by_key(|class| class.start);
        let items = listed.into_iter().map(|class| class.listed(self.taken(class)));
        let items: Vec<Value> = items.chain(self.odd_classes.iter().cloned()).collect();
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
        let mut found: Vec<(&Booking, &Class)> = self
            .mine(call)
            .filter(|(booking, class)| {
                booking.hidden == 0
                    && (canceled || booking.is_live())
                    && after.is_none_or(|after| class.start >= after)
                    && before.is_none_or(|before| class.end() <= before)
            })
            .collect();
        found.sort_by_key(|(booking, class)| std::cmp::Reverse((class.start, booking.created_at)));
        let items =
            found.into_iter().map(|(booking, class)| self.booking_json(booking, class, expand, call.now));
        let items: Vec<Value> = items.chain(self.odd_bookings.iter().cloned()).collect();
        self.lists_catch_up(call);
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
            // Only the first code is known from the service; the others are the sandbox's own.
            Err(Refusal::AlreadyBooked) => {
                error(409, "BOOKING_ALREADY_BOOKED", "The class is already booked")
            }
            Err(Refusal::Full) => error(409, "BOOKING_CLASS_FULL", "The class is full"),
            Err(Refusal::TooEarly) => {
                error(400, "BOOKING_OUTSIDE_SCHEDULING_WINDOW", "The class can't be booked yet")
            }
            Err(Refusal::Started) => error(400, "BOOKING_CLASS_STARTED", "The class has started"),
            Err(Refusal::Canceled) => error(400, "BOOKING_CLASS_CANCELED", "The class was cancelled"),
            Err(Refusal::UnknownClass) => not_found("The class"),
        }
    }

    /// `DELETE /v1/bookings/me/{id}`
    pub(super) fn cancel(&mut self, call: &Call<'_>, id: &str) -> Response {
        match self.try_cancel(call, |booking| booking.id == id) {
            None => not_found("The booking"),
            Some(false) => error(409, "BOOKING_CANCELED", "The booking was already cancelled"),
            Some(true) => Response::empty(204),
        }
    }

    /// Books a class, or joins its waitlist; gives the new booking's id.
    pub(super) fn try_book(
        &mut self,
        call: &Call<'_>,
        named: impl Fn(&Class) -> bool,
        waitlist: bool,
    ) -> Result<String, Refusal> {
        let class = self.classes.iter().find(|class| named(class)).ok_or(Refusal::UnknownClass)?;
        let has_booked = |booking: &Booking| booking.class_id == class.id && booking.is_live();
        if self.mine(call).any(|(booking, _)| has_booked(booking)) {
            return Err(Refusal::AlreadyBooked);
        }
        if class.canceled {
            return Err(Refusal::Canceled);
        }
        if class.start <= call.now {
            return Err(Refusal::Started);
        }
        let today = class.studio.local(call.now).date();
        if times::days_between(today, class.local_start().date()) > BOOKING_DAYS {
            return Err(Refusal::TooEarly);
        }
        let full = self.is_full(class);
        if full && !(waitlist && class.waitlist_open) {
            return Err(Refusal::Full);
        }
        self.bookings_made = self.bookings_made.saturating_add(1);
        let seed = format!("{}/{}/{}", call.caller.member_uuid, class.id, self.bookings_made);
        let mut booking = Booking::new(&seed, call.caller.member_uuid, class, call.now);
        booking.hidden = self.lag;
        let (id, class_id) = (booking.id.clone(), class.id.clone());
        self.bookings.push(booking);
        if let Some(class) = self.classes.iter_mut().find(|class| full && class.id == class_id) {
            class.queue.push(Some(id.clone()));
        }
        Ok(id)
    }

    /// Cancels a booking: `None` where there is none, `false` where it was cancelled before.
    pub(super) fn try_cancel(&mut self, call: &Call<'_>, named: impl Fn(&Booking) -> bool) -> Option<bool> {
        let mine = |booking: &&mut Booking| booking.member == call.caller.member_uuid && named(booking);
        let booking = self.bookings.iter_mut().find(mine)?;
        if !booking.is_live() {
            return Some(false);
        }
        let class = self.classes.iter_mut().find(|class| class.id == booking.class_id)?;
        let waiting = class.queue.iter().position(|who| who.as_ref() == Some(&booking.id));
        booking.canceled_at = Some(call.now);
        booking.updated_at = call.now;
        booking.late = waiting.is_none() && times::plus_minutes(call.now, LATE_MINUTES) > class.start;
        match waiting {
            Some(place) => drop(class.queue.remove(place)),
            // The place goes to the first in line.
            None if !class.queue.is_empty() => {
                if class.queue.remove(0).is_none() {
                    class.others = class.others.saturating_add(1);
                }
            }
            None => {}
        }
        Some(true)
    }

    /// The caller's bookings with their classes.
    pub(super) fn mine(&self, call: &Call<'_>) -> impl Iterator<Item = (&Booking, &Class)> {
        let member = call.caller.member_uuid;
        let bookings = self.bookings.iter().filter(move |booking| booking.member == member);
        bookings.filter_map(|booking| self.class_of(booking).map(|class| (booking, class)))
    }

    pub(super) fn class_of(&self, booking: &Booking) -> Option<&Class> {
        self.classes.iter().find(|class| class.id == booking.class_id)
    }

    /// Where in line a booking stands, from 1.
    pub(super) fn waitlist_position(booking: &Booking, class: &Class) -> Option<usize> {
        let place = class.queue.iter().position(|who| who.as_ref() == Some(&booking.id))?;
        booking.is_live().then_some(place.saturating_add(1))
    }

    /// Lists that lag behind show a booking only after some calls.
    pub(super) fn lists_catch_up(&mut self, call: &Call<'_>) {
        for booking in self.bookings.iter_mut().filter(|booking| booking.member == call.caller.member_uuid) {
            booking.hidden = booking.hidden.saturating_sub(1);
        }
    }

    pub(super) fn is_full(&self, class: &Class) -> bool {
        class.others.saturating_add(self.taken(class)) >= class.capacity
    }

    /// How many of the sandbox's accounts have a place in a class.
    fn taken(&self, class: &Class) -> usize {
        let has_place = |booking: &&Booking| {
            booking.class_id == class.id
                && booking.is_live()
                && Self::waitlist_position(booking, class).is_none()
        };
        self.bookings.iter().filter(has_place).count()
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
            "person_id": ids::uuid(&format!("person/{}", booking.member)),
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
            ("ratings", booking.ratings_json()),
            ("workout", booking.workout.as_ref().map(Workout::in_booking)),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                fields.insert(name.to_owned(), value);
            }
        }
        if member.is_sparse() {
            self.thin_booking(&mut json, booking);
        }
        json
    }

    fn thin_booking(&self, json: &mut Value, booking: &Booking) {
        let nulled = ["service_name", "cross_regional", "intro", "paying_studio_id", "mbo_paying_unique_id"];
        thin(json, &nulled, &["late_canceled", "mbo_booking_id", "created_at"]);
        if booking.workout.is_none() {
            thin(json, &["workout", "ratings", "waitlist_position", "canceled_at"], &[]);
        }
    }
}
