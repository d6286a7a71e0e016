"""What the applications of every programme have in common."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Record(BaseModel):
    """The base of every part of an application.

    Frozen; unknown fields, infinities and NaN are errors; text is stripped and bounded.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        str_strip_whitespace=True,
        str_max_length=20_000,
    )


class Application(Record):
    """An application: the fields that casework itself reads.

    A programme's schema derives from this class and adds its own fields. ``reference`` names the case,
    ``regime`` the rule pack it is decided under; ``example`` marks invented parties.
    """

    programme: str
    reference: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$",
            description="letters, digits and ._/-, 64 at most",
        ),
    ]
    example: bool = False
    regime: Annotated[
        str,
        Field(pattern=r"^[a-z][a-z0-9-]{1,31}$", description="id of a rule pack, see `comity rules list`"),
    ]
    received_on: Annotated[date, Field(description="day of receipt, as 2026-03-02")]
