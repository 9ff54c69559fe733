//! Stores in places that are in a bad way, met by a process of its own so that its rights can be taken away.
