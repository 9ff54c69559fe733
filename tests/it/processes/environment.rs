//! What the environment says: `OTF_SESSION`, `OTF_EMAIL`, `OTF_PASSWORD`, and which comes first.

use otf_api::FileStore;
use otf_api::sandbox::{NOA, PAT, Sandbox};

use crate::children::{Job, at, command};
use crate::support::{builder, client, credentials, sandbox};

/// Who is signed in with this environment and an empty store.
fn signed_in(sandbox: &Sandbox, variables: &[(&str, &str)]) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    let mut command = command("processes login");
    command.envs(variables.iter().copied());
    Job::start(at(&mut command, sandbox, directory.path())).finish()
}

#[test]
fn session_in_the_environment_signs_in_without_a_password() {
    let sandbox = sandbox();
    let text = client(&sandbox).session().unwrap().to_text();
    sandbox.clear_requests();
    let variables = [("OTF_SESSION", text.expose())];
    assert_eq!(signed_in(&sandbox, &variables), [PAT.member_uuid]);
    assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 0);
}

#[test]
fn session_comes_before_stored_tokens_and_the_password_in_the_environment() {
    let sandbox = sandbox();
    let text = client(&sandbox).session().unwrap().to_text();
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::at(directory.path());
    builder(&sandbox).store(store).credentials(credentials(&NOA)).login().unwrap();
    sandbox.clear_requests();
    let mut command = command("processes login");
    let command = at(&mut command, &sandbox, directory.path());
    command.env("OTF_EMAIL", NOA.email).env("OTF_PASSWORD", NOA.password);
    assert_eq!(Job::start(command).finish(), [NOA.member_uuid]);
    assert_eq!(sandbox.count_operation("InitiateAuth"), 0, "stored tokens come before the password");
    assert_eq!(Job::start(command.env("OTF_SESSION", text.expose())).finish(), [PAT.member_uuid]);
    // What the program sets comes first.
    command.env("OTF_TEST_EMAIL", NOA.email).env("OTF_TEST_PASSWORD", NOA.password);
    assert_eq!(Job::start(command).finish(), [NOA.member_uuid]);
}

#[test]
fn password_in_the_environment_signs_in() {
    let variables = [("OTF_EMAIL", PAT.email), ("OTF_PASSWORD", PAT.password)];
    assert_eq!(signed_in(&sandbox(), &variables), [PAT.member_uuid]);
}
