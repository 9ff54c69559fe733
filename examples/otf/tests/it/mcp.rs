//! `otf mcp`: the protocol line by line, and writes that need a confirmation.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::support::otf;

struct Client {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    next: u64,
    _directory: TempDir,
}

impl Client {
    fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut command = otf(directory.path());
        command.args(["mcp", "--sandbox"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, input, output, next: 0, _directory: directory }
    }

    fn send(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }

    fn receive(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    fn request(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string());
        let response = self.receive();
        assert_eq!((&response["id"], &response["jsonrpc"]), (&json!(id), &json!("2.0")));
        response
    }

    /// A tool's text, and whether it is an error.
    fn call(&mut self, tool: &str, arguments: Value) -> (String, bool) {
        let response = self.request("tools/call", json!({ "name": tool, "arguments": arguments }));
        let result = &response["result"];
        (result["content"][0]["text"].as_str().unwrap().to_owned(), result["isError"].as_bool().unwrap())
    }

    fn list(&mut self, tool: &str) -> Value {
        let (text, is_error) = self.call(tool, json!({}));
        assert!(!is_error, "{text}");
        serde_json::from_str(&text).unwrap()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn each_request_gets_one_response_and_notifications_none() {
    let mut client = Client::start();
    let hello = json!({ "protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": {} });
    let response = client.request("initialize", hello);
    assert_eq!(response["result"]["protocolVersion"], "2025-03-26");
    client.send(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#);
    assert_eq!(client.request("ping", json!({}))["result"], json!({}));
    let other = client.request("initialize", json!({ "protocolVersion": "1999-01-01" }));
    assert_eq!(other["result"]["protocolVersion"], "2025-06-18");

    client.input.write_all(b"\"\xff\"\n").unwrap();
    assert_eq!(client.receive()["error"]["code"], -32_700);
    for (line, code) in [
        ("{", -32_700),
        ("[1]", -32_600),
        (r#"{"jsonrpc":"2.0","id":7,"method":"resources/list"}"#, -32_601),
        (r#"{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"rm"}}"#, -32_602),
    ] {
        client.send(line);
        assert_eq!(client.receive()["error"]["code"], code, "{line}");
    }
    let tools = client.request("tools/list", json!({}))["result"]["tools"].clone();
    for tool in tools.as_array().unwrap() {
        let is_read_only = tool["annotations"]["readOnlyHint"].as_bool().unwrap();
        let required = tool["inputSchema"]["required"].as_array().unwrap();
        assert_eq!(is_read_only, !required.contains(&json!("confirm")), "{tool}");
    }
}

#[test]
fn wrong_arguments_are_named() {
    let mut client = Client::start();
    for (tool, arguments, named) in [
        ("list_classes", json!({ "day": "sat" }), "\"day\""),
        ("list_classes", json!({ "available": "yes" }), "available"),
        ("list_classes", json!({ "weekday": "someday" }), "weekday"),
        ("book_class", json!({ "date": "2026-04-11", "time": "9:45", "coach": " ", "confirm": "" }), "coach"),
        ("list_bookings", json!({ "days": 0 }), "days"),
        ("book_class", json!({ "date": "2026-04-11" }), "time"),
    ] {
        let (text, is_error) = client.call(tool, arguments);
        assert!(is_error && text.contains(named), "{text}");
    }
}

#[test]
fn writes_need_the_class_its_coach_and_its_time_repeated() {
    let mut client = Client::start();
    let is_free = |class: &&Value| {
        class["full"] == false
            && class["canceled"] == false
            && class["local"].as_str().unwrap() > "2026-04-12"
    };
    let classes = client.list("list_classes")["classes"].clone();
    let class = classes.as_array().unwrap().iter().find(is_free).unwrap();
    let (date, time) = class["local"].as_str().unwrap().split_once('T').unwrap();
    let time = &time[..5];
    let booked = |client: &mut Client| client.list("list_bookings")["bookings"].as_array().unwrap().len();
    let before = booked(&mut client);
    let (name, coach) = (class["name"].as_str().unwrap(), class["coach"].as_str().unwrap());
    let arguments = |confirm: &str| {
        json!({
            "date": date, "time": time, "type": class["type"], "coach": coach, "class_id": class["id"],
            "confirm": confirm,
        })
    };

    for confirm in ["", "yes", &format!("{date} {time}"), &format!("{name}, {date} {time}")] {
        let (text, is_error) = client.call("book_class", arguments(confirm));
        assert!(is_error && text.contains("nothing was done"), "{text}");
    }
    for (argument, other) in [("coach", "Nobody"), ("class_id", "none")] {
        let mut arguments = arguments("yes");
        arguments[argument] = other.into();
        let (text, is_error) = client.call("book_class", arguments);
        assert!(is_error && text.contains("no such class"), "{text}");
    }
    assert_eq!(booked(&mut client), before);
    let confirm = format!("{name} with {coach}, {date} {time}");
    let (text, is_error) = client.call("book_class", arguments(&confirm));
    assert!(!is_error && text.contains("\"outcome\":\"booked\""), "{text}");
    assert_eq!(booked(&mut client), before + 1);

    let (text, is_error) = client.call("cancel_booking", arguments("cancel it"));
    assert!(is_error && text.contains(&confirm), "{text}");
    let (text, is_error) = client.call("cancel_booking", arguments(&confirm));
    assert!(!is_error, "{text}");
    assert_eq!(booked(&mut client), before);
}
