"""What a regime wants to have tested, as numbers: thresholds, percentages, masks, models.

A programme fills a :class:`Policy` from its rule packs; nothing here is law. Interpretations that the law
leaves open are named fields. The defaults are public ITU-style values that make a runnable system.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Literal

from comity.coordination.limits import BoundaryPolicy, ContourPolicy, ExposurePolicy, ProposalPolicy
from comity.coordination.mask import BASE_MASK, TERMINAL_MASK, MaskSegment, SelectivitySegment

VictimKind = Literal["base", "terminal", "earth_station", "fixed_link"]
PathModel = Literal["p452", "p1812", "free_space"]
#: Highest frequency of P.1812-8 [MHz].
P1812_HIGHEST_MHZ = 6_000.0
Pair = Literal["base-base", "base-terminal", "terminal-base", "terminal-terminal"]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One limit on interference at the input of one kind of receiver.

    Parameters
    ----------
    id : stable name (``"earth-station-long-term"``)
    victim : kind of receiver that it protects
    time_percent : share of time for which the path loss is exceeded by interference [%]
    aggregate : whether the sum of all interferers is held against it, or each alone
    i_over_n_db : interference to thermal noise [dB]; give this or ``limit_dbm_per_mhz``
    limit_dbm_per_mhz : power density at the receiver input [dBm/MHz]
    facts : ids of the facts behind it, for citation and assumptions
    """

    id: str
    victim: VictimKind
    time_percent: float
    aggregate: bool
    i_over_n_db: float | None = None
    limit_dbm_per_mhz: float | None = None
    facts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.i_over_n_db is None) == (self.limit_dbm_per_mhz is None):
            raise ValueError(f"criterion {self.id}: give either i_over_n_db or limit_dbm_per_mhz")


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that coordination needs to know of a regime.

    Parameters
    ----------
    frequency_mhz : frequency at which every path loss is computed, the centre of the band [MHz]
    criteria : the limits, single-entry and aggregate
    mobile_model, protected_model : path model between mobile networks (P.452 above 6 GHz, where P.1812 ends);
        towards and from earth stations and fixed links
    location_percent, location_resolution_m : share of locations [%] and the square whose locations are meant [m],
        P.1812 4.7
    profile_spacing_m : step of terrain profiles [m]
    free_space_below_km : shorter paths use free space and P.2109 only [km]
    minimum_distance_m : shorter paths count as this long [m]
    clutter : ``profile`` cover heights of the terrain store, ``p2108`` at ends below the cover, or ``none``
    p2108_location_percent : share of locations with less clutter loss, P.2108 3.2 [%]
    building_entry_percent : probability that the entry loss is not exceeded, P.2109 [%]
    building_elevation : whether steep paths get the further entry loss of P.2109 (4); else every path counts as
        horizontal
    default_building : class of an indoor end that names none
    pairs, synchronised_pairs : which pairs of mobile ends are tested, transmitting end first, where networks
        are not synchronised and where they are
    synchronisation : ``derived`` from frames and clocks, ``assumed`` by the regime between networks of one sync
        group (else derived), or ``never``
    sync_tolerance_us : largest difference of frame starts that still counts as one phase [us]
    density : interference density averaged over the victim's channel, or in its worst megahertz
    adjacent_limit_mhz : a victim whose band begins farther than this from the channel is not tested [MHz]
    max_distance_km : coordination distance: whoever is farther away is listed, not tested [km]; ``None`` has none
    distance_limit_km : shorter distances for kinds of victims [km]
    base_noise_figure_db, terminal_noise_figure_db, link_noise_figure_db : where the record has none [dB]
    thermal_noise_dbm_per_mhz : kTB of 1 MHz at 290 K, to which noise figures add [dBm/MHz]
    noise_temperature_k, earth_station_gain_dbi : of an earth station whose record has none [K], [dBi]
    unknown_pointing_elevation_deg : an earth station whose pointing is not known may look at any azimuth at
        this elevation [deg]
    terminal_eirp_dbm : of terminals whose record has none [dBm]
    default_receive_gain_dbi : of a receiving base station whose record has neither pattern nor gain [dBi], in
        every direction: isotropic is cautious for sending, not for receiving
    base_mask, terminal_mask, link_mask : emission outside the channel
    base_selectivity, terminal_selectivity, earth_station_selectivity, link_selectivity : receiver filters
    terminals_harm_protected : whether terminals are tested towards earth stations and fixed links
    inward : what a failing incumbent-to-candidate test means: ``refuse``, ``warn`` (listed, does not fail),
        or ``ignore`` (not computed)
    dn, n0 : radio-climatic parameters Delta N [N-units/km] and N0 [N-units] of P.452 and P.1812
    pressure_hpa, temperature_c : for gaseous absorption
    location_spread_db : location spread where another than the model's own is to be shown, by model name [dB]
    screening_error_db : the most by which leaving links out may move an aggregate at its limit [dB]
    negligible_db : what a bound shows to lie so far below a limit is not computed, and never fails a test [dB]
    boundary, contour, exposure : further limits, ``None`` where the regime has none
    proposals : search space for what may be granted
    """

    frequency_mhz: float
    criteria: tuple[Criterion, ...]
    mobile_model: PathModel = "p1812"
    protected_model: PathModel = "p452"
    location_percent: float = 50.0
    location_resolution_m: float = 50.0
    profile_spacing_m: float = 50.0
    free_space_below_km: float = 0.25
    minimum_distance_m: float = 1.0
    clutter: Literal["profile", "p2108", "none"] = "profile"
    p2108_location_percent: float = 50.0
    building_entry_percent: float = 50.0
    building_elevation: bool = False
    default_building: Literal["traditional", "thermally_efficient"] = "traditional"
    pairs: frozenset[Pair] = frozenset(("base-base", "base-terminal", "terminal-base", "terminal-terminal"))
    synchronised_pairs: frozenset[Pair] = frozenset(("base-terminal", "terminal-base"))
    synchronisation: Literal["derived", "assumed", "never"] = "derived"
    sync_tolerance_us: float = 3.0
    density: Literal["victim_channel", "worst_mhz"] = "victim_channel"
    adjacent_limit_mhz: Mapping[VictimKind, float] = field(default_factory=dict)
    max_distance_km: float | None = 200.0
    distance_limit_km: Mapping[VictimKind, float] = field(default_factory=dict)
    base_noise_figure_db: float = 5.0
    terminal_noise_figure_db: float = 9.0
    link_noise_figure_db: float = 5.0
    thermal_noise_dbm_per_mhz: float = -114.0
    noise_temperature_k: float = 100.0
    earth_station_gain_dbi: float = 40.0
    unknown_pointing_elevation_deg: float = 5.0
    terminal_eirp_dbm: float = 23.0
    default_receive_gain_dbi: float = 0.0
    base_mask: tuple[MaskSegment, ...] = BASE_MASK
    terminal_mask: tuple[MaskSegment, ...] = TERMINAL_MASK
    link_mask: tuple[MaskSegment, ...] = ()
    base_selectivity: tuple[SelectivitySegment, ...] = (SelectivitySegment(0.0, 400.0, 46.0),)
    terminal_selectivity: tuple[SelectivitySegment, ...] = (SelectivitySegment(0.0, 400.0, 33.0),)
    earth_station_selectivity: tuple[SelectivitySegment, ...] = ()
    link_selectivity: tuple[SelectivitySegment, ...] = ()
    terminals_harm_protected: bool = True
    inward: Literal["refuse", "warn", "ignore"] = "warn"
    dn: float = 45.0
    n0: float = 325.0
    pressure_hpa: float = 1013.25
    temperature_c: float = 15.0
    location_spread_db: Mapping[str, float] = field(default_factory=dict)
    screening_error_db: float = 0.1
    negligible_db: float = 20.0
    boundary: BoundaryPolicy | None = None
    contour: ContourPolicy | None = None
    exposure: ExposurePolicy | None = None
    proposals: ProposalPolicy = field(default_factory=ProposalPolicy)

    @property
    def model_between_networks(self) -> PathModel:
        """The path model between mobile networks at this frequency: P.1812 ends at 6 GHz, P.452 takes over."""
        beyond = self.mobile_model == "p1812" and self.frequency_mhz > P1812_HIGHEST_MHZ
        return "p452" if beyond else self.mobile_model

    def adjacent_limit(self, kind: VictimKind) -> float:
        """Return the widest frequency gap at which ``kind`` is still tested [MHz]."""
        return self.adjacent_limit_mhz.get(kind, inf)

    def distance_limit(self, kind: VictimKind) -> float:
        """Return the longest distance at which ``kind`` is still tested [km]."""
        farthest = inf if self.max_distance_km is None else self.max_distance_km
        return min(self.distance_limit_km.get(kind, inf), farthest)

    def antenna_statistic(self, criterion: Criterion) -> Literal["peak", "average"]:
        """Return which side-lobe pattern a criterion uses: peak envelope alone, average in aggregates."""
        return "average" if criterion.aggregate else "peak"
