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
    from benchmarks.race import Contender, Outcome, median_difference, race

    ours, theirs = iter([9.0, 1.0, 2.0]), iter([1.0, 10.0, 30.0])
    rows = race(
        [
            Contender("comity X", lambda: Outcome(next(ours), 100, np.array([1.0, 2.0]))),
            Contender("peer", lambda: Outcome(next(theirs), 10, np.array([1.5])), ("comity X",)),
        ],
        rounds=2,
    )
    mine, other = rows["comity X"], rows["peer"]
    assert mine.per_second == [100.0, 50.0]
    assert mine.ratios == {}
    assert other.ratios == {"comity X": [pytest.approx(100.0 / 1.0), pytest.approx(50.0 / (10.0 / 30.0))]}
    assert median_difference(mine.last, other.last) == 0.5


def test_a_peer_that_is_missing_is_named_with_the_reason() -> None:
    from benchmarks import tables
    from benchmarks.race import Contender, Outcome, race

    missing = Contender("peer", None, ("comity X",), absent="not installed")
    rows = race([Contender("comity X", lambda: Outcome(1.0, 5)), missing], rounds=1)
    assert rows["peer"].ratios == {"comity X": []}
    assert "no part: not installed" in tables.rate(rows["peer"])


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
    run = contenders[1].run
    assert run is not None
    outcome = run()
    assert (outcome.seconds, outcome.count) == (0.5, 3)
    np.testing.assert_array_equal(outcome.loss_db, [0.0, 1.0, 2.0])


def test_a_peer_of_areas_gets_our_ground_southern_row_first_and_is_compared_where_its_pixels_lie(
    tmp_path: Path,
) -> None:
    from benchmarks import area_plan, areas

    area = area_plan.task(0.5)
    peer = tmp_path / "peer.py"
    peer.write_text(
        "import sys, pathlib, struct\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "plan = struct.unpack('<22d', (folder / 'plan.bin').read_bytes())\n"
        "heights = (folder / 'height_m.bin').read_bytes()\n"
        "assert len(heights) == 4 * plan[20] * plan[21]\n"
        "(folder / 'latitude_deg.bin').write_bytes(struct.pack('<2d', plan[0], plan[18]))\n"
        "(folder / 'longitude_deg.bin').write_bytes(struct.pack('<2d', plan[1], plan[19]))\n"
        "(folder / 'loss_db.bin').write_bytes(struct.pack('<2d', 0.0, struct.unpack('<f', heights[-4:])[0]))\n"
        "print(2, 0.25)\n"
    )
    run = areas.external("peer", f"{sys.executable} {peer}", area)[0].run
    assert run is not None
    outcome = run()
    assert (outcome.seconds, outcome.count) == (0.25, 2)
    assert outcome.places is not None
    assert outcome.loss_db is not None
    north_east = outcome.places[0][1:], outcome.places[1][1:]
    assert outcome.loss_db[1] == np.float32(area.ground.height_m(*north_east)[0])
    expected = abs(outcome.loss_db[1] - areas.loss_db(area, "p1812", *north_east)[0])
    assert areas.median_difference_db(area, "p1812", outcome) == pytest.approx(expected, abs=1e-9)


def test_splat_reads_back_the_heights_that_it_was_given(tmp_path: Path) -> None:
    from benchmarks import area_plan, splat

    area, steps = area_plan.task(0.6), 1200
    splat.write_terrain(area, tmp_path, steps, "")
    (tile,) = tmp_path.glob("*.sdf")
    assert tile.name == "24:25:239:240.sdf"
    head, cells = np.split(np.array(tile.read_text().split(), dtype=np.int64), [4])
    assert head.tolist() == [240, 24, 239, 25]
    raster = cells.reshape(steps, steps)  # rows northwards, columns westwards
    for row, column in ((960, 600), (963, 597), (955, 602)):
        lat, lon = 24.0 + row / steps, 121.0 - column / steps - splat.moved_deg(area)
        assert raster[row, column] == round(float(area.ground.height_m(lat, lon)[0]))
    assert raster.any()


def test_labels_at_the_ends_of_curves_keep_a_line_of_text_apart_and_their_order() -> None:
    from benchmarks.chart import spread

    placed = spread([50.0, 48.0, 120.0, 49.0])
    assert sorted(range(4), key=lambda i: placed[i]) == [1, 3, 0, 2]
    assert np.diff(sorted(placed)).min() >= 16.0 - 1e-9


def test_drawings_are_valid_and_show_every_value() -> None:
    from benchmarks import chart

    bars = chart.bars([("ours", 1.5e6, True), ("theirs", 70e3, False)], "Speed")
    lines = [("one", [(11, 3e6), (201, 1e6)]), ("two", [(11, 3.1e6), (201, 1.1e6)])]
    curves = chart.curves(lines, "Speed", "points")
    one = chart.curves([("one", [(1, 3e6)])], "A machine of one core", "threads")
    for drawing in (bars, curves, one):
        ElementTree.fromstring(drawing)
    assert "1.5 million" in bars
    assert "70 thousand" in bars
    assert ">201<" in curves
    assert ">one<" in curves
    assert ">two<" in curves
