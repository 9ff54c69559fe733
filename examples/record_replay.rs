//! How do I report an unreadable response without personal data, and how is it reproduced?
//!
//!     cargo run --example record_replay -- /tmp/otf-recording

use std::error::Error;

use otf_api::record::{Recorder, Replayer};
use otf_api::sandbox::Sandbox;
use otf_api::{ClassQuery, Otf, UreqTransport};

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args().nth(1).ok_or("usage: record_replay NEW-DIRECTORY")?;
    let sandbox = Sandbox::start()?; // leave it and the first `.sandbox(…)` out for the real service

    // Everything but the sign-in is written to the directory, with personal data replaced.
    let recorder = Recorder::create(&directory, UreqTransport::default())?;
    let otf = Otf::builder().sandbox(&sandbox).transport(recorder.clone()).login()?;
    let recorded = otf.bookings().classes(&ClassQuery::new())?;
    let leaks = recorder.check()?;
    println!("recorded {} classes, {} leaks of personal data", recorded.len(), leaks.len());

    // On the developer's machine: responses come from the directory, the sign-in from the sandbox.
    let replayer = Replayer::open(&directory)?.or_else(UreqTransport::default());
    let otf = Otf::builder().sandbox(&sandbox).transport(replayer).login()?;
    let replayed = otf.bookings().classes(&ClassQuery::new())?;
    println!("replayed {} classes", replayed.len());
    Ok(())
}
