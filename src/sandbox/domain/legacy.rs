//! The older booking endpoints, over the same bookings as the newer ones.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::bookings::{Booking, Refusal};
use super::members::Member;
use super::responses::{add, bad_request, error, forbidden, not_found, numbered_error, success, thin};
use super::schedule::Class;
use super::{Call, Domain, ids, times};
use crate::sandbox::http::Response;

impl Domain {
    /// `GET /member/members/{member}/bookings`
    ///
    /// Without dates it lists bookings ahead, and none that are checked in (recorded).
    pub(super) fn older_list(&mut self, call: &Call<'_>) -> Response {
        let Some(member) = self.member(call.caller) else { return forbidden() };
        let date = |name: &str| call.request.query(name).map(str::parse::<Date>).transpose();
        let (Ok(from), Ok(to)) = (date("startDate"), date("endDate")) else {
            return bad_request("startDate and endDate must be dates");
        };
        let dated = from.is_some() || to.is_some();
        let statuses: Option<Vec<&str>> =
            call.request.query("statuses").map(|list| list.split(',').collect());
        let wanted = |booking: &Booking, class: &Class| {
            let (status, date) = (status(booking, class), class.local_start().date());
            let in_time = if dated {
                from.is_none_or(|from| date >= from) && to.is_none_or(|to| date <= to)
            } else {
                class.start > call.now && status != CHECKED_IN
            };
            in_time
                && !booking.comped
                && statuses.as_ref().is_none_or(|wanted| wanted.iter().any(|name| name.trim() == status))
        };
        let listed =
            self.mine(call).filter_map(|(booking, class)| Some((booking.as_listed(call.now)?, class)));
        let found = listed.filter(|(booking, class)| wanted(booking, class));
        let items: Vec<Value> = found.map(|(booking, class)| older_json(booking, class, member)).collect();
        self.lists_catch_up(call.caller.member_uuid);
        success(&items.into())
    }

    /// `GET /member/members/{member}/bookings/{uuid}`
    pub(super) fn older_booking(&self, call: &Call<'_>, uuid: &str) -> Response {
        match self.older_named(call, |booking| booking.uuid == uuid) {
            Some(booking) => success(&booking),
            None => not_found("The booking"),
        }
    }

    /// `PUT /member/members/{member}/bookings`
    pub(super) fn older_book(&mut self, call: &Call<'_>) -> Response {
        let body = call.request.json();
        let Some(uuid) = body.get("classUUId").and_then(Value::as_str) else {
            return bad_request("classUUId is required");
        };
        let waitlist = body.get("waitlist").and_then(Value::as_bool).unwrap_or(false);
        match self.try_book(call, |class| class.base_uuid == uuid, waitlist) {
            Ok(id) => {
                success(&json!({ "savedBookings": [self.older_named(call, |booking| booking.id == id)] }))
            }
            Err(Refusal::TooEarly) => numbered_error("602", "The class is outside the scheduling window"),
            Err(Refusal::AlreadyBooked(named)) => {
                let mut data = json!({ "errorCode": "603", "message": "The class is already booked" });
                if let Some(booking) = named {
                    add(&mut data, json!({ "classBookingUUId": booking.uuid }));
                }
                let body =
                    json!({ "code": "BAD_REQUEST", "message": "The class is already booked", "data": data });
                Response::json(400, &body)
            }
            Err(Refusal::UnknownClass) => not_found("The class"),
            // Guesses: only 602 and 603 are known.
            Err(Refusal::Full) => numbered_error("604", "The class is full"),
            Err(Refusal::Started) => numbered_error("605", "The class has started"),
            Err(Refusal::Canceled) => numbered_error("606", "The class was canceled"),
            Err(Refusal::Overlaps) => numbered_error("607", "Another booked class is at the same time"),
        }
    }

    /// `DELETE /member/members/{member}/bookings/{uuid}`
    pub(super) fn older_cancel(&mut self, call: &Call<'_>, uuid: &str) -> Response {
        match self.try_cancel(call, |booking| booking.uuid == uuid) {
            None => not_found("The booking"),
            Some(false) => error(
                403,
                "NOT_AUTHORIZED",
                "This class booking has been cancelled and can't be changed any more",
            ),
            Some(true) => self.older_booking(call, uuid),
        }
    }

    fn older_named(&self, call: &Call<'_>, named: impl Fn(&Booking) -> bool) -> Option<Value> {
        let member = self.member(call.caller)?;
        let (booking, class) = self.mine(call).find(|(booking, _)| named(booking))?;
        Some(older_json(booking, class, member))
    }
}

const CHECKED_IN: &str = "Checked In";

fn status(booking: &Booking, class: &Class) -> &'static str {
    match booking {
        _ if booking.late => "Late Cancelled",
        _ if !booking.is_live() => "Cancelled",
        _ if booking.checked_in => CHECKED_IN,
        _ if Domain::waitlist_position(booking, class).is_some() => "Waitlisted",
        _ => "Booked",
    }
}

fn older_json(booking: &Booking, class: &Class, member: &Member) -> Value {
    let number = |what: &str| ids::number(&booking.id, what, 100_000_000, 990_000_000);
    let position = Domain::waitlist_position(booking, class);
    let mut json = json!({
        "classBookingId": number("older"),
        "classBookingUUId": booking.uuid,
        "studioId": class.studio.id(),
        "classId": class.number("older", 2_200_000_000, 2_700_000_000),
        "isIntro": booking.intro,
        "memberId": member.id(),
        "mboMemberId": booking.member,
        "mboClassId": class.number("mbo class", 30_000, 60_000),
        "mboVisitId": number("mbo"),
        "mboWaitlistEntryId": position.map(|_| number("waitlist")),
        "mboSyncMessage": null,
        "status": status(booking, class),
        "bookedDate": times::millis(booking.created_at),
        "checkedInDate": booking.checked_in.then(|| times::millis(class.start)),
        "cancelledDate": booking.canceled_at.map(times::millis),
        "createdBy": member.author(),
        "createdDate": times::millis(booking.created_at),
        "updatedBy": member.author(),
        "updatedDate": times::millis(booking.updated_at),
        "isDeleted": false,
        "member": {
            "memberUUId": booking.member,
            "firstName": member.first_name,
            "lastName": member.last_name,
            "email": member.account.email,
            "phoneNumber": member.phone(),
            "gender": "F",
            "ccLast4": "4242",
        },
        "class": older_class(class),
    });
    if let (Some(position), Some(fields)) = (position, json.as_object_mut()) {
        fields.insert("waitlistPosition".to_owned(), json!(position));
    }
    if member.is_sparse() {
        thin(&mut json, &["bookedDate", "mboMemberId", "mboClassId"], &["mboVisitId", "checkedInDate"]);
        if let Some(coach) = json.pointer_mut("/class/coach") {
            thin(coach, &["firstName", "lastName", "imageUrl"], &[]);
        }
        if let Some(class) = json.get_mut("class") {
            thin(class, &["description", "coachId"], &["programName"]);
        }
    }
    json
}

fn older_class(class: &Class) -> Value {
    let image = class.coach_image();
    json!({
        "classUUId": class.base_uuid,
        "name": class.name,
        "description": "",
        "startDateTime": times::naive_millis(class.local_start()),
        "endDateTime": times::naive_millis(class.local_end()),
        "isAvailable": !class.canceled,
        "isCancelled": class.canceled,
        "programName": "Group Fitness",
        "coachId": ids::number(class.coach, "coach id", 1_000_000, 5_000_000),
        "studio": class.studio.in_older_booking(),
        "coach": {
            "coachUUId": ids::uuid(&format!("coach/{}", class.coach)),
            "name": class.coach,
            "firstName": class.coach,
            "lastName": "Coach",
            "imageUrl": image,
            "profilePictureUrl": image,
        },
        "location": class.studio.older_location(),
        "virtualClass": null,
    })
}
