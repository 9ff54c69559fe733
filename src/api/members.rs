//! The member.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use serde::Serialize;
use serde_json::Value;

use super::has_id::is_usable;
use super::notification_update::NotificationUpdate;
use super::studios::StudioApi;
use crate::client::{Call, Client, segment};
use crate::endpoints::Host;
use crate::error::{Error, Result};
use crate::models::{
    EmailNotificationSettings, Listing, MemberDetail, MemberMembership, MemberPurchase,
    SmsNotificationSettings, StudioDetail, StudioUuid,
};

/// How long member and studio are kept.
pub(super) const CACHE_FOR: Duration = Duration::from_secs(600);

/// Which services [`MemberApi::services`] lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceScope {
    /// Those that are active.
    Active,
    /// All, expired ones included.
    All,
}

/// The member who is signed in: [`Otf::members`](crate::Otf::members).
#[derive(Clone, Copy, Debug)]
pub struct MemberApi<'a> {
    client: &'a Client,
}

impl<'a> MemberApi<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// The member in full, with the home studio in full: two requests, whose answers are kept for ten minutes. A
    /// home studio that cannot be loaded stays as the member's record describes it, with a warning in the log.
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
                Err(error @ (Error::Http { .. } | Error::Decode { .. })) if error.status() != Some(401) => {
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

    /// What the member bought: one request. Each purchase has its studio as the answer describes it.
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    #[doc(alias = "get_member_purchases")]
    pub fn purchases(&self) -> Result<Listing<MemberPurchase>> {
        self.client.list(&Call::get(Host::Default, self.path("/purchases")?), &["data"])
    }

    /// What the member bought, with each studio in full: one request, and one more a studio. A studio that the
    /// service does not know is a placeholder named "Studio Not Found", as in [`StudioApi::detail`].
    ///
    /// [`StudioApi::detail`]: crate::StudioApi::detail
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    pub fn purchases_with_studios(&self) -> Result<Listing<MemberPurchase>> {
        let mut purchases = self.purchases()?;
        let studios = purchases.items_mut().iter_mut().map(|purchase| &mut purchase.studio);
        StudioApi::new(self.client).complete(studios)?;
        Ok(purchases)
    }

    /// The member's services, such as packs of classes: JSON, since no response with content is known.
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

    /// Which text messages the member wants. The member's phone number is loaded first where it is not known.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where the member has no phone number; and those of [any call](Error#any-call).
    #[doc(alias = "get_sms_notification_settings")]
    pub fn sms_notifications(&self) -> Result<SmsNotificationSettings> {
        let call = Call::get(Host::Default, SMS).query("phoneNumber", self.phone_number()?);
        self.client.get_in(&call, &["data"])
    }

    /// Changes which text messages the member wants, and gives the settings as they are then: two requests, and
    /// one more where the update leaves something as it is. An update of nothing writes nothing.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where the member has no phone number; [`Error::InvalidInput`] where something is to be
    /// left as it is and the service does not say how it is; [`Error::OutcomeUnknown`].
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

    /// Which e-mails the member wants. The member's address is loaded first where it is not known.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where the member has no e-mail address; and those of [any call](Error#any-call).
    #[doc(alias = "get_email_notification_settings")]
    pub fn email_notifications(&self) -> Result<EmailNotificationSettings> {
        let call = Call::get(Host::Default, EMAIL).query("email", self.email()?);
        self.client.get_in(&call, &["data"])
    }

    /// Changes which e-mails the member wants; otherwise as [`MemberApi::update_sms_notifications`].
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

    /// Changes the first name, the last name or both, and gives the member as it is then, with the home studio and
    /// the other things known before that the answer leaves out. A name that is not given stays; where nothing
    /// would change, nothing is written.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an empty name, and where a name is to stay that the service does not tell;
    /// [`Error::OutcomeUnknown`] where the name may have been changed.
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

        let (first_name, last_name) = (first_name.into(), last_name.into());
        check_name("first_name", first_name)?;
        check_name("last_name", last_name)?;
        let before = self.current()?;
        let first_name = name("first_name", first_name, before.first_name.as_deref())?;
        let last_name = name("last_name", last_name, before.last_name.as_deref())?;
        if before.first_name.as_deref() == Some(first_name) && before.last_name.as_deref() == Some(last_name)
        {
            return Ok(MemberDetail::clone(&before));
        }

        let call = Call::new(Method::PUT, Host::Default, self.path("")?)
            .json(&NewName { first_name, last_name })?
            .hint("look up the member with refresh_member()");
        let renamed = self.client.get_in::<MemberDetail>(&call, &["data"]);
        // Whatever came of it, what was kept of the member is no longer known to be so.
        self.forget();
        self.client.profile().forget_member();
        let mut member = renamed?;
        member.home_studio = before.home_studio.clone().or(member.home_studio);
        member.class_summary = member.class_summary.or_else(|| before.class_summary.clone());
        if member.addresses.is_empty() && member.addresses.rejected().is_empty() {
            member.addresses = before.addresses.clone();
        }
        Ok(MemberDetail::clone(&self.remember(member)))
    }

    /// What the official app is configured by: JSON. The request is signed with temporary AWS credentials, which
    /// takes two requests more until they have expired.
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

    /// The member's record does not hold what was asked for.
    fn missing(&self, what: &str) -> Error {
        let endpoint = self.record_call().map(|call| call.endpoint()).unwrap_or_default();
        Error::NotFound { endpoint, message: Some(what.to_owned()) }
    }

    /// The member's record alone; of the home studio it has id, name, time zone and status.
    pub(crate) fn record(&self) -> Result<MemberDetail> {
        self.client.get_in(&self.record_call()?, &["data"])
    }

    /// Forgets the member's record where it is kept.
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

/// Who changes preferences, as the official app says it.
const SOURCE: &str = "OTF";

/// A path below the member's.
pub(super) fn member_path(client: &Client, below: &str) -> Result<String> {
    let member = segment("member uuid", client.member_uuid().as_str())?;
    Ok(format!("/member/members/{member}{below}"))
}

fn home_studio_of(member: &MemberDetail) -> Option<StudioUuid> {
    let studio = member.home_studio.as_ref()?;
    Some(studio.studio_uuid.clone()).filter(is_usable)
}

fn check_name(argument: &'static str, name: Option<&str>) -> Result<()> {
    match name {
        Some(name) if name.trim().is_empty() => Err(Error::invalid(argument, "it is empty")),
        _ => Ok(()),
    }
}

/// The new name, or the one from before.
fn name<'n>(argument: &'static str, new: Option<&'n str>, before: Option<&'n str>) -> Result<&'n str> {
    new.or(before)
        .ok_or_else(|| Error::invalid(argument, "the member has none so far, so it has to be given"))
}
