//! `otf codegrade`

use std::io;

use clap::{Args, Subcommand};
use otf_api::MemoryStore;
use otf_api::codegrade::{
    CodeGrade, CodePrompt, ConfirmOtpLoginData, CreateOtpLoginData, OtpLoginableUser, Session, UserId,
};
use otf_api::jiff::{SignedDuration, Timestamp};
use otf_api::sandbox::{Sandbox, codegrade};
use serde_json::json;

use crate::cli::Global;
use crate::failure::{Failure, Result};
use crate::output;
use crate::values;

/// Log in to a CodeGrade server with an emailed code, and list what is due.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf codegrade login you@example.com --host app.codegra.de
  otf codegrade due you@example.com

The server is --host or CG_HOST. The token is stored until it expires.")]
pub struct Codegrade {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Log in and store the token
    #[command(after_help = "Examples:\n  otf codegrade login you@example.com --host app.codegra.de")]
    Login(Account),
    /// List the assignments that are due within this many days
    #[command(after_help = "Examples:\n  otf codegrade due you@example.com --days 14")]
    Due {
        #[command(flatten)]
        account: Account,
        /// How many days ahead
        #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=366))]
        days: u16,
    },
}

#[derive(Args, Debug)]
struct Account {
    /// The email address
    #[arg(value_parser = values::non_blank)]
    email: String,
    /// Which user, if the address has several [default: asks]
    #[arg(long, value_name = "USERNAME", value_parser = values::non_blank)]
    user: Option<String>,
    /// The server [default: CG_HOST, else https://app.codegra.de]
    #[arg(long, value_parser = values::non_blank)]
    host: Option<String>,
}

impl Codegrade {
    pub fn run(&self, global: &Global) -> Result {
        match &self.action {
            Action::Login(account) => {
                let logged_in = account.log_in(global)?;
                let user = logged_in.session.user().map_err(failed)?;
                if global.json {
                    return output::json(&json!({ "username": user.username }));
                }
                println!("logged in: {}", user.username);
                Ok(())
            }
            Action::Due { account, days } => due(
                &account.log_in(global)?.session,
                SignedDuration::from_hours(24 * i64::from(*days)),
                global,
            ),
        }
    }
}

impl Account {
    fn log_in(&self, global: &Global) -> Result<LoggedIn> {
        if global.sandbox {
            let sandbox = Sandbox::start()?;
            let server =
                CodeGrade::builder().host(sandbox.url()).store(MemoryStore::new()).build().map_err(failed)?;
            let token = sandbox.codegrade().issue_token(codegrade::ONE_USER);
            let token = token.ok_or_else(|| Failure::failed("the mock service has no such user"))?;
            return Ok(LoggedIn { session: server.session(token), _sandbox: Some(sandbox) });
        }
        let server = match &self.host {
            Some(host) => CodeGrade::new(host),
            None => CodeGrade::from_env(),
        };
        let login = CreateOtpLoginData::new(&self.email);
        let session = server.map_err(failed)?.login(&login, ask_for_code, |users| self.choose(users));
        Ok(LoggedIn { session: session.map_err(failed)?, _sandbox: None })
    }
}

impl Account {
    /// The user of `--user`, the only one, or the one chosen at the prompt.
    fn choose(&self, users: &[OtpLoginableUser]) -> Option<UserId> {
        let users: Vec<_> = users.iter().filter(|user| user.can_login).collect();
        if let Some(name) = &self.user {
            return users.iter().find(|user| user.username == *name).map(|user| user.id);
        }
        if let [only] = users[..] {
            return Some(only.id);
        }
        for (number, user) in (1..).zip(&users) {
            let tenant = user.tenant.as_ref().map_or("", |tenant| &tenant.name);
            eprintln!("{number:3}  {}  {tenant}", user.username);
        }
        eprint!("Which one, by its number? ");
        let number: usize = io::stdin().lines().next()?.ok()?.trim().parse().ok()?;
        users.get(number.checked_sub(1)?).map(|user| user.id)
    }
}

/// A session, and with `--sandbox` its mock service.
struct LoggedIn {
    session: Session,
    _sandbox: Option<Sandbox>,
}

fn ask_for_code(prompt: CodePrompt) -> Option<ConfirmOtpLoginData> {
    match prompt {
        CodePrompt::Emailed => eprint!("The code from the email: "),
        CodePrompt::Refused { attempts_left } => eprint!("Not accepted, {attempts_left} attempts left: "),
        // Ending an exam's session is nothing to do in passing.
        _ => return None,
    }
    let code = io::stdin().lines().next()?.ok()?;
    Some(ConfirmOtpLoginData::new(code.trim()))
}

fn due(session: &Session, ahead: SignedDuration, global: &Global) -> Result {
    let now = Timestamp::now();
    let until = now.checked_add(ahead)?;
    let mut list = Vec::new();
    for course in session.courses() {
        let course = course.map_err(failed)?;
        for assignment in session.assignments(course.id) {
            let assignment = assignment.map_err(failed)?;
            if let Some(deadline) = assignment.deadline().filter(|_| assignment.is_due_between(now, until)) {
                list.push((deadline, course.name.clone(), assignment.name.clone()));
            }
        }
    }
    list.sort();
    if global.json {
        let list: Vec<_> = list
            .iter()
            .map(|(deadline, course, name)| json!({ "deadline": deadline, "course": course, "assignment": name }))
            .collect();
        return output::json(&json!({ "due": list }));
    }
    for (deadline, course, name) in &list {
        println!("{deadline:.0}  {course}: {name}");
    }
    if list.is_empty() {
        println!("nothing is due");
    }
    Ok(())
}

fn failed(error: otf_api::codegrade::Error) -> Failure {
    Failure::failed(error.to_string())
}
