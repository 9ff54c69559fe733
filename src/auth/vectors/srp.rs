//! `srp_login.json`: signing in with a password.

use crate::Secret;
use crate::auth::srp::{self, EphemeralKey, Exchange, Identity, PasswordChallenge, SrpError};
use serde::Deserialize;

use super::{Arbitrary, bytes, hex, number_bytes, number_hex, read};

#[derive(Deserialize)]
struct File {
    vectors: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    tags: Vec<String>,
    pool_id: String,
    user_id: String,
    password: Secret,
    #[serde(flatten)]
    exchange: ExchangeCase,
}

/// What sign-ins of users and of devices have in common.
#[derive(Deserialize)]
#[expect(non_snake_case, reason = "the names of the protocol")]
pub(super) struct ExchangeCase {
    pub(super) expect: Expect,
    a_hex: String,
    A_hex: String,
    salt_hex: String,
    B_hex: String,
    secret_block_b64: String,
    unix_time: i64,
    timestamp: String,
    x: Option<String>,
    u_hex: Option<String>,
    S: Option<String>,
    hkdf_key_hex: Option<String>,
    signature_b64: Option<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Debug)]
#[serde(rename_all = "snake_case")]
pub(super) enum Expect {
    Accept,
    Refuse,
    Either,
}

impl ExchangeCase {
    fn challenge(&self) -> PasswordChallenge<'_> {
        PasswordChallenge {
            salt_hex: &self.salt_hex,
            srp_b_hex: &self.B_hex,
            secret_block_b64: &self.secret_block_b64,
        }
    }

    /// Checks each step; gives the reason if the exchange was refused.
    pub(super) fn check(&self, case: &str, identity: Result<Identity<'_>, SrpError>) -> Option<SrpError> {
        let key = EphemeralKey::from_slice(&number_bytes(&self.a_hex)).unwrap();
        assert_eq!(key.public_hex(), self.A_hex, "{case}: A");
        let time = jiff::Timestamp::from_second(self.unix_time).unwrap();
        assert_eq!(srp::timestamp(time), self.timestamp, "{case}: timestamp");

        let exchange = identity.and_then(|identity| Exchange::new(&key, &self.challenge(), &identity));
        let answer = identity
            .and_then(|identity| srp::sign_challenge(&key, &self.challenge(), &identity, &self.timestamp));
        let exchange = match (exchange, self.expect) {
            (Ok(exchange), Expect::Accept | Expect::Either) => exchange,
            (Ok(_), Expect::Refuse) => panic!("{case}: answered, but is to be refused"),
            (Err(error), Expect::Accept) => panic!("{case}: {error}"),
            (Err(error), Expect::Refuse | Expect::Either) => {
                assert_eq!(answer, Err(error), "{case}: refused by one of the two only");
                self.check_x_with_another_server_key(case, &key, identity);
                return Some(error);
            }
        };

        let expected =
            |value: &Option<String>| value.clone().unwrap_or_else(|| panic!("{case}: not in the file"));
        assert_eq!(hex(&exchange.x[..]), expected(&self.x), "{case}: x");
        assert_eq!(hex(&exchange.u), expected(&self.u_hex), "{case}: u");
        assert_eq!(number_hex(&exchange.s), expected(&self.S), "{case}: S");
        assert_eq!(hex(&exchange.key[..]), expected(&self.hkdf_key_hex), "{case}: HKDF key");
        assert_eq!(exchange.sign(&self.timestamp), expected(&self.signature_b64), "{case}: signature");
        assert_eq!(answer, Ok(expected(&self.signature_b64)), "{case}: answer");
        None
    }

    /// A refused B leaves x untouched: the file's x is checked by way of a B that is fine.
    fn check_x_with_another_server_key(
        &self,
        case: &str,
        key: &EphemeralKey,
        identity: Result<Identity<'_>, SrpError>,
    ) {
        let (Some(x), Ok(identity)) = (&self.x, identity) else { return };
        if let Ok(exchange) =
            Exchange::new(key, &PasswordChallenge { srp_b_hex: "5", ..self.challenge() }, &identity)
        {
            assert_eq!(hex(&exchange.x[..]), *x, "{case}: x");
        }
    }
}

#[test]
fn every_login() {
    let file: File = read("srp_login.json");
    let (mut answered, mut refused) = (0, 0);
    for case in &file.vectors {
        let name = format!("{} {:?}", case.id, case.tags);
        let identity = Identity::user(&case.pool_id, &case.user_id, &case.password);
        match case.exchange.check(&name, identity) {
            None => answered += 1,
            Some(reason) => {
                assert_eq!(reason, reason_for(&case.tags), "{name}: reason");
                refused += 1;
            }
        }
    }
    assert_eq!((answered, refused), (66, 13));
}

/// Why a case with these tags is refused.
fn reason_for(tags: &[String]) -> SrpError {
    let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
    match tags[..] {
        // Four digits too long to be looked at.
        ["B_zero_mod_N", "uppercase N, leading zeros"] => SrpError::Malformed("SRP_B"),
        ["B_zero_mod_N", ..] | ["B_above_N"] => SrpError::ServerKey,
        ["salt_negative"] | ["malformed", "salt_hex"] => SrpError::Malformed("SALT"),
        ["malformed", "B_hex"] => SrpError::Malformed("SRP_B"),
        ["malformed", "secret_block_b64"] => SrpError::Malformed("SECRET_BLOCK"),
        ["malformed", "pool_id"] => SrpError::PoolId,
        _ => panic!("{tags:?}: no reason to refuse"),
    }
}

#[test]
fn arbitrary_challenges_never_panic() {
    let mut arbitrary = Arbitrary(0x5eed);
    let key = EphemeralKey::from_slice(&bytes("0123456789abcdef")).unwrap();
    let password = Secret::new("pässword");
    let identity = Identity::device("group", "device", &password);
    for _ in 0..2_000 {
        let (salt, b, block) = (arbitrary.text(40), arbitrary.text(800), arbitrary.text(40));
        let good = PasswordChallenge { salt_hex: "5a", srp_b_hex: "5", secret_block_b64: "bw==" };
        for challenge in [
            PasswordChallenge { salt_hex: &salt, ..good },
            PasswordChallenge { srp_b_hex: &b, ..good },
            PasswordChallenge { secret_block_b64: &block, ..good },
        ] {
            let _ = srp::sign_challenge(&key, &challenge, &identity, "");
        }
        let _ = Identity::user(&salt, &b, &password);
    }
}
