"""What everybody before the candidate already does to a receiver: computed once, kept as a column.

The sum over the register at one receiver does not depend on the candidate. It is kept by content, so that a new
application costs its own row and column, not the register against itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace

import numpy as np
from numpy.typing import NDArray

from comity.coordination import spectrum
from comity.coordination.budget import Budgets
from comity.coordination.cache import PathLosses, context_key
from comity.coordination.ends import Ends, fingerprints, take
from comity.coordination.limits import ProposalPolicy
from comity.coordination.network import Timing
from comity.coordination.policy import Criterion, Policy
from comity.coordination.screening import Screen
from comity.coordination.verdicts import Others, by_owner

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Mask = NDArray[np.bool_]
#: Builds budgets of chosen links: emitters, receivers, chosen, coupling, widths, those tried at many places.
Build = Callable[[Ends, Ends, Mask, spectrum.Couplings, Float, Mask], Budgets]
#: Receivers whose bounds towards the whole register are in memory at the same time.
BLOCK = 64


def others(
    sending: Ends,
    victims: Ends,
    frames: Mapping[str, Timing],
    criterion: Criterion,
    policy: Policy,
    build: Build,
    context: bytes,
    cache: PathLosses,
) -> Others:
    """Return what emitters do together to receivers, from the cache where it has the column.

    Parameters
    ----------
    sending : every emitter of the register
    victims : receivers
    frames : frame and group by network
    criterion, policy : what is tested
    build : gives budgets
    context : digest of ground and models
    cache : columns known from before are found here, new ones kept
    """
    owners = tuple(dict.fromkeys(sending.owner))
    shared = _shared(sending, frames, criterion, policy, context)
    keys = [
        mark + repr(frames.get(owner)).encode() for mark, owner in zip(fingerprints(victims), victims.owner)
    ]

    def computed(missing: Int) -> Float:
        out = np.empty((missing.size, len(owners) + 1))
        for first in range(0, missing.size, BLOCK):
            part = take(victims, missing[first : first + BLOCK])
            out[first : first + BLOCK] = _columns(sending, part, frames, criterion, policy, build)
        return out

    table = cache.get(shared, keys, len(owners) + 1, computed).T
    return Others(owners, table[:-1], table[-1])


def _columns(
    sending: Ends,
    victims: Ends,
    frames: Mapping[str, Timing],
    criterion: Criterion,
    policy: Policy,
    build: Build,
) -> Float:
    """Return one column a receiver: the power of every owner, and last the bound of what was left out."""
    coupling = spectrum.fixed(sending, victims, policy)
    screen = Screen(sending, victims, frames, coupling.largest(), policy)
    wanted = screen.kept_for_aggregate(criterion)
    tried = screen.tried(np.zeros_like(wanted), wanted)
    found = build(sending, victims, wanted, coupling, victims.width_mhz[None], tried)
    powers = by_owner(found, found.levels(criterion, policy))[0]
    return np.vstack([powers, screen.rest(criterion, wanted)[None, :]]).T


def _shared(
    sending: Ends, frames: Mapping[str, Timing], criterion: Criterion, policy: Policy, context: bytes
) -> bytes:
    digest = hashlib.blake2b(context, digest_size=16)
    # What else a regime limits, and where proposals are looked for, changes no sum.
    bare = replace(
        policy, criteria=(), boundary=None, contour=None, exposure=None, proposals=ProposalPolicy()
    )
    digest.update(context_key({"criterion": asdict(criterion), "policy": asdict(bare)}))
    digest.update(b"".join(fingerprints(sending)))
    digest.update(repr([frames.get(owner) for owner in dict.fromkeys(sending.owner)]).encode())
    return digest.digest()
