//! What can I book, and what have I booked? Reads only.
//!
//!     OTF_EMAIL=you@example.com OTF_PASSWORD=… cargo run --example classes
//!
//! With a URL as argument, it uses the mock service at that URL; `cargo run --example sandbox` starts one.

use otf_api::{BookingQuery, ClassQuery, Endpoints, Otf};

fn main() -> otf_api::Result<()> {
    let mut builder = Otf::builder();
    if let Some(url) = std::env::args().nth(1) {
        builder = builder.endpoints(Endpoints::at(&url)?);
    }
    let otf = builder.login()?;

    for class in &otf.bookings().classes(&ClassQuery::new().available())? {
        println!("{class}");
    }
    println!("\nBooked:");
    for booking in &otf.bookings().list(&BookingQuery::new())? {
        println!("{booking}");
    }
    Ok(())
}
