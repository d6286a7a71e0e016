"""Recommendation ITU-R P.2109-2: building entry loss."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.propagation._elementary import exp10, log10
from comity.propagation._elementwise import elementwise
from comity.propagation._lanes import Real
from comity.propagation._normal import _inverse_normal
from comity.propagation._validity import Validity

Float = NDArray[np.float64]

MODEL = "ITU-R P.2109-2"


class Building(IntEnum):
    """Building type of Annex 1, with the code that the validation rows use."""

    TRADITIONAL = 1
    THERMALLY_EFFICIENT = 2


#: Table 1, model coefficients r, s, t, u, v, w, x, y, z; one row a building type.
_COEFFICIENTS = np.array(
    [
        [12.64, 3.72, 0.96, 9.6, 2.0, 9.1, -3.0, 4.5, -2.0],
        [28.19, -3.00, 8.48, 13.5, 3.8, 27.8, -2.9, 9.4, -2.1],
    ]
)


def building_entry_loss(
    frequency_mhz: ArrayLike,
    probability_percent: ArrayLike,
    building: ArrayLike = Building.TRADITIONAL,
    *,
    elevation_deg: ArrayLike = 0.0,
) -> Float:
    """Building entry loss [dB] not exceeded with a probability; all inputs broadcast.

    Parameters
    ----------
    frequency_mhz : frequency [MHz], 80 to 100 000
    probability_percent : probability P with which the loss is not exceeded [%], above 0, below 100
    building : :class:`Building` or its code, 1 traditional, 2 thermally efficient
    elevation_deg : elevation angle of the path at the facade above the horizontal [deg], -90 to 90

    Returns
    -------
    ndarray
        ``L_BEL`` [dB], of the broadcast shape

    Notes
    -----
    Recommendation ITU-R P.2109-2, Annex 1, equations (1) to (10). The distribution is over all positions in
    the building; for a low probability the loss can be negative.
    """
    check = Validity(MODEL)
    check.within("frequency_mhz", frequency_mhz, 80.0, 100_000.0, "MHz")
    check.within("probability_percent", probability_percent, 0.0, 100.0, "%", open_ends=True)
    check.one_of("building", building, range(1, 3))
    check.within("elevation_deg", elevation_deg, -90.0, 90.0, "deg")
    check.raise_problems()
    f_ghz = np.asarray(frequency_mhz, dtype=np.float64) * 1e-3
    return _loss_of_arrays(f_ghz, probability_percent, building, elevation_deg)


def _loss(frequency_ghz: float, probability_percent: float, building: float, elevation_deg: float) -> Real:
    """``L_BEL`` [dB] of one case, without range checks."""
    r, s, t, u, v, w, x, y, z = _COEFFICIENTS[int(building) - 1]
    log_f = log10(frequency_ghz)
    horizontal = r + s * log_f + t * log_f * log_f  # median loss for horizontal paths
    elevated = 0.212 * abs(elevation_deg)
    deviate = _inverse_normal(probability_percent * 0.01)
    a = deviate * (u + v * log_f) + horizontal + elevated
    b = deviate * (y + z * log_f) + w + x * log_f
    c = -3.0
    return 10.0 * log10(exp10(0.1 * a) + exp10(0.1 * b) + exp10(0.1 * c))


_loss_of_arrays = elementwise(_loss)
