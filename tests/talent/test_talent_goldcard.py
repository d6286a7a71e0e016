"""The digital field of the Employment Gold Card: criteria, proof, exclusions, fees, periods."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from comity.casework.decide import decide
from comity.casework.document import to_document
from comity.casework.replay import ReplayVerdict, replay
from comity.programmes.goldcard.application import GoldCardApplication
from comity.programmes.goldcard.programme import PROGRAMME, check_criteria, fee_twd
from comity.programmes.goldcard.view import working_days_after
from comity.programmes.goldcard.world import open_world

WORLD = open_world("tw-goldcard-digital", today=date(2026, 3, 2), register=None, settings={})
CLEAR = {
    "prc_citizen": False,
    "household_registered_resident": False,
    "entered_on_roc_passport": False,
    "unmet_military_service": False,
    "hk_mo_and_tw_dual": False,
}
BASE: dict[str, Any] = {
    "reference": "T-1",
    "received_on": "2026-03-02",
    "exclusions": CLEAR,
    "passport_valid_until": "2026-09-02",
    "photo_taken_on": "2025-09-02",
    "phd": {"held": False},
    "years_digital": 0,
    "pay": [{"year": 2025, "total_twd": 0}],
}


def person(**changes: Any) -> GoldCardApplication:
    return GoldCardApplication.model_validate({**BASE, **changes})


def met(application: GoldCardApplication) -> dict[str, bool | None]:
    return {c.id: c.met for c in check_criteria(application, WORLD)}


@pytest.mark.parametrize(("years", "expected"), [(8, True), (7.9, False), (None, None)])
def test_eight_years_of_experience(years: float | None, expected: bool | None) -> None:
    assert met(person(years_digital=years))["GC-D1"] is expected


@pytest.mark.parametrize(
    ("pay", "expected"),
    [
        ([{"year": 2025, "total_twd": 1_920_000}], True),  # NT$1,920,000 a year is NT$160,000 a month
        ([{"year": 2025, "total_twd": 1_919_999}], False),
        # received in March 2026: the months from March 2023 to February 2026 count
        ([{"year": 2023, "total_twd": 1_920_000}], None),  # January and February may be among its best months
        ([{"year": 2023, "first_month": 3, "months": 10, "total_twd": 1_600_000}], True),
        ([{"year": 2023, "first_month": 2, "months": 11, "total_twd": 9_000_000}], None),
        ([{"year": 2023, "first_month": 1, "months": 2, "total_twd": 9_000_000}], None),
        ([{"year": 2026, "first_month": 1, "months": 2, "total_twd": 320_000}], True),
        ([{"year": 2026, "first_month": 2, "months": 2, "total_twd": 320_000}], None),
        ([{"year": 2026, "months": 1, "total_twd": 160_000}], None),  # of which month?
        ([{"year": 2025, "total_twd": 1_919_999}, {"year": 2023, "total_twd": 1}], None),
        ([{"year": 2025, "total_twd": 1_920_000}, {"year": 2023, "total_twd": 1}], True),
        ([{"year": 2025, "total_twd": 1_919_999}, {"year": 2022, "total_twd": 9_000_000}], False),
        ([{"year": 2022, "total_twd": 9_000_000}], None),  # too long ago to count, and nothing else is stated
        ([{"year": 2025, "total_twd": 480_000, "months": 3}], True),
        ([], None),
    ],
)
def test_pay_of_one_year_within_three(pay: list[dict[str, Any]], expected: bool | None) -> None:
    assert met(person(pay=pay))["GC-D2"] is expected


@pytest.mark.parametrize(
    ("phd", "expected"),
    [
        ({"held": True, "ranks": {"qs": 501, "the": 500}}, True),
        ({"held": True, "ranks": {"qs": 501}}, False),
        ({"held": True}, None),
        ({"held": False, "ranks": {"qs": 1}}, False),
    ],
)
def test_doctorate_of_a_university_in_any_of_three_tables(phd: dict[str, Any], expected: bool | None) -> None:
    assert met(person(phd=phd))["GC-D3"] is expected


@pytest.mark.parametrize(
    ("phd", "expected"),
    [
        ({"held": True, "related": True, "expertise": True, "award": True}, True),
        ({"held": True, "related": True, "expertise": True, "award": False, "years_related": 4}, True),
        ({"held": True, "related": True, "expertise": True, "award": False, "years_related": 3.9}, False),
        ({"held": True, "related": False, "expertise": True, "award": True}, False),
        ({"held": True, "related": True, "expertise": True}, None),
    ],
)
def test_related_doctorate_with_award_or_four_years(phd: dict[str, Any], expected: bool | None) -> None:
    assert met(person(phd=phd))["GC-D4"] is expected


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"years_digital": 9, "documents": ["LETTER"]}, "granted"),
        ({"years_digital": 9, "documents": ["CV", "OTHER"]}, "granted"),
        ({"years_digital": 9, "documents": ["CV"]}, "referred"),
        ({"years_digital": 9, "documents": ["OTHER"]}, "referred"),
        ({"years_digital": 1}, "refused"),
        ({"years_digital": None}, "referred"),
        (
            {"years_digital": 9, "documents": ["LETTER"], "exclusions": {**CLEAR, "prc_citizen": True}},
            "refused",
        ),
        (
            {"years_digital": 9, "documents": ["LETTER"], "exclusions": {**CLEAR, "prc_citizen": None}},
            "referred",
        ),
        ({"years_digital": 9, "documents": ["LETTER"], "passport_valid_until": "2026-09-01"}, "referred"),
        ({"years_digital": 9, "documents": ["LETTER"], "photo_taken_on": "2025-09-01"}, "referred"),
    ],
)
def test_what_comes_of_it(changes: dict[str, Any], outcome: str) -> None:
    decision = decide(person(**changes), WORLD, PROGRAMME)
    assert decision.outcome.value == outcome
    assert replay(to_document(decision), WORLD, PROGRAMME).verdict is ReplayVerdict.REPRODUCED


@pytest.mark.parametrize(
    ("route", "years", "fee"),
    [
        ("standard", 1, 3700),
        ("standard", 2, 4700),
        ("standard", 3, 5700),
        ("arc", 1, 1500),
        ("arc", 3, 3500),
        ("hk_mo", 2, 3100),
        ("special_visa", 2, 2500),
    ],
)
def test_fees_of_the_standard(route: str, years: int, fee: int) -> None:
    application = person(route=route, card_years=years)
    assert fee_twd(application, WORLD.pack(application.regime), WORLD) == fee


def test_thirty_working_days_are_six_weeks() -> None:
    assert working_days_after(date(2026, 3, 2), 30) == date(2026, 4, 13)


def test_months_of_pay_stay_within_their_year() -> None:
    with pytest.raises(ValueError, match="beyond the end of the year"):
        person(pay=[{"year": 2025, "total_twd": 1, "first_month": 7, "months": 12}])
