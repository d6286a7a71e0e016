"""Recommendation ITU-R P.525-4: free-space basic transmission loss and field-strength conversions.

The Recommendation rounds its constants; the functions use them as written, so that a figure worked by hand is
found again. P.452-18 and P.1812-8 write 92.4 + 20 log f (GHz) + 20 log d (km), which is the same as
32.4 + 20 log f (MHz) + 20 log d (km).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.propagation._elementary import log10
from comity.propagation._elementwise import elementwise
from comity.propagation._lanes import Real
from comity.propagation._validity import Validity

Float = NDArray[np.float64]

MODEL = "ITU-R P.525-4"


def free_space_loss(frequency_mhz: ArrayLike, distance_km: ArrayLike) -> Float:
    """Free-space basic transmission loss between isotropic antennas [dB]; inputs broadcast.

    Parameters
    ----------
    frequency_mhz : frequency f [MHz], above 0
    distance_km : distance d [km], above 0 (the far field of both antennas is assumed)

    Returns
    -------
    ndarray
        ``L_bf = 32.4 + 20 log f + 20 log d`` [dB], of the broadcast shape

    Notes
    -----
    Recommendation ITU-R P.525-4, Annex, section 2.2, equation (4).
    """
    f, d = _positive(frequency_mhz=frequency_mhz, distance_km=distance_km)
    return _free_space_of_arrays(f, d)


def field_strength(eirp_dbw: ArrayLike, distance_km: ArrayLike) -> Float:
    """Root-mean-square field strength of an isotropically transmitted power [dB(uV/m)]; inputs broadcast.

    Parameters
    ----------
    eirp_dbw : isotropically transmitted power P_t [dBW], any finite value
    distance_km : distance d [km], above 0

    Notes
    -----
    ``E = P_t - 20 log d + 74.8``; Recommendation P.525-4, conversion formulae.
    """
    (d,) = _positive(distance_km=distance_km)
    return np.asarray(np.asarray(eirp_dbw, dtype=np.float64) - _twenty_log(d) + 74.8)


def isotropic_power(field_strength_dbuvm: ArrayLike, frequency_mhz: ArrayLike) -> Float:
    """Power that an isotropic antenna receives from a field [dBW]; inputs broadcast.

    Parameters
    ----------
    field_strength_dbuvm : field strength E [dB(uV/m)], any finite value
    frequency_mhz : frequency [MHz], above 0

    Notes
    -----
    ``P_r = E - 20 log f - 167.2`` with f in GHz; Recommendation P.525-4, conversion formulae.
    """
    (f,) = _positive(frequency_mhz=frequency_mhz)
    return np.asarray(np.asarray(field_strength_dbuvm, dtype=np.float64) - _twenty_log(f * 1e-3) - 167.2)


def loss_from_field_strength(
    eirp_dbw: ArrayLike, field_strength_dbuvm: ArrayLike, frequency_mhz: ArrayLike
) -> Float:
    """Basic transmission loss from transmitted power and field strength [dB]; inputs broadcast.

    Parameters
    ----------
    eirp_dbw : isotropically transmitted power P_t [dBW], any finite value
    field_strength_dbuvm : field strength E [dB(uV/m)], any finite value
    frequency_mhz : frequency [MHz], above 0

    Notes
    -----
    ``L = P_t - E + 20 log f + 167.2`` with f in GHz; Recommendation P.525-4, conversion formulae.
    """
    return np.asarray(
        np.asarray(eirp_dbw, dtype=np.float64) - isotropic_power(field_strength_dbuvm, frequency_mhz)
    )


def power_flux_density(field_strength_dbuvm: ArrayLike) -> Float:
    """Power flux-density of a field [dB(W/m2)].

    Parameters
    ----------
    field_strength_dbuvm : field strength E [dB(uV/m)], any finite value

    Notes
    -----
    ``S = E - 145.8``; Recommendation P.525-4, conversion formulae.
    """
    return np.asarray(np.asarray(field_strength_dbuvm, dtype=np.float64) - 145.8)


def _positive(**named: ArrayLike) -> list[Float]:
    check = Validity(MODEL)
    for name, values in named.items():
        check.within(name, values, 0.0, np.inf, name.rsplit("_", 1)[1].replace("mhz", "MHz"), open_ends=True)
    check.raise_problems()
    return [np.asarray(values, dtype=np.float64) for values in named.values()]


def _free_space_loss(frequency_mhz: float, distance_km: float) -> Real:
    """``L_bf`` [dB] of one path, without range checks."""
    return 32.4 + 20.0 * log10(frequency_mhz) + 20.0 * log10(distance_km)


def _twenty_log_of(value: float) -> Real:
    return 20.0 * log10(value)


_free_space_of_arrays = elementwise(_free_space_loss)
_twenty_log = elementwise(_twenty_log_of)
