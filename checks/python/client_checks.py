"""All the checks of the Python client, in order. Import it only once `redirect` has run."""

import booking_checks
import member_checks
import older_booking_checks
import session_checks
import workout_checks
from context import Context, watch
from redirect import Traffic
from report import Report, same


def run(report: Report, traffic: Traffic, accounts: dict[str, dict[str, str]], part_a: bool) -> None:
    called, public = watch()
    context = Context(report, traffic, accounts["PAT"])
    session_checks.run(context)
    if not context.signed_in:
        return
    booking_checks.newer(context)
    if part_a:
        return
    older_booking_checks.run(context)
    member_checks.run(context)
    workout_checks.run(context)
    context.close()
    for name in ("NOA", "NEW"):
        other = Context(report, traffic, accounts[name], prefix=f"{name}: ")
        other.check("sign in", other.sign_in)
        if other.signed_in:
            member_checks.read_all(other)
            other.close()
    report.check("every public method was called", lambda: same("left out", sorted(public - called), []))
