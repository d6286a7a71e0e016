"""Agreement with the published library `matching` (JOSS 02169) on random instances."""

from __future__ import annotations

import random
import warnings

import pytest

from comity.matching import Instance, host_optimal, student_optimal

peer = pytest.importorskip("matching.games")


@pytest.mark.parametrize("seed", range(25))
def test_matching_library_finds_the_same(seed: int) -> None:
    rng = random.Random(seed)
    n, h = rng.randint(2, 40), rng.randint(1, 8)
    hosts = [f"h{i}" for i in range(h)]
    students = {f"s{i}": rng.sample(hosts, rng.randint(1, h)) for i in range(n)}
    # the peer refuses lists that are not answered, so each host ranks exactly those who list it
    ranked = {
        x: rng.sample([s for s, v in students.items() if x in v], sum(x in v for v in students.values()))
        for x in hosts
    }
    ranked = {x: v for x, v in ranked.items() if v}
    seats = {x: rng.randint(1, 4) for x in ranked}
    instance = Instance.from_lists(students, ranked, seats)
    for optimal, ours in (("resident", student_optimal), ("hospital", host_optimal)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            game = peer.HospitalResident.create_from_dictionaries(students, ranked, seats)
            theirs = {s.name: x.name for x, placed in game.solve(optimal=optimal).items() for s in placed}
        mine = {s: x for s, x in ours(instance).as_names().items() if x is not None}
        assert mine == theirs
