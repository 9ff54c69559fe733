//! Every test that the documentation names exists, is compiled, and is run.

use std::fs;
use std::path::Path;

const RELIABILITY: &str = include_str!("../../docs/RELIABILITY.md");
const MANIFEST: &str = include_str!("../../Cargo.toml");

/// What follows the name of a test that runs only for root: elsewhere it ends with a line that starts with `skipped:`.
const ROOT: &str = " (root)";

/// The tests below a module's file, as `module::name`. Only files that a `mod` leads to are compiled; ignored tests do
/// not run.
fn tests(file: &Path, module: &str, features: &[&str], found: &mut Vec<String>) {
    let source = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    for name in in_source(&source, module, features, found) {
        let inner = join(module, &name);
        let stem = file.file_stem().unwrap().to_str().unwrap();
        let beside = if ["main", "mod"].contains(&stem) {
            file.parent().unwrap().into()
        } else {
            file.with_extension("")
        };
        let inside = beside.join(&name).join("mod.rs");
        let file = if inside.is_file() { inside } else { beside.join(format!("{name}.rs")) };
        tests(&file, &inner, features, found);
    }
}

/// Collects the tests of one file, and returns the modules that are in files of their own.
fn in_source(source: &str, module: &str, features: &[&str], found: &mut Vec<String>) -> Vec<String> {
    let (mut files, mut attributes) = (Vec::new(), Vec::new());
    let skipping = skipping(source);
    // The modules that are open, whether they are compiled, and the indentation that closes them.
    let mut open = vec![(module.to_owned(), true, usize::MAX)];
    for line in source.lines() {
        let text = line.trim();
        let indent = line.len() - line.trim_start().len();
        if text == "}" && open.last().is_some_and(|(.., at)| *at == indent) {
            open.pop();
        }
        if text.starts_with("#[") {
            attributes.push(text.to_owned());
            continue;
        }
        if text.starts_with("//") {
            continue;
        }
        let (within, is_open, _) = open.last().unwrap().clone();
        let is_compiled = is_open && attributes.iter().all(|attribute| can_hold(attribute, features));
        let plain = text.trim_start_matches("pub(crate) ").trim_start_matches("pub ");
        if let Some(name) = plain.strip_prefix("mod ") {
            match (name.strip_suffix(" {"), name.strip_suffix(';')) {
                (Some(name), _) => open.push((join(&within, name), is_compiled, indent)),
                (_, Some(name)) if is_compiled => files.push(name.to_owned()),
                _ => {}
            }
        }
        let has = |name: &str| attributes.iter().any(|attribute| attribute.starts_with(name));
        if let Some((name, _)) = plain.strip_prefix("fn ").and_then(|rest| rest.split_once("()"))
            && is_compiled
            && has("#[test]")
            && !has("#[ignore")
        {
            let mark = if skipping.contains(&name) { ROOT } else { "" };
            found.push(join(&within, name) + mark);
        }
        attributes.clear();
    }
    files
}

/// The functions that may end because this machine lacks something, or call one that does.
fn skipping(source: &str) -> Vec<&str> {
    let functions = || source.split("fn ").skip(1).filter_map(|text| text.split_once('('));
    let mut names = vec!["skipped"];
    for _ in 0..2 {
        let calls = |body: &str| names.iter().any(|name| body.contains(&format!("{name}(")));
        names =
            functions().filter(|(_, body)| calls(body)).map(|(name, _)| name).chain(["skipped"]).collect();
    }
    names
}

fn join(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") }
}

/// Whether an attribute lets its item be compiled in some configuration of the tests.
fn can_hold(attribute: &str, features: &[&str]) -> bool {
    let inside = attribute.strip_prefix("#[cfg(").and_then(|rest| rest.strip_suffix(")]"));
    inside.is_none_or(|condition| condition_can_hold(condition.trim(), features))
}

fn condition_can_hold(condition: &str, features: &[&str]) -> bool {
    let parts = |name: &str| {
        let inside = condition.strip_prefix(name)?.trim_start().strip_prefix('(')?.strip_suffix(')')?;
        Some(split(inside))
    };
    if let Some(parts) = parts("all") {
        let contradicts = |part: &&str| parts.contains(&format!("not({part})").as_str());
        let is_both = parts.contains(&"unix") && parts.contains(&"windows");
        return !is_both
            && !parts.iter().any(contradicts)
            && parts.iter().all(|part| condition_can_hold(part, features));
    }
    if let Some(parts) = parts("any") {
        return parts.iter().any(|part| condition_can_hold(part, features));
    }
    if let Some(parts) = parts("not") {
        return !["test", "true", "debug_assertions"].contains(&parts.concat().as_str());
    }
    match condition.split_once('=') {
        Some((name, value)) if name.trim() == "feature" => features.contains(&value.trim().trim_matches('"')),
        _ => !["false", "FALSE", "never", "doc"].contains(&condition),
    }
}

/// The parts between commas that are not inside parentheses.
fn split(list: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in list.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(list[start..].trim());
    parts.into_iter().filter(|part| !part.is_empty()).collect()
}

/// The features of the package.
fn features() -> Vec<&'static str> {
    let section = MANIFEST.split("\n[features]\n").nth(1).unwrap().split("\n[").next().unwrap();
    section
        .lines()
        .filter_map(|line| Some(line.split_once(" = ")?.0))
        .filter(|name| !name.starts_with('#'))
        .collect()
}

#[test]
fn every_named_test_exists_and_runs() {
    let mut all = Vec::new();
    tests(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/main.rs"), "", &features(), &mut all);
    assert!(all.len() > 200, "{}", all.len());
    let mut named = 0;
    for row in RELIABILITY.lines().filter(|line| line.starts_with("| ")) {
        let Some((_, cell)) = row.trim_end_matches(" |").rsplit_once(" | ") else { continue };
        // A name without a module belongs to the module of the name before it.
        let mut module = "";
        let parts: Vec<&str> = cell.split('`').collect();
        for part in parts[1..].chunks(2) {
            let [name, after] = part else { continue };
            let (before, name) = name.rsplit_once("::").unwrap_or((module, name));
            module = before;
            let mark = if after.starts_with(ROOT) { ROOT } else { "" };
            let name = format!("{module}::{name}{mark}");
            assert!(all.contains(&name), "{name} is named, but no such test runs, or only for root");
            named += 1;
        }
    }
    assert!(named > 50, "{named}");
}

#[test]
fn ignored_and_uncompiled_tests_do_not_count() {
    let counted = |source: &str| {
        let mut found = Vec::new();
        let files = in_source(source, "m", &["sandbox"], &mut found);
        (found, files)
    };
    for source in [
        "#[test]\n#[ignore]\nfn a() {",
        "#[test]\n#[ignore = \"slow\"]\nfn a() {",
        "#[ignore]\n#[test]\nfn a() {",
        "fn a() {",
        "#[test]\n// a comment\nfn b_() {}\nfn a() {",
        "#[cfg(any())]\n#[test]\nfn a() {",
        "#[test]\n#[cfg(feature = \"gone\")]\nfn a() {",
        "#[test]\n#[cfg(all(unix, not(unix)))]\nfn a() {",
        "#[test]\n#[cfg(all(unix, windows))]\nfn a() {",
        "#[test]\n#[cfg(not(test))]\nfn a() {",
        "#[test]\n#[cfg(all(unix, any(feature = \"gone\", false)))]\nfn a() {",
        "#[cfg(any())]\nmod inner {\n    #[test]\n    fn a() {\n    }\n}",
    ] {
        let (found, _) = counted(source);
        assert!(!found.iter().any(|name| name.ends_with("::a")), "{source}: {found:?}");
    }
    for (source, name) in [
        ("#[test]\nfn a() {", "m::a"),
        ("#[cfg(unix)]\n#[test]\nfn a() {", "m::a"),
        ("#[test]\n#[cfg(all(unix, feature = \"sandbox\"))]\nfn a() {", "m::a"),
        ("#[test]\n#[cfg(not(windows))]\nfn a() {", "m::a"),
        ("mod inner {\n    #[test]\n    fn a() {\n    }\n}", "m::inner::a"),
        ("mod inner {\n    fn b() {\n    }\n}\n#[test]\nfn a() {", "m::a"),
    ] {
        assert_eq!(counted(source).0, [name], "{source}");
    }
    let source =
        "fn b() -> bool {\n    skipped(\"no\");\n}\n#[test]\nfn a() {\n    b();\n}\n#[test]\nfn c() {\n}";
    assert_eq!(counted(source).0, ["m::a (root)", "m::c"]);
    assert_eq!(counted("mod x;\n#[cfg(test)]\nmod y;\n#[cfg(any())]\nmod z;").1, ["x", "y"]);
}
