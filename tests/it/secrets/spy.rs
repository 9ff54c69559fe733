//! A logger that keeps every line of every crate at every level, but for the trace level of ureq, which the client refuses.

use std::sync::{Mutex, PoisonError};

use log::{Level, LevelFilter, Log, Metadata, Record};

static LINES: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

struct Spy;

impl Log for Spy {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() < Level::Trace || !metadata.target().starts_with("ureq")
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let line = (record.target().to_owned(), format!("{} {}", record.level(), record.args()));
        LINES.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    fn flush(&self) {}
}

pub(super) fn install() {
    log::set_logger(&Spy).unwrap();
    log::set_max_level(LevelFilter::Trace);
}

/// The lines so far, as target and text.
pub(super) fn lines() -> Vec<(String, String)> {
    LINES.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
