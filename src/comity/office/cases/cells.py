"""The locking recipe for scarce things.

1. Read the cells' versions, then the live cases in them (``snapshot``).
2. Compute the decision outside any lock: it may take seconds.
3. ``locked``: in one transaction, lock all cells in the order of their keys and compare versions. If one changed,
   somebody else was given something nearby meanwhile: compute again.
4. Write, raise the versions of the cells that were touched, append to the register, commit.

Versions are read before cases, so that a change in between shows as a changed version and never goes unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from django.db.models import F, Q

from comity.casework.workflow import State
from comity.office.cases.database import whole
from comity.office.cases.models import Award, Case, Cell

#: States in which a case without an award still stands in the queue.
WAITING = (State.SUBMITTED, State.IN_REVIEW, State.WITH_APPLICANT, State.DECIDED)


def snapshot(case: Case, keys: Iterable[str]) -> tuple[dict[str, int], list[Case]]:
    """Return the versions of the cells, and the cases in them that ``case`` must respect, oldest first.

    These are all that hold a live award, and those received earlier that still wait.
    """
    wanted = sorted(set(keys))
    with whole():
        Cell.objects.bulk_create([Cell(key=key) for key in wanted], ignore_conflicts=True)
    versions = dict(Cell.objects.filter(key__in=wanted).values_list("key", "version"))
    held = Q(award__status__in=(Award.Status.PENDING, Award.Status.IN_FORCE))
    earlier = Q(award=None, state__in=WAITING, pk__lt=case.pk)
    ahead = (
        Case.objects.filter(held | earlier, cells__key__in=wanted)
        .exclude(pk__in=[case.pk, case.varies_id or case.pk])
        .select_related("award__decision")
        .prefetch_related("submissions")
        .order_by("pk")
        .distinct()
    )
    return versions, list(ahead)


@contextmanager
def locked(seen: Mapping[str, int]) -> Iterator[bool]:
    """Hold the cells locked in a transaction; yields whether all of them are still as they were seen."""
    with whole():
        rows = Cell.objects.select_for_update().filter(key__in=sorted(seen)).order_by("key")
        yield dict(rows.values_list("key", "version")) == dict(seen)


def touch(keys: Iterable[str]) -> None:
    """Raise the versions of cells that are held locked."""
    Cell.objects.filter(key__in=sorted(set(keys))).update(version=F("version") + 1)
