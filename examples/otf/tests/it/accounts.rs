//! Several accounts, sessions of other machines, and signing out.

use std::path::Path;

use otf_api::sandbox::{NOA, PAT, Sandbox};

use super::server::Server;
use super::support::{otf, run, texts};

fn with_server(directory: &Path, sandbox: &Sandbox, arguments: &[&str]) -> (i32, String) {
    let output = otf(directory)
        .args(arguments)
        .args(["--server", &sandbox.url(), "--store", "tokens", "--yes"])
        .output()
        .unwrap();
    let (out, err) = texts(&output);
    (output.status.code().unwrap_or(-1), out + &err)
}

#[test]
fn the_named_account_is_used() {
    let sandbox = Sandbox::start().unwrap();
    let directory = tempfile::tempdir().unwrap();
    for account in [PAT, NOA] {
        let arguments = ["login", "--json", "--account", account.email];
        let (code, text) = with_server(directory.path(), &sandbox, &arguments);
        assert!(code == 0 && text.contains(account.email), "{code} {text}");
    }
    let (code, text) = with_server(directory.path(), &sandbox, &["login", "--account", "nobody@example.com"]);
    assert!(code == 3 && text.lines().count() == 1, "{code} {text}");

    let (_, text) = with_server(directory.path(), &sandbox, &["accounts", "--json"]);
    assert!(text.contains(PAT.email) && text.contains(NOA.email), "{text}");
    sandbox.clear_requests();
    let (code, text) = with_server(directory.path(), &sandbox, &["logout", "--account", NOA.email]);
    assert_eq!((code, text.as_str()), (0, "signed out: noa@example.com\n"));
    assert!(sandbox.requests().is_empty(), "signing out needs no network");
    let (_, text) = with_server(directory.path(), &sandbox, &["accounts"]);
    assert!(text.contains(PAT.email) && !text.contains(NOA.email), "{text}");
    let (code, text) = with_server(directory.path(), &sandbox, &["logout", "--account", NOA.email]);
    assert!(code == 3 && text.contains(NOA.email), "{code} {text}");
}

#[test]
fn an_exported_session_signs_in_elsewhere() {
    let sandbox = Sandbox::start().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let (code, text) = with_server(directory.path(), &sandbox, &["session", "export"]);
    assert!(code == 0 && text.starts_with("otf1."), "{code} {text}");
    sandbox.clear_requests();
    let elsewhere = tempfile::tempdir().unwrap();
    let import = |session: Option<&str>| {
        let mut command = otf(elsewhere.path());
        command.args(["session", "import", "--server", &sandbox.url(), "--store", "tokens"]);
        if let Some(session) = session {
            command.env("OTF_SESSION", session);
        }
        let output = command.output().unwrap();
        let (out, err) = texts(&output);
        (output.status.code().unwrap_or(-1), out + &err)
    };
    let (code, text) = import(Some(text.trim()));
    assert!(code == 0 && text.starts_with("stored the session of Pat"), "{code} {text}");
    assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 0);
    let (code, text) = import(None);
    assert!(code == 2 && text.contains("OTF_SESSION"), "{code} {text}");
}

#[test]
fn the_mock_service_shows_the_codes_that_it_emails() {
    let directory = tempfile::tempdir().unwrap();
    let mut server = Server::start(directory.path(), &[]);
    let mut login = otf(directory.path());
    login.args(["codegrade", "login", "robin@example.com", "--host", &server.url]);
    login.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut login = login.spawn().unwrap();
    let line = server.line_with("emailed code for robin@example.com: ");
    let code = line.rsplit(' ').next().unwrap().trim().to_owned();
    let mut input = login.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, format!("{code}\n").as_bytes()).unwrap();
    drop(input);
    let output = login.wait_with_output().unwrap();
    let (out, err) = texts(&output);
    assert!(output.status.success() && out.starts_with("logged in: "), "{out}{err}");
    // The token is stored, so that no second code is needed.
    let due = ["codegrade", "due", "robin@example.com", "--host", &server.url, "--days", "60"];
    let (code, out, err) = run(directory.path(), &due);
    assert_eq!(code, 0, "{out}{err}");
}
