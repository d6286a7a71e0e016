"""What every verb of the office needs: Django started, the desks open, who sits there, in which words."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from comity.rules.text import Language

By = Annotated[str, typer.Option("--by", help="officer who acts, recorded; else the name of this account")]
Spoken = Annotated[str, typer.Option("--language", help="en or zh-Hant")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]


def start_office() -> None:
    """Start Django with the office's settings and open every desk."""
    from comity.errors import MissingError

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.office.settings")
    try:
        import django
    except ImportError:
        raise MissingError("the office needs Django: pip install 'comity[office]'") from None
    django.setup()
    from comity.office.programmes import open_desks

    open_desks()


def now() -> datetime:
    """Return the present moment: the only place where a case's verbs read the clock."""
    from datetime import UTC, datetime

    return datetime.now(UTC)


@contextmanager
def refusals_in(language: Language) -> Iterator[None]:
    """Say a refused step in the language that was asked for."""
    from comity.casework.machine import StepRefused
    from comity.errors import ComityError

    try:
        yield
    except StepRefused as refused:
        if language == "en":
            raise
        accepted = "、".join(refused.accepted) or "無"
        raise ComityError(
            f"{refused.reason.zh}\n    {refused.heading.zh}：{accepted}", exit_code=refused.exit_code
        ) from None


def officer(name: str) -> str:
    """Return the id of the officer, or that of the account."""
    from comity.casework.people import known_as
    from comity.office.cases.services.enter import account

    return known_as(name or account(), "--by")


def said(text: Mapping[str, str], language: Language) -> str:
    """Return one language of a text that was made for JSON."""
    return text[language]


def print_json(document: Any) -> None:
    """Print a document for a program to read."""
    import json

    print(json.dumps(document, ensure_ascii=False, indent=2))
