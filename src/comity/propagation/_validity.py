"""Validity ranges: every model says by name which of its inputs lie outside which range, all in one error."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from comity.errors import Problem, ValidityError


class Validity:
    """Collects the range violations of one model call.

    Parameters
    ----------
    model : name of the model and its section, as it will stand in the message
    """

    def __init__(self, model: str) -> None:
        self._model = model
        self._problems: list[Problem] = []

    @property
    def failed(self) -> bool:
        """Whether something was noted."""
        return bool(self._problems)

    def within(
        self,
        name: str,
        values: ArrayLike,
        low: float,
        high: float,
        unit: str,
        *,
        open_ends: bool = False,
    ) -> None:
        """Note a problem when any of ``values`` is not in [``low``, ``high``] (or in the open interval)."""
        number: object = values
        if isinstance(number, float | int) and low < number < high:
            return  # the common case of one link, without arrays
        array = np.asarray(values, dtype=np.float64)
        inside = (array > low) & (array < high) if open_ends else (array >= low) & (array <= high)
        if not inside.all():
            self._problems.append(
                Problem(
                    place=f"{self._model}, {name}",
                    message=_first_outside(array, inside, unit),
                    accepted=_interval(name, low, high, unit, open_ends),
                )
            )

    def one_of(self, name: str, values: ArrayLike, accepted: range) -> None:
        """Note a problem when any of ``values`` is not one of the ``accepted`` codes."""
        array = np.asarray(values, dtype=np.float64)
        inside = np.isin(array, accepted)
        if not inside.all():
            self._problems.append(
                Problem(
                    place=f"{self._model}, {name}",
                    message=_first_outside(array, inside, ""),
                    accepted=f"{name} one of {', '.join(str(code) for code in accepted)}",
                )
            )

    def note(self, name: str, message: str, accepted: str) -> None:
        """Note a problem that is not a plain range."""
        self._problems.append(Problem(f"{self._model}, {name}", message, accepted))

    def raise_problems(self) -> None:
        """Raise :class:`~comity.errors.ValidityError` when something was noted."""
        if self._problems:
            raise ValidityError(f"{self._model}: input outside the validity range", self._problems)


def _first_outside(array: np.ndarray, inside: np.ndarray, unit: str) -> str:
    outside = array[~inside]
    shown = f"{float(outside.flat[0]):g} {unit}".rstrip()
    return shown if array.size == 1 else f"{shown} ({outside.size} of {array.size} values outside)"


def _interval(name: str, low: float, high: float, unit: str, open_ends: bool) -> str:
    sign = "<" if open_ends else "<="
    if np.isinf(high):
        return f"{name} {'>' if open_ends else '>='} {low:g} {unit}".rstrip()
    return f"{low:g} {sign} {name} {sign} {high:g} {unit}".rstrip()
