//! Logs in to a CodeGrade server by a code that is mailed.
//!
//!     cargo run --example codegrade_login
//!
//! does it against the server on loopback that comes with the crate, whose mail it reads itself. With an
//! address it asks at the terminal, for the real one as well:
//!
//!     cargo run --release --example codegrade_login -- --url https://app.codegra.de

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::ops::ControlFlow;
use std::process::ExitCode;

use otf_api::codegrade::pow::Progress;
use otf_api::codegrade::{
    CodeGrade, CodePrompt, ConfirmOtpLoginData, CreateOtpLoginData, OtpLoginSingleResponse, OtpLoginableUser,
};
use otf_api::sandbox::Sandbox;
use otf_api::sandbox::codegrade::{MANY_USERS, ONE_USER};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => on_loopback(),
        ["--url", url] => at_the_terminal(url),
        _ => Err("usage: codegrade_login [--url URL]".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("codegrade_login: {error}");
            ExitCode::FAILURE
        }
    }
}

fn on_loopback() -> Result {
    let sandbox = Sandbox::start()?;
    println!("The sandbox serves CodeGrade's login at {}", sandbox.url());
    let codegrade = CodeGrade::new(&sandbox.url())?;

    println!("\nAn address with one user, and a wrong code first");
    let read_mail = |prompt| {
        println!("  {}", told(prompt));
        if prompt == CodePrompt::Mailed {
            return Some(ConfirmOtpLoginData::new("000000"));
        }
        sandbox.codegrade().mailed_code(ONE_USER).map(ConfirmOtpLoginData::new)
    };
    let login = codegrade.otp_login().login(&CreateOtpLoginData::new(ONE_USER), read_mail, |_| None)?;
    show(&login);

    println!("\nAn address with several users");
    let read_mail = |_| sandbox.codegrade().mailed_code(MANY_USERS).map(ConfirmOtpLoginData::new);
    let choose = |users: &[OtpLoginableUser]| {
        let chosen = users.iter().rfind(|user| user.can_login)?;
        println!("  {} users, of whom {} is chosen", users.len(), chosen.username);
        Some(chosen.id)
    };
    let login = codegrade.otp_login().login(&CreateOtpLoginData::new(MANY_USERS), read_mail, choose)?;
    show(&login);
    Ok(())
}

fn at_the_terminal(url: &str) -> Result {
    if !io::stdin().is_terminal() {
        return Err("with --url it asks for a code, so it needs a terminal".into());
    }
    let codegrade = CodeGrade::builder(url).on_pow_progress(show_progress).build()?;
    let email = ask("Your e-mail address: ").ok_or("no address was given")?;
    let code = |prompt| {
        println!("{}", told(prompt));
        match prompt {
            CodePrompt::IsolatedSession => {
                let is_sure = ask("End that session? [y/N] ")?.eq_ignore_ascii_case("y");
                let code = ask("The code once more: ").filter(|_| is_sure)?;
                Some(ConfirmOtpLoginData::new(code).confirm_session_termination(true))
            }
            _ => ask("The code: ").map(ConfirmOtpLoginData::new),
        }
    };
    show(&codegrade.otp_login().login(&CreateOtpLoginData::new(email), code, choose)?);
    Ok(())
}

fn choose(users: &[OtpLoginableUser]) -> Option<i64> {
    for (number, user) in (1..).zip(users) {
        let tenant = user.tenant.as_ref().map_or("", |tenant| &tenant.name);
        let note = if user.can_login { "" } else { "  (logs in by LTI or SSO)" };
        println!(
            "{number:3}  {}  {}  {tenant}{note}",
            user.username,
            user.name.as_deref().unwrap_or_default()
        );
    }
    let number: usize = ask("Which one? ")?.parse().ok()?;
    users.get(number.checked_sub(1)?).map(|user| user.id)
}

fn told(prompt: CodePrompt) -> String {
    match prompt {
        CodePrompt::Mailed => "A code was mailed, if the address is known.".to_owned(),
        CodePrompt::Refused { tries_left } => format!("That code is not accepted; {tries_left} tries left."),
        CodePrompt::IsolatedSession => "The user has an isolated session, for an exam perhaps.".to_owned(),
        _ => "A code is wanted.".to_owned(),
    }
}

fn show(login: &OtpLoginSingleResponse) {
    println!("  {} is logged in", login.user.username);
    if let Some(expires_at) = login.expires_at {
        println!("  until {expires_at:.0}");
    }
}

fn show_progress(progress: Progress) -> ControlFlow<()> {
    // The last line stays when it is done, so it says how much it was.
    eprint!(
        "\rProof of work of {} bits: {} million hashes",
        progress.difficulty,
        progress.hashes / 1_000_000
    );
    ControlFlow::Continue(())
}

/// A line from the terminal; `None` where there is none.
fn ask(question: &str) -> Option<String> {
    print!("{question}");
    io::stdout().flush().ok()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).ok()?;
    Some(line.trim().to_owned()).filter(|line| !line.is_empty())
}
