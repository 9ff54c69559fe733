//! What the documents say of the tests is true.

use std::fs;
use std::path::Path;

const RELIABILITY: &str = include_str!("../../docs/RELIABILITY.md");

/// All tests, as `module::name`.
fn tests(directory: &Path, module: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let inner = match (module, name) {
            (module, "mod") => module.to_owned(),
            ("", name) => name.to_owned(),
            (module, name) => format!("{module}::{name}"),
        };
        if path.is_dir() {
            tests(&path, &inner, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            in_file(&fs::read_to_string(&path).unwrap(), &inner, found);
        }
    }
}

fn in_file(source: &str, module: &str, found: &mut Vec<String>) {
    let mut within = module.to_owned();
    let mut is_test = false;
    for line in source.lines() {
        let text = line.trim();
        if let Some(name) = text.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(" {")) {
            within = format!("{module}::{name}");
        }
        if line == "}" {
            module.clone_into(&mut within);
        }
        if let Some(name) = text.strip_prefix("fn ").and_then(|rest| rest.split_once("()")) {
            found.extend(is_test.then(|| format!("{within}::{}", name.0)));
        }
        is_test = text == "#[test]" || (is_test && text.starts_with("#["));
    }
}

#[test]
fn every_test_that_is_named_exists() {
    let mut all = Vec::new();
    tests(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it"), "", &mut all);
    assert!(all.len() > 200, "{}", all.len());
    let mut named = 0;
    for row in RELIABILITY.lines().filter(|line| line.starts_with("| ")) {
        let Some((_, cell)) = row.trim_end_matches(" |").rsplit_once(" | ") else { continue };
        // A name without a module is of the one before it.
        let mut module = "";
        for name in cell.split('`').skip(1).step_by(2) {
            let (before, name) = name.rsplit_once("::").unwrap_or((module, name));
            module = before;
            let name = format!("{module}::{name}");
            assert!(all.contains(&name), "{name} is named, and is no test");
            named += 1;
        }
    }
    assert!(named > 50, "{named}");
}
