//! The sandbox over real sockets, with clients that share no code with the crate's.

mod client;
mod delivery;
mod drift;
mod faults;
mod http_stream;
mod identity;
mod sign_in;
mod tokens;
