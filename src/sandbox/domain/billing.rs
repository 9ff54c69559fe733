//! What a member pays for: membership, purchases, services.

use serde_json::{Value, json};

use super::atlas::{LAKEVIEW, PONSONBY, WEST_LOOP, vanished_studio_uuid};
use super::members::Member;
use super::responses::{forbidden, success, thin};
use super::studios::Studio;
use super::{Call, Domain, ids, times};
use crate::sandbox::http::Response;

impl Domain {
    /// `GET /member/members/{member}/memberships`: one object, not a list.
    pub(super) fn membership(&self, call: &Call<'_>) -> Response {
        let Some(member) = self.member(call.caller) else { return forbidden() };
        if member.is_new() {
            return success(&json!({}));
        }
        let today = member.home.local(call.now).date();
        let day = |offset: i32| times::day(times::plus_days(today, offset));
        let mut membership = json!({
            "memberMembershipId": member.number("membership", 100_000_000, 130_000_000),
            "memberMembershipUUId": ids::uuid(&format!("membership/{}", member.account.member_uuid)),
            "membershipId": 4_821_747,
            "memberId": member.id(),
            "paymentDate": day(-12),
            "activeDate": day(-12),
            "expirationDate": day(18),
            "mboDescriptionId": "291707",
            "current": true,
            "count": 10_000,
            "remaining": 9_993,
            "name": "Orange Premier Membership",
            "createdBy": member.author(),
            "createdDate": times::millis(member.joined),
            "updatedBy": member.author(),
            "updatedDate": times::seconds(times::plus_minutes(call.now, -600)),
            "isDeleted": false,
        });
        if member.is_sparse() {
            let nulled =
                ["paymentDate", "activeDate", "expirationDate", "remaining", "mboDescriptionId", "createdBy"];
            thin(&mut membership, &nulled, &["count", "updatedDate"]);
        }
        success(&membership)
    }

    /// `GET /member/members/{member}/purchases`, the latest first.
    pub(super) fn purchases(&self, call: &Call<'_>) -> Response {
        let Some(member) = self.member(call.caller) else { return forbidden() };
        let bought = |nth: i64, studio: &Studio, name: &str, price: &str, kind: &str| {
            let at = times::millis(times::plus_minutes(call.now, -(nth * 29 + 4) * 24 * 60));
            purchase(member, nth, studio, name, price, kind, &at)
        };
        let member_name = "Orange Premier Membership";
        let purchases = match member {
            _ if member.is_new() => Vec::new(),
            _ if member.is_sparse() => {
                let mut only = bought(0, &PONSONBY, "Starter Pack", "49.00", "Service");
                let nulled = ["name", "memberPurchaseDateTime", "quantity", "studioId", "posSaleId"];
                thin(&mut only, &nulled, &["status", "memberFeeId", "posPmtRefNo"]);
                vec![only]
            }
            _ => {
                let mut elsewhere = bought(3, &WEST_LOOP, "Drop-In Class", "32.00", "Service");
                // A studio that has closed since. No other endpoint knows it.
                if let Some(Value::Object(studio)) = elsewhere.get_mut("studio") {
                    studio.insert("studioUUId".to_owned(), json!(vanished_studio_uuid()));
                    studio.insert("studioName".to_owned(), json!("Gone - Nowhere, IL"));
                }
                vec![
                    bought(0, &LAKEVIEW, "Premier Late Cancel / No Show - $12.00", "12.00", "Fee"),
                    bought(1, &LAKEVIEW, member_name, "179.00", "Membership"),
                    bought(2, &LAKEVIEW, member_name, "179.00", "Membership"),
                    elsewhere,
                ]
            }
        };
        success(&purchases.into())
    }

    /// `GET /member/members/{member}/services?activeOnly=true`
    pub(super) fn member_services(&self, call: &Call<'_>) -> Response {
        let Some(member) = self.member(call.caller) else { return forbidden() };
        if member.is_new() || member.is_sparse() {
            return success(&json!([]));
        }
        let active_only = call.request.query("activeOnly") == Some("true");
        let service = |name: &str, remaining: u64, current: bool| {
            json!({
                "memberServiceUUId": ids::uuid(&format!("member service/{name}/{}", member.account.member_uuid)),
                "memberId": member.id(),
                "name": name,
                "count": 10,
                "remaining": remaining,
                "current": current,
                "activeDate": times::day(member.home.local(member.joined).date()),
            })
        };
        let services = [service("10 Session Pack", 4, true), service("Intro Class", 0, false)];
        let shown = services.into_iter().filter(|service| !active_only || service["current"] == true);
        success(&shown.collect())
    }
}

fn purchase(
    member: &Member,
    nth: i64,
    studio: &Studio,
    name: &str,
    price: &str,
    kind: &str,
    at: &str,
) -> Value {
    let seed = format!("purchase/{nth}/{}", member.account.member_uuid);
    let number = |what: &str| ids::number(&seed, what, 50_000_000, 250_000_000);
    json!({
        "memberPurchaseId": number("id"),
        "memberPurchaseUUId": ids::uuid(&seed),
        "studioId": studio.id(),
        "name": name,
        "price": price,
        "memberPurchaseDateTime": at,
        "memberPurchaseType": kind,
        "status": "Purchased",
        "memberServiceId": (kind == "Service").then(|| number("service")),
        "memberMembershipId": (kind == "Membership").then(|| number("membership")),
        "memberFeeId": null,
        "posContractId": (kind == "Membership").then_some(78_473),
        "posProductId": 110_053,
        "posDescriptionId": null,
        "posPmtRefNo": number("payment"),
        "posSaleId": number("sale"),
        "quantity": 1,
        "memberId": member.id(),
        "studio": studio.in_purchase(),
    })
}
