"""Base-station array of 3GPP TR 37.840, section 5.4.4.2, whose element is also that of TR 38.901, Table 7.3-1."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.antennas._maths import cos_deg, log10, sin_deg
from comity.antennas.pattern import directions
from comity.propagation._validity import Validity

Float = NDArray[np.float64]

_HALF_TURN_DEG = 180.0


@dataclass(frozen=True, slots=True)
class Element:
    """One radiating element: two parabolic cuts with a common floor.

    Parameters
    ----------
    max_gain_dbi : maximum gain G_E,max [dBi], -10 to 20
    azimuth_beamwidth_deg, elevation_beamwidth_deg : 3 dB beamwidths [deg], 1 to 360 and 1 to 180
    front_to_back_db : greatest loss A_m in azimuth and in all [dB], 0 to 60
    side_lobe_db : greatest loss SLA_v in elevation [dB], 0 to 60

    Notes
    -----
    3GPP TR 38.901, Table 7.3-1, and TR 37.840, Table 5.4.4.2.1-1 (with 65 deg, 30 dB, 8 dBi).
    """

    max_gain_dbi: float = 8.0
    azimuth_beamwidth_deg: float = 65.0
    elevation_beamwidth_deg: float = 65.0
    front_to_back_db: float = 30.0
    side_lobe_db: float = 30.0

    def __post_init__(self) -> None:
        check = Validity("3GPP TR 38.901, Table 7.3-1")
        check.within("max_gain_dbi", self.max_gain_dbi, -10.0, 20.0, "dBi")
        check.within("azimuth_beamwidth_deg", self.azimuth_beamwidth_deg, 1.0, 360.0, "deg")
        check.within("elevation_beamwidth_deg", self.elevation_beamwidth_deg, 1.0, 180.0, "deg")
        check.within("front_to_back_db", self.front_to_back_db, 0.0, 60.0, "dB")
        check.within("side_lobe_db", self.side_lobe_db, 0.0, 60.0, "dB")
        check.raise_problems()

    @property
    def peak_gain_dbi(self) -> float:
        """Greatest gain [dBi]."""
        return self.max_gain_dbi

    def gain_dbi(self, azimuth_deg: ArrayLike, elevation_deg: ArrayLike) -> Float:
        """Gain [dBi]; see :meth:`~comity.antennas.pattern.Pattern.gain_dbi`."""
        azimuth, elevation = directions(azimuth_deg, elevation_deg)
        x_h, x_v = azimuth / self.azimuth_beamwidth_deg, elevation / self.elevation_beamwidth_deg
        loss_h = np.minimum(12.0 * x_h * x_h, self.front_to_back_db)
        loss_v = np.minimum(12.0 * x_v * x_v, self.side_lobe_db)
        return np.asarray(self.max_gain_dbi - np.minimum(loss_h + loss_v, self.front_to_back_db))


@dataclass(frozen=True, slots=True)
class Array:
    """Planar array of equal elements with one steered beam.

    Parameters
    ----------
    element : pattern of one element
    rows, columns : elements above each other and side by side, 1 to 64
    row_spacing, column_spacing : distances in wavelengths, 0.3 to 2
    steer_azimuth_deg : beam direction off boresight [deg], -90 to 90, positive clockwise
    steer_elevation_deg : beam direction off boresight [deg], -90 to 90, positive upwards

    Notes
    -----
    3GPP TR 37.840, Table 5.4.4.2.3-1 with correlation 1 and equal amplitudes; its double sum over the elements
    is a product of two geometric series, which are summed in closed form.
    """

    element: Element = field(default_factory=Element)
    rows: int = 8
    columns: int = 8
    row_spacing: float = 0.5
    column_spacing: float = 0.5
    steer_azimuth_deg: float = 0.0
    steer_elevation_deg: float = 0.0

    def __post_init__(self) -> None:
        check = Validity("3GPP TR 37.840, section 5.4.4.2")
        check.one_of("rows", self.rows, range(1, 65))
        check.one_of("columns", self.columns, range(1, 65))
        check.within("row_spacing", self.row_spacing, 0.3, 2.0, "wavelengths")
        check.within("column_spacing", self.column_spacing, 0.3, 2.0, "wavelengths")
        check.within("steer_azimuth_deg", self.steer_azimuth_deg, -90.0, 90.0, "deg")
        check.within("steer_elevation_deg", self.steer_elevation_deg, -90.0, 90.0, "deg")
        check.raise_problems()

    @property
    def peak_gain_dbi(self) -> float:
        """Gain in the steered direction [dBi]."""
        return float(self.gain_dbi(self.steer_azimuth_deg, self.steer_elevation_deg))

    def gain_dbi(self, azimuth_deg: ArrayLike, elevation_deg: ArrayLike) -> Float:
        """Gain [dBi]; see :meth:`~comity.antennas.pattern.Pattern.gain_dbi`."""
        azimuth, elevation = directions(azimuth_deg, elevation_deg)
        across = cos_deg(elevation) * sin_deg(azimuth)
        steered_across = cos_deg(self.steer_elevation_deg) * sin_deg(self.steer_azimuth_deg)
        up = sin_deg(elevation) - sin_deg(self.steer_elevation_deg)
        factor = _array_factor(self.row_spacing * up, self.rows) * _array_factor(
            self.column_spacing * (across - steered_across), self.columns
        )
        return self.element.gain_dbi(azimuth, elevation) + 10.0 * log10(np.maximum(factor, 1e-12))


@dataclass(frozen=True, slots=True)
class ArrayEnvelope:
    """The most that an array can radiate into each direction while its beam is anywhere in a steering range.

    What a victim must be protected from when beams follow the terminals. The value is an upper bound: per axis
    the array factor's side lobes are replaced by their envelope.

    Parameters
    ----------
    array : the array; its own steering is not used
    azimuth_limit_deg : beams go this far to both sides of boresight [deg], 0 to 90
    lowest_elevation_deg, highest_elevation_deg : steering range in elevation off boresight [deg], -90 to 90
    """

    array: Array = field(default_factory=Array)
    azimuth_limit_deg: float = 60.0
    lowest_elevation_deg: float = -30.0
    highest_elevation_deg: float = 0.0

    def __post_init__(self) -> None:
        check = Validity("steering envelope of an array")
        check.within("azimuth_limit_deg", self.azimuth_limit_deg, 0.0, 90.0, "deg")
        check.within("lowest_elevation_deg", self.lowest_elevation_deg, -90.0, 90.0, "deg")
        check.within(
            "highest_elevation_deg", self.highest_elevation_deg, self.lowest_elevation_deg, 90.0, "deg"
        )
        check.raise_problems()

    @property
    def peak_gain_dbi(self) -> float:
        """Greatest gain [dBi]."""
        return self.array.element.max_gain_dbi + 10.0 * float(log10(self.array.rows * self.array.columns))

    def gain_dbi(self, azimuth_deg: ArrayLike, elevation_deg: ArrayLike) -> Float:
        """Upper bound of the gain [dBi]; see :meth:`~comity.antennas.pattern.Pattern.gain_dbi`."""
        azimuth, elevation = directions(azimuth_deg, elevation_deg)
        array = self.array
        across = cos_deg(elevation) * sin_deg(azimuth)
        flattest = min(max(0.0, self.lowest_elevation_deg), self.highest_elevation_deg)
        reach = cos_deg(flattest) * sin_deg(self.azimuth_limit_deg)
        factor = _envelope_factor(
            array.row_spacing * (sin_deg(elevation) - sin_deg(self.highest_elevation_deg)),
            array.row_spacing * (sin_deg(elevation) - sin_deg(self.lowest_elevation_deg)),
            array.rows,
        ) * _envelope_factor(
            array.column_spacing * (across - reach), array.column_spacing * (across + reach), array.columns
        )
        return array.element.gain_dbi(azimuth, elevation) + 10.0 * log10(factor)


def _array_factor(phase: Float, count: int) -> Float:
    """Power of ``count`` unit phasors, ``phase`` turns apart, over ``count``: from 0 to ``count``."""
    below = sin_deg(phase * _HALF_TURN_DEG)
    above = sin_deg(phase * _HALF_TURN_DEG * count)
    in_step = np.abs(below) < 1e-9
    ratio = above / np.where(in_step, 1.0, below)
    return np.where(in_step, float(count), ratio * ratio / count)


def _envelope_factor(first: Float, last: Float, count: int) -> Float:
    """Upper bound of the array factor over every phase between ``first`` and ``last`` (turns)."""
    in_step = np.floor(last + 1e-12) >= np.ceil(first - 1e-12)
    nearest = np.minimum(first - np.floor(first), np.ceil(last) - last)
    sine = sin_deg(nearest * _HALF_TURN_DEG)
    bound = 1.0 / (count * np.maximum(sine * sine, 1e-18))
    return np.where(in_step, float(count), np.minimum(bound, float(count)))
