"""The life of a partnership, its instruments and alerts, and the ten principles beside the published means."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.casework.machine import StepRefused
from comity.errors import ComityError
from comity.programmes.cities.lifecycle import (
    STAGE_NAMES,
    TABLE,
    Instrument,
    InstrumentKind,
    Partnership,
    Side,
    Signature,
    Stage,
    agree,
    alerts,
    sign,
    take,
    usual_end,
)
from comity.programmes.cities.monitoring import PRINCIPLES, Assessment, compare_with_published
from comity.rules.load import load_pack
from comity.rules.text import Text

PACK = load_pack("city-round")
MAYOR = Text("Mayor's office", "市長辦公室")
TEXTS = {"en": "0" * 64, "zh-Hant": "1" * 64}


def instrument(kind: InstrumentKind, start: date, end: date | None, **more: object) -> Instrument:
    parties = ("Alpha council", "Pi city government")
    plain = Instrument(
        f"{kind.value}-1", kind, parties, False, start, end, TEXTS,
        tuple(Signature(p, MAYOR, start) for p in parties),
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


def test_belfast_and_sejong_could_have_gone_their_way_through_the_table() -> None:
    p = take(
        Partnership("belfast", "sejong"),
        "shortlist",
        Side.PROGRAMME,
        "minute of November 2021",
        date(2021, 11, 10),
    )
    with pytest.raises(StepRefused, match="missing: first, second"):
        take(p, "pass feasibility", Side.PROGRAMME, "report", date(2022, 3, 1))
    p = agree(p, Side.FIRST, "committee minute", date(2022, 3, 1))
    p = agree(p, Side.SECOND, "city resolution", date(2022, 3, 2))
    p = take(p, "pass feasibility", Side.PROGRAMME, "report", date(2022, 3, 3))
    signed = date(2022, 3, 30)
    with pytest.raises(StepRefused, match="no instrument in force"):
        take(p, "sign intent", Side.PROGRAMME, "minute", signed)
    p = sign(
        p, instrument(InstrumentKind.INTENT, signed, usual_end(InstrumentKind.INTENT, signed, PACK)), signed
    )
    p = take(p, "sign intent", Side.PROGRAMME, "minute", signed)
    start = date(2023, 8, 1)
    p = sign(
        p,
        instrument(InstrumentKind.MEMORANDUM, start, usual_end(InstrumentKind.MEMORANDUM, start, PACK)),
        start,
    )
    p = take(p, "sign memorandum", Side.FIRST, "minute", start)
    p = sign(p, instrument(InstrumentKind.ROADMAP, date(2024, 4, 1), None), date(2024, 4, 1))
    p = take(p, "agree roadmap", Side.SECOND, "minute", date(2024, 4, 1))
    p = take(p, "start projects", Side.PROGRAMME, "minute", date(2024, 5, 1))
    p = take(
        take(p, "review", Side.PROGRAMME, "r", date(2025, 5, 1)), "renew", Side.FIRST, "m", date(2025, 6, 1)
    )
    assert p.stage is Stage.PROJECTS
    assert len(p.events) == 10
    assert usual_end(InstrumentKind.INTENT, signed, PACK) == date(2023, 3, 30), (
        "the day of signing does not count"
    )


@given(st.sampled_from(list(Stage)), st.sampled_from(sorted({s.action for s in TABLE})))
def test_what_is_not_in_the_table_cannot_happen(stage, action) -> None:
    possible = any(s.state is stage and s.action == action for s in TABLE)
    bare = Partnership("a", "b", stage, frozenset({Side.FIRST, Side.SECOND}))
    if possible and action in ("shortlist", "pass feasibility", "review", "close"):
        assert take(bare, action, Side.PROGRAMME, "paper", date(2026, 1, 1)).agreed == frozenset()
        return
    with pytest.raises(StepRefused) as refused:
        take(bare, action, Side.PROGRAMME, "paper", date(2026, 1, 1))
    assert refused.value.reason.en and refused.value.reason.zh


def test_every_stage_is_reached_and_has_a_name_and_only_closed_ends() -> None:
    assert {s.next for s in TABLE} | {Stage.INTEREST} == set(Stage) == set(STAGE_NAMES)
    assert set(Stage) - {s.state for s in TABLE} == {Stage.CLOSED}


def test_a_step_without_a_paper_and_a_text_in_one_language_are_refused() -> None:
    with pytest.raises(StepRefused, match="decision it rests on"):
        take(Partnership("a", "b"), "shortlist", Side.PROGRAMME, " ", date(2026, 1, 1))
    one = instrument(InstrumentKind.INTENT, date(2026, 1, 1), None, documents={"en": "0" * 64})
    with pytest.raises(StepRefused, match="zh-Hant"):
        sign(Partnership("a", "b"), one, date(2026, 1, 1))
    stranger = instrument(InstrumentKind.INTENT, date(2026, 1, 1), None, parties=("Alpha council",))
    with pytest.raises(StepRefused, match="Pi city government"):
        sign(Partnership("a", "b"), stranger, date(2026, 1, 1))


def test_alerts_come_ninety_days_before_and_a_renewal_silences_them() -> None:
    end = date(2026, 12, 31)
    old = instrument(InstrumentKind.MEMORANDUM, date(2022, 1, 1), end)
    p = Partnership("a", "b", Stage.PROJECTS, instruments=(old,))
    assert alerts([p], end - timedelta(days=91), PACK) == []
    (alert,) = alerts([p], end - timedelta(days=90), PACK)
    assert (alert.days_left, alert.ends) == (90, end)
    assert "90" in alert.text.en and "90" in alert.text.zh
    assert alerts([p], end + timedelta(days=3), PACK)[0].days_left == -3
    new = instrument(InstrumentKind.MEMORANDUM, end, None, id="m-2", renews=old.id)
    assert alerts([replace(p, instruments=(old, new))], end, PACK) == []
    unsigned = replace(new, signatures=())
    assert len(alerts([replace(p, instruments=(old, unsigned))], end, PACK)) == 1


def test_an_instrument_is_in_force_from_the_day_of_its_last_signature() -> None:
    start, late = date(2026, 1, 1), date(2031, 5, 1)
    early, last = (
        Signature(p, MAYOR, d) for p, d in (("Alpha council", start), ("Pi city government", late))
    )
    signed = instrument(InstrumentKind.MEMORANDUM, start, None, signatures=(early, last))
    assert not signed.in_force(late - timedelta(days=1))
    assert signed.in_force(late)
    p = Partnership("a", "b", Stage.INTENT, instruments=(signed,))
    with pytest.raises(StepRefused, match="no instrument in force"):
        take(p, "sign memorandum", Side.FIRST, "minute", date(2026, 3, 2))


@pytest.mark.parametrize(
    "other",
    [
        {"kind": InstrumentKind.ROADMAP},
        {"parties": ("Rho",), "signatures": (Signature("Rho", MAYOR, date(2026, 1, 1)),)},
        {"signatures": tuple(Signature(p, MAYOR, date(2031, 1, 1)) for p in ("Alpha council", "Pi city government"))},
    ],
    ids=["another kind", "strangers", "not signed yet"],
)  # fmt: skip
def test_only_a_signed_renewal_of_the_same_kind_and_parties_silences_an_alert(other) -> None:
    end = date(2026, 12, 31)
    old = instrument(InstrumentKind.MEMORANDUM, date(2022, 1, 1), end)
    new = replace(
        instrument(InstrumentKind.MEMORANDUM, date(2026, 1, 1), None, id="m-2", renews=old.id), **other
    )
    p = Partnership("a", "b", Stage.PROJECTS, instruments=(old, new))
    assert [a.instrument for a in alerts([p], end, PACK)] == [old.id]


def test_three_published_means_stand_beside_ten_principles() -> None:
    assert len(PRINCIPLES) == 10
    given = [
        Assessment(
            "a", "b", date(2026, 1, 1), "a", {"peer_learning": 4, "territorial_approach": 3, "financing": 2}
        ),
        Assessment("a", "b", date(2026, 1, 1), "b", {"peer_learning": 5, "territorial_approach": 3}),
    ]
    found = {c.principle.id: c for c in compare_with_published(given, PACK, date(2026, 1, 1))}
    assert {k: c.published for k, c in found.items() if c.published is not None} == {
        "peer_learning": 3.70, "territorial_approach": 3.44, "stakeholder_engagement": 3.12,
    }  # fmt: skip
    assert (found["peer_learning"].mean, found["peer_learning"].difference) == (4.5, 0.8)
    assert found["territorial_approach"].difference == -0.44
    assert (found["stakeholder_engagement"].mean, found["stakeholder_engagement"].difference) == (None, None)
    assert (found["financing"].answers, found["financing"].published) == (1, None)


def test_scores_off_the_scale_are_all_named() -> None:
    with pytest.raises(ComityError) as caught:
        Assessment("a", "b", date(2026, 1, 1), "a", {"peer_learning": 6, "beauty": 3, "financing": True})
    assert [p.place for p in caught.value.problems] == [
        "scores.beauty",
        "scores.peer_learning",
        "scores.financing",
    ]
