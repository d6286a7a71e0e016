"""What time does to cases: awards end, windows of renewal open, duties fall due; and what a variation needs."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from test_cases import APPLICANT, AT, FIRST, OTHER, SECOND, decided, submitted

from comity.errors import ComityError

EXAMPLES = Path(__file__).parents[2] / "examples"


def fab(**changes: object):
    """Return the Hsinchu example; ``changes`` replace top-level fields."""
    from comity.programmes.spectrum.application import SpectrumApplication

    document = tomllib.loads((EXAMPLES / "tw-hsinchu-fab.toml").read_text(encoding="utf-8"))
    document.pop("register_file", None)
    return SpectrumApplication.model_validate(document | changes)


def recorded(application):
    from comity.casework.decide import application_document
    from comity.programmes.spectrum.programme import PROGRAMME

    return application_document(application, PROGRAMME)


def granted_fab(key: str = "fab", varies: str | None = None, **changes: object):
    from comity.office.cases.services.act import act
    from comity.office.cases.services.submit import submit
    from comity.office.desk_spectrum import SpectrumDesk
    from comity.office.desks import DESKS

    DESKS["spectrum"] = SpectrumDesk()
    case = submit("spectrum", fab(**changes), applicant=APPLICANT, client_key=key, at=AT, varies=varies)
    assert decided(case).outcome.startswith("granted")
    return act(case.number, "grant", actor=SECOND, at=AT)


def ended_slot(ends: date):
    """Return a case in force whose award ends on a day."""
    from comity.office.cases.models import Award
    from comity.office.cases.services.act import act

    case = submitted()
    decided(case)
    act(case.number, "grant", actor=SECOND, at=AT)
    Award.objects.filter(case=case).update(ends=ends)
    return case


def test_an_award_expires_the_day_after_its_last_and_once() -> None:
    from comity.office.cases.models import Award, Case
    from comity.office.cases.services.keep_time import keep_time
    from comity.office.ledger.models import Entry

    case = ended_slot(date(2026, 6, 30))
    assert keep_time(datetime(2026, 6, 30, 23, 59, tzinfo=UTC)).expired == ()
    assert keep_time(datetime(2026, 7, 1, tzinfo=UTC)).expired == (case.number,)
    assert keep_time(datetime(2026, 7, 1, tzinfo=UTC)).expired == ()
    assert Case.objects.get().state == "expired"
    assert Award.objects.get().status == "ended"
    assert list(Entry.objects.values_list("kind", flat=True))[-1] == "expired"


def test_what_expired_can_be_given_to_another() -> None:
    from comity.office.cases.services.decide import decide_case
    from comity.office.cases.services.keep_time import keep_time

    ended_slot(date(2026, 6, 30))
    other = submitted(key="k2", applicant=OTHER)
    assert decided(other).outcome == "refused"
    keep_time(datetime(2026, 7, 1, tzinfo=UTC))
    from comity.office.cases.services.act import act

    act(other.number, "reopen", actor=FIRST, at=AT)
    assert decide_case(other.number, officer=FIRST, at=AT).outcome == "granted"


def test_renewal_windows_count_back_from_the_end_of_the_award_itself() -> None:
    """Taiwan: from three months before the certificate ends, for two months (MBD Art. 26(5), 32).

    The two months end on 1 February 2031, a Saturday, and so on the Monday after (APA Art. 48).
    """
    from comity.office.cases.models import Award, Deadline
    from comity.office.cases.services.keep_time import keep_time

    case = granted_fab()
    ends = Award.objects.get(case=case).ends
    assert ends == date(2031, 3, 1)  # as asked for, before the longest term
    open_rows = {d.clock: d for d in Deadline.objects.filter(case=case, met_at=None)}
    assert (open_rows["renewal_opens"].due, open_rows["renewal_opens"].role) == (date(2030, 12, 1), "opens")
    assert open_rows["renewal_closes"].due == date(2031, 2, 3)
    assert open_rows["build_ends"].role == "due"
    assert "certificate_ends" not in open_rows
    on = datetime(2030, 11, 15, tzinfo=UTC)
    assert "renewal_opens" in {d.clock for d in keep_time(on).reminders}
    assert keep_time(on).reminders == ()
    assert keep_time(datetime(2031, 3, 2, tzinfo=UTC)).expired == (case.number,)
    assert not Deadline.objects.filter(case=case, met_at=None).exists()


def test_a_variation_says_what_it_needs_and_the_register_says_it_too() -> None:
    from comity.office.cases.models import Award, Case
    from comity.office.ledger.models import Entry
    from comity.register.event import Event

    held = granted_fab()
    radio = fab().model_dump(mode="json")["radio"]
    radio["tdd"] |= {"pattern": "DDDDDDDSUU", "special_slot": "6:4:4"}
    changed = granted_fab("other frame", varies=held.number, radio=radio)
    assert changed.changes == {"items": ["frequency_plan"], "needs": ["approval"], "beside": []}
    events = [Event.decode(bytes(e.data)) for e in Entry.objects.order_by("index")]
    sent = next(e for e in events if e.case == changed.number and e.kind == "submitted")
    assert sent.public == {"varies": held.number, "changes": changed.changes}
    replaced = next(e for e in events if e.case == held.number and e.kind == "varied")
    assert replaced.public == {"replaced_by": changed.number}
    assert Case.objects.get(pk=held.pk).state == "varied"
    assert Award.objects.filter(status="in_force").count() == 1


@pytest.mark.parametrize(
    ("field", "change", "items", "needs"),
    [
        ("stations", {"height_m": 8}, ["base_station_plan"], ["record_notice", "registry_update"]),
        ("stations", {"eirp_dbm": 30}, ["base_station_plan"], ["approval"]),
        (
            "stations",
            {"eirp_dbm": 30, "indoor": False},
            ["base_station_plan"],
            ["approval", "outdoor_station_and_network_inspection"],
        ),
        ("use", {"purpose": "Something else"}, ["purpose_class_scenario"], ["approval"]),
        ("use", {"cloud": True}, ["cloud"], ["approval", "network_inspection"]),
        ("radio", {"nid": "000007ED9D6"}, ["identifiers"], ["approval", "network_inspection"]),
        ("equipment", {"brand": "Other"}, ["core_equipment"], ["approval", "network_inspection"]),
    ],
)
def test_each_change_needs_what_the_matrix_of_taiwan_says(
    field: str, change: dict[str, object], items: list[str], needs: list[str]
) -> None:
    """Articles 33 and 34: see the table in docs/rules/tw-mbd.md."""
    from comity.office.desk_spectrum import SpectrumDesk

    held = recorded(fab())
    asked = fab().model_dump(mode="json")
    part = asked[field]
    if isinstance(part, list):
        part[0] = part[0] | change
    else:
        asked[field] = part | change
    award = {"stations": held["stations"]}
    found = SpectrumDesk().changes(held, award, type(fab()).model_validate(asked), AT.date())
    assert (list(found.items), list(found.needs or ()), found.beside) == (items, needs, ())


def test_a_regime_without_a_change_matrix_says_so() -> None:
    from sites import site

    from comity.office.desk_spectrum import SpectrumDesk

    held = recorded(site(0))
    found = SpectrumDesk().changes(held, {"stations": held["stations"]}, site(1), AT.date())
    assert (found.items, found.needs, found.beside) == ((), None, ("site", "stations"))


def test_only_ones_own_award_in_force_can_be_varied() -> None:
    from slots import application

    from comity.office.cases.models import Case
    from comity.office.cases.services.submit import submit

    case = submitted()
    for applicant, varies in (
        (APPLICANT, case.number),
        (OTHER, case.number),
        (APPLICANT, "slots/2026/999999"),
    ):
        with pytest.raises(ComityError, match=r"only what is in force|no case"):
            submit("slots", application("V", "A1"), applicant=applicant, client_key="v", at=AT, varies=varies)
    assert Case.objects.count() == 1


def test_a_variation_sent_twice_is_one_case_even_after_it_took_effect() -> None:
    from comity.office.cases.services.submit import submit

    held = granted_fab()
    radio = fab().model_dump(mode="json")["radio"] | {"nid": "000007ED9D6"}
    changed = granted_fab("again", varies=held.number, radio=radio)
    again = submit(
        "spectrum", fab(radio=radio), applicant=APPLICANT, client_key="again", at=AT, varies=held.number
    )
    assert again.number == changed.number


def test_what_was_given_up_meanwhile_cannot_be_varied() -> None:
    from slots import application

    from comity.casework.machine import StepRefused
    from comity.office.cases.services.act import act
    from comity.office.cases.services.submit import submit

    case = submitted(load=0.9)
    decided(case)
    act(case.number, "grant", actor=SECOND, at=AT)
    changed = submit(
        "slots", application("V", "A1"), applicant=APPLICANT, client_key="v", at=AT, varies=case.number
    )
    decided(changed)
    act(case.number, "surrender", actor=APPLICANT, at=AT)
    with pytest.raises(StepRefused, match="no longer in force"):
        act(changed.number, "grant", actor=SECOND, at=AT)


def test_a_revoked_award_comes_back_when_the_panel_remits_it() -> None:
    from race_worker import PANEL

    from comity.office.cases.models import Award
    from comity.office.cases.services.act import act
    from comity.office.cases.services.decide import decide_case
    from comity.office.cases.services.find import find_case

    case = submitted()
    decided(case)
    for action, actor in (
        ("grant", SECOND), ("propose_revocation", SECOND), ("revoke", FIRST), ("appeal", APPLICANT), ("remit", PANEL),
    ):  # fmt: skip
        act(case.number, action, actor=actor, at=AT)
    assert Award.objects.get().status == "ended"
    assert decide_case(case.number, officer=FIRST, at=AT).outcome == "granted"
    assert act(case.number, "grant", actor=SECOND, at=AT).state == "in_force"
    assert find_case(case.number).award.status == "in_force"
