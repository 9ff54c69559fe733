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
//! With a URL as argument, it uses the mock service at that URL; `cargo run --example sandbox` starts one.

use otf_api::{Endpoints, Otf};

fn main() -> otf_api::Result<()> {
    let is_server = std::env::var_os("OTF_SESSION").is_some();
    // `Otf::login()` does the same with the real service. It reads OTF_SESSION.
    let mut builder = Otf::builder().prompt(!is_server);
    if let Some(url) = std::env::args().nth(1) {
        builder = builder.endpoints(Endpoints::at(&url)?);
    }
    let otf = builder.login()?;

    if is_server {
        println!("signed in: {}", otf.member()?);
    } else {
        // Until its refresh token expires, this is as powerful as the password: store it as a secret.
        println!("{}", otf.session()?.to_text().expose());
    }
    Ok(())
}
