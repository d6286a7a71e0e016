"""The report of a spectrum decision says what the decision says, of real ground."""

import re
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import rasterio
import rasterio.warp

sys.path.insert(0, str(Path(__file__).parent))

from test_report_page import Outline

from comity.casework.decide import decide
from comity.casework.world import World
from comity.coordination.incumbents import EarthStation, FixedLink, Incumbents, LinkEnd
from comity.coordination.network import Area, Network, Receiver, TddFrame, Terminals, Transmitter
from comity.programmes.spectrum._report_case import case_of
from comity.programmes.spectrum._report_paths import _budget, effective_radius_km, profile_of
from comity.programmes.spectrum.coverage import Coverage, Measure, coverage_of
from comity.programmes.spectrum.coverage_files import scale_of
from comity.programmes.spectrum.programme import PROGRAMME
from comity.programmes.spectrum.report import _foremost, _titled, write_report
from comity.report.elements import escape
from comity.report.tables import finding_table
from comity.rules.fact import Evidence
from comity.rules.finding import Finding, Outcome
from comity.rules.load import load_pack
from comity.rules.text import Text
from comity.terrain.ground import open_ground

LAT, LON = 24.7745, 121.0020
HOSTILE = '"><script>alert(1)</script>'


def application(**changes):
    stations = [
        {"id": f"cell-{k}", "latitude": LAT, "longitude": LON + 0.0006 * k, "height_m": 8, "eirp_dbm": 30.0}
        for k in range(2)
    ]
    low, high = -0.001, 0.0022
    corners = [(LAT + a, LON + b) for a, b in ((low, low), (low, high), (-low, high), (-low, low))]
    fields = {
        "reference": "TEST-1",
        "example": True,
        "regime": "tw-mbd",
        "received_on": "2026-03-02",
        "party": {"name": {"en": "Example Ltd", "zh": "範例公司"}, "kind": "company", "country": "TW"},
        "site": {"name": "Fab", "polygon": corners, "indoor": False},
        "stations": stations,
        "radio": {
            "band": "4800-4900",
            "bandwidth_mhz": 100,
            "tdd": {"pattern": "DDDSU", "special_slot": "10:2:2", "clock": "gnss"},
            "subcarrier_spacing_khz": 30,
        },
        "term": {"start": "2026-07-01", "end": "2031-06-30"},
    }
    return PROGRAMME.schema.model_validate({**fields, **changes})


def neighbours():
    frame = TddFrame("DSUUU", 30, "10:2:2", "gnss")
    lat, lon = LAT - 0.02, LON + 0.01
    licence = Network(
        "L-1",
        "Neighbour & Sons",
        "in_force",
        4800,
        4850,
        (Transmitter("a", lat, lon, 12, 33),),
        (Receiver("a", lat, lon, 12),),
        Terminals(),
        frame,
        Area(lat, lon, 200),
    )
    far = EarthStation("ES-9", HOSTILE, 24.6, 120.9, 4, 4700, 4900, azimuth_deg=0.0, elevation_deg=40.0)
    ends = LinkEnd(LAT - 0.03, LON - 0.03, 30, 36), LinkEnd(LAT + 0.02, LON + 0.04, 30, 36)
    link = FixedLink("ML-7", "Hill Links", *ends, 4900, 4940, 50.0)
    return Incumbents((licence,), (far,), (link,))


@pytest.fixture(scope="module")
def world():
    pack = load_pack("tw-mbd")
    return World({pack.id: pack}, date(2026, 3, 20), neighbours(), open_ground())


@pytest.fixture(scope="module")
def decision(world):
    return decide(application(), world, PROGRAMME, alternatives=False)


@pytest.fixture(scope="module")
def folder(decision, world, tmp_path_factory):
    target = tmp_path_factory.mktemp("report")
    written = write_report(decision, world, target)
    assert written == [target / name for name in ("report.html", "coverage.tif", "coverage.png")]
    return target


@pytest.fixture(scope="module")
def html(folder):
    return (folder / "report.html").read_text(encoding="utf-8")


def test_the_report_carries_every_finding_assumption_reason_and_the_identity(decision, html):
    for finding in decision.findings:
        assert escape(finding.text.en) in html
        assert escape(finding.text.zh) in html
        assert escape(finding.citation) in html
    for assumption in decision.assumptions:
        assert escape(assumption.fact) in html
    for reason in decision.reasons:
        assert escape(reason.zh) in html
    assert decision.identity in html


def test_the_report_names_its_sources_as_their_licences_ask(decision, world, html):
    used = [edition for edition in world.ground.editions() if edition.id in decision.provenance.data]
    assert used
    for edition in used:
        assert escape(edition.attribution) in html
        assert edition.sha256 in html
    for pack in decision.provenance.packs.values():
        assert pack["sha256"] in html


def test_the_report_is_whole_and_hostile_names_stay_names(html):
    outline = Outline(html)
    assert outline.open == []
    assert "script" not in {tag for tag, _ in outline.seen}
    ids = outline.values("id")
    assert len(ids) == len(set(ids))
    assert set(outline.values("aria-labelledby")) <= set(ids)


def test_an_example_is_marked_as_one(html):
    assert "the parties are invented" in html


def test_the_same_decision_gives_the_same_report(decision, world, folder, tmp_path):
    for path in write_report(decision, world, tmp_path):
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_the_map_and_the_decision_speak_of_the_same_level(decision, world):
    study = case_of(decision, world).study
    assert study.boundary is not None
    for point in (study.boundary.worst, study.boundary.points[0]):
        place = (point.latitude_deg, point.longitude_deg)
        found = coverage_of(
            study.candidate, study.ground, study.policy, centre=place, radius_km=0.02, pixel_m=10.0
        )
        assert found.level[2, 2] == point.level_dbm


def test_the_geotiff_lies_where_the_site_is(folder, decision):
    with rasterio.open(folder / "coverage.tif") as data:
        level = data.read(1)
        tags = data.tags()
        middle = data.xy(level.shape[0] // 2, level.shape[1] // 2)
        (lon,), (lat,) = rasterio.warp.transform(data.crs, "EPSG:4326", [middle[0]], [middle[1]])
    assert (lat, lon) == pytest.approx((LAT, LON + 0.0006), abs=1e-4)
    assert tags["DECISION"] == decision.identity
    row, column = np.unravel_index(np.nanargmax(level), level.shape)
    assert max(abs(row - level.shape[0] // 2), abs(column - level.shape[1] // 2)) <= 2


def test_coverage_behind_missing_terrain_is_unknown_and_not_sea(decision, world):
    study = case_of(decision, world).study
    moved = (57.1, -5.35)  # where the shipped tile of Skye ends: land goes on to the east without data
    stations = tuple(
        Transmitter(t.id, moved[0], moved[1], t.height_m, t.eirp_dbm) for t in study.candidate.transmitters
    )
    network = Network("x", "", "applied", 4800, 4900, stations)
    found = coverage_of(network, study.ground, study.policy, centre=moved, radius_km=4.0, pixel_m=400.0)
    holes = ~np.isfinite(found.window.height_m) & ~found.window.sea
    assert holes.any()
    assert np.isnan(found.level[holes]).all()
    assert np.isfinite(found.level).any()


def test_the_budget_drawn_adds_up_to_the_level_compared(decision, world):
    case = case_of(decision, world)
    assert case.worst is not None
    for path in case.paths:
        assert sum(term.value for term in path.terms) == pytest.approx(
            path.interference_dbm_per_mhz, abs=1e-6
        )


def test_the_profile_is_the_ground_between_both_ends(decision, world):
    case = case_of(decision, world)
    path = case.worst
    drawn = profile_of(case, path)
    ends = path.path
    first, last = world.ground.height_m(
        [ends.tx_latitude_deg, ends.rx_latitude_deg], [ends.tx_longitude_deg, ends.rx_longitude_deg]
    )
    assert drawn.distance_km[-1] == pytest.approx(path.distance_km, abs=0.001)
    assert (drawn.height_m[0], drawn.height_m[-1]) == pytest.approx((first, last), abs=0.5)


def test_the_effective_earth_radius_is_that_of_the_recommendation():
    # P.452-18: Delta N = 39.25 N-units/km makes k = 4/3
    assert effective_radius_km(39.25) == pytest.approx(6371 * 4 / 3)


def test_the_limit_parts_two_classes_of_the_map():
    def scale(limit, top):
        measure = Measure(unit="dBm", limit_dbm=limit) if limit else Measure()
        return scale_of(Coverage(None, np.array([[top, np.nan]]), measure))

    for top in (-124.0, -80.0, -20.0, 30.0):
        assert -125.0 in scale(-125.0, top).edges
    for top in (-300.0, -50.0, 20.0):
        edges = scale(None, top).edges
        assert 3 <= len(edges) <= 8
    assert scale(None, np.nan).unit == "dBm/MHz"


def test_a_band_that_the_regime_does_not_have_still_makes_a_report(world, tmp_path):
    wish = application(
        radio={"band": "3800-4200", "bandwidth_mhz": 40, "channels": [{"low_mhz": 3800, "high_mhz": 3840}]}
    )
    decided = decide(wish, world, PROGRAMME, alternatives=False)
    assert not decided.outcome.is_grant
    report = write_report(decided, world, tmp_path)[0].read_text(encoding="utf-8")
    assert re.search(r"tone-(fail|unknown)", report)


def missed(margin: float | None, unit: str = "dB") -> Finding:
    return Finding(
        rule="R",
        outcome=Outcome.FAIL,
        text=Text(f"by {margin}", f"差 {margin}"),
        citation="c",
        evidence=Evidence.VERIFIED,
        subject="",
        measured=0.0002,
        limit=1.0,
        margin=margin,
        unit=unit,
    )


def test_the_banner_names_the_limit_that_is_missed_by_most_and_counts_the_others():
    said = _foremost([missed(-17.58), missed(-20.3), missed(None, "1")])
    assert said.en == "by -20.3 (2 more below.)"


def test_a_title_does_not_mix_scripts_where_it_need_not():
    title = _titled("Container terminal", Text("Quay Ltd.", "碼頭公司"))
    assert title.zh == "碼頭公司之專用 5G 頻率申請"
    assert title.en.startswith("Container terminal: ")


def test_a_share_of_a_whole_is_shown_in_percent():
    assert "0.02 %" in finding_table([missed(0.9998, "1")])


def test_a_budget_in_dbm_per_mhz_begins_with_the_power_of_one_megahertz(decision, world):
    case = case_of(decision, world)
    path = case.worst
    spread = next(t.value for t in path.terms if t.name == "reference_bandwidth")
    budget = _budget(path.terms, -119.0, path.interference_dbm_per_mhz, "dBm/MHz", Outcome.PASS, path.model)
    assert spread < 0.0
    assert budget.start_level == pytest.approx(path.terms[0].value + spread)
    level = budget.start_level + sum(term.change_db for term in budget.terms)
    assert level == pytest.approx(path.interference_dbm_per_mhz, abs=1e-6)
