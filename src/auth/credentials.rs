//! Where the email address and password come from: the program, the environment, or a prompt.

use std::fmt;

use super::prompt::{Person, complete, person};
use crate::error::{Error, Result};
use crate::secret::Secret;

/// An email address and its password. `Debug` shows neither.
#[derive(Clone)]
pub struct Credentials {
    email: String,
    password: Secret,
}

impl Credentials {
    /// Credentials as typed. The service treats email addresses as case-sensitive.
    pub fn new(email: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self { email: email.into(), password: password.into() }
    }

    /// The credentials in the environment variables `OTF_EMAIL` and `OTF_PASSWORD`, if both are set and not empty.
    pub fn from_env() -> Option<Self> {
        let environment = Environment::read();
        Some(Self { email: environment.email?, password: environment.password? })
    }

    /// The email address, which names the account.
    pub fn email(&self) -> &str {
        &self.email
    }

    pub(crate) fn password(&self) -> &Secret {
        &self.password
    }

    /// Whether these are the same email address and password.
    pub(crate) fn are(&self, other: &Self) -> bool {
        self.email == other.email && self.password.expose() == other.password.expose()
    }

    /// Refuses what the user pool would refuse anyway.
    pub(crate) fn check(&self) -> Result<()> {
        check_email(&self.email)?;
        if self.password.is_empty() {
            return Err(Error::invalid("password", "it is empty"));
        }
        Ok(())
    }
}

/// Checks that an email address can name an account.
pub(crate) fn check_email(email: &str) -> Result<()> {
    if email.trim().is_empty() {
        return Err(Error::invalid("email", "it is empty"));
    }
    if email.contains(char::is_control) || email.trim() != email {
        return Err(Error::invalid("email", "it has control characters or surrounding spaces"));
    }
    Ok(())
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

/// The environment variables that concern an account.
#[derive(Clone, Default)]
pub(crate) struct Environment {
    /// `OTF_EMAIL`
    pub(crate) email: Option<String>,
    /// `OTF_PASSWORD`
    pub(crate) password: Option<Secret>,
    /// `OTF_SESSION`
    pub(crate) session: Option<Secret>,
}

impl Environment {
    pub(crate) fn read() -> Self {
        let set = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
        Self {
            email: set("OTF_EMAIL"),
            password: set("OTF_PASSWORD").map(Secret::from),
            session: set("OTF_SESSION").map(Secret::from),
        }
    }
}

/// Where a sign-in gets its credentials when no valid tokens are left.
#[derive(Clone)]
pub(crate) struct CredentialSource {
    /// The requested account, if one was requested.
    pub(crate) email: Option<String>,
    /// Its password, if it was given.
    pub(super) password: Option<Secret>,
    /// Whether to prompt.
    pub(super) may_prompt: bool,
    /// The terminal, if there is one.
    pub(super) person: fn() -> Option<Box<dyn Person>>,
}

impl CredentialSource {
    /// The program's credentials, else the environment's. Of an `account` that the program names, only credentials of
    /// that account are used.
    pub(crate) fn new(
        account: Option<String>,
        direct: Option<Credentials>,
        environment: Environment,
        may_prompt: bool,
    ) -> Self {
        let (own, password) = match direct {
            Some(direct) => (Some(direct.email), Some(direct.password)),
            None => (environment.email, environment.password),
        };
        let belongs_to_another = account.is_some() && own.is_some() && own != account;
        let password = password.filter(|_| !belongs_to_another);
        Self { email: account.or(own), password, may_prompt, person }
    }

    /// The credentials, without prompting. `account` is the email address of the account to sign in to, if
    /// it has one.
    pub(crate) fn available(&self, account: Option<&str>) -> Option<Credentials> {
        let (email, password) = self.known(account);
        Some(Credentials::new(email?, password?.clone()))
    }

    /// The known credentials of an account. Those of another account are not used.
    fn known<'a>(&'a self, account: Option<&'a str>) -> (Option<&'a str>, Option<&'a Secret>) {
        match (account, self.email.as_deref()) {
            (Some(account), Some(own)) if account != own => (Some(account), None),
            (account, own) => (account.or(own), self.password.as_ref()),
        }
    }

    /// Prompts for what is missing.
    pub(crate) fn ask(&self, account: Option<&str>) -> Result<Credentials> {
        let (email, password) = self.known(account);
        let known = match (email, password) {
            (_, Some(_)) => "a password is known, but no email address",
            (Some(_), None) => "no password for the account, and none of its stored tokens is valid",
            (None, None) => "no account is known",
        };
        // In the reason rather than in `Display`: a `main` that returns the error shows its `Debug`.
        let no_credentials = |why: &str| Error::NoCredentials {
            reason: format!(
                "{known}, and {why}; set OTF_EMAIL and OTF_PASSWORD, or OTF_SESSION, or give \
                 credentials to the builder"
            ),
        };
        if !self.may_prompt {
            return Err(no_credentials("this program does not prompt for one"));
        }
        let mut person =
            (self.person)().ok_or_else(|| no_credentials("there is no terminal to prompt at"))?;
        complete(person.as_mut(), email, password.cloned())
            .map_err(|error| no_credentials(&format!("the prompt failed: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_credentials_come_before_the_environment() {
        let environment = Environment {
            email: Some("env@example.com".into()),
            password: Some("env".into()),
            session: None,
        };
        let direct = Credentials::new("direct@example.com", "direct");
        let source = CredentialSource::new(None, Some(direct), environment.clone(), false);
        assert_eq!(source.available(None).unwrap().email(), "direct@example.com");
        let source = CredentialSource::new(None, None, environment, false);
        assert_eq!(source.available(None).unwrap().email(), "env@example.com");
    }

    #[test]
    fn named_account_gets_its_own_password_only() {
        let environment = |email: Option<&str>| Environment {
            email: email.map(str::to_owned),
            password: Some("secret".into()),
            session: None,
        };
        for (email, has_password) in [(None, true), (Some("a@b"), true), (Some("c@d"), false)] {
            let source = CredentialSource::new(Some("a@b".to_owned()), None, environment(email), false);
            assert_eq!(source.email.as_deref(), Some("a@b"));
            assert_eq!(source.available(None).is_some(), has_password, "{email:?}");
        }
    }

    #[test]
    fn credentials_of_another_account_are_not_used() {
        let source = CredentialSource::new(
            None,
            Some(Credentials::new("a@b", "secret")),
            Environment::default(),
            false,
        );
        assert_eq!(source.available(Some("a@b")).unwrap().email(), "a@b");
        assert!(source.available(Some("c@d")).is_none());
        let error = source.ask(Some("c@d")).unwrap_err();
        assert!(error.to_string().contains("no password for the account"), "{error}");
        let source = CredentialSource { email: None, ..source };
        assert_eq!(source.available(Some("c@d")).unwrap().email(), "c@d");
    }

    #[test]
    fn error_names_the_variables_to_set() {
        let source = CredentialSource::new(None, None, Environment::default(), false);
        assert!(source.available(Some("last@example.com")).is_none());
        let error = source.ask(None).unwrap_err().to_string();
        assert!(error.contains("OTF_EMAIL") && error.contains("OTF_PASSWORD"), "{error}");
    }

    #[test]
    fn empty_credentials_are_refused_by_name() {
        for (email, password, named) in
            [("", "x", "email"), (" ", "x", "email"), ("a@b\n", "x", "email"), ("a@b", "", "password")]
        {
            let error = Credentials::new(email, password).check().unwrap_err();
            assert!(matches!(error, Error::InvalidInput { argument, .. } if argument == named), "{error:?}");
        }
        Credentials::new("a@b", " ").check().unwrap();
    }
}
