"""Runs a scenario with the Python client otf-api: scenario.py URL SCENARIO

Its sign-in, its requests and its retries are the client's own; only what each response must be comes from the file.
"""

import json
import re
import sys
import tempfile
from pathlib import Path

from client_against_sandbox import sandbox_accounts
from redirect import redirect
from report import Report, same


def pointed(document: object, pointer: str) -> object:
    """The value at a JSON pointer (RFC 6901); None if there is none."""
    for part in pointer.split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        try:
            document = document[int(part)] if isinstance(document, list) else document[part]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return document


def selected(document: object, selection: object) -> object:
    """A value by its pointer, or of an item of a list that is chosen by its fields."""
    if isinstance(selection, str):
        return pointed(document, selection)
    wanted = selection["where"].items()
    items = [item for item in pointed(document, selection["list"]) if all(item.get(key) == value for key, value in wanted)]
    return pointed(items[selection["index"]], selection["value"])


class Runner:
    def __init__(self, client, traffic):
        self.client = client
        self.traffic = traffic
        self.saved = {"member": client.member_uuid}

    def fill(self, value):
        """Replaces `{name}` by saved values."""
        if isinstance(value, dict):
            return {key: self.fill(item) for key, item in value.items()}
        if isinstance(value, str):
            return re.sub(r"\{(\w+)\}", lambda name: str(self.saved[name[1]]), value)
        return value

    def step(self, step: dict) -> str:
        self.traffic.clear()
        body = {"json": self.fill(step["body"])} if "body" in step else {}
        try:
            self.client.do(
                step["method"], step["host"], self.fill(step["path"]), self.fill(step.get("query", {})), **body
            )
        except Exception as error:  # noqa: BLE001 - its status is compared below
            if not self.traffic.exchanges:
                raise error
        response = self.traffic.exchanges[-1]
        same("the status", response.status, step["status"])
        document = response.json if response.text else None
        for pointer, expected in step.get("expect", {}).items():
            same(pointer, pointed(document, pointer), self.fill(expected))
        for name, selection in step.get("save", {}).items():
            self.saved[name] = selected(document, selection)
        return f"{response.status}"


def main() -> int:
    url, path = sys.argv[1:]
    scenario = json.loads(Path(path).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="otf-api-check-", ignore_cleanup_errors=True) as folder:
        traffic = redirect(url, Path(folder), time_zone="America/Chicago")
        report = Report(logger="otf_api")

        # Only now may the client be imported.
        from otf_api import OtfUser
        from otf_api.api.client import OtfClient

        accounts = sandbox_accounts().values()
        account = next(account for account in accounts if account["email"] == scenario["account"])
        client = OtfClient(OtfUser(account["email"], account["password"]))
        runner = Runner(client, traffic)
        for step in scenario["steps"]:
            # The client logs each refusal, which some steps are about.
            report.check(step["name"], lambda step=step: runner.step(step), expected_warnings=("",))
        client.close()
        return report.finish()


if __name__ == "__main__":
    sys.exit(main())
