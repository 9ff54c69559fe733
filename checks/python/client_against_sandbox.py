"""Runs the Python client otf-api against the sandbox: client_against_sandbox.py URL [--part-a]

Signs in as the sandbox's accounts and calls every public method of the client. That its models take every
payload, with nothing dropped on the way, keeps the sandbox honest.
"""

import argparse
import re
import sys
import tempfile
from pathlib import Path

from redirect import redirect
from report import Report

ACCOUNTS = Path(__file__).resolve().parents[2] / "src" / "sandbox" / "accounts.rs"


def sandbox_account(name: str) -> dict[str, str]:
    """One of the accounts that the sandbox knows from the start."""
    source = ACCOUNTS.read_text(encoding="utf-8")
    body = re.search(rf"const {name}: Account = Account \{{(.*?)\}};", source, re.DOTALL)
    if not body:
        raise SystemExit(f"{ACCOUNTS} has no account {name}")
    return dict(re.findall(r'(\w+): "([^"]*)"', body[1]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="where the sandbox listens, such as http://127.0.0.1:8080")
    parser.add_argument("--part-a", action="store_true", help="sign-in, classes and bookings only")
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="otf-api-check-", ignore_cleanup_errors=True) as folder:
        traffic = redirect(arguments.url, Path(folder), time_zone="America/Chicago")
        report = Report(logger="otf_api")

        # Only now may the client be imported.
        import booking_checks
        import session_checks
        from context import Context, watch

        called, public = watch()
        context = Context(report, traffic, sandbox_account("PAT"))
        session_checks.run(context)
        booking_checks.newer(context)
        if not arguments.part_a:
            import older_booking_checks
            import member_checks
            import workout_checks

            older_booking_checks.run(context)
            member_checks.run(context)
            workout_checks.run(context)
            for name in ("NOA", "NEW"):
                reader = Context(report, traffic, sandbox_account(name), signed_in=True)
                member_checks.read_all(reader, name)

            def all_called() -> str:
                missing = sorted(public - called)
                if missing:
                    raise AssertionError(f"never called: {', '.join(missing)}")
                return f"{len(public)} methods"

            report.check("every public method was called", all_called)
        context.close()
        return report.finish()


if __name__ == "__main__":
    sys.exit(main())
