"""From the facts of a rule pack to the policy that coordination follows."""

from __future__ import annotations

from typing import Any, cast

from comity.coordination.limits import BoundaryPolicy, ContourPolicy, ExposurePolicy, ProposalPolicy
from comity.coordination.mask import MaskSegment, SelectivitySegment
from comity.coordination.policy import Criterion, Policy
from comity.programmes.spectrum.facts import FactBook

#: Filters are taken as flat from the channel edge to here [MHz].
_FILTER_REACH_MHZ = 400.0
#: Recommendation ITU-R P.1812 holds up to here [MHz].
_P1812_TO_MHZ = 6_000.0
_NUMBERS = {
    "location_percent": "location_percent",
    "profile_spacing_m": "profile_spacing_m",
    "free_space_below_km": "free_space_below_km",
    "p2108_location_percent": "p2108_location_percent",
    "building_entry_percent": "building_entry_percent",
    "sync_tolerance_us": "sync_tolerance_us",
    "base_noise_figure_db": "base_noise_figure_db",
    "terminal_noise_figure_db": "terminal_noise_figure_db",
    "link_noise_figure_db": "link_noise_figure_db",
    "noise_temperature_k": "earth_station_noise_temperature_k",
    "terminal_eirp_dbm": "terminal_eirp_dbm",
    "default_receive_gain_dbi": "default_receive_gain_dbi",
    "max_distance_km": "max_distance_km",
    "dn": "dn_n_units_per_km",
    "n0": "n0_n_units",
    "pressure_hpa": "pressure_hpa",
    "temperature_c": "temperature_c",
}
_WORDS = {
    "mobile_model": "mobile_model",
    "protected_model": "protected_model",
    "clutter": "clutter",
    "default_building": "default_building",
    "synchronisation": "synchronisation",
    "inward": "inward",
    "density": "density",
}
#: What the coverage contour rests on.
_CONTOUR = (
    "coordination.contour_level_dbm",
    "interpretation.boundary_metric",
    "interpretation.boundary_receiver_height_m",
    "interpretation.boundary_time_percent",
    "interpretation.boundary_location_percent",
    "coordination.resource_blocks",
)
#: The fact that a receiver's noise, and with it a limit stated as I/N, rests on.
_NOISE = {
    "base": "coordination.base_noise_figure_db",
    "terminal": "coordination.terminal_noise_figure_db",
    "fixed_link": "coordination.link_noise_figure_db",
    "earth_station": "coordination.earth_station_noise_temperature_k",
}


def policy_of(book: FactBook, frequency_mhz: float, proposals: ProposalPolicy, band: str = "") -> Policy:
    """Return the policy of a pack.

    Parameters
    ----------
    book : facts of the pack on the day of the decision; what it does not say keeps the engine's default
    frequency_mhz : frequency at which path loss is computed [MHz]
    proposals : search space for what may be granted
    band : band asked for, where an assumption of the regime holds in some bands only
    """
    fields: dict[str, Any] = {}
    for field, name in _NUMBERS.items():
        value = book.value(f"coordination.{name}")
        if isinstance(value, int | float) and not isinstance(value, bool):
            fields[field] = float(value)
    for field, name in _WORDS.items():
        value = book.value(f"coordination.{name}")
        if isinstance(value, str):
            fields[field] = value
    if fields.get("synchronisation") == "assumed" and sync_group(book, band) is None:
        fields["synchronisation"] = "derived"
    if frequency_mhz > _P1812_TO_MHZ and fields.get("mobile_model", "p1812") == "p1812":
        fields["mobile_model"] = book.text("coordination.mobile_model_above_6_ghz", "p452")
    return Policy(
        frequency_mhz=frequency_mhz,
        criteria=criteria_of(book),
        boundary=boundary_of(book),
        contour=contour_of(book),
        exposure=exposure_of(book),
        proposals=proposals,
        **_filters(book),
        **fields,
    )


def sync_group(book: FactBook, band: str) -> str | None:
    """Return the group of networks that the regime takes as synchronised in a band, ``None`` where it has none."""
    return f"{book.pack.id} {band}" if band in book.texts("coordination.synchronisation_bands") else None


def criteria_of(book: FactBook) -> tuple[Criterion, ...]:
    """Return the interference criteria that the pack names and whose threshold is known."""
    found = []
    for name in book.texts("coordination.criteria"):
        stem = f"coordination.{name}"
        i_over_n, limit = book.value(f"{stem}.i_over_n_db"), book.value(f"{stem}.limit_dbm_per_mhz")
        if i_over_n is None and limit is None:
            continue
        victim = book.text(f"{stem}.victim", "base")
        own = (f"{stem}.{part}" for part in ("i_over_n_db", "limit_dbm_per_mhz", "time_percent"))
        ids = (*own, _NOISE[victim]) if limit is None else tuple(own)
        found.append(
            Criterion(
                id=name.replace("_", "-"),
                victim=cast(Any, victim),
                time_percent=book.number(f"{stem}.time_percent", 20.0),
                aggregate=book.value(f"{stem}.aggregate") is True,
                i_over_n_db=None if i_over_n is None else book.number(f"{stem}.i_over_n_db", 0.0),
                limit_dbm_per_mhz=None if limit is None else book.number(f"{stem}.limit_dbm_per_mhz", 0.0),
                facts=tuple(fact.id for fact in book.known(ids)),
            )
        )
    return tuple(found)


def boundary_of(book: FactBook) -> BoundaryPolicy | None:
    """Return the limit at the boundary of the site, where the regime has one."""
    if book.value("limits.boundary_level_dbm") is None:
        return None
    ids = ("limits.boundary_level_dbm", "interpretation.boundary_metric")
    return BoundaryPolicy(
        limit_dbm=book.number("limits.boundary_level_dbm", 0.0),
        interpretation=cast(Any, book.text("interpretation.boundary_metric", "per_resource_element")),
        receiver_height_m=book.number("interpretation.boundary_receiver_height_m", 1.5),
        receiver_gain_dbi=book.number("interpretation.boundary_receiver_gain_dbi", 0.0),
        time_percent=book.number("interpretation.boundary_time_percent", 50.0),
        location_percent=book.number("interpretation.boundary_location_percent", 50.0),
        spacing_m=book.number("interpretation.boundary_spacing_m", 10.0),
        indoor_exit_percent=book.number("interpretation.boundary_indoor_exit_percent", 50.0),
        facts=tuple(fact.id for fact in book.known(ids)),
    )


def contour_of(book: FactBook) -> ContourPolicy | None:
    """Return the coverage contour that must not touch neighbours without consent, where there is one."""
    if book.value("coordination.contour_level_dbm") is None:
        return None
    return ContourPolicy(
        level_dbm=book.number("coordination.contour_level_dbm", 0.0),
        interpretation=cast(Any, book.text("interpretation.boundary_metric", "per_resource_element")),
        receiver_height_m=book.number("interpretation.boundary_receiver_height_m", 1.5),
        time_percent=book.number("interpretation.boundary_time_percent", 50.0),
        location_percent=book.number("interpretation.boundary_location_percent", 50.0),
        facts=tuple(fact.id for fact in book.known(_CONTOUR)),
    )


def exposure_of(book: FactBook) -> ExposurePolicy | None:
    """Return the public exposure check, where the regime states a reference level."""
    if book.value("limits.exposure_w_per_m2") is None:
        return None
    return ExposurePolicy(
        limit_w_per_m2=book.number("limits.exposure_w_per_m2", 10.0),
        head_height_m=book.number("coordination.exposure_head_height_m", 2.0),
        average_duty=book.number("coordination.exposure_average_duty", 1.0),
        facts=("limits.exposure_w_per_m2",),
    )


def _filters(book: FactBook) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    rows = book.rows("coordination.base_mask")
    if rows:
        fields["base_mask"] = tuple(MaskSegment(*(float(cast(float, v)) for v in row)) for row in rows)
    terminal = book.rows("coordination.terminal_mask")
    if terminal:
        fields["terminal_mask"] = tuple(
            MaskSegment(*(float(cast(float, v)) for v in row)) for row in terminal
        )
    for field, name in (("base_selectivity", "base_acs_db"), ("terminal_selectivity", "terminal_acs_db")):
        if book.value(f"coordination.{name}") is not None:
            rejection_db = book.number(f"coordination.{name}", 0.0)
            fields[field] = (SelectivitySegment(0.0, _FILTER_REACH_MHZ, rejection_db),)
    return fields
