//! Tokens shared in a real Redis: `--store redis://…`.

use std::process::{Child, Stdio};

use otf_api::sandbox::{Fault, Rotation, Sandbox};

use super::redis_server::Redis;
use super::support::{otf, texts};

const PROCESSES: usize = 16;

fn bookings(redis: &str, sandbox: &Sandbox, directory: &std::path::Path) -> std::process::Command {
    let mut command = otf(directory);
    command.env("OTF_STORE", redis).args(["bookings", "--server", &sandbox.url()]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn sixteen_processes_share_one_refresh() {
    for (rotation, refresh) in
        [(Rotation::Off, "InitiateAuth"), (Rotation::NewOperationOnly, "GetTokensFromRefreshToken")]
    {
        let Some(server) = Redis::start() else { return };
        let sandbox = Sandbox::start().unwrap();
        sandbox.rotate_refresh_tokens(rotation);
        let directory = tempfile::tempdir().unwrap();
        let first = bookings(&server.url(), &sandbox, directory.path()).output().unwrap();
        assert!(first.status.success(), "{:?}", texts(&first));
        sandbox.expire_tokens();
        sandbox.clear_requests();
        sandbox.fault(Fault::delay(std::time::Duration::from_millis(500)).on_operation(refresh));
        let start = |_| bookings(&server.url(), &sandbox, directory.path()).spawn().unwrap();
        let processes: Vec<Child> = (0..PROCESSES).map(start).collect();
        for process in processes {
            let output = process.wait_with_output().unwrap();
            assert!(output.status.success(), "{:?}", texts(&output));
        }
        assert_eq!(
            (sandbox.count_operation(refresh), sandbox.count_operation("RespondToAuthChallenge")),
            (1, 0)
        );
    }
}

#[test]
fn the_next_machine_needs_no_sign_in() {
    let Some(server) = Redis::start() else { return };
    let sandbox = Sandbox::start().unwrap();
    let directory = tempfile::tempdir().unwrap();
    assert!(bookings(&server.url(), &sandbox, directory.path()).output().unwrap().status.success());
    sandbox.clear_requests();
    assert!(bookings(&server.url(), &sandbox, directory.path()).output().unwrap().status.success());
    assert_eq!(sandbox.count_operation("InitiateAuth"), 0);
}

#[test]
fn a_server_that_is_down_costs_a_warning_and_shows_no_password() {
    let Some(mut server) = Redis::start() else { return };
    let url = server.url_with("swordfish");
    server.kill();
    let sandbox = Sandbox::start().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let output = bookings(&url, &sandbox, directory.path()).output().unwrap();
    let (out, err) = texts(&output);
    assert!(output.status.success() && out.contains("Orange"), "{out}{err}");
    assert!(err.contains("Redis") && !err.contains("swordfish"), "{err}");
}
