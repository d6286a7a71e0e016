"""The benchmark program on a handful of links: what it says of a race is what happened in it."""

import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))


def test_ratios_are_taken_within_a_round_and_the_first_round_does_not_count() -> None:
    from benchmarks.peers import Contender
    from benchmarks.point_batch import race

    ours = iter([9.0, 1.0, 2.0])
    theirs = iter([1.0, 10.0, 30.0])
    rows = race(
        [
            Contender("comity X", "X", 100, lambda: (next(ours), np.array([1.0, 2.0]))),
            Contender("peer", "X", 10, lambda: (next(theirs), np.array([1.5]))),
        ],
        rounds=2,
    )
    assert rows[0].per_second == [100.0, 50.0]
    assert rows[0].ratios == []
    assert rows[1].ratios == [pytest.approx(100.0 / 1.0), pytest.approx(50.0 / (10.0 / 30.0))]
    assert rows[1].difference_db == 0.5


def test_links_cut_from_the_terrain_are_distinct_mixed_and_computable() -> None:
    from benchmarks.links import cut_from_terrain
    from comity.propagation import p452

    links = cut_from_terrain(60)
    paths = links.paths
    assert len(paths) == 60
    assert len(np.unique(np.diff(paths.offsets))) > 20
    assert len(np.unique(paths.rx_latitude_deg)) == 60
    assert len(np.unique(links.time_percent)) > 3
    loss = p452.basic_transmission_loss(paths, links.frequency_mhz, links.time_percent, **links.site())
    assert np.isfinite(loss).all()


def test_a_program_may_be_a_peer(tmp_path: Path) -> None:
    from benchmarks.links import equal_length
    from benchmarks.peers import external

    peer = tmp_path / "peer.py"
    peer.write_text(
        "import sys, pathlib, struct\n"
        "folder, model = pathlib.Path(sys.argv[1]), sys.argv[2]\n"
        "n = (folder / 'offsets.bin').stat().st_size // 8 - 1\n"
        "(folder / f'losses_{model}.bin').write_bytes(struct.pack(f'<{n}d', *range(n)))\n"
        "print(n, 0.5)\n"
    )
    contenders = external("peer", f"{sys.executable} {peer}", equal_length(3, 11))
    seconds, losses = contenders[1].run()
    assert seconds == 0.5
    np.testing.assert_array_equal(losses, [0.0, 1.0, 2.0])


def test_drawings_are_valid_and_show_every_value() -> None:
    from benchmarks import chart

    bars = chart.bars([("ours", 1.5e6, True), ("theirs", 70e3, False)], "Speed")
    curves = chart.curves([(11, 3e6, 3.1e6), (201, 1e6, 1.1e6)], "Speed", "points")
    for drawing in (bars, curves):
        ElementTree.fromstring(drawing)
    assert "1.5 million" in bars
    assert "70 thousand" in bars
    assert ">201<" in curves
