use super::*;

const PEER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

fn now() -> Timestamp {
    "2026-04-01T10:00:00Z".parse().unwrap()
}

fn request(method: &str, path: &str, body: &Value) -> Request {
    Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: Vec::new(),
        raw_query: String::new(),
        headers: Vec::new(),
        body: body.to_string().into_bytes(),
        peer: PEER,
    }
}

fn ask(state: &mut CodeGrade, request: &Request, at: Timestamp) -> (u16, Value) {
    let response = state.handle(request, at).expect("a route");
    (response.status, serde_json::from_slice(&response.body).unwrap())
}

/// A solved challenge, found by the plainest search.
fn proof(state: &mut CodeGrade) -> Value {
    let (_, challenge) = ask(state, &request("GET", "/api/v1/pow/challenge", &Value::Null), now());
    let nonce = challenge["nonce"].as_str().unwrap();
    let bits = u32::try_from(challenge["difficulty"].as_u64().unwrap()).unwrap();
    let solution = (0_u64..).map(|n| n.to_string()).find(|text| proves_work(nonce, text, bits)).unwrap();
    json!({"nonce": nonce, "solution": solution})
}

fn create(state: &mut CodeGrade, email: &str) -> (String, String) {
    let body = json!({"email": email, "pow": proof(state)});
    let (status, response) = ask(state, &request("POST", "/api/v1/otp_logins", &body), now());
    assert_eq!(status, 200, "{response}");
    let code = state.emailed.get(email).cloned().unwrap_or_default();
    (response["id"].as_str().unwrap().to_owned(), code)
}

fn confirm(id: &str, code: &str) -> Request {
    request("POST", &format!("/api/v1/otp_logins/{id}/confirm"), &json!({"code": code}))
}

fn easy() -> CodeGrade {
    let mut state = CodeGrade::new(Random::new([7; 32]), now());
    state.behavior.difficulty = json!(6);
    state
}

#[test]
fn work_is_checked_and_a_nonce_serves_once() {
    let mut state = easy();
    let proof = proof(&mut state);
    let wrong = json!({"nonce": "unknown", "solution": "0"});
    for (pow, expected) in [(&wrong, 400), (&proof, 200), (&proof, 400)] {
        let body = json!({"email": ONE_USER, "pow": pow});
        assert_eq!(ask(&mut state, &request("POST", "/api/v1/otp_logins", &body), now()).0, expected);
    }
    assert!(proves_work("a", "0", 0) && !proves_work("a", "0", 64) && !proves_work("a", "zero", 0));
}

#[test]
fn an_unknown_address_is_not_told_apart_until_the_code() {
    let mut state = easy();
    let (id, _) = create(&mut state, "nobody@example.com");
    assert!(state.emailed.is_empty());
    assert_eq!(ask(&mut state, &confirm(&id, "000000"), now()).0, 404);
}

#[test]
fn one_user_logs_in_once() {
    let mut state = easy();
    let (id, code) = create(&mut state, ONE_USER);
    let (status, login) = ask(&mut state, &confirm(&id, &code), now());
    assert_eq!((status, &login["type"]), (200, &json!("login")));
    assert_eq!(login["user"]["email"], ONE_USER);
    assert_eq!(login["expires_at"], "2026-05-01T10:00:00.000000+00:00");
    assert_eq!(ask(&mut state, &confirm(&id, &code), now()).0, 404);
}

#[test]
fn five_wrong_codes_lock() {
    for (wrong, expected) in [(4, 200), (5, 404)] {
        let mut state = easy();
        let (id, code) = create(&mut state, ONE_USER);
        for _ in 0..wrong {
            assert_eq!(ask(&mut state, &confirm(&id, "wrong"), now()).0, 404);
        }
        assert_eq!(ask(&mut state, &confirm(&id, &code), now()).0, expected);
    }
}

#[test]
fn a_login_is_bound_to_its_address_and_its_time() {
    let mut state = easy();
    let (id, code) = create(&mut state, ONE_USER);
    let mut elsewhere = confirm(&id, &code);
    elsewhere.peer = "127.0.0.2".parse().unwrap();
    assert_eq!(ask(&mut state, &elsewhere, now()).0, 404);
    assert_eq!(ask(&mut state, &confirm(&id, &code), later(now(), LOGIN_LIFETIME)).0, 404);
    assert_eq!(ask(&mut state, &confirm(&id, &code), now()).0, 200);
}

#[test]
fn several_users_are_listed_by_pages_and_one_is_selected() {
    let mut state = easy();
    let (id, code) = create(&mut state, MANY_USERS);
    let mut list = request("GET", &format!("/api/v1/otp_logins/{id}/users/"), &Value::Null);
    list.headers.push(("cg-otp-login-code".to_owned(), code.clone()));
    assert_eq!(ask(&mut state, &list, now()).0, 404, "listed before the code was confirmed");
    assert_eq!(ask(&mut state, &confirm(&id, &code), now()), (200, json!({"type": "select"})));

    let mut pages = Vec::new();
    loop {
        let response = state.handle(&list, now()).unwrap();
        let page: Vec<Value> = serde_json::from_slice(&response.body).unwrap();
        pages.push(page.len());
        let Some((_, token)) = response.headers.into_iter().find(|(name, _)| name == "next-token") else {
            break;
        };
        list.query = vec![("next-token".to_owned(), token)];
    }
    assert_eq!(pages, [20, 20, 5]);
    list.query = vec![("page-size".to_owned(), "51".to_owned())];
    assert_eq!(ask(&mut state, &list, now()).0, 400);

    let path = format!("/api/v1/otp_logins/{id}/select");
    for (user_id, expected) in [(107, 403), (999, 404), (101, 200), (101, 404)] {
        let select = request("POST", &path, &json!({"code": code, "user_id": user_id}));
        assert_eq!(ask(&mut state, &select, now()).0, expected, "user {user_id}");
    }
}

#[test]
fn an_isolated_session_is_ended_on_request_only() {
    let mut state = easy();
    let (id, code) = create(&mut state, ISOLATED_USER);
    let (status, refusal) = ask(&mut state, &confirm(&id, &code), now());
    assert_eq!((status, &refusal["code"]), (409, &json!("ISOLATED_SESSION_ACTIVE")));
    assert!(state.isolated.contains(ISOLATED_USER));
    let mut sure = confirm(&id, &code);
    sure.body = json!({"code": code, "confirm_session_termination": true}).to_string().into_bytes();
    assert_eq!(ask(&mut state, &sure, now()).0, 200);
    assert!(!state.isolated.contains(ISOLATED_USER));
}

#[test]
fn limits_and_warnings_are_served_on_request() {
    let mut state = easy();
    state.behavior.rate_limited = 1;
    state.behavior.warnings = vec!["299 sandbox \"careful\"".to_owned()];
    let challenge = request("GET", "/api/v1/pow/challenge", &Value::Null);
    let limited = state.handle(&challenge, now()).unwrap();
    assert_eq!(limited.status, 429);
    assert!(limited.headers.contains(&("warning".to_owned(), "299 sandbox \"careful\"".to_owned())));
    let body: Value = serde_json::from_slice(&limited.body).unwrap();
    assert_eq!((&body["retry_after"], &body["code"]), (&json!(1), &json!("RATE_LIMIT_EXCEEDED")));
    assert_eq!(ask(&mut state, &challenge, now()).0, 200);
}

#[test]
fn other_paths_are_no_routes() {
    let mut state = easy();
    for (method, path) in
        [("POST", "/api/v1/pow/challenge"), ("GET", "/api/v1/otp_logins"), ("GET", "/api/v1")]
    {
        assert!(state.handle(&request(method, path, &Value::Null), now()).is_none());
    }
}

/// A GET with a token.
fn get(token: &str, path: &str) -> Request {
    let mut request = request("GET", path, &Value::Null);
    request.headers.push(("authorization".to_owned(), format!("Bearer {token}")));
    request
}

fn token(state: &mut CodeGrade) -> String {
    let [user] = users::of(ONE_USER).try_into().ok().unwrap();
    let body = state.issue(&user, ONE_USER, json!({}), now());
    body["access_token"].as_str().unwrap().to_owned()
}

#[test]
fn calls_after_the_login_need_a_valid_token() {
    let mut state = easy();
    let token = token(&mut state);
    let path = "/api/v1/login";
    assert_eq!(ask(&mut state, &get(&token, path), now()).1["email"], ONE_USER);
    assert_eq!(ask(&mut state, &get("other", path), now()).1["code"], "NOT_LOGGED_IN");
    let month_later = later(now(), SignedDuration::from_hours(24 * 30));
    assert_eq!(ask(&mut state, &get(&token, path), month_later).0, 401);

    let mut revoke = request("POST", "/api/v1/token/revoke", &Value::Null);
    revoke.body = format!("token={token}&confirm_session_termination=false").into_bytes();
    assert_eq!(ask(&mut state, &revoke, now()).0, 400, "it is not declared as a form");
    revoke.headers.push(("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()));
    assert_eq!(ask(&mut state, &revoke, now()), (200, json!({})));
    assert_eq!(ask(&mut state, &get(&token, path), now()).1["code"], "TOKEN_REVOKED");
}

#[test]
fn restricted_token_sees_one_course() {
    let mut state = easy();
    let token = token(&mut state);
    let mut restrict = get(&token, "/api/v1/token/restrict");
    restrict.method = "POST".to_owned();
    restrict.body = json!({"removed_permissions": {}}).to_string().into_bytes();
    assert_eq!(ask(&mut state, &restrict, now()).0, 400, "`course` must be there");
    restrict.body = json!({"for_context": {"course_id": PROGRAMMING}}).to_string().into_bytes();
    let (status, body) = ask(&mut state, &restrict, now());
    assert_eq!((status, &body["restrictions"]["for_context"]["course_id"]), (200, &json!(PROGRAMMING)));
    let restricted = body["access_token"].as_str().unwrap();
    let courses = |state: &mut CodeGrade, token: &str| {
        ask(state, &get(token, "/api/v1/courses/"), now()).1.as_array().unwrap().len()
    };
    assert_eq!((courses(&mut state, restricted), courses(&mut state, &token)), (1, 4));
    assert_eq!(ask(&mut state, &get(restricted, "/api/v1/courses/13"), now()).0, 403);
}

#[test]
fn lists_come_in_pages() {
    let mut state = easy();
    let token = token(&mut state);
    let mut list = get(&token, "/api/v1/courses/12/assignments/");
    let mut sizes = Vec::new();
    loop {
        let response = state.handle(&list, now()).unwrap();
        sizes.push(serde_json::from_slice::<Vec<Value>>(&response.body).unwrap().len());
        let next = response.headers.into_iter().find(|(name, _)| name == "next-token");
        let Some((_, next)) = next else { break };
        list.query = vec![("next-token".to_owned(), next)];
    }
    assert_eq!(sizes, [20, 20, 5]);
}
