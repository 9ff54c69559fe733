//! Courses, assignments, submissions, rubrics and feedback.
//!
//! Everything follows from the ids and from the time at which the sandbox started, so nothing is stored.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::users::{self, Tenant, User};

/// A course that [`ONE_USER`](super::ONE_USER) is a member of, with 45 weekly assignments: last week's is graded, this
/// week's is due in 3 days.
pub const PROGRAMMING: i64 = 12;

/// The course's exam of this week, whose grades are not published, and which is done in groups.
pub const EXAM: i64 = 2_001;

/// The assignment of [`PROGRAMMING`] that is due in 3 days.
pub const THIS_WEEK: i64 = 1_023;

/// The assignment of [`PROGRAMMING`] that was due last week: submitted twice, graded, with feedback.
pub const LAST_WEEK: i64 = 1_022;

const COURSES: [Course; 4] = [
    Course { id: PROGRAMMING, name: "Programming", state: "visible", first: 1_001, assignments: 45 },
    Course { id: 13, name: "Databases", state: "visible", first: EXAM, assignments: 2 },
    Course { id: 14, name: "Étude de cas", state: "visible", first: 3_001, assignments: 0 },
    Course { id: 9, name: "Programming, last year", state: "archived", first: 4_001, assignments: 3 },
];

pub(super) struct Course {
    pub(super) id: i64,
    name: &'static str,
    state: &'static str,
    /// The id of its first assignment.
    first: i64,
    assignments: i64,
}

pub(super) struct Assignment {
    pub(super) id: i64,
    pub(super) course: &'static Course,
}

pub(super) struct Submission {
    id: i64,
    pub(super) assignment: Assignment,
    /// Counted from the first one.
    number: i64,
    is_latest: bool,
}

/// The courses that a user is a member of.
pub(super) fn courses(user: &User) -> Vec<&'static Course> {
    COURSES.iter().filter(|_| user.id == users::ROBIN).collect()
}

pub(super) fn course(user: &User, id: i64) -> Option<&'static Course> {
    courses(user).into_iter().find(|course| course.id == id)
}

pub(super) fn assignment(user: &User, id: i64) -> Option<Assignment> {
    courses(user).into_iter().flat_map(Course::assignments).find(|assignment| assignment.id == id)
}

pub(super) fn submission(user: &User, id: i64) -> Option<Submission> {
    let assignment = assignment(user, id / 10)?;
    assignment.submissions().into_iter().find(|submission| submission.id == id)
}

impl Course {
    /// By deadline.
    pub(super) fn assignments(&'static self) -> Vec<Assignment> {
        (self.first..self.first + self.assignments).map(|id| Assignment { id, course: self }).collect()
    }

    pub(super) fn to_json(&self, start: Timestamp, tenant: &Tenant) -> Value {
        json!({
            "id": self.id, "name": self.name, "created_at": iso(days(start, -200)), "virtual": false,
            "state": self.state, "tenant_id": tenant.id, "tier": "advanced", "price": null,
            "access_restrictions": {
                "id": format!("restrictions-{}", self.id), "password": {"tag": "not-set"},
                "session_lockdown": {"tag": "not-set"},
            },
        })
    }

    pub(super) fn to_detail(&self, start: Timestamp, tenant: &Tenant) -> Value {
        extended(self.to_json(start, tenant), json!({"lti_provider": null}))
    }
}

impl Assignment {
    fn is_exam(&self) -> bool {
        self.id == EXAM
    }

    fn deadline(&self, start: Timestamp) -> Option<Timestamp> {
        match self.course.id {
            PROGRAMMING => Some(days(start, 7 * (self.id - THIS_WEEK) + 3)),
            13 if self.is_exam() => Some(days(start, 5)),
            // The other one has none.
            13 => None,
            _ => Some(days(start, -100)),
        }
    }

    /// Two to last week's, one to those before it and to the exam.
    pub(super) fn submissions(&self) -> Vec<Submission> {
        let count = match self.id {
            LAST_WEEK => 2,
            EXAM => 1,
            id if self.course.id == PROGRAMMING && id < LAST_WEEK => 1,
            _ => 0,
        };
        let new = |number| Submission {
            id: self.id * 10 + number,
            assignment: Self { id: self.id, course: self.course },
            number,
            is_latest: number == count,
        };
        // The latest comes first.
        (1..=count).rev().map(new).collect()
    }

    fn timeframe(&self, start: Timestamp) -> Value {
        let deadline = self.deadline(start);
        let availability = match self.course.id {
            PROGRAMMING => json!({"tag": "timed", "available_at": deadline.map(|time| iso(days(time, -14)))}),
            _ => json!({"tag": "fixed", "value": true}),
        };
        json!({
            "availability": availability, "deadline": deadline.map(iso),
            "lock_date": deadline.filter(|_| self.is_exam()).map(iso),
        })
    }

    pub(super) fn to_json(&self, start: Timestamp) -> Value {
        // Which password it is, a student may not see.
        let password =
            if self.is_exam() { json!({"tag": "set", "password": null}) } else { json!({"tag": "not-set"}) };
        let (name, kind) = match self.course.id {
            _ if self.is_exam() => ("Exam".to_owned(), "exam"),
            13 => ("Reading".to_owned(), "normal"),
            _ => (format!("Week {}", self.id - self.course.first + 1), "normal"),
        };
        json!({
            "id": self.id, "course_id": self.course.id, "name": name, "created_at": iso(days(start, -190)),
            "kind": kind, "timeframe": self.timeframe(start), "has_multiple_timeframes": self.is_exam(),
            "grade_availability": {"tag": "fixed", "value": !self.is_exam()},
            "restrictions": {"password": password},
            "is_lti": false, "has_description": true,
        })
    }

    pub(super) fn to_detail(&self, start: Timestamp) -> Value {
        let grading = if self.is_exam() {
            json!({"scale": "percentage"})
        } else {
            json!({"scale": "points", "points": {"n": "100", "d": "1"}})
        };
        let more = json!({
            "max_grade": if self.is_exam() { 10.0 } else { 12.0 }, "grading": grading,
            "fixed_max_rubric_points": null, "group_set": null, "auto_test_id": null,
            "files_upload_enabled": true, "editor_upload_enabled": false, "send_login_links": false,
            "max_submissions": if self.is_exam() { json!(1) } else { Value::Null },
            "cool_off_period": 90.0, "amount_in_cool_off_period": 1, "submission_mode": "full",
            "anonymized_grading": null, "peer_feedback_settings": null, "cgignore": null, "cgignore_version": null,
            "file_to_load_first": null, "lms_name": null, "reminder_time": null, "done_type": null,
            "done_email": null, "division_parent_id": null, "webhook_configuration": {"tag": "disabled"},
        });
        extended(self.to_json(start), more)
    }

    /// Two rows; the second is continuous.
    pub(super) fn rubric(&self) -> Vec<Value> {
        let row = |number: i64, header: &str, kind: &str, points: &[f64]| {
            let item = |(index, points): (i64, &f64)| {
                json!({
                    "id": self.id * 100 + number * 10 + index, "header": format!("{points} points"),
                    "description": "", "points": points,
                })
            };
            json!({
                "id": self.id * 10 + number, "header": header, "description": null,
                "description_type": "plain_text", "type": kind, "locked": false,
                "items": (1..).zip(points).map(item).collect::<Vec<_>>(),
            })
        };
        vec![row(1, "Correctness", "normal", &[0.0, 40.0, 80.0]), row(2, "Style", "continuous", &[20.0])]
    }
}

impl Submission {
    /// Graded where the grades of the assignment are published.
    fn is_graded(&self) -> bool {
        !self.assignment.is_exam() && self.is_latest
    }

    pub(super) fn to_json(&self, start: Timestamp, user: &User) -> Value {
        let created_at = self.assignment.deadline(start).map(|deadline| iso(days(deadline, self.number - 4)));
        let submitter = if self.assignment.is_exam() { users::group(user, start) } else { user.to_part() };
        json!({
            "id": self.id, "assignment_id": self.assignment.id, "user": submitter, "created_at": created_at,
            "origin": "uploaded_files", "grade": self.is_graded().then_some(8.5), "grade_overridden": false,
            "manual_grading_status": {"tag": if self.is_graded() { "finished" } else { "unknown" }},
            "assignee": self.is_graded().then(users::teacher),
            "timeframe": self.assignment.timeframe(start), "extra_info": null,
        })
    }

    pub(super) fn to_detail(&self, start: Timestamp, user: &User) -> Value {
        extended(self.to_json(start, user), json!({"is_latest": self.is_latest}))
    }

    pub(super) fn rubric_result(&self) -> Vec<Value> {
        if !self.is_graded() {
            return Vec::new();
        }
        let item = |row: i64, index: i64| self.assignment.id * 100 + row * 10 + index;
        vec![
            json!({"item_id": item(1, 3), "multiplier": 1.0, "achieved_points": 80.0}),
            json!({"item_id": item(2, 1), "multiplier": 0.25, "achieved_points": 5.0}),
        ]
    }

    pub(super) fn feedback(&self, start: Timestamp) -> Value {
        let (general, comments, authors) = if self.is_graded() {
            ("Well done.", vec![self.comment(start)], vec![users::teacher()])
        } else {
            ("", Vec::new(), Vec::new())
        };
        json!({
            "type": "feedback-with-replies", "general": general, "general_comment": null, "user": comments,
            "authors": authors, "linter": {},
        })
    }

    fn comment(&self, start: Timestamp) -> Value {
        let id = self.id * 10;
        let reply = json!({
            "id": id + 1, "in_reply_to_id": null, "last_edit": null, "created_at": iso(days(start, -1)),
            "reply_type": "plain_text", "comment_type": "normal", "approved": true, "comment_base_id": id,
            "comment": "What if the list is empty?", "author_id": users::TEACHER, "deleted": false,
            "author": users::teacher(),
        });
        json!({
            "id": id, "work_id": self.id, "type": "inline-feedback", "line": 4, "file_id": "501",
            "replies": [reply],
        })
    }
}

fn extended(mut object: Value, more: Value) -> Value {
    if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
    object
}

fn days(time: Timestamp, days: i64) -> Timestamp {
    time.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(time)
}

/// As the server writes times: microseconds, and an offset.
pub(super) fn iso(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string()
}
