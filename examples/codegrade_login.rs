//! Logs in to a CodeGrade server with an emailed code.
//!
//!     cargo run --example codegrade_login
//!
//! logs in to the sandbox that comes with the crate, and reads its e-mail itself. With a host it asks at the terminal:
//!
//!     cargo run --release --example codegrade_login -- app.codegra.de
//!
//! `cargo run --example sandbox` serves a CodeGrade server too, and shows the codes that it emails.

use std::io::{self, BufRead as _, Write as _};
use std::ops::ControlFlow;
use std::process::ExitCode;

use otf_api::MemoryStore;
use otf_api::codegrade::pow::Progress;
use otf_api::codegrade::{
    CodeGrade, CodePrompt, ConfirmOtpLoginData, CreateOtpLoginData, OtpLoginableUser, Session, UserId,
};
use otf_api::sandbox::Sandbox;
use otf_api::sandbox::codegrade::{MANY_USERS, ONE_USER};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.as_slice() {
        [] => in_the_sandbox(),
        [host] if !host.starts_with('-') => at_the_terminal(host),
        _ => Err("usage: codegrade_login [HOST]".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("codegrade_login: {error}");
            ExitCode::FAILURE
        }
    }
}

fn in_the_sandbox() -> Result {
    let sandbox = Sandbox::start()?;
    let server = CodeGrade::builder().host(sandbox.url()).store(MemoryStore::new()).build()?;
    println!("The sandbox is a CodeGrade server at {}", server.base_url());

    println!("\nAn address with one user, and a wrong code first");
    let read_email = |prompt| {
        println!("  {}", explain(prompt));
        if prompt == CodePrompt::Emailed {
            return Some(ConfirmOtpLoginData::new("000000"));
        }
        emailed_code(&sandbox, ONE_USER)
    };
    show(&server.login(&CreateOtpLoginData::new(ONE_USER), read_email, |_| None)?)?;

    println!("\nAn address with several users");
    let read_email = |_| emailed_code(&sandbox, MANY_USERS);
    let choose = |users: &[OtpLoginableUser]| {
        let chosen = users.iter().rfind(|user| user.can_login)?;
        println!("  {} users, of whom {} is chosen", users.len(), chosen.username);
        Some(chosen.id)
    };
    show(&server.login(&CreateOtpLoginData::new(MANY_USERS), read_email, choose)?)
}

fn emailed_code(sandbox: &Sandbox, email: &str) -> Option<ConfirmOtpLoginData> {
    let code = sandbox.codegrade().emailed_code(email)?;
    println!("  The code in the e-mail to {email}: {code}");
    Some(ConfirmOtpLoginData::new(code))
}

fn at_the_terminal(host: &str) -> Result {
    let server = CodeGrade::builder().host(host).on_pow_progress(show_progress).build()?;
    let email = ask("Your e-mail address: ").ok_or("no address was given")?;
    let code = |prompt| {
        println!("{}", explain(prompt));
        match prompt {
            CodePrompt::IsolatedSession => {
                let is_sure = ask("End that session? [y/N] ")?.eq_ignore_ascii_case("y");
                let code = ask("The code once more: ").filter(|_| is_sure)?;
                Some(ConfirmOtpLoginData::new(code).confirm_session_termination(true))
            }
            _ => ask("The code: ").map(ConfirmOtpLoginData::new),
        }
    };
    show(&server.login(&CreateOtpLoginData::new(email), code, choose)?)
}

fn choose(users: &[OtpLoginableUser]) -> Option<UserId> {
    for (number, user) in (1..).zip(users) {
        let tenant = user.tenant.as_ref().map_or("", |tenant| &tenant.name);
        let note = if user.can_login { "" } else { "  (logs in by LTI or SSO)" };
        let name = user.name.as_deref().unwrap_or_default();
        println!("{number:3}  {}  {name}  {tenant}{note}", user.username);
    }
    let number: usize = ask("Which one? ")?.parse().ok()?;
    users.get(number.checked_sub(1)?).map(|user| user.id)
}

fn explain(prompt: CodePrompt) -> String {
    match prompt {
        CodePrompt::Emailed => "A code was emailed, if the address is known.".to_owned(),
        CodePrompt::Refused { attempts_left } => {
            format!("That code was not accepted; {attempts_left} attempts left.")
        }
        CodePrompt::IsolatedSession => "The user has an isolated session, perhaps an exam.".to_owned(),
        _ => "A code is needed.".to_owned(),
    }
}

fn show(session: &Session) -> Result {
    println!("  {} is logged in", session.user()?.username);
    if let Some(expires_at) = session.expires_at() {
        println!("  until {expires_at:.0}");
    }
    for course in session.courses() {
        println!("  {}", course?.name);
    }
    Ok(())
}

fn show_progress(progress: Progress) -> ControlFlow<()> {
    let millions = progress.hashes / 1_000_000;
    eprint!("\rProof of work of {} bits: {millions} million hashes", progress.difficulty);
    ControlFlow::Continue(())
}

/// A line from the terminal; `None` if there is none.
fn ask(question: &str) -> Option<String> {
    print!("{question}");
    io::stdout().flush().ok()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).ok()?;
    Some(line.trim().to_owned()).filter(|line| !line.is_empty())
}
