"""Register files: every error at once with its place; CSV and TOML say the same."""

from __future__ import annotations

from datetime import date

import pytest
from coordination_kit import without_source, write

from comity.antennas import PATTERNS
from comity.coordination.register_file import load_register
from comity.errors import ComityError, MissingError
from comity.rules.load import load_pack

GOOD_CSV = """\
kind,id,holder,status,priority_date,station,latitude,longitude,height_m,low_mhz,high_mhz,eirp_dbm,azimuth_deg,antenna,\
tdd_pattern,special_slot,subcarrier_spacing_khz,clock,site_radius_m,terminals,gain_dbi,rx_latitude,rx_longitude,\
rx_height_m,elevation_deg,noise_temperature_k
network,L1,Farm,in_force,,a,57.30,-6.20,12,3800,3840,42,90,"{""pattern"": ""f1336-sector"", ""gain_dbi"": 15, \
""beamwidth_deg"": 65}",DDDSU,10:2:2,30,gnss,50,yes,,,,,,
network,L1,,,,b,57.31,-6.20,12,,,42,270,,,,,,,,,,,,,
network,P1,Mill,pending,2026-02-01,,57.40,-6.30,8,3840,3860,24,,,,,,,,,,,,,,
earth_station,E1,Teleport,,,,57.50,-6.00,6,3800,4200,,170,,,,,,,,44,,,,28,90
fixed_link,F1,Carrier,,,,57.10,-6.10,30,4000,4030,60,,,,,,,,,38,57.20,-6.00,25,,
"""


GOOD_TOML = """
[[network]]
id = "L1"
holder = "Farm"
low_mhz = 3800
high_mhz = 3840
tdd_pattern = "DDDSU"
special_slot = "10:2:2"
subcarrier_spacing_khz = 30
clock = "gnss"
site_radius_m = 50
terminals = true
[[network.station]]
id = "a"
latitude = 57.30
longitude = -6.20
height_m = 12
eirp_dbm = 42
azimuth_deg = 90
antenna = { pattern = "f1336-sector", gain_dbi = 15, beamwidth_deg = 65 }
[[network.station]]
id = "b"
latitude = 57.31
longitude = -6.20
height_m = 12
eirp_dbm = 42
azimuth_deg = 270

[[network]]
id = "P1"
holder = "Mill"
status = "pending"
priority_date = 2026-02-01
low_mhz = 3840
high_mhz = 3860
[[network.station]]
latitude = 57.40
longitude = -6.30
height_m = 8
eirp_dbm = 24

[[earth_station]]
id = "E1"
holder = "Teleport"
latitude = 57.50
longitude = -6.00
height_m = 6
low_mhz = 3800
high_mhz = 4200
azimuth_deg = 170
elevation_deg = 28
gain_dbi = 44
noise_temperature_k = 90

[[fixed_link]]
id = "F1"
holder = "Carrier"
latitude = 57.10
longitude = -6.10
height_m = 30
gain_dbi = 38
eirp_dbm = 60
low_mhz = 4000
high_mhz = 4030
rx_latitude = 57.20
rx_longitude = -6.00
rx_height_m = 25
"""


def test_csv_and_toml_say_the_same(tmp_path):
    from_csv = load_register(write(tmp_path, "r.csv", GOOD_CSV))
    from_toml = load_register(write(tmp_path, "r.toml", GOOD_TOML))
    assert without_source(from_csv) == without_source(from_toml)
    farm = from_csv.networks[0]
    assert [t.id for t in farm.transmitters] == ["a", "b"]
    assert farm.terminals is not None
    assert farm.area is not None
    assert farm.area.radius_m == 50.0
    assert from_csv.networks[1].status == "pending"


def test_every_row_knows_where_it_came_from(tmp_path):
    path = write(tmp_path, "r.csv", GOOD_CSV)
    register = load_register(path)
    assert register.networks[1].source.row == 4
    assert register.earth_stations[0].source.row == 5
    ((name, sha256),) = register.sources
    assert name == "r.csv"
    assert register.fixed_links[0].source.sha256 == sha256


BAD_CSV = """\
kind,id,holder,latitude,longitude,height_m,low_mhz,high_mhz,eirp_dbm,antenna,heigth_m
network,L1,Farm,97.3,-6.20,12,3800,3840,900,,
network,L2,Farm,57.3,-6.20,tall,3840,3800,40,"{""pattern"": ""f1336-sektor""}",
satellite,S1,Sky,57.3,-6.2,1,3800,4200,,,
earth_station,L1,Teleport,57.5,,6,3800,4200,,,
network,L3,Farm,57.3,-6.2,20000,3800,3840,nan,,
"""


def test_all_errors_come_at_once_each_with_row_column_and_what_is_accepted(tmp_path):
    with pytest.raises(ComityError) as caught:
        load_register(write(tmp_path, "bad.csv", BAD_CSV))
    places = {p.place for p in caught.value.problems}
    assert {
        "bad.csv, row 1, heigth_m",
        "bad.csv, row 2, latitude",
        "bad.csv, row 2, eirp_dbm",
        "bad.csv, row 3, height_m",
        "bad.csv, row 3, high_mhz",
        "bad.csv, row 3, antenna.pattern",
        "bad.csv, row 4, kind",
        "bad.csv, row 5, longitude",
        "bad.csv, row 6, height_m",
        "bad.csv, row 6, eirp_dbm",
        "bad.csv",
    } == places
    by_place = {p.place: p for p in caught.value.problems}
    assert by_place["bad.csv, row 2, eirp_dbm"].accepted == "-60 to 80 dBm"
    assert "height_m" in by_place["bad.csv, row 1, heigth_m"].accepted
    assert "L1" in by_place["bad.csv"].message
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("r.csv", "id,latitude\nL1,57\n", "kind"),
        ("r.csv", "", "kind"),
        ("r.csv", "kind,id\nnetwork,L1,more,cells\n", "more cells"),
        ("r.toml", "[[network]\n", "r.toml"),
        ("r.toml", "network = 3\n", "list of tables"),
        ("r.toml", "[[network]]\nid='L'\nlow_mhz=3800\nhigh_mhz=3840\n", "station"),
        ("r.toml", "[[satellite]]\nid='L'\n", "satellite"),
    ],
)
def test_a_file_of_another_form_is_refused_in_words(tmp_path, name, text, word):
    with pytest.raises(ComityError) as caught:
        load_register(write(tmp_path, name, text))
    assert word in caught.value.render()


def test_a_column_that_is_given_twice_is_refused_and_the_last_does_not_win(tmp_path):
    header, row, *_ = BAD_CSV.splitlines()
    text = f"{header},eirp_dbm\n{row.replace('97.3', '57.3').replace('900', '40')},-60\n"
    with pytest.raises(ComityError) as caught:
        load_register(write(tmp_path, "r.csv", text))
    assert "r.csv, row 1, eirp_dbm" in [p.place for p in caught.value.problems]


@pytest.mark.parametrize("value", ["4_5", "nan", "9" * 5000])
def test_what_only_looks_like_a_number_is_refused_in_few_words(tmp_path, value):
    text = GOOD_CSV.replace(",42,90,", f",{value},90,")
    with pytest.raises(ComityError) as caught:
        load_register(write(tmp_path, "r.csv", text))
    (problem,) = caught.value.problems
    assert problem.place == "r.csv, row 2, eirp_dbm"
    assert len(problem.message) < 120


@pytest.mark.parametrize(
    ("name", "old", "new", "place"),
    [
        ("r.toml", "2026-02-01", "2026-02-01T08:00:00", "r.toml, network 2, priority_date"),
        ("r.toml", "eirp_dbm = 42", "eirp_dbm = 0x" + "f" * 5000, "r.toml, network 1, station 1, eirp_dbm"),
        ("r.toml", "eirp_dbm = 42", "eirp_dbm = " + "9" * 5000, "r.toml"),
        ("r.toml", "antenna = {", "antenna = " + "[" * 100_000 + "{", "r.toml"),
        ("r.csv", '{""pattern""', "[" * 100_000, "r.csv, row 2, antenna"),
    ],
    ids=["a time for a day", "hex", "digits", "deep TOML", "deep JSON"],
)
def test_a_hostile_value_is_a_problem_with_a_place_and_no_defect(tmp_path, name, old, new, place):
    text = (GOOD_TOML if name == "r.toml" else GOOD_CSV).replace(old, new, 1)
    assert new in text
    with pytest.raises(ComityError) as caught:
        load_register(write(tmp_path, name, text))
    assert [p.place for p in caught.value.problems] == [place]


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path):
    with pytest.raises(MissingError, match="no such register"):
        load_register(tmp_path / "absent.csv")
    (tmp_path / "r.csv").write_bytes(b"kind,id\n\xff\xfe\n")
    with pytest.raises(ComityError, match="cannot be read"):
        load_register(tmp_path / "r.csv")


def test_rows_of_one_network_must_not_contradict_each_other(tmp_path):
    text = GOOD_CSV.replace("network,L1,,,,b,57.31,-6.20,12,,", "network,L1,Mill,,,b,57.31,-6.20,12,3810,")
    with pytest.raises(ComityError) as caught:
        load_register(write(tmp_path, "r.csv", text))
    assert {p.place for p in caught.value.problems} == {"r.csv, row 3, holder", "r.csv, row 3, low_mhz"}


ROW = "kind,id,holder,status,priority_date,latitude,longitude,height_m,low_mhz,high_mhz,eirp_dbm,terminals\n"


def test_a_pending_row_without_a_date_and_a_height_below_one_metre_are_refused_with_their_place(tmp_path):
    rows = "network,A,h,pending,,57,-6,10,3800,3840,30,\nnetwork,B,h,in_force,,57,-6,0,3800,3840,30,\n"
    with pytest.raises(ComityError) as caught:
        load_register(write(tmp_path, "r.csv", ROW + rows))
    places = {p.place for p in caught.value.problems}
    assert places == {"r.csv, row 2, priority_date", "r.csv, row 3, height_m"}


def test_a_mobile_network_has_terminals_unless_its_row_denies_them(tmp_path):
    rows = "network,A,h,in_force,,57,-6,10,3800,3840,30,\nnetwork,B,h,in_force,,57,-6,10,3800,3840,30,false\n"
    with_some, without = load_register(write(tmp_path, "r.csv", ROW + rows)).networks
    assert with_some.terminals is not None
    assert without.terminals is None


@pytest.mark.parametrize("kind", ["network", "earth_station"])
def test_the_pattern_of_a_dish_is_no_base_station_antenna_in_a_register_either(tmp_path, kind):
    dish = '"{""pattern"": ""f699"", ""gain_dbi"": 40}"'
    header = "kind,id,latitude,longitude,height_m,low_mhz,high_mhz,eirp_dbm,antenna\n"
    power = "40" if kind == "network" else ""
    path = write(tmp_path, "r.csv", f"{header}{kind},L1,57.3,-6.2,12,3800,3840,{power},{dish}\n")
    if kind == "earth_station":
        assert load_register(path).earth_stations[0].antenna == {"pattern": "f699", "gain_dbi": 40}
        return
    with pytest.raises(ComityError) as caught:
        load_register(path)
    (problem,) = caught.value.problems
    assert (problem.place, problem.message) == (
        "r.csv, row 2, antenna.pattern",
        "f699 is no pattern of a base station",
    )
    assert problem.accepted is not None
    assert "f1336-sector" in problem.accepted


@pytest.mark.parametrize("regime", ["tw-mbd", "uk-sal"])
@pytest.mark.parametrize("family", PATTERNS)
def test_a_register_takes_the_antennas_of_base_stations_that_the_regime_takes(tmp_path, regime, family):
    families = load_pack(regime).find_fact("radio.base_antenna_patterns", date(2026, 3, 2)).value
    text = GOOD_CSV.replace("f1336-sector", family)
    try:
        load_register(write(tmp_path, "r.csv", text))
        refused = False
    except ComityError as error:
        refused = "is no pattern of a base station" in error.render()
    assert refused is (family not in families)
