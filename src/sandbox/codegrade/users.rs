//! Who can log in.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::campus::iso;
use crate::sandbox::http::Response;

/// An email address with one user, who is a member of courses.
pub const ONE_USER: &str = "robin@example.com";

/// An email address with one user, who has an isolated session when the sandbox starts.
pub const ISOLATED_USER: &str = "exam@example.com";

/// An email address with 45 users in three tenants; every seventh cannot log in with a code.
pub const MANY_USERS: &str = "many@example.com";

/// A user of the server.
#[derive(Clone, Debug)]
pub(super) struct User {
    pub(super) id: i64,
    username: String,
    name: Option<String>,
    is_test_student: bool,
    pub(super) tenant: &'static Tenant,
    pub(super) can_login: bool,
}

#[derive(Debug)]
pub(super) struct Tenant {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    abbreviated_name: Option<&'static str>,
    sso_provider_id: Option<&'static str>,
    pub(super) order_category: i64,
}

static SCHOOL: Tenant = Tenant {
    id: "3f0d5c1e-7d0a-4b0e-9d55-6a4f5c1b2e01",
    name: "Example School",
    abbreviated_name: Some("ES"),
    sso_provider_id: None,
    order_category: 10,
};
static UNIVERSITY: Tenant = Tenant {
    id: "3f0d5c1e-7d0a-4b0e-9d55-6a4f5c1b2e02",
    name: "Example University",
    abbreviated_name: None,
    sso_provider_id: Some("b1a7c0de-0000-4000-8000-000000000001"),
    order_category: 10,
};
static ACADEMY: Tenant = Tenant {
    id: "3f0d5c1e-7d0a-4b0e-9d55-6a4f5c1b2e03",
    name: "Académie d’exemple",
    abbreviated_name: None,
    sso_provider_id: None,
    order_category: -1,
};

/// The tenants of the server.
pub(super) static TENANTS: [&Tenant; 3] = [&SCHOOL, &UNIVERSITY, &ACADEMY];

/// The id of the user of [`ONE_USER`].
pub(super) const ROBIN: i64 = 7;

/// The id of the teacher.
pub(super) const TEACHER: i64 = 3;

/// A tenant, as a response.
pub(super) fn tenant(id: &str) -> Option<Response> {
    let tenant = TENANTS.into_iter().find(|tenant| tenant.id == id)?;
    let mut json = tenant.to_json();
    if let (Some(json), Value::Object(more)) = (
        json.as_object_mut(),
        json!({"price": null, "contract_start": "2020-09-01", "hubspot_company_id": null}),
    ) {
        json.extend(more);
    }
    Some(Response::json(200, &json))
}

/// The teacher of all courses, as part of another object.
pub(super) fn teacher() -> Value {
    User::new(TEACHER, "teacher", Some("Terry Teacher"), &SCHOOL).to_part()
}

/// The group that a user does exams in, as part of another object.
pub(super) fn group(user: &User, start: Timestamp) -> Value {
    json!({
        "type": "group-user", "id": 900 + user.id, "username": format!("group-of-{}", user.username),
        "tenant_id": user.tenant.id, "is_test_student": false,
        "group": {
            "id": 90, "name": "Group 1", "group_set_id": 4, "created_at": iso(start), "members": [user.to_part()],
        },
    })
}

/// The users of an email address, in the order of the list.
pub(super) fn of(email: &str) -> Vec<User> {
    match email {
        ONE_USER => vec![User::new(ROBIN, "robin", Some("Robin Example"), &SCHOOL)],
        ISOLATED_USER => vec![User::new(8, "exam", Some("Exam Taker"), &SCHOOL)],
        MANY_USERS => (1..=45).map(one_of_many).collect(),
        _ => Vec::new(),
    }
}

fn one_of_many(number: i64) -> User {
    let tenant = match number {
        // Alone in its tenant.
        45 => &ACADEMY,
        number if number % 2 == 0 => &UNIVERSITY,
        _ => &SCHOOL,
    };
    let name = (number % 10 != 0).then(|| format!("Many Example {number}"));
    User {
        is_test_student: number == 3,
        can_login: number % 7 != 0,
        ..User::new(100 + number, &format!("many-{number}"), name.as_deref(), tenant)
    }
}

impl User {
    fn new(id: i64, username: &str, name: Option<&str>, tenant: &'static Tenant) -> Self {
        let name = name.map(str::to_owned);
        Self { id, username: username.to_owned(), name, is_test_student: false, tenant, can_login: true }
    }

    pub(super) fn tenant_id(&self) -> &'static str {
        self.tenant.id
    }

    /// As part of another object.
    pub(super) fn to_part(&self) -> Value {
        self.with_base(json!({}))
    }

    /// As a list shows it.
    pub(super) fn to_list(&self) -> Value {
        // One user's tenant is gone.
        let tenant = (self.id != 120).then(|| self.tenant.to_json());
        self.with_base(json!({"tenant": tenant, "can_login": self.can_login}))
    }

    /// As its own session shows it.
    pub(super) fn to_session(&self, email: &str) -> Value {
        let permissions: Map<String, Value> =
            PERMISSIONS.iter().map(|name| ((*name).to_owned(), name.contains("_own_").into())).collect();
        let own = json!({
            "email": email, "email_verified": true, "hidden": false, "permissions": permissions,
        });
        self.with_base(own)
    }

    fn with_base(&self, mut user: Value) -> Value {
        let base = json!({
            "type": "normal", "id": self.id, "username": self.username, "name": self.name,
            "is_test_student": self.is_test_student, "tenant_id": self.tenant.id,
        });
        if let (Some(user), Value::Object(base)) = (user.as_object_mut(), base) {
            user.extend(base);
        }
        user
    }
}

impl Tenant {
    pub(super) fn to_json(&self) -> Value {
        json!({
            "id": self.id, "name": self.name, "sso_provider_id": self.sso_provider_id,
            "abbreviated_name": self.abbreviated_name, "order_category": self.order_category,
            "is_hidden": false, "netloc": "codegrade.example.com",
            "logo_default_url": "", "logo_dark_url": "",
        })
    }
}

/// The global permissions that the Python client, version 17.0.48, expects.
pub(super) const PERMISSIONS: [&str; 35] = [
    "can_add_users",
    "can_create_community_library_items",
    "can_create_courses",
    "can_create_courses_for_other_tenants",
    "can_create_tenant",
    "can_delete_community_library_items",
    "can_edit_coupons",
    "can_edit_own_info",
    "can_edit_own_password",
    "can_edit_pricing",
    "can_impersonate_users",
    "can_list_hidden_tenants",
    "can_login_outside_lti",
    "can_login_outside_sso",
    "can_login_outside_system",
    "can_manage_background_jobs",
    "can_manage_lti_providers",
    "can_manage_pearson_templates",
    "can_manage_quarantined_registrations",
    "can_manage_site_settings",
    "can_manage_site_users",
    "can_manage_sso_providers",
    "can_search_users",
    "can_search_users_other_tenant",
    "can_see_all_transactions",
    "can_see_coupons",
    "can_see_other_tenant_oauth_providers",
    "can_see_other_tenant_statistics",
    "can_see_teacher_announcements",
    "can_skip_payment",
    "can_use_snippets",
    "can_view_all_community_library_items",
    "can_view_community_library_items",
    "can_view_not_started_autotest_results",
    "is_admin",
];
