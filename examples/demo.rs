//! Signs in, lists classes, books one and cancels it, against the mock service that comes with the crate.
//!
//!     cargo run --example demo
//!
//! If `OTF_EMAIL` and `OTF_PASSWORD` are set, it offers to list classes of the real service too. It books nothing
//! there.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use otf_api::auth::Credentials;
use otf_api::jiff::ToSpan;
use otf_api::sandbox::{PAT, Sandbox};
use otf_api::{BookingQuery, ClassQuery, FileStore, Otf, OtfBuilder};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    match demo().and_then(|()| offer_the_real_service()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("demo: {error}");
            ExitCode::FAILURE
        }
    }
}

fn demo() -> Result {
    let sandbox = Sandbox::start()?;
    let directory = std::env::temp_dir().join(format!("otf-api-demo-{}", std::process::id()));
    println!("The sandbox serves OrangeTheory's API at {}", sandbox.url());
    let result = all_steps(&sandbox, &FileStore::at(&directory));
    let cleaned = std::fs::remove_dir_all(&directory);
    result?;
    cleaned?;
    println!("\nAll steps passed.");
    Ok(())
}

fn all_steps(sandbox: &Sandbox, store: &FileStore) -> Result {
    step("Signing in with a password");
    let otf = client(sandbox, store).login()?;
    expect(sandbox, "InitiateAuth", 1)?;
    expect(sandbox, "RespondToAuthChallenge", 1)?;
    expect(sandbox, "ConfirmDevice", 1)?;
    println!("  signed in by SRP as member {}; this device is confirmed", otf.member_uuid());
    println!("  tokens and device key are in {}", store.path().display());

    step("The member and the home studio");
    let member = otf.member()?;
    println!("  {member}");
    println!("  {}", otf.home_studio()?);

    step("Tomorrow's classes");
    let zone = otf.home_studio()?.time_zone.ok_or("the home studio has no time zone")?;
    let tomorrow = sandbox.now().in_tz(&zone)?.date().checked_add(1.day())?;
    let classes = otf.bookings().classes(&ClassQuery::new().on(tomorrow).with_booked())?;
    for class in &classes {
        println!("  {class}");
    }
    if !classes.rejected().is_empty() {
        return Err("a class could not be read".into());
    }

    step("Booking one");
    let wanted = classes
        .iter()
        .find(|class| class.has_availability() && class.is_booked == Some(false))
        .ok_or("no class has a free spot")?;
    let booking = wanted.book(&otf)?;
    println!("  {booking}");

    step("The bookings now");
    for booking in &otf.bookings().list(&BookingQuery::new())? {
        println!("  {booking}");
    }
    let shown = otf.bookings().get(&booking.booking_id)?;
    println!("  and by its id: {shown}");

    step("Canceling it");
    booking.cancel(&otf)?;
    let after = otf.bookings().get(&booking.booking_id)?;
    println!("  {after}");
    if !after.is_canceled() {
        return Err("the booking is still there".into());
    }

    step("A second client, from the stored tokens");
    sandbox.clear_requests();
    let second = client(sandbox, store).login()?;
    let count = second.bookings().classes(&ClassQuery::new())?.len();
    expect(sandbox, "InitiateAuth", 0)?;
    println!("  {count} classes, {} request(s), no sign-in", sandbox.requests().len());

    step("An hour later: the tokens have expired");
    sandbox.clear_requests();
    sandbox.expire_tokens();
    let count = second.bookings().classes(&ClassQuery::new())?.len();
    expect(sandbox, "InitiateAuth", 1)?;
    expect(sandbox, "RespondToAuthChallenge", 0)?;
    println!("  {count} classes; the tokens were refreshed with the device key, without the password");
    sandbox.assert_no_unknown_routes();
    Ok(())
}

fn client(sandbox: &Sandbox, store: &FileStore) -> OtfBuilder {
    Otf::builder()
        .sandbox(sandbox)
        .credentials(Credentials::new(PAT.email, PAT.password))
        .store(store.clone())
}

fn step(title: &str) {
    println!("\n{title}");
}

/// Fails the demo unless a Cognito operation was called this many times.
fn expect(sandbox: &Sandbox, operation: &str, times: usize) -> Result {
    match sandbox.count_operation(operation) {
        seen if seen == times => Ok(()),
        seen => Err(format!("{operation} was called {seen} times rather than {times}").into()),
    }
}

fn offer_the_real_service() -> Result {
    if Credentials::from_env().is_none() || !std::io::stdin().is_terminal() {
        return Ok(());
    }
    print!("\nOTF_EMAIL and OTF_PASSWORD are set. List the next classes of the real service? [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if !answer.trim().eq_ignore_ascii_case("y") {
        return Ok(());
    }
    let otf = Otf::login()?;
    for class in otf.bookings().classes(&ClassQuery::new())?.iter().take(10) {
        println!("  {class}");
    }
    Ok(())
}
