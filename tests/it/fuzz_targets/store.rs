//! What lies in the store: tokens, the device, the last account, kept responses.

use std::sync::{Arc, LazyLock};

use otf_api::auth::{Credentials, Session};
use otf_api::http::Request;
use otf_api::{Error, FileStore, MemoryStore, Otf, Store, StudioUuid};
use serde_json::{Value, json};

use super::harness::{
    EMAIL, MARK, Net, Reply, builder, check_error, now, operation, refreshed, reply, secret,
};
use super::script::Script;
use super::tree::{body, mutated};

/// What a sign-in and a call leave in the store: the lines of each file.
pub(crate) static FILES: LazyLock<Vec<(String, Vec<Value>)>> = LazyLock::new(|| {
    let store = Arc::new(MemoryStore::new());
    let net = Net::new(serve);
    let otf = client(&net, &store, true).unwrap();
    otf.studios().detail(StudioUuid::new("s0")).unwrap();
    let lines = |key: &str| {
        let file = String::from_utf8(store.read(key).unwrap().unwrap()).unwrap();
        file.split('\n').map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let keys = store.keys("").unwrap();
    let mut files: Vec<_> = keys.into_iter().map(|key| (key.clone(), lines(&key))).collect();
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    assert!(files.len() >= 4, "{files:?}");
    files
});

/// A client of the one account. Where its tokens are no good it signs in with a password, which takes a hundred
/// times as long as all the rest, or by another refresh token.
fn client(net: &Net, store: &Arc<MemoryStore>, has_password: bool) -> otf_api::Result<Otf> {
    let builder = builder(net).store(Arc::clone(store)).cache_responses(true);
    if has_password {
        return builder.credentials(Credentials::new(EMAIL, secret("password"))).login();
    }
    let session =
        Session { email: Some(EMAIL.to_owned()), ..Session::from_refresh_token(secret("imported"), None) };
    builder.session(session).login()
}

/// A service where all is well.
fn serve(request: &Request<Vec<u8>>) -> Reply {
    let asked: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    let body = match operation(request) {
        Some("InitiateAuth") if asked["AuthFlow"] == "USER_SRP_AUTH" => {
            json!({"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": {
                "SALT": "c587", "SRP_B": "9349cb7d", "SECRET_BLOCK": "bw==", "USER_ID_FOR_SRP": "u"}})
        }
        Some("RespondToAuthChallenge") => {
            let mut tokens = refreshed();
            tokens["AuthenticationResult"]["RefreshToken"] = secret("refresh").into();
            tokens["AuthenticationResult"]["NewDeviceMetadata"] =
                json!({"DeviceKey": "d1", "DeviceGroupKey": "g1"});
            tokens
        }
        Some("InitiateAuth") => refreshed(),
        Some(_) => json!({}),
        None => json!({"data": {"studioUUId": "s0", "studioName": "Ames", "timeZone": "America/Chicago"}}),
    };
    Ok(reply(200, body.to_string()))
}

pub(crate) fn run(data: &[u8]) {
    let mut script = Script::new(data);
    if script.one_in(16) {
        return keys(&mut script);
    }
    // Which files are there, and which of them are not as they were.
    let (there, touched) = (script.byte(), script.byte());
    let store = Arc::new(MemoryStore::new());
    let mut whole = true;
    for (index, (key, lines)) in FILES.iter().enumerate() {
        let bit = 1 << (index % 8);
        if there & bit != 0 {
            whole = false;
            continue;
        }
        let lines = lines.iter().map(|line| match touched & bit {
            0 => line.to_string().into_bytes(),
            _ if script.one_in(4) => body(line, &mut script),
            _ => mutated(line, &mut script).to_string().into_bytes(),
        });
        store.write(key, &lines.collect::<Vec<_>>().join(&b'\n')).unwrap();
    }
    let net = Net::new(serve);
    let has_password = script.one_in(16);
    let otf = client(&net, &store, has_password)
        .unwrap_or_else(|error| panic!("no sign-in for a broken store: {error}"));
    let asked = net.take();
    if whole && touched == 0 {
        assert!(asked.is_empty(), "{asked:?} in spite of a good store");
    }
    // However it went: afterwards the store is good.
    let session = otf.session().unwrap();
    assert!(!format!("{otf:?} {session:?}").contains(MARK));
    match otf.studios().detail(StudioUuid::new("s0")) {
        Ok(studio) => drop(serde_json::to_vec(&studio).unwrap()),
        Err(error) => {
            check_error(&error);
            assert!(!matches!(error, Error::Decode { .. }), "a kept reply has got in the way: {error}");
        }
    }
    net.take();
    let again = client(&net, &store, has_password).unwrap();
    assert_eq!(net.take(), [""; 0], "the store is not good afterwards");
    assert_eq!(again.user(), otf.user());
}

/// A key names one file below the root, or is refused.
fn keys(script: &mut Script<'_>) {
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::at(directory.path().join("inner"));
    let (key, value) = (script.text(), script.bytes());
    match store.write(&key, value) {
        Ok(()) => {
            assert_eq!(store.read(&key).unwrap().as_deref(), Some(value), "{key:?}");
            assert_eq!(store.keys("").unwrap(), [key.as_str()]);
            store.remove(&key).unwrap();
            assert_eq!(store.read(&key).unwrap(), None);
        }
        Err(_) => assert!(store.keys("").unwrap().is_empty(), "{key:?}"),
    }
    let beside: Vec<_> =
        std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(beside.iter().all(|name| name == "inner"), "{key:?} got out: {beside:?}");
}

pub(crate) fn seeds() -> Vec<(String, Vec<u8>)> {
    assert!(now().as_second() > 0);
    let mut seeds = vec![("whole".to_owned(), vec![0, 0, 0]), ("empty".to_owned(), vec![0, 255, 0])];
    for bit in 0..5 {
        seeds.push((format!("without-{bit}"), vec![0, 1 << bit, 0]));
        seeds.push((format!("nulls-{bit}"), vec![0, 0, 1 << bit, 0, 1, 0, 13]));
        seeds.push((format!("cut-{bit}"), vec![0, 0, 1 << bit, 3, 5, 0, 0, 40, 0]));
    }
    for (index, key) in
        ["a.json", "accounts/x/tokens.json", "../out.json", "/etc/x.json", "a", ".json", "a//b.json"]
            .iter()
            .enumerate()
    {
        seeds.push((
            format!("key-{index}"),
            [&[15], super::seeds::text(key).as_slice(), &super::seeds::text("{}")].concat(),
        ));
    }
    seeds
}
