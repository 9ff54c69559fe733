//! How do I call an endpoint that has no method?
//!
//!     cargo run --example raw_request

use std::error::Error;

use otf_api::http::Method;
use otf_api::sandbox::Sandbox;
use otf_api::{Host, Otf};

fn main() -> Result<(), Box<dyn Error>> {
    // For the real service: `let otf = Otf::login()?;`
    let sandbox = Sandbox::start()?;
    let otf = Otf::builder().sandbox(&sandbox).login()?;

    // Headers, tokens, retries and errors are handled as for the other methods; the result is JSON.
    let path = format!("/member/members/{}", otf.member_uuid());
    let member =
        otf.request(Method::GET, Host::Default, &path).query("include", "memberClassSummary").send()?;
    if let Some(summary) = member.pointer("/data/memberClassSummary") {
        println!("{summary}");
    }

    // An error of the service has its status, code and message.
    if let Err(error) = otf.request(Method::GET, Host::Default, "/member/members/nobody").send() {
        println!("{error} (status {:?})", error.status());
    }
    Ok(())
}
