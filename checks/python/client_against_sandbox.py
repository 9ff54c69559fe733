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


def sandbox_accounts() -> dict[str, dict[str, str]]:
    """The accounts that the sandbox knows from the start, by the names of their constants."""
    source = ACCOUNTS.read_text(encoding="utf-8")
    constants = re.findall(r"const (\w+): Account = Account \{(.*?)\};", source, re.DOTALL)
    return {name: dict(re.findall(r'(\w+): "([^"]*)"', body)) for name, body in constants}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="where the sandbox listens, such as http://127.0.0.1:8080")
    parser.add_argument("--part-a", action="store_true", help="sign-in, classes and newer bookings only")
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="otf-api-check-", ignore_cleanup_errors=True) as folder:
        traffic = redirect(arguments.url, Path(folder), time_zone="America/Chicago")
        report = Report(logger="otf_api")

        # Only now may the client be imported.
        import client_checks

        client_checks.run(report, traffic, sandbox_accounts(), arguments.part_a)
        return report.finish()


if __name__ == "__main__":
    sys.exit(main())
