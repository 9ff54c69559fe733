//! Whatever the network and the server do: a response or a typed error, in bounded time and memory, with no token
//! lost and nothing booked twice.

mod fault_cases;
mod hostile;
mod matrix;
mod memory;
mod stage;
mod statuses;

pub(crate) use memory::job;
