"""One job of the Python client, with a line of figures on standard error: bench.py sign-in|classes|workouts URL FOLDER

The last two go by the tokens that a sign-in has left in the folder.
`bench.py parse FILE` reads a schedule into the client's models instead. `cargo run --bench session` starts it.
"""

import json
import resource
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from redirect import redirect


def classes(otf) -> int:
    listed = otf.bookings.get_classes()
    for otf_class in listed:
        print(otf_class)
    return len(listed)


def workouts(otf) -> int:
    start = datetime.now(UTC).date() - timedelta(days=320)
    return len(otf.workouts.get_workouts(start_date=start))


def on_the_wire(job: str, url: str, folder: str) -> tuple[float, int]:
    redirect(url, Path(folder), time_zone="America/Chicago")
    # Only now may the client be imported.
    from client_against_sandbox import sandbox_accounts
    from otf_api import Otf, OtfUser

    account = sandbox_accounts()["PAT"]
    started = time.perf_counter()
    otf = Otf(OtfUser(account["email"], account["password"]) if job == "sign-in" else OtfUser())
    if job == "workouts":
        started = time.perf_counter()
    count = workouts(otf) if job == "workouts" else classes(otf)
    return time.perf_counter() - started, count


def parse(file: str) -> tuple[float, int]:
    from otf_api.models import OtfClass, StudioDetail

    body = Path(file).read_bytes()
    times, made = [], []
    for _ in range(7):
        started = time.perf_counter()
        raw = json.loads(body)["items"]
        studios = {}
        for item in raw:
            # As the client does: the studio is another answer's.
            uuid = item["studio"]["id"]
            item["studio"] = studios.setdefault(uuid, StudioDetail.create_empty_model(uuid))
            item["is_home_studio"] = False
        made = [OtfClass.create(api=None, **item) for item in raw]
        times.append(time.perf_counter() - started)
    return statistics.median(times), len(made)


def main() -> None:
    job, *arguments = sys.argv[1:]
    wall, items = parse(*arguments) if job == "parse" else on_the_wire(job, *arguments)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    report = {
        "cpu": (usage.ru_utime + usage.ru_stime) * 1e3,
        "peak": usage.ru_maxrss * 1024 / 1e6,
        "wall": wall * 1e3,
        "items": items,
    }
    print(json.dumps(report), file=sys.stderr)


if __name__ == "__main__":
    main()
