//! How the program fails: one line on standard error, and an exit code that a script can act on.

use std::fmt;
use std::process::ExitCode;

use otf_api::Error;

/// What the subcommands return.
pub type Result<T = ()> = std::result::Result<T, Failure>;

/// The exit codes besides 0, as `otf help` documents them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The command could not be carried out.
    Failed = 1,
    /// An option or a value is wrong or missing; nothing was changed. clap uses the same code.
    Usage = 2,
    /// Not signed in, or the sign-in was refused.
    NotSignedIn = 3,
    /// The same command may succeed later.
    TryLater = 4,
    /// A write may or may not have taken effect.
    OutcomeUnknown = 5,
}

/// A failure of the command.
#[derive(Debug)]
pub struct Failure {
    code: Code,
    message: String,
}

impl Failure {
    /// A failure with this code.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// A command that could not be carried out.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(Code::Failed, message)
    }

    /// A wrong option or value.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Code::Usage, message)
    }

    /// Says what the failure was about, before the message.
    #[must_use]
    pub fn about(self, what: impl fmt::Display) -> Self {
        Self { code: self.code, message: format!("{what}: {}", self.message) }
    }

    /// The code that the program exits with.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The same for `main`.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code as u8)
    }
}

impl fmt::Display for Failure {
    /// One line, whatever the message holds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line: String =
            self.message.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
        f.write_str(&line)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let code = match &error {
            Error::NoCredentials { .. } | Error::Authentication { .. } | Error::Challenge { .. } => {
                Code::NotSignedIn
            }
            Error::OutcomeUnknown { .. } => Code::OutcomeUnknown,
            Error::InvalidInput { .. } => Code::Usage,
            Error::SignInThrottled { .. } | Error::OutsideSchedulingWindow { .. } => Code::TryLater,
            error if error.is_retryable() => Code::TryLater,
            _ => Code::Failed,
        };
        Self::new(code, error.to_string())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::failed(error.to_string())
    }
}

impl From<fmt::Error> for Failure {
    fn from(error: fmt::Error) -> Self {
        Self::failed(error.to_string())
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::failed(error.to_string())
    }
}

impl From<csv::Error> for Failure {
    fn from(error: csv::Error) -> Self {
        Self::failed(error.to_string())
    }
}

impl From<otf_api::jiff::Error> for Failure {
    fn from(error: otf_api::jiff::Error) -> Self {
        Self::failed(error.to_string())
    }
}
