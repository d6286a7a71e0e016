"""Three invented sites on Skye that harm one invented earth station: each alone keeps its limit, any two do not.

The ground is real. The sites lie 10 to 20 km apart behind hills, so that their networks do not meet; all that stands
between them is what their powers sum to at the earth station. Each is given the power with which it alone keeps the
limit by 1 dB. The limits of the UK pack for earth stations are assumptions: the second site is referred to an officer
and not refused. Granted it is not.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from comity.casework.decide import decide
from comity.coordination.incumbents import EarthStation, Incumbents
from comity.office.desk_spectrum import SpectrumDesk
from comity.office.desks import DESKS
from comity.programmes.spectrum.application import SpectrumApplication

EXAMPLE = Path(__file__).parents[2] / "examples" / "uk-skye-distillery-medium.toml"
STATION = EarthStation(
    id="ES-TEST", holder="Invented receive site", latitude_deg=57.27, longitude_deg=-6.30, height_m=5.0,
    low_mhz=3800.0, high_mhz=4200.0, azimuth_deg=310.0, elevation_deg=8.0,
)  # fmt: skip
CHANNEL = {"low_mhz": 3865, "high_mhz": 3885}
#: Latitude, longitude [deg], azimuth towards the earth station [deg].
PLACES = ((57.3375, -6.19, 221), (57.35, -6.43, 139), (57.4125, -6.55, 137))
SPARE_DB = 1.0


def site(number: int) -> SpectrumApplication:
    """Return the application for one of the sites; numbers beyond the last begin again with the first."""
    place = number % len(PLACES)
    return _application(number, *PLACES[place], eirp_dbm=_eirp_dbm(place))


@cache
def _eirp_dbm(place: int) -> float:
    """Return the power with which the site alone keeps the earth station's limit by ``SPARE_DB``."""
    tried_dbm = 36.0
    desk = SpectrumDesk(Incumbents(earth_stations=(STATION,)))
    application = _application(place, *PLACES[place], eirp_dbm=tried_dbm)
    decision = decide(application, desk.world([], date(2026, 3, 2)), desk.programme, alternatives=False)
    (margin_db,) = [f.margin for f in decision.findings if f.rule == "C-earth-station-long-term"]
    return round(tried_dbm + margin_db - SPARE_DB, 1)


def _application(
    number: int, latitude: float, longitude: float, azimuth_deg: float, eirp_dbm: float
) -> SpectrumApplication:
    document = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    document["reference"] = f"TEST-{number}"
    document["site"] |= {"centre": [latitude, longitude], "radius_m": 20}
    document["stations"][0] |= {
        "latitude": latitude, "longitude": longitude, "azimuth_deg": azimuth_deg, "eirp_dbm": eirp_dbm,
    }  # fmt: skip
    document["radio"]["channels"] = [CHANNEL]
    document.pop("register_file", None)
    return SpectrumApplication.model_validate(document)


def open_desk() -> SpectrumDesk:
    """Open the spectrum desk with the one earth station to protect."""
    desk = SpectrumDesk(Incumbents(earth_stations=(STATION,)))
    DESKS["spectrum"] = desk
    return desk
