//! When the person at the terminal is asked.

use std::cell::RefCell;
use std::io;

use super::*;
use crate::auth::context::ClockOffset;
use crate::auth::credentials::Environment;
use crate::auth::prompt::Person;
use crate::endpoints::Endpoints;
use crate::net::{HttpClient, RetryPolicy, UreqTransport};
use crate::sandbox::{NOA, PAT, Sandbox};
use crate::store::MemoryStore;

thread_local! {
    /// What the person at the terminal types next.
    static TYPED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

struct Pat;

impl Person for Pat {
    fn ask(&mut self, _prompt: &str) -> io::Result<String> {
        let next = TYPED.with_borrow_mut(|typed| (!typed.is_empty()).then(|| typed.remove(0)));
        next.map(str::to_owned).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    fn ask_hidden(&mut self, prompt: &str) -> io::Result<Secret> {
        self.ask(prompt).map(Secret::from)
    }
}

fn open(sandbox: &Sandbox, store: &MemoryStore, session: Option<Session>) -> Result<TokenManager> {
    let source = CredentialSource::new(None, None, Environment::default(), true);
    let context = Context {
        http: HttpClient::new(Arc::new(UreqTransport::default()), RetryPolicy::never(), Arc::new(|_| {})),
        endpoints: Arc::new(Endpoints::at(&sandbox.url()).unwrap()),
        store: Arc::new(store.clone()),
        store_path: None,
        clock: Arc::new(sandbox.clock()),
        clock_offset: ClockOffset::default(),
    };
    let settings = TokenSettings {
        source: CredentialSource { person: || Some(Box::new(Pat)), ..source },
        sign_in: SignInSettings { challenge_handler: None, lambda_retry_delay: Duration::ZERO },
        lock_wait: Duration::ZERO,
    };
    TokenManager::open(Arc::new(context), settings, session)
}

/// After this only a password helps.
fn end_of_tokens(sandbox: &Sandbox, email: &str) {
    sandbox.revoke_refresh_tokens(email);
    sandbox.advance(Duration::from_secs(2 * 3600));
}

fn type_in(answers: &[&'static str]) {
    TYPED.set(answers.to_vec());
}

#[test]
fn prompts_once_per_run() {
    let (sandbox, store) = (Sandbox::start().unwrap(), MemoryStore::new());
    // Once by name and password; another time the account is known, and only its password is asked for.
    for answers in [&[PAT.email, PAT.password][..], &[PAT.password]] {
        type_in(answers);
        let manager = open(&sandbox, &store, None).unwrap();
        assert_eq!(TYPED.take(), [""; 0]);
        for _ in 0..2 {
            end_of_tokens(&sandbox, PAT.email);
            manager.tokens().unwrap();
        }
        end_of_tokens(&sandbox, PAT.email);
    }
}

#[test]
fn prompts_again_after_the_typed_password_was_refused() {
    let (sandbox, store) = (Sandbox::start().unwrap(), MemoryStore::new());
    let account = sandbox.add_account("typed@example.com", "The-first-1");
    type_in(&[account.email, "The-first-1"]);
    let manager = open(&sandbox, &store, None).unwrap();
    sandbox.set_password(account.email, "The-second-2");
    end_of_tokens(&sandbox, account.email);
    let refused = manager.tokens().unwrap_err();
    assert!(matches!(refused, Error::Authentication { .. }), "{refused:?}");
    type_in(&["The-second-2"]);
    manager.tokens().unwrap();
}

#[test]
fn prompts_again_after_another_members_account_was_typed() {
    let (sandbox, store) = (Sandbox::start().unwrap(), MemoryStore::new());
    let issued = sandbox.issue_tokens(PAT.email);
    let session = Session {
        id_token: Some(issued.id_token),
        access_token: Some(issued.access_token),
        ..Session::default()
    };
    let manager = open(&sandbox, &store, Some(session)).unwrap();
    end_of_tokens(&sandbox, PAT.email);
    type_in(&[NOA.email, NOA.password]);
    assert!(manager.tokens().is_err());
    type_in(&[PAT.email, PAT.password]);
    manager.tokens().unwrap();
    assert_eq!(manager.account().email.as_deref(), Some(PAT.email));
}
