"""Finding a case by its number."""

from __future__ import annotations

from comity.errors import MissingError
from comity.office.cases.models import Case


def find_case(number: str) -> Case:
    """Return the case.

    Raises
    ------
    MissingError
        If there is none.
    """
    case = Case.objects.filter(number=number).first()
    if case is None:
        raise MissingError(f"there is no case {number!r}")
    return case
