"""A base station: where it stands, how high, and what it radiates in which direction."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from comity.casework.application import Record
from comity.programmes.spectrum.site import Latitude, Longitude


class Station(Record):
    """One base station or cell.

    ``eirp_dbm`` is the peak over the whole channel. ``antenna`` is a pattern specification as
    :func:`comity.antennas.from_spec` takes it; without it the station is isotropic in every direction, which
    is the cautious reading.
    """

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")]
    latitude: Latitude
    longitude: Longitude
    height_m: Annotated[float, Field(ge=1, le=1_000, description="antenna centre above ground")]
    indoor: bool = False
    azimuth_deg: Annotated[float, Field(ge=0, lt=360)] = 0.0
    tilt_deg: Annotated[float, Field(ge=-90, le=90, description="positive is down")] = 0.0
    eirp_dbm: Annotated[float, Field(ge=-60, le=80)]
    output_power_w: Annotated[
        float | None, Field(gt=0, le=1_000, description="maximum RF output at the antenna port")
    ] = None
    clear_front_m: Annotated[
        float | None, Field(ge=0, description="free distance ahead to a building higher than the antenna")
    ] = None
    public_distance_m: Annotated[
        float | None,
        Field(ge=0, le=10_000, description="distance on the ground within which nobody can come"),
    ] = None
    polarisation: Literal["vertical", "horizontal", "slant"] = "slant"
    antenna: dict[str, Any] | None = None
