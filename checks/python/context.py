"""What the checks share: the client, what it sent, and ways to look at what it returned."""

import inspect
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from otf_api import Otf, OtfUser
from otf_api.api.bookings import BookingApi
from otf_api.api.members import MemberApi
from otf_api.api.studios import StudioApi
from otf_api.api.trends import TrendApi
from otf_api.api.workouts import WorkoutApi
from otf_api.cache import get_cache
from otf_api.models import Booking, BookingV2, BookingV2Class, MemberDetail, OtfClass, StudioDetail, TimeStats, Workout
from otf_api.models.base import OtfItemBase

from redirect import Traffic
from report import Report, same

WATCHED = (
    *(Otf, BookingApi, MemberApi, StudioApi, WorkoutApi, TrendApi),
    *(Booking, BookingV2, BookingV2Class, OtfClass, MemberDetail, StudioDetail, TimeStats, Workout),
)


class Context:
    """A signed-in client of one account, and the report that its checks go to."""

    def __init__(self, report: Report, traffic: Traffic, account: dict[str, str], prefix: str = ""):
        self.traffic = traffic
        self.account = account
        self._report = report
        self._prefix = prefix
        self._otf: Otf | None = None

    @property
    def otf(self) -> Otf:
        if self._otf is None:
            raise AssertionError("not signed in")
        return self._otf

    @property
    def signed_in(self) -> bool:
        return self._otf is not None

    def sign_in(self) -> None:
        """Signs in with the password, and with nothing that another account left."""
        get_cache().clear()
        self.use(OtfUser(self.account["email"], self.account["password"]))

    def use(self, user: OtfUser) -> None:
        self.close()
        self._otf = Otf(user)

    def close(self) -> None:
        if self._otf is not None:
            self._otf.close()

    def check(self, name: str, action: Callable[[], object], expected_warnings: tuple[str, ...] = ()) -> None:
        """Runs a check with nothing of the answers kept from the one before."""
        for kept in ("member_detail", "studio_detail", "performance_summary", "telemetry"):
            get_cache().evict(tag=kept)
        self.traffic.clear()
        self._report.check(self._prefix + name, action, expected_warnings)

    def raw(self, path_end: str, *keys: str, method: str = "GET") -> Any:
        """What the service answered last to such a request, at these keys."""
        answer = self.traffic.answer(method, path_end)
        for key in keys:
            answer = answer[key]
        return answer


def watch() -> tuple[set[str], set[str]]:
    """The public methods called from now on, and all there are."""
    called: set[str] = set()
    public: set[str] = set()
    for owner in WATCHED:
        for name, function in list(vars(owner).items()):
            if name.startswith("_") or not inspect.isfunction(function):
                continue
            label = f"{owner.__name__}.{name}"
            public.add(label)
            setattr(owner, name, _noting(function, called, label))
    return called, public


def _noting(function: Callable, called: set[str], label: str) -> Callable:
    def noting(*args, **kwargs):
        called.add(label)
        return function(*args, **kwargs)

    return noting


def everything(models: OtfItemBase | Iterable[OtfItemBase]) -> list[OtfItemBase]:
    """Reads every property of some models, writes them out, and returns them as a list."""
    models = [models] if isinstance(models, OtfItemBase) else list(models)
    for model in models:
        str(model)
        model.model_dump_json()
        for name, member in inspect.getmembers(type(model)):
            if isinstance(member, property) and not name.startswith(("_", "model_")):
                getattr(model, name)
    return models


def as_many(what: str, models: Iterable[OtfItemBase], raw: list) -> str:
    """Checks that each raw item became a model; words for the line."""
    count = len(everything(models))
    same(f"number of {what}", count, len(raw))
    return f"{count} {what}"


def some(what: str, items: Iterable) -> list:
    """The items, of which there must be some."""
    items = list(items)
    if not items:
        raise AssertionError(f"no {what}")
    return items


def first(made: list) -> Any:
    """What an earlier check has made."""
    return some("booking that an earlier check made", made)[0]


def free_classes(context: Context) -> list[OtfClass]:
    """Classes that can be booked: from tomorrow on, with places, never booked before, not near a booking."""
    otf = context.otf
    soon = datetime.now() + timedelta(days=1)
    ever = otf.bookings.get_bookings_new(soon.date(), None, exclude_cancelled=False, remove_duplicates=False)
    known = {b.otf_class.class_id for b in ever}
    taken = [(b.starts_at, b.ends_at.replace(tzinfo=None)) for b in ever if not b.canceled]
    margin = timedelta(minutes=1)
    return some(
        "class that is free to book",
        (
            c
            for c in otf.bookings.get_classes()
            if c.starts_at > soon
            and c.has_availability
            and not c.is_booked
            and c.class_id not in known
            and all(c.ends_at + margin < start or c.starts_at - margin > end for start, end in taken)
        ),
    )
