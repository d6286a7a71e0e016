"""The level that one network's base stations make at places: the sum over its transmitters, in fixed order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from comity.coordination._decibel import Centi, centi_level, power
from comity.coordination.assessment import Term
from comity.coordination.budget import Budgets, budgets
from comity.coordination.cache import PathLosses
from comity.coordination.ends import BASE, emitters, measuring_points, take
from comity.coordination.ground import Ground
from comity.coordination.network import Network
from comity.coordination.pathloss import MODELS
from comity.coordination.policy import Criterion, Policy
from comity.coordination.spectrum import alike
from comity.coordination.verdicts import by_owner
from comity.errors import Problem, ValidityError

Float = NDArray[np.float64]
Interpretation = Literal["per_resource_element", "total_power"]

#: Resource blocks by subcarrier spacing [kHz] and channel bandwidth [MHz] up to 7.125 GHz (frequency range 1),
#: 3GPP TS 38.101-1 table 5.3.2-1, and from 24.25 GHz (range 2), TS 38.101-2 table 5.3.2-1.
RANGE_1 = {
    15: {5: 25, 10: 52, 15: 79, 20: 106, 25: 133, 30: 160, 35: 188, 40: 216, 45: 242, 50: 270},
    30: {5: 11, 10: 24, 15: 38, 20: 51, 25: 65, 30: 78, 35: 92, 40: 106, 45: 119, 50: 133, 60: 162, 70: 189}
    | {80: 217, 90: 245, 100: 273},
    60: {10: 11, 15: 18, 20: 24, 25: 31, 30: 38, 35: 44, 40: 51, 45: 58, 50: 65, 60: 79, 70: 93, 80: 107}
    | {90: 121, 100: 135},
}
RANGE_2 = {60: {50: 66, 100: 132, 200: 264}, 120: {50: 32, 100: 66, 200: 132, 400: 264}}
_RANGE_2_FROM_MHZ = 24_250.0
_PER_BLOCK = 12


def resource_elements(
    bandwidth_mhz: float, subcarrier_spacing_khz: int, frequency_mhz: float = 4_000.0
) -> int:
    """Return the number of resource elements (subcarriers) of an NR channel.

    Raises
    ------
    ValidityError
        where NR has no channel of that width with that spacing at that frequency
    """
    table = _range_of(frequency_mhz)
    blocks = table.get(subcarrier_spacing_khz, {}).get(bandwidth_mhz)  # type: ignore[call-overload]
    if blocks is None:
        widths = {scs: ", ".join(map(str, known)) for scs, known in table.items()}
        accepted = "; ".join(f"{scs} kHz: {known} MHz" for scs, known in widths.items())
        message = f"NR has no channel of {bandwidth_mhz:g} MHz with {subcarrier_spacing_khz} kHz subcarriers"
        raise ValidityError(message, [Problem("radio.subcarrier_spacing_khz", message, accepted)])
    return _PER_BLOCK * int(blocks)


def _range_of(frequency_mhz: float) -> dict[int, dict[int, int]]:
    return RANGE_1 if frequency_mhz < _RANGE_2_FROM_MHZ else RANGE_2


def divides(network: Network, interpretation: Interpretation) -> bool:
    """Return whether the level of a network is defined: where it is per resource element, NR must have its channel."""
    known = _range_of(network.low_mhz).get(_spacing_khz(network), {})
    return interpretation == "total_power" or network.bandwidth_mhz in known


def parts(network: Network, interpretation: Interpretation) -> float:
    """Return into how many equal parts the interpretation divides the power of the channel.

    Raises
    ------
    ValidityError
        where it does not (:func:`divides`)
    """
    if interpretation == "total_power":
        return 1.0
    return float(resource_elements(network.bandwidth_mhz, _spacing_khz(network), network.low_mhz))


def _spacing_khz(network: Network) -> int:
    """Return the stated subcarrier spacing, else the one that every width of mobile bands has: 30 and 120 kHz."""
    if network.tdd is not None:
        return network.tdd.subcarrier_spacing_khz
    return 30 if network.low_mhz < _RANGE_2_FROM_MHZ else 120


@dataclass(frozen=True, slots=True)
class Field:
    """Levels of a network at ``n`` places.

    Parameters
    ----------
    level : int64 (n,), hundredths of dBm
    budgets, criterion, policy : where they come from
    """

    level: Centi
    budgets: Budgets
    criterion: Criterion
    policy: Policy

    def strongest(self, place: int) -> int:
        """Return the link that contributes most at a place (the first of equals)."""
        links = np.flatnonzero(self.budgets.links.receiver == place)
        levels = self.budgets.levels(self.criterion, self.policy)[0, links]
        return int(links[np.argmax(levels)])

    def terms(self, link: int) -> tuple[Term, ...]:
        """Return the link budget of a link."""
        return self.budgets.terms(self.criterion, self.policy, 0, link)

    def model(self, link: int) -> str:
        """Return the path model of a link; neither of its ends moves."""
        return MODELS[int(self.budgets.found.model[link])]


def field(
    network: Network,
    latitude_deg: Float,
    longitude_deg: Float,
    ground: Ground,
    policy: Policy,
    *,
    interpretation: Interpretation,
    height_m: float,
    gain_dbi: float,
    time_percent: float,
    location_percent: float,
    entry_percent: float,
    cache: PathLosses | None = None,
) -> Field:
    """Return the level of a network's base stations at places.

    Parameters
    ----------
    network : whose stations transmit
    latitude_deg, longitude_deg : float64 (n,), places
    ground, policy : terrain and models; percentages below replace the policy's own
    interpretation : level of one resource element, or of the whole channel
    height_m, gain_dbi : of the measuring receiver
    time_percent, location_percent, entry_percent : of the path model and of P.2109
    cache : path losses known from before
    """
    settings = replace(policy, location_percent=location_percent, building_entry_percent=entry_percent)
    sending = emitters([network], settings)
    sending = take(sending, np.flatnonzero(sending.kind == BASE))
    places = measuring_points(latitude_deg, longitude_deg, height_m, gain_dbi, parts(network, interpretation))
    criterion = Criterion("field", "terminal", time_percent, aggregate=False, limit_dbm_per_mhz=0.0)
    found = budgets(
        sending,
        places,
        np.ones((len(sending), len(places)), dtype=bool),
        alike(1, sending, places),
        places.width_mhz[None],
        [criterion],
        ground,
        settings,
        cache if cache is not None else PathLosses(),
    )
    level = centi_level(by_owner(found, found.levels(criterion, settings))[0, 0])
    return Field(level, found, criterion, settings)


def summed_power(network: Network) -> float:
    """Return the summed EIRP of a network's base stations [mW]."""
    eirp = [t.eirp_dbm for t in sorted(network.transmitters, key=lambda t: t.id)]
    return float(np.cumsum(power(np.rint(np.array(eirp) * 100.0)))[-1])
