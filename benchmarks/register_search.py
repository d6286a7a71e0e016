"""Searching a register of a million awards: ``python -m benchmarks.register_search [--awards 1000000]``.

Invented awards with names, places and bands; queries of every kind in turn; prints median and 95th percentile.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from datetime import UTC, date, datetime

PLACES = ["Hsinchu", "Kaohsiung", "Taipei", "Tainan", "Bristol", "Leeds", "Skye", "Cardiff", "新竹科學園區", "高雄港",
          "臺中精密園區", "基隆港", "臺南科學園區"]  # fmt: skip
WORDS = ["fab", "port", "campus", "hospital", "mine", "farm", "stadium", "depot", "laboratory", "distillery"]
AT = datetime(2026, 3, 2, tzinfo=UTC)
_BATCH = 10_000


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--awards", type=int, default=1_000_000)
    count = options.parse_args().awards
    with tempfile.TemporaryDirectory(prefix="comity-search-") as folder:
        os.environ.setdefault("COMITY_OFFICE_DATA", folder)
        os.environ["DJANGO_SETTINGS_MODULE"] = "comity.office.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        begun = time.monotonic()
        chance = random.Random(1)
        for start in range(0, count, _BATCH):
            _fill(chance, start, min(start + _BATCH, count))
        print(f"{count} awards written in {time.monotonic() - begun:.0f} s")
        _measure(chance, count)


def _fill(chance: random.Random, start: int, stop: int) -> None:
    from django.db import transaction

    from comity.office.cases.models import Award, AwardTerm, Case, StoredDecision, Submission
    from comity.office.cases.search import square_of, terms_of

    ids = range(start + 1, stop + 1)
    cases = [Case(pk=i, number=f"spectrum/2026/{i:07d}", programme="spectrum", regime="uk-sal", state="in_force",
                  applicant="a", client_key=str(i), received_at=AT) for i in ids]  # fmt: skip
    sent = [Submission(pk=i, case_id=i, sequence=1, document={}, digest="", received_at=AT) for i in ids]
    made = [StoredDecision(pk=i, case_id=i, submission_id=i, identity=f"{i:064x}", outcome="granted", document=b"{}",
                           cells={}, ahead=[], made_at=AT, made_by="o") for i in ids]  # fmt: skip
    awards = []
    for i in ids:
        latitude, longitude = chance.uniform(50, 58), chance.uniform(-6, 2)
        low = 3805 + 10 * chance.randrange(39)
        awards.append(
            Award(
                pk=i,
                case_id=i,
                decision_id=i,
                programme="spectrum",
                regime="uk-sal",
                status="in_force" if chance.random() < 0.8 else "ended",
                holder=f"Holder {chance.randrange(50_000)} Ltd",
                place=f"{chance.choice(PLACES)} {chance.choice(WORDS)} {chance.randrange(9_000)}",
                latitude=latitude,
                longitude=longitude,
                square=square_of(latitude, longitude),
                band_low_mhz=low,
                band_high_mhz=low + 20,
                starts=date(2026, 3, 2),
                document={},
            )
        )
    terms = [
        AwardTerm(award_id=a.pk, term=term)
        for a in awards
        for term in terms_of(cases[a.pk - start - 1].number, a.holder, a.place, a.regime, a.programme)
    ]
    with transaction.atomic():
        for rows in (cases, sent, made, awards, terms):
            type(rows[0]).objects.bulk_create(rows)


def _measure(chance: random.Random, count: int) -> None:
    from comity.office.cases.search import Box, search

    def box() -> Box:
        south, west = chance.uniform(50, 57), chance.uniform(-6, 1)
        return Box(south, west, south + 0.3, west + 0.3)

    kinds = {
        "one rare word": lambda: search(f"{chance.randrange(50_000)}"),
        "two common words": lambda: search(f"{chance.choice(PLACES)} {chance.choice(WORDS)}"),
        "common and rare": lambda: search(f"{chance.choice(PLACES)} {chance.randrange(9_000)}"),
        "words never together": lambda: search("hsinchu bristol"),
        "no such word": lambda: search("bristol zzz"),
        "Chinese": lambda: search("科學園區"),
        "case number": lambda: search(f"spectrum/2026/{chance.randrange(count):07d}"),
        "place": lambda: search(box=box()),
        "place and word": lambda: search(chance.choice(WORDS), box=box()),
        "band": lambda: search(band_mhz=(3900, 3920)),
        "ended, band, word": lambda: search("skye", band_mhz=(3900, 3920), status="ended"),
        "newest": search,
    }
    from django.db import connection

    # SQLite works in this process: its processor time is not disturbed by whatever else the machine does
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    everything: list[float] = []
    print("processor time" if clock is time.process_time else "time on the wall")
    print(f"{'query':<20} {'median ms':>10} {'p95 ms':>8}")
    for kind, query in kinds.items():
        times = []
        for _ in range(40):
            begun = clock()
            query()
            times.append(1000 * (clock() - begun))
        everything += times
        print(f"{kind:<20} {statistics.median(times):10.1f} {sorted(times)[37]:8.1f}")
    everything.sort()
    print(f"{'all':<20} {statistics.median(everything):10.1f} {everything[int(0.95 * len(everything))]:8.1f}")


if __name__ == "__main__":
    main()
