//! The Python client, where there is one.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;

pub(crate) struct Python {
    interpreter: PathBuf,
}

impl Python {
    /// The interpreter of a virtual environment.
    pub(crate) fn of(venv: &str) -> Result<Self> {
        let interpreter = Path::new(venv).join("bin/python");
        if interpreter.exists() {
            Ok(Self { interpreter })
        } else {
            Err(format!("{venv} is no virtual environment").into())
        }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("checks/python/bench.py");
        let mut command = Command::new(&self.interpreter);
        command.env("PYTHONDONTWRITEBYTECODE", "1").arg(script).args(arguments);
        command
    }
}
