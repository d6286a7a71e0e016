"""The day on which an application came: it ranks a case and starts its clocks, and is no moment of the register."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from comity.errors import ComityError, Problem

#: A paper that came longer ago was not overlooked: it is filed anew [days].
LONGEST_AGO_DAYS = 366


def days_of_receipt(entered_on: date, begins: date | None) -> tuple[date, date]:
    """Return the first and the last day on which what is entered on a day may have come.

    Parameters
    ----------
    begins : first day of the rules that it falls under; ``None``: not known
    """
    return max(entered_on - timedelta(days=LONGEST_AGO_DAYS), begins or date.min), entered_on


def moment_of_receipt(came: date | None, at: datetime, begins: date | None) -> datetime:
    """Return ``at``, or noon (UTC) of the day before it on which a paper came.

    Raises
    ------
    ComityError
        If the paper cannot have come on that day.
    """
    if came is None or came == at.date():
        return at
    first, last = days_of_receipt(at.date(), begins)
    if not first <= came <= last:
        raise ComityError(
            "it was not received on such a day",
            [Problem("--received", str(came), f"a day from {first} up to {last}")],
        )
    return datetime.combine(came, time(12), UTC)
