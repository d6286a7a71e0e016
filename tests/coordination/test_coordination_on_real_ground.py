"""On the terrain that ships with the package, with the real models."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from comity.coordination.cache import PathLosses
from comity.coordination.coordinate import coordinate
from comity.coordination.incumbents import EarthStation, FixedLink, Incumbents, LinkEnd
from comity.coordination.network import Area, Network, TddFrame, Terminals, Transmitter
from comity.coordination.policy import Criterion, Policy
from comity.coordination.screening import enhancement_db
from comity.propagation.p525 import free_space_loss
from comity.terrain.geodesy import distance_km
from comity.terrain.ground import open_ground

CRITERIA = (
    Criterion("base", "base", 20.0, aggregate=False, i_over_n_db=-6.0),
    Criterion("terminal", "terminal", 20.0, aggregate=False, i_over_n_db=-6.0),
    Criterion("base-sum", "base", 20.0, aggregate=True, i_over_n_db=-6.0),
    Criterion("es-long", "earth_station", 20.0, aggregate=True, i_over_n_db=-12.2),
    Criterion("es-short", "earth_station", 0.005, aggregate=False, i_over_n_db=-2.0),
    Criterion("link", "fixed_link", 20.0, aggregate=True, i_over_n_db=-10.0),
)
POLICY = Policy(frequency_mhz=4850.0, criteria=CRITERIA, terminal_eirp_dbm=10.0)
CHANNELS = ((4800.0, 4840.0), (4820.0, 4860.0), (4860.0, 4900.0))
SECTOR = {"pattern": "f1336-sector", "gain_dbi": 15.0, "beamwidth_deg": 65.0}
FRAMES = (
    TddFrame("DDDSU", 30, "10:2:2", "gnss"),
    TddFrame("DDSUU", 30, "10:2:2", "gnss"),
    None,
)


@pytest.fixture(scope="module")
def ground():
    return open_ground()


@pytest.fixture(scope="module")
def cache():
    return PathLosses()


def town(seed, count):
    """A register of invented neighbours around Hsinchu."""
    rng = np.random.default_rng(seed)

    def place():
        return float(24.70 + 0.14 * rng.random()), float(120.92 + 0.16 * rng.random())

    networks = []
    for i in range(count):
        lat, lon = place()
        width = float(rng.choice([10, 20, 40]))
        low = 4800.0 + 10.0 * int(rng.integers(0, (100 - width) // 10 + 1))
        mast = Transmitter(
            "1",
            lat,
            lon,
            float(rng.integers(3, 25)),
            float(rng.choice([18.0, 24.0, 30.0])),
            azimuth_deg=float(rng.integers(0, 360)),
            indoor=bool(rng.random() < 0.5),
            antenna=SECTOR if rng.random() < 0.5 else None,
        )
        networks.append(
            Network(
                f"N{i}",
                "h",
                "in_force",
                low,
                low + width,
                (mast,),
                terminals=Terminals(),
                tdd=FRAMES[int(rng.integers(0, 3))],
                area=Area(lat, lon, 60.0),
            )
        )
    dishes = tuple(
        EarthStation(f"E{i}", "h", *place(), 4.0, 4780.0, 4920.0, azimuth_deg=200.0, elevation_deg=30.0)
        for i in range(4)
    )
    links = tuple(
        FixedLink(
            f"F{i}", "h", LinkEnd(*place(), 30.0, 36.0), LinkEnd(*place(), 30.0, 36.0), 4800, 4830, 55.0
        )
        for i in range(3)
    )
    return Incumbents(tuple(networks), dishes, links)


def fab(**changes):
    masts = tuple(
        Transmitter(str(i), 24.774 + 0.0005 * i, 120.998, 6.0, 24.0, indoor=True, building="traditional")
        for i in range(3)
    )
    walls = Terminals(indoor=True, building="traditional")
    site = Area(24.774, 120.998, 150.0)
    plain = Network("fab", "Fab", "applied", 4800.0, 4840.0, masts, terminals=walls, area=site, tdd=FRAMES[0])
    return replace(plain, **changes)


def test_no_path_loss_of_either_model_lies_below_the_bound_that_screens(ground):
    from comity.propagation import p452, p1812

    rng = np.random.default_rng(7)
    n = 400
    lat1, lon1 = 24.6 + 0.25 * rng.random(n), 120.95 + 0.2 * rng.random(n)
    lat2, lon2 = 24.6 + 0.25 * rng.random(n), 120.95 + 0.2 * rng.random(n)
    far = distance_km(lat1, lon1, lat2, lon2) >= 0.25
    lat1, lon1, lat2, lon2, n = lat1[far], lon1[far], lat2[far], lon2[far], int(far.sum())
    paths = ground.paths(lat1, lon1, lat2, lon2, spacing_m=100.0, cover="degurba")
    height = {"tx_height_m": rng.uniform(1.5, 300.0, n), "rx_height_m": rng.uniform(1.5, 300.0, n)}
    free = free_space_loss(4850.0, distance_km(lat1, lon1, lat2, lon2))
    radio = {"dn": 45.0, "n0": 325.0}
    for percent in (0.001, 0.01, 1.0, 20.0, 50.0):
        found = p452.basic_transmission_loss(paths, 4850.0, percent, **height, **radio)
        assert (found >= free - enhancement_db(percent) - 0.05).all()
        if percent >= 1.0:
            for share in (1.0, 50.0):
                found = p1812.basic_transmission_loss(
                    paths, 4850.0, percent, location_percent=share, location_sd_db=5.5, **height, **radio
                )
                assert (found >= free - enhancement_db(percent) - 0.05).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_screening_and_brute_force_agree_to_a_tenth_of_a_decibel(ground, cache, seed):
    register = town(seed, 40)
    mast = tuple(replace(t, indoor=False, height_m=25.0) for t in fab().transmitters)
    tower = fab(transmitters=mast)
    screened = coordinate(tower, register, ground, POLICY, channels=CHANNELS, cache=cache)
    brute = replace(POLICY, screening_error_db=0.0, negligible_db=300.0)
    whole = coordinate(tower, register, ground, brute, channels=CHANNELS, cache=cache)
    compared = 0
    for channel in CHANNELS:
        exact = {(a.victim, a.interferer, a.criterion, a.direction): a for a in whole.assessments(channel)}
        sums = {(a.victim, a.criterion, a.direction): a for a in whole.assessments(channel) if a.aggregate}
        for found in screened.assessments(channel):
            if not found.aggregate:
                true = exact[found.victim, found.interferer, found.criterion, found.direction]
                assert found.interference_dbm_per_mhz == true.interference_dbm_per_mhz
                continue
            true = sums[found.victim, found.criterion, found.direction].interference_dbm_per_mhz
            assert found.interference_dbm_per_mhz >= true - 0.011
            if true >= found.limit_dbm_per_mhz:
                assert found.interference_dbm_per_mhz <= true + 0.111
            compared += 1
        counted = [
            a for a in whole.assessments(channel)
            if a.direction == "candidate_to_incumbent" and not a.aggregate and a.margin_db < 0
        ]  # fmt: skip
        failing = {(a.victim, a.criterion) for a in screened.assessments(channel) if a.margin_db < 0}
        assert {(a.victim, a.criterion) for a in counted} <= failing
    assert compared > 20


def test_flattening_the_ground_changes_margins(ground, cache):
    register = town(4, 15)
    hills = coordinate(fab(), register, ground, POLICY, cache=cache)
    plain = coordinate(fab(), register, ground.flattened(20.0), POLICY, cache=cache)
    assert hills.channels[0].margin_db != plain.channels[0].margin_db


def test_models_are_named_and_state_their_spread(ground, cache):
    answer = coordinate(fab(), town(5, 20), ground, POLICY, cache=cache)
    found = answer.assessments(answer.channels[0].channel)
    by_model = {a.model: a for a in found}
    assert {"p1812", "p452"} <= set(by_model)
    # P.1812-8, 4.7: (0.52 + 0.024 f) wa^0.28 at 4.85 GHz over 50 m
    assert by_model["p1812"].location_spread_db == pytest.approx(
        (0.52 + 0.024 * 4.85) * 50.0**0.28, abs=0.006
    )
    assert by_model["p452"].location_spread_db is None
    assert by_model["p1812"].location_percent == 50.0
    assert by_model["p452"].location_percent is None
    assert answer.provenance["model.p452"] == "ITU-R P.452-18"
    assert answer.provenance["model.p1812"] == "ITU-R P.1812-8"


def test_one_application_after_another_finds_its_paths_in_the_cache(ground):
    register, known = town(6, 20), PathLosses()
    first = coordinate(fab(), register, ground, POLICY, cache=known)
    misses = known.misses
    again = coordinate(fab(), register, ground, POLICY, cache=known)
    assert known.misses == misses
    assert repr(again.channels) == repr(first.channels)


def test_the_channels_asked_for_together_or_alone_agree(ground, cache):
    register = town(8, 25)
    together = coordinate(fab(), register, ground, POLICY, channels=CHANNELS, cache=cache)
    for channel in CHANNELS:
        alone = coordinate(fab(), register, ground, POLICY, channels=[channel], cache=cache)
        margins = alone.channels[0].margin_db, together.result(channel).margin_db
        assert min(margins[0], 20.0) == pytest.approx(min(margins[1], 20.0), abs=0.11)
        assert alone.channels[0].passes == together.result(channel).passes


def test_a_network_does_not_interfere_with_itself_when_it_is_varied(ground, cache):
    register = town(9, 5)
    old = replace(fab(), status="in_force")
    varied = fab(consents=frozenset({("nobody", "no holder")}))
    with_old = coordinate(varied, Incumbents((*register.networks, old)), ground, POLICY, cache=cache)
    without = coordinate(varied, Incumbents(register.networks), ground, POLICY, cache=cache)
    assert repr(with_old.channels) == repr(without.channels)
