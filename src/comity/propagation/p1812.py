"""Recommendation ITU-R P.1812-8: path-specific prediction for point-to-area terrestrial services.

Basic transmission loss not exceeded for a percentage of an average year and of locations, over a terrain profile,
30 MHz to 6 GHz; field strength; location variability. Building entry loss is P.2109's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Required, TypedDict, Unpack, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.propagation import _batch, _locations, _mechanisms
from comity.propagation._batch import Intermediates, Model, Range
from comity.propagation._validity import Validity
from comity.propagation.paths import SEA, Paths

if TYPE_CHECKING:
    from comity.propagation.cuda.device import Device
    from comity.propagation.cuda.paths import PathsOnDevice

Float = NDArray[np.float64]

MODEL = "ITU-R P.1812-8"

_MODEL = Model(
    MODEL,
    p1812=True,
    path_km=(0.25, 3_000.0),
    time_percent=(1.0, 50.0),
    ranges=(
        Range("frequency_mhz", _mechanisms.F_MHZ, 30.0, 6_000.0, "MHz"),
        Range("tx_height_m", _mechanisms.HTG, 1.0, 3_000.0, "m"),
        Range("rx_height_m", _mechanisms.HRG, 1.0, 3_000.0, "m"),
        Range("dn", _mechanisms.DN, 0.0, 157.0, "N-units/km", open_ends=True),
        Range("n0", _mechanisms.N0, 0.0, np.inf, "N-units", open_ends=True),
        Range("polarisation", _mechanisms.POLARISATION, -np.inf, np.inf, ""),
        Range("tx_coast_km", _mechanisms.DCT, 0.0, np.inf, "km"),
        Range("rx_coast_km", _mechanisms.DCR, 0.0, np.inf, "km"),
        Range("location_percent", _mechanisms.LLOC, 1.0, 99.0, "%"),
        Range("location_sd_db", _mechanisms.LLOC, 0.0, np.inf, "dB"),
    ),
)


class Inputs(TypedDict, total=False):
    """Keyword arguments of :func:`basic_transmission_loss`."""

    tx_height_m: Required[ArrayLike]
    rx_height_m: Required[ArrayLike]
    dn: Required[ArrayLike]
    n0: Required[ArrayLike]
    location_percent: ArrayLike
    location_sd_db: ArrayLike | None
    polarisation: str | ArrayLike
    tx_coast_km: ArrayLike | None
    rx_coast_km: ArrayLike | None
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
    location_percent: ArrayLike = 50.0,
    location_sd_db: ArrayLike | None = None,
    polarisation: str | ArrayLike = "vertical",
    tx_coast_km: ArrayLike | None = None,
    rx_coast_km: ArrayLike | None = None,
    intermediates: bool = False,
    threads: int = 1,
    device: str | Device = "cpu",
) -> Float | tuple[Float, Intermediates]:
    """Basic transmission loss Lb not exceeded for ``time_percent`` of a year and ``location_percent`` of locations.

    Parameters
    ----------
    paths : profiles of n links, at least three points each, 0.25 to 3 000 km; ground cover is added to the terrain
        at all intermediate points
    frequency_mhz : frequency f [MHz], 30 to 6 000
    time_percent : p [%], 1 to 50; scalar or (n,), or (1, k) or (n, k) for k percentages of each path
    tx_height_m, rx_height_m : antenna centre above ground, htg and hrg [m], 1 to 3 000
    dn : average radio-refractivity lapse rate in the lowest kilometre, DN [N-units/km], above 0, below 157
    n0 : sea-level surface refractivity at the path centre, N0 [N-units]
    location_percent : pL [%], 1 to 99
    location_sd_db : standard deviation sigma_L of the location variability [dB], 0 or more, see
        :func:`location_standard_deviation`; needed where ``location_percent`` is not 50; a receiver at sea has none
    polarisation : "horizontal", "vertical", or codes 1 (horizontal) and 2 (vertical)
    tx_coast_km, rx_coast_km : distance over land to the sea along the path, dct and dcr [km], 0 at sea; found from
        the zones of the profile unless given
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
    Recommendation ITU-R P.1812-8 (2025), Annex 1, sections 3 and 4 and Attachments 1 and 2. The location
    variability sigma_L of section 4.7 is the spread within a square, no error of prediction: none is stated.
    """
    check = Validity(MODEL)
    if location_sd_db is None and np.any(np.not_equal(location_percent, 50.0)):
        check.note("location_sd_db", "missing", "a value, as of p1812.location_standard_deviation()")
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
            "tx_coast_km": tx_coast_km,
            "rx_coast_km": rx_coast_km,
            "location_percent": location_percent,
            "location_sd_db": location_sd_db,
        },
        check,
    )
    on_land = np.not_equal(paths.rx_zone, SEA)
    if location_sd_db is None:
        batch.set_row(_mechanisms.LLOC, 0.0)
    else:
        spread = _locations.location_loss(location_percent, location_sd_db)
        batch.set_row(_mechanisms.LLOC, np.where(on_land, spread, 0.0))
    loss, named = _batch.run(_MODEL, batch, threads=threads, intermediates=intermediates, device=device)
    if intermediates:
        # the Recommendation's log gives these three at beta_0 % of the time
        named |= {symbol: named[symbol + "b"] for symbol in ("Lbulla", "Lbulls", "Ldsph")}
        return loss, named
    return loss


def location_standard_deviation(
    frequency_mhz: ArrayLike,
    resolution_m: ArrayLike,
    *,
    rx_height_m: ArrayLike = 0.0,
    rx_cover_m: ArrayLike = np.inf,
) -> Float:
    """Standard deviation sigma_L of the location variability; all inputs broadcast.

    Parameters
    ----------
    frequency_mhz : frequency f [MHz], 30 to 6 000
    resolution_m : width wa of the square over which the variability applies [m], above 0
    rx_height_m : receiving antenna above ground [m]
    rx_cover_m : height R of the ground cover around it [m]; up to R the variability is whole, 10 m above it none

    Returns
    -------
    float64, broadcast shape [dB]

    Notes
    -----
    Recommendation ITU-R P.1812-8, section 4.7: sigma_L = (0.52 + 0.024 f) wa^0.28 u_h, f in GHz.
    """
    check = Validity(MODEL + ", section 4.7")
    check.within("frequency_mhz", frequency_mhz, 30.0, 6_000.0, "MHz")
    check.within("resolution_m", resolution_m, 0.0, np.inf, "m", open_ends=True)
    check.within("rx_height_m", rx_height_m, 0.0, np.inf, "m")
    check.within("rx_cover_m", rx_cover_m, 0.0, np.inf, "m")
    check.raise_problems()
    above = np.subtract(rx_height_m, rx_cover_m)
    return _locations.standard_deviation(frequency_mhz, resolution_m) * np.clip(1.0 - above / 10.0, 0.0, 1.0)


def field_strength(loss_db: ArrayLike, frequency_mhz: ArrayLike, *, erp_kw: ArrayLike = 1.0) -> Float:
    """Field strength Ep exceeded where the basic transmission loss is not; all inputs broadcast.

    Parameters
    ----------
    loss_db : basic transmission loss Lb [dB]
    frequency_mhz : frequency f [MHz], 30 to 6 000
    erp_kw : effective radiated power [kW], above 0

    Returns
    -------
    float64, broadcast shape [dB(uV/m)]

    Notes
    -----
    Recommendation ITU-R P.1812-8, section 4.10: Ep = 199.36 + 20 log f - Lb for 1 kW, f in GHz.
    """
    check = Validity(MODEL + ", section 4.10")
    check.within("frequency_mhz", frequency_mhz, 30.0, 6_000.0, "MHz")
    check.within("erp_kw", erp_kw, 0.0, np.inf, "kW", open_ends=True)
    check.raise_problems()
    return _locations.field_strength(loss_db, frequency_mhz, erp_kw)
