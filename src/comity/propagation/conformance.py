"""Reference cases run against the models: what was compared, the worst difference, what missed its tolerance.

One reader a file layout: :mod:`.conformance_p452`, :mod:`.conformance_p1812`, :mod:`.conformance_rows` (P.2108,
P.2109, P.676) and :mod:`.conformance_itm`. Each has a function that reads files and returns a :class:`Report`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.errors import ValidityError

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """One value compared: quantity, place in the files, expected, found, how far apart, and how far is accepted."""

    quantity: str
    place: str
    expected: float
    found: float
    difference: float
    accepted: float


@dataclass(frozen=True, slots=True)
class Report:
    """Outcome of one run.

    Parameters
    ----------
    model : name and edition of the model
    cases : number of cases
    tolerance : greatest accepted difference
    relative : whether differences count relative to the expected value; else they are in dB
    worst : the greatest difference of each quantity, the model's result first
    misses : every value beyond the tolerance, and every case accepted or refused against expectation
    """

    model: str
    cases: int
    tolerance: float
    relative: bool
    worst: tuple[Difference, ...]
    misses: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        """Whether there are cases and none missed."""
        return self.cases > 0 and not self.misses


class Comparison:
    """Collects compared values into a :class:`Report`.

    Parameters
    ----------
    model : name and edition of the model
    tolerance : greatest accepted difference
    relative : whether differences count relative to the expected value
    """

    def __init__(self, model: str, tolerance: float, *, relative: bool = False) -> None:
        self._model, self._tolerance, self._relative = model, tolerance, relative
        self._cases = 0
        self._worst: dict[str, Difference] = {}
        self._misses: list[Difference] = []

    def add_cases(self, count: int) -> None:
        """Count cases."""
        self._cases += count

    def add(
        self,
        quantity: str,
        places: Sequence[str],
        expected: ArrayLike,
        found: ArrayLike,
        slack: ArrayLike = 0.0,
    ) -> None:
        """Compare arrays of one quantity, one place a value; NaN against a number is the greatest difference.

        ``slack`` widens the tolerance by what the rounding of the numbers in the files can make, one a value.
        """
        wanted, got = np.broadcast_arrays(
            np.asarray(expected, dtype=np.float64), np.asarray(found, dtype=np.float64)
        )
        apart = np.abs(got - wanted)
        if self._relative:
            apart = apart / np.where(wanted == 0.0, 1.0, np.abs(wanted))
        apart = np.where(np.isnan(wanted) & np.isnan(got), 0.0, np.where(np.isnan(apart), np.inf, apart))
        accepted = np.broadcast_to(self._tolerance + np.asarray(slack), wanted.shape)

        def difference(i: int) -> Difference:
            numbers = (values[i].item() for values in (wanted, got, apart, accepted))
            return Difference(quantity, places[i], *numbers)

        self._misses += [difference(int(i)) for i in np.flatnonzero(apart > accepted)]
        if apart.size:
            worst = difference(int(np.argmax(apart)))
            before = self._worst.get(quantity)
            if before is None or worst.difference > before.difference:
                self._worst[quantity] = worst

    def expect_refusal(self, quantity: str, place: str, call: Callable[[], object]) -> None:
        """Note a miss when ``call`` does not raise :class:`~comity.errors.ValidityError`."""
        try:
            call()
        except ValidityError:
            return
        self._misses.append(
            Difference(f"{quantity} (to be refused)", place, np.nan, np.nan, np.inf, self._tolerance)
        )

    def report(self) -> Report:
        """Return what was collected."""
        worst = tuple(self._worst.values())
        return Report(self._model, self._cases, self._tolerance, self._relative, worst, tuple(self._misses))
