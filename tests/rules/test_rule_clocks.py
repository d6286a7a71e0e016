"""Counting days: Article 48 of Taiwan's Administrative Procedure Act, and the plain calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.rules.clocks import deadlines, period_end_apa48, shift, working_day
from comity.rules.load import load_pack

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def month_number(day):
    return 12 * day.year + day.month


def counted_by_hand(event, months):
    """Oracle: walk from the first counted day to the day that corresponds to it, and stop one day before."""
    first = event + timedelta(days=1)
    target = month_number(first) + months
    day = first
    while month_number(day) < target or (month_number(day) == target and day.day < first.day):
        day += timedelta(days=1)
    return day - timedelta(days=1)


@given(DAYS, st.integers(1, 30))
@settings(max_examples=150, deadline=None)
def test_month_periods_end_on_the_day_before_the_corresponding_day(event, months):
    assert period_end_apa48(event, months, "month") == counted_by_hand(event, months)


@given(DAYS, st.integers(1, 400))
@settings(deadline=None)
def test_day_and_week_periods_do_not_count_the_day_of_the_event(event, amount):
    assert (period_end_apa48(event, amount, "day") - event).days == amount
    assert (period_end_apa48(event, amount, "week") - event).days == 7 * amount


@pytest.mark.parametrize(
    ("event", "amount", "unit", "end"),
    [
        (date(2026, 3, 2), 6, "month", date(2026, 9, 2)),
        (date(2026, 1, 30), 1, "month", date(2026, 2, 28)),
        (date(2026, 1, 31), 1, "month", date(2026, 2, 28)),
        (date(2024, 1, 30), 1, "month", date(2024, 2, 29)),
        # The period begins on the first of March and runs the whole month.
        (date(2026, 2, 28), 1, "month", date(2026, 3, 31)),
        (date(2026, 4, 30), 1, "month", date(2026, 5, 31)),
        (date(2024, 2, 28), 1, "year", date(2025, 2, 28)),
        (date(2025, 12, 31), 1, "year", date(2026, 12, 31)),
    ],
)
def test_ends_of_months(event, amount, unit, end):
    assert period_end_apa48(event, amount, unit) == end


@pytest.mark.parametrize(
    ("day", "holidays", "moved", "noon"),
    [
        (date(2026, 9, 2), [], date(2026, 9, 2), False),
        (date(2026, 8, 16), [], date(2026, 8, 17), False),  # a Sunday
        (date(2026, 8, 15), [], date(2026, 8, 17), True),  # a Saturday: Monday, until noon
        (date(2026, 9, 2), [date(2026, 9, 2)], date(2026, 9, 3), False),
        (date(2026, 8, 15), [date(2026, 8, 17)], date(2026, 8, 18), False),
        (date(2026, 9, 4), [date(2026, 9, 4), date(2026, 9, 7)], date(2026, 9, 8), False),
    ],
)
def test_sundays_holidays_and_saturdays(day, holidays, moved, noon):
    assert working_day(day, holidays) == (moved, noon)


@given(DAYS, st.sets(DAYS, max_size=5))
@settings(deadline=None)
def test_a_moved_deadline_is_a_working_day_and_never_earlier(day, holidays):
    moved, _ = working_day(day, holidays)
    assert moved >= day
    assert moved.weekday() < 5 and moved not in holidays


def test_the_plain_calendar_ends_on_the_same_day_number():
    assert shift(date(2026, 8, 31), 6, "month", "after", "calendar") == date(2027, 2, 28)
    assert shift(date(2026, 8, 31), 6, "week", "after", "calendar") == date(2026, 10, 12)


def test_both_readings_of_the_extension_window_are_kept_and_one_prevails():
    found = {
        d.clock: d
        for d in deadlines(
            load_pack("tw-mbd"), {"letter_and_certificate_received": date(2026, 3, 2)}, date(2026, 3, 2)
        )
    }
    zh, en = found["build_extension_opens.zh"], found["build_extension_opens.en"]
    assert (zh.authoritative, en.authoritative) == (True, False)
    assert en.day < zh.day


def test_an_extension_never_runs_past_the_certificate():
    events = {
        "letter_and_certificate_received": date(2026, 3, 2),
        "certificate_ends": date(2026, 12, 1),
    }
    found = {d.clock: d for d in deadlines(load_pack("tw-mbd"), events, date(2026, 3, 2))}
    assert found["build_extended_ends"].day == date(2026, 12, 1)
    assert found["build_extended_ends"].cut_by == "certificate_ends"


def test_a_deadline_whose_event_or_period_is_unknown_says_so():
    (decided,) = deadlines(load_pack("de-3700"), {"filed_complete": date(2026, 3, 2)}, date(2026, 3, 2))
    assert (decided.day, decided.missing) == (None, "clocks.decision_weeks")
    first, *_ = deadlines(load_pack("tw-mbd"), {}, date(2026, 3, 2))
    assert (first.day, first.missing) == (None, "filed_complete")


def test_holidays_are_an_input():
    events = {"letter_and_certificate_received": date(2026, 3, 2)}
    pack = load_pack("tw-mbd")
    found = {d.clock: d for d in deadlines(pack, events, date(2026, 3, 2), [date(2026, 9, 2)])}
    assert (found["build_ends"].nominal, found["build_ends"].day) == (date(2026, 9, 2), date(2026, 9, 3))


def test_a_test_of_at_most_five_days_ends_on_its_fifth_day_even_on_a_weekend():
    """MBD Art. 23(1): from Tuesday 2 June 2026 to Saturday 6 June: permission to transmit is never moved on."""
    pack = load_pack("tw-mbd")
    found = deadlines(pack, {"test_starts": date(2026, 6, 2)}, date(2026, 6, 1))
    (ends,) = [d for d in found if d.clock == "test_ends"]
    assert (ends.nominal, ends.day) == (date(2026, 6, 6), date(2026, 6, 6))
    assert date(2026, 6, 6).weekday() == 5


@given(DAYS, st.integers(1, 60))
def test_a_use_lasts_as_many_days_as_it_says_the_first_included(event, amount):
    last = shift(event, amount, "day", "lasting", "apa48")
    assert (last - event).days + 1 == amount
