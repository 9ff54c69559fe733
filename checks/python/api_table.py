"""Checks docs/PYTHON.md against both sides of it: api_table.py [--list]

Every public name of the Python client must be in the first column of a table there, as must every field of its models
that has another name here; every name in the second column must be in this crate's sources, and every method's Python
name must be a search alias there. With --list it only prints the names of the client.
"""

import enum
import importlib
import inspect
import os
import pkgutil
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from report import Report

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "PYTHON.md"
# Python and pydantic add these; nobody calls them.
MACHINERY = {"model_config", "model_fields", "model_computed_fields", "model_post_init"}
API_NAMES = {"bookings", "members", "studios", "trends", "workouts"}
VARIABLES = re.compile(r"\bOTF_[A-Z_]+\b")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="otf-api-check-", ignore_cleanup_errors=True) as folder:
        # The client opens its cache on import.
        os.environ |= {"HOME": folder, "XDG_CACHE_HOME": folder}
        names = set(client_names())
        fields = set(client_fields())
    if "--list" in sys.argv[1:]:
        print("\n".join(sorted(names)))
        return 0

    left, right = columns(TABLE.read_text(encoding="utf-8"))
    here = identifiers(ROOT / "src")
    in_models = identifiers(ROOT / "src" / "models")
    renamed = {field for field in fields if field.split(".")[1] not in in_models}
    report = Report()

    def none_but(what: str, wanted: set[str], there: set[str]) -> str:
        missing = sorted(wanted - there)
        if missing:
            raise AssertionError(f"{len(missing)} {what}: {', '.join(missing)}")
        return f"{len(wanted)} names"

    report.check("the client's names are in docs/PYTHON.md", lambda: none_but("not there", names, left))
    report.check("fields with other names are too", lambda: none_but("not there", renamed, left))
    report.check("docs/PYTHON.md names nothing else of it", lambda: none_but("unknown", left, names | fields))
    methods = {name.split(".")[1] for name in names if name.split(".")[0] in API_NAMES}
    report.check("its methods are search aliases", lambda: none_but("without", methods, aliases(ROOT / "src")))
    report.check("their counterparts are in src", lambda: none_but("not there", right, here))
    return report.finish()


def client_names() -> Iterator[str]:
    """Every public name, written as a program writes it."""
    import otf_api
    from otf_api import cache, exceptions, models

    yield from (name for name in otf_api.__all__ if name not in ("exceptions", "models"))
    yield from (f"exceptions.{name}" for name in exceptions.__all__)
    yield from (name for name, value in own(cache) if inspect.isfunction(value) or inspect.isclass(value))
    yield from (f"OtfCache.{name}" for name, _ in own(cache.OtfCache))
    yield from (f"Otf.{name}" for name, _ in own(otf_api.Otf))
    yield from (f"OtfUser.{name}" for name in otf_api.OtfUser.__annotations__)
    for attribute, api in otf_api.Otf.__annotations__.items():
        yield from (f"{attribute}.{name}" for name, _ in own(api))
    yield from (name for name in models.__all__ if not inspect.isclass(getattr(models, name)))
    for model in model_classes(models):
        yield model.__name__
        yield from (f"{model.__name__}.{name}" for name in members(model))
    for source in Path(otf_api.__path__[0]).rglob("*.py"):
        yield from VARIABLES.findall(source.read_text(encoding="utf-8"))


def client_fields() -> Iterator[str]:
    """Every field of the models."""
    from otf_api import models

    for model in model_classes(models):
        yield from (f"{model.__name__}.{name}" for name in getattr(model, "model_fields", {}))


def own(owner: object) -> list[tuple[str, object]]:
    """The public names that a class or module defines itself."""
    module = owner.__name__ if inspect.ismodule(owner) else None
    return [
        (name, value)
        for name, value in vars(owner).items()
        if not name.startswith("_") and (module is None or getattr(value, "__module__", None) == module)
    ]


def model_classes(package) -> Iterator[type]:
    """The models and enumerations, those that the package does not export included."""
    seen = set()
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        for _, value in own(importlib.import_module(module.name)):
            if inspect.isclass(value) and value not in seen:
                seen.add(value)
                yield value


def members(model: type) -> list[str]:
    """The methods and properties of a model; fields, validators and enumerated values are told by its row."""
    fields = getattr(model, "model_fields", {})
    kinds = (property, classmethod, staticmethod)
    return [
        name
        for name, value in own(model)
        if name not in MACHINERY
        and name not in fields
        and not (issubclass(model, enum.Enum) and isinstance(value, model))
        and (isinstance(value, kinds) or inspect.isfunction(value) or is_computed(value))
        and not is_validator(model, name)
    ]


def is_computed(value: object) -> bool:
    return isinstance(getattr(value, "wrapped", None), property)


def is_validator(model: type, name: str) -> bool:
    decorators = getattr(model, "__pydantic_decorators__", None)
    kinds = ("validators", "field_validators", "root_validators", "field_serializers", "model_validators")
    return decorators is not None and any(name in getattr(decorators, kind) for kind in kinds)


def columns(text: str) -> tuple[set[str], set[str]]:
    """The names of the client in the first columns, and those of this crate in the second ones."""
    left: set[str] = set()
    right: set[str] = set()
    for line in text.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)]
        if len(cells) < 4 or not line.startswith("| `"):
            continue
        left |= {code.split("(")[0] for code in re.findall(r"`([^`]+)`", cells[1])}
        for code in re.findall(r"`([^`]+)`", cells[2]):
            right |= set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", re.sub(r'"[^"]*"', "", code)))
    return left, right - {"otf", "otf_api", "Ok", "Err", "Some", "None", "mut", "let"}


def identifiers(folder: Path) -> set[str]:
    """The words of the sources there, comments apart."""
    return set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", re.sub(r"//.*", "", sources(folder))))


def aliases(folder: Path) -> set[str]:
    """The names that the sources give to items for searching."""
    return set(re.findall(r'alias = "(\w+)"', sources(folder)))


def sources(folder: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.rs"))


if __name__ == "__main__":
    sys.exit(main())
