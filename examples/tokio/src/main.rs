//! How do I use the blocking client in an async program?
//!
//!     cargo run --manifest-path examples/tokio/Cargo.toml

use std::error::Error;

use otf_api::sandbox::Sandbox;
use otf_api::{BookingQuery, ClassQuery, Otf};
use tokio::task::spawn_blocking;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start()?;
    // Signing in blocks too. For the real service: `spawn_blocking(Otf::login).await??`
    let builder = Otf::builder().sandbox(&sandbox);
    let otf = spawn_blocking(|| builder.login()).await??;

    // Clones are cheap and share tokens and connections. Two calls at once take two threads of tokio's blocking pool.
    let for_classes = otf.clone();
    let classes = spawn_blocking(move || for_classes.bookings().classes(&ClassQuery::new()));
    let bookings = spawn_blocking(move || otf.bookings().list(&BookingQuery::new()));
    println!("{} classes, {} bookings", classes.await??.len(), bookings.await??.len());
    Ok(())
}
