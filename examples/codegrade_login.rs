//! How do I log in to CodeGrade with an emailed code?
//!
//!     cargo run --example codegrade_login
//!
//! `otf codegrade login` (in examples/otf) does it at a terminal.

use std::error::Error;

use otf_api::MemoryStore;
use otf_api::codegrade::{CodeGrade, CodePrompt, ConfirmOtpLoginData, CreateOtpLoginData, OtpLoginableUser};
use otf_api::sandbox::Sandbox;
use otf_api::sandbox::codegrade::MANY_USERS;

fn main() -> Result<(), Box<dyn Error>> {
    // For a real server: `CodeGrade::new("app.codegra.de")?`
    let sandbox = Sandbox::start()?;
    let server = CodeGrade::builder().host(sandbox.url()).store(MemoryStore::new()).build()?;

    // The server demands a proof of work before it emails a code. The client computes it.
    let login = CreateOtpLoginData::new(MANY_USERS);

    // Called for the code, and again after a wrong one. A real program prompts the user.
    let mut is_first = true;
    let code = |prompt| {
        if std::mem::take(&mut is_first) {
            return Some(ConfirmOtpLoginData::new("000000"));
        }
        if let CodePrompt::Refused { attempts_left } = prompt {
            println!("wrong code, {attempts_left} attempts left");
        }
        let code = sandbox.codegrade().emailed_code(MANY_USERS)?;
        println!("The code in the email to {MANY_USERS}: {code}");
        Some(ConfirmOtpLoginData::new(code))
    };

    // Called if the address has several users.
    let choose = |users: &[OtpLoginableUser]| {
        println!("{} users", users.len());
        users.iter().find(|user| user.can_login).map(|user| user.id)
    };

    let session = server.login(&login, code, choose)?;
    println!("{} is logged in", session.user()?.username);
    for course in session.courses() {
        println!("  {}", course?.name);
    }
    Ok(())
}
