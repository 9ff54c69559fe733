//! What the program prints: JSON with a stable shape, cells that a spreadsheet does not run, and questions.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::{fs, process};

use serde::Serialize;

use crate::failure::{Failure, Result};

/// Prints a value as one line of JSON.
pub fn json(value: &impl Serialize) -> Result {
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, value)?;
    writeln!(out)?;
    Ok(())
}

/// Says that items of a list are missing because they could not be read.
pub fn warn_of_unreadable(count: usize) {
    if count > 0 {
        eprintln!("otf: {count} items could not be read and are left out; `otf drift` makes a report");
    }
}

/// A cell of a CSV file. A text that a spreadsheet would take for a formula gets an apostrophe in front, as OWASP's
/// page on CSV injection advises; numbers, including negative ones, are not changed.
pub fn cell(text: &str) -> String {
    let runs = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    if runs { format!("'{text}") } else { text.to_owned() }
}

/// Writes a whole file: readers see the old content or the new one.
pub fn save(path: &Path, content: &str) -> Result {
    let named = |error: io::Error| Failure::failed(format!("{}: {error}", path.display()));
    let name = path.file_name().ok_or_else(|| Failure::usage(format!("{} is not a file", path.display())))?;
    let mut new = name.to_owned();
    new.push(format!(".{}.new", process::id()));
    let new = path.with_file_name(new);
    // To the disk before the rename: otherwise a power cut can leave the name on an empty file.
    let written = fs::File::create(&new).and_then(|mut file| {
        file.write_all(content.as_bytes())?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&new, path)).map_err(|error| {
        let _ = fs::remove_file(&new);
        named(error)
    })
}

/// A text for XML and HTML, in elements and attributes.
pub fn escape(text: impl std::fmt::Display) -> String {
    // XML 1.0 (section 2.2) allows no other control characters.
    let text: String = text
        .to_string()
        .chars()
        .filter(|char| !char.is_control() || matches!(char, '\t' | '\n' | '\r'))
        .collect();
    quick_xml::escape::escape(&text).into_owned()
}

/// Asks at the terminal to confirm a write; `yes` skips that for scripts.
pub fn confirm(what: &str, yes: bool) -> Result {
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err(Failure::usage(format!("{what}: add --yes to confirm it without a terminal")));
    }
    eprint!("{what}? [y/N] ");
    let mut reply = String::new();
    io::stdin().read_line(&mut reply)?;
    if matches!(reply.trim().to_lowercase().as_str(), "y" | "yes") {
        Ok(())
    } else {
        Err(Failure::failed("not confirmed, nothing was done"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_run_in_no_spreadsheet() {
        assert_eq!(cell("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(cell("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(cell("-91.5"), "-91.5");
        assert_eq!(cell("Tread 50"), "Tread 50");
    }
}
