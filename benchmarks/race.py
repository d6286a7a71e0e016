"""Contenders that take turns: how much each did a second of processor time, and how often ours is faster, per round."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a contender did in one turn.

    Parameters
    ----------
    seconds : of processor time (of the wall clock where its name says so)
    count : links or pixels
    loss_db : (n,) what it computed, where it can say [dB]
    places : latitudes and longitudes of its pixels [deg], of an area on a grid of its own
    step_m : of its profiles [m], where it goes by its own
    besides_s : processor time that the turn took besides, for what is not compared [s]
    """

    seconds: float
    count: int
    loss_db: Float | None = None
    places: tuple[Float, Float] | None = None
    step_m: float | None = None
    besides_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Contender:
    """One that takes part, or would.

    Parameters
    ----------
    name : as the table shows it; ours begin with "comity"
    run : takes one turn
    beside : names of ours with which it is compared, the like first
    does : what it computes for one link or pixel
    absent : why it takes no part, if it does not
    """

    name: str
    run: Callable[[], Outcome] | None = None
    beside: tuple[str, ...] = ()
    does: str = ""
    absent: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A contender's result.

    Parameters
    ----------
    contender : whose
    per_second : links or pixels a second, one a round
    ratios : by name of ours: how often that is faster, one a round
    last : outcome of its last turn
    """

    contender: Contender
    per_second: list[float] = field(default_factory=list)
    ratios: dict[str, list[float]] = field(default_factory=dict)
    last: Outcome | None = None

    @property
    def name(self) -> str:
        """The contender's name."""
        return self.contender.name

    @property
    def rate(self) -> float:
        """Median a second."""
        return statistics.median(self.per_second)


def race(contenders: Sequence[Contender], rounds: int, say: Say = lambda _: None) -> dict[str, Row]:
    """Let all run in turn, ``rounds`` times after one that does not count; ratios are taken within a round."""
    rows = {c.name: Row(c) for c in contenders}
    for turn in range(rounds + 1):
        say(f"round {turn} of {rounds}" if turn else "a round that does not count: compilation, caches")
        for contender in contenders:
            if contender.run is not None:
                outcome = contender.run()
                rates = rows[contender.name].per_second
                if turn:
                    rates.append(outcome.count / outcome.seconds)
                rows[contender.name] = Row(contender, rates, {}, outcome)
    for row in rows.values():
        for name in row.contender.beside:
            pairs = zip(rows[name].per_second, row.per_second, strict=False)
            row.ratios[name] = [ours / theirs for ours, theirs in pairs]
    return rows


def timed(count: int, call: Callable[[], Float]) -> Outcome:
    """Run once in this process and count its processor time."""
    begun = time.process_time()
    loss_db = call()
    return Outcome(time.process_time() - begun, count, loss_db)


def timed_by_the_clock(count: int, call: Callable[[], Float]) -> Outcome:
    """Run once and count the time by the clock: what a GPU does takes no processor time."""
    begun = time.perf_counter()
    loss_db = call()
    return Outcome(time.perf_counter() - begun, count, loss_db)


def median_difference(a: Outcome | None, b: Outcome | None) -> float | None:
    """Median absolute difference of the losses both computed [dB]."""
    if a is None or b is None or a.loss_db is None or b.loss_db is None:
        return None
    n = min(a.loss_db.shape[-1], b.loss_db.shape[-1])
    return float(np.nanmedian(np.abs(a.loss_db[..., :n] - b.loss_db[..., :n])))
