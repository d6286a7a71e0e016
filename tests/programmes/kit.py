"""The shipped spectrum examples, and short ways to change and read them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from comity.casework.changes import with_changes
from comity.casework.intake import read_application
from comity.programmes.spectrum.application import SpectrumApplication

EXAMPLES = Path(__file__).parents[2] / "examples"
DAY = date(2026, 3, 2)
NAMES = sorted(path.stem for path in EXAMPLES.glob("*-*.toml") if path.stem.startswith(("tw-", "uk-")))


def application_of(name: str) -> SpectrumApplication:
    return read_application(EXAMPLES / f"{name}.toml", SpectrumApplication)


def changed(name, **paths):
    """Return an example with other values; two underscores stand for the dot of a path."""
    document = application_of(name).model_dump(mode="json")
    return SpectrumApplication.model_validate(
        with_changes(document, {k.replace("__", "."): v for k, v in paths.items()})
    )


def finding(decision, rule):
    return next(f for f in decision.findings if f.rule == rule)
