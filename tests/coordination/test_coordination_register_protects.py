"""Whom a register protects: a real list of earth stations, and earlier applications."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from coordination_kit import EARTH_STATION_SUM, FlatGround, free_space_policy

from comity.coordination.coordinate import coordinate
from comity.coordination.incumbents import EarthStation, Incumbents
from comity.coordination.network import Network, Provenance, Transmitter

FCC = Path(__file__).parents[1] / "data" / "registers" / "fcc_cbrs_3550_3700_protected_fss.csv"


def test_a_register_has_one_entry_an_id():
    twice = Incumbents(
        (Network("A", "h", "in_force", 3800, 3840, (Transmitter("1", 57, -6, 10, 30),)),) * 2,
    )
    from comity.coordination.incumbents import duplicate_ids

    assert duplicate_ids(twice.networks) == ["A"]


def fcc_stations():
    with FCC.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return tuple(
        EarthStation(
            id=f"{row['callsign']}/{i}",
            holder=row["licensee"],
            latitude_deg=float(row["latitude"]),
            longitude_deg=float(row["longitude"]),
            height_m=3.0,
            low_mhz=float(row["lower_mhz"]),
            high_mhz=float(row["upper_mhz"]),
            source=Provenance(FCC.name, i + 2),
        )
        for i, row in enumerate(rows)
    )


def near(stations, kilometres_north):
    """Return a candidate north of the first station of the list, KA413 at Albright."""
    first = stations[0]
    at = Transmitter("1", first.latitude_deg + kilometres_north / 111.0, first.longitude_deg, 10.0, 30.0)
    return Network("candidate", "h", "applied", 3650.0, 3690.0, (at,))


def test_the_108_protected_earth_stations_of_the_fcc_protect_themselves_where_they_stand():
    # the CBRS constants: -129 dBm/MHz co-channel, within 150 km, at 3625 MHz
    stations = fcc_stations()
    assert len(stations) == 108
    assert len({s.id.split("/")[0] for s in stations}) == 93
    criterion = replace(EARTH_STATION_SUM, i_over_n_db=None, limit_dbm_per_mhz=-129.0)
    policy = replace(
        free_space_policy(criterion, protected_model="p452", distance_limit_km={"earth_station": 150.0}),
        frequency_mhz=3625.0,
    )
    register = Incumbents((), stations)
    refused = coordinate(near(stations, 5.0), register, FlatGround(), policy)
    assert not refused.channels[0].passes
    tightest = refused.channels[0].worst[0]
    assert tightest.victim == "KA413/0"
    assert tightest.model == "p452"
    assert tightest.source.row == 2
    assert all(a.distance_km < 150.0 for a in refused.assessments((3650.0, 3690.0)))
    # the same list protects only those whose band holds the channel
    above = coordinate(near(stations, 5.0), register, FlatGround(), policy, channels=[(4250.0, 4290.0)])
    assert above.channels[0].passes
    assert above.channels[0].tested == 0


def pending(name, day, order=0):
    at = Transmitter("1", 57.0, -6.0, 10.0, 30.0)
    return Network(name, name, "pending", 3800, 3840, (at,), priority_date=day, priority_order=order)


@pytest.mark.parametrize(
    ("name", "day", "order", "protected"),
    [
        ("AAA", date(2026, 2, 20), 0, True),  # an earlier reference does not win a tie, nor does a later one
        ("ZZZ", date(2026, 2, 20), 0, True),
        ("ZZZ", date(2026, 2, 20), 3, False),
        ("AAA", date(2026, 2, 21), 0, False),
        ("ZZZ", date(2026, 2, 19), 9, True),
        ("ZZZ", None, 0, True),  # of no known date: it is not for the candidate to be first
    ],
)
def test_a_pending_entry_of_the_same_or_no_date_is_protected(name, day, order, protected):
    mine = replace(pending("MMM", date(2026, 2, 20), 2), status="applied")
    if order == 0:
        mine = replace(mine, priority_order=0)
    met = Incumbents((pending(name, day, order),)).before(mine)
    assert bool(met.networks) is protected
