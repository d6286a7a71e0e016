"""Gains of many antennas in many directions: one call of each distinct pattern."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from comity.coordination._angles import into_antenna_frame, off_axis_deg
from comity.coordination.ends import Ends

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Statistic = Literal["peak", "average"]


@lru_cache(maxsize=4096)
def pattern(spec: str, statistic: Statistic, frequency_mhz: float) -> Any:
    """Return the radiation pattern of a canonical specification, at a frequency where it names none [MHz]."""
    from comity.antennas import from_spec

    return from_spec(json.loads(spec), statistic, frequency_mhz=frequency_mhz)


@lru_cache(maxsize=4096)
def peak_dbi(spec: str, frequency_mhz: float) -> float:
    """Return the largest gain of a pattern [dBi]; 0 for isotropic."""
    if not spec:
        return 0.0
    return float(pattern(spec, "peak", frequency_mhz).peak_gain_dbi)


def peaks(ends: Ends) -> Float:
    """Return the largest gain of every antenna less feeder loss (n,) [dBi]: the record's, else its pattern's."""
    own = (
        np.array([peak_dbi(spec, ends.frequency_mhz) for spec in ends.specs] or [0.0])[ends.antenna]
        - ends.feeder_loss_db
    )
    return np.where(np.isnan(ends.peak_dbi), own, ends.peak_dbi)


def discriminations(
    ends: Ends,
    rows: Int,
    azimuth_deg: Float,
    elevations_deg: tuple[Float, ...],
    anywhere: NDArray[np.bool_],
    statistic: Statistic,
) -> Float:
    """Return how far the gain lies below the peak in a direction (m,) [dB], the least over its elevations.

    Parameters
    ----------
    ends : antennas
    rows : int64 (m,), antenna of every direction
    azimuth_deg : float64 (m,), direction of the far end from true north
    elevations_deg : one or more float64 (m,), elevations at which the signal may leave or arrive
    anywhere : bool (m,), the far end may stand in every direction: nothing is discriminated
    statistic : side-lobe statistic of the pattern
    """
    out = np.zeros(rows.size)
    antenna = ends.antenna[rows]
    for code in np.unique(antenna):
        spec = ends.specs[code]
        if not spec:
            continue
        chosen = np.flatnonzero((antenna == code) & ~anywhere)
        gain = np.full(chosen.size, -np.inf)
        for i, elevation in enumerate(elevations_deg):
            other = np.flatnonzero(elevation[chosen] != elevations_deg[0][chosen]) if i else slice(None)
            part = chosen[other]
            found = _gains(ends, rows[part], azimuth_deg[part], elevation[part], spec, statistic)
            gain[other] = np.maximum(gain[other], found)
        out[chosen] = peak_dbi(spec, ends.frequency_mhz) - gain
    return out


def _gains(
    ends: Ends, rows: Int, azimuth_deg: Float, elevation_deg: Float, spec: str, statistic: Statistic
) -> Float:
    found = pattern(spec, statistic, ends.frequency_mhz)
    if not ends.axis.shape[1] or not rows.size or np.isnan(ends.axis[rows[0], 0, 0]):
        frame = into_antenna_frame(azimuth_deg, elevation_deg, ends.azimuth_deg[rows], ends.tilt_deg[rows])
        return np.asarray(found.gain_dbi(*frame))
    best = np.full(rows.size, -np.inf)
    for k in range(ends.axis.shape[1]):
        axis_azimuth, axis_elevation = ends.axis[rows, k, 0], ends.axis[rows, k, 1]
        used = ~np.isnan(axis_azimuth)
        towards = np.where(np.isinf(axis_azimuth), azimuth_deg, axis_azimuth)
        angle = off_axis_deg(azimuth_deg[used], elevation_deg[used], towards[used], axis_elevation[used])
        best[used] = np.maximum(best[used], found.gain_dbi(angle, 0.0))
    return best
