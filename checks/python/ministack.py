"""Signs in to ministack, a Cognito emulator that verifies SRP: ministack.py -- COMMAND...

Starts ministack on a free loopback port with a user pool, a client and a user, and runs the command twice, with
OTF_CHECK_URL, OTF_CHECK_POOL_ID, OTF_CHECK_CLIENT_ID, OTF_EMAIL and OTF_PASSWORD in its environment: once with the
right password (it must exit with 0) and once with a wrong one (it must exit with 3: refused).
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from report import Report, same

EMAIL = "pat@example.com"
PASSWORD = "Pāua-Kūmara-7 ✓"
REFUSED = 3
START_SECONDS = 60
COMMAND_SECONDS = 120


def main() -> int:
    if len(sys.argv) < 3 or sys.argv[1] != "--":
        raise SystemExit(__doc__)
    command = sys.argv[2:]
    # So that the emulator is stopped too where this is.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    report = Report()
    with tempfile.TemporaryDirectory(prefix="otf-api-check-", ignore_cleanup_errors=True) as folder:
        with running(Path(folder)) as url:
            pool_id, client_id = pool_with_user(url)

            def status(password: str) -> int:
                environment = os.environ | {
                    "OTF_CHECK_URL": url,
                    "OTF_CHECK_POOL_ID": pool_id,
                    "OTF_CHECK_CLIENT_ID": client_id,
                    "OTF_EMAIL": EMAIL,
                    "OTF_PASSWORD": password,
                }
                done = subprocess.run(
                    command, env=environment, stdin=subprocess.DEVNULL, timeout=COMMAND_SECONDS, check=False
                )
                return done.returncode

            report.check("the right password signs in", lambda: same("exit status", status(PASSWORD), 0))
            wrong = PASSWORD.replace("7", "8")
            report.check("a wrong password is refused", lambda: same("exit status", status(wrong), REFUSED))
    return report.finish()


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """ministack, listening at the address given, all its files in the folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "SERVICES": "cognito-idp,cognito-identity",
        # It would open ports for these, and remove containers that it takes for its own.
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "DOCKER_HOST": f"unix://{folder}/none",
    }
    log = folder / "ministack.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "ministack"], cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/_ministack/health", process, log)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(url: str, process: subprocess.Popen, log: Path) -> None:
    """Waits until ministack answers."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            DIRECT.open(url, timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"ministack did not start:\n{log.read_text(errors='replace')}")


def pool_with_user(url: str) -> tuple[str, str]:
    """Makes a pool, a client and a user; the ids of the first two (ministack chooses them)."""
    pool_id = call(url, "CreateUserPool", PoolName="check", UsernameAttributes=["email"])["UserPool"]["Id"]
    flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    client = call(url, "CreateUserPoolClient", UserPoolId=pool_id, ClientName="check", ExplicitAuthFlows=flows)
    attributes = [{"Name": "email", "Value": EMAIL}, {"Name": "email_verified", "Value": "true"}]
    user = {"UserPoolId": pool_id, "Username": EMAIL}
    call(url, "AdminCreateUser", **user, MessageAction="SUPPRESS", UserAttributes=attributes)
    call(url, "AdminSetUserPassword", **user, Password=PASSWORD, Permanent=True)
    return pool_id, client["UserPoolClient"]["ClientId"]


# Whatever proxy is set, this stays on the machine.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def call(url: str, operation: str, **parameters: object) -> dict:
    """One call to the user pools; ministack wants no signature."""
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
    }
    request = urllib.request.Request(f"{url}/", json.dumps(parameters).encode(), headers)
    try:
        with DIRECT.open(request, timeout=30) as answer:
            return json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as error:
        raise SystemExit(f"ministack refused {operation}: {error.read().decode(errors='replace')}") from error


if __name__ == "__main__":
    sys.exit(main())
