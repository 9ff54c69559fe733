//! Whose turn it is, of two processes at once: one of them runs at a time.

use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use super::world::Random;

/// What decides whether the turn goes to the other process.
pub(super) enum Order {
    Random(Random),
    /// These decisions, and then no change until a process ends.
    Script(Vec<bool>),
}

struct State {
    order: Order,
    decisions: usize,
    whose: usize,
    runs: [bool; 2],
}

/// The turns of two processes. They change only where a process passes, so a schedule can be repeated.
#[derive(Clone)]
pub(super) struct Turns(Arc<(Mutex<State>, Condvar)>);

impl Turns {
    pub(super) fn new(order: Order) -> Self {
        let state = State { order, decisions: 0, whose: 0, runs: [true; 2] };
        Self(Arc::new((Mutex::new(state), Condvar::new())))
    }

    /// How often it was decided who goes on.
    pub(super) fn decisions(&self) -> usize {
        self.0.0.lock().unwrap().decisions
    }

    /// Runs a process: it waits for its first turn, and its last one ends however it ends.
    pub(super) fn run<T>(&self, number: usize, process: impl FnOnce() -> T) -> T {
        struct End<'a>(&'a Turns, usize);

        impl Drop for End<'_> {
            fn drop(&mut self) {
                let mut state = self.0.0.0.lock().unwrap();
                state.runs[self.1] = false;
                state.whose = 1 - self.1;
                self.0.0.1.notify_all();
            }
        }

        drop(self.wait(self.0.0.lock().unwrap(), number));
        let _end = End(self, number);
        process()
    }

    /// Where the other process may go on.
    pub(super) fn pass(&self, number: usize) {
        let mut state = self.0.0.lock().unwrap();
        if !state.runs[1 - number] {
            return;
        }
        let decision = state.decisions;
        state.decisions += 1;
        let changes = match &mut state.order {
            Order::Random(random) => random.one_in(2),
            Order::Script(script) => script.get(decision).copied().unwrap_or(false),
        };
        if changes {
            self.give(state, number);
        }
    }

    /// Where this process can do nothing until the other one has gone on.
    pub(super) fn yield_turn(&self, number: usize) {
        let state = self.0.0.lock().unwrap();
        if state.runs[1 - number] {
            self.give(state, number);
        }
    }

    fn give(&self, mut state: MutexGuard<'_, State>, number: usize) {
        state.whose = 1 - number;
        self.0.1.notify_all();
        drop(self.wait(state, number));
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>, number: usize) -> MutexGuard<'a, State> {
        self.0.1.wait_while(state, |state| state.whose != number).unwrap()
    }
}
