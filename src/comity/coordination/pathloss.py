"""Basic transmission loss of many links: which model, with which clutter, entry losses and percentages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache as remembered
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.compute.executors import Serial, Threads
from comity.coordination._angles import elevation_deg
from comity.coordination.cache import PathLosses, context_key, link_keys
from comity.coordination.ends import EARTH_STATION, Ends
from comity.coordination.ground import Ground, ground_key
from comity.coordination.horizon import horizon_elevations_deg
from comity.coordination.links import Geometry
from comity.coordination.policy import PathModel, Policy
from comity.propagation.paths import Paths

Float = NDArray[np.float64]
Int = NDArray[np.int64]

MODELS: tuple[PathModel, ...] = ("free_space", "p1812", "p452")
FREE_SPACE, P1812, P452 = range(3)
#: Links whose profiles are in memory at the same time.
BLOCK = 4_096
UNASKED_DB = 1_000.0


@dataclass(frozen=True, slots=True)
class Losses:
    """What lies between the antennas of ``n`` links.

    Parameters
    ----------
    model : int64 (n,), index into :data:`MODELS`
    loss_db : float64 (p, n), basic transmission loss by time percentage; :data:`UNASKED_DB` where no criterion of
        the receiver asks for it
    tx_clutter_db, rx_clutter_db : float64 (n,), P.2108 at ends where the policy credits it
    tx_entry_db, rx_entry_db : float64 (n,), P.2109 at indoor ends
    tx_elevation_deg, rx_elevation_deg : float64 (n,), elevation of the other end along the straight line
    tx_horizon_deg, rx_horizon_deg : float64 (n,), elevation of the horizon towards it; the same in line of sight
    """

    model: Int
    loss_db: Float
    tx_clutter_db: Float
    rx_clutter_db: Float
    tx_entry_db: Float
    rx_entry_db: Float
    tx_elevation_deg: Float
    rx_elevation_deg: Float
    tx_horizon_deg: Float
    rx_horizon_deg: Float


def losses(
    emitters: Ends,
    receivers: Ends,
    links: Geometry,
    percents: Mapping[int, Sequence[float]],
    ground: Ground,
    policy: Policy,
    cache: PathLosses,
) -> Losses:
    """Return the losses of links.

    Below ``policy.free_space_below_km`` it is free space; neither terrain nor clutter is credited there.

    Parameters
    ----------
    emitters, receivers : antennas
    links : which of them, and where
    percents : time percentages p that matter to each kind of receiver [%]
    ground, policy : terrain and settings
    cache : path losses known from before
    """
    model = models(emitters, receivers, links, policy)
    every = every_percent(percents)
    table = np.full((len(every), len(links)), UNASKED_DB)
    clutter = np.zeros((2, len(links)))
    horizon = np.full((2, len(links)), np.nan)
    near = np.flatnonzero(model == FREE_SPACE)
    table[:, near] = free_space_db(links.distance_km[near], policy)
    kind = receivers.kind[links.receiver]
    for code in (P1812, P452):
        for victim, wanted in percents.items():
            chosen = np.flatnonzero((model == code) & (kind == victim))
            if not chosen.size:
                continue
            rows = np.array([every.index(percent) for percent in wanted], dtype=np.int64)
            found = _modelled(code, emitters, receivers, links, chosen, wanted, ground, policy, cache)
            table[rows[:, None], chosen[None, :]] = found[: rows.size]
            clutter[:, chosen], horizon[:, chosen] = found[rows.size : -2], found[-2:]
    up, down = _elevations(links, ground)
    return Losses(
        model=model,
        loss_db=table,
        tx_clutter_db=clutter[0],
        rx_clutter_db=clutter[1],
        tx_entry_db=entry_db(emitters.building[links.emitter], up, policy),
        rx_entry_db=entry_db(receivers.building[links.receiver], down, policy),
        tx_elevation_deg=up,
        rx_elevation_deg=down,
        tx_horizon_deg=np.where(np.isnan(horizon[0]), up, horizon[0]),
        rx_horizon_deg=np.where(np.isnan(horizon[1]), down, horizon[1]),
    )


def every_percent(percents: Mapping[int, Sequence[float]]) -> tuple[float, ...]:
    """Return all time percentages in order: the rows of :attr:`Losses.loss_db`."""
    return tuple(sorted({percent for wanted in percents.values() for percent in wanted}))


def location_spread_db(model: str, policy: Policy) -> float | None:
    """Return the location spread stated for a model [dB]: the policy's, else P.1812's own (section 4.7).

    It is the standard deviation between places within a square of ``location_resolution_m``, no error of prediction:
    none of the Recommendations states one. P.452-18 and free space state no spread.
    """
    if model in policy.location_spread_db:
        return policy.location_spread_db[model]
    return round(_location_sd_db(policy), 2) if model == MODELS[P1812] else None


def _location_sd_db(policy: Policy) -> float:
    return _location_spread_db(policy.frequency_mhz, policy.location_resolution_m)


@remembered
def _location_spread_db(frequency_mhz: float, resolution_m: float) -> float:
    """Return sigma_L of P.1812-8 section 4.7 for receivers within the cover around them [dB]."""
    from comity.propagation.p1812 import location_standard_deviation

    height_m = cover_m = 0.0  # up to the height of the cover the variability is whole
    return float(
        location_standard_deviation(frequency_mhz, resolution_m, rx_height_m=height_m, rx_cover_m=cover_m)
    )


def models(emitters: Ends, receivers: Ends, links: Geometry, policy: Policy) -> Int:
    """Return the path model of every link, index into :data:`MODELS`."""
    fixed = (emitters.kind[links.emitter] >= EARTH_STATION) | (
        receivers.kind[links.receiver] >= EARTH_STATION
    )
    code = np.where(fixed, MODELS.index(policy.protected_model), MODELS.index(policy.model_between_networks))
    return np.where(links.distance_km < policy.free_space_below_km, FREE_SPACE, code)


def free_space_db(distance_km: Float, policy: Policy) -> Float:
    """Return free-space loss at the policy's frequency [dB]."""
    from comity.propagation.p525 import free_space_loss

    return free_space_loss(policy.frequency_mhz, distance_km)


def entry_db(building: Int, elevation: Float, policy: Policy) -> Float:
    """Return the P.2109 entry loss of ends in a building [dB], 0 outdoors.

    The part that grows with the elevation of the path counts only where the policy says so.
    """
    from comity.propagation.p2109 import building_entry_loss

    out = np.zeros(building.size)
    elevation = elevation if policy.building_elevation else np.zeros(building.size)
    for code in (1, 2):
        chosen = np.flatnonzero(building == code)
        if chosen.size:
            out[chosen] = building_entry_loss(
                policy.frequency_mhz, policy.building_entry_percent, code, elevation_deg=elevation[chosen]
            )
    return out


def _elevations(links: Geometry, ground: Ground) -> tuple[Float, Float]:
    tx = ground.height_m(links.tx_latitude_deg, links.tx_longitude_deg) + links.tx_height_m
    rx = ground.height_m(links.rx_latitude_deg, links.rx_longitude_deg) + links.rx_height_m
    return elevation_deg(tx, rx, links.distance_km), elevation_deg(rx, tx, links.distance_km)


def _modelled(
    code: int,
    emitters: Ends,
    receivers: Ends,
    links: Geometry,
    part: Int,
    percents: Sequence[float],
    ground: Ground,
    policy: Policy,
    cache: PathLosses,
) -> Float:
    """Return path losses (p, n), P.2108 losses (2, n) and horizons (2, n) of both ends, from the cache if there."""
    width, columns = len(percents) + 4, _both_ends(emitters, receivers, links, part)

    def computed(missing: Int) -> Float:
        out = np.empty((missing.size, width))

        def fill(first: int) -> None:
            block = [column[missing[first : first + BLOCK]] for column in columns]
            out[first : first + BLOCK] = _computed(code, block, percents, ground, policy).T

        firsts = range(0, missing.size, BLOCK)
        with Threads() if len(firsts) > 1 else Serial() as pool:
            for _ in pool.map(fill, firsts):
                pass
        return out

    context = context_key({**_context(code, ground, policy), "percents": list(percents)})
    return cache.get(context, link_keys(columns), width, computed).T


def _both_ends(emitters: Ends, receivers: Ends, links: Geometry, part: Int) -> list[Float]:
    """Return all of some links that a path loss hangs on, one column each."""
    names = ["tx_latitude_deg", "tx_longitude_deg", "tx_height_m"]
    names += ["rx_latitude_deg", "rx_longitude_deg", "rx_height_m"]
    emitter, receiver = links.emitter[part], links.receiver[part]
    return [
        *(getattr(links, name)[part] for name in names),
        emitters.polarisation[emitter].astype(np.float64),
        (emitters.building[emitter] > 0).astype(np.float64),
        (receivers.building[receiver] > 0).astype(np.float64),
    ]


def _context(code: int, ground: Ground, policy: Policy) -> dict[str, Any]:
    from comity.coordination.revision import REVISIONS

    names = ["frequency_mhz", "profile_spacing_m", "clutter", "p2108_location_percent", "dn", "n0"]
    names += ["pressure_hpa", "temperature_c", "location_percent", "location_resolution_m"]
    return {
        "model": MODELS[code],
        "revision": REVISIONS[MODELS[code]],
        "ground": ground_key(ground),
        **{name: getattr(policy, name) for name in names},
    }


def _computed(
    code: int, columns: list[Float], percents: Sequence[float], ground: Ground, policy: Policy
) -> Float:
    tx_lat, tx_lon, tx_height, rx_lat, rx_lon, rx_height, polarisation, tx_indoor, rx_indoor = columns
    cover = "none" if policy.clutter == "none" else "degurba"
    paths = ground.paths(tx_lat, tx_lon, rx_lat, rx_lon, spacing_m=policy.profile_spacing_m, cover=cover)
    clutter = np.zeros((2, len(paths)))
    if policy.clutter == "p2108":
        clutter = _p2108(paths, tx_height, rx_height, tx_indoor, rx_indoor, policy)
        paths = replace(paths, cover_m=np.zeros(paths.cover_m.size))
    run = _p1812 if code == P1812 else _p452
    horizon = horizon_elevations_deg(paths, tx_height, rx_height, policy.dn)
    return np.vstack([run(paths, percents, tx_height, rx_height, polarisation, policy), clutter, horizon])


def _p2108(
    paths: Paths, tx_height: Float, rx_height: Float, tx_indoor: Float, rx_indoor: Float, policy: Policy
) -> Float:
    """Return P.2108 3.2 losses (2, n) at outdoor ends that lie below the cover around them."""
    from comity.propagation.p2108 import terrestrial_clutter_loss

    last = paths.offsets[1:] - 1
    length = paths.distance_km[last]
    below_tx = (tx_height < paths.cover_m[paths.offsets[:-1]]) & (tx_indoor == 0.0)
    below_rx = (rx_height < paths.cover_m[last]) & (rx_indoor == 0.0)
    # The Recommendation gives the loss at both ends from 1 km on; on shorter paths the lower end has it.
    lower_rx = rx_height <= tx_height
    both = below_tx & below_rx & (length < 1.0)
    below_tx &= ~(both & lower_rx)
    below_rx &= ~(both & ~lower_rx)
    out = np.zeros((2, len(paths)))
    for row, below in enumerate((below_tx, below_rx)):
        chosen = np.flatnonzero(below)
        if chosen.size:
            distance = np.maximum(length[chosen], 0.25)
            out[row, chosen] = terrestrial_clutter_loss(
                policy.frequency_mhz, distance, policy.p2108_location_percent
            )
    return out


def _p1812(
    paths: Paths,
    percents: Sequence[float],
    tx_height: Float,
    rx_height: Float,
    polarisation: Float,
    policy: Policy,
) -> Float:
    from comity.propagation.p1812 import basic_transmission_loss

    found = basic_transmission_loss(
        paths,
        policy.frequency_mhz,
        np.asarray(percents)[None, :],
        location_percent=policy.location_percent,
        location_sd_db=_location_sd_db(policy),
        **_of_both_models(tx_height, rx_height, polarisation, policy),
    )
    return np.ascontiguousarray(found.T)


def _p452(
    paths: Paths,
    percents: Sequence[float],
    tx_height: Float,
    rx_height: Float,
    polarisation: Float,
    policy: Policy,
) -> Float:
    from comity.propagation.p452 import basic_transmission_loss

    # Without antenna gains the coupling loss of troposcatter is at its smallest: losses are not overstated, and
    # they do not hang on where an antenna points.
    found = basic_transmission_loss(
        paths,
        policy.frequency_mhz,
        np.asarray(percents)[None, :],
        pressure_hpa=policy.pressure_hpa,
        temperature_c=policy.temperature_c,
        **_of_both_models(tx_height, rx_height, polarisation, policy),
    )
    return np.ascontiguousarray(found.T)


def _of_both_models(
    tx_height: Float, rx_height: Float, polarisation: Float, policy: Policy
) -> dict[str, Any]:
    """Return the inputs that P.452 and P.1812 share: ends, polarisation, climate.

    The distances to the coast are left to the models: they end where the sections of zones do.
    """
    return {
        "tx_height_m": tx_height,
        "rx_height_m": rx_height,
        "polarisation": _plane(polarisation),
        "dn": policy.dn,
        "n0": policy.n0,
    }


def _plane(polarisation: Float) -> Float:
    """Return the codes of the models, 1 horizontal and 2 vertical; slant is taken as vertical."""
    return np.where(polarisation == 1.0, 1.0, 2.0)
