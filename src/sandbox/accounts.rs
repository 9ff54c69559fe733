//! The accounts of the sandbox.

/// An account that the sandbox has from the start.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Account {
    /// The email address to sign in with.
    pub email: &'static str,
    /// Its password.
    pub password: &'static str,
    /// The member UUID (`cognito:username`, and USER_ID_FOR_SRP).
    pub member_uuid: &'static str,
    /// The Cognito id (`sub`).
    pub cognito_id: &'static str,
}

/// A member in Chicago with a full history.
pub const PAT: Account = Account {
    email: "pat@example.com",
    password: "Splat-Point-12",
    member_uuid: "0b5c1f2e-6a41-4b0c-9d3e-7f1a2b3c4d5e",
    cognito_id: "5f0a9c1e-2b7d-4e88-a1c6-9d0e1f2a3b4c",
};

/// A member in Auckland whose responses are full of nulls.
pub const NOA: Account = Account {
    email: "noa@example.com",
    password: "Pāua-and-Kūmara-7",
    member_uuid: "1c6d2a3f-7b52-4c1d-8e4f-802b3c4d5e6f",
    cognito_id: "60a1bd2f-3c8e-4f99-b2d7-ae1f203b4c5d",
};

/// A member who joined today and has done nothing yet.
pub const NEW: Account = Account {
    email: "new@example.com",
    password: "First-Class-1st",
    member_uuid: "2d7e3b40-8c63-4d2e-9f50-913c4d5e6f70",
    cognito_id: "71b2ce30-4d9f-40aa-83e8-bf20314c5d6e",
};

/// The accounts that the sandbox has from the start.
pub const ACCOUNTS: [Account; 3] = [PAT, NOA, NEW];

impl Account {
    /// The given and the family name before any change, made up from the address.
    pub(crate) fn names(&self) -> (String, String) {
        let local = self.email.split('@').next().unwrap_or_default();
        let mut letters = local.chars();
        let given = letters.next().map(|first| first.to_uppercase().chain(letters).collect());
        let family = match self.member_uuid {
            uuid if uuid == NOA.member_uuid => "Tūī",
            uuid if uuid == NEW.member_uuid => "Member",
            _ => "Example",
        };
        (given.unwrap_or_default(), family.to_owned())
    }
}
