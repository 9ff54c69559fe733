//! Workouts.
use serde_json::{Value, json};

#[derive(Debug)]
pub(super) struct Workout {
    pub(super) id: String,
}

impl Workout {
    pub(super) fn in_booking(&self) -> Value {
        json!({ "id": self.id })
    }
}
