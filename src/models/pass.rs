//! How lists are read on this thread: strictly, or item by item.
//!
//! It belongs to the thread, because a program's own types may have lists in them: what serde derives for these passes
//! nothing on.

use std::cell::Cell;

thread_local! {
    /// How many lists, one within another, still go item by item; with 0, lists are read strictly.
    static LISTS: Cell<u8> = const { Cell::new(0) };
}

/// A listing of benchmarks is lists four deep. Each item's nesting is counted anew: without a bound, a type that holds
/// itself would let an answer fill the stack.
pub(super) const LISTS_DEEP: u8 = 4;

/// How many lists, one within another, go item by item here.
pub(super) fn lists() -> u8 {
    LISTS.get()
}

/// Reads with this many lists, one within another, going item by item.
pub(super) fn with<T>(lists: u8, read: impl FnOnce() -> T) -> T {
    /// Puts back what was there, also after a panic.
    struct Outer(u8);

    impl Drop for Outer {
        fn drop(&mut self) {
            LISTS.set(self.0);
        }
    }

    let _outer = Outer(LISTS.replace(lists));
    read()
}
