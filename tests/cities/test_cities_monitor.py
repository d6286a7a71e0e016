"""Partnerships under way from files, and a round as a graph: what is written is what other programs read."""

from __future__ import annotations

import csv
import json
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from comity.cli import _build
from comity.errors import ComityError
from comity.programmes.cities.files import read_round, read_round_application
from comity.programmes.cities.graphml import graphml
from comity.programmes.cities.monitoring import PRINCIPLES
from comity.programmes.cities.monitoring_files import COLUMNS, read_monitoring
from comity.programmes.cities.run import RoundRun, run_round
from comity.rules.load import load_pack
from comity.rules.text import Text

EXAMPLE = Path(__file__).parents[2] / "examples" / "uk-tw-cities"
RUNNER = CliRunner()
NAMESPACE = "{http://graphml.graphdrawing.org/xmlns}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return invented partnerships: one with a memorandum that ends, one that only begins."""
    rows = (
        "alpha,pi,2026-02-01,alpha,3,4,,2,4,5,3,,3,2",
        "alpha,pi,2026-02-03,pi,4,4,,3,3,4,3,,4,2",
        "beta,pi,2026-02-09,beta,1,,,,,,,,,",
        "alpha,pi,2026-06-01,pi,1,1,1,1,1,1,1,1,1,1",
    )
    (tmp_path / "assessments.csv").write_text("\n".join([",".join(COLUMNS), *rows, ""]), encoding="utf-8")
    (tmp_path / "partnerships.toml").write_text(
        """
[[partnership]]
first = "alpha"
second = "pi"
stage = "projects"

[[partnership.instrument]]
id = "mou-1"
kind = "memorandum"
parties = ["Alpha council", "Pi city"]
valid_from = 2023-08-01
valid_to = 2026-05-01
documents = { en = "0a", zh-Hant = "0b" }

[[partnership.instrument.signature]]
party = "Alpha council"
office = { en = "Mayor", zh = "市長" }
day = 2023-08-01

[[partnership.instrument.signature]]
party = "Pi city"
office = { en = "Mayor", zh = "市長" }
day = 2023-08-01

[[partnership]]
first = "beta"
second = "pi"
stage = "shortlisted"
agreed = ["first"]
""",
        encoding="utf-8",
    )
    return tmp_path


def monitored(folder: Path, *more: str):
    result = RUNNER.invoke(_build(), ["pair", "monitor", str(folder), "--on", "2026-03-02", "--json", *more])
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_means_of_the_principles_stand_beside_the_published_ones_up_to_the_day(folder: Path) -> None:
    found = {row["id"]: row for row in monitored(folder, "--pair", "alpha--pi")["principles"]}
    assert list(found) == [p.id for p in PRINCIPLES]
    peer = found["peer_learning"]
    assert (peer["mean"], peer["published"], peer["difference"], peer["answers"]) == (4.5, 3.70, 0.8, 2)
    assert (found["territorial_approach"]["mean"], found["territorial_approach"]["difference"]) == (3.5, 0.06)
    assert (found["digitalisation"]["mean"], found["digitalisation"]["published"]) == (None, None)
    assert monitored(folder)["assessments"] == 3, "the one of June is still to come"


def test_what_ends_and_what_may_follow_is_said_with_its_reason(folder: Path) -> None:
    found = monitored(folder)
    (alert,) = found["alerts"]
    assert (alert["instrument"], alert["days_left"]) == ("mou-1", 60)
    begun = found["partnerships"][1]["steps"]
    assert [(s["step"], s["allowed"]) for s in begun] == [("pass feasibility", False), ("close", True)]
    assert "missing: second" in begun[0]["reason"]["en"] and "second" in begun[0]["reason"]["zh-Hant"]


@pytest.mark.parametrize(("language", "words"), [("en", "Terms that end"), ("zh-Hant", "效期屆滿")])
def test_the_terminal_shows_it_in_both_languages(folder: Path, language: str, words: str) -> None:
    arguments = ["pair", "monitor", str(folder), "--on", "2026-03-02", "--language", language]
    result = RUNNER.invoke(_build(), arguments)
    assert result.exit_code == 0
    assert words in result.output and "3.70" in result.output and "mou-1" in result.output


def test_one_file_is_enough_and_none_is_missing(folder: Path, tmp_path: Path) -> None:
    (folder / "partnerships.toml").unlink()
    assert monitored(folder)["partnerships"] == []
    (folder / "assessments.csv").unlink()
    with pytest.raises(ComityError, match="nothing to monitor") as missing:
        read_monitoring(folder)
    assert missing.value.exit_code == 3


def test_every_problem_of_both_files_is_named_at_once(folder: Path) -> None:
    path = folder / "assessments.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("alpha,3,4,,2", ",3,6,x,2").replace("2026-02-03", "soon"),
        encoding="utf-8",
    )
    path = folder / "partnerships.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace('stage = "projects"', 'stage = "marriage"').replace('agreed = ["first"]', "aged = 1")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ComityError) as caught:
        read_monitoring(folder)
    assert [p.place for p in caught.value.problems] == [
        "assessments.csv:2, column by",
        "assessments.csv:2, column multi_level_governance",
        "assessments.csv:2, column rural_urban_continuum",
        "assessments.csv:3, column day",
        "partnerships.toml:5: partnership.0.stage",
        "partnerships.toml:29: partnership.1.aged",
    ]
    path.write_text(text.replace("marriage", "projects").replace("aged = 1", ""), encoding="utf-8")
    (folder / "assessments.csv").unlink()
    path.write_text(
        path.read_text(encoding="utf-8").replace('party = "Pi city"', 'party = "Rho"'), encoding="utf-8"
    )
    with pytest.raises(ComityError) as caught:
        read_monitoring(folder)
    assert [(p.message, p.accepted) for p in caught.value.problems] == [
        ("signed by no party: Rho", "Alpha council, Pi city")
    ]


def test_what_is_said_twice_or_by_the_wrong_one_is_a_problem_and_nothing_replaces_anything(
    folder: Path,
) -> None:
    path = folder / "assessments.csv"
    path.write_text(
        path.read_text(encoding="utf-8") + "beta,pi,2026-02-09,beta,5,,,,,,,,,\n", encoding="utf-8"
    )
    path = folder / "partnerships.toml"
    text = path.read_text(encoding="utf-8").replace('agreed = ["first"]', 'agreed = ["programme"]')
    start = text.index("[[partnership.instrument]]")
    mou = text[start : text.index("[[partnership]]", start)]
    roadmap = (
        mou.replace("mou-1", "map-1").replace('"memorandum"', '"roadmap"').replace("2026-05-01", "2029-05-01")
    )
    roadmap = roadmap.replace("documents", 'renews = "mou-1"\ndocuments')
    lost = mou.replace("mou-1", "mou-3").replace("documents", 'renews = "mou-2"\ndocuments')
    text = text.replace(mou, mou + mou + roadmap + lost) + '[[partnership]]\nfirst = "pi"\nsecond = "alpha"\n'
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ComityError) as caught:
        read_monitoring(folder)
    assert {p.place for p in caught.value.problems} == {
        "assessments.csv:6",
        "partnerships.toml: beta--pi, agreed",
        "partnerships.toml: pi--alpha",
        "partnerships.toml: alpha--pi, instrument mou-1",
        "partnerships.toml: alpha--pi, instrument map-1, renews",
        "partnerships.toml: alpha--pi, instrument mou-3, renews",
    }


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (b"alpha,pi", b"\xff\xfe,pi", "assessments.csv:2"),
        (b"alpha,3,4", b"alpha," + b"3" * 5000 + b",4", "assessments.csv:2, column territorial_approach"),
        (b"alpha,3,4", b"alpha," + b"3" * 140_000 + b",4", "assessments.csv:2"),
        (b",by,", b",day,", "assessments.csv:1"),
        (b",by,", b",by,by,", "assessments.csv:1"),
    ],
    ids=["bytes", "digits", "a field without end", "a column missing", "a column twice"],
)
def test_a_hostile_file_of_assessments_is_a_problem_and_no_defect(folder: Path, old, new, place) -> None:
    path = folder / "assessments.csv"
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    with pytest.raises(ComityError) as caught:
        read_monitoring(folder)
    assert caught.value.exit_code == 2
    assert caught.value.problems[0].place.endswith(place)


def test_a_partnership_that_nobody_knows_is_said_so(folder: Path) -> None:
    result = RUNNER.invoke(_build(), ["pair", "monitor", str(folder), "--pair", "a--z"])
    assert isinstance(result.exception, ComityError)
    assert result.exception.problems[0].accepted == "alpha--pi, beta--pi"


@pytest.fixture(scope="module")
def example() -> RoundRun:
    application = read_round_application(EXAMPLE)
    data = read_round(EXAMPLE, application.treatment.latest_year)
    return run_round(application, data, load_pack("city-round"), application.received_on)


def parsed(text: str) -> tuple[dict[str, dict[str, str]], dict[tuple[str, str], dict[str, str]]]:
    """Return nodes and edges as a program reads them: the types of the keys are checked on the way."""
    root = ElementTree.fromstring(text.encode())
    keys = {
        k.get("id"): (k.get("attr.name"), k.get("attr.type"), k.get("for"))
        for k in root.iter(f"{NAMESPACE}key")
    }
    readers = {
        "string": str,
        "long": int,
        "double": float,
        "boolean": {"true": True, "false": False}.__getitem__,
    }
    (graph,) = root.iter(f"{NAMESPACE}graph")
    assert graph.get("edgedefault") == "undirected"

    def data(element: ElementTree.Element, kind: str) -> dict[str, object]:
        found = {}
        for child in element.iter(f"{NAMESPACE}data"):
            name, of, belongs = keys[child.get("key")]
            assert belongs == kind
            found[name] = readers[of](child.text or "")
        return found

    nodes = {n.get("id"): data(n, "node") for n in graph.iter(f"{NAMESPACE}node")}
    edges = {(e.get("source"), e.get("target")): data(e, "edge") for e in graph.iter(f"{NAMESPACE}edge")}
    assert all(end in nodes for edge in edges for end in edge)
    return nodes, edges


def test_the_graph_holds_every_place_and_every_pair_that_may_be_formed(
    example: RoundRun, tmp_path: Path
) -> None:
    """Against the table of scores, which another function writes."""
    from comity.programmes.cities.report import _write_scores

    nodes, edges = parsed(graphml(example))
    assert set(nodes) == set(example.data.participants)
    assert {code for code, n in nodes.items() if not n["takes_part"]} == {"bath", "hualien"}
    assert nodes["kaohsiung"]["name_zh"] == example.data.places["kaohsiung"].name.zh
    assert {e for e, values in edges.items() if values["in_set"]} == set(example.pairs)
    _write_scores(example, tmp_path / "scores.csv")
    rows = {
        (r["first"], r["second"]): r for r in csv.DictReader((tmp_path / "scores.csv").open(encoding="utf-8"))
    }
    assert set(rows) - set(edges) == set(example.problem.forbidden) | barred(example)
    for pair, values in edges.items():
        row = rows[pair]
        assert values["score"] == pytest.approx(float(row["score"]), abs=1e-9)
        for part in ("similarity", "complementarity", "challenges", "feasibility"):
            assert (part in values) == (row[part] != "")
            assert part not in values or values[part] == pytest.approx(float(row[part]), abs=1e-6)


def barred(run: RoundRun) -> set[tuple[str, str]]:
    allowed = run.problem.allowed()
    return {
        (a, b)
        for i, a in enumerate(run.problem.left)
        for j, b in enumerate(run.problem.right)
        if not allowed[i, j]
    }


@settings(max_examples=60, deadline=None)
@given(name=st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_whatever_a_place_is_called_the_graph_is_read_back(name: str, example: RoundRun) -> None:
    places = dict(example.data.places.places)
    places["kaohsiung"] = replace(places["kaohsiung"], name=Text(name, "高雄"))
    data = replace(example.data, places=replace(example.data.places, places=places))
    nodes, _ = parsed(graphml(replace(example, data=data)))
    # XML 1.0 holds no control characters, and a reader turns every kind of line end into one (section 2.11)
    held = "".join(c if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff") else "\ufffd" for c in name)
    assert nodes["kaohsiung"]["label"] == held.replace("\r\n", "\n").replace("\r", "\n")


def test_a_round_writes_its_graph_beside_its_report(tmp_path: Path) -> None:
    result = RUNNER.invoke(_build(), ["pair", str(EXAMPLE), "--out", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    nodes, edges = parsed((tmp_path / "out" / "pairs.graphml").read_text(encoding="utf-8"))
    assert len(nodes) > 20 and len(edges) > 50
