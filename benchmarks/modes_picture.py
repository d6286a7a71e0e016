"""Draw ``exact``, ``radial`` and their difference side by side: ``python -m benchmarks.modes_picture``.

Writes ``docs/guide/coverage-exact-radial-difference.png``.
"""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comity.coordination.coverage import Mode, Plan, Transmitter, coverage, level_dbm
from comity.coordination.coverage_files import write_picture
from comity.terrain.ground import Ground, open_ground

PICTURE = Path(__file__).parents[1] / "docs/guide/coverage-exact-radial-difference.png"
MAST = Transmitter(57.2950, -6.3600, 15.0, 3500.0, eirp_dbm=45.0)
PLAN = Plan(9.0, 45.0)
GAP, MOST_DB = 12, 6.0
_SAME, _MORE, _LESS = (247, 247, 247), (178, 24, 43), (33, 102, 172)


def main() -> None:
    """Draw the three."""
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning

    warnings.simplefilter("ignore", NotGeoreferencedWarning)
    ground = open_ground()
    (exact, exact_db), (radial, radial_db) = (_drawn(ground, mode) for mode in ("exact", "radial"))
    parts = [exact, radial, _difference(radial_db - exact_db)]
    white = np.full((3, exact.shape[1], GAP), 255, dtype=np.uint8)
    whole = np.concatenate([parts[0], white, parts[1], white, parts[2]], axis=2)
    size = {"height": whole.shape[1], "width": whole.shape[2]}
    with rasterio.open(PICTURE, "w", driver="PNG", count=3, dtype="uint8", **size) as out:
        out.write(whole)
    print(f"written: {PICTURE}")


def _drawn(ground: Ground, mode: Mode) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Return the picture (3, h, w) that ``comity coverage`` draws, and the losses [dB]."""
    import rasterio

    cover = coverage(ground, MAST, PLAN, mode=mode)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coverage.png"
        write_picture(path, ground, cover.frame, level_dbm(ground, cover))
        with rasterio.open(path) as drawn:
            return drawn.read(), np.asarray(cover.loss_db, np.float64)


def _difference(off_db: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return blue where radial has less loss, red where it has more, white beyond the circle."""
    share = np.clip(np.nan_to_num(off_db) / MOST_DB, -1.0, 1.0)
    same, more, less = (np.array(colour, dtype=np.float64)[:, None, None] for colour in (_SAME, _MORE, _LESS))
    toward = np.where(share > 0.0, more, less)
    return np.where(np.isnan(off_db), 255.0, same + (toward - same) * np.abs(share)).astype(np.uint8)


if __name__ == "__main__":
    main()
