//! What follows the login.

use std::collections::BTreeMap;

use otf_api::codegrade::{
    ApiCode, AssignmentId, AssignmentKind, CourseId, Error, GradingScale, SubmissionId, TokenRestrictions,
};
use otf_api::http::{Method, StatusCode};
use otf_api::jiff::{SignedDuration, Timestamp};
use otf_api::sandbox::codegrade::{
    EXAM, ISOLATED_USER, LAST_WEEK, MANY_USERS, ONE_USER, PROGRAMMING, THIS_WEEK,
};
use otf_api::sandbox::{Fault, Sandbox};
use serde_json::{Value, json};

use super::*;

const COURSES: &str = "/api/v1/courses/";
const USER: &str = "/api/v1/login";
const RESTRICT: &str = "/api/v1/token/restrict";
const REVOKE: &str = "/api/v1/token/revoke";

const PROGRAMMING_COURSE: CourseId = CourseId::new(PROGRAMMING);

fn sandbox() -> Sandbox {
    Sandbox::start().unwrap()
}

#[test]
fn student_finds_what_is_due_this_week() {
    let sandbox = sandbox();
    let session = signed_in(&sandbox, ONE_USER);
    let now = sandbox.now();
    let week = now.checked_add(SignedDuration::from_hours(24 * 7)).unwrap();
    let mut due = Vec::new();
    for course in session.courses() {
        for assignment in session.assignments(course.unwrap().id) {
            let assignment = assignment.unwrap();
            if assignment.is_due_between(now, week) {
                due.push(assignment.id.get());
            }
        }
    }
    assert_eq!(due, [THIS_WEEK, EXAM]);
    sandbox.assert_no_unknown_routes();
}

#[test]
fn student_sees_grade_rubric_and_feedback() {
    let sandbox = sandbox();
    let session = signed_in(&sandbox, ONE_USER);
    let assignment = session.assignment(AssignmentId::new(LAST_WEEK)).unwrap();
    assert_eq!((assignment.max_grade, &assignment.grading.scale), (Some(12.0), &Some(GradingScale::Points)));
    assert_eq!(assignment.grading.points.unwrap().as_f64(), Some(100.0));
    assert_eq!(assignment.cool_off_period, Some(Duration::from_secs(90)));

    let submissions: Vec<_> = session.own_submissions(assignment.id).map(Result::unwrap).collect();
    assert_eq!(submissions.len(), 2);
    assert_eq!((submissions[0].grade, submissions[1].grade), (Some(8.5), None));
    assert_eq!(submissions[0].is_latest, None);
    let latest = session.submission(submissions[0].id).unwrap();
    assert_eq!(latest.is_latest, Some(true));

    let rubric: Vec<_> = session.rubric(assignment.id).map(Result::unwrap).collect();
    let points: f64 = session
        .rubric_result(latest.id)
        .map(|result| {
            let result = result.unwrap();
            let item =
                rubric.iter().flat_map(|row| &row.items).find(|item| item.id == result.item_id).unwrap();
            assert_eq!(item.points.unwrap() * result.multiplier.unwrap(), result.achieved_points.unwrap());
            result.achieved_points.unwrap()
        })
        .sum();
    assert_eq!(points, 85.0);

    let feedback = session.feedback(latest.id).unwrap();
    assert_eq!(feedback.general, "Well done.");
    assert_eq!(feedback.comments[0].replies[0].comment, "What if the list is empty?");
    assert_eq!(feedback.authors[0].name.as_deref(), Some("Terry Teacher"));
    sandbox.assert_no_unknown_routes();
}

#[test]
fn grades_that_are_not_published_are_absent() {
    let sandbox = sandbox();
    let session = signed_in(&sandbox, ONE_USER);
    let exam = session.assignment(AssignmentId::new(EXAM)).unwrap();
    assert_eq!((&exam.kind, exam.max_submissions), (&Some(AssignmentKind::Exam), Some(1)));
    assert_eq!(exam.grade_availability.is_available(sandbox.now()), Some(false));
    let submission = session.own_submissions(exam.id).next().unwrap().unwrap();
    assert_eq!((submission.grade, submission.assignee), (None, None));
    let group = submission.user.unwrap().group.unwrap();
    assert_eq!(group.members[0].username, "robin");
    assert!(session.feedback(submission.id).unwrap().comments.is_empty());
}

#[test]
fn lists_are_fetched_page_by_page() {
    let sandbox = sandbox();
    let session = signed_in(&sandbox, ONE_USER);
    let path = format!("/api/v1/courses/{PROGRAMMING}/assignments/");
    let mut assignments = session.assignments(PROGRAMMING_COURSE);
    assert_eq!(count(&sandbox, "GET", &path), 0);
    assignments.next().unwrap().unwrap();
    assert_eq!(count(&sandbox, "GET", &path), 1);
    assert_eq!(assignments.count(), 44);
    assert_eq!(count(&sandbox, "GET", &path), 3);

    sandbox.clear_requests();
    let all: Vec<_> = session.own_submissions_in_course(PROGRAMMING_COURSE).page_size(10).collect();
    assert_eq!(all.len(), 23);
    let sizes: Vec<_> =
        sandbox.requests().iter().map(|request| request.query("page-size").map(str::to_owned)).collect();
    assert_eq!(sizes.iter().flatten().collect::<Vec<_>>(), ["10", "10", "10"]);

    for page_size in [0, 51] {
        let error = session.courses().page_size(page_size).next().unwrap().unwrap_err();
        assert!(matches!(error, Error::InvalidInput { argument: "page_size", .. }), "{error}");
    }
    assert_eq!(session.rubric(AssignmentId::new(LAST_WEEK)).page_size(100).count(), 2);
}

#[test]
fn empty_page_with_a_token_is_not_the_end() {
    let sandbox = sandbox();
    let session = signed_in(&sandbox, ONE_USER);
    sandbox.fault(Fault::status(200).body("[]").header("Next-Token", "0+/&=").on("GET", COURSES));
    assert_eq!(session.courses().map(Result::unwrap).count(), 4);
}

#[test]
fn user_is_fetched_once_for_own_submissions() {
    let sandbox = sandbox();
    let session = signed_in(&sandbox, ONE_USER);
    for _ in 0..2 {
        assert_eq!(session.own_submissions(AssignmentId::new(LAST_WEEK)).count(), 2);
    }
    assert_eq!(count(&sandbox, "GET", USER), 1);

    let anonymous = client(&sandbox).session("no token");
    let mut submissions = anonymous.own_submissions(AssignmentId::new(LAST_WEEK));
    assert!(matches!(submissions.next(), Some(Err(Error::NotLoggedIn(_)))));
    assert!(submissions.next().is_none());
}

#[test]
fn refused_token_says_to_log_in_again() {
    let sandbox = sandbox();
    let session = signed_in(&sandbox, ONE_USER);
    sandbox.advance(Duration::from_secs(31 * 24 * 3600));
    let error = session.user().unwrap_err();
    assert!(matches!(error, Error::NotLoggedIn(_)) && error.status() == Some(401), "{error:?}");
    assert!(error.to_string().contains("log in again"), "{error}");
    assert!(!error.is_retryable());
    assert_eq!(count(&sandbox, "GET", USER), 1);

    let session = signed_in(&sandbox, ONE_USER);
    session.revoke_token().unwrap();
    let error = session.courses().next().unwrap().unwrap_err();
    assert_eq!(error.api().unwrap().code, Some(ApiCode::TokenRevoked));
}

#[test]
fn missing_objects_and_rights_say_so() {
    let sandbox = sandbox();
    let session = signed_in(&sandbox, ONE_USER);
    let error = session.assignment(AssignmentId::new(99)).unwrap_err();
    assert!(error.is_not_found() && error.to_string().contains("may not see it"), "{error}");
    let error = session.feedback(SubmissionId::new(99)).unwrap_err();
    assert!(error.is_not_found(), "{error}");
    let others = session.request(Method::GET, "/api/v1/assignments/1022/users/8/submissions/");
    let error = others.pages::<Value>().next().unwrap().unwrap_err();
    assert_eq!(error.status(), Some(403));
    assert!(error.to_string().contains("can_see_others_work"), "{error}");
}

#[test]
fn restricted_token_replaces_the_old_one() {
    let sandbox = sandbox();
    let session = signed_in(&sandbox, ONE_USER);
    let restrictions = TokenRestrictions::new()
        .course(PROGRAMMING_COURSE)
        .without_course_permissions(["can_submit_own_work"]);
    let restricted = session.restrict_token(&restrictions).unwrap();
    restricted.old_token_revoked.unwrap();
    assert!(matches!(session.user(), Err(Error::NotLoggedIn(_))));

    let session = restricted.session;
    assert_eq!(*session.restrictions(), restrictions);
    assert!(session.expires_at().is_some());
    assert_eq!(session.courses().map(Result::unwrap).count(), 1);
    assert_eq!(session.course(CourseId::new(13)).unwrap_err().status(), Some(403));
    assert_eq!(session.assignments(PROGRAMMING_COURSE).count(), 45);
}

#[test]
fn failed_revocation_of_the_old_token_is_reported() {
    let sandbox = sandbox();
    let session = signed_in(&sandbox, ONE_USER);
    for fault in [Fault::status(400), Fault::status(503), Fault::reset_before()] {
        sandbox.fault(fault.on("POST", REVOKE));
        let restricted =
            session.restrict_token(&TokenRestrictions::new().course(PROGRAMMING_COURSE)).unwrap();
        restricted.old_token_revoked.unwrap_err();
        assert_eq!(restricted.session.courses().count(), 1);
        session.user().unwrap();
    }
    session.revoke_token().unwrap();
    assert!(session.user().is_err());
    // Revoking again does no harm.
    session.revoke_token().unwrap();
}

#[test]
fn writes_are_sent_once_and_their_outcome_may_be_unknown() {
    let sandbox = sandbox();
    let session = signed_in(&sandbox, ONE_USER);
    for fault in
        [Fault::status(500), Fault::status(503).after_handler(), Fault::status(201), Fault::reset_before()]
    {
        sandbox.clear_requests();
        sandbox.fault(fault.clone().on("POST", RESTRICT));
        let error = session.restrict_token(&TokenRestrictions::new()).unwrap_err();
        assert!(matches!(error, Error::OutcomeUnknown { .. }), "{fault:?}: {error}");
        assert!(error.to_string().contains("old token is still valid") && !error.is_retryable(), "{error}");
        assert_eq!((count(&sandbox, "POST", RESTRICT), count(&sandbox, "POST", REVOKE)), (1, 0));
    }
    session.user().unwrap();
}

#[test]
fn isolated_session_is_ended_only_when_asked() {
    let sandbox = sandbox();
    let session = signed_in(&sandbox, ISOLATED_USER);
    let other = signed_in(&sandbox, ISOLATED_USER);
    let error = session.revoke_token().unwrap_err();
    assert!(matches!(error, Error::IsolatedSessionActive(_)), "{error}");
    assert!(error.to_string().contains("end_all_sessions"), "{error}");
    other.user().unwrap();
    session.end_all_sessions().unwrap();
    assert!(matches!(other.user(), Err(Error::NotLoggedIn(_))));
    assert!(!sandbox.codegrade().is_isolated(ISOLATED_USER));
}

#[test]
fn any_other_endpoint_can_be_requested() {
    let sandbox = sandbox();
    let session = signed_in(&sandbox, ONE_USER);
    let permissions: BTreeMap<String, bool> =
        session.request(Method::GET, "/api/v1/permissions/").query("type", "global").decode().unwrap();
    assert_eq!(permissions.len(), 35);
    let courses = session.request(Method::GET, COURSES).query("q", "").pages::<Value>().page_size(3);
    assert_eq!(courses.count(), 4);
    let restricted: Value = session.request(Method::POST, RESTRICT).json(&json!({})).decode().unwrap();
    assert!(restricted["access_token"].is_string());
    let token = restricted["access_token"].as_str().unwrap();
    let revoke = [("token", token), ("confirm_session_termination", "false")];
    let response = session.request(Method::POST, REVOKE).form(&revoke).send().unwrap();
    assert_eq!((response.status(), response.body().as_slice()), (StatusCode::OK, b"{}".as_slice()));

    // Any success is one here, and a body need not be JSON.
    sandbox.fault(Fault::status(204).on("PATCH", COURSES));
    assert_eq!(session.request(Method::PATCH, COURSES).send().unwrap().status(), 204);
    sandbox.fault(Fault::status(500).on("PATCH", COURSES));
    let error = session.request(Method::PATCH, COURSES).json(&1).send().unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error}");
    sandbox.fault(Fault::status(500).on("GET", COURSES).times(3));
    session.request(Method::GET, COURSES).send().unwrap();
}

#[test]
fn invalid_paths_are_not_sent() {
    let sandbox = sandbox();
    let session = signed_in(&sandbox, ONE_USER);
    for path in
        ["", "api", "https://example.com/", "/a?b", "/a#b", "/a/../b", "/.", "/a b", "/é", "/a\r\nx: y"]
    {
        let error = session.request(Method::GET, path).send().unwrap_err();
        assert!(matches!(error, Error::InvalidInput { argument: "path", .. }), "{path:?}: {error}");
    }
    let error = client(&sandbox).session("two\nlines").user().unwrap_err();
    assert!(matches!(error, Error::InvalidInput { argument: "token", .. }), "{error}");
    assert!(sandbox.requests().is_empty());
}

#[test]
fn tenants_need_no_login() {
    let sandbox = sandbox();
    let server = client(&sandbox);
    let names: Vec<_> = server.tenants("").page_size(2).map(|tenant| tenant.unwrap().name).collect();
    assert_eq!(names, ["Example School", "Example University", "Académie d’exemple"]);
    let found: Vec<_> = server.tenants("école & université").collect();
    assert!(found.is_empty());
    let school = server.tenants("school").next().unwrap().unwrap();
    assert_eq!(server.tenant(&school.id).unwrap(), school);
    assert!(server.tenant("unknown").unwrap_err().is_not_found());
    let login = CreateOtpLoginData::new(MANY_USERS).tenant_id(&school.id);
    server.otp_login().create(&login).unwrap();
}

#[test]
fn foreign_bodies_name_the_likely_cause() {
    let sandbox = sandbox();
    let session = signed_in(&sandbox, ONE_USER);
    for path in [USER, COURSES] {
        sandbox.fault(Fault::status(200).body(" <!DOCTYPE html><title>Wi-Fi login</title>").on("GET", path));
        let error = match path {
            USER => session.user().unwrap_err(),
            _ => session.courses().next().unwrap().unwrap_err(),
        };
        assert!(error.to_string().contains("captive portal"), "{error}");
    }
    sandbox.fault(Fault::edit(|user| user["id"] = json!("seven")).on("GET", USER));
    let error = session.user().unwrap_err();
    assert!(matches!(&error, Error::Decode { source, .. } if source.path == "id"), "{error}");
}

#[test]
fn token_comes_back_in_no_error() {
    let sandbox = sandbox();
    let session = signed_in(&sandbox, ONE_USER);
    let token = session.token().expose().to_owned();
    let echo = json!({"message": format!("bad token {token}"), "code": token, "description": token});
    sandbox.fault(Fault::status(400).body(echo.to_string()).on("GET", USER));
    sandbox.fault(Fault::status(400).body(echo.to_string()).on("POST", REVOKE));
    let shown =
        format!("{:?} {:?} {session:?}", session.user().unwrap_err(), session.revoke_token().unwrap_err());
    assert!(!shown.contains(&token), "{shown}");
}

#[test]
fn deadlines_lie_around_the_sandbox_clock() {
    let start: Timestamp = "2026-04-01T10:00:00Z".parse().unwrap();
    let sandbox = Sandbox::builder().clock_offset(start.duration_since(Timestamp::now())).start().unwrap();
    let detail = signed_in(&sandbox, ONE_USER).assignment(AssignmentId::new(THIS_WEEK)).unwrap();
    let days = detail.deadline().unwrap().duration_since(start).as_hours();
    assert_eq!(days, 72);
}
