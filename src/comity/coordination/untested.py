"""Whom coordination does not test although he would hear the candidate: told by name, never passed over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.coordination._angles import chord_km, earth_centred_km
from comity.coordination._decibel import NOTHING, Centi
from comity.coordination.ends import KINDS, Ends
from comity.coordination.policy import Policy, VictimKind
from comity.coordination.screening import in_reach

Mask = NDArray[np.bool_]

#: Why a receiver that hears the candidate is not tested.
NO_CRITERION = "no criterion of the policy covers receivers of this kind"


def uncovered(hearing: Ends, audible: Mask, policy: Policy) -> tuple[tuple[str, VictimKind, str], ...]:
    """Return the receivers that hear the candidate and that no criterion covers: id, kind, reason.

    Parameters
    ----------
    hearing : receivers of the register
    audible : bool (e, r), who hears what on a channel asked for, within the coordination distance
    policy : criteria
    """
    covered = {criterion.victim for criterion in policy.criteria}
    return tuple(
        (hearing.id[r], KINDS[hearing.kind[r]], NO_CRITERION)
        for r in np.flatnonzero(audible.any(axis=0))
        if KINDS[hearing.kind[r]] not in covered
    )


def beyond(
    sending: Ends, hearing: Ends, coupling: Centi, policy: Policy
) -> tuple[tuple[str, VictimKind, float], ...]:
    """Return the entries that would hear the candidate but lie beyond the coordination distance: id, kind, km.

    Parameters
    ----------
    sending, hearing : antennas of the candidate, and of the register
    coupling : int64 (e, r), the largest coupling of the channels considered
    policy : gives the distances
    """
    far = ~in_reach(sending, hearing, policy).any(axis=0) & (coupling > NOTHING).any(axis=0)
    rows = np.flatnonzero(far)
    if not rows.size:
        return ()
    here = earth_centred_km(sending.latitude_deg, sending.longitude_deg)
    there = earth_centred_km(hearing.latitude_deg[rows], hearing.longitude_deg[rows])
    found: dict[tuple[str, VictimKind], float] = {}
    for row, km in zip(rows, chord_km(here, there).min(axis=0).tolist(), strict=True):
        entry = hearing.owner[row], KINDS[hearing.kind[row]]
        found[entry] = min(found.get(entry, km), km)
    return tuple((owner, kind, round(km, 1)) for (owner, kind), km in found.items())
