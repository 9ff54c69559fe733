//! Every captured response decodes.
use std::path::Path;

use otf_api::models::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

fn captured(file: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/captured").join(file);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn list<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(
    file: &str,
    keys: &[&str],
) -> Listing<T> {
    let listing: Listing<T> =
        decode_listing(&captured(file), keys).unwrap_or_else(|error| panic!("{file}: {error}"));
    assert_eq!(listing.rejected(), []);
    let json = serde_json::to_vec(&listing).unwrap();
    assert_eq!(decode_listing::<T>(&json, &[]).unwrap(), listing, "{file}");
    listing
}

fn one<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(file: &str, keys: &[&str]) -> T {
    let value: T = decode_at(&captured(file), keys).unwrap_or_else(|error| panic!("{file}: {error}"));
    let json = serde_json::to_vec(&value).unwrap();
    assert_eq!(decode::<T>(&json).unwrap(), value, "{file}");
    value
}

#[test]
fn smoke() {
    let classes = list::<OtfClass>("api.orangetheory.io/v1_classes.json", &["items"]);
    println!("{:#?}\n{}", classes[0], classes[0]);
    let bookings = list::<Booking>("api.orangetheory.io/v1_bookings_me.past.unmasked.json", &["items"]);
    println!("{:#?}\n{}", bookings[0], bookings[0]);
    let studio = one::<StudioDetail>("api.orangetheory.co/mobile_v1_studios_{id}.unmasked.json", &["data"]);
    println!("{studio:#?}\n{studio}");
    let member = one::<MemberDetail>("api.orangetheory.co/member_members_{id}.unmasked.json", &["data"]);
    println!("{member:#?}\n{member}");
    let services = list::<StudioService>("api.orangetheory.co/member_studios_{id}_services.json", &["data"]);
    println!("{:#?}\n{}", services[0], services[0]);
}
