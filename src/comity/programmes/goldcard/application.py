"""What a person states about herself for a check of the digital field."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from comity.casework.application import Application, Record

Paper = Literal["LETTER", "CV", "POST", "AWARD", "EMPLOYMENT", "OTHER", "PAY", "DIPLOMA", "RANKING"]


class YearOfPay(Record):
    """Pay from work in the digital economy in one calendar year: wages, allowances, bonuses, subsidies [TWD].

    A year that lies only partly in the years that count needs ``first_month``, and pay of the months that count alone.
    """

    year: int = Field(ge=1950, le=2100)
    total_twd: float = Field(ge=0)
    months: int = Field(default=12, ge=1, le=12, description="months that the pay is for")
    first_month: int | None = Field(default=None, ge=1, le=12, description="the first of these months")

    @model_validator(mode="after")
    def _within_the_year(self) -> YearOfPay:
        if self.first_month is not None and self.first_month + self.months > 13:
            raise ValueError("first_month and months go beyond the end of the year")
        return self


class Ranks(Record):
    """The university's newest rank in each table; left out where it is not ranked."""

    qs: int | None = Field(default=None, ge=1)
    the: int | None = Field(default=None, ge=1)
    usnews: int | None = Field(default=None, ge=1)


class Doctorate(Record):
    """The doctorate and what goes with it."""

    held: bool | None = None
    related: bool | None = None
    expertise: bool | None = None
    award: bool | None = None
    years_related: float | None = Field(default=None, ge=0, le=60)
    ranks: Ranks = Ranks()


class Exclusions(Record):
    """Grounds on which the card is not given; unknown is not "no"."""

    prc_citizen: bool | None = None
    household_registered_resident: bool | None = None
    entered_on_roc_passport: bool | None = None
    unmet_military_service: bool | None = None
    hk_mo_and_tw_dual: bool | None = None


class GoldCardApplication(Application):
    """A check of the digital field.

    ``route`` decides the fee: ``standard`` from abroad or without a resident certificate, ``special_visa`` for
    nationals who pay a special visa fee, ``arc`` with a resident certificate, ``hk_mo`` for Hong Kong and Macau.
    """

    programme: Literal["goldcard"] = "goldcard"
    regime: str = "tw-goldcard-digital"
    route: Literal["standard", "special_visa", "arc", "hk_mo"] = "standard"
    card_years: Literal[1, 2, 3] = 3
    years_digital: float | None = Field(default=None, ge=0, le=60)
    pay: tuple[YearOfPay, ...] = ()
    phd: Doctorate = Doctorate()
    exclusions: Exclusions = Exclusions()
    documents: tuple[Paper, ...] = ()
    passport_valid_until: date | None = None
    photo_taken_on: date | None = None
    name: str = ""
