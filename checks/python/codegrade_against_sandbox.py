"""Runs the Python client codegrade against the sandbox: codegrade_against_sandbox.py URL

Logs in with emailed codes, which the sandbox shows on its standard output (file descriptor 3 here), and makes the
calls that follow. That the client's strict models accept every response keeps the sandbox honest.

The client insists on https, so its transport is redirected: nothing else of it is replaced.
"""

import hashlib
import itertools
import os
import sys
from urllib.parse import urlsplit, urlunsplit

import httpx

from report import Report, raises, same

HOST = "https://codegrade.example.com"
ONE_USER = "robin@example.com"
MANY_USERS = "many@example.com"


def redirect(base_url: str) -> None:
    """Leads the requests of the client to the sandbox."""
    send = httpx.HTTPTransport.handle_request
    base = urlsplit(base_url)

    def handle_request(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        target = urlsplit(str(request.url))
        if f"{target.scheme}://{target.netloc}" != HOST:
            raise RuntimeError(f"the client wanted to reach {request.url}")
        moved = urlunsplit((base.scheme, base.netloc, target.path, target.query, ""))
        return send(
            self,
            httpx.Request(
                request.method,
                moved,
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions,
            ),
        )

    httpx.HTTPTransport.handle_request = handle_request


class Emails:
    """The codes that the sandbox emails, as it prints them."""

    def __init__(self) -> None:
        self._lines = os.fdopen(3)

    def code(self, email: str) -> str:
        """The next code for this address."""
        for line in self._lines:
            if line.startswith(f"emailed code for {email}: "):
                return line.split(": ")[1].strip()
        raise AssertionError("the sandbox ended")


def solve(nonce: str, difficulty: int) -> str:
    for counter in itertools.count():
        digest = hashlib.sha256(f"{nonce}:{counter}".encode()).digest()
        if int.from_bytes(digest, "big") >> (256 - difficulty) == 0:
            return str(counter)
    raise AssertionError


class Checks:
    """The checks, which need one another in this order."""

    def __init__(self, report: Report, emails: Emails):
        self.report = report
        self.emails = emails
        self.client = None

    def run(self) -> None:
        for check in (
            self.tenants,
            self.log_in,
            self.select,
            self.user,
            self.courses,
            self.assignments,
            self.submissions,
            self.rubric_and_feedback,
            self.errors,
            self.restrict,
            self.revoke,
        ):
            self.report.check(check.__name__.replace("_", " "), check)

    def tenants(self) -> str:
        with codegrade.client.Client(HOST) as client:
            tenants = list(client.tenant.get_all(q="", page_size=2))
            same("the tenant", client.tenant.get(tenant_id=tenants[0].id).name, tenants[0].name)
        return f"{len(tenants)} tenants"

    def create(self, client, email: str) -> tuple[str, str]:
        from codegrade.models import CreateOTPLoginData, PowSolution

        challenge = client.pow.get()
        solution = solve(challenge.nonce, challenge.difficulty)
        created = client.otp_login.create(CreateOTPLoginData(email, PowSolution(challenge.nonce, solution)))
        return created.id, self.emails.code(email)

    def log_in(self) -> str:
        from codegrade.models import ConfirmOTPLoginData

        with codegrade.client.Client(HOST) as client:
            otp_id, code = self.create(client, ONE_USER)
            login = client.otp_login.confirm(
                ConfirmOTPLoginData(code=code, confirm_session_termination=False), otp_id=otp_id
            )
        same("the user", login.user.email, ONE_USER)
        self.client = codegrade.client.AuthenticatedClient(HOST, login.access_token)
        return f"until {login.expires_at}"

    def select(self) -> str:
        from codegrade.models import ConfirmOTPLoginData, SelectOTPLoginData

        with codegrade.client.Client(HOST) as client:
            otp_id, code = self.create(client, MANY_USERS)
            client.otp_login.confirm(
                ConfirmOTPLoginData(code=code, confirm_session_termination=False), otp_id=otp_id
            )
            users = list(client.otp_login.list(otp_id=otp_id, cg_otp_login_code=code))
            login = client.otp_login.select(
                SelectOTPLoginData(code=code, user_id=users[0].id, confirm_session_termination=False),
                otp_id=otp_id,
            )
        same("the user", login.user.id, users[0].id)
        return f"{len(users)} users"

    def user(self) -> str:
        return self.client.user.get().username

    def courses(self) -> str:
        courses = list(self.client.course.get_all())
        for course in courses:
            same("the course", self.client.course.get(course_id=course.id).name, course.name)
        return f"{len(courses)} courses"

    def assignments(self) -> str:
        count = 0
        for course in self.client.course.get_all():
            for assignment in self.client.course.get_assignments(course_id=course.id, page_size=7):
                count += 1
                same("the assignment", self.client.assignment.get(assignment_id=assignment.id).name, assignment.name)
        return f"{count} assignments"

    def submissions(self) -> str:
        user = self.client.user.get()
        count = 0
        for course in self.client.course.get_all():
            for submission in self.client.course.get_submissions_by_user(course_id=course.id, user_id=user.id):
                count += 1
                own = self.client.assignment.get_submissions_by_user(
                    assignment_id=submission.assignment_id, user_id=user.id
                )
                same("it is among those of its assignment", submission.id in {one.id for one in own}, True)
                self.client.submission.get(submission_id=submission.id)
        return f"{count} submissions"

    def rubric_and_feedback(self) -> str:
        user = self.client.user.get()
        course = next(iter(self.client.course.get_all()))
        points = []
        for submission in self.client.course.get_submissions_by_user(course_id=course.id, user_id=user.id):
            rubric = list(self.client.assignment.get_rubric(assignment_id=submission.assignment_id))
            same("rows of the rubric", len(rubric), 2)
            results = self.client.submission.get_all_rubric_results(submission_id=submission.id)
            points += [result.achieved_points for result in results]
            self.client.submission.get_feedback(submission_id=submission.id, with_replies=True)
        return f"{sum(points)} points"

    def errors(self) -> str:
        return raises(codegrade.models.BaseError, lambda: self.client.assignment.get(assignment_id=99))

    def restrict(self) -> str:
        course = next(iter(self.client.course.get_all()))
        old = codegrade.client.AuthenticatedClient(HOST, self.client.token)
        self.client.restrict(course_id=course.id, removed_permissions=["can_submit_own_work"])
        same("courses", len(list(self.client.course.get_all())), 1)
        return raises(codegrade.models.BaseError, old.user.get)

    def revoke(self) -> str:
        from codegrade.models import LogoutUserData

        self.client.user.logout(LogoutUserData(token=self.client.token))
        return raises(codegrade.models.BaseError, self.client.user.get)


if __name__ == "__main__":
    redirect(sys.argv[1])
    import codegrade
    import codegrade.client
    import codegrade.models

    report = Report()
    Checks(report, Emails()).run()
    sys.exit(report.finish())
