"""How much of an emission falls through a receiver's filter: co-channel overlap, leakage and selectivity.

The power spectral density of the emission (its channel and the steps of its mask) is multiplied by the
response of the receiver (what it receives and the steps of its selectivity) and integrated over frequency.
For a victim on the same channel the result is 0 dB; for one far away it is the net filter discrimination.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.coordination._decibel import Centi, centi, centi_level, power
from comity.coordination.mask import MaskSegment, SelectivitySegment

Float = NDArray[np.float64]
#: One step of a piecewise-constant function: lower edge, upper edge [MHz], value.
Step = tuple[Float, Float, Float]


def coupling(
    low_mhz: ArrayLike,
    high_mhz: ArrayLike,
    eirp_dbm: ArrayLike,
    mask: Sequence[MaskSegment],
    rx_low_mhz: ArrayLike,
    rx_high_mhz: ArrayLike,
    rx_width_mhz: ArrayLike,
    selectivity: Sequence[SelectivitySegment],
) -> Centi:
    """Return received power in the receiver's filter against the whole emission, in hundredths of a decibel.

    Parameters
    ----------
    low_mhz, high_mhz : edges of the emission's channel [MHz]; all arrays broadcast
    eirp_dbm : power in the channel [dBm], against which the caps of the mask are absolute
    mask : steps of the emission outside its channel; nothing is emitted beyond the last
    rx_low_mhz, rx_high_mhz : range in which the receiver may be tuned [MHz]
    rx_width_mhz : width of what it receives [MHz], placed in that range where the most comes through
    selectivity : steps of its filter; nothing is received beyond the last
    """
    low, high, eirp, rx_low, rx_high, width = np.broadcast_arrays(
        *(
            np.asarray(v, dtype=np.float64)
            for v in (low_mhz, high_mhz, eirp_dbm, rx_low_mhz, rx_high_mhz, rx_width_mhz)
        )
    )
    # Both functions are symmetric and fall from their centres: the nearest centre gives the largest overlap.
    half = 0.5 * width
    centre = np.minimum(np.maximum(0.5 * (low + high), rx_low + half), rx_high - half)
    emission = _emission(low, high, eirp, mask)
    reception = _reception(centre - half, centre + half, selectivity)
    total = np.zeros(low.shape)
    for e_low, e_high, density in emission:
        for r_low, r_high, response in reception:
            overlap = np.minimum(e_high, r_high) - np.maximum(e_low, r_low)
            total = total + np.maximum(overlap, 0.0) * (density * response)
    return centi_level(total)


def _emission(low: Float, high: Float, eirp: Float, mask: Sequence[MaskSegment]) -> list[Step]:
    steps = [(low, high, 1.0 / (high - low))]
    for part in mask:
        relative = np.full(eirp.shape, part.relative_db)
        if part.cap_dbm is not None:
            relative = np.minimum(relative, part.cap_dbm - eirp)
        density = power(centi(relative)) / part.reference_mhz
        steps.append((low - part.to_mhz, low - part.from_mhz, density))
        steps.append((high + part.from_mhz, high + part.to_mhz, density))
    return steps


def _reception(low: Float, high: Float, selectivity: Sequence[SelectivitySegment]) -> list[Step]:
    steps = [(low, high, np.ones(low.shape))]
    for part in selectivity:
        response = np.broadcast_to(power(centi(-part.rejection_db)), low.shape)
        steps.append((low - part.to_mhz, low - part.from_mhz, response))
        steps.append((high + part.from_mhz, high + part.to_mhz, response))
    return steps


def gap_mhz(low_mhz: ArrayLike, high_mhz: ArrayLike, rx_low_mhz: ArrayLike, rx_high_mhz: ArrayLike) -> Float:
    """Return the distance between two frequency ranges [MHz], 0 where they touch or overlap."""
    low, high, rx_low, rx_high = (
        np.asarray(v, dtype=np.float64) for v in (low_mhz, high_mhz, rx_low_mhz, rx_high_mhz)
    )
    return np.maximum(np.maximum(rx_low - high, low - rx_high), 0.0)
