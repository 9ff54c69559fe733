//! The member.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use serde::Serialize;
use serde_json::Value;

use super::best_effort::may_be_missing;
use super::has_id::is_usable;
use super::notification_update::NotificationUpdate;
use super::studios::StudioApi;
use crate::client::{Call, Client, segment};
use crate::endpoints::Host;
use crate::error::{Error, Result};
use crate::models::{
    ClassCounters, EmailNotificationSettings, Listing, MemberDetail, MemberMembership, MemberPurchase,
    SmsNotificationSettings, StudioDetail, StudioUuid,
};

/// How long member and studio are cached.
pub(super) const CACHE_FOR: Duration = Duration::from_secs(600);

/// Which services [`MemberApi::services`] lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceScope {
    /// Active services.
    Active,
    /// All services, including expired ones.
    All,
}

/// The signed-in member: [`Otf::members`](crate::Otf::members).
#[derive(Clone, Copy, Debug)]
pub struct MemberApi<'a> {
    client: &'a Client,
}

impl<'a> MemberApi<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// The member with the full home studio: two requests, cached for ten minutes. If the home studio could not be
    /// loaded, it is as the member's record describes it, and a warning is logged.
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    #[doc(alias = "get_member_detail")]
    pub fn detail(&self) -> Result<MemberDetail> {
        let mut member = self.record()?;
        if let Some(studio) = member.home_studio.as_ref().filter(|studio| is_usable(&studio.studio_uuid)) {
            match StudioApi::new(self.client).detail(studio) {
                Ok(detail) => member.home_studio = Some(detail),
                Err(error) if may_be_missing(&error) => {
                    log::warn!("the home studio is as the member's record describes it: {error}");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(member)
    }

    /// The member's membership.
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    #[doc(alias = "get_member_membership")]
    pub fn membership(&self) -> Result<MemberMembership> {
        self.client.get_in(&Call::get(Host::Default, self.path("/memberships")?), &["data"])
    }

    /// The member's purchases: one request. Each has its studio as the response describes it.
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    #[doc(alias = "get_member_purchases")]
    pub fn purchases(&self) -> Result<Listing<MemberPurchase>> {
        self.client.list(&Call::get(Host::Default, self.path("/purchases")?), &["data"])
    }

    /// The member's purchases with each studio in full: one request, and one more per studio. A studio that could not
    /// be loaded, such as one that the service no longer knows, stays as the response describes it, and
    /// [`Listing::rejected`] says why.
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    pub fn purchases_with_studios(&self) -> Result<Listing<MemberPurchase>> {
        let mut purchases = self.purchases()?;
        StudioApi::new(self.client).complete(
            &mut purchases,
            |purchase| purchase.studio.as_mut(),
            "studio",
        )?;
        Ok(purchases)
    }

    /// The member's services, such as class packs, as JSON, since no response with content has been seen.
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    #[doc(alias = "get_member_services")]
    pub fn services(&self, scope: ServiceScope) -> Result<Value> {
        let call = Call::get(Host::Default, self.path("/services")?)
            .query("activeOnly", if scope == ServiceScope::Active { "true" } else { "false" });
        self.client.json(&call)
    }

    /// The member's settings for text messages. The member's phone number is loaded first unless it is known.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the member has no phone number; and those of [any call](Error#any-call).
    #[doc(alias = "get_sms_notification_settings")]
    pub fn sms_notifications(&self) -> Result<SmsNotificationSettings> {
        let call = Call::get(Host::Default, SMS).query("phoneNumber", self.phone_number()?);
        self.client.get_in(&call, &["data"])
    }

    /// Changes the settings for text messages and returns the new settings: two requests, and one more if the update
    /// leaves a setting unchanged. An empty update sends no write.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the member has no phone number; [`Error::InvalidInput`] if a setting should stay
    /// unchanged but the service does not send its value; [`Error::OutcomeUnknown`]; and those of
    /// [any call](Error#any-call).
    #[doc(alias = "update_sms_notification_settings")]
    pub fn update_sms_notifications(&self, update: &NotificationUpdate) -> Result<SmsNotificationSettings> {
        #[derive(Serialize)]
        struct NewPreferences<'a> {
            promosms: bool,
            source: &'a str,
            transactionalsms: bool,
            #[serde(rename = "phoneNumber")]
            phone_number: &'a str,
        }

        if update.is_empty() {
            return self.sms_notifications();
        }
        let (promosms, transactionalsms) = update.complete(|| {
            let now = self.sms_notifications()?;
            Ok((now.is_promotional_sms_opt_in, now.is_transactional_sms_opt_in))
        })?;
        let phone_number = &self.phone_number()?;
        let call = Call::post(Host::Default, SMS)
            .json(&NewPreferences { promosms, source: SOURCE, transactionalsms, phone_number })?
            .hint("look up members().sms_notifications()");
        self.client.send(&call)?;
        self.sms_notifications()
    }

    /// The member's settings for emails. The member's address is loaded first unless it is known.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the member has no email address; and those of [any call](Error#any-call).
    #[doc(alias = "get_email_notification_settings")]
    pub fn email_notifications(&self) -> Result<EmailNotificationSettings> {
        let call = Call::get(Host::Default, EMAIL).query("email", self.email()?);
        self.client.get_in(&call, &["data"])
    }

    /// Changes the settings for emails; otherwise like [`MemberApi::update_sms_notifications`].
    ///
    /// # Errors
    ///
    /// As [`MemberApi::update_sms_notifications`].
    #[doc(alias = "update_email_notification_settings")]
    pub fn update_email_notifications(
        &self,
        update: &NotificationUpdate,
    ) -> Result<EmailNotificationSettings> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct NewPreferences<'a> {
            promotional_email: bool,
            source: &'a str,
            transactional_email: bool,
            email: &'a str,
        }

        if update.is_empty() {
            return self.email_notifications();
        }
        let (promotional_email, transactional_email) = update.complete(|| {
            let now = self.email_notifications()?;
            Ok((now.is_promotional_email_opt_in, now.is_transactional_email_opt_in))
        })?;
        let email = &self.email()?;
        let call = Call::post(Host::Default, EMAIL)
            .json(&NewPreferences { promotional_email, source: SOURCE, transactional_email, email })?
            .hint("look up members().email_notifications()");
        self.client.send(&call)?;
        self.email_notifications()
    }

    /// Changes the first name, the last name or both, and returns the updated member. Details that the response leaves
    /// out, such as the home studio, are those known before. Surrounding whitespace is removed; `None` leaves a name
    /// unchanged. If nothing changes, nothing is written.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a name that is empty, has more than 50 characters or has control characters, and if
    /// a name should stay unchanged but the service does not send it; [`Error::OutcomeUnknown`] if the name may have
    /// been changed; and those of [any call](Error#any-call).
    #[doc(alias = "update_member_name")]
    pub fn update_name<'n>(
        &self,
        first_name: impl Into<Option<&'n str>>,
        last_name: impl Into<Option<&'n str>>,
    ) -> Result<MemberDetail> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct NewName<'a> {
            first_name: &'a str,
            last_name: &'a str,
        }

        let checked = |argument, name: Option<&'n str>| {
            name.map(|name| checked_name(argument, name, MAX_NAME)).transpose()
        };
        let first_name = checked("first_name", first_name.into())?;
        let last_name = checked("last_name", last_name.into())?;
        let before = self.current()?;
        let first_name = new_or_known("first_name", first_name, before.first_name.as_deref())?;
        let last_name = new_or_known("last_name", last_name, before.last_name.as_deref())?;
        if before.first_name.as_deref() == Some(first_name) && before.last_name.as_deref() == Some(last_name)
        {
            return Ok(MemberDetail::clone(&before));
        }
        self.put(&before, &NewName { first_name, last_name })
    }

    /// Changes the name that the studio's screens show ([`MemberDetail::studio_display_name`]), and returns the member
    /// as [`update_name`](Self::update_name) does. Screens truncate it after 12 to 14 characters.
    ///
    /// The field, its limit of 18 characters, and that the other names need not be sent are known from one client and
    /// its documentation (2022, 2025). How the service treats a name that is already in use is not known.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a name that is empty, has more than 18 characters or has control characters;
    /// [`Error::OutcomeUnknown`] if the name may have been changed; and those of [any call](Error#any-call).
    #[doc(alias = "userName")]
    pub fn update_display_name(&self, name: &str) -> Result<MemberDetail> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct NewDisplayName<'a> {
            user_name: &'a str,
        }

        let user_name = checked_name("name", name, MAX_DISPLAY_NAME)?;
        let before = self.current()?;
        if before.studio_display_name.as_deref() == Some(user_name) {
            return Ok(MemberDetail::clone(&before));
        }
        self.put(&before, &NewDisplayName { user_name })
    }

    /// Changes the member's record and returns it, completed by what was known before.
    fn put(&self, before: &MemberDetail, change: &impl Serialize) -> Result<MemberDetail> {
        let call = Call::new(Method::PUT, Host::Default, self.path("")?)
            .json(change)?
            .hint("look up the member with refresh_member()");
        let changed = self.client.get_in::<MemberDetail>(&call, &["data"]);
        // Whatever the outcome, the cached member may be outdated.
        self.forget();
        self.client.profile().forget_member();
        let mut member = changed?;
        member.home_studio = before.home_studio.clone().or(member.home_studio);
        member.class_summary = member.class_summary.or_else(|| before.class_summary.clone());
        if member.addresses.is_empty() && member.addresses.rejected().is_empty() {
            member.addresses = before.addresses.clone();
        }
        Ok(MemberDetail::clone(&self.remember(member)))
    }

    /// How many classes the member attended, according to the official app's counters.
    ///
    /// The counters can be out of date: in a recording of April 2026, the similar
    /// [`MemberDetail::class_summary`] had not changed for 15 months although classes were attended. The endpoint comes
    /// from one client, which stopped using it in 2025.
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    #[doc(alias = "get_total_classes")]
    pub fn class_counters(&self) -> Result<ClassCounters> {
        self.client.get_in(&Call::get(Host::Default, "/mobile/v1/members/classes/summary"), &["data"])
    }

    /// The configuration of the official app, as JSON. The request is signed with temporary AWS credentials, which take
    /// two more requests unless they are still valid.
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    #[doc(alias = "get_app_config")]
    pub fn app_config(&self) -> Result<Value> {
        let mut call = Call::get(Host::Default, "/member/app-configurations");
        call.signed = true;
        self.client.json(&call)
    }

    /// The member with the home studio, loaded once per client.
    pub(crate) fn current(&self) -> Result<Arc<MemberDetail>> {
        match self.client.profile().member() {
            Some(member) => Ok(member),
            None => self.detail().map(|member| self.remember(member)),
        }
    }

    /// The member, loaded again from the service.
    pub(crate) fn refresh(&self) -> Result<Arc<MemberDetail>> {
        self.forget();
        self.detail().map(|member| self.remember(member))
    }

    /// The id of the member's home studio, loaded once per client.
    pub(crate) fn home_studio_uuid(&self) -> Result<StudioUuid> {
        let profile = self.client.profile();
        if let Some(id) = profile.home_studio() {
            return Ok(id);
        }
        let id =
            home_studio_of(&self.record()?).ok_or_else(|| self.missing("the member has no home studio"))?;
        profile.set_home_studio(id.clone());
        Ok(id)
    }

    /// The member's home studio.
    pub(crate) fn home_studio(&self) -> Result<StudioDetail> {
        StudioApi::new(self.client).detail(self.home_studio_uuid()?)
    }

    fn remember(&self, member: MemberDetail) -> Arc<MemberDetail> {
        let home_studio = home_studio_of(&member);
        self.client.profile().set_member(member, home_studio)
    }

    /// The error if the member's record lacks something.
    fn missing(&self, what: &str) -> Error {
        let endpoint = self.record_call().map(|call| call.endpoint()).unwrap_or_default();
        Error::NotFound { endpoint, message: Some(what.to_owned()) }
    }

    /// The member's record, which has the home studio's id, name, time zone and status.
    pub(crate) fn record(&self) -> Result<MemberDetail> {
        self.client.get_in(&self.record_call()?, &["data"])
    }

    /// Removes the member's record from the response cache.
    pub(crate) fn forget(&self) {
        if let Ok(call) = self.record_call() {
            self.client.forget_response(&call);
        }
    }

    fn record_call(&self) -> Result<Call> {
        Ok(Call::get(Host::Default, self.path("")?)
            .query("include", "memberAddresses,memberClassSummary")
            .cache_for(CACHE_FOR))
    }

    fn path(&self, below: &str) -> Result<String> {
        member_path(self.client, below)
    }

    fn phone_number(&self) -> Result<String> {
        self.contact("phone number", |member| member.phone_number.clone())
    }

    fn email(&self) -> Result<String> {
        self.contact("email address", |member| member.email.clone())
    }

    fn contact(&self, what: &str, of: impl Fn(&MemberDetail) -> Option<String>) -> Result<String> {
        let found = match self.client.profile().member() {
            Some(member) => of(&member),
            None => of(&self.record()?),
        };
        found
            .filter(|text| !text.trim().is_empty())
            .ok_or_else(|| self.missing(&format!("the member has no {what}")))
    }
}

const SMS: &str = "/sms/v1/preferences";
const EMAIL: &str = "/otfmailing/v2/preferences";

/// The source of a change of preferences, as the official app sends it.
const SOURCE: &str = "OTF";

/// A path below the member's.
pub(super) fn member_path(client: &Client, below: &str) -> Result<String> {
    let member = segment("member_uuid", client.member_uuid().as_str())?;
    Ok(format!("/member/members/{member}{below}"))
}

fn home_studio_of(member: &MemberDetail) -> Option<StudioUuid> {
    let studio = member.home_studio.as_ref()?;
    Some(studio.studio_uuid.clone()).filter(is_usable)
}

/// The most characters of a first or last name.
const MAX_NAME: usize = 50;

/// The most characters of the name that a studio's screens show.
const MAX_DISPLAY_NAME: usize = 18;

/// The name without the blanks around it, if it is one.
fn checked_name<'n>(argument: &'static str, name: &'n str, most: usize) -> Result<&'n str> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Error::invalid(argument, "the name is empty"));
    }
    if name.chars().count() > most {
        return Err(Error::invalid(argument, format!("the name has more than {most} characters")));
    }
    if name.chars().any(char::is_control) {
        return Err(Error::invalid(argument, "the name has control characters"));
    }
    Ok(name)
}

/// The new name, or the one from before.
fn new_or_known<'n>(
    argument: &'static str,
    new: Option<&'n str>,
    before: Option<&'n str>,
) -> Result<&'n str> {
    new.or(before).ok_or_else(|| Error::invalid(argument, "the service does not send one, so it is required"))
}
