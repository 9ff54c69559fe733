"""One line per check, and a last one with the sums."""

import logging
from collections.abc import Callable


# The client guesses the length of such a class, and says so each time.
HARMLESS = ("does not have defined length",)


class Report:
    """Runs checks one after the other and keeps count.

    A check is a function that raises where something is wrong and may return a few words for its line.
    A warning of the client is a failure too (that is how it says that it dropped something), unless the
    check expects it.
    """

    def __init__(self, logger: str | None = None):
        self.passed = 0
        self.failed = 0
        self._logged: list[str] = []
        if logger:
            # With a handler in place the client installs none of its own.
            logging.getLogger(logger).addHandler(_Collector(self._logged))

    def check(self, name: str, action: Callable[[], object], expected_warnings: tuple[str, ...] = ()) -> None:
        self._logged.clear()
        try:
            words = action()
            expected = (*HARMLESS, *expected_warnings)
            unexpected = [line for line in self._logged if not any(text in line for text in expected)]
            if unexpected:
                raise AssertionError("; ".join(["logged: " + unexpected[0], f"{len(unexpected)} in all"]))
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is the result of the check
            self.failed += 1
            print(f"FAIL  {name}: {type(error).__name__}: {_one_line(str(error))}", flush=True)
        else:
            self.passed += 1
            print(f"ok    {name}" + (f": {words}" if words else ""), flush=True)

    def finish(self) -> int:
        """Prints the sums; the exit status."""
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed or not self.passed else 0


class _Collector(logging.Handler):
    def __init__(self, lines: list[str]):
        super().__init__(logging.WARNING)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(f"{record.levelname}: {record.getMessage()}")


def _one_line(text: str, limit: int = 600) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[:limit] + " …"


def raises(kind: type[BaseException] | tuple[type[BaseException], ...], action: Callable[[], object]) -> str:
    """Checks that `action` fails, and with this kind of error, or one of these."""
    try:
        result = action()
    except kind as error:
        return _one_line(str(error), 100)
    raise AssertionError(f"expected {kind}, got {result!r}")


def same(what: str, got: object, wanted: object) -> None:
    """Checks that two values are equal."""
    if got != wanted:
        raise AssertionError(f"{what}: got {got!r}, wanted {wanted!r}")
