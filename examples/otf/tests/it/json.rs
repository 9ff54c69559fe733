//! The shapes of `--json` are those that README.md documents: the same keys, with values of the same kinds.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::support::run;

/// Each documented command line with its example: a fenced block whose first line is `$ otf …`.
fn documented() -> Vec<(String, Value)> {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = fs::read_to_string(readme).unwrap();
    let blocks = text.split("```").skip(1).step_by(2);
    let examples = blocks.filter_map(|block| {
        let (command, json) = block.strip_prefix("json\n$ ")?.split_once('\n')?;
        Some((
            command.to_owned(),
            serde_json::from_str(json).unwrap_or_else(|error| panic!("{command}: {error}")),
        ))
    });
    examples.collect()
}

/// What differs between the shapes of two values. `null` fits anything; a list has the shape of its first item.
fn differences(at: &str, documented: &Value, printed: &Value, found: &mut Vec<String>) {
    match (documented, printed) {
        (Value::Null, _) | (_, Value::Null) => {}
        (Value::Object(documented), Value::Object(printed)) => {
            for (key, value) in documented {
                match printed.get(key) {
                    Some(other) => differences(&format!("{at}.{key}"), value, other, found),
                    None => found.push(format!("{at}.{key} is not printed")),
                }
            }
            let is_new = |key: &&String| !documented.contains_key(*key);
            found.extend(printed.keys().filter(is_new).map(|key| format!("{at}.{key} is not documented")));
        }
        (Value::Array(documented), Value::Array(printed)) => {
            for (index, value) in printed.iter().enumerate() {
                if let Some(first) = documented.first() {
                    differences(&format!("{at}[{index}]"), first, value, found);
                }
            }
        }
        (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_)) => {}
        _ => found.push(format!("{at} is {printed}, documented as {documented}")),
    }
}

#[test]
fn json_has_the_documented_shapes() {
    let examples = documented();
    assert!(examples.len() >= 18, "{}", examples.len());
    for (command, documented) in examples {
        let directory = tempfile::tempdir().unwrap();
        let words = command.split_whitespace().skip(1);
        let arguments: Vec<&str> = words.chain(["--sandbox", "--yes"]).collect();
        let (code, out, err) = run(directory.path(), &arguments);
        assert_eq!(code, 0, "{command}: {err}");
        assert_eq!(out.lines().count(), 1, "{command} prints one line: {out}");
        let printed: Value = serde_json::from_str(&out).unwrap();
        let mut found = Vec::new();
        differences("", &documented, &printed, &mut found);
        assert!(found.is_empty(), "{command}: {found:#?}\n{printed}");
    }
}

#[test]
fn each_subcommand_with_output_of_its_own_is_documented() {
    use clap::CommandFactory as _;

    let examples = documented();
    // They run until they are stopped; README.md says what they print.
    let others = ["sandbox", "mcp"];
    for command in otf::cli::Cli::command().get_subcommands() {
        let start = format!("otf {}", command.get_name());
        let is_documented = examples.iter().any(|(line, _)| line.starts_with(&start));
        assert!(is_documented || others.contains(&command.get_name()), "{start}");
    }
}
