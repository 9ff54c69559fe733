//! The sandbox over real sockets, with clients that share no code with the crate's.

mod client;
mod delivery;
mod drift;
mod faults;
mod identity;
mod sign_in;
mod tokens;
mod wire;
