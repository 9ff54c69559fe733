#![doc = include_str!("../../docs/PYTHON.md")]
