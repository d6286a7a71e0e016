"""What the public can find and download, and what never leaves."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from test_cases import AT, SECOND, decided, submitted

CANARY = "canary-7f3a@example.org"


def award(place: str, holder: str = "Example Ltd", **columns: object):
    """Write an award as a decision would, without deciding."""
    from comity.office.cases.models import Award, Case, StoredDecision, Submission
    from comity.office.cases.search import index_award

    count = Case.objects.count()
    at = datetime(2026, 3, 2, tzinfo=UTC)
    case = Case.objects.create(number=f"spectrum/2026/{count:06d}", programme="spectrum", regime="tw-mbd",
                               state="in_force", applicant="a", client_key=str(count), received_at=at)  # fmt: skip
    sent = Submission.objects.create(case=case, sequence=1, document={}, digest="", received_at=at)
    decision = StoredDecision.objects.create(case=case, submission=sent, identity=f"{count:064d}", outcome="granted",
                                             document=b"{}", cells={}, ahead=[], made_at=at, made_by="o")  # fmt: skip
    made = Award.objects.create(case=case, decision=decision, programme="spectrum", regime="tw-mbd",
                                holder=holder, place=place, starts=date(2026, 3, 2), document={},
                                **{"status": "in_force"} | columns)  # fmt: skip
    index_award(made)
    return made


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hsinchu", 1),
        ("HSINCHU fab", 1),
        ("新竹", 1),
        ("竹科", 1),
        ("園區", 2),
        ("fab harbour", 0),
        ("", 3),
        ("＆", 3),
    ],
)
def test_every_word_must_occur_in_either_script(text: str, found: int) -> None:
    from comity.office.cases.search import search

    award("Hsinchu fab 新竹科學園區")
    award("Kaohsiung harbour 高雄港")
    award("南科園區")
    assert len(search(text)) == found


def test_place_band_and_status_narrow_the_search() -> None:
    from comity.office.cases.search import Box, search

    north = award("a", latitude=24.8, longitude=121.0, band_low_mhz=4800, band_high_mhz=4840)
    south = award("b", latitude=22.6, longitude=120.3, band_low_mhz=4840, band_high_mhz=4900)
    fiji = award("c", latitude=-17.0, longitude=179.9, status="ended")
    assert search(box=Box(24, 120, 26, 122)) == [north]
    assert search(band_mhz=(4840, 4850)) == [south]
    assert search(box=Box(-20, 179, -10, -179), status="") == [fiji]
    assert search(status="ended") == [fiji]


def test_pages_follow_one_another_without_gap_or_repeat() -> None:
    from comity.office.cases.search import PAGE, search

    made = [award(f"place {i}").pk for i in range(PAGE + 7)]
    first = search("place")
    second = search("place", before=first[-1].pk)
    assert [a.pk for a in first + second] == made[::-1]


def test_no_personal_data_leaves_in_any_export_or_in_the_log(tmp_path: Path) -> None:
    from comity.office.cases.services.act import act
    from comity.office.exports import export
    from comity.office.ledger import services as ledger

    case = submitted(contact=CANARY)
    decided(case)
    act(case.number, "grant", actor=SECOND, at=AT, reason=CANARY)
    ledger.publish()
    export(tmp_path)
    paths = [p for folder in (tmp_path, ledger.log().folder) for p in folder.rglob("*") if p.is_file()]
    assert len(paths) > 5
    for path in paths:
        content = path.read_bytes()
        for secret in (CANARY.encode(), b"firm-1", b"officer-1", b"officer-2"):
            assert secret not in content, path


def test_all_formats_hold_the_same_awards(tmp_path: Path) -> None:
    from pyarrow import parquet

    from comity.office.exports import FIELDS, export

    award("Hsinchu", "台灣範例公司", latitude=24.8, longitude=121.0)
    award("nowhere", '=HYPERLINK("x")', ends=date(2030, 1, 1))
    award("reserved", status="pending")
    export(tmp_path)
    with (tmp_path / "register.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    features = json.loads((tmp_path / "register.geojson").read_text())["features"]
    table = parquet.read_table(tmp_path / "register.parquet")
    assert [r["number"] for r in rows] == [f["id"] for f in features] == table["number"].to_pylist()
    assert len(rows) == 2
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [121.0, 24.8]}
    assert features[1]["geometry"] is None
    assert rows[1]["holder"].startswith("'=")
    assert json.loads(table.schema.metadata[b"geo"])["primary_column"] == "geometry"
    described = json.loads((tmp_path / "fields.json").read_text())["fields"]
    assert [f["name"] for f in described] == [name for name, _, _ in FIELDS] == list(rows[0])


@pytest.mark.parametrize("side_deg", [0.05, 0.3, 1.9, 30.0])
def test_a_box_finds_exactly_what_lies_in_it_whatever_its_size(side_deg: float) -> None:
    """Also on its edges, across the antimeridian and at squares' corners; the oracle is plain comparison."""
    import random

    from comity.office.cases.search import Box, search

    chance = random.Random(side_deg)
    places = [
        (round(chance.uniform(-0.4, 0.4), 1), round(chance.uniform(179.5, 180.4), 1)) for _ in range(30)
    ]
    made = {award("x", latitude=a, longitude=b - 360 if b > 180 else b).pk: (a, b) for a, b in places}
    for _ in range(20):
        south, west = round(chance.uniform(-0.5, 0.4), 2), round(chance.uniform(179.4, 180.3), 2)
        north, east = south + side_deg, west + side_deg
        box = Box(south, west - 360 if west > 180 else west, north, east - 360 if east > 180 else east)
        inside = {pk for pk, (a, b) in made.items() if south <= a <= north and west <= b <= east}
        assert {found.pk for found in search(box=box)} == inside
