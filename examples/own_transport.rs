//! How long does each request take? A transport of your own sees them all.
//!
//!     cargo run --example own_transport

use std::error::Error;
use std::time::Instant;

use otf_api::http::{Request, Response};
use otf_api::sandbox::Sandbox;
use otf_api::{ClassQuery, Otf, Transport, TransportError, UreqTransport};

/// Passes each request on and prints how long it took. Method, host and path only: queries, headers and bodies may be
/// secret.
struct Timed(UreqTransport);

impl Transport for Timed {
    fn send(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let started = Instant::now();
        let result = self.0.send(request);
        let outcome = match &result {
            Ok(response) => format!("{}, {} bytes", response.status(), response.body().len()),
            Err(error) => error.to_string(),
        };
        println!("{:>8.1?}  {} {}: {outcome}", started.elapsed(), request.method(), request.uri().path());
        result
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start()?; // leave it and `.sandbox(…)` out for the real service
    let otf = Otf::builder().sandbox(&sandbox).transport(Timed(UreqTransport::default())).login()?;
    let classes = otf.bookings().classes(&ClassQuery::new())?;
    println!("{} classes", classes.len());
    Ok(())
}
