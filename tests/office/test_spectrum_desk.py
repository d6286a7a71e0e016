"""Real spectrum decisions in the office: on real ground, one after another and in races."""

from __future__ import annotations

import json
import os
import random
import time
from dataclasses import replace
from datetime import date
from itertools import combinations
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from race_worker import FIRM, FIRST, PANEL, SECOND, run, start_office
from test_cases import AT

from comity.casework.workflow import Actor, Role
from comity.errors import ComityError
from comity.office.desks import Ahead

PROCESSES = int(os.environ.get("COMITY_SPECTRUM_PROCESSES", "4"))
RACES = int(os.environ.get("COMITY_SPECTRUM_RACES", "2"))


def taken(number: int, key: str) -> str:
    """Submit one site and have it taken into review; returns the case number."""
    from sites import site

    from comity.office.cases.services.act import act
    from comity.office.cases.services.submit import submit

    case = submit("spectrum", site(number), applicant=FIRM[number], client_key=key, at=AT)
    return act(case.number, "take", actor=FIRST, at=AT).number


def settled(case: str) -> str:
    """Have a case decided and, where it can be, granted by the second officer; returns the outcome."""
    from comity.office.cases.services.act import act
    from comity.office.cases.services.decide import decide_case

    outcome = decide_case(case, officer=FIRST, at=AT).outcome
    if outcome.startswith("granted"):
        act(case, "grant", actor=SECOND, at=AT)
    return outcome


def findings_of_the_newest():
    from comity.casework.document import from_bytes
    from comity.office.cases.models import StoredDecision

    return from_bytes(bytes(StoredDecision.objects.order_by("-pk")[0].document)).findings


def test_each_site_alone_is_granted() -> None:
    from sites import PLACES, open_desk

    open_desk()
    for number in range(len(PLACES)):
        assert settled(taken(number, "alone")) == "granted"
        (margin_db,) = [f.margin for f in findings_of_the_newest() if f.rule.endswith("long-term")]
        assert 0.3 < margin_db < 2.5
        give_back()


def test_of_any_two_sites_the_second_is_not_granted_for_the_sum_of_both() -> None:
    from sites import PLACES, STATION, open_desk

    from comity.office.cases.models import Award

    open_desk()
    for first, second in combinations(range(len(PLACES)), 2):
        assert settled(taken(first, f"{first}+{second}")) == "granted"
        assert settled(taken(second, f"{second}+{first}")) == "referred"
        failed = [f for f in findings_of_the_newest() if f.outcome == "fail"]
        assert [f.subject for f in failed] == [STATION.id]
        assert -3.1 < failed[0].margin < 0.0
        award = Award.objects.get(status="in_force")
        assert (award.band_low_mhz, award.band_high_mhz) == (3865.0, 3885.0)
        give_back()


def give_back() -> None:
    """Surrender what is held and withdraw what waits."""
    from comity.office.cases.models import Case
    from comity.office.cases.services.act import act

    for case in Case.objects.filter(state__in=("in_force", "in_review")):
        applicant = Actor(case.applicant, Role.APPLICANT)
        act(case.number, "surrender" if case.state == "in_force" else "withdraw", actor=applicant, at=AT)


def appealed(number: int, key: str) -> str:
    """Return a case that stands in no queue.

    It is put before the panel by hand: only law refuses, and what refers here is an assumption. Once the panel remits
    such cases, nothing but the locking recipe keeps two that are decided at the same moment from both being granted.
    """
    from comity.office.cases.models import Case

    case = taken(number, key)
    Case.objects.filter(number=case).update(state="appealed")
    return case


def rush(worker: int, races: list[list[str]], barrier: Barrier) -> None:
    """In each race, have the own site remitted, decided and granted, beside all other processes."""
    start_office()
    from comity.office.cases.models import Award
    from comity.office.cases.services.act import act

    jitter = random.Random(worker)
    for cases in races:
        barrier.wait(120)
        time.sleep(jitter.random() * 0.004)
        act(cases[worker], "remit", actor=PANEL, at=AT)
        settled(cases[worker])
        barrier.wait(120)
        if worker == 0:
            assert Award.objects.filter(status="in_force").count() == 1
            give_back()


def test_processes_that_decide_conflicting_sites_at_the_same_moment_never_both_grant() -> None:
    from django.db import connections
    from sites import open_desk

    from comity.office.cases.models import Award

    open_desk()
    races = [[appealed(worker, f"race-{race}") for worker in range(PROCESSES)] for race in range(RACES)]
    connections.close_all()
    barrier = get_context("spawn").Barrier(PROCESSES)
    assert run(rush, PROCESSES, races, barrier) == [0] * PROCESSES
    assert Award.objects.filter(status="ended").count() == RACES


def test_of_a_private_individual_the_register_learns_neither_name_nor_place() -> None:
    from sites import open_desk, site

    from comity.casework.decide import decide

    desk, company = open_desk(), site(0)
    person = company.model_copy(update={"party": company.party.model_copy(update={"kind": "individual"})})
    shown = []
    for application in (company, person):
        decision = decide(application, desk.world([], AT.date()), desk.programme, alternatives=False)
        shown.append((desk.private(application), desk.columns(decision)))
    (_, firm), (private, found) = shown
    assert (shown[0][0], private) == (False, True)
    assert firm.place and firm.latitude and firm.longitude
    assert (found.holder, found.place, found.latitude, found.longitude) == (
        "private individual",
        "",
        None,
        None,
    )
    assert (found.band_low_mhz, found.starts) == (firm.band_low_mhz, firm.starts)


def test_the_books_of_the_office_and_no_date_of_the_applicant_say_when_a_case_was_received(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A neighbour of another register waits since February; an applicant of March writes January."""
    from sites import PLACES, open_desk, site

    from comity.casework.decide import decide
    from comity.coordination.incumbents import Incumbents
    from comity.office.cases.services.act import act
    from comity.office.cases.services.decide import decide_case
    from comity.office.cases.services.settle import settle
    from comity.office.cases.services.submit import submit

    desk = open_desk()
    asked = site(len(PLACES))  # where the first site stands
    world = desk.world([], AT.date())
    award = decide(asked, world, desk.programme, alternatives=False).award
    waiting = desk._network(Ahead("ELSEWHERE-1", AT, asked.model_dump(mode="json"), award, False), world, 0)
    waiting = replace(waiting, priority_date=date(2026, 2, 1), priority_order=1)
    monkeypatch.setattr(desk, "register", Incumbents((waiting,), earth_stations=desk.register.earth_stations))
    early = asked.model_copy(update={"received_on": date(2026, 1, 5)})

    assert decide(early, desk.world([], AT.date()), desk.programme, alternatives=False).outcome == "granted"
    case = submit("spectrum", early, applicant=FIRM[0], client_key="early", at=AT)
    act(case.number, "take", actor=FIRST, at=AT)
    assert not decide_case(case.number, officer=FIRST, at=AT).outcome.startswith("granted")
    settle(
        case.number, {"case.received_on": "2026-01-05"}, officer=FIRST, at=AT, reason="stamp of the mail room"
    )
    stored = decide_case(case.number, officer=FIRST, at=AT)
    assert stored.outcome == "granted"
    assert json.loads(bytes(stored.document))["settings"] == {"case.received_on": "2026-01-05"}


def test_what_the_programme_cannot_read_is_not_settled() -> None:
    from sites import open_desk

    from comity.office.cases.models import Case
    from comity.office.cases.services.settle import settle

    open_desk()
    case = taken(0, "odd")
    with pytest.raises(ComityError) as refused:
        settle(
            case,
            {"case.urban": "perhaps", "case.lucky": True, "case.special_approval": True},
            officer=FIRST,
            at=AT,
            reason="letter",
        )
    assert [p.place for p in refused.value.problems] == ["case.urban", "case.lucky"]
    assert Case.objects.get(number=case).settled == {}


def test_an_office_that_protects_its_own_awards_only_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    from comity.coordination.incumbents import Incumbents
    from comity.office.desk_spectrum import SpectrumDesk

    monkeypatch.setattr(settings, "REGISTER", None)
    (remark,) = SpectrumDesk().remarks()
    assert "COMITY_REGISTER" in remark.en and "COMITY_REGISTER" in remark.zh
    assert SpectrumDesk(Incumbents()).remarks() == ()
    monkeypatch.setattr(settings, "REGISTER", Path("register.csv"))
    assert SpectrumDesk().remarks() == ()


def test_what_an_office_without_a_register_grants_says_that_nobody_else_was_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The condition stands in the award, and a replay finds it again."""
    from django.conf import settings
    from test_office_replay import verdicts

    from comity.office.desk_spectrum import SpectrumDesk
    from comity.office.desks import DESKS

    monkeypatch.setattr(settings, "REGISTER", None)
    monkeypatch.setitem(DESKS, "spectrum", SpectrumDesk())
    case = taken(0, "unasked")
    assert settled(case) == "granted_with_conditions"
    (found,) = [f for f in findings_of_the_newest() if f.rule == "REG-1"]
    assert "own awards" in found.text.en
    assert verdicts(case) == ["reproduced"]


@pytest.mark.parametrize(
    "said",
    [
        '{"case.received_order": NaN}', '{"case.received_order": 1e400}', '{"case.received_order": -1}',
        '{"case.received_order": true}', '{"case.received_on": "2099-01-01"}', '{"case.received_on": "0001-01-01"}',
    ],
)  # fmt: skip
def test_a_day_or_order_of_receipt_that_cannot_be_is_not_settled(said: str) -> None:
    from sites import open_desk

    from comity.office.cases.models import Case
    from comity.office.cases.services.settle import settle

    open_desk()
    case, settings = taken(0, "odd"), json.loads(said)
    with pytest.raises(ComityError) as refused:
        settle(case, settings, officer=FIRST, at=AT, reason="letter")
    assert [p.place for p in refused.value.problems] == list(settings)
    assert any(word in refused.value.problems[0].accepted for word in ("up to 2026-03-02", "from 0 to"))
    assert Case.objects.get(number=case).settled == {}


def test_a_paper_cannot_have_come_before_the_rules_that_it_falls_under() -> None:
    from sites import open_desk, site

    from comity.office.cases.services.submit import submit

    open_desk()  # the rules of this regime begin on 9 December 2019
    at = AT.replace(year=2020)
    with pytest.raises(ComityError) as refused:
        submit("spectrum", site(0), applicant=FIRM[0], client_key="old", at=at, received_on=date(2019, 12, 8))
    assert "from 2019-12-09 up to 2020-03-02" in refused.value.problems[0].accepted
    submit("spectrum", site(0), applicant=FIRM[0], client_key="old", at=at, received_on=date(2019, 12, 9))
