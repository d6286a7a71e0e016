"""Finding awards among a million by text, place, band and status, the same way on both databases.

Text is cut into words once, when an award is written, and kept as an inverted index in an ordinary table. A query
starts from its rarest condition and looks the others up, so that its cost follows the number of matches and not the
size of the register.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from comity.office.cases.models import Award, AwardTerm

PAGE = 50
#: Counting a word's awards stops here: beyond it, a word is "common" whatever its number.
_COMMON = 2_000
_MAX_TERM = 40
_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(f"[{_CJK}]+|[^\\W_{_CJK}]+")


def terms_of(*texts: str) -> list[str]:
    """Return the words of ``texts``, each once, sorted; runs of Chinese as overlapping pairs of characters."""
    found: set[str] = set()
    for text in texts:
        for run in _RUN.findall(unicodedata.normalize("NFKC", text).casefold()):
            if re.match(f"[{_CJK}]", run):
                found.update(run[i : i + 2] for i in range(len(run) - 1))
                found.update(run)
            else:
                found.add(run[:_MAX_TERM])
    return sorted(found)


def query_terms(text: str) -> list[str]:
    """Return the words that an award must have all of: pairs for Chinese, single characters only alone."""
    words = terms_of(text)
    pairs = "".join(word for word in words if len(word) > 1)
    return [w for w in words if len(w) > 1 or not (re.match(f"[{_CJK}]", w) and w in pairs)]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of WGS 84 degrees; ``west`` above ``east`` crosses the antimeridian."""

    south: float
    west: float
    north: float
    east: float

    def holds(self) -> Q:
        """Return the condition that an award lies in the box."""
        inside = Q(latitude__gte=self.south, latitude__lte=self.north)
        if self.west <= self.east:
            return inside & Q(longitude__gte=self.west, longitude__lte=self.east)
        return inside & (Q(longitude__gte=self.west) | Q(longitude__lte=self.east))


def index_award(award: Award) -> None:
    """Write the words of an award: case number, holder, place, regime, programme."""
    texts = (award.case.number, award.holder, award.place, award.regime, award.programme)
    AwardTerm.objects.bulk_create([AwardTerm(award=award, term=term) for term in terms_of(*texts)])


def search(
    text: str = "",
    *,
    box: Box | None = None,
    band_mhz: tuple[float, float] | None = None,
    status: Iterable[str] = (Award.Status.IN_FORCE,),
    before: int | None = None,
) -> list[Award]:
    """Return at most ``PAGE`` awards, newest first.

    Parameters
    ----------
    text : words that must all occur
    box : place
    band_mhz : awards whose band overlaps these edges [MHz]
    status : any of these; empty means all
    before : id of the last award of the page before
    """
    awards = Award.objects.select_related("case").order_by("-pk")
    if before is not None:
        awards = awards.filter(pk__lt=before)
    if status:
        awards = awards.filter(status__in=list(status))
    if band_mhz is not None:
        awards = awards.filter(band_low_mhz__lt=band_mhz[1], band_high_mhz__gt=band_mhz[0])
    if box is not None:
        awards = awards.filter(box.holds())
    return list(_with_terms(awards, query_terms(text), before)[:PAGE])


def _with_terms(awards: QuerySet[Award], terms: list[str], before: int | None) -> QuerySet[Award]:
    counts = sorted((_bounded_count(term), term) for term in terms)
    for count, term in counts:
        rows = AwardTerm.objects.filter(term=term)
        if count == 0:
            return awards.none()
        if count < _COMMON and (count, term) == counts[0]:
            awards = awards.filter(pk__in=list(rows.values_list("award_id", flat=True)))
        else:
            awards = awards.filter(Exists(rows.filter(award=OuterRef("pk"))))
    return awards


def _bounded_count(term: str) -> int:
    return AwardTerm.objects.filter(term=term).values("pk")[:_COMMON].count()
