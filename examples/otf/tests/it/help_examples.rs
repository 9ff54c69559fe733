//! Each example in a help text and in the README works exactly as written.

use std::fs;
use std::path::Path;

use clap::CommandFactory as _;
use otf::cli::Cli;

use super::support::{otf, texts};

/// Examples that run until they are stopped, or need a running service: each has a test of its own.
const NOT_ALONE: &[&str] = &["otf sandbox", "--server", "redis://", "otf mcp"];

/// The command lines of a text: lines that start with `otf `.
fn command_lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| line.starts_with("otf "));
    // A comment explains some of them.
    lines.map(|line| line.split("  #").next().unwrap_or(line).trim().to_owned()).collect()
}

/// The examples of a subcommand and of those below it.
fn examples(command: &clap::Command, found: &mut Vec<String>) {
    if let Some(text) = command.get_after_help() {
        found.extend(command_lines(&text.to_string()));
    }
    for command in command.get_subcommands() {
        examples(command, found);
    }
}

fn run_each(examples: &[String]) {
    for example in examples {
        if NOT_ALONE.iter().any(|mark| example.contains(mark)) {
            continue;
        }
        let directory = tempfile::tempdir().unwrap();
        let words: Vec<&str> = example.split_whitespace().skip(1).collect();
        let output = otf(directory.path()).args(&words).args(["--sandbox", "--yes"]).output().unwrap();
        let (out, err) = texts(&output);
        assert!(output.status.success(), "{example}: {:?}\n{out}\n{err}", output.status);
        assert!(!out.is_empty(), "{example} prints nothing");
    }
}

#[test]
fn examples_in_help_texts_work() {
    let mut found = Vec::new();
    examples(&Cli::command(), &mut found);
    assert!(found.len() >= 4, "{found:?}");
    run_each(&found);
}

#[test]
fn examples_in_the_readme_work() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    run_each(&command_lines(&fs::read_to_string(readme).unwrap()));
}

#[test]
fn each_subcommand_has_an_example() {
    for command in Cli::command().get_subcommands() {
        let mut found = Vec::new();
        examples(command, &mut found);
        assert!(!found.is_empty(), "{} has no example", command.get_name());
    }
}
