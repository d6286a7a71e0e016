"""An export is the published log and tables that say the same, in every column."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from test_cases import APPLICANT, AT, submitted
from test_steps import acted, granted

from comity.errors import ComityError


@pytest.fixture
def exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    import slots

    from comity.office.desks import AwardColumns
    from comity.office.exports import export

    columns = AwardColumns("Example holder", "A site", AT.date(), None, 24.8, 121.0, 4800.0, 4840.0)
    monkeypatch.setattr(slots.SlotDesk, "columns", lambda *_: columns)
    granted()
    export(tmp_path)
    return tmp_path


def problems(folder: Path) -> list[str]:
    from comity.register.export import check_tables
    from comity.register.note import read_checkpoint

    return check_tables(folder, read_checkpoint(folder / "log" / "checkpoint").size)


def columns() -> list[str]:
    from comity.office.exports import FIELDS

    return [name for name, _, _ in FIELDS]


def test_an_export_as_written_agrees_with_its_log(exported: Path) -> None:
    assert problems(exported) == []


@pytest.mark.parametrize("column", ["programme", "regime", "status", "holder", "place", "latitude",
                                    "longitude", "band_low_mhz", "band_high_mhz", "starts", "ends",
                                    "decision", "number"])  # fmt: skip
def test_a_forged_column_is_found_in_every_format(exported: Path, column: str) -> None:
    from pyarrow import Table, parquet

    forged = {"latitude": 1.5, "longitude": 2.5, "band_low_mhz": 4999.0, "band_high_mhz": 5000.0}.get(
        column, "forged"
    )
    with (exported / "register.csv").open(newline="") as handle:
        (row,) = csv.DictReader(handle)
    with (exported / "register.csv").open("w", newline="") as handle:
        writer = csv.DictWriter(handle, columns())
        writer.writeheader()
        writer.writerow(row | {column: forged})
    table = parquet.read_table(exported / "register.parquet")
    (record,) = table.to_pylist()
    parquet.write_table(Table.from_pylist([record | {column: forged}]), exported / "register.parquet")
    features = json.loads((exported / "register.geojson").read_text())
    features["features"][0]["properties"][column] = forged
    if column in ("latitude", "longitude"):
        features["features"][0]["geometry"]["coordinates"][column == "latitude"] = forged
    (exported / "register.geojson").write_text(json.dumps(features))
    found = problems(exported)
    for name in ("register.csv", "register.geojson", "register.parquet"):
        assert any(p.startswith(f"{name}: case") and str(forged) in p for p in found), (name, found)


def test_a_point_that_is_not_where_its_columns_say_is_found(exported: Path) -> None:
    import struct

    from pyarrow import Table, parquet

    (record,) = parquet.read_table(exported / "register.parquet").to_pylist()
    moved = record | {"geometry": struct.pack("<BIdd", 1, 1, 2.5, 1.5)}
    parquet.write_table(Table.from_pylist([moved]), exported / "register.parquet")
    assert any("its point is (1.5, 2.5)" in p for p in problems(exported))


@pytest.mark.parametrize("name", ["register.geojson", "register.parquet"])
def test_a_table_that_is_none_is_refused(exported: Path, name: str) -> None:
    (exported / name).write_bytes(b"forged")
    with pytest.raises(ComityError, match="is not a Geo"):
        problems(exported)


def test_a_revoked_award_that_is_decided_again_agrees_with_the_log_at_every_step(tmp_path: Path) -> None:
    from race_worker import PANEL
    from test_cases import SECOND
    from test_steps import REVOKED, decide_again

    from comity.office.exports import export

    case = granted()
    for steps in ((*REVOKED,), (("appeal", APPLICANT), ("remit", PANEL))):
        acted(case, *steps)
        export(tmp_path)
        assert problems(tmp_path) == []
    decide_again(case)
    export(tmp_path)
    assert problems(tmp_path) == []
    acted(case, ("grant", SECOND))
    export(tmp_path)
    assert problems(tmp_path) == []


def test_what_cannot_be_published_is_not_exported_either(tmp_path: Path) -> None:
    """The database was rolled back behind the published log, and went another way."""
    from comity.office.exports import export
    from comity.office.ledger import services as ledger
    from comity.office.ledger.models import Entry, Head

    granted()
    kept = ledger.publish()
    Entry.objects.filter(index__gte=kept.size - 2).delete()
    Head.objects.update(size=kept.size - 2)
    for number in range(4):
        submitted(f"B{number}", f"other-{number}")
    with pytest.raises(ComityError, match="not that of this database"):
        export(tmp_path)
    assert not (tmp_path / "log").exists()
    assert ledger.log().checkpoint() == kept


def test_an_export_carries_the_cosignatures_and_signs_nothing(tmp_path: Path) -> None:
    from comity.office.exports import export
    from comity.office.ledger import services as ledger
    from comity.register.note import COSIGNATURE, Signer

    granted()
    checkpoint = ledger.publish()
    witness = Signer("witness.example", bytes(32), COSIGNATURE)
    ledger.log().cosign([witness.sign(checkpoint.text, 1_790_000_000)], [witness.verifier])
    export(tmp_path)
    published = ledger.log().folder
    for name in ("checkpoint", "checkpoint.witnessed"):
        assert (tmp_path / "log" / name).read_bytes() == (published / name).read_bytes()
    submitted("B2", "k2")
    export(tmp_path)
    assert ledger.log().checkpoint().size == checkpoint.size + 1
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "fields.json", "log", "register.csv", "register.geojson", "register.parquet",
    ]  # fmt: skip


def test_where_a_private_individual_lives_is_in_no_export_and_not_in_the_log(tmp_path: Path) -> None:
    from comity.office.cases.models import StoredDecision
    from comity.office.cases.services.replay import replay_case
    from comity.office.exports import export

    case = granted("Home-of-Jane-Doe", private=True)
    export(tmp_path)
    identity = StoredDecision.objects.get().identity
    for path in (p for p in tmp_path.rglob("*") if p.is_file()):
        content = path.read_bytes()
        assert b"Home-of-Jane-Doe" not in content and identity.encode() not in content, path
    assert problems(tmp_path) == []
    assert [r.found.verdict.value for r in replay_case(case.number)] == ["reproduced"]
