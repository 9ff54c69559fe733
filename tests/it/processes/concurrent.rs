//! Many at once.

use std::time::Duration;

use otf_api::FileStore;
use otf_api::sandbox::{Account, Fault, NOA, PAT, Rotation};

use super::{list, sign_in_long_ago};
use crate::children::{self, Job, at, command};
use crate::support::sandbox;

/// Lists the bookings of the account in the environment, without its password.
pub(super) fn list_when_told() {
    children::wait_for_go();
    let otf = children::builder().login().unwrap();
    list(&otf).unwrap();
    children::say(otf.member_uuid());
}

/// Says who it is, by its own tokens and by what the service replies, as often as tokens are renewed.
pub(super) fn member_when_told() {
    children::wait_for_go();
    let otf = children::builder().cache_responses(false).login().unwrap();
    for _ in 0..3 {
        let member = otf.members().detail().unwrap();
        assert_eq!(&member.member_uuid, otf.member_uuid());
        children::say(otf.member_uuid());
    }
}

/// Starts so many processes and lets them go all at once.
fn all_at_once(jobs: &mut [Job]) {
    jobs.iter_mut().for_each(Job::wait_until_ready);
    jobs.iter_mut().for_each(Job::go);
}

#[test]
fn sixty_four_processes_make_one_refresh() {
    for (count, rotation, operation) in [
        (64, Rotation::Off, "InitiateAuth"),
        (64, Rotation::On, "InitiateAuth"),
        (8, Rotation::NewOperationOnly, "GetTokensFromRefreshToken"),
    ] {
        let sandbox = sandbox();
        sandbox.rotate_refresh_tokens(rotation);
        let directory = tempfile::tempdir().unwrap();
        sign_in_long_ago(&sandbox, &FileStore::at(directory.path()), &PAT);
        // Long enough that all of them want the lock while the first one has it.
        sandbox.fault(Fault::delay(Duration::from_millis(100)).on_operation(operation));
        let start = || Job::start(at(&mut command("processes list"), &sandbox, directory.path()));
        let mut jobs: Vec<Job> = (0..count).map(|_| start()).collect();
        all_at_once(&mut jobs);
        for job in jobs {
            assert_eq!(job.finish(), [PAT.member_uuid], "{rotation:?}");
        }
        assert_eq!(sandbox.count_operation(operation), 1, "{rotation:?}");
        assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 0, "{rotation:?}");
        assert_eq!(sandbox.count("GET", "/v1/bookings/me"), count, "{rotation:?}");
    }
}

#[test]
fn two_accounts_never_see_each_others_tokens() {
    let sandbox = sandbox();
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::at(directory.path());
    for account in [&PAT, &NOA] {
        sign_in_long_ago(&sandbox, &store, account);
    }
    let start = |account: &Account| {
        let mut command = command("processes member");
        Job::start(at(&mut command, &sandbox, directory.path()).env("OTF_EMAIL", account.email))
    };
    let accounts = [&PAT, &NOA, &PAT, &NOA, &PAT, &NOA];
    let mut jobs: Vec<Job> = accounts.iter().map(|account| start(account)).collect();
    all_at_once(&mut jobs);
    for (job, account) in jobs.into_iter().zip(accounts) {
        assert_eq!(job.finish(), [account.member_uuid; 3]);
    }
    assert_eq!(sandbox.count_operation("InitiateAuth"), 2, "one refresh for each");
    let requests = sandbox.requests();
    let own = |path: &str| path.contains(PAT.member_uuid) || path.contains(NOA.member_uuid);
    assert!(requests.iter().filter(|seen| own(&seen.path)).all(|seen| seen.status == Some(200)));
}
