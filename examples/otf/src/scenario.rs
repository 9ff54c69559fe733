//! Scenario files: how the mock service behaves, and what a client must see and send. CONFORMANCE.md documents them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use otf_api::jiff::Timestamp;
use otf_api::sandbox::{Fault, Sandbox};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::failure::{Failure, Result};

/// The version of the format that this program reads.
const FORMAT: u32 = 1;

/// A scenario.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    format: u32,
    /// What it is for.
    #[serde(rename = "about")]
    _about: String,
    /// The mock service's time at the start, if not the machine's. Its schedule is generated around it.
    pub time: Option<Timestamp>,
    /// Which account signs in.
    pub account: String,
    /// What goes wrong, before the requests of the steps succeed.
    #[serde(default)]
    pub faults: Vec<PlantedFault>,
    /// The requests, in order, with what their responses must be.
    pub steps: Vec<Step>,
    /// How often the mock service must have received a request by the end.
    #[serde(default)]
    pub requests: Vec<ExpectedRequest>,
}

/// A response that replaces the service's own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlantedFault {
    method: String,
    path: String,
    status: u16,
    #[serde(default = "once")]
    times: u32,
}

fn once() -> u32 {
    1
}

/// A request and its response.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What it is about.
    pub name: String,
    pub method: String,
    /// The real service's host, whose place the mock service takes.
    pub host: String,
    /// The path. `{name}` is a saved value.
    pub path: String,
    #[serde(default)]
    pub query: Map<String, Value>,
    /// The body, as JSON.
    pub body: Option<Value>,
    /// The status of the response, after the client's retries.
    pub status: u16,
    /// Values of the response by their JSON pointers.
    #[serde(default)]
    pub expect: Map<String, Value>,
    /// Values of the response to save under a name.
    #[serde(default)]
    pub save: BTreeMap<String, Selection>,
}

/// A value of a response.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Selection {
    /// By its JSON pointer.
    Pointer(String),
    /// Of an item of a list.
    Item(ItemSelection),
}

/// The value of an item of a list, chosen among those with these values.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemSelection {
    list: String,
    #[serde(rename = "where")]
    fields: Map<String, Value>,
    index: usize,
    value: String,
}

impl Selection {
    /// The value that is selected.
    pub fn of<'v>(&self, response: &'v Value) -> Option<&'v Value> {
        match self {
            Self::Pointer(pointer) => response.pointer(pointer),
            Self::Item(item) => {
                let fits =
                    |one: &&Value| item.fields.iter().all(|(name, value)| one.get(name) == Some(value));
                let list = response.pointer(&item.list)?.as_array()?;
                list.iter().filter(fits).nth(item.index)?.pointer(&item.value)
            }
        }
    }
}

/// A request that the mock service must have seen.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedRequest {
    method: String,
    path: String,
    times: usize,
}

impl Scenario {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self> {
        let about = |error: String| Failure::usage(error).about(path.display());
        let text = fs::read_to_string(path).map_err(|error| about(error.to_string()))?;
        let scenario: Self = serde_json::from_str(&text).map_err(|error| about(error.to_string()))?;
        if scenario.format != FORMAT {
            return Err(about(format!("format {} is not {FORMAT}", scenario.format)));
        }
        Ok(scenario)
    }

    /// Whether the client has sent what it had to.
    pub fn verify(&self, server: &Sandbox) -> Result {
        let mut problems = Vec::new();
        for expected in &self.requests {
            let seen = server.count(&expected.method, &expected.path);
            if seen != expected.times {
                let (method, path, times) = (&expected.method, &expected.path, expected.times);
                problems.push(format!("{method} {path} was sent {seen} times instead of {times}"));
            }
        }
        let unknown = server.unknown_routes();
        problems.extend(unknown.into_iter().map(|route| format!("the service has no {route}")));
        if problems.is_empty() { Ok(()) } else { Err(Failure::failed(problems.join("; "))) }
    }
}

impl PlantedFault {
    /// The mock service's fault.
    pub fn plant(&self) -> Fault {
        Fault::status(self.status).on(&self.method, &self.path).times(self.times)
    }
}
