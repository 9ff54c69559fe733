//! `otf logout`

use clap::Args;

use crate::cli::Global;
use crate::failure::Result;
use crate::output;
use crate::service::Service;

/// Remove an account's tokens, device and cached responses from this machine.
///
/// Other accounts and the member's phone stay signed in.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf logout
  otf logout --revoke")]
pub struct Logout {
    /// Also revoke the refresh token, so that copies of this session end
    #[arg(long)]
    revoke: bool,
}

impl Logout {
    pub fn run(&self, global: &Global) -> Result {
        let service = Service::connect(global)?;
        let email = service.otf.user().email.clone().unwrap_or_else(|| service.otf.member_uuid().to_string());
        output::confirm(&format!("Sign {email} out on this machine"), global.yes)?;
        if self.revoke {
            service.otf.sign_out_and_revoke()?;
        } else {
            service.otf.sign_out()?;
        }
        println!("signed out: {email}");
        Ok(())
    }
}
