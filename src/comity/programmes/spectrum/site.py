"""Where the network stands: a polygon or a circle, its building, and the right to it."""

from __future__ import annotations

from datetime import date
from math import cos, radians
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from comity.casework.application import Record

#: A site is one place; what is wider takes several applications [m].
WIDEST_M = 25_000.0
_METRES_A_DEGREE = 111_195.0

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class SiteRight(Record):
    """The applicant's right to the site. Its proofs are listed among the documents."""

    kind: Literal["owner", "lease", "authorised", "joint_use"]
    whole_site: bool | None = None
    valid_to: date | None = None


class Site(Record):
    """The establishment site.

    Give ``polygon`` (at least three ``[latitude, longitude]`` corners, not closed, not crossing itself) or
    ``centre`` with ``radius_m``.
    """

    name: str
    polygon: Annotated[tuple[tuple[Latitude, Longitude], ...], Field(max_length=1_000)] | None = None
    centre: tuple[Latitude, Longitude] | None = None
    radius_m: Annotated[float | None, Field(gt=0, le=WIDEST_M / 2)] = None
    indoor: bool
    building: Annotated[
        Literal["traditional", "thermally_efficient"] | None,
        Field(description="building class of Recommendation ITU-R P.2109; needed where stations are indoors"),
    ] = None
    building_height_m: Annotated[
        float | None, Field(gt=0, le=1_000, description="height of the building that stations hang in")
    ] = None
    floors: Annotated[str | None, Field(description="floors used, as B1-3")] = None
    right: SiteRight | None = None

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        circle = self.centre is not None and self.radius_m is not None
        if (self.polygon is None) == (not circle):
            raise ValueError("give either polygon, or centre and radius_m")
        if self.polygon is not None:
            self._check_polygon(self.polygon)
        return self

    @staticmethod
    def _check_polygon(corners: tuple[tuple[float, float], ...]) -> None:
        from shapely import Polygon

        if len(set(corners)) < 3:
            raise ValueError("polygon needs at least three different corners")
        shape = Polygon([(longitude, latitude) for latitude, longitude in corners])
        if not shape.is_valid:
            raise ValueError(
                "polygon crosses itself: give the corners in order around the site, latitude first"
            )
        west, south, east, north = shape.bounds
        wide_m = max(north - south, (east - west) * cos(radians(south))) * _METRES_A_DEGREE
        if wide_m > WIDEST_M:
            raise ValueError(
                f"polygon is {wide_m / 1000:.1f} km wide, at most {WIDEST_M / 1000:g} km; "
                "a larger area takes several applications"
            )
