"""Old decisions come out as they did: some of them here, all 1 000 where ``COMITY_GOLDEN_EVERY=1`` (``make soak``)."""

from __future__ import annotations

import copy
import json
import lzma
import os
from collections import Counter
from pathlib import Path

import pytest
import typer

from comity.casework.archive import MANY, read_archive, write_archive
from comity.cli.replay import command, replayer
from comity.errors import ComityError

FOLDER = Path(__file__).parent
EVERY = int(os.environ.get("COMITY_GOLDEN_EVERY", "8"))


@pytest.fixture(scope="module")
def archived():
    return list(read_archive(FOLDER))


def test_the_archive_holds_a_thousand_synthetic_cases_of_both_regimes_and_every_outcome(archived):
    documents = [json.loads(a.content) for a in archived]
    assert len(documents) == 1000
    assert len({d["reference"] for d in documents}) == 1000
    assert all(d["application"]["example"] is True for d in documents)
    assert {d["regime"] for d in documents} == {"uk-sal", "tw-mbd"}
    assert {d["outcome"] for d in documents} == {"granted", "granted_with_conditions", "refused", "referred"}
    assert sum(f.stat().st_size for f in FOLDER.rglob(MANY)) < 2_000_000


def test_every_golden_decision_is_reproduced_to_the_same_bytes(archived):
    replayed = replayer()
    found = [(a.place, replayed(a)) for a in archived[::EVERY]]
    bad = [
        (place, r.verdict.value, r.differences[:3]) for place, r in found if r.verdict.value != "reproduced"
    ]
    assert not bad, (Counter(verdict for _, verdict, _ in bad), bad[:3])


def test_one_changed_number_in_an_archive_is_named(archived, tmp_path, capsys):
    documents = [json.loads(a.content) for a in archived if "/tw-hsinchu/" in a.place][:2]
    forged = copy.deepcopy(documents[1])
    forged["award"]["stations"][0]["eirp_dbm"] += 1
    lines = [
        json.dumps(d, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() for d in (forged,)
    ]
    write_archive(tmp_path / MANY, [archived[-1].content, *lines])
    with pytest.raises(typer.Exit) as end:
        command(tmp_path, everything=True, register=None, every=1, as_json=False)
    assert end.value.exit_code == 1
    said = capsys.readouterr().out
    assert f"{tmp_path / MANY}:2: altered" in said
    assert "award.stations.0.eirp_dbm" in said


def test_bytes_that_are_not_canonical_are_no_longer_the_same_decision(archived, tmp_path):
    content = next(a.content for a in archived if "/tw-hsinchu/" in a.place)
    write_archive(tmp_path / MANY, [content.replace(b'{"', b'{ "', 1)])
    (case,) = read_archive(tmp_path)
    found = replayer()(case)
    assert (found.verdict.value, found.differences[0].path) == ("altered", "(form of the file)")


def test_a_cut_archive_is_refused_by_name(archived, tmp_path):
    write_archive(tmp_path / MANY, [a.content for a in archived[:20]])
    packed = (tmp_path / MANY).read_bytes()
    for bad in (packed[: len(packed) // 2], b"no xz"):
        (tmp_path / MANY).write_bytes(bad)
        with pytest.raises(ComityError, match="cut or is none") as error:
            list(read_archive(tmp_path))
        assert MANY in error.value.render()
    assert lzma.decompress(packed).count(b"\n") == 20
