//! Where e-mail and password come from: given, else the environment, else a prompt.

use std::fmt;

use crate::error::{Error, Result};
use crate::secret::Secret;

/// An e-mail address and its password. `Debug` shows neither.
#[derive(Clone)]
pub struct Credentials {
    email: String,
    password: Secret,
}

impl Credentials {
    /// Credentials as a person would type them.
    pub fn new(email: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self { email: email.into(), password: password.into() }
    }

    /// `OTF_EMAIL` and `OTF_PASSWORD` of the environment, where both are set and not empty.
    pub fn from_env() -> Option<Self> {
        let environment = Environment::read();
        Some(Self { email: environment.email?, password: environment.password? })
    }

    /// The e-mail address, which names the account.
    pub fn email(&self) -> &str {
        &self.email
    }

    pub(crate) fn password(&self) -> &Secret {
        &self.password
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

/// What the environment says of an account.
#[derive(Clone, Default)]
pub(crate) struct Environment {
    pub(crate) email: Option<String>,
    pub(crate) password: Option<Secret>,
}

impl Environment {
    pub(crate) fn read() -> Self {
        let set = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
        Self { email: set("OTF_EMAIL"), password: set("OTF_PASSWORD").map(Secret::from) }
    }
}

/// Where a sign-in gets its credentials when no token serves any more.
#[derive(Clone)]
pub(crate) struct CredentialSource {
    /// The account asked for, where one was.
    pub(crate) email: Option<String>,
    /// Its password, where it was given.
    pub(crate) password: Option<Secret>,
    /// Whether a person may be asked.
    pub(crate) may_prompt: bool,
    /// Who that is, where somebody is there.
    pub(super) person: fn() -> Option<Box<dyn Person>>,
}

impl CredentialSource {
    /// Direct credentials, else the environment's.
    pub(crate) fn new(direct: Option<Credentials>, environment: Environment, may_prompt: bool) -> Self {
        let (email, password) = match direct {
            Some(direct) => (Some(direct.email), Some(direct.password)),
            None => (environment.email, environment.password),
        };
        Self { email, password, may_prompt, person }
    }

    /// The credentials, where nobody needs to be asked. `account` is the e-mail address of the account to sign in
    /// to, where it has one.
    pub(crate) fn available(&self, account: Option<&str>) -> Option<Credentials> {
        let (email, password) = self.known(account);
        Some(Credentials::new(email?, password?.clone()))
    }

    /// What is known of an account: another account's credentials don't serve.
    fn known<'a>(&'a self, account: Option<&'a str>) -> (Option<&'a str>, Option<&'a Secret>) {
        match (account, self.email.as_deref()) {
            (Some(account), Some(own)) if account != own => (Some(account), None),
            (account, own) => (account.or(own), self.password.as_ref()),
        }
    }

    /// Asks the person at the terminal for what is missing.
    pub(crate) fn ask(&self, account: Option<&str>) -> Result<Credentials> {
        let (email, password) = self.known(account);
        let known = match (email, password) {
            (_, Some(_)) => "a password is known, but no e-mail address",
            (Some(_), None) => "no password for the account, and no token of it that is still good",
            (None, None) => "no account is known",
        };
        // In the reason rather than in `Display`: a `main` that returns the error shows its `Debug`.
        let no_credentials = |why: &str| Error::NoCredentials {
            reason: format!(
                "{known}, and {why}; set OTF_EMAIL and OTF_PASSWORD, or give credentials to the builder"
            ),
        };
        if !self.may_prompt {
            return Err(no_credentials("this program does not ask for it"));
        }
        let mut person = (self.person)().ok_or_else(|| no_credentials("there is no terminal to ask at"))?;
        complete(person.as_mut(), email, password.cloned())
            .map_err(|error| no_credentials(&format!("asking for it failed: {error}")))
    }
}

/// A person who can be asked.
pub(super) trait Person {
    /// Asks for something that may be seen.
    fn ask(&mut self, prompt: &str) -> std::io::Result<String>;
    /// Asks for something that is not echoed.
    fn ask_hidden(&mut self, prompt: &str) -> std::io::Result<Secret>;
}

/// Asks until there is an e-mail address and a password; what is known is not asked for.
fn complete(
    person: &mut dyn Person,
    email: Option<&str>,
    password: Option<Secret>,
) -> std::io::Result<Credentials> {
    let email = match email {
        Some(email) => email.to_owned(),
        None => loop {
            let answer = person.ask("OrangeTheory e-mail: ")?;
            let answer = answer.trim();
            if answer.contains('@') {
                break answer.to_owned();
            }
        },
    };
    let password = match password {
        Some(password) => password,
        None => loop {
            let answer = person.ask_hidden(&format!("OrangeTheory password of {email}: "))?;
            if !answer.is_empty() {
                break answer;
            }
        },
    };
    Ok(Credentials { email, password })
}

#[cfg(feature = "prompt")]
fn person() -> Option<Box<dyn Person>> {
    use std::io::IsTerminal;

    let at_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    at_terminal.then(|| Box::new(Terminal) as _)
}

#[cfg(not(feature = "prompt"))]
fn person() -> Option<Box<dyn Person>> {
    None
}

#[cfg(feature = "prompt")]
struct Terminal;

#[cfg(feature = "prompt")]
impl Person for Terminal {
    fn ask(&mut self, prompt: &str) -> std::io::Result<String> {
        use std::io::Write;

        let mut out = std::io::stdout();
        out.write_all(prompt.as_bytes())?;
        out.flush()?;
        let mut line = String::new();
        match std::io::stdin().read_line(&mut line)? {
            0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line),
        }
    }

    fn ask_hidden(&mut self, prompt: &str) -> std::io::Result<Secret> {
        rpassword::prompt_password(prompt).map(Secret::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Script(Vec<&'static str>);

    impl Person for Script {
        fn ask(&mut self, _prompt: &str) -> std::io::Result<String> {
            if self.0.is_empty() {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            Ok(self.0.remove(0).to_owned())
        }

        fn ask_hidden(&mut self, prompt: &str) -> std::io::Result<Secret> {
            self.ask(prompt).map(Secret::from)
        }
    }

    #[test]
    fn asks_again_on_an_empty_answer_or_a_name_without_at() {
        let mut person = Script(vec!["", "pat", "pat@example.com\n", "", "secret"]);
        let credentials = complete(&mut person, None, None).unwrap();
        assert_eq!(credentials.email(), "pat@example.com");
        assert_eq!(credentials.password().expose(), "secret");
        assert!(person.0.is_empty());
    }

    #[test]
    fn does_not_ask_for_what_is_known() {
        let mut person = Script(vec!["secret"]);
        let credentials = complete(&mut person, Some("pat@example.com"), None).unwrap();
        assert_eq!(credentials.email(), "pat@example.com");
        let credentials = complete(&mut Script(vec![]), Some("a@b"), Some("known".into())).unwrap();
        assert_eq!(credentials.password().expose(), "known");
    }

    #[test]
    fn ends_when_the_person_is_gone() {
        assert!(complete(&mut Script(vec![""]), None, None).is_err());
    }

    #[test]
    fn direct_credentials_come_before_the_environment() {
        let environment = Environment {
            email: Some("env@example.com".into()),
            password: Some("of the environment".into()),
        };
        let direct = Credentials::new("direct@example.com", "direct");
        let source = CredentialSource::new(Some(direct), environment.clone(), false);
        assert_eq!(source.available(None).unwrap().email(), "direct@example.com");
        let source = CredentialSource::new(None, environment, false);
        assert_eq!(source.available(None).unwrap().email(), "env@example.com");
    }

    #[test]
    fn another_accounts_credentials_do_not_serve() {
        let source =
            CredentialSource::new(Some(Credentials::new("a@b", "secret")), Environment::default(), false);
        assert_eq!(source.available(Some("a@b")).unwrap().email(), "a@b");
        assert!(source.available(Some("c@d")).is_none());
        assert!(source.ask(Some("c@d")).unwrap_err().to_string().contains("no password for the account"));
        let source = CredentialSource { email: None, ..source };
        assert_eq!(source.available(Some("c@d")).unwrap().email(), "c@d");
    }

    #[test]
    fn says_which_variables_to_set() {
        let source = CredentialSource::new(None, Environment::default(), false);
        assert!(source.available(Some("last@example.com")).is_none());
        let error = source.ask(None).unwrap_err().to_string();
        assert!(error.contains("OTF_EMAIL") && error.contains("OTF_PASSWORD"), "{error}");
    }
}
