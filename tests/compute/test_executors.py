"""The same bytes wherever work runs, and nothing computed twice after an interruption."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from comity.compute.executors import KINDS, open_executor
from comity.compute.grid import Tile, run_grid, tiles_of
from comity.errors import ComityError

SHAPE, SIDE = (50, 70), 16


def field(tile: Tile) -> np.ndarray:
    """Values that depend on the place alone, with a long tail of digits."""
    rows, columns = np.mgrid[tile.top : tile.bottom, tile.left : tile.right]
    return np.sqrt(rows * 1.1 + columns / 3.0).astype(np.float32)


def counted(path: str, tile: Tile) -> np.ndarray:
    with Path(path).open("a") as handle:
        handle.write(f"{tile.index}\n")
    return field(tile)


@pytest.mark.parametrize("kind", KINDS)
def test_every_executor_gives_the_same_bytes_in_order(kind: str, tmp_path: Path) -> None:
    whole = field(Tile(0, 0, SHAPE[0], 0, SHAPE[1]))
    with open_executor(kind, workers=2) as executor:
        assert list(executor.map(abs, range(0, -40, -1))) == list(range(40))
        values = run_grid(tmp_path / "run", SHAPE, SIDE, field, executor, inputs={"a": 1})
    assert np.asarray(values[:]).tobytes() == whole.tobytes()


def test_an_interrupted_run_computes_only_what_is_missing(tmp_path: Path) -> None:
    log = tmp_path / "log"

    def stopping(tile: Tile) -> np.ndarray:
        if tile.index == 9:
            raise KeyboardInterrupt
        return counted(str(log), tile)

    with open_executor("serial") as executor:
        with pytest.raises(KeyboardInterrupt):
            run_grid(tmp_path / "run", SHAPE, SIDE, stopping, executor, inputs={"a": 1})
        values = run_grid(
            tmp_path / "run", SHAPE, SIDE, partial(counted, str(log)), executor, inputs={"a": 1}
        )
    done = [int(line) for line in log.read_text().split()]
    assert sorted(done) == list(range(len(tiles_of(SHAPE, SIDE))))
    assert np.asarray(values[:]).tobytes() == field(Tile(0, 0, SHAPE[0], 0, SHAPE[1])).tobytes()


def test_a_store_of_other_inputs_is_refused(tmp_path: Path) -> None:
    with open_executor("serial") as executor:
        run_grid(tmp_path / "run", SHAPE, SIDE, field, executor, inputs={"a": 1})
        with pytest.raises(ComityError, match="other inputs"):
            run_grid(tmp_path / "run", SHAPE, SIDE, field, executor, inputs={"a": 2})


def test_an_unknown_executor_is_named_with_those_there_are() -> None:
    with pytest.raises(ComityError, match="serial, threads, dask"):
        open_executor("grid")
