//! The members, and the endpoints for their records.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::atlas::{LAKEVIEW, PONSONBY};
use super::responses::{add, bad_request, success, thin};
use super::studios::Studio;
use super::{Call, Domain, ids, times};
use crate::sandbox::accounts::{ACCOUNTS, Account, NOA, PAT};
use crate::sandbox::http::Response;

/// A member's own state.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) account: Account,
    pub(super) home: &'static Studio,
    pub(super) first_name: String,
    pub(super) last_name: String,
    /// The name on the studio's screens, once it was changed.
    pub(super) user_name: Option<String>,
    pub(super) joined: Timestamp,
    /// UUIDs of the favorite studios, in the order in which they were added.
    pub(super) favorites: Vec<String>,
    /// Promotional and transactional messages.
    pub(super) sms: (bool, bool),
    pub(super) email: (bool, bool),
}

/// The longest name for the studio's screens. That a longer one is refused is a guess.
const MAX_USER_NAME: usize = 18;

/// The home studio of an account.
pub(super) fn home_of(account: &Account) -> &'static Studio {
    if account.member_uuid == NOA.member_uuid { &PONSONBY } else { &LAKEVIEW }
}

/// The id of the person behind an account, as bookings and the ID token carry it.
pub(super) fn person_id(member_uuid: &str) -> String {
    ids::uuid(&format!("person/{member_uuid}"))
}

/// The claims of an ID token that come from the member record. One client lists them; whether the home studio
/// is the UUID or the number is unknown, so Pat's is the UUID and Noa's the number. A new member has no claims.
pub(crate) fn member_claims(account: &Account) -> Value {
    let home = home_of(account);
    let studio = match account.member_uuid {
        uuid if uuid == PAT.member_uuid => home.uuid(),
        uuid if uuid == NOA.member_uuid => home.id().to_string(),
        _ => return json!({}),
    };
    json!({
        "locale": "en_US",
        "custom:home_studio_id": studio,
        "custom:koji_person_id": person_id(account.member_uuid),
        "custom:isMigration": "false",
    })
}

/// One member for each account.
pub(super) fn members(now: Timestamp) -> Vec<Member> {
    ACCOUNTS.into_iter().map(|account| Member::new(account, now)).collect()
}

impl Member {
    pub(super) fn new(account: Account, now: Timestamp) -> Self {
        let days = match account.member_uuid {
            uuid if uuid == NOA.member_uuid => 90,
            uuid if uuid == PAT.member_uuid => 400,
            _ => 0,
        };
        let home = home_of(&account);
        let (first_name, last_name) = account.names();
        Self {
            account,
            home,
            first_name,
            last_name,
            user_name: None,
            joined: times::plus_minutes(now, -days * 24 * 60),
            favorites: Vec::new(),
            sms: (true, true),
            email: (false, true),
        }
    }

    /// Whether the service knows little about this member and sends nulls.
    pub(super) fn is_sparse(&self) -> bool {
        self.account.member_uuid == NOA.member_uuid
    }

    pub(super) fn is_new(&self) -> bool {
        ![PAT, NOA].iter().any(|account| account.member_uuid == self.account.member_uuid)
    }

    pub(super) fn number(&self, what: &str, low: u64, high: u64) -> u64 {
        ids::number(self.account.member_uuid, what, low, high)
    }

    pub(super) fn id(&self) -> u64 {
        self.number("member id", 300_000_000, 800_000_000)
    }

    pub(super) fn mbo_unique_id(&self) -> u64 {
        self.number("mbo unique", 100_000_000, 990_000_000)
    }

    pub(super) fn phone(&self) -> String {
        format!("312555{:04}", self.number("phone", 200, 9_999))
    }

    /// The author of a record, in the fields `createdBy` and `updatedBy`.
    pub(super) fn author(&self) -> String {
        ids::uuid(&format!("author/{}", self.account.member_uuid))
    }

    fn detail(&self, summary: Value) -> Value {
        let phone = self.phone();
        let mut detail = json!({
            "memberId": self.id(),
            "memberUUId": self.account.member_uuid,
            "cognitoId": self.account.cognito_id,
            "homeStudioId": self.home.id(),
            "mboStudioId": self.home.mbo_id(),
            "mboId": self.account.member_uuid,
            "mboUniqueId": self.mbo_unique_id(),
            "mboStatus": "Active",
            "userName": self.user_name.as_ref().unwrap_or(&self.first_name),
            "firstName": self.first_name,
            "lastName": self.last_name,
            "email": self.account.email,
            "profilePictureUrl": null,
            "alternateEmails": null,
            "addressLine1": null,
            "addressLine2": null,
            "city": null,
            "state": null,
            "postalCode": null,
            "phoneNumber": phone,
            "homePhone": phone,
            "workPhone": null,
            "phoneType": null,
        });
        let rest = json!({
            "birthDay": "1984-02-29",
            "ccLast4": "4242",
            "ccType": "Visa",
            "gender": "F",
            "liability": null,
            "locale": "en",
            "weight": 160,
            "weightMeasure": "LB",
            "height": 68,
            "heightMeasure": "IN",
            "maxHr": 190,
            "introNeccessary": self.is_new(),
            "onlineSignup": null,
            "yearImported": 2022,
            "isMemberVerified": false,
            "leadProspect": false,
            "createdBy": self.author(),
            "createdDate": times::millis(self.joined),
            "updatedBy": self.author(),
            "updatedDate": times::millis(times::plus_minutes(self.joined, 60)),
            "isDeleted": false,
            "addresses": self.addresses(),
            "homeStudio": self.home_studio(),
            "memberProfile": {
                "memberProfileUUId": ids::uuid(&format!("profile/{}", self.account.member_uuid)),
                "unitOfMeasure": "Imperial",
                "maxHrType": "AutomatedHr",
                "manualMaxHr": 188,
                "formulaMaxHr": 184,
                "automatedHr": 190,
                "memberOptinFlowTypeId": 0,
            },
            "memberReferrer": null,
            "otfAcsId": ids::uuid(&format!("acs/{}", self.account.member_uuid)),
            "memberClassSummary": summary,
        });
        add(&mut detail, rest);
        if self.is_sparse() {
            let nulled = ["birthDay", "ccLast4", "ccType", "weight", "height", "maxHr", "otfAcsId"];
            if self.user_name.is_none() {
                thin(&mut detail, &["userName"], &[]);
            }
            thin(&mut detail, &nulled, &["memberClassSummary", "addresses", "gender", "mboStatus"]);
            if let Some(profile) = detail.get_mut("memberProfile") {
                thin(profile, &["unitOfMeasure", "manualMaxHr", "automatedHr"], &["maxHrType"]);
            }
        }
        detail
    }

    fn addresses(&self) -> Value {
        let id = |kind: &str| ids::uuid(&format!("address/{kind}/{}", self.account.member_uuid));
        json!([
            {
                "memberAddressUUId": id("Bill"),
                "type": "Bill",
                "address1": null,
                "address2": null,
                "suburb": null,
                "territory": "IL",
                "postalCode": "60657",
                "country": "US",
            },
            {
                "memberAddressUUId": id("Home"),
                "type": "Home",
                "address1": "1 Sandbox Square",
                "address2": "",
                "suburb": "Chicago",
                "territory": "IL",
                "postalCode": "60657",
                "country": "US",
            },
        ])
    }

    /// The few fields of the home studio in the member record.
    fn home_studio(&self) -> Value {
        let [code, name, ..] = self.home.country;
        json!({
            "studioId": self.home.id(),
            "studioUUId": self.home.uuid(),
            "studioName": self.home.name,
            "studioNumber": self.home.number,
            "mboStudioId": self.home.mbo_id(),
            "timeZone": self.home.zone,
            "isIntegrated": true,
            "studioStatus": self.home.status,
            "studioLocation": {
                "physicalCountryId": 1,
                "physicalCountryDetails": { "countryCode": code, "description": name },
            },
            "studioPartner": { "studioAcsId": ids::uuid(&format!("acs/{}", self.home.key)) },
        })
    }
}

impl Domain {
    /// `GET /member/members/{member}`; the extras come only if `include` names them.
    pub(super) fn member_detail(&self, call: &Call<'_>) -> Response {
        let Some(member) = self.member(call.caller) else { return super::responses::forbidden() };
        let mut detail = member.detail(self.class_summary(call));
        let include = call.request.query("include").unwrap_or_default();
        for (part, field) in [("memberAddresses", "addresses"), ("memberClassSummary", "memberClassSummary")]
        {
            if !include.split(',').any(|name| name == part) {
                thin(&mut detail, &[], &[field]);
            }
        }
        success(&detail)
    }

    /// `PUT /member/members/{member}`: new names, or a new name for the screens of the studio. The response has
    /// only the ids of the home studio.
    pub(super) fn rename_member(&mut self, call: &Call<'_>) -> Response {
        let body = call.request.json();
        let name =
            |field: &str| body.get(field).and_then(Value::as_str).filter(|name| !name.trim().is_empty());
        let (first, last, screen) = (name("firstName"), name("lastName"), name("userName"));
        if body.get("userName").is_some() && screen.is_none_or(|name| name.chars().count() > MAX_USER_NAME) {
            return bad_request("userName must have 1 to 18 characters");
        }
        if first.is_some() != last.is_some() || (first.is_none() && screen.is_none()) {
            return bad_request("firstName and lastName, or userName, are required");
        }
        let Some(member) = self.member_mut(call.caller) else { return super::responses::forbidden() };
        if let Some((first, last)) = first.zip(last) {
            member.first_name = first.to_owned();
            member.last_name = last.to_owned();
        }
        if let Some(screen) = screen {
            member.user_name = Some(screen.to_owned());
        }
        let home = json!({ "studioId": member.home.id(), "studioUUId": member.home.uuid() });
        let mut detail = member.detail(Value::Null);
        thin(&mut detail, &[], &["addresses", "memberClassSummary"]);
        if let Some(fields) = detail.as_object_mut() {
            fields.insert("homeStudio".to_owned(), home);
        }
        success(&detail)
    }
}
