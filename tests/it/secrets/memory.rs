//! What is left in memory when a client is gone: searched in a process of its own, by way of `/proc/self/mem`.
//!
//! The process gets its password and knows what to look for only in disguise, so that what it finds can't be the
//! search itself.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::FileExt;

use otf_api::auth::Credentials;
use otf_api::{MemoryStore, Otf, Secret};

use crate::children::{self, Job, at};
use crate::support::sandbox;

const MASK: u8 = 0x5a;

/// Long, so that no allocator's own notes in freed memory cover it.
const PASSWORD: &str = "the-Password-that-nobody-must-find-in-memory-0123456789-and-so-on-for-a-while";

/// Signs in with a password that comes in disguise, and says how often it is still there afterwards.
pub(super) fn sign_in_and_look() {
    let mut disguised = Vec::new();
    std::io::stdin().read_to_end(&mut disguised).unwrap();
    // The middle is enough to be known by, and is nowhere but in copies of the password.
    let needle = disguised[20..44].to_vec();

    let control = Secret::new(reveal(&disguised));
    children::say(copies(&needle));
    drop(control);

    let endpoints = otf_api::Endpoints::at(&children::given("OTF_TEST_URL")).unwrap();
    let credentials = Credentials::new(children::given("OTF_TEST_EMAIL"), Secret::new(reveal(&disguised)));
    let otf = Otf::builder()
        .endpoints(endpoints)
        .store(MemoryStore::new())
        .credentials(credentials)
        .sleep(|_| {})
        .environment(false)
        .prompt(false)
        .login()
        .unwrap();
    otf.bookings().list(&Default::default()).unwrap();
    children::say(copies(&needle));
    drop(otf);
    children::say(copies(&needle));
}

/// The password. Its room is exact, so that making it leaves no copy behind.
fn reveal(disguised: &[u8]) -> String {
    let mut password = String::with_capacity(disguised.len());
    password.extend(disguised.iter().map(|byte| char::from(byte ^ MASK)));
    password
}

/// How often the disguised text stands undisguised in this process's memory.
fn copies(needle: &[u8]) -> usize {
    let memory = File::open("/proc/self/mem").unwrap();
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mut found = 0;
    let mut block = vec![0; 1 << 20];
    for line in maps.lines() {
        let mut fields = line.split_ascii_whitespace();
        let (Some(range), Some(rights)) = (fields.next(), fields.next()) else { continue };
        if !rights.starts_with("rw") || line.ends_with("[vvar]") {
            continue;
        }
        let (start, end) = range.split_once('-').unwrap();
        let [mut start, end] = [start, end].map(|text| u64::from_str_radix(text, 16).unwrap());
        while start < end {
            let length = block.len().min((end - start) as usize);
            let Ok(count) = memory.read_at(&mut block[..length], start) else { break };
            let is_here = |at: &[u8]| at.iter().zip(needle).all(|(byte, hidden)| *byte == hidden ^ MASK);
            found += block[..count].windows(needle.len()).filter(|at| is_here(at)).count();
            // The block itself is searched as well, and so it must not be left full.
            block[..count].fill(0);
            if count < length || count <= needle.len() {
                break;
            }
            start += (count - needle.len()) as u64;
            if end - start <= needle.len() as u64 {
                break;
            }
        }
    }
    found
}

#[test]
fn password_is_wiped_from_memory() {
    let sandbox = sandbox();
    let account = sandbox.add_account("wiped@example.com", PASSWORD);
    let mut command = children::command("secrets memory");
    let directory = tempfile::tempdir().unwrap();
    at(&mut command, &sandbox, directory.path()).env("OTF_TEST_EMAIL", account.email);
    let disguised: Vec<u8> = PASSWORD.bytes().map(|byte| byte ^ MASK).collect();
    let mut job = Job::start(&mut command);
    job.give(&disguised);
    let counts: Vec<usize> = job.finish().iter().map(|count| count.parse().unwrap()).collect();
    let [control, signed_in, gone] = counts[..] else { panic!("{counts:?}") };
    assert_eq!(control, 1, "a copy that is there is found");
    assert!((1..=3).contains(&signed_in), "it is kept for the next sign-in, once or so: {signed_in}");
    assert_eq!(gone, 0, "copies are left when the client is gone");
}
