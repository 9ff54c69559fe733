//! How do I book a class once, even if the connection breaks in the middle?
//!
//!     cargo run --example book

use std::error::Error;

use otf_api::sandbox::{Fault, Sandbox};
use otf_api::{BookingOptions, ClassQuery, EnsuredBooking, Otf};

fn main() -> Result<(), Box<dyn Error>> {
    // For the real service: `let otf = Otf::login()?;`
    let sandbox = Sandbox::start()?;
    let otf = Otf::builder().sandbox(&sandbox).login()?;

    let classes = otf.bookings().classes(&ClassQuery::new().available())?;
    let bookable = classes.iter().find(|class| !class.start.has_passed(otf.now()));
    let class = bookable.ok_or("no class has a free spot")?;

    // The service books, and the response is lost.
    sandbox.fault(Fault::close_after().on("POST", "/v1/bookings/me"));

    // Books the class unless it is already booked, and checks again if the response is lost.
    let options = BookingOptions::new().waitlist().refuse_overlap();
    for _ in 0..2 {
        match otf.bookings().ensure_booked(class, &options)? {
            EnsuredBooking::Booked(booking) => println!("booked: {booking}"),
            EnsuredBooking::AlreadyBooked(booking) => println!("already booked: {booking}"),
            EnsuredBooking::Waitlisted(booking) => println!("on the waitlist: {booking}"),
            other => println!("{other:?}"),
        }
    }
    println!("the service made {} booking", sandbox.bookings_made());
    Ok(())
}
