//! What the server sends, read leniently.

use otf_api::codegrade::{
    ApiCode, AssignmentDetail, AssignmentKind, Availability, Course, CourseState, CurrentUser, Feedback,
    GradingScale, OtpLoginableUser, PasswordState, RubricRow, Submission, SubmissionOrigin, UserId,
};
use otf_api::jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::*;

fn user() -> Value {
    json!({
        "type": "normal", "id": 7, "username": "robin", "name": "Robin Example", "is_test_student": false,
        "tenant_id": "t-1", "email": "robin@example.com", "email_verified": true, "hidden": false,
        "permissions": {"can_use_snippets": true, "can_fly": false},
    })
}

fn course() -> Value {
    json!({
        "id": 12, "name": "Programming", "created_at": "2025-09-01T08:00:00.123456+00:00", "virtual": false,
        "state": "visible", "tenant_id": "t-1", "tier": "advanced",
        "price": {"id": "p", "currency": "eur", "amount": "12.50", "tag": "course-price", "editable": false},
        "access_restrictions": {
            "id": "a", "password": {"tag": "set", "password": "course password"}, "session_lockdown": {"tag": "not-set"},
        },
    })
}

fn assignment() -> Value {
    json!({
        "id": 5, "course_id": 12, "name": "Week 1", "created_at": "2026-04-01T10:00:00", "kind": "exam",
        "timeframe": {
            "availability": {"tag": "timed", "available_at": "2026-04-01T12:00:00+02:00"},
            "deadline": "2026-04-08T10:00:00Z", "lock_date": null,
        },
        "has_multiple_timeframes": true, "grade_availability": {"tag": "fixed", "value": false},
        "restrictions": {"password": {"tag": "not-set"}}, "is_lti": false, "has_description": true,
        "max_grade": 12, "grading": {"scale": "points", "points": {"n": "25", "d": "2"}},
        "fixed_max_rubric_points": 80.5, "max_submissions": 3, "cool_off_period": "PT1M30S",
        "amount_in_cool_off_period": 1, "files_upload_enabled": true, "editor_upload_enabled": false,
        "auto_test_id": null,
    })
}

fn submission() -> Value {
    json!({
        "id": 6, "assignment_id": 5, "created_at": "2026-04-07T10:00:00Z", "origin": "gitlab", "grade": 8.5,
        "user": {
            "type": "group-user", "id": 900, "username": "group", "tenant_id": "t-1", "is_test_student": false,
            "group": {"id": 1, "name": "Group 1", "group_set_id": 2, "members": [user()]},
        },
        "grade_overridden": true, "manual_grading_status": {"tag": "finished"}, "assignee": user(),
        "timeframe": {"availability": {"tag": "fixed", "value": true}, "deadline": null, "lock_date": null},
        "extra_info": {"commit": "abc"}, "is_latest": true,
    })
}

fn feedback() -> Value {
    let reply = json!({"id": 2, "comment": "Why?", "deleted": false, "author_id": 7, "created_at": "2026-04-09T10:00:00Z"});
    let deleted = json!({"id": 3, "deleted": true});
    let comment = json!({"id": 1, "file_id": "f", "line": 0, "replies": [reply, deleted]});
    json!({
        "type": "feedback-with-replies", "general": "Well done.", "general_comment": null, "user": [comment],
        "authors": [user()], "linter": {},
    })
}

fn rubric() -> Value {
    json!({
        "id": 1, "header": "Style", "description": null, "description_type": "markdown", "type": "continuous",
        "locked": "auto_test", "items": [{"id": 2, "header": "All", "description": "", "points": 20}],
    })
}

fn decode<T: DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).unwrap()
}

fn time(text: &str) -> Option<Timestamp> {
    Some(text.parse().unwrap())
}

#[test]
fn documented_fields_are_read() {
    let course: Course = decode(course());
    assert_eq!((course.id.get(), &course.state), (12, &Some(CourseState::Visible)));
    assert_eq!(course.price.unwrap().amount, "12.50");
    assert_eq!(course.access_restrictions.password.state, Some(PasswordState::Set));

    let assignment: AssignmentDetail = decode(assignment());
    // It is an assignment too.
    assert_eq!((assignment.name.as_str(), &assignment.kind), ("Week 1", &Some(AssignmentKind::Exam)));
    assert_eq!(assignment.created_at, time("2026-04-01T10:00:00Z"), "without an offset it is UTC");
    assert_eq!(
        assignment.timeframe.availability,
        Availability::Timed { available_at: "2026-04-01T10:00:00Z".parse().unwrap() }
    );
    assert_eq!(assignment.grade_availability, Availability::Fixed { value: false });
    assert_eq!((assignment.max_grade, &assignment.grading.scale), (Some(12.0), &Some(GradingScale::Points)));
    assert_eq!(assignment.grading.points.unwrap().as_f64(), Some(12.5));
    assert_eq!(assignment.cool_off_period, Some(Duration::from_secs(90)));
    let (from, to) = (time("2026-04-08T10:00:00Z").unwrap(), time("2026-04-08T10:00:01Z").unwrap());
    assert!(assignment.is_due_between(from, to) && !assignment.is_due_between(to, to));

    let submission: Submission = decode(submission());
    assert_eq!((submission.grade, submission.is_latest), (Some(8.5), Some(true)));
    assert_eq!(submission.origin, Some(SubmissionOrigin::GitLab));
    assert_eq!(submission.user.unwrap().group.unwrap().members[0].id, UserId::new(7));

    let feedback: Feedback = decode(feedback());
    assert_eq!((feedback.general.as_str(), feedback.comments[0].line), ("Well done.", Some(0)));
    assert_eq!(feedback.comments[0].replies[0].comment, "Why?");
    assert!(feedback.comments[0].replies[1].deleted);

    let row: RubricRow = decode(rubric());
    assert_eq!((row.kind.as_str(), row.items[0].points), ("continuous", Some(20.0)));
}

/// Every path in a value.
fn paths(value: &Value, prefix: &str, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(object) => object.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    for (key, value) in children {
        let path = format!("{prefix}/{key}");
        found.push(path.clone());
        paths(value, &path, found);
    }
}

/// Puts something else in every place, and takes every member out.
fn survives<T: DeserializeOwned + Serialize>(sample: &Value, needed: &[&str]) {
    let mut all = Vec::new();
    paths(sample, "", &mut all);
    for path in all {
        for wrong in [
            json!(null),
            json!({"a": 1}),
            json!([[]]),
            json!("\u{202e}x"),
            json!(1.5),
            json!(-1),
            json!(true),
        ] {
            let mut altered = sample.clone();
            *altered.pointer_mut(&path).unwrap() = wrong.clone();
            match serde_json::from_value::<T>(altered) {
                Ok(value) => {
                    let json = serde_json::to_value(&value).unwrap();
                    let again: T = decode(json.clone());
                    assert_eq!(serde_json::to_value(&again).unwrap(), json, "{path} as {wrong}");
                }
                Err(error) => assert!(needed.contains(&path.as_str()), "{path} as {wrong}: {error}"),
            }
        }
        let (parent, key) = path.rsplit_once('/').unwrap();
        let mut altered = sample.clone();
        let Some(Value::Object(parent)) = altered.pointer_mut(parent) else { continue };
        parent.remove(key);
        let result = serde_json::from_value::<T>(altered);
        assert_eq!(result.is_err(), needed.contains(&path.as_str()), "without {path}");
    }
}

#[test]
fn only_ids_are_required() {
    survives::<CurrentUser>(&user(), &["/id"]);
    survives::<Course>(&course(), &["/id"]);
    survives::<AssignmentDetail>(&assignment(), &["/id"]);
    survives::<Submission>(&submission(), &["/id"]);
    survives::<Feedback>(&feedback(), &[]);
    survives::<RubricRow>(&rubric(), &["/id"]);
}

#[test]
fn numbers_may_be_strings() {
    let mut submission = submission();
    submission["id"] = json!("6");
    submission["grade"] = json!("8.5");
    let submission: Submission = decode(submission);
    assert_eq!((submission.id.get(), submission.grade), (6, Some(8.5)));
}

#[test]
fn durations_are_seconds_or_iso_8601() {
    for (wire, seconds) in [
        (json!(90), Some(90.0)),
        (json!(0.5), Some(0.5)),
        (json!("90"), Some(90.0)),
        (json!("PT1M30S"), Some(90.0)),
        (json!("P1DT1S"), Some(86_401.0)),
        (json!("-PT1S"), None),
        (json!(-1), None),
        (json!("soon"), None),
        (json!("NaN"), None),
        (json!(null), None),
        (json!(1e300), Some(f64::from(u32::MAX))),
    ] {
        let mut assignment = assignment();
        assignment["cool_off_period"] = wire.clone();
        let assignment: AssignmentDetail = decode(assignment);
        assert_eq!(assignment.cool_off_period.map(|period| period.as_secs_f64()), seconds, "{wire}");
    }
}

#[test]
fn unknown_values_are_kept() {
    let mut json = course();
    json["state"] = json!("frozen");
    json["new"] = json!([1]);
    let course: Course = decode(json);
    assert_eq!(course.state, Some(CourseState::Other("frozen".to_owned())));
    assert_eq!(serde_json::to_value(&course).unwrap()["state"], "frozen");
    assert_eq!(decode::<ApiCode>(json!("NEW")), ApiCode::Other("NEW".to_owned()));

    let mut json = assignment();
    json["timeframe"]["availability"] = json!({"tag": "lunar", "phase": 3});
    let assignment: AssignmentDetail = decode(json);
    assert_eq!(assignment.timeframe.availability, Availability::Unknown);
    assert_eq!(assignment.deadline(), time("2026-04-08T10:00:00Z"));

    let mut json = user();
    json["permissions"]["can_dive"] = json!("perhaps");
    let user: CurrentUser = decode(json);
    assert!(user.permissions["can_use_snippets"] && !user.permissions.contains_key("can_dive"));
}

#[test]
fn debug_hides_names_addresses_and_passwords() {
    let listed =
        json!({"id": 7, "username": "robin@example.com", "name": "Robin Example", "can_login": true});
    let shown = format!(
        "{:?} {:?} {:?} {:?} {:?}",
        decode::<CurrentUser>(user()),
        decode::<OtpLoginableUser>(listed),
        decode::<Submission>(submission()),
        decode::<Course>(course()),
        decode::<Feedback>(feedback()),
    );
    for private in ["robin", "Robin", "@", "course password"] {
        assert!(!shown.contains(private), "{private}: {shown}");
    }
}
