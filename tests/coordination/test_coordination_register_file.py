"""Register files: every error at once with its place; CSV and TOML say the same; real and official layouts."""

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
from comity.coordination.register_file import load_register
from comity.coordination.wtr import import_wtr
from comity.errors import ComityError, MissingError

FCC = Path(__file__).parents[1] / "data" / "registers" / "fcc_cbrs_3550_3700_protected_fss.csv"

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


def write(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def without_source(register):
    bare = Provenance()
    return tuple(
        tuple(replace(item, source=bare) for item in group)
        for group in (register.networks, register.earth_stations, register.fixed_links)
    )


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


NEW_HEADER = (
    "Licence Number,License Issue Date,SID_LAT_N_S,SID_LAT_DEG,SID_LAT_MIN,SID_LAT_SEC,SID_LONG_E_W,SID_LONG_DEG,"
    "SID_LONG_MIN,SID_LONG_SEC,NGR,Frequency (Hz),Station Type,Channel Width (Hz),Height Above Sea Level,Antenna ERP,"
    "Antenna ERP Unit,Antenna ERP Type,Antenna Type,Antenna Gain,Antenna AZIMUTH,Horizontal Elements,"
    "Vertical Elements,Antenna Height,Antenna Location,EFL_UPPER_LOWER,Antenna Direction,Antenna Elevation,"
    "Antenna Polarisation,Antenna Name,Feeding Loss,Fade Margin,Emission Code,Licencee Surname,Licencee First Name,"
    "Licencee Company,Status,Tradeable,Publishable,Product Code,Product Description,Latitude(Deg),Longitude(Deg)"
)
OLD_HEADER = (
    "Licence Number,Licence issue date,SID_LAT_N_S,SID_LAT_DEG,SID_LAT_MIN,SID_LAT_SEC,SID_LONG_E_W,SID_LONG_DEG,"
    "SID_LONG_MIN,SID_LONG_SEC,NGR,Frequency,Frequency Type,Station Type,Channel Width,Channel Width type,"
    "Height above sea level,Antenna ERP,Antenna ERP type,Antenna Type,Antenna Gain,Antenna AZIMUTH,"
    "Horizontal Elements,Vertical Elements,Antenna Height,Antenna Location,EFL_UPPER_LOWER,Antenna Direction,"
    "Antenna Elevation,Antenna Polarisation,Antenna Name,Feeding Loss,Fade Margin,Emission Code,AP_COMMENT_INTERN,"
    "Vector,Licencee Surname,Licencee First Name,Licencee Company,Status,Tradeable,Publishable,Product Code,"
    "Product Description,Product Description 31,Product Description 32"
)
#: Invented rows in the official layout: no extract of the real register may be shipped.
COMMON = {"SID_LAT_N_S": "N", "SID_LONG_E_W": "W", "Licencee Company": "Example plc", "Status": "Live"}
DISH = {
    "Product Description": "Satellite (Permanent Earth Station)",
    "Antenna Elevation": "27",
    "Antenna AZIMUTH": "160",
}
LINK = {
    "Product Description": "Fixed Links",
    "Antenna Polarisation": "V",
    "Antenna Gain": "38",
    "Antenna Height": "22",
}


def layout(header, rows):
    names = header.split(",")
    lines = [header]
    for row in rows:
        lines.append(",".join(f'"{(COMMON | row).get(name, "-")}"' for name in names))
    return "\ufeff" + "\r\n".join(lines) + "\r\n"


def place(lat, lon, header):
    if "Latitude(Deg)" in header:
        return {
            "Latitude(Deg)": str(lat),
            "Longitude(Deg)": str(lon),
            "SID_LAT_DEG": "1",
            "SID_LONG_DEG": "1",
        }
    degrees = {}
    for name, value in (("LAT", lat), ("LONG", -lon)):
        whole = int(value)
        minutes = int((value - whole) * 60)
        seconds = ((value - whole) * 60 - minutes) * 60
        parts = zip(("DEG", "MIN", "SEC"), (whole, minutes, round(seconds, 6)), strict=True)
        degrees |= {f"SID_{name}_{part}": str(v) for part, v in parts}
    return degrees


def wtr(header):
    hertz = "Frequency (Hz)" in header

    def at(mhz, width, lat, lon):
        tuned = (
            {"Frequency (Hz)": f"{mhz * 1e6:.0f}", "Channel Width (Hz)": f"{width * 1e6:.0f}"}
            if hertz
            else {
                "Frequency": str(mhz),
                "Frequency Type": "MHz",
                "Channel Width": str(width),
                "Channel Width type": "MHz",
            }
        )
        return tuned | place(lat, lon, header)

    code = {} if hertz else {"Product Description 31": "301010"}
    power = {"Antenna ERP": "30", "Antenna ERP Unit": "dBW", "Antenna ERP Type": "EIRP"}
    if not hertz:
        power = {"Antenna ERP": "30", "Antenna ERP type": "EIRP dBW"}
    return layout(
        header,
        [
            {"Licence Number": "D1", "Station Type": "R"} | DISH | at(4000.0, 36.0, 57.5, -6.25),
            {"Licence Number": "F1", "Station Type": "T"} | LINK | code | power | at(4010.0, 30.0, 57.25, -6.5),
            {"Licence Number": "F1", "Station Type": "R"} | LINK | code | at(4010.0, 30.0, 57.5, -6.5),
            {"Licence Number": "F2", "Station Type": "T"} | LINK | code | power | at(4100.0, 30.0, 57.25, -6.5),
            {"Licence Number": "F3", "Station Type": "T"} | LINK | code | power | at(7500.0, 30.0, 57.25, -6.5),
            {"Licence Number": "S1", "Station Type": "T", "Product Description": "Shared Access Low Power",
             "Antenna Height": "8", "Licencee Company": "-", "Licencee Surname": "Private",
             "Antenna Location": "Indoor"}
            | power | at(3850.0, 40.0, 57.75, -6.25),
            {"Licence Number": "S2", "Station Type": "T", "Product Description": "Shared Access Low Power"}
            | at(3850.0, 40.0, 57.75, -6.25),
            {"Licence Number": "B1", "Station Type": "T", "Product Description": "BR Tech Assigned"}
            | at(3900.0, 1.0, 57.75, -6.25),
        ],
    )  # fmt: skip


@pytest.mark.parametrize("header", [NEW_HEADER, OLD_HEADER], ids=["new header", "old header"])
def test_the_wireless_telegraphy_register_is_read_by_header_names(tmp_path, header):
    register, left_out = import_wtr(write(tmp_path, "WTR.csv", wtr(header)))
    (dish,) = register.earth_stations
    assert (dish.low_mhz, dish.high_mhz) == (3982.0, 4018.0)
    assert (dish.azimuth_deg, dish.elevation_deg) == (160.0, 27.0)
    assert dish.latitude_deg == pytest.approx(57.5)
    assert dish.longitude_deg == pytest.approx(-6.25)
    (link,) = register.fixed_links
    assert link.transmitter.latitude_deg == pytest.approx(57.25)
    assert link.receiver.latitude_deg == pytest.approx(57.5)
    assert link.eirp_dbm == pytest.approx(60.0)
    assert link.polarisation == "vertical"
    assert link.receiver.gain_dbi == 38.0
    (shared,) = register.networks
    assert (shared.low_mhz, shared.high_mhz) == (3830.0, 3870.0)
    assert shared.transmitters[0].indoor
    assert shared.transmitters[0].eirp_dbm == pytest.approx(60.0)
    places = [p.place for p in left_out]
    assert places == ["WTR.csv, row 8, Antenna ERP", "WTR.csv, row 5, Station Type"]
    assert register.unusable == 2


def test_the_order_of_the_columns_does_not_matter(tmp_path):
    text = wtr(NEW_HEADER).removeprefix("\ufeff")
    rows = list(csv.reader(text.splitlines()))
    backwards = "\r\n".join(",".join(f'"{cell}"' for cell in row[::-1]) for row in rows)
    first = import_wtr(write(tmp_path, "WTR.csv", text))[0]
    assert without_source(import_wtr(write(tmp_path, "B.csv", backwards))[0]) == without_source(first)


def test_names_of_persons_are_not_taken_over(tmp_path):
    register, _ = import_wtr(write(tmp_path, "WTR.csv", wtr(NEW_HEADER)))
    assert register.networks[0].holder == "a person"
    assert "Private" not in repr(register)


def test_a_file_that_is_not_the_register_is_refused_with_the_columns_it_lacks(tmp_path):
    with pytest.raises(ComityError) as caught:
        import_wtr(write(tmp_path, "user.csv", "RADIO_ID,CALLSIGN\n1,G4ABC\n"))
    assert "Licence Number" in caught.value.render()
    assert "Frequency (Hz) or Frequency" in caught.value.render()


@pytest.mark.parametrize(
    ("power", "unit", "kind", "expected"),
    [
        ("30", "dBW", "EIRP", 60.0),
        ("100", "W", "ERP", 52.15),
        ("20", "dBm", "", 20.0),
        ("-", "dBW", "EIRP", None),
        ("30", "", "", None),
        ("0", "W", "EIRP", None),
    ],
)
def test_power_needs_a_unit_and_erp_counts_against_a_dipole(power, unit, kind, expected):
    from comity.coordination.wtr_values import eirp_dbm

    assert eirp_dbm(power, unit, kind) == (None if expected is None else pytest.approx(expected, abs=0.005))


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


def test_a_missing_height_of_the_official_register_is_assumed_and_listed(tmp_path):
    register, _ = import_wtr(write(tmp_path, "WTR.csv", wtr(NEW_HEADER)))
    assert register.earth_stations[0].height_m == 10.0
    assert {p.place for p in register.assumed} == {
        "WTR.csv, row 2, Antenna Height",
        "WTR.csv, row 8, Antenna Height",
    }
    (shared,) = register.networks
    assert shared.terminals is not None
    assert shared.receivers[0].gain_dbi is None


def test_the_gain_of_a_licence_in_the_official_register_is_what_it_receives_with(tmp_path):
    text = wtr(NEW_HEADER)
    header, *rows = text.removeprefix("\ufeff").split("\r\n")
    names = header.split(",")
    changed = [header]
    for cells in csv.reader(rows):
        if cells and "Shared" in " ".join(cells):
            cells[names.index("Antenna Gain")] = "17"
        changed.append(",".join(f'"{cell}"' for cell in cells))
    register, _ = import_wtr(write(tmp_path, "WTR.csv", "\r\n".join(changed)))
    assert register.networks[0].receivers[0].gain_dbi == 17.0
