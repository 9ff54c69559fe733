//! The responses of the OrangeTheory endpoints, mutated.

use super::payloads::{self, Payload};
use super::script::Script;
use super::through;
use super::tree::body;

pub(crate) fn bookings(data: &[u8]) {
    run(data, payloads::BOOKINGS, through::BOOKINGS);
}

pub(crate) fn members(data: &[u8]) {
    run(data, payloads::MEMBERS, through::MEMBERS);
}

pub(crate) fn studios(data: &[u8]) {
    run(data, payloads::STUDIOS, through::STUDIOS);
}

pub(crate) fn workouts(data: &[u8]) {
    run(data, payloads::WORKOUTS, through::WORKOUTS);
}

/// One byte for the payload, two for the call, the rest for the mutations.
fn run(data: &[u8], payloads: &[Payload], calls: &[through::Call]) {
    let mut script = Script::new(data);
    let payload = script.pick(payloads);
    let (call, everywhere) = (script.below(calls.len() + 5), script.one_in(2));
    let body = body(payload.template(), &mut script);
    match calls.get(call) {
        Some(call) => through::check(call, payload, &body, everywhere),
        None => (payload.check)(&body, payload.keys),
    }
}

/// Each payload, and each call with each payload, as they are; and the payloads as bytes of their own.
fn seeds(payloads: &[Payload], calls: &[through::Call]) -> Vec<(String, Vec<u8>)> {
    let mut seeds = Vec::new();
    for (index, payload) in payloads.iter().enumerate() {
        let index = u8::try_from(index).unwrap();
        let name = payload.file.rsplit('/').next().unwrap_or_default().replace(['{', '}', '.'], "");
        for call in 0..=calls.len() {
            seeds.push((format!("{index}-{call}"), vec![index, u8::try_from(call).unwrap(), 0, 0, 0]));
        }
        let last = u8::try_from(calls.len()).unwrap();
        let mut raw = vec![index, last, 0, 7];
        raw.extend(payload.template().to_string().bytes());
        if raw.len() < 12_000 {
            seeds.push((format!("{index}-{name}"), raw));
        }
    }
    seeds
}

pub(crate) fn bookings_seeds() -> Vec<(String, Vec<u8>)> {
    seeds(payloads::BOOKINGS, through::BOOKINGS)
}

pub(crate) fn members_seeds() -> Vec<(String, Vec<u8>)> {
    seeds(payloads::MEMBERS, through::MEMBERS)
}

pub(crate) fn studios_seeds() -> Vec<(String, Vec<u8>)> {
    seeds(payloads::STUDIOS, through::STUDIOS)
}

pub(crate) fn workouts_seeds() -> Vec<(String, Vec<u8>)> {
    seeds(payloads::WORKOUTS, through::WORKOUTS)
}
