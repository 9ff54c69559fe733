//! What a user who is logged in can ask for.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::CodeGrade;
use super::campus::{self, Assignment, Course, Submission};
use super::pages::PageSizes;
use super::refusal::{Refusal, forbidden, missing, not_found};
use super::tokens::Token;
use super::users::{self, PERMISSIONS};
use crate::sandbox::http::{Request, Response};

impl CodeGrade {
    /// The tenants, for which no login is needed.
    pub(super) fn tenants(&mut self, request: &Request) -> Result<Response, Refusal> {
        let search = request.query("q").unwrap_or_default().to_lowercase();
        let mut tenants = users::TENANTS.to_vec();
        tenants.retain(|tenant| tenant.name.to_lowercase().contains(&search));
        tenants.sort_by_key(|tenant| (-tenant.order_category, tenant.name));
        let tenants = tenants.into_iter().map(users::Tenant::to_json).collect();
        self.page(tenants, request, PageSizes::TENANTS)
    }

    /// A GET with a token; `None` if there is no such route.
    pub(super) fn signed_in(
        &mut self,
        segments: &[&str],
        request: &Request,
        now: Timestamp,
    ) -> Option<Result<Response, Refusal>> {
        let route = Route::of(segments)?;
        Some(self.caller(request, now).and_then(|caller| self.show(route, &caller, request)))
    }

    fn show(&mut self, route: Route, caller: &Token, request: &Request) -> Result<Response, Refusal> {
        let (start, user) = (self.start, &caller.user);
        let one = |value: Value| Ok(Response::json(200, &value));
        let sizes = PageSizes::MOST_LISTS;
        match route {
            Route::CurrentUser => one(user.to_session(&caller.email)),
            Route::Permissions => one(permissions()),
            Route::Courses => {
                let is_seen = |course: &&Course| caller.course().is_none_or(|id| id == course.id);
                let courses = campus::courses(user).into_iter().filter(is_seen);
                let courses = courses.map(|course| course.to_json(start, user.tenant)).collect();
                self.page(courses, request, sizes)
            }
            Route::Course(id) => one(caller.see_course(id)?.to_detail(start, user.tenant)),
            Route::Assignments(id) => {
                let assignments = caller.see_course(id)?.assignments();
                self.page(assignments.iter().map(|one| one.to_json(start)).collect(), request, sizes)
            }
            Route::Assignment(id) => one(caller.see_assignment(id)?.to_detail(start)),
            Route::Rubric(id) => {
                let rubric = caller.see_assignment(id)?.rubric();
                self.page(rubric, request, PageSizes::RUBRICS)
            }
            Route::OwnSubmissions { assignment, user: id } => {
                let submissions = caller.own(id)?.see_assignment(assignment)?.submissions();
                let submissions = submissions.iter().map(|one| one.to_json(start, user)).collect();
                self.page(submissions, request, sizes)
            }
            Route::OwnSubmissionsInCourse { course, user: id } => {
                let assignments = caller.own(id)?.see_course(course)?.assignments();
                let submissions = assignments.iter().flat_map(Assignment::submissions);
                let submissions = submissions.map(|one| one.to_json(start, user)).collect();
                self.page(submissions, request, sizes)
            }
            Route::Submission(id) => one(caller.see_submission(id)?.to_detail(start, user)),
            Route::RubricResult(id) => {
                let result = caller.see_submission(id)?.rubric_result();
                self.page(result, request, sizes)
            }
            Route::Feedback(id) => {
                if request.query("with_replies") != Some("true") {
                    return Err(missing("with_replies=true"));
                }
                one(caller.see_submission(id)?.feedback(start))
            }
        }
    }
}

impl Token {
    fn own(&self, user: i64) -> Result<&Self, Refusal> {
        if user == self.user.id { Ok(self) } else { Err(forbidden("can_see_others_work")) }
    }

    fn see_course(&self, id: i64) -> Result<&'static Course, Refusal> {
        let course = campus::course(&self.user, id).ok_or_else(not_found)?;
        self.check(course)?;
        Ok(course)
    }

    fn see_assignment(&self, id: i64) -> Result<Assignment, Refusal> {
        let assignment = campus::assignment(&self.user, id).ok_or_else(not_found)?;
        self.check(assignment.course)?;
        Ok(assignment)
    }

    fn see_submission(&self, id: i64) -> Result<Submission, Refusal> {
        let submission = campus::submission(&self.user, id).ok_or_else(not_found)?;
        self.check(submission.assignment.course)?;
        Ok(submission)
    }

    /// Whether the token's restrictions allow this course.
    fn check(&self, course: &Course) -> Result<(), Refusal> {
        if self.course().is_some_and(|id| id != course.id) || self.lacks("can_see_assignments") {
            return Err(forbidden("can_see_assignments"));
        }
        Ok(())
    }
}

enum Route {
    CurrentUser,
    Permissions,
    Courses,
    Course(i64),
    Assignments(i64),
    Assignment(i64),
    Rubric(i64),
    OwnSubmissions { assignment: i64, user: i64 },
    OwnSubmissionsInCourse { course: i64, user: i64 },
    Submission(i64),
    RubricResult(i64),
    Feedback(i64),
}

impl Route {
    /// By the segments after `/api/v1`.
    fn of(segments: &[&str]) -> Option<Self> {
        let id = |text: &str| text.parse().ok();
        Some(match segments {
            ["login"] => Self::CurrentUser,
            ["permissions", ""] => Self::Permissions,
            ["courses", ""] => Self::Courses,
            ["courses", course] => Self::Course(id(course)?),
            ["courses", course, "assignments", ""] => Self::Assignments(id(course)?),
            ["courses", course, "users", user, "submissions", ""] => {
                Self::OwnSubmissionsInCourse { course: id(course)?, user: id(user)? }
            }
            ["assignments", assignment] => Self::Assignment(id(assignment)?),
            ["assignments", assignment, "rubrics", ""] => Self::Rubric(id(assignment)?),
            ["assignments", assignment, "users", user, "submissions", ""] => {
                Self::OwnSubmissions { assignment: id(assignment)?, user: id(user)? }
            }
            ["submissions", submission] => Self::Submission(id(submission)?),
            ["submissions", submission, "rubricitems", ""] => Self::RubricResult(id(submission)?),
            ["submissions", submission, "feedbacks", ""] => Self::Feedback(id(submission)?),
            _ => return None,
        })
    }
}

fn permissions() -> Value {
    let permissions: Map<String, Value> =
        PERMISSIONS.iter().map(|name| ((*name).to_owned(), json!(name.contains("_own_")))).collect();
    Value::Object(permissions)
}
