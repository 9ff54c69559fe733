//! Passes each request to the part of the service that handles it.

use serde_json::json;

use super::aws::{self, AwsError};
use super::clock::ClockReading;
use super::domain::public_route;
use super::http::{Request, Response};
use super::pool::USER_POOL_ID;
use super::state::{State, lock};
use super::{Account, codegrade, sigv4};

/// The one endpoint that requires a signature.
const SIGNED_PATH: &str = "/member/app-configurations";

/// Handles a request.
pub(super) fn respond(state: &State, request: &Request) -> Response {
    let moment = state.clock.moment();
    let path = request.path.as_str();
    let response = match (request.method.as_str(), path) {
        ("POST", "/") => Some(operation(state, request, moment)),
        ("GET", _) if is_key_set(path) => Some(Response::json(200, &lock(&state.pool).key_set())),
        _ if is_codegrade(path) => codegrade::handle(state, request, moment.now),
        _ => public_route(request).or_else(|| match caller(state, request, moment) {
            Ok(account) => domain(state, &account, request, moment),
            Err(refusal) => Some(refusal),
        }),
    };
    response.unwrap_or_else(|| {
        let route = unknown_route(state, request, "");
        Response::json(404, &json!({"message": format!("the sandbox has no route {route}")}))
    })
}

/// Handles a request of a signed-in account. A changed name is passed on to the pool.
fn domain(state: &State, account: &Account, request: &Request, moment: ClockReading) -> Option<Response> {
    let mut domain = lock(&state.domain);
    let response = domain.handle(account, request, moment.now);
    let names = (request.method == "PUT").then(|| domain.names(account)).flatten();
    drop(domain);
    if let Some(names) = names {
        lock(&state.pool).rename(account, names);
    }
    response
}

fn is_key_set(path: &str) -> bool {
    let rest = path.strip_suffix("/.well-known/jwks.json");
    rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('/') == Some(USER_POOL_ID))
}

fn is_codegrade(path: &str) -> bool {
    let below =
        |prefix| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    below("/api/v1")
}

/// An operation of the user pool or the identity pool.
fn operation(state: &State, request: &Request, moment: ClockReading) -> Response {
    let target = request.header("x-amz-target").unwrap_or_default();
    let body = match aws::parameters(request) {
        Ok(body) => body,
        Err(error) => return error.response(),
    };
    let result = if let Some(name) = target.strip_prefix(aws::USER_POOL_TARGET) {
        lock(&state.pool).handle(name, &body, moment)
    } else if let Some(name) = target.strip_prefix(aws::IDENTITY_POOL_TARGET) {
        let check = |token: &str| lock(&state.pool).check_id_token(token, moment);
        lock(&state.identity).handle(name, &body, moment, check)
    } else {
        None
    };
    match result {
        Some(result) => aws::response(&result),
        None => {
            let route = unknown_route(state, request, target);
            AwsError::new("UnknownOperationException", format!("the sandbox has no route {route}")).response()
        }
    }
}

/// The caller, from the ID token or, at the signed endpoint, from the signature.
fn caller(state: &State, request: &Request, moment: ClockReading) -> Result<Account, Response> {
    if request.path == SIGNED_PATH {
        let identity = lock(&state.identity);
        let verified = sigv4::verify(request, moment, |key| identity.credentials(key));
        return verified.map(|credentials| credentials.account.clone()).map_err(|reason| {
            log::debug!("sandbox: signature refused: {reason}");
            Response::json(403, &json!({"message": reason}))
        });
    }
    let token = request.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
    let account = token.map(|token| lock(&state.pool).check_id_token(token, moment));
    match account {
        Some(Ok(account)) => Ok(account),
        refused => {
            log::debug!("sandbox: {} {}: token refused: {refused:?}", request.method, request.path);
            Err(Response::json(401, &json!({"message": "Unauthorized"})))
        }
    }
}

/// Logs a route that the sandbox lacks or that does not exist, and records it for tests.
fn unknown_route(state: &State, request: &Request, detail: &str) -> String {
    let route = format!("{} {} {detail}", request.method, request.path);
    let route = route.trim_end().to_owned();
    log::error!("the sandbox has no route {route}");
    lock(&state.records).unknown_route(&route);
    route
}
