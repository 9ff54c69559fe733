//! What the second parse of an answer knows: that lists go item by item, and where something did not fit.
//!
//! It belongs to the thread rather than to the deserializer, because a deserializer of its own would compile every
//! model a second time.

use std::cell::RefCell;

use super::place::Step;

thread_local! {
    /// The steps to what did not fit, the innermost first; `None` outside of a second parse.
    static SECOND: RefCell<Option<Vec<Step>>> = const { RefCell::new(None) };
}

/// Whether lists are to be read item by item.
pub(super) fn by_item() -> bool {
    SECOND.with_borrow(Option::is_some)
}

/// Notes the step to a value that did not fit.
#[cold]
#[inline(never)]
pub(super) fn failed_at(key: &str) {
    SECOND.with_borrow_mut(|steps| {
        if let Some(steps) = steps {
            steps.push(Step::Key(key.to_owned()));
        }
    });
}

/// Reads for the second time. Beside what `read` returns are the steps to where it failed.
pub(super) fn second<T>(read: impl FnOnce() -> T) -> (T, Vec<Step>) {
    /// Puts back what was there, also after a panic.
    struct Outer(Option<Vec<Step>>);

    impl Drop for Outer {
        fn drop(&mut self) {
            SECOND.set(self.0.take());
        }
    }

    let outer = Outer(SECOND.replace(Some(Vec::new())));
    let read = read();
    let mut steps = SECOND.take().unwrap_or_default();
    drop(outer);
    steps.reverse();
    (read, steps)
}
