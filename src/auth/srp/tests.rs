use super::*;

const GOOD: PasswordChallenge<'_> =
    PasswordChallenge { salt_hex: "c587896c", srp_b_hex: "9349cb7d", secret_block_b64: "bw==" };

fn send_checked(challenge: &PasswordChallenge<'_>) -> Result<String, SrpError> {
    let key = EphemeralKey::from_bytes(&[7; 32]).unwrap();
    let password = Secret::new("hunter2");
    let identity = Identity::user("us-east-1_Ab12Cd34E", "alice", &password).unwrap();
    sign_challenge(&key, challenge, &identity, "Thu Jan 1 00:00:00 UTC 1970")
}

#[test]
fn timestamps_of_each_day_of_a_year() {
    let start: jiff::Timestamp = "2026-12-30T23:59:58.9Z".parse().unwrap();
    for day in 0..400 {
        let time = start + jiff::SignedDuration::from_hours(day * 24 + day % 24);
        assert_eq!(timestamp(time), time.strftime("%a %b %-d %H:%M:%S UTC %Y").to_string());
    }
}

#[test]
fn numbers_are_plain_hexadecimal_within_bounds() {
    let too_long = "1".repeat(MAX_SALT_DIGITS.max(MAX_B_DIGITS) + 1);
    let megabyte = "f".repeat(1 << 20);
    for bad in [
        "", "+1", "-1", " 1", "1 ", "1\n", "1_0", "0x1", "0X1", "g", "é", "\0", "१", "1.0", &too_long,
        &megabyte,
    ] {
        let salt = send_checked(&PasswordChallenge { salt_hex: bad, ..GOOD });
        assert_eq!(salt, Err(SrpError::Malformed("SALT")), "{bad:.20?}");
        let server_key = send_checked(&PasswordChallenge { srp_b_hex: bad, ..GOOD });
        assert_eq!(server_key, Err(SrpError::Malformed("SRP_B")), "{bad:.20?}");
    }
}

#[test]
fn a_number_is_the_same_however_it_is_written() {
    let expected = send_checked(&GOOD).unwrap();
    for (salt_hex, srp_b_hex) in
        [("C587896C", "9349CB7D"), ("00c587896c", "009349cb7d"), ("0c587896c", "09349cb7d")]
    {
        assert_eq!(send_checked(&PasswordChallenge { salt_hex, srp_b_hex, ..GOOD }).unwrap(), expected);
    }
}

#[test]
fn a_b_as_long_as_n_may_have_a_zero_byte_in_front() {
    let below_n = (&Group::get().n - 1_u32).to_str_radix(16);
    let expected = send_checked(&PasswordChallenge { srp_b_hex: &below_n, ..GOOD }).unwrap();
    let padded = format!("00{below_n}");
    assert_eq!(send_checked(&PasswordChallenge { srp_b_hex: &padded, ..GOOD }).unwrap(), expected);
}

#[test]
fn unsafe_server_keys_are_refused() {
    let group = Group::get();
    let password = Secret::new("hunter2");
    let identity = Identity::user("us-east-1_Ab12Cd34E", "alice", &password).unwrap();
    let x = BigUint::from_bytes_be(&identity.private_key(&BigUint::from(0xc587_896c_u32))[..]);
    let masked_verifier = &group.k * group.power(&x) % &group.n;
    for bad in [BigUint::ZERO, group.n.clone(), &group.n + 1_u32, masked_verifier] {
        let srp_b_hex = bad.to_str_radix(16);
        let response = send_checked(&PasswordChallenge { srp_b_hex: &srp_b_hex, ..GOOD });
        assert_eq!(response, Err(SrpError::ServerKey), "{srp_b_hex:.20}");
    }
}

#[test]
fn secret_blocks_are_padded_standard_base64_within_bounds() {
    let largest = "A".repeat(MAX_SECRET_BLOCK);
    assert!(send_checked(&PasswordChallenge { secret_block_b64: &largest, ..GOOD }).is_ok());
    let too_long = "A".repeat(MAX_SECRET_BLOCK + 4);
    for bad in ["", "bw", "bw=", "bw===", "b", "bx==", "b_-=", "bw==\n", " bw==", "bw==bw==", "é", &too_long]
    {
        let response = send_checked(&PasswordChallenge { secret_block_b64: bad, ..GOOD });
        assert_eq!(response, Err(SrpError::Malformed("SECRET_BLOCK")), "{bad:.20?}");
    }
}

#[test]
fn pool_ids_are_a_region_and_a_name() {
    let password = Secret::new("p");
    for bad in
        ["", "_", "Ab12Cd34E", "us-east-1_", "_Ab12Cd34E", "us-east-1_a_b", "us-east-1_a b", "us-east-1_é"]
    {
        assert_eq!(Identity::user(bad, "alice", &password).unwrap_err(), SrpError::PoolId, "{bad}");
    }
}

#[test]
fn ephemeral_keys_are_neither_zero_nor_huge() {
    assert_eq!(EphemeralKey::from_bytes(&[0; 32]).unwrap_err(), SrpError::EphemeralKey);
    assert_eq!(EphemeralKey::from_slice(&[]).unwrap_err(), SrpError::EphemeralKey);
    assert_eq!(EphemeralKey::from_slice(&[1; N_BYTES + 1]).unwrap_err(), SrpError::EphemeralKey);
    assert_eq!(EphemeralKey::from_slice(&[1]).unwrap().public_hex(), "2");
    assert_eq!(EphemeralKey::from_slice(&[0, 0, 9]).unwrap().public_hex(), "200");
}

#[test]
fn debug_shows_no_secret() {
    let key = EphemeralKey::from_bytes(&[7; 32]).unwrap();
    let password = Secret::new("hunter2");
    let identity = Identity::device("group", "device", &password);
    assert_eq!(format!("{key:?} {GOOD:?}"), "EphemeralKey { .. } PasswordChallenge { .. }");
    assert!(!format!("{identity:?}").contains("hunter2"));
}
