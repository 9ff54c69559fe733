//! What is due in CodeGrade this week?
//!
//!     cargo run --example codegrade_due -- you@example.com
//!
//! Without an address it uses the sandbox and one of its students. `CG_HOST` names the server.

use std::error::Error;
use std::io;

use otf_api::MemoryStore;
use otf_api::codegrade::{CodeGrade, ConfirmOtpLoginData, CreateOtpLoginData, Session};
use otf_api::jiff::{SignedDuration, Timestamp};
use otf_api::sandbox::{Sandbox, codegrade};

fn main() -> Result<(), Box<dyn Error>> {
    match std::env::args().nth(1) {
        Some(email) => {
            let server = CodeGrade::from_env()?;
            let session = server.login(
                &CreateOtpLoginData::new(email),
                |prompt| {
                    println!("The code from the email ({prompt:?}):");
                    let code = io::stdin().lines().next()?.ok()?;
                    Some(ConfirmOtpLoginData::new(code))
                },
                |users| users.iter().find(|user| user.can_login).map(|user| user.id),
            )?;
            list(&session)
        }
        None => {
            let sandbox = Sandbox::start()?;
            let server = CodeGrade::builder().host(sandbox.url()).store(MemoryStore::new()).build()?;
            let token = sandbox.codegrade().issue_token(codegrade::ONE_USER).ok_or("no user")?;
            list(&server.session(token))
        }
    }
}

fn list(session: &Session) -> Result<(), Box<dyn Error>> {
    let now = Timestamp::now();
    let next_week = now + SignedDuration::from_hours(7 * 24);
    for course in session.courses() {
        let course = course?;
        for assignment in session.assignments(course.id) {
            let assignment = assignment?;
            if let Some(deadline) =
                assignment.deadline().filter(|_| assignment.is_due_between(now, next_week))
            {
                let submitted = session.own_submissions(assignment.id).count();
                println!("{deadline:.0}  {}: {} ({submitted} submissions)", course.name, assignment.name);
            }
        }
    }
    Ok(())
}
