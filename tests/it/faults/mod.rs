//! Whatever the network and the server do: an answer or a typed error, in bounded time and memory, with no token
//! lost and nothing booked twice.

mod hostile;
mod matrix;
mod memory;
mod statuses;
mod troubles;

pub(crate) use memory::job;
