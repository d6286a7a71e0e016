"""Finding awards among a million by text, place, band and status, the same way on both databases.

Text is cut into words once, when an award is written, and kept as an inverted index in an ordinary table. A query is
driven by one condition (its rarest word, or a rare place or band, or else the newest awards first) in the order of
its page, and tests the others row by row until the page is full. The tests are written so that no index serves them:
a planner without statistics would otherwise drive the query from the wrong end.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from math import floor

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual

from comity.office.cases.models import Award, AwardTerm

PAGE = 50
#: Counting a word's awards stops here: beyond it, a word is "common" whatever its number.
_COMMON = 2_000
#: A box of more squares than this is searched by the index of latitudes: it soon holds more than ``_COMMON`` awards.
_MOST_SQUARES = 400
_MAX_TERM = 40
#: Squares in a circle of latitude.
_AROUND = 3_600
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

    def holds(self, latitude: Combinable, longitude: Combinable) -> Q:
        """Return the condition that a place lies in the box."""
        west, east = Q(GreaterThanOrEqual(longitude, self.west)), Q(LessThanOrEqual(longitude, self.east))
        inside = Q(GreaterThanOrEqual(latitude, self.south)) & Q(LessThanOrEqual(latitude, self.north))
        return inside & ((west & east) if self.west <= self.east else (west | east))

    def squares(self) -> list[int] | None:
        """Return the squares that the box touches; ``None`` where they are too many."""
        rows = range(_tenths(self.south, 90), _tenths(self.north, 90) + 1)
        first, last = _tenths(self.west, 180), _tenths(self.east, 180)
        columns = range(first, (last if self.west <= self.east else last + _AROUND) + 1)
        if len(rows) * len(columns) > _MOST_SQUARES:
            return None
        return [row * _AROUND + column % _AROUND for row in rows for column in columns]


def square_of(latitude: float | None, longitude: float | None) -> int | None:
    """Return the number of the tenth of a degree by a tenth in which a place lies."""
    if latitude is None or longitude is None:
        return None
    return _tenths(latitude, 90) * _AROUND + _tenths(longitude, 180) % _AROUND


def _tenths(degrees: float, shift: int) -> int:
    return floor((degrees + shift) * 10)


def index_award(award: Award) -> None:
    """Write by what an award is found: its square and its words (case number, holder, place, regime, programme)."""
    award.square = square_of(award.latitude, award.longitude)
    award.save(update_fields=["square"])
    texts = (award.case.number, award.holder, award.place, award.regime, award.programme)
    AwardTerm.objects.bulk_create([AwardTerm(award=award, term=term) for term in terms_of(*texts)])


def search(
    text: str = "",
    *,
    box: Box | None = None,
    band_mhz: tuple[float, float] | None = None,
    status: str = Award.Status.IN_FORCE,
    before: int | None = None,
) -> list[Award]:
    """Return at most ``PAGE`` awards, newest first.

    Parameters
    ----------
    text : words that must all occur
    box : place
    band_mhz : awards whose band overlaps these edges [MHz]
    status : ``""`` for any
    before : id of the last award of the page before
    """
    rare = _rare_ids(box, band_mhz)
    terms = sorted(query_terms(text), key=lambda term: (_bounded_count(term), term))
    if terms:
        found = _by_term(terms, before).filter(_tests("award__", box, band_mhz))
        if status:
            found = found.filter(Exact(Concat("award__status", Value("")), status))
        return [row.award for row in found.select_related("award__case")[:PAGE]]
    awards = Award.objects.select_related("case").order_by("-pk").filter(_tests("", box, band_mhz))
    if rare is not None:
        awards = awards.filter(pk__in=rare)
    if before is not None:
        awards = awards.filter(pk__lt=before)
    return list((awards.filter(status=status) if status else awards)[:PAGE])


def _by_term(terms: list[str], before: int | None) -> QuerySet[AwardTerm]:
    rows = AwardTerm.objects.filter(term=terms[0]).order_by("-award_id")
    for term in terms[1:]:
        rows = rows.filter(Exists(AwardTerm.objects.filter(term=term, award=OuterRef("award_id"))))
    return rows if before is None else rows.filter(award_id__lt=before)


def _tests(prefix: str, box: Box | None, band_mhz: tuple[float, float] | None) -> Q:
    """Return place and band as tests of a row that no index can serve."""

    def plain(name: str) -> Combinable:
        return F(prefix + name) + Value(0.0)

    tests = Q()
    if box is not None:
        tests &= box.holds(plain("latitude"), plain("longitude"))
    if band_mhz is not None:
        tests &= Q(LessThan(plain("band_low_mhz"), band_mhz[1]))
        tests &= Q(GreaterThan(plain("band_high_mhz"), band_mhz[0]))
    return tests


def _rare_ids(box: Box | None, band_mhz: tuple[float, float] | None) -> list[int] | None:
    """Return the awards of a place or a band if they are few, by the index that serves it."""
    for condition in (
        _place(box) if box is not None else None,
        Q(band_low_mhz__lt=band_mhz[1], band_high_mhz__gt=band_mhz[0]) if band_mhz is not None else None,
    ):
        if condition is not None:
            ids = list(Award.objects.filter(condition).values_list("pk", flat=True)[:_COMMON])
            if len(ids) < _COMMON:
                return ids
    return None


def _place(box: Box) -> Q:
    """Return the condition that a place lies in the box, so that the index of its squares serves it."""
    squares = box.squares()
    if squares is None:
        return box.holds(F("latitude"), F("longitude"))
    return Q(square__in=squares) & box.holds(F("latitude") + Value(0.0), F("longitude") + Value(0.0))


def _bounded_count(term: str) -> int:
    return AwardTerm.objects.filter(term=term).values("pk")[:_COMMON].count()
