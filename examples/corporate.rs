//! How do I use my company's proxy, and trust its certificate authority?
//!
//!     cargo run --example corporate -- http://proxy.example:3128 company-ca.pem
//!
//! A third argument is the URL of a mock service. Programs need no code for this: `HTTPS_PROXY` can name the proxy, and
//! the feature `platform-roots` trusts what the operating system trusts.

use std::error::Error;

use otf_api::{
    ClassQuery, Endpoints, Error as OtfError, Otf, RetryPolicy, TransportErrorKind, UreqTransport,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: corporate PROXY CA-FILE [URL]";
    let (proxy, pem) = arguments.next().zip(arguments.next()).ok_or(usage)?;

    // The certificates replace the built-in ones. A PEM file can hold several.
    let transport = UreqTransport::builder().proxy(proxy).root_certificates(std::fs::read(pem)?).build()?;
    let mut builder = Otf::builder().transport(transport).retry(RetryPolicy::never());
    if let Some(url) = arguments.next() {
        builder = builder.endpoints(Endpoints::at(&url)?);
    }
    let result = builder.login().and_then(|otf| otf.bookings().classes(&ClassQuery::new()));
    match result {
        Ok(classes) => println!("{} classes", classes.len()),
        Err(OtfError::Transport { source, .. })
            if source.kind() == TransportErrorKind::UntrustedCertificate =>
        {
            return Err(format!("{source}; does the file contain the company's authority?").into());
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
