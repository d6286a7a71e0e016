"""Coverage as files: a GeoTIFF for further work, a picture to look at, a record of what was computed."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.coordination.coverage import Coverage, Plan, inputs_of
from comity.coordination.coverage_network import NetworkCoverage
from comity.report.raster import COVERAGE_COLOURS
from comity.terrain.edition import Edition
from comity.terrain.frame import Frame
from comity.terrain.ground import Ground
from comity.terrain.hillshade import hillshade

Levels = NDArray[np.floating[Any]]

#: Lower edges of the picture's classes [dBm].
CLASSES_DBM = (-120, -110, -100, -90, -80, -70, -60, -50)
#: Share of the circle without a level that is worth telling; less is its rim.
BLANK_SHARE = 0.02
_SEA, _UNKNOWN = (203, 219, 232), (236, 236, 236)
_MOST_PICTURE_PIXELS = 2_000


def write_geotiff(path: Path, frame: Frame, bands: Mapping[str, Levels], tags: Mapping[str, str]) -> None:
    """Write bands [dB, dBm] by name in the frame's azimuthal equidistant projection.

    Values are rounded to 0.01 dB, NaN is nodata.
    """
    import rasterio
    from rasterio.transform import Affine

    profile = {
        "driver": "GTiff", "height": frame.side, "width": frame.side, "count": len(bands), "dtype": "float32",
        "crs": frame.crs, "transform": Affine(*frame.transform), "nodata": float("nan"), "compress": "deflate",
        "predictor": 3, "tiled": True, "blockxsize": 256, "blockysize": 256,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as out:
        for band, (name, values) in enumerate(bands.items(), start=1):
            out.write(np.round(values, 2).astype(np.float32), band)
            out.set_band_description(band, name)
        out.update_tags(**tags)


def tags_of(mode: str, device: str, plan: Plan, editions: Sequence[Edition]) -> dict[str, str]:
    """Return what a GeoTIFF says of itself: how and by what it was computed, on which ground, whose data that is."""
    return {
        "MODE": mode,
        "DEVICE": device,
        "MODEL": plan.model,
        "GROUND": " ".join(edition.sha256 for edition in editions),
        "ATTRIBUTION": " ".join(attributions(editions)),
        "CLASSES_DBM": " ".join(f"{edge}:{colour}" for edge, colour in _classes()),
    }


def _classes() -> list[tuple[int, str]]:
    """Return lower edge [dBm] and colour of each class of the pictures, weak to strong."""
    return list(zip(CLASSES_DBM, COVERAGE_COLOURS, strict=True))


def attributions(editions: Sequence[Edition]) -> list[str]:
    """Return the lines that must travel with the result."""
    return list(dict.fromkeys(e.attribution for e in editions if e.attribution))


def write_picture(path: Path, ground: Ground, frame: Frame, level_dbm: Levels) -> None:
    """Write a PNG: the level in classes over hillshade, the sea blue, land without data grey."""
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning

    stride = -(-frame.side // _MOST_PICTURE_PIXELS)
    rows, columns = np.meshgrid(*(np.arange(0, frame.side, stride),) * 2, indexing="ij")
    heights, zones = ground.heights_and_zones(*(a.reshape(-1) for a in frame.places(rows, columns)))
    height, sea = heights.reshape(rows.shape), zones.reshape(rows.shape) == 3
    light = 0.35 + 0.65 * np.nan_to_num(hillshade(height, frame.pixel_m * stride, exaggeration=2.0), nan=0.9)
    pixels = np.repeat(255.0 * light[None], 3, axis=0)
    pixels[:, np.isnan(height)] = np.array(_UNKNOWN)[:, None]
    pixels[:, sea] = np.array(_SEA)[:, None]
    light[sea] = 1.0
    level = level_dbm[::stride, ::stride]
    for edge, colour in _classes():
        inside = level >= edge
        rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float64)
        pixels[:, inside] = rgb[:, None] * (0.5 + 0.5 * light[inside])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        size = {"height": rows.shape[0], "width": rows.shape[1]}
        with rasterio.open(path, "w", driver="PNG", count=3, dtype="uint8", **size) as out:
            out.write(np.clip(pixels, 0, 255).astype(np.uint8))


def record(ground: Ground, coverage: Coverage, level_dbm: Levels) -> dict[str, Any]:
    """Return what was computed of one transmitter, from what, and what came out, as JSON values."""
    return {
        "mode": coverage.mode,
        "device": coverage.device,
        "inputs": inputs_of(ground, coverage.transmitter, coverage.plan),
        "eirp_dbm": coverage.transmitter.eirp_dbm,
        **_outcome(coverage.frame, coverage.plan, level_dbm, coverage.editions),
    }


def network_record(coverage: NetworkCoverage) -> dict[str, Any]:
    """Return what was computed of a network, from what, and what came out, as JSON values."""
    return {
        "mode": coverage.mode,
        "device": coverage.inputs.get("device", "cpu"),
        "inputs": coverage.inputs,
        **_outcome(coverage.frame, coverage.plan, coverage.level_dbm, coverage.editions),
    }


def _outcome(frame: Frame, plan: Plan, level_dbm: Levels, editions: Sequence[Edition]) -> dict[str, Any]:
    known = int((~np.isnan(level_dbm)).sum())
    inside = np.pi * (plan.radius_km * 1e3 / plan.pixel_m) ** 2
    area_km2 = (plan.pixel_m / 1e3) ** 2
    return {
        "frame": {"crs": frame.crs, "side": frame.side, "pixel_m": frame.pixel_m},
        "pixels": known,
        "blank_share": round(max(0.0, 1.0 - known / inside), 3),
        "area_km2_at_or_above": {
            str(edge): round(float((level_dbm >= edge).sum()) * area_km2, 3) for edge in CLASSES_DBM
        },
        "classes": [{"at_least_dbm": edge, "colour": colour} for edge, colour in _classes()],
        "editions": [{"id": e.id, "sha256": e.sha256, "licence": e.licence} for e in editions],
        "attribution": attributions(editions),
    }
