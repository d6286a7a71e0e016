"""ITM 1.4: the words of its interface (climates, modes, warnings, quantiles, prediction)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float = NDArray[np.float64]
Integer = NDArray[np.int64]


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
