//! How do I run a program on a server that never sees my password?
//!
//! At your own machine, where you can sign in:
//!
//!     cargo run --example headless > session.txt
//!
//! On the server:
//!
//!     OTF_SESSION="$(cat session.txt)" cargo run --example headless
//!
//! With a URL it uses the mock service there, which `cargo run --example sandbox` serves.

use otf_api::{Endpoints, Otf};

fn main() -> otf_api::Result<()> {
    let is_server = std::env::var_os("OTF_SESSION").is_some();
    // `Otf::login()` does the same with the real service. It reads OTF_SESSION by itself.
    let mut builder = Otf::builder().prompt(!is_server);
    if let Some(url) = std::env::args().nth(1) {
        builder = builder.endpoints(Endpoints::at(&url)?);
    }
    let otf = builder.login()?;

    if is_server {
        println!("signed in: {}", otf.member()?);
    } else {
        // As good as the password for as long as its refresh token is valid, so store it where secrets are stored.
        println!("{}", otf.session()?.to_text().expose());
    }
    Ok(())
}
