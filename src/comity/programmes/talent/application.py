"""The schema of a student's application."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from comity.casework.application import Application, Record

Identifier = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="letters, digits and ._-, 64 at most"),
]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166 code, as TW")]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$", description="small letters, digits, _")]
Cefr = Literal["A1", "A2", "B1", "B2", "C1", "C2"]

CEFR_LEVELS: tuple[Cefr, ...] = ("A1", "A2", "B1", "B2", "C1", "C2")


class Enrolment(Record):
    """Where and what the student studies; levels of the European Qualifications Framework, fields of ISCED-F 2013."""

    enrolled: bool | None = None
    institution: str = ""
    eqf_level: int | None = Field(
        default=None, ge=5, le=8, description="6 first degree, 7 master, 8 doctorate"
    )
    study_year: int | None = Field(default=None, ge=1, le=9)
    isced_f: Annotated[str, Field(pattern=r"^(\d{4})?$", description="four digits of ISCED-F 2013")] = ""


class Statement(Record):
    """What the student writes about herself; read by people and by suggestions, never by a check."""

    en: str = ""
    zh: str = ""


class Contact(Record):
    """Who she is; stays out of every decision and every export."""

    name: str = ""
    email: str = ""


class StudentApplication(Application):
    """One student's application with her list of places, best first.

    ``reference`` names the student in this call by a code that says nothing about her.
    """

    programme: Literal["talent"] = "talent"
    country: Country
    enrolment: Enrolment = Enrolment()
    skills: tuple[Code, ...] = ()
    languages: dict[str, Cefr] = Field(default_factory=dict)
    available_from: date | None = None
    available_to: date | None = None
    adult: bool | None = None
    needs_visa_support: bool | None = None
    documents: tuple[str, ...] = ()
    groups: tuple[Code, ...] = ()
    consent: bool | None = None
    choices: tuple[Identifier, ...] = ()
    statement: Statement = Statement()
    contact: Contact = Contact()

    @model_validator(mode="after")
    def _in_order(self) -> StudentApplication:
        if self.available_from and self.available_to and self.available_from > self.available_to:
            raise ValueError(
                f"available from {self.available_from} to {self.available_to}: ends before it begins"
            )
        repeated = sorted({c for c in self.choices if self.choices.count(c) > 1})
        if repeated:
            raise ValueError(f"choices list {', '.join(repeated)} more than once")
        return self
