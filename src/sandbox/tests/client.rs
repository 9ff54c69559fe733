//! A raw HTTP client, and the client's side of SRP, both as small as they can be.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use num_bigint::{BigInt, BigUint, Sign};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::sandbox::Sandbox;
use crate::sandbox::pool::{PRIME, mac};

pub(super) const CLIENT_ID: &str = "1457d19r0pcjgmp5agooi0rb1b";
pub(super) const POOL: &str = "dYDxUeyL1";

#[derive(Debug)]
pub(super) struct HttpResponse {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl HttpResponse {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

pub(super) struct Client(pub(super) TcpStream);

impl Client {
    pub(super) fn new(sandbox: &Sandbox) -> Self {
        let socket = TcpStream::connect(sandbox.addr()).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        Self(socket)
    }

    pub(super) fn send(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).unwrap();
    }

    pub(super) fn request(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> io::Result<HttpResponse> {
        let mut head = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        self.send(&format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()));
        self.read()
    }

    /// Reads one response, by its Content-Length.
    pub(super) fn read(&mut self) -> io::Result<HttpResponse> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.byte()?);
        }
        let head = String::from_utf8(head).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let mut body = vec![0; length.map_or(0, |(_, length)| length.parse().unwrap())];
        self.0.read_exact(&mut body)?;
        Ok(HttpResponse { status, headers, body })
    }

    fn byte(&mut self) -> io::Result<u8> {
        let mut byte = [0];
        self.0.read_exact(&mut byte).map(|()| byte[0])
    }

    pub(super) fn get(&mut self, target: &str, token: &str) -> HttpResponse {
        self.request("GET", target, &[("Authorization", &format!("Bearer {token}"))], "").unwrap()
    }

    /// An operation of the user pool: its result, or the kind and the message of its error.
    pub(super) fn idp(&mut self, operation: &str, body: &Value) -> Result<Value, (String, String)> {
        self.aws(&format!("AWSCognitoIdentityProviderService.{operation}"), body)
    }

    pub(super) fn aws(&mut self, target: &str, body: &Value) -> Result<Value, (String, String)> {
        let headers = [("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", target)];
        let response = self.request("POST", "/", &headers, &body.to_string()).unwrap();
        let json = response.json();
        if response.status == 200 {
            return Ok(json);
        }
        assert_eq!(response.status, 400);
        let kind = json["__type"].as_str().unwrap().to_owned();
        assert_eq!(response.header("x-amzn-errortype"), Some(format!("{kind}:").as_str()));
        Err((kind, json["message"].as_str().unwrap().to_owned()))
    }
}

/// The client's side of a sign-in.
pub(super) struct Srp {
    a: BigUint,
    public: BigUint,
}

impl Srp {
    pub(super) fn new() -> Self {
        let a = BigUint::from_bytes_be(&[0x5a; 32]);
        let public = BigUint::from(2_u32).modpow(&a, &prime());
        Self { a, public }
    }

    pub(super) fn public(&self) -> String {
        self.public.to_str_radix(16)
    }

    /// The responses to a PASSWORD_VERIFIER or DEVICE_PASSWORD_VERIFIER, but for the names.
    pub(super) fn respond(&self, parameters: &Value, name: &str, password: &str, timestamp: &str) -> Value {
        let hex =
            |name: &str| BigUint::parse_bytes(parameters[name].as_str().unwrap().as_bytes(), 16).unwrap();
        let (salt, b, n) = (hex("SALT"), hex("SRP_B"), BigInt::from(prime()));
        let x = hash(&[&pad(&salt), &Sha256::digest(format!("{name}:{password}"))]);
        let u = hash(&[&pad(&self.public), &pad(&b)]);
        let k = hash(&[&pad(&prime()), &[2]]);
        let base = BigInt::from(b) - BigInt::from(k * BigUint::from(2_u32).modpow(&x, &prime()));
        let base = ((base % &n) + &n) % &n;
        assert_ne!(base.sign(), Sign::Minus);
        let s = base.to_biguint().unwrap().modpow(&(&self.a + &u * x), &prime());
        let key = mac(&mac(&pad(&u), &[&pad(&s)]), &[b"Caldera Derived Key\x01"]);
        let block = parameters["SECRET_BLOCK"].as_str().unwrap();
        let signed = [name.as_bytes(), &STANDARD.decode(block).unwrap(), timestamp.as_bytes()];
        json!({
            "TIMESTAMP": timestamp,
            "PASSWORD_CLAIM_SECRET_BLOCK": block,
            "PASSWORD_CLAIM_SIGNATURE": STANDARD.encode(mac(&key[..16], &signed)),
        })
    }
}

/// The time as a signature has it.
pub(super) fn signed_time(time: Timestamp) -> String {
    time.strftime("%a %b %-d %H:%M:%S UTC %Y").to_string()
}

/// `DeviceSecretVerifierConfig` for a password.
pub(super) fn device_config(name: &str, password: &str) -> Value {
    let salt = BigUint::from_bytes_be(&[0x9c; 16]);
    let x = hash(&[&pad(&salt), &Sha256::digest(format!("{name}:{password}"))]);
    let verifier = BigUint::from(2_u32).modpow(&x, &prime());
    json!({"PasswordVerifier": STANDARD.encode(pad(&verifier)), "Salt": STANDARD.encode(pad(&salt))})
}

pub(super) fn with(mut object: Value, more: &[(&str, &str)]) -> Value {
    for (name, value) in more {
        object[*name] = (*value).into();
    }
    object
}

fn prime() -> BigUint {
    BigUint::parse_bytes(PRIME.as_bytes(), 16).unwrap()
}

fn pad(number: &BigUint) -> Vec<u8> {
    BigInt::from(number.clone()).to_signed_bytes_be()
}

fn hash(parts: &[&[u8]]) -> BigUint {
    BigUint::from_bytes_be(&Sha256::digest(parts.concat()))
}
