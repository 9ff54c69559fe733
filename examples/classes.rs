//! The classes of the home studio, from the real service.
//!
//!     OTF_EMAIL=you@example.com OTF_PASSWORD=… cargo run --example classes

use otf_api::{ClassQuery, Otf};

fn main() -> otf_api::Result<()> {
    for class in &Otf::login()?.bookings().classes(&ClassQuery::new())? {
        println!("{class}");
    }
    Ok(())
}
