//! Prompting for the email address and password at a terminal.

use std::io;

use super::credentials::Credentials;
use crate::secret::Secret;

/// Someone who can be prompted.
pub(super) trait Person {
    /// Asks for something that may be seen.
    fn ask(&mut self, prompt: &str) -> io::Result<String>;
    /// Asks for something that is not echoed.
    fn ask_hidden(&mut self, prompt: &str) -> io::Result<Secret>;
}

/// Prompts for the missing one of email address and password, or both, until they are complete.
pub(super) fn complete(
    person: &mut dyn Person,
    email: Option<&str>,
    password: Option<Secret>,
) -> io::Result<Credentials> {
    let email = match email {
        Some(email) => email.to_owned(),
        None => loop {
            let response = person.ask("OrangeTheory email: ")?;
            let response = response.trim();
            if is_email(response) {
                break response.to_owned();
            }
        },
    };
    let password = match password {
        Some(password) => password,
        None => loop {
            let response = person.ask_hidden(&format!("OrangeTheory password of {email}: "))?;
            if !response.is_empty() {
                break response;
            }
        },
    };
    Ok(Credentials::new(email, password))
}

/// Whether a text has the form of an email address.
fn is_email(text: &str) -> bool {
    let has_gap = text.contains(|char: char| char.is_whitespace() || char.is_control());
    let parts = text.split_once('@');
    !has_gap
        && parts
            .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'))
}

/// The user at the terminal, if standard input and output are a terminal.
#[cfg(feature = "prompt")]
pub(super) fn person() -> Option<Box<dyn Person>> {
    use std::io::IsTerminal;

    let at_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    at_terminal.then(|| Box::new(Terminal) as _)
}

#[cfg(not(feature = "prompt"))]
pub(super) fn person() -> Option<Box<dyn Person>> {
    None
}

#[cfg(feature = "prompt")]
struct Terminal;

#[cfg(feature = "prompt")]
impl Person for Terminal {
    fn ask(&mut self, prompt: &str) -> io::Result<String> {
        use std::io::Write;

        let mut out = io::stdout();
        out.write_all(prompt.as_bytes())?;
        out.flush()?;
        let mut line = String::new();
        match io::stdin().read_line(&mut line)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line),
        }
    }

    fn ask_hidden(&mut self, prompt: &str) -> io::Result<Secret> {
        rpassword::prompt_password(prompt).map(Secret::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Script(Vec<&'static str>);

    impl Person for Script {
        fn ask(&mut self, _prompt: &str) -> io::Result<String> {
            if self.0.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            Ok(self.0.remove(0).to_owned())
        }

        fn ask_hidden(&mut self, prompt: &str) -> io::Result<Secret> {
            self.ask(prompt).map(Secret::from)
        }
    }

    #[test]
    fn prompts_until_the_response_is_valid() {
        let mut person = Script(vec![
            "",
            "pat",
            "pat@",
            "@example.com",
            "p at@example.com",
            "pat@example.com\n",
            "",
            "secret",
        ]);
        let credentials = complete(&mut person, None, None).unwrap();
        assert_eq!(credentials.email(), "pat@example.com");
        assert_eq!(credentials.password().expose(), "secret");
        assert!(person.0.is_empty());
    }

    #[test]
    fn does_not_prompt_for_what_is_known() {
        let mut person = Script(vec!["secret"]);
        let credentials = complete(&mut person, Some("pat@example.com"), None).unwrap();
        assert_eq!(credentials.email(), "pat@example.com");
        let credentials = complete(&mut Script(vec![]), Some("a@b"), Some("known".into())).unwrap();
        assert_eq!(credentials.password().expose(), "known");
    }

    #[test]
    fn fails_when_the_input_ends() {
        assert!(complete(&mut Script(vec![""]), None, None).is_err());
    }
}
