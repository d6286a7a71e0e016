"""Changes to an application, as new values by dotted field path."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import cast

from pydantic import JsonValue


def with_changes(document: Mapping[str, JsonValue], changes: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return ``document`` with each of ``changes`` set.

    Parameters
    ----------
    document : JSON data
    changes : new values by path; ``stations.0.eirp_dbm`` is a field of the first station
    """
    changed = copy.deepcopy(dict(document))
    for path, value in changes.items():
        *parents, last = path.split(".")
        place: JsonValue = changed
        for name in parents:
            place = place[int(name)] if isinstance(place, list) else cast(dict[str, JsonValue], place)[name]
        if isinstance(place, list):
            place[int(last)] = copy.deepcopy(value)
        else:
            cast(dict[str, JsonValue], place)[last] = copy.deepcopy(value)
    return changed
