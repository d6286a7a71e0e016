"""A round on the spine: from files to decision, report and register entry; bad files named; replay; life cycle."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from comity.casework.decide import decide
from comity.casework.decision import DecisionOutcome
from comity.casework.document import to_bytes
from comity.casework.replay import ReplayVerdict, replay
from comity.cli import _build
from comity.errors import ComityError
from comity.matching.cities.places import COLUMNS
from comity.programmes.cities.files import read_round, read_round_application
from comity.programmes.cities.log import round_event
from comity.programmes.cities.programme import PROGRAMME
from comity.programmes.cities.report import write_report
from comity.programmes.cities.world import world_of
from comity.rules.finding import Outcome

EXAMPLE = Path(__file__).parents[2] / "examples" / "uk-tw-cities"
RUNNER = CliRunner()
FILES = {
    "round.toml": """
programme = "cities"
reference = "test-1"
received_on = 2026-03-02
title = { en = "Test", zh = "測試" }
countries = ["GB", "TW"]

[policy]
id = "p1"
title = { en = "Plain", zh = "簡單" }
dated = 2026-01-01
weights = { similarity = 1, complementarity = 1 }

[sensitivity]
draws = 10
""",
    "places.csv": ",".join(COLUMNS)
    + """
a,Alpha,甲,GB,city,N,,,51,0,200000,0
b,Beta,乙,GB,city,S,,,53,-1,300000,0
c,Gamma,丙,GB,city,S,,,54,-2,50000,0
p,Pi,子,TW,city,,,,23,120,210000,8
q,Qoppa,丑,TW,city,,,,24,121,290000,8
""",
    "participants.csv": "place,consent,months,contact_role\n"
    "a,yes,24,x\nb,yes,24,x\nc,yes,24,x\np,yes,24,x\nq,yes,18,x\n",
    "framework.toml": """
id = "f"
version = "1"
[[indicator]]
id = "people"
title = { en = "People", zh = "人口" }
unit = "1"
[[indicator]]
id = "green"
title = { en = "Green", zh = "綠地" }
unit = "%"
""",
    "values.csv": "place,indicator,year,value,unit\n"
    + "".join(f"{p},people,2025,{v},1\n" for p, v in zip("abcpq", (20, 30, 5, 21, 29), strict=True))
    + "".join(f"{p},green,2024,{v},%\n" for p, v in zip("abpq", (1, 5, 2, 6), strict=True)),
    "wishes.csv": "place,kind,field,text_en,text_zh\n"
    "a,offer,ai,AI,人工智慧\nb,ask,ai,AI,人工智慧\np,ask,ai,AI,人工智慧\nq,offer,ports,Ports,港口\nb,challenge,,Floods,淹水\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def decided(folder: Path, extra: str = ""):
    if extra:
        path = folder / "round.toml"
        path.write_text(FILES["round.toml"].replace("[policy]", extra + "\n[policy]", 1), encoding="utf-8")
    application = read_round_application(folder)
    world = world_of(read_round(folder), application.regime, today=application.received_on)
    return decide(application, world, PROGRAMME), world


def pairs_of(decision) -> list[tuple[str, str]]:
    return [(p["first"], p["second"]) for p in decision.award["pairs"]]


def test_a_round_is_a_decision_with_a_reason_for_each_pair(folder: Path) -> None:
    decision, _ = decided(folder)
    assert decision.outcome is DecisionOutcome.GRANTED
    assert pairs_of(decision) == [("a", "p"), ("b", "q")]
    assert "Alpha and Pi" in decision.reasons[1].en
    assert "甲與子" in decision.reasons[1].zh
    assert [o.id for o in decision.considered if not o.passes] == ["c"], "50 000 people are below the limit"
    assert decision.provenance.register


def test_the_same_files_give_the_same_bytes_and_the_order_of_rows_says_nothing(folder: Path) -> None:
    first, _ = decided(folder)
    for name in ("places.csv", "participants.csv", "values.csv", "wishes.csv"):
        head, *rows = (folder / name).read_text(encoding="utf-8").splitlines()
        (folder / name).write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
    second, _ = decided(folder)
    assert first.award == second.award
    assert first.provenance.data == second.provenance.data
    assert pairs_of(first) == pairs_of(second)


def test_a_decision_is_replayed_and_an_altered_one_is_seen(folder: Path, tmp_path: Path) -> None:
    decision, world = decided(folder)
    document = json.loads(to_bytes(decision))
    assert replay(document, world, PROGRAMME).verdict is ReplayVerdict.REPRODUCED
    document["award"]["pairs"][0]["second"] = "q"
    assert replay(document, world, PROGRAMME).verdict is ReplayVerdict.ALTERED


def test_constraints_that_contradict_each_other_refuse_and_what_would_pass_is_decided(folder: Path) -> None:
    quota = """
[[quotas]]
id = "south"
title = { en = "South", zh = "南部" }
country = "GB"
regions = ["S"]
at_most = 0

[[fixed]]
first = "b"
second = "p"
"""
    decision, _ = decided(folder, quota)
    assert decision.outcome is DecisionOutcome.REFUSED
    (finding,) = (f for f in decision.findings if f.outcome is Outcome.FAIL)
    assert finding.rule == "CR-R1"
    assert "South: at most 0" in finding.text.en and "Beta and Pi are fixed" in finding.text.en
    assert "南部：至多 0 組" in finding.text.zh
    assert sorted(next(iter(a.changes)) for a in decision.alternatives) == ["fixed", "quotas"]
    assert all(a.outcome is DecisionOutcome.GRANTED for a in decision.alternatives)


def test_weights_dated_after_the_close_are_refused(folder: Path) -> None:
    path = folder / "round.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("dated = 2026-01-01", "dated = 2026-04-01"))
    application = read_round_application(folder)
    world = world_of(read_round(folder), application.regime, today=application.received_on)
    decision = decide(application, world, PROGRAMME)
    assert [f.rule for f in decision.findings if f.outcome is Outcome.FAIL] == ["CR-R2"]


def test_cities_that_rank_each_other_get_the_stable_set(folder: Path) -> None:
    rows = "a,1,q\na,2,p\nb,1,q\np,1,a\np,2,b\nq,1,b\nq,2,a\n"
    (folder / "rankings.csv").write_text("place,rank,partner\n" + rows, encoding="utf-8")
    decision, world = decided(folder, 'mechanism = "ranked"\n')
    assert pairs_of(decision) == [("a", "p"), ("b", "q")]
    assert "choice 2 and 1" in decision.reasons[1].en
    out = folder / "out"
    out.mkdir()
    write_report(decision, world, out)
    sheet = (out / "sheets" / "01-a--p.html").read_text(encoding="utf-8")
    assert "scores decide nothing here" in sheet and "Cost of doing without it" not in sheet


def test_every_problem_of_every_file_is_named_at_once(folder: Path) -> None:
    (folder / "participants.csv").write_text(
        "place,consent,months,contact_role\na,maybe,2x,x\na,yes,1,x\nz,yes,1,x\n"
    )
    (folder / "values.csv").write_text("place,indicator,year,value,unit\na,people,,1,1\na,green,2024,1,km\n")
    (folder / "wishes.csv").write_text("place,kind,field,text_en,text_zh\na,wish,x,X,甲\na,offer,,X,\n")
    with pytest.raises(ComityError) as caught:
        read_round(folder)
    assert [p.place for p in caught.value.problems] == [
        "participants.csv:2, column consent",
        "participants.csv:2, column months",
        "participants.csv:3, column place",
        "participants.csv:4, column place",
        "values.csv:2, column year",
        "values.csv:3, column unit",
        "wishes.csv:2, column kind",
        "wishes.csv:3, column field",
        "wishes.csv:3, column text_zh",
    ]


def test_a_fixed_place_that_is_not_let_in_is_an_error_with_its_place(folder: Path) -> None:
    with pytest.raises(ComityError) as caught:
        decided(folder, '[[fixed]]\nfirst = "c"\nsecond = "p"\n')
    assert [(p.place, p.message) for p in caught.value.problems] == [
        ("fixed[0].first", "c is not let into the round")
    ]


def test_mistakes_in_the_round_are_named_by_field(folder: Path) -> None:
    path = folder / "round.toml"
    path.write_text(
        FILES["round.toml"].replace('["GB", "TW"]', '["GB", "GB"]').replace("draws = 10", "draws = 1")
    )
    with pytest.raises(ComityError) as caught:
        read_round_application(folder)
    assert any("draws" in p.place for p in caught.value.problems)


def test_the_report_is_complete_in_both_languages_and_leads_nowhere(folder: Path, tmp_path: Path) -> None:
    decision, world = decided(folder)
    out = tmp_path / "out"
    out.mkdir()
    write_report(decision, world, out)
    assert sorted(p.name for p in (out / "sheets").iterdir()) == ["01-a--p.html", "02-b--q.html"]
    assert len(list((out / "stages").iterdir())) == 6
    for page in (out / "report.html", out / "sheets" / "01-a--p.html"):
        text = page.read_text(encoding="utf-8")
        assert 'lang="zh-Hant"' in text and "Alpha" in text and "甲" in text
        assert "http://" not in text and "<script" not in text and "nan" not in text.lower().split('"')


def test_a_pair_that_the_round_set_is_said_to_be_so_and_never_firm(folder: Path, tmp_path: Path) -> None:
    decision, world = decided(folder, '[[fixed]]\nfirst = "a"\nsecond = "q"\n')
    set_, chosen = decision.award["pairs"]
    assert (set_["second"], set_["fixed"], "survival" in set_) == ("q", True, False)
    assert "survival" in chosen and "fixed" not in chosen
    said = next(r for r in decision.reasons if r.en.startswith("Alpha and Qoppa"))
    assert (
        "set by the round" in said.en and "由本輪次指定" in said.zh and "under other weights" not in said.en
    )
    out = tmp_path / "out"
    out.mkdir()
    write_report(decision, world, out)
    sheet = (out / "sheets" / "01-a--q.html").read_text(encoding="utf-8")
    assert "Set by the round" in sheet and "Firm" not in sheet and "Stays under other weights" not in sheet
    report = (out / "report.html").read_text(encoding="utf-8")
    assert "of 1 that the weights chose" in report
    rows = (out / "scores.csv").read_text(encoding="utf-8").splitlines()
    assert next(row for row in rows if row.startswith("a,q,")).endswith(",1,")


def test_an_indicator_that_one_country_lacks_is_not_said_to_change_nothing(
    folder: Path, tmp_path: Path
) -> None:
    values = FILES["values.csv"].splitlines()
    kept = [row for row in values if not row.startswith(("p,green", "q,green"))]
    (folder / "values.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    decision, world = decided(folder)
    out = tmp_path / "out"
    out.mkdir()
    write_report(decision, world, out)
    report = (out / "report.html").read_text(encoding="utf-8")
    assert "not compared: missing in Taiwan" in report and "未比較：臺灣無資料" in report
    assert "missing in United Kingdom" not in report


def test_an_indicator_without_a_weight_of_its_own_is_compared_and_one_of_weight_0_is_not(
    folder: Path, tmp_path: Path
) -> None:
    path, weights = folder / "round.toml", "weights = {"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(weights, f"indicators = {{ people = 0 }}\n{weights}"), encoding="utf-8")
    decision, world = decided(folder)
    out = tmp_path / "out"
    out.mkdir()
    write_report(decision, world, out)
    report = (out / "report.html").read_text(encoding="utf-8")
    assert report.count("not compared") == report.count("not compared: its weight is 0") == 1


def test_the_register_entry_names_the_pairs_and_commits_to_the_decision(folder: Path) -> None:
    decision, _ = decided(folder)
    event = round_event(decision, datetime(2026, 3, 2, tzinfo=UTC), bytes(32))
    assert event.public["pairs"] == [["a", "p"], ["b", "q"]]
    assert event.public["decision"] == decision.identity
    assert event.record != round_event(decision, event.at, bytes([1]) * 32).record
    assert event.encode()


def test_the_example_runs_from_the_command_line_and_is_marked_as_invented() -> None:
    result = RUNNER.invoke(_build(), ["pair", str(EXAMPLE), "--json"])
    assert result.exit_code == 0, result.output
    document = json.loads(result.output)
    assert document["application"]["example"] is True
    found = {(p["first"], p["second"]) for p in document["award"]["pairs"]}
    assert ("liverpool", "kaohsiung") in found and ("manchester", "new-taipei") not in found
    left_out = {o["id"] for o in document["considered"] if not o["passes"]}
    assert left_out == {"bath", "hualien"}
    assert 8 <= len(found) <= 9
    assert date.fromisoformat(document["decided_on"]) == date(2026, 9, 30)


def test_a_ranked_round_leaves_out_forbidden_pairs_and_refuses_what_it_cannot_keep(folder: Path) -> None:
    """Without the constraints a goes to p, its partner by rank; the forbidden pair leaves a, second at q, alone."""
    rows = "a,1,p\na,2,q\nb,1,q\np,1,a\np,2,b\nq,1,b\nq,2,a\n"
    (folder / "rankings.csv").write_text("place,rank,partner\n" + rows, encoding="utf-8")
    original = (folder / "round.toml").read_text(encoding="utf-8")
    ranked, forbidden = 'mechanism = "ranked"\n', '[[forbidden]]\nfirst = "a"\nsecond = "p"\n'
    assert pairs_of(decided(folder, ranked)[0]) == [("a", "p"), ("b", "q")]
    (folder / "round.toml").write_text(original, encoding="utf-8")
    assert pairs_of(decided(folder, ranked + forbidden)[0]) == [("b", "q")]
    (folder / "round.toml").write_text(original, encoding="utf-8")
    with pytest.raises(ComityError) as caught:
        decided(folder, ranked + '[pairs]\nat_least = 1\n[[fixed]]\nfirst = "a"\nsecond = "p"\n')
    assert [p.place for p in caught.value.problems] == ["fixed", "pairs"]
