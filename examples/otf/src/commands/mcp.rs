//! `otf mcp`

use std::io::{self, BufRead as _, Write as _};

use clap::Args;
use serde_json::{Value, json};

use crate::cli::Global;
use crate::failure::Result;
use crate::mcp_tools::{TOOLS, Tools};

/// The revisions of the protocol that differ in nothing that is used here, the newest first.
const REVISIONS: [&str; 3] = ["2025-06-18", "2025-03-26", "2024-11-05"];

// JSON-RPC 2.0, section 5.1.
const PARSE_ERROR: i64 = -32_700;
const INVALID_REQUEST: i64 = -32_600;
const METHOD_NOT_FOUND: i64 = -32_601;
const INVALID_PARAMS: i64 = -32_602;

/// Serve the Model Context Protocol on standard input and output, for assistants.
///
/// Its tools list classes, bookings and workouts. Booking and canceling need an argument `confirm` that repeats the
/// class, its coach, its day and its time. It never asks for a password: sign in with `otf login` first.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf mcp
  otf mcp --account pat@example.com

In the assistant's configuration:
  { \"mcpServers\": { \"otf\": { \"command\": \"otf\", \"args\": [\"mcp\"] } } }")]
pub struct Mcp {}

impl Mcp {
    pub fn run(&self, global: &Global) -> Result {
        let mut tools = Tools::new(global);
        let mut out = io::stdout().lock();
        // Bytes, since a line that is not UTF-8 must not end the server.
        for line in io::stdin().lock().split(b'\n') {
            let line = line?;
            if line.trim_ascii().is_empty() {
                continue;
            }
            let response = match serde_json::from_slice::<Value>(&line) {
                Ok(message) => respond(&message, &mut tools),
                Err(error) => Some(failure(Value::Null, PARSE_ERROR, &error.to_string())),
            };
            if let Some(response) = response {
                writeln!(out, "{response}")?;
                out.flush()?;
            }
        }
        Ok(())
    }
}

/// The response to a message; notifications get none.
fn respond(message: &Value, tools: &mut Tools<'_>) -> Option<Value> {
    let method = message.get("method").and_then(Value::as_str);
    let id = match message.get("id") {
        Some(id) if id.is_string() || id.is_number() => id.clone(),
        // A notification, or a response to a request that was never made.
        None if message.is_object() => return None,
        _ => return Some(failure(Value::Null, INVALID_REQUEST, "not a request")),
    };
    let Some(method) = method else { return Some(failure(id, INVALID_REQUEST, "no method")) };
    let params = message.get("params").unwrap_or(&Value::Null);
    let result = match method {
        "initialize" => initialize(params),
        "ping" => json!({}),
        "tools/list" => json!({ "tools": TOOLS.iter().map(|tool| tool.describe()).collect::<Vec<_>>() }),
        "tools/call" => {
            let name = params.get("name").and_then(Value::as_str).unwrap_or_default();
            let Some(tool) = TOOLS.iter().find(|tool| tool.name == name) else {
                return Some(failure(id, INVALID_PARAMS, &format!("unknown tool {name:?}")));
            };
            let none = json!({});
            match tools.call(tool, params.get("arguments").unwrap_or(&none)) {
                Ok(value) => content(&value.to_string(), false),
                Err(failure) => content(&failure.to_string(), true),
            }
        }
        _ => return Some(failure(id, METHOD_NOT_FOUND, &format!("unknown method {method:?}"))),
    };
    Some(json!({ "jsonrpc": "2.0", "id": id, "result": result }))
}

fn initialize(params: &Value) -> Value {
    let [newest, ..] = REVISIONS;
    let wanted = params.get("protocolVersion").and_then(Value::as_str).unwrap_or(newest);
    json!({
        "protocolVersion": REVISIONS.iter().find(|known| **known == wanted).unwrap_or(&newest),
        "capabilities": { "tools": {} },
        "serverInfo": { "name": "otf", "version": env!("CARGO_PKG_VERSION") },
        "instructions": "Times are those of the studio's clock. Before booking or canceling, tell the person which \
            class it is, with day and time, and wait for a yes.",
    })
}

fn content(text: &str, is_error: bool) -> Value {
    json!({ "content": [{ "type": "text", "text": text }], "isError": is_error })
}

fn failure(id: Value, code: i64, message: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}
