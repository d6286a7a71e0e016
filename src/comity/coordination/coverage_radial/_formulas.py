"""The Recommendation's own formulas, as decisions use them, compiled with the elementary functions of pictures.

No formula is written twice: the functions are those of :mod:`comity.propagation`, with other globals.
"""

from __future__ import annotations

from types import FunctionType, ModuleType
from typing import Any

from comity.coordination.coverage_radial import _quick
from comity.coordination.coverage_radial._compiled import inlined
from comity.propagation import _combination, _diffraction, _ducting, _links, _mechanisms, _path_geometry

_QUICK = ("log", "log10", "exp", "exp10", "power", "sin", "cos", "asin", "acos", "atan")


def _compiled_anew(*modules: ModuleType) -> dict[str, Any]:
    """Return the compiled functions of modules, each using those of the modules before it and of :mod:`._quick`."""
    found: dict[str, Any] = {name: getattr(_quick, name) for name in _QUICK}
    for module in modules:
        names = vars(module) | {name: value for name, value in found.items() if name in vars(module)}
        for name, value in vars(module).items():
            source = getattr(value, "py_func", None)
            if source is not None and source.__module__ == module.__name__:
                found[name] = names[name] = inlined(FunctionType(source.__code__, names, name))
    return found


_found = _compiled_anew(_path_geometry, _diffraction, _ducting, _combination, _mechanisms, _links)

geometry: Any = _found["geometry"]
spheres: Any = _found["spheres"]
diffraction: Any = _found["diffraction"]
path_climate: Any = _found["path_climate"]
ducting: Any = _found["ducting"]
mechanisms: Any = _found["mechanisms"]
particular: Any = _found["particular"]
radio_terms: Any = _found["radio_terms"]
losses_at: Any = _found["losses_at"]
