//! How do I test my program without an account and without a network?
//!
//!     cargo test --example offline_test

use otf_api::models::OtfClass;
use otf_api::{ClassQuery, Otf};

/// Part of a program: the next class with a free spot.
fn next_free(otf: &Otf) -> otf_api::Result<Option<OtfClass>> {
    let classes = otf.bookings().classes(&ClassQuery::new().available())?;
    Ok(classes.iter().find(|class| !class.start.has_passed(otf.now())).cloned())
}

fn main() -> otf_api::Result<()> {
    match next_free(&Otf::login()?)? {
        Some(class) => println!("{class}"),
        None => println!("every class is full"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use otf_api::sandbox::{Fault, Sandbox};

    use super::*;

    #[test]
    fn finds_a_class_that_has_not_begun() {
        let sandbox = Sandbox::start().unwrap();
        let otf = Otf::builder().sandbox(&sandbox).login().unwrap();
        let class = next_free(&otf).unwrap().unwrap();
        assert!(class.has_availability() && !class.start.has_passed(sandbox.now()));
    }

    #[test]
    fn survives_a_bad_gateway_and_expired_tokens() {
        let sandbox = Sandbox::start().unwrap();
        let otf = Otf::builder().sandbox(&sandbox).login().unwrap();
        sandbox.advance(Duration::from_secs(2 * 60 * 60)); // tokens are valid for one hour
        sandbox.fault(Fault::status(502).on("GET", "/v1/classes"));
        assert!(next_free(&otf).unwrap().is_some());
        assert_eq!(sandbox.count("GET", "/v1/classes"), 2);
        assert_eq!(sandbox.count_operation("InitiateAuth"), 2, "the sign-in, and one refresh");
    }
}
