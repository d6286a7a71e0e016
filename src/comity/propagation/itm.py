"""The Irregular Terrain Model (Longley-Rice) 1.4: point-to-point and area mode.

Written from G. A. Hufford, "The ITS Irregular Terrain Model, version 1.2.2: the algorithm" (NTIA/ITS), and checked
against NTIA's public-domain program of version 1.4, whose constants and warnings it follows.
"""

from __future__ import annotations

from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.propagation import _itm_batch as batch
from comity.propagation._itm_profiles import Profiles, profiles
from comity.propagation._itm_types import (
    Climate,
    ConfidenceReliability,
    Flag,
    Inputs,
    Mode,
    Prediction,
    Quantile,
    Siting,
    TimeLocationSituation,
    Variability,
)
from comity.propagation._validity import Validity
from comity.propagation.paths import Paths

Float = NDArray[np.float64]

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


Rows = list[tuple[str, ArrayLike]]


def point_to_point(
    paths: Paths | Profiles, frequency_mhz: ArrayLike, *, threads: int = 1, **inputs: Unpack[Inputs]
) -> Prediction:
    """Predict the basic transmission loss of n links over their terrain profiles.

    Parameters
    ----------
    paths : profiles of n links; :class:`Paths` are resampled to even steps by :func:`profiles`
    frequency_mhz : frequency f [MHz], 20 to 20 000 (advised 40 to 10 000); a number or (n,)
    threads : shares computed at once; the result does not depend on it
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
    if check.failed:
        ground.check_heights(check)
        check.raise_problems()
    result = batch.point_to_point(ground.offsets, ground.height_m, ground.spacing_m, table, threads=threads)
    if (result[batch.REFUSAL] == batch.HEIGHTS).any():
        ground.check_heights(check)
    return _prediction(check, result)


def area(
    distance_km: ArrayLike,
    terrain_irregularity_m: ArrayLike,
    frequency_mhz: ArrayLike,
    *,
    tx_siting: ArrayLike = Siting.RANDOM,
    rx_siting: ArrayLike = Siting.RANDOM,
    threads: int = 1,
    **inputs: Unpack[Inputs],
) -> Prediction:
    """Predict the basic transmission loss over terrain known by its irregularity alone.

    Parameters
    ----------
    distance_km : path length d [km], above 0; its shape (n,), or that of the other arrays, is the result's
    terrain_irregularity_m : terrain irregularity parameter delta h [m], 0 or more (90 over average terrain)
    frequency_mhz : frequency f [MHz], 20 to 20 000 (advised 40 to 10 000)
    tx_siting, rx_siting : :class:`Siting`
    threads : shares computed at once; the result does not depend on it
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
    rows += where_rows
    n = max(np.size(values) for _, values in rows)
    table = _table(check, n, rows)
    check.raise_problems()
    return _prediction(check, batch.area(table, n, threads=threads))


def _table(check: Validity, n: int, rows: Rows) -> Float:
    """Return named rows as the kernels' table, the last link repeated; a row of another length is noted."""
    table = np.empty((len(rows), batch.columns(n)))
    for row, (name, values) in enumerate(rows):
        if np.size(values) not in (1, n):
            check.note(name, f"{np.size(values)} values for {n} links", "one value, or one a link")
        else:
            table[row, :n] = values
            table[row, n:] = table[row, n - 1 : n]
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


def _prediction(check: Validity, result: Float) -> Prediction:
    """Raise for refused links, or return the results."""
    for code, (name, accepted) in batch.REFUSALS.items():
        refused = np.flatnonzero(result[batch.REFUSAL] == code)
        if refused.size:
            check.note(name, f"link {refused[0]} ({refused.size} of {result.shape[1]} links)", accepted)
    check.raise_problems()
    loss, warnings, mode, *rest = result[: batch.REFUSAL]
    return Prediction(loss, warnings.astype(np.int64), mode.astype(np.int64), *rest)
