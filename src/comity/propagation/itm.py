"""The Irregular Terrain Model (Longley-Rice) 1.4: point-to-point and area mode.

Written from G. A. Hufford, "The ITS Irregular Terrain Model, version 1.2.2: the algorithm" (NTIA/ITS), and checked
against NTIA's public-domain program of version 1.4, whose constants and warnings it follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.propagation import _itm_batch as batch
from comity.propagation._itm_profiles import Profiles, profiles
from comity.propagation._validity import Validity
from comity.propagation.paths import Paths

Float = NDArray[np.float64]
Integer = NDArray[np.int64]

MODEL = "ITM 1.4 (Longley-Rice)"

__all__ = [
    "Climate",
    "ConfidenceReliability",
    "Flag",
    "Inputs",
    "Mode",
    "Prediction",
    "Profiles",
    "Siting",
    "TimeLocationSituation",
    "Variability",
    "area",
    "point_to_point",
    "profiles",
]


class Climate(IntEnum):
    """Radio climates."""

    EQUATORIAL = 1
    CONTINENTAL_SUBTROPICAL = 2
    MARITIME_SUBTROPICAL = 3
    DESERT = 4
    CONTINENTAL_TEMPERATE = 5
    MARITIME_TEMPERATE_OVER_LAND = 6
    MARITIME_TEMPERATE_OVER_SEA = 7


class Variability(IntEnum):
    """Modes of variability; 10 more eliminates location variability, 20 more direct situation variability."""

    SINGLE_MESSAGE = 0
    ACCIDENTAL = 1
    MOBILE = 2
    BROADCAST = 3


class Siting(IntEnum):
    """How the site of an antenna was chosen (area mode)."""

    RANDOM = 0
    CAREFUL = 1
    VERY_CAREFUL = 2


class Mode(IntEnum):
    """Mode of propagation."""

    LINE_OF_SIGHT = 1
    DIFFRACTION = 2
    TROPOSCATTER = 3


class Flag(IntFlag):
    """What the model warns of."""

    TX_HEIGHT = 0x0001
    RX_HEIGHT = 0x0002
    FREQUENCY = 0x0004
    PATH_LONG = 0x0008
    PATH_TOO_LONG = 0x0010
    PATH_SHORT = 0x0020
    PATH_TOO_SHORT = 0x0040
    TX_HORIZON_ANGLE = 0x0080
    RX_HORIZON_ANGLE = 0x0100
    TX_HORIZON_NEAR = 0x0200
    RX_HORIZON_NEAR = 0x0400
    TX_HORIZON_FAR = 0x0800
    RX_HORIZON_FAR = 0x1000
    EXTREME_VARIABILITIES = 0x2000
    SURFACE_REFRACTIVITY = 0x4000
    #: Not NTIA's: the formulae have no value for these horizons; attenuation beyond free space is taken as 0,
    #: which is what NTIA's program returns there without saying so.
    UNDEFINED = 0x10000


@dataclass(frozen=True, slots=True)
class TimeLocationSituation:
    """Percentages of time, locations and situations at which the loss is not exceeded [%], above 0, below 100."""

    time_percent: ArrayLike = 50.0
    location_percent: ArrayLike = 50.0
    situation_percent: ArrayLike = 50.0


@dataclass(frozen=True, slots=True)
class ConfidenceReliability:
    """Confidence and reliability with which the loss is not exceeded [%], above 0, below 100."""

    confidence_percent: ArrayLike = 50.0
    reliability_percent: ArrayLike = 50.0


Quantile = TimeLocationSituation | ConfidenceReliability
Rows = list[tuple[str, ArrayLike]]


@dataclass(frozen=True, slots=True)
class Prediction:
    """Loss of n links with what led to it, arrays (n,).

    Parameters
    ----------
    loss_db : basic transmission loss A [dB]
    warnings : sum of :class:`Flag` values, 0 without a warning
    mode : :class:`Mode` of propagation
    free_space_loss_db : free-space basic transmission loss A_fs [dB]
    reference_attenuation_db : attenuation beyond free space before variability A_ref [dB]
    distance_km : path length d [km]
    tx_horizon_angle_rad, rx_horizon_angle_rad : theta_hzn [rad]
    tx_horizon_distance_m, rx_horizon_distance_m : d_hzn [m]
    tx_effective_height_m, rx_effective_height_m : h_e [m]
    surface_refractivity : N_s [N-units]
    terrain_irregularity_m : delta h [m]
    """

    loss_db: Float
    warnings: Integer
    mode: Integer
    free_space_loss_db: Float
    reference_attenuation_db: Float
    distance_km: Float
    tx_horizon_angle_rad: Float
    rx_horizon_angle_rad: Float
    tx_horizon_distance_m: Float
    rx_horizon_distance_m: Float
    tx_effective_height_m: Float
    rx_effective_height_m: Float
    surface_refractivity: Float
    terrain_irregularity_m: Float


class Inputs(TypedDict, total=False):
    """Keyword arguments that both modes share; each is a number or an array (n,).

    tx_height_m, rx_height_m : antenna heights above ground [m], 0.5 to 3 000 (advised 1 to 1 000); needed
    climate : :class:`Climate`; continental temperate unless given
    n0 : surface refractivity at sea level N_0 [N-units], 250 to 400; 301 unless given
    polarisation : "horizontal", "vertical" (unless given), or codes 1 and 2
    permittivity : relative permittivity of the ground, 1 or more; 15 unless given
    conductivity_s_m : conductivity of the ground [S/m], above 0; 0.005 unless given
    variability : :class:`Variability`; broadcast unless given
    quantile : :class:`TimeLocationSituation` or :class:`ConfidenceReliability`; medians unless given
    """

    tx_height_m: ArrayLike
    rx_height_m: ArrayLike
    climate: ArrayLike
    n0: ArrayLike
    polarisation: str | ArrayLike
    permittivity: ArrayLike
    conductivity_s_m: ArrayLike
    variability: ArrayLike
    quantile: Quantile


def point_to_point(paths: Paths | Profiles, frequency_mhz: ArrayLike, **inputs: Unpack[Inputs]) -> Prediction:
    """Predict the basic transmission loss of n links over their terrain profiles.

    Parameters
    ----------
    paths : profiles of n links; :class:`Paths` are resampled to even steps by :func:`profiles`
    frequency_mhz : frequency f [MHz], 20 to 20 000 (advised 40 to 10 000); a number or (n,)
    **inputs : see :class:`Inputs`

    Raises
    ------
    comity.errors.ValidityError
        naming every parameter outside its range

    Notes
    -----
    ITM 1.4, functions ITM_P2P_TLS and ITM_P2P_CR. Paths of 1 to 2 000 km are the model's domain; outside it the
    prediction carries a warning.
    """
    ground = profiles(paths) if isinstance(paths, Paths) else paths
    check = Validity(f"{MODEL}, point-to-point mode")
    table = _table(check, len(ground), _rows(check, frequency_mhz, inputs))
    ground.check(check)
    check.raise_problems()
    return _prediction(
        check, *batch.point_to_point(ground.offsets, ground.height_m, ground.spacing_m, table), table
    )


def area(
    distance_km: ArrayLike,
    terrain_irregularity_m: ArrayLike,
    frequency_mhz: ArrayLike,
    *,
    tx_siting: ArrayLike = Siting.RANDOM,
    rx_siting: ArrayLike = Siting.RANDOM,
    **inputs: Unpack[Inputs],
) -> Prediction:
    """Predict the basic transmission loss over terrain known by its irregularity alone.

    Parameters
    ----------
    distance_km : path length d [km], above 0; its shape (n,), or that of the other arrays, is the result's
    terrain_irregularity_m : terrain irregularity parameter delta h [m], 0 or more (90 over average terrain)
    frequency_mhz : frequency f [MHz], 20 to 20 000 (advised 40 to 10 000)
    tx_siting, rx_siting : :class:`Siting`
    **inputs : see :class:`Inputs`

    Raises
    ------
    comity.errors.ValidityError
        naming every parameter outside its range

    Notes
    -----
    ITM 1.4, functions ITM_AREA_TLS and ITM_AREA_CR.
    """
    check = Validity(f"{MODEL}, area mode")
    check.within("distance_km", distance_km, 0.0, np.inf, "km", open_ends=True)
    check.within("terrain_irregularity_m", terrain_irregularity_m, 0.0, np.inf, "m")
    check.one_of("tx_siting", tx_siting, range(3))
    check.one_of("rx_siting", rx_siting, range(3))
    rows = _rows(check, frequency_mhz, inputs)
    where_rows: Rows = [
        ("distance_km", distance_km),
        ("terrain_irregularity_m", terrain_irregularity_m),
        ("tx_siting", tx_siting),
        ("rx_siting", rx_siting),
    ]
    n = max(np.size(values) for _, values in rows + where_rows)
    table, where = _table(check, n, rows), _table(check, n, where_rows)
    check.raise_problems()
    return _prediction(check, *batch.area(where, table), table)


def _table(check: Validity, n: int, rows: Rows) -> Float:
    """Return named rows as the kernels' table; a row of another length is noted."""
    table = np.empty((len(rows), n))
    for row, (name, values) in enumerate(rows):
        if np.size(values) not in (1, n):
            check.note(name, f"{np.size(values)} values for {n} links", "one value, or one a link")
        else:
            table[row] = values
    return table


def _rows(check: Validity, frequency_mhz: ArrayLike, inputs: Inputs) -> Rows:
    """Return name and values of every row of the table, with ranges checked."""
    polarisation = inputs.get("polarisation", "vertical")
    if isinstance(polarisation, str):
        polarisation = {"horizontal": 1, "vertical": 2}.get(polarisation, 0)
    rows: Rows = [("frequency_mhz", frequency_mhz)]
    check.within("frequency_mhz", frequency_mhz, 20.0, 20_000.0, "MHz")
    rows += [
        ("tx_height_m", inputs.get("tx_height_m", np.nan)),
        ("rx_height_m", inputs.get("rx_height_m", np.nan)),
        ("climate", inputs.get("climate", Climate.CONTINENTAL_TEMPERATE)),
        ("n0", inputs.get("n0", 301.0)),
        ("polarisation", polarisation),
        ("permittivity", inputs.get("permittivity", 15.0)),
        ("conductivity_s_m", inputs.get("conductivity_s_m", 0.005)),
        ("variability", inputs.get("variability", Variability.BROADCAST)),
    ]
    given = dict(rows)
    check.within("tx_height_m", given["tx_height_m"], 0.5, 3_000.0, "m")
    check.within("rx_height_m", given["rx_height_m"], 0.5, 3_000.0, "m")
    check.one_of("climate", given["climate"], range(1, 8))
    check.within("n0", given["n0"], 250.0, 400.0, "N-units")
    check.one_of("polarisation", given["polarisation"], range(1, 3))
    check.within("permittivity", given["permittivity"], 1.0, np.inf, "")
    check.within("conductivity_s_m", given["conductivity_s_m"], 0.0, np.inf, "S/m", open_ends=True)
    modes = np.asarray(given["variability"])
    check.one_of("variability", np.where((modes >= 0) & (modes < 40), modes % 10, -1), range(4))
    return rows + _percentages(check, inputs.get("quantile", TimeLocationSituation()))


def _percentages(check: Validity, quantile: Quantile) -> Rows:
    """Return percentages of time, locations and situations; reliability is time, confidence is situations."""
    if isinstance(quantile, TimeLocationSituation):
        rows = [
            ("time_percent", quantile.time_percent),
            ("location_percent", quantile.location_percent),
            ("situation_percent", quantile.situation_percent),
        ]
    else:
        rows = [
            ("reliability_percent", quantile.reliability_percent),
            ("location_percent", 50.0),
            ("confidence_percent", quantile.confidence_percent),
        ]
    for name, values in rows:
        check.within(name, values, 0.0, 100.0, "%", open_ends=True)
    return rows


def _prediction(
    check: Validity, result: Float, flags: Integer, refusals: Integer, table: Float
) -> Prediction:
    """Raise for refused links, or return the results with the warnings on the inputs."""
    for code, (name, accepted) in batch.REFUSALS.items():
        refused = np.flatnonzero(refusals == code)
        if refused.size:
            check.note(name, f"link {refused[0]} ({refused.size} of {refusals.size} links)", accepted)
    check.raise_problems()
    frequency, tx_height, rx_height = table[:3]
    flags = flags | np.where((tx_height < 1.0) | (tx_height > 1000.0), Flag.TX_HEIGHT, 0)
    flags |= np.where((rx_height < 1.0) | (rx_height > 1000.0), Flag.RX_HEIGHT, 0)
    flags |= np.where((frequency < 40.0) | (frequency > 10_000.0), Flag.FREQUENCY, 0)
    loss, mode, *rest = result
    return Prediction(loss, flags, mode.astype(np.int64), *rest)
