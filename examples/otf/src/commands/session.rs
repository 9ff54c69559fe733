//! `otf session`

use clap::{Args, Subcommand};
use serde_json::json;

use crate::cli::Global;
use crate::failure::{Failure, Result};
use crate::output;
use crate::service::Service;

/// Show the session, or export it for a machine without a terminal.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf session show
  otf session export

On the other machine, set OTF_SESSION to the exported line: it is as good as the password while its refresh token is
valid, so store it as a secret.")]
pub struct Session {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show when the tokens expire and where they are stored
    #[command(after_help = "Examples:\n  otf session show --json")]
    Show,
    /// Print the session as one line, a secret
    #[command(after_help = "Examples:\n  otf session export")]
    Export,
    /// Sign in with the session in OTF_SESSION and store it
    #[command(after_help = "Examples:\n  otf session import")]
    Import,
}

impl Session {
    pub fn run(&self, global: &Global) -> Result {
        if matches!(self.action, Action::Import)
            && !global.sandbox
            && std::env::var_os("OTF_SESSION").is_none()
        {
            return Err(Failure::usage("OTF_SESSION is not set; it holds what `otf session export` printed"));
        }
        let service = Service::connect(global)?;
        match self.action {
            Action::Show => {
                let info = service.otf.session_info()?;
                if global.json {
                    return output::json(&json!({
                        "email": info.email,
                        "id_token_expires_at": info.id_token_expires_at,
                        "access_token_expires_at": info.access_token_expires_at,
                        "signed_in_at": info.signed_in_at,
                        "has_refresh_token": info.has_refresh_token,
                        "device_known": info.device_known,
                        "clock_offset_seconds": info.clock_offset.map(|offset| offset.as_secs()),
                        "store": info.store_path,
                    }));
                }
                println!("account: {}", info.email.as_deref().unwrap_or("imported without an email address"));
                println!("ID token expires: {}", info.id_token_expires_at);
                match info.signed_in_at.filter(|_| info.has_refresh_token) {
                    Some(time) => println!("refresh token: issued {time}"),
                    None if info.has_refresh_token => println!("refresh token: yes"),
                    None => println!("refresh token: none, the session ends with the ID token"),
                }
                println!("device: {}", if info.device_known { "confirmed" } else { "not known" });
                match &info.store_path {
                    Some(path) => println!("stored in: {}", path.display()),
                    None => println!("stored in: memory or another store"),
                }
            }
            Action::Export => {
                let text = service.otf.session()?.to_text();
                if global.json {
                    return output::json(&json!({ "session": text.expose() }));
                }
                println!("{}", text.expose());
            }
            Action::Import => {
                let member = service.otf.member()?;
                if global.json {
                    return output::json(
                        &json!({ "member_uuid": member.member_uuid, "email": member.email }),
                    );
                }
                println!("stored the session of {member}");
            }
        }
        Ok(())
    }
}
