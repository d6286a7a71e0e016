"""Four invented sites on Skye that harm one invented earth station: each alone keeps its limit, any two do not.

The ground is real. The sites lie 5 to 20 km apart behind hills, so that their networks do not meet; all that stands
between them is what their powers sum to at the earth station. The limits of the UK pack for earth stations are
assumptions: the second site is referred to an officer and not refused. Granted it is not.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

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
#: Latitude, longitude [deg], azimuth towards the earth station [deg], EIRP [dBm].
PLACES = (
    (57.3125, -6.23, 222, 39),
    (57.3625, -6.43, 143, 36),
    (57.4625, -6.51, 149, 37),
    (57.4000, -6.51, 139, 40),
)


def site(number: int) -> SpectrumApplication:
    """Return the application for one of the sites; numbers beyond the last begin again with the first."""
    latitude, longitude, azimuth_deg, eirp_dbm = PLACES[number % len(PLACES)]
    document = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    document["reference"] = f"TEST-{number}"
    document["site"] |= {"centre": [latitude, longitude], "radius_m": 100}
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
