//! `otf login`

use clap::Args;
use serde_json::json;

use crate::cli::Global;
use crate::failure::Result;
use crate::output;
use crate::service::Service;

/// Sign in and cache the tokens.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf login
  otf login --check

The password comes from OTF_PASSWORD, or is asked for at the terminal. It is neither stored nor sent: the sign-in is
SRP, as in the official app.")]
pub struct Login {
    /// Also check the password if the cached tokens are still valid
    #[arg(long)]
    check: bool,
}

impl Login {
    pub fn run(&self, global: &Global) -> Result {
        let service = Service::connect(global)?;
        if self.check {
            service.otf.verify_credentials()?;
        }
        let member = service.otf.member()?;
        if global.json {
            return output::json(&json!({ "member_uuid": member.member_uuid, "email": member.email }));
        }
        println!("signed in: {member}");
        Ok(())
    }
}
