//! The store in Redis keeps the contract of a store.

use std::io::ErrorKind;
use std::thread;
use std::time::{Duration, Instant};

use otf_api::Store;
use otf_api_programs::redis_store::RedisStore;
use redis::cmd;

use crate::redis_server::Redis;

const TOKENS: &str = "accounts/4f1d/tokens.json";
const LOCK: &str = "accounts/4f1d/session";

const NO_WAIT: Duration = Duration::ZERO;
const LONG: Duration = Duration::from_secs(60);

fn store(server: &Redis) -> RedisStore {
    RedisStore::at(&server.url()).unwrap()
}

#[test]
fn values_are_kept_under_their_keys() {
    let Some(server) = Redis::start() else { return };
    let (store, mut other) = (store(&server), store(&server));
    other.name = "another program".to_owned();
    assert_eq!(store.read(TOKENS).unwrap(), None);
    let bytes: Vec<u8> = (0..=255).collect();
    store.write(TOKENS, b"old").unwrap();
    store.write(TOKENS, &bytes).unwrap();
    store.write("last-account.json", b"").unwrap();
    assert_eq!(store.read(TOKENS).unwrap(), Some(bytes));
    assert_eq!(store.read("last-account.json").unwrap(), Some(Vec::new()));
    assert_eq!(store.keys("accounts/").unwrap(), [TOKENS]);
    assert_eq!(store.keys("").unwrap().len(), 2);
    assert!(other.keys("").unwrap().is_empty());

    other.write(TOKENS, b"its own").unwrap();
    store.remove(TOKENS).unwrap();
    store.remove(TOKENS).unwrap();
    assert_eq!(store.read(TOKENS).unwrap(), None);
    store.clear().unwrap();
    store.clear().unwrap();
    assert!(store.keys("").unwrap().is_empty());
    assert_eq!(other.read(TOKENS).unwrap().as_deref(), Some(&b"its own"[..]));
}

#[test]
fn a_lock_keeps_others_out_until_it_is_dropped() {
    let Some(server) = Redis::start() else { return };
    let (here, there) = (store(&server), store(&server));
    let lock = here.lock(LOCK, LONG).unwrap();
    let wait = Duration::from_millis(120);
    let begun = Instant::now();
    assert_eq!(there.lock(LOCK, wait).unwrap_err().kind(), ErrorKind::TimedOut);
    assert!(begun.elapsed() >= wait);
    assert_eq!(here.lock(LOCK, NO_WAIT).unwrap_err().kind(), ErrorKind::TimedOut, "nor in at its own door");
    there.lock("accounts/another/session", NO_WAIT).unwrap();
    let mut other = there.clone();
    other.name = "another program".to_owned();
    other.lock(LOCK, NO_WAIT).unwrap();

    let waiting = thread::spawn(move || there.lock(LOCK, LONG).map(drop));
    drop(lock);
    waiting.join().unwrap().unwrap();
}

#[test]
fn a_lock_expires_and_is_then_the_next_ones_alone() {
    let Some(server) = Redis::start() else { return };
    let mut store = store(&server);
    store.lease = Duration::from_millis(200);
    let begun = Instant::now();
    let late = store.lock(LOCK, NO_WAIT).unwrap();
    store.lease = LONG;
    let next = store.lock(LOCK, LONG).unwrap();
    assert!((Duration::from_millis(200)..LONG / 2).contains(&begun.elapsed()));
    // Whoever comes too late does not release what is no longer its own.
    drop(late);
    assert_eq!(store.lock(LOCK, NO_WAIT).unwrap_err().kind(), ErrorKind::TimedOut);
    drop(next);
    store.lock(LOCK, NO_WAIT).unwrap();
}

#[test]
fn a_server_that_is_gone_is_an_error_at_once() {
    let Some(mut server) = Redis::start() else { return };
    let store = store(&server);
    let lock = store.lock(LOCK, NO_WAIT).unwrap();
    server.kill();
    drop(lock);
    let begun = Instant::now();
    store.read(TOKENS).unwrap_err();
    store.write(TOKENS, b"new").unwrap_err();
    store.remove(TOKENS).unwrap_err();
    store.keys("").unwrap_err();
    store.clear().unwrap_err();
    // Nobody would let go of it.
    assert_ne!(store.lock(LOCK, LONG).unwrap_err().kind(), ErrorKind::TimedOut);
    assert!(begun.elapsed() < LONG / 2);
}

/// A server that does not know a command, or wants a password, answers with what it was sent.
#[test]
fn errors_and_debug_hold_no_secret() {
    const SECRET: &str = "swordfish";
    let Some(server) = Redis::start_with(&["--rename-command", "HSET", ""]) else { return };
    let mut errors = vec![store(&server).write(TOKENS, SECRET.as_bytes()).unwrap_err()];
    let echo: redis::RedisResult<()> = cmd("HSET").arg(SECRET).query(&mut server.connection());
    assert!(echo.unwrap_err().to_string().contains(SECRET), "the server repeats it");

    let Some(server) = Redis::start_with(&["--requirepass", "right"]) else { return };
    let wrong = RedisStore::at(&server.url_with(SECRET)).unwrap();
    errors.push(wrong.read(TOKENS).unwrap_err());
    assert!(!format!("{wrong:?}").contains(SECRET));
    errors.push(store(&server).read(TOKENS).unwrap_err());
    errors.push(RedisStore::at(&format!("postgres://{SECRET}@host")).unwrap_err());
    errors.push(RedisStore::at(&format!("redis://:{SECRET}@host:x/y/")).unwrap_err());
    errors
        .push(RedisStore::at(&format!("redis://:{SECRET}@host.invalid/")).unwrap().read(TOKENS).unwrap_err());
    for error in errors {
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(SECRET), "{shown}");
        assert!(error.to_string().starts_with("Redis"), "{shown}");
    }
    RedisStore::at(&server.url_with("right")).unwrap().write(TOKENS, b"new").unwrap();
}
