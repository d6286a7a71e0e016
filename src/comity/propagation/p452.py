"""Recommendation ITU-R P.452-18: interference between stations on the surface of the Earth, clear air.

Basic transmission loss not exceeded for a percentage of an average year, over a terrain profile: line of sight
with multipath, delta-Bullington diffraction, troposcatter, ducting and layer reflection, gases. Section 5
(hydrometeor scatter) is not part of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Required, TypedDict, Unpack, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.propagation import _batch, _mechanisms
from comity.propagation._batch import Intermediates, Model, Range
from comity.propagation._validity import Validity
from comity.propagation.paths import Paths

if TYPE_CHECKING:
    from comity.propagation.cuda.device import Device
    from comity.propagation.cuda.paths import PathsOnDevice

Float = NDArray[np.float64]

MODEL = "ITU-R P.452-18"

_MODEL = Model(
    MODEL,
    p1812=False,
    path_km=(0.0, 10_000.0),
    time_percent=(0.001, 50.0),
    ranges=(
        Range("frequency_mhz", _mechanisms.F_MHZ, 100.0, 50_000.0, "MHz"),
        Range("tx_height_m", _mechanisms.HTG, 0.0, np.inf, "m", open_ends=True),
        Range("rx_height_m", _mechanisms.HRG, 0.0, np.inf, "m", open_ends=True),
        Range("dn", _mechanisms.DN, 0.0, 157.0, "N-units/km", open_ends=True),
        Range("n0", _mechanisms.N0, 0.0, np.inf, "N-units", open_ends=True),
        Range("polarisation", _mechanisms.POLARISATION, -np.inf, np.inf, ""),
        Range("tx_gain_dbi", _mechanisms.GT, -np.inf, 150.0, "dBi", open_ends=True),
        Range("rx_gain_dbi", _mechanisms.GR, -np.inf, 150.0, "dBi", open_ends=True),
        Range("tx_coast_km", _mechanisms.DCT, 0.0, np.inf, "km"),
        Range("rx_coast_km", _mechanisms.DCR, 0.0, np.inf, "km"),
        Range("pressure_hpa", _mechanisms.PRESSURE, 0.0, np.inf, "hPa", open_ends=True),
        Range("temperature_c", _mechanisms.TEMPERATURE, -273.15, np.inf, "degrees Celsius", open_ends=True),
    ),
)


class Inputs(TypedDict, total=False):
    """Keyword arguments of :func:`basic_transmission_loss`."""

    tx_height_m: Required[ArrayLike]
    rx_height_m: Required[ArrayLike]
    dn: Required[ArrayLike]
    n0: Required[ArrayLike]
    polarisation: str | ArrayLike
    tx_gain_dbi: ArrayLike
    rx_gain_dbi: ArrayLike
    tx_coast_km: ArrayLike | None
    rx_coast_km: ArrayLike | None
    pressure_hpa: ArrayLike
    temperature_c: ArrayLike
    threads: int
    device: str | Device


@overload
def basic_transmission_loss(
    paths: Paths | PathsOnDevice,
    frequency_mhz: ArrayLike,
    time_percent: ArrayLike,
    *,
    intermediates: Literal[False] = False,
    **inputs: Unpack[Inputs],
) -> Float: ...
@overload
def basic_transmission_loss(
    paths: Paths | PathsOnDevice,
    frequency_mhz: ArrayLike,
    time_percent: ArrayLike,
    *,
    intermediates: Literal[True],
    **inputs: Unpack[Inputs],
) -> tuple[Float, Intermediates]: ...
def basic_transmission_loss(
    paths: Paths | PathsOnDevice,
    frequency_mhz: ArrayLike,
    time_percent: ArrayLike,
    *,
    tx_height_m: ArrayLike,
    rx_height_m: ArrayLike,
    dn: ArrayLike,
    n0: ArrayLike,
    polarisation: str | ArrayLike = "vertical",
    tx_gain_dbi: ArrayLike = 0.0,
    rx_gain_dbi: ArrayLike = 0.0,
    tx_coast_km: ArrayLike | None = None,
    rx_coast_km: ArrayLike | None = None,
    pressure_hpa: ArrayLike = 1013.25,
    temperature_c: ArrayLike = 15.0,
    intermediates: bool = False,
    threads: int = 1,
    device: str | Device = "cpu",
) -> Float | tuple[Float, Intermediates]:
    """Basic transmission loss Lb not exceeded for ``time_percent`` of an average year.

    Parameters
    ----------
    paths : profiles of n links, at least three points each, up to 10 000 km; ground cover is added to the terrain
        except within 50 m of either terminal
    frequency_mhz : frequency f [MHz], 100 to 50 000
    time_percent : p [%], 0.001 to 50; scalar or (n,), or (1, k) or (n, k) for k percentages of each path
    tx_height_m, rx_height_m : antenna centre above ground, htg and hrg [m], above 0
    dn : average radio-refractivity lapse rate in the lowest kilometre, DN [N-units/km], above 0, below 157
    n0 : sea-level surface refractivity at the path centre, N0 [N-units]
    polarisation : "horizontal", "vertical", or codes 1 (horizontal) and 2 (vertical)
    tx_gain_dbi, rx_gain_dbi : antenna gain towards the horizon along the path, Gt and Gr [dBi]
    tx_coast_km, rx_coast_km : distance over land to the sea along the path, dct and dcr [km], 0 at sea; found from
        the zones of the profile unless given
    pressure_hpa : dry-air pressure [hPa]
    temperature_c : air temperature [degrees Celsius]
    intermediates : return every intermediate by its symbol as well
    threads : shares computed at once; the result does not depend on it
    device : ``"cpu"``, or ``"cuda"`` for the GPU, whose losses are compared with the CPU's on a sample; intermediates
        are always the CPU's

    Returns
    -------
    float64 (n,) or (n, k) [dB], and with ``intermediates`` a mapping from symbol to array

    Raises
    ------
    ValidityError
        naming every parameter outside its range, with value and range

    Notes
    -----
    Recommendation ITU-R P.452-18 (2023), Annex 1, sections 3 and 4 and Attachments 1 and 2. The Recommendation
    states no standard deviation for its predictions.
    """
    check = Validity(MODEL)
    batch = _batch.gather(
        _MODEL,
        paths,
        time_percent,
        {
            "frequency_mhz": frequency_mhz,
            "tx_height_m": tx_height_m,
            "rx_height_m": rx_height_m,
            "dn": dn,
            "n0": n0,
            "polarisation": _batch.polarisation_codes(check, polarisation),
            "tx_gain_dbi": tx_gain_dbi,
            "rx_gain_dbi": rx_gain_dbi,
            "tx_coast_km": tx_coast_km,
            "rx_coast_km": rx_coast_km,
            "pressure_hpa": pressure_hpa,
            "temperature_c": temperature_c,
        },
        check,
    )
    loss, named = _batch.run(_MODEL, batch, threads=threads, intermediates=intermediates, device=device)
    if intermediates:
        named |= {"Lbfsg": named.pop("Lbfs"), "Ldsph": named["Ldsph50"]}
        return loss, named
    return loss
