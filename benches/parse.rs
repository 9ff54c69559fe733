//! A class list read into models, beside the same list read into the plainest structs by the same function.
//!
//! `cargo bench --bench parse` prints both for the lists of 1, 10 and 100 studios. The ratio is
//! about 0.86; the run fails if it is below 0.8 for the middle one (945 classes, 0.84 MB).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "nothing here comes from outside")]

#[path = "common/mod.rs"]
mod common;
#[path = "common/schedule.rs"]
mod schedule;

use std::hint::black_box;
use std::process::ExitCode;

use common::Pairs;
use otf_api::models::{OtfClass, decode};
use schedule::schedule;
use serde::Deserialize;

const ROUNDS: usize = 41;
const BAR: f64 = 0.8;

fn main() -> ExitCode {
    let mut good = true;
    for classes in [95, 945, 9_450] {
        let body = schedule(classes);
        let pairs = Pairs::measure(ROUNDS, || plain(&body, classes), || typed(&body, classes));
        let megabytes = body.len() as f64 / 1e6;
        let (plain, typed) = pairs.seconds();
        let is_slow = classes == 945 && pairs.ratio() < BAR;
        good &= !is_slow;
        println!(
            "{classes:5} classes, {megabytes:5.2} MB: {:4.0} MB/s, plain structs {:4.0} MB/s, ratio {:.2}{}",
            megabytes / typed,
            megabytes / plain,
            pairs.ratio(),
            if is_slow { "  TOO SLOW" } else { "" },
        );
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn typed(body: &[u8], classes: usize) {
    let listing = decode::<OtfClass>(black_box(body), &["items"]).unwrap();
    assert_eq!((black_box(&listing).len(), listing.rejected().len()), (classes, 0));
}

fn plain(body: &[u8], classes: usize) {
    let listing = decode::<plain::Class>(black_box(body), &["items"]).unwrap();
    assert_eq!(black_box(&listing).len(), classes);
}

/// The same fields without leniency: nothing but derives.
mod plain {
    use super::Deserialize;

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "read, and no more")]
    pub(crate) struct Class {
        id: Option<String>,
        ot_base_class_uuid: Option<String>,
        starts_at: Option<String>,
        starts_at_local: Option<String>,
        ends_at: Option<String>,
        ends_at_local: Option<String>,
        name: Option<String>,
        r#type: Option<String>,
        studio: Option<Studio>,
        coach: Option<Coach>,
        max_capacity: Option<i64>,
        booking_capacity: Option<i64>,
        waitlist_size: Option<i64>,
        full: Option<bool>,
        waitlist_available: Option<bool>,
        canceled: Option<bool>,
        mbo_class_id: Option<String>,
        mbo_class_schedule_id: Option<String>,
        mbo_class_description_id: Option<String>,
        created_at: Option<String>,
        updated_at: Option<String>,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "read, and no more")]
    struct Studio {
        id: Option<String>,
        name: Option<String>,
        mbo_studio_id: Option<String>,
        time_zone: Option<String>,
        currency_code: Option<String>,
        country_code: Option<String>,
        address: Option<Address>,
        phone_number: Option<String>,
        latitude: Option<f64>,
        longitude: Option<f64>,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "read, and no more")]
    struct Address {
        line1: Option<String>,
        city: Option<String>,
        state: Option<String>,
        country: Option<String>,
        postal_code: Option<String>,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "read, and no more")]
    struct Coach {
        mbo_staff_id: Option<String>,
        first_name: Option<String>,
        image_url: Option<String>,
    }
}
