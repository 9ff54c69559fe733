//! The conformance kit: the library does what the scenario file says, and the service notices a client that does not.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use otf::scenario::{Scenario, Step};
use otf_api::auth::Credentials;
use otf_api::http::Method;
use otf_api::sandbox::NEW;
use otf_api::{Endpoints, Host, MemoryStore, Otf};
use serde_json::{Map, Value};

use super::server::Server;

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenario.json")
}

fn serve(directory: &Path) -> Server {
    Server::start(directory, &["--scenario", path().to_str().unwrap()])
}

fn client(server: &Server) -> Otf {
    Otf::builder()
        .endpoints(Endpoints::at(&server.url).unwrap())
        .credentials(Credentials::new(NEW.email, NEW.password))
        .store(MemoryStore::new())
        .login()
        .unwrap()
}

type Saved = BTreeMap<String, String>;

/// Replaces `{name}` by saved values.
fn fill(value: &Value, saved: &Saved) -> Value {
    match value {
        Value::String(text) => {
            let replace =
                |text: String, (name, value): (&String, &String)| text.replace(&format!("{{{name}}}"), value);
            Value::String(saved.iter().fold(text.clone(), replace))
        }
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(key, value)| (key.clone(), fill(value, saved))).collect())
        }
        other => other.clone(),
    }
}

fn fill_text(text: &str, saved: &Saved) -> String {
    fill(&Value::from(text), saved).as_str().unwrap().to_owned()
}

fn run(otf: &Otf, step: &Step, saved: &mut Saved) {
    let host = match step.host.as_str() {
        "api.orangetheory.co" => Host::Default,
        "api.orangetheory.io" => Host::Io,
        other => panic!("{other}"),
    };
    let method: Method = step.method.parse().unwrap();
    let path = fill_text(&step.path, saved);
    let mut request = otf.request(method, host, &path);
    for (name, value) in fill(&Value::Object(step.query.clone()), saved).as_object().unwrap() {
        request = request.query(name.clone().leak(), value.as_str().unwrap());
    }
    if let Some(body) = &step.body {
        request = request.json(&fill(body, saved));
    }
    let response = match request.send() {
        Ok(response) => {
            assert!(step.status < 300, "{}: {response}", step.name);
            check(&step.expect, &response, saved, &step.name);
            response
        }
        // Errors with a meaning of their own have no status, but the code.
        Err(error) => {
            assert!(
                step.status >= 400 && error.status().is_none_or(|status| status == step.status),
                "{error}"
            );
            let code = step.expect.get("/code").and_then(Value::as_str);
            assert!(code.is_none_or(|code| error.to_string().contains(code)), "{error}");
            Value::Null
        }
    };
    for (name, selection) in &step.save {
        let value = selection.of(&response).and_then(Value::as_str);
        saved.insert(name.clone(), value.unwrap_or_else(|| panic!("{}: {name}", step.name)).to_owned());
    }
}

fn check(expected: &Map<String, Value>, response: &Value, saved: &Saved, name: &str) {
    for (pointer, expected) in expected {
        assert_eq!(
            response.pointer(pointer),
            Some(&fill(expected, saved)),
            "{name}: {pointer} in {response}"
        );
    }
}

#[test]
fn the_library_does_what_the_scenario_says() {
    let directory = tempfile::tempdir().unwrap();
    let server = serve(directory.path());
    let otf = client(&server);
    let scenario = Scenario::read(&path()).unwrap();
    assert_eq!(scenario.account, NEW.email);
    let mut saved = Saved::from([("member".to_owned(), otf.member_uuid().to_string())]);
    for step in &scenario.steps {
        run(&otf, step, &mut saved);
    }
    let (code, err) = server.stop();
    assert_eq!(code, 0, "{err}");
}

#[test]
fn the_service_names_requests_that_a_client_did_not_send() {
    let directory = tempfile::tempdir().unwrap();
    let server = serve(directory.path());
    client(&server);
    let (code, err) = server.stop();
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("GET /v1/classes was sent 0 times instead of 2"), "{err}");
}

#[test]
fn a_file_that_is_no_scenario_is_refused_with_its_name() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("scenario.json");
    let valid = std::fs::read_to_string(path()).unwrap();
    for text in [valid.replace("\"format\": 1", "\"format\": 2"), valid.replace("\"about\"", "\"abuot\"")] {
        std::fs::write(&file, text).unwrap();
        let arguments = ["sandbox", "--scenario", file.to_str().unwrap()];
        let (code, out, err) = super::support::run(directory.path(), &arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains("scenario.json: "), "{err}");
    }
}
