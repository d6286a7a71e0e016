"""How far an antenna looks past an area: a discrimination that holds towards every place in it."""

from __future__ import annotations

import json

import numpy as np
from numpy.typing import NDArray

from comity.coordination.ends import Ends
from comity.coordination.patterns import pattern, peak_dbi

Float = NDArray[np.float64]
Int = NDArray[np.int64]

#: Patterns whose gain falls steadily away from boresight, in azimuth and in elevation.
_STEADY = ("f1336-sector", "3gpp-element")
#: Tilted more than this, azimuths of antenna and ground part [deg].
_STEEPEST_DEG = 20.0


def looks_past_db(ends: Ends, rows: Int, azimuth_deg: Float, half_width_deg: Float) -> Float:
    """Return the least discrimination of antennas towards areas, whatever the elevation (m,) [dB].

    Parameters
    ----------
    ends : antennas
    rows : int64 (m,), antenna of every area
    azimuth_deg, half_width_deg : float64 (m,), bearing of the middle of the area and half the angle it fills
    """
    out = np.zeros(rows.size)
    off = np.abs((azimuth_deg - ends.azimuth_deg[rows] + 180.0) % 360.0 - 180.0)
    off = np.maximum(off - half_width_deg - np.abs(ends.tilt_deg[rows]), 0.0)
    upright = np.abs(ends.tilt_deg[rows]) <= _STEEPEST_DEG
    antenna = ends.antenna[rows]
    for code in np.unique(antenna):
        spec = ends.specs[code]
        if not spec or json.loads(spec).get("pattern") not in _STEADY:
            continue
        chosen = np.flatnonzero((antenna == code) & upright)
        gain = np.maximum(
            pattern(spec, "peak", ends.frequency_mhz).gain_dbi(off[chosen], 0.0),
            pattern(spec, "average", ends.frequency_mhz).gain_dbi(off[chosen], 0.0),
        )
        out[chosen] = peak_dbi(spec, ends.frequency_mhz) - gain
    return out
