"""What the tests of the office's verbs share beside their fixtures."""

from __future__ import annotations

LETTER = ("--reason", "letter of 2 March")


def step(comity, number: str, action: str, *more, by: str = "lin"):
    return comity("case", "step", number, action, "--by", by, *more, "--json")


def state(number: str) -> str:
    from comity.office.cases.models import Case

    return Case.objects.get(number=number).state


def contents() -> list[tuple[str, object]]:
    """Return every row of the office but the versions of cells, which a look may create."""
    from django.apps import apps

    models = [m for label in ("cases", "ledger") for m in apps.get_app_config(label).get_models()]
    return [(m.__name__, list(m.objects.order_by("pk").values())) for m in models]
