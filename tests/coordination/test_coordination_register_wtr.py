"""Ofcom's Wireless Telegraphy Register: both official layouts, what is taken over, assumed and left out."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest
from coordination_kit import FlatGround, candidate, free_space_policy, without_source, write

from comity.coordination.coordinate import coordinate
from comity.coordination.incumbents import Incumbents
from comity.coordination.wtr import import_wtr
from comity.errors import ComityError
from comity.programmes.spectrum.register import read_register, register_rows

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


def shared(**cells):
    """One row of a shared access licence at 3850 MHz with other cells, in the newer layout."""
    row = {"Licence Number": "S9", "Station Type": "T", "Product Description": "Shared Access Low Power",
           "Frequency (Hz)": "3850000000", "Channel Width (Hz)": "40000000", "Antenna Height": "8",
           "Antenna ERP": "10", "Antenna ERP Unit": "dBW", "Antenna ERP Type": "EIRP"}  # fmt: skip
    return layout(NEW_HEADER, [row | place(57.75, -6.25, NEW_HEADER) | cells])


@pytest.mark.parametrize(
    ("column", "cell", "label"),
    [
        *(("Frequency (Hz)", cell, "Frequency") for cell in ("", "-", "nan", "0", "38_50000000", "3.85 GHz")),
        ("Channel Width (Hz)", "-40000000", "Channel Width"),
        ("Latitude(Deg)", "999", "latitude"),
        ("Longitude(Deg)", "-181", "longitude"),
        ("Longitude(Deg)", "west", "longitude"),
        ("Station Type", "-", "Station Type"),
        ("Antenna ERP", "99999", "Antenna ERP"),
    ],
)
def test_a_wanted_row_that_cannot_be_used_is_told_and_never_dropped_in_silence(tmp_path, column, cell, label):
    text = shared(**{column: cell})
    register, left_out = import_wtr(write(tmp_path, "WTR.csv", text))
    assert register.networks == ()
    assert [p.place for p in left_out] == [f"WTR.csv, row 2, {label}"]


def test_a_frequency_in_a_unit_that_nobody_knows_is_told(tmp_path):
    text = wtr(OLD_HEADER).replace('"MHz"', '"Mc/s"', 1)
    register, left_out = import_wtr(write(tmp_path, "WTR.csv", text))
    assert register.earth_stations == ()
    assert "WTR.csv, row 2, Frequency" in [p.place for p in left_out]


def test_a_column_of_the_official_register_that_is_given_twice_is_refused(tmp_path):
    header, row = shared().strip().split("\r\n")
    with pytest.raises(ComityError) as caught:
        import_wtr(write(tmp_path, "WTR.csv", f'{header},Frequency (Hz)\r\n{row},"1"\r\n'))
    assert [p.place for p in caught.value.problems] == ["WTR.csv, row 1, Frequency (Hz)"]


def test_the_prime_meridian_is_a_longitude_and_not_a_missing_one(tmp_path):
    cells = {"Longitude(Deg)": "0.0", "SID_LONG_DEG": "6", "SID_LONG_MIN": "15"}
    register, left_out = import_wtr(write(tmp_path, "WTR.csv", shared(**cells)))
    assert left_out == ()
    assert register.networks[0].transmitters[0].longitude_deg == 0.0


@pytest.mark.parametrize("part", [{"SID_LONG_MIN": "6o"}, {"SID_LONG_MIN": "75"}, {"SID_LONG_E_W": "O"}])
def test_degrees_and_minutes_that_cannot_be_read_are_no_place(tmp_path, part):
    text = shared(**{"Longitude(Deg)": "-", "SID_LONG_DEG": "6", **part})
    register, left_out = import_wtr(write(tmp_path, "WTR.csv", text))
    assert register.networks == ()
    assert [p.place for p in left_out] == ["WTR.csv, row 2, longitude"]


def test_values_off_every_range_are_taken_as_not_given_and_listed(tmp_path):
    text = wtr(NEW_HEADER).replace('"160"', '"700"').replace('"38"', '"9999"').replace('"22"', '"99999"')
    register, _ = import_wtr(write(tmp_path, "WTR.csv", text))
    assert register.earth_stations[0].azimuth_deg is None
    assert register.fixed_links[0].receiver.gain_dbi == 0.0
    assert register.fixed_links[0].receiver.height_m == 10.0
    places = {p.place for p in register.assumed}
    assert {"WTR.csv, row 2, Antenna AZIMUTH", "WTR.csv, row 4, Antenna Gain"} <= places
    assert "WTR.csv, row 4, Antenna Height" in places


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


def with_column(name, values):
    """Return the register with one cell of every row set, in a new column where the layout has none."""
    header, *rows = csv.reader(wtr(NEW_HEADER).removeprefix("\ufeff").splitlines())
    column = header.index(name) if name in header else len(header)
    header[column : column + 1] = [name]
    for cells in rows:
        licence = cells[0]
        cells[column : column + 1] = [values.get(licence, "-")]
    return "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in [header, *rows])


def test_the_gain_of_a_licence_in_the_official_register_is_what_it_receives_with(tmp_path):
    register, _ = import_wtr(write(tmp_path, "WTR.csv", with_column("Antenna Gain", {"S1": "17"})))
    assert register.networks[0].receivers[0].gain_dbi == 17.0


GROUP = "uk-sal 3800-4200"


def test_a_licence_of_the_official_register_is_synchronised_with_nobody_until_somebody_says_with_whom(
    tmp_path,
):
    (alone,) = import_wtr(write(tmp_path, "WTR.csv", wtr(NEW_HEADER)))[0].networks
    assert alone.sync_group is None
    for heading in ("sync_group", "Sync Group"):
        path = write(tmp_path, "WTR.csv", with_column(heading, {"S1": GROUP}))
        assert import_wtr(path)[0].networks[0].sync_group == GROUP
    assert (
        import_wtr(write(tmp_path, "WTR.csv", wtr(NEW_HEADER)), sync_group=GROUP)[0].networks[0].sync_group
        == GROUP
    )


def test_the_group_of_a_row_counts_before_the_one_for_all(tmp_path):
    path = write(tmp_path, "WTR.csv", with_column("sync_group", {"S1": "another"}))
    assert import_wtr(path, sync_group=GROUP)[0].networks[0].sync_group == "another"


def test_rows_of_one_licence_in_two_groups_belong_to_none_and_are_listed(tmp_path):
    header, *rows = with_column("sync_group", {"S1": GROUP}).split("\r\n")
    (mine,) = [row for row in rows if row.startswith('"S1"')]
    text = "\r\n".join([header, mine, mine.replace(GROUP, "another")])
    register, left_out = import_wtr(write(tmp_path, "WTR.csv", text))
    (shared,) = register.networks
    assert (len(shared.transmitters), shared.sync_group, left_out) == (2, None, ())
    (said,) = [p for p in register.assumed if p.place.endswith("sync_group")]
    assert said.place == "WTR.csv, row 2, sync_group"
    assert f"another, {GROUP}" in said.message


def test_a_group_in_the_official_register_is_what_coordination_and_the_registers_hash_see(tmp_path):
    asked = replace(candidate(), sync_group=GROUP)
    phases, rows = [], []
    for values in ({}, {"S1": GROUP}):
        register = read_register(write(tmp_path, "WTR.csv", with_column("sync_group", values)))
        only = Incumbents(register.networks)
        policy = free_space_policy(synchronisation="assumed")
        phases.append(coordinate(asked, only, FlatGround(), policy).synchronisation[only.networks[0].id][0])
        rows.append(repr(register_rows(register)))
    assert phases == [False, True]
    assert rows[0] != rows[1]


def test_what_the_official_register_lacks_is_told_when_it_is_read(tmp_path, caplog):
    read_register(write(tmp_path, "WTR.csv", wtr(NEW_HEADER)))
    left_out, assumed = (record.getMessage() for record in caplog.records)
    assert "protect nobody" in left_out
    assert "WTR.csv, row 2, Antenna Height" in assumed
