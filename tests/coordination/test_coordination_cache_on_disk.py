"""Values kept on disk: what is found is what was kept, bit for bit; whatever happens to a file harms nothing."""

from __future__ import annotations

import errno
import hashlib
import os
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from coordination_kit import (
    BASE_I_N,
    EARTH_STATION_SUM,
    FlatGround,
    candidate,
    earth_station,
    free_space_policy,
    network,
    station,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity import _notices
from comity.coordination import cache_segment, cache_store
from comity.coordination.cache import PathLosses, context_key, digests_of
from comity.coordination.cache_folder import may_use, values_folder
from comity.coordination.cache_segment import Segment, write
from comity.coordination.cache_store import Store, open_store
from comity.coordination.coordinate import coordinate
from comity.coordination.incumbents import Incumbents
from comity.coordination.policy import Criterion

MIB = 1 << 20
ENGINE, OTHER_ENGINE = b"engine one......", b"engine two......"
CONTEXT = b"sixteen bytes..."
BASE_SUM = Criterion("base-sum", "base", 20.0, aggregate=True, i_over_n_db=-6.0)
POLICY = free_space_policy(BASE_I_N, BASE_SUM, EARTH_STATION_SUM, mobile_model="p1812", inward="refuse")
REGISTER = Incumbents(
    tuple(network(f"N{i}", station(0.4 + 0.7 * i, 0.3 * i)) for i in range(6)), (earth_station("E", 9.0),)
)


@pytest.fixture
def told(monkeypatch):
    """What the command line would say."""
    notices: list[str] = []
    monkeypatch.setattr(_notices, "listener", notices.append)
    monkeypatch.setattr(_notices, "_told", set())
    return notices


def drawn(count, seed=0, width=5):
    """Return keys and values of any bits at all, NaN among them."""
    rng = np.random.default_rng(seed)
    keys = digests_of([f"{seed}/{i}".encode() for i in range(count)])
    return keys, np.frombuffer(rng.bytes(8 * width * count), dtype=np.float64).reshape(count, width)


def kept(folder):
    return sorted(folder.glob("*.values"))


def same_bits(a, b):
    return np.array_equal(np.ascontiguousarray(a).view(np.uint64), np.ascontiguousarray(b).view(np.uint64))


def answer(cache=None):
    found = coordinate(candidate(), REGISTER, FlatGround(), POLICY, cache=cache)
    return repr((found.channels, found.assessments(found.channels[0].channel)))


@given(
    sizes=st.lists(st.integers(1, 60), min_size=1, max_size=12),
    width=st.integers(1, 9),
    asked=st.integers(0, 80),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_found_is_what_was_kept_bit_for_bit(tmp_path_factory, sizes, width, asked):
    folder = tmp_path_factory.mktemp("kept")
    oracle = {}
    for seed, count in enumerate(sizes):
        keys, values = drawn(count, seed, width)
        Store(folder, MIB, ENGINE).add(CONTEXT, keys, values)
        oracle |= {key.tobytes(): row.tobytes() for key, row in zip(keys, values, strict=True)}
    wanted = np.concatenate([drawn(asked, seed, width)[0] for seed in range(len(sizes) + 1)])
    values, known = Store(folder, MIB, ENGINE).find(CONTEXT, wanted, width)
    for key, row, found in zip(wanted, values, known, strict=True):
        assert found == (key.tobytes() in oracle)
        if found:
            assert row.tobytes() == oracle[key.tobytes()]


def test_the_next_process_computes_nothing_and_answers_alike(tmp_path):
    first, second = (PathLosses(store=Store(tmp_path, MIB, ENGINE)) for _ in range(2))
    plain, once = answer(), answer(first)
    assert first.misses > 0
    first.flush()
    assert answer(second) == once == plain
    assert second.misses == 0


def test_processes_with_other_hash_seeds_find_each_others_values(tmp_path):
    program = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import conftest, test_coordination_cache_on_disk as t\n"
        "from pathlib import Path\n"
        f"cache = t.PathLosses(store=t.Store(Path({str(tmp_path)!r}), t.MIB, t.ENGINE))\n"
        "t.answer(cache); cache.flush(); print(cache.misses)\n"
    )
    misses = [
        int(
            subprocess.run(
                [sys.executable, "-c", program],
                env={**os.environ, "PYTHONHASHSEED": seed},
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )
        for seed in ("1", "2")
    ]
    assert misses[0] > 0
    assert misses[1] == 0


@given(place=st.floats(0.0, 1.0, exclude_max=True), flip=st.integers(1, 255))
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_damaged_byte_anywhere_is_never_an_answer(tmp_path_factory, place, flip):
    folder = tmp_path_factory.mktemp("damaged")
    keys, values = drawn(20)
    Store(folder, MIB, ENGINE).add(CONTEXT, keys, values)
    (path,) = kept(folder)
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= flip
    path.write_bytes(content)
    found, known = Store(folder, MIB, ENGINE).find(CONTEXT, keys, 5)
    assert same_bits(found[known], values[known])
    assert not known.all()


@pytest.mark.parametrize("content", [b"", b"x", b"comity values 1\n" * 40])
def test_a_file_that_is_none_is_unknown_removed_and_said_once(tmp_path, told, content):
    keys, values = drawn(20)
    Store(tmp_path, MIB, ENGINE).add(CONTEXT, keys, values)
    (path,) = kept(tmp_path)
    path.write_bytes(content)
    for _ in range(2):
        assert not Store(tmp_path, MIB, ENGINE).find(CONTEXT, keys, 5)[1].any()
    assert not path.exists()
    assert len(told) == 1
    assert "damaged" in told[0]


def test_a_file_cut_short_while_it_is_open_is_unknown(tmp_path, told):
    keys, values = drawn(500)
    store = Store(tmp_path, MIB, ENGINE)
    store.add(CONTEXT, keys, values)
    assert store.find(CONTEXT, keys[:3], 5)[1].all()
    os.truncate(kept(tmp_path)[0], 5_000)
    assert not store.find(CONTEXT, keys, 5)[1].any()
    assert len(told) == 1


def test_values_of_another_engine_context_or_width_are_not_found(tmp_path):
    keys, values = drawn(20)
    Store(tmp_path, MIB, ENGINE).add(CONTEXT, keys, values)
    assert not Store(tmp_path, MIB, OTHER_ENGINE).find(CONTEXT, keys, 5)[1].any()
    assert not Store(tmp_path, MIB, ENGINE).find(CONTEXT[::-1], keys, 5)[1].any()
    assert not Store(tmp_path, MIB, ENGINE).find(CONTEXT, keys, 4)[1].any()


def test_rows_copied_under_the_name_of_another_context_are_not_believed(tmp_path, told):
    keys, values = drawn(20)
    store = Store(tmp_path, MIB, ENGINE)
    store.add(CONTEXT, keys, values)
    store.add(CONTEXT[::-1], *drawn(20, seed=1))
    mine, other = sorted(kept(tmp_path), key=lambda path: store._label(CONTEXT, 5).hex() not in path.name)
    other.write_bytes(mine.read_bytes())
    assert not Store(tmp_path, MIB, ENGINE).find(CONTEXT[::-1], keys, 5)[1].any()
    assert "damaged" in told[0]


def test_two_rows_that_contradict_each_other_are_both_forgotten(tmp_path):
    keys, values = drawn(20)
    changed = values.copy()
    changed[3, 0], changed[5, 0] = 1.0, 2.0
    path, label = tmp_path / "a.values", bytes(24)
    write(path, label, np.concatenate([keys, keys]), np.concatenate([values, changed]))
    found, answers = Segment(path, label).find(keys)
    assert sorted(found) == [i for i in range(20) if i not in (3, 5)]
    assert same_bits(answers[np.argsort(found)], values[np.sort(found)])


def test_a_merge_in_which_all_rows_contradict_each_other_leaves_nothing_and_stops_no_decision(tmp_path):
    first, second = (PathLosses(store=Store(tmp_path, MIB, ENGINE)) for _ in range(2))
    plain = answer(first)
    assert answer(second) == plain
    first.flush()
    for parts in second._pending.values():
        parts[:] = [(keys, values + 30.0) for keys, values in parts]
    second.flush()
    assert kept(tmp_path) == []
    third = PathLosses(store=Store(tmp_path, MIB, ENGINE))
    assert answer(third) == plain
    assert third.misses == first.misses


def test_a_file_without_rows_knows_nothing_and_goes_with_the_next_merge(tmp_path, told):
    keys, values = drawn(3)
    Store(tmp_path, MIB, ENGINE).add(CONTEXT, keys, values)
    (path,) = kept(tmp_path)
    empty = cache_segment._header(bytes.fromhex(path.name.split("-")[0]), 0, 5)
    path.write_bytes(empty.astype("<u8").tobytes())
    store = Store(tmp_path, MIB, ENGINE)
    assert not store.find(CONTEXT, keys, 5)[1].any()
    store.add(CONTEXT, keys, values)
    assert len(kept(tmp_path)) == 1
    assert store.find(CONTEXT, keys, 5)[1].all()
    assert told == []


def test_files_of_ever_other_contexts_are_bounded_in_number_and_the_one_in_use_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(cache_store, "_MOST_FILES", 8)
    store, keys, width = Store(tmp_path, MIB, ENGINE), drawn(3)[0], 5
    store.add(CONTEXT, *drawn(3))
    long_ago = time.time() - 1_000.0
    for i in range(30):
        for path in kept(tmp_path):
            if path.stat().st_mtime > long_ago + 100.0:
                os.utime(path, (long_ago + i, long_ago + i))
        assert store.find(CONTEXT, keys, width)[1].all()
        # a register one licence larger is another context, and may be of another width
        store.add(context_key({"licences": i}), *drawn(3, i, width + i))
        assert len(kept(tmp_path)) <= 8
    assert store.find(context_key({"licences": 29}), drawn(3, 29)[0], width + 29)[1].all()
    assert not store.find(context_key({"licences": 0}), drawn(3, 0)[0], width)[1].any()


def test_many_small_files_become_few_and_nothing_is_lost(tmp_path):
    every = [drawn(30, seed) for seed in range(100)]
    for keys, values in every:
        Store(tmp_path, 8 * MIB, ENGINE).add(CONTEXT, keys, values)
    assert len(kept(tmp_path)) <= 8
    keys, values = (np.concatenate(column) for column in zip(*every, strict=True))
    found, known = Store(tmp_path, 8 * MIB, ENGINE).find(CONTEXT, keys, 5)
    assert known.all()
    assert same_bits(found, values)


def test_room_is_bounded_and_what_was_used_longest_ago_goes_first(tmp_path):
    store = Store(tmp_path, MIB, ENGINE)
    long_ago = time.time() - 1_000.0
    for i in range(30):
        context = hashlib.blake2b(bytes([i]), digest_size=16).digest()
        store.add(context, *drawn(1_000, i))
        for path in kept(tmp_path):
            if path.stat().st_mtime > long_ago + 100.0:
                os.utime(path, (long_ago + i, long_ago + i))
        used = hashlib.blake2b(bytes([0]), digest_size=16).digest()
        assert store.find(used, drawn(1_000, 0)[0], 5)[1].all()
    assert 0.8 * MIB < sum(path.stat().st_size for path in kept(tmp_path)) <= MIB
    gone = hashlib.blake2b(bytes([1]), digest_size=16).digest()
    assert not store.find(gone, drawn(1_000, 1)[0], 5)[1].any()


@pytest.mark.parametrize("step", ["mkstemp", "rename"])
def test_a_full_disk_is_said_once_and_leaves_nothing_behind(tmp_path, told, monkeypatch, step):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(cache_segment.tempfile if step == "mkstemp" else cache_segment.os, step, full)
    cache = PathLosses(store=Store(tmp_path, MIB, ENGINE))
    assert answer(cache) == answer()
    for seed in range(2):
        cache.flush()
        Store(tmp_path, MIB, ENGINE).add(CONTEXT, *drawn(3, seed))
    assert list(tmp_path.iterdir()) == []
    assert [os.strerror(errno.ENOSPC) in notice for notice in told] == [True]


def test_a_folder_that_vanishes_is_no_answer_and_no_error(tmp_path, told):
    folder = tmp_path / "kept"
    folder.mkdir()
    store = Store(folder, MIB, ENGINE)
    store.add(CONTEXT, *drawn(3))
    for path in kept(folder):
        path.unlink()
    folder.rmdir()
    assert not store.find(CONTEXT, drawn(3)[0], 5)[1].any()
    store.add(CONTEXT, *drawn(3))
    assert len(told) == 1


def test_what_a_killed_process_left_is_not_read_and_goes_after_an_hour(tmp_path):
    fresh, old = tmp_path / ".part-fresh", tmp_path / ".part-old"
    for path in (fresh, old):
        path.write_bytes(b"half a file")
    os.utime(old, (time.time() - 7_200.0,) * 2)
    Store(tmp_path, MIB, ENGINE).add(CONTEXT, *drawn(3))
    assert fresh.exists()
    assert not old.exists()


def test_readers_and_writers_at_once_in_several_processes(tmp_path):
    program = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import conftest, test_coordination_cache_on_disk as t\n"
        "from pathlib import Path\n"
        "me = int(sys.argv[1])\n"
        "for turn in range(20):\n"
        f"    store = t.Store(Path({str(tmp_path)!r}), 8 * t.MIB, t.ENGINE)\n"
        "    store.add(t.CONTEXT, *t.drawn(50, 20 * me + turn))\n"
        "    for seed in range(60):\n"
        "        keys, values = t.drawn(50, seed)\n"
        "        found, known = store.find(t.CONTEXT, keys, 5)\n"
        "        assert t.same_bits(found[known], values[known])\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(me)], stderr=subprocess.PIPE) for me in range(3)
    ]
    for process in running:
        _, errors = process.communicate()
        assert process.returncode == 0, errors.decode()
    store = Store(tmp_path, 8 * MIB, ENGINE)
    store.add(CONTEXT, *drawn(50, 60))
    known = [store.find(CONTEXT, drawn(50, seed)[0], 5)[1].all() for seed in range(61)]
    assert all(known)
    assert len(kept(tmp_path)) <= 12


def test_no_place_of_an_applicant_stands_in_a_file(tmp_path):
    cache = PathLosses(store=Store(tmp_path, MIB, ENGINE))
    answer(cache)
    cache.flush()
    content = b"".join(path.read_bytes() for path in kept(tmp_path))
    assert content
    masts = [t for n in (candidate(), *REGISTER.networks) for t in n.transmitters]
    for mast in masts:
        assert struct.pack("<d", mast.latitude_deg) not in content
        assert struct.pack("<d", mast.longitude_deg) not in content
    assert not any(n.holder.encode() in content for n in REGISTER.networks)


@pytest.mark.parametrize("mode", [0o770, 0o702, 0o777])
def test_a_folder_that_others_can_write_is_not_believed_and_the_way_out_is_said(
    tmp_path, told, monkeypatch, mode
):
    monkeypatch.setenv("COMITY_CACHE", str(tmp_path))
    monkeypatch.setenv("COMITY_CACHE_MIB", "8")
    assert open_store() is not None
    assert values_folder().stat().st_mode & 0o777 == 0o700
    values_folder().chmod(mode)
    assert open_store() is None
    assert "can be written by others" in told[0]
    assert "chmod go-w" in told[0]


def test_a_folder_of_another_user_is_not_believed(tmp_path, told, monkeypatch):
    monkeypatch.setenv("COMITY_CACHE", str(tmp_path))
    monkeypatch.setenv("COMITY_CACHE_MIB", "8")
    assert open_store() is not None
    os.chown(values_folder(), 12_345, -1) if os.geteuid() == 0 else monkeypatch.setattr(
        os, "geteuid", lambda: 12_345
    )
    assert open_store() is None
    assert "belongs to another user" in told[0]
    assert "COMITY_CACHE" in told[0]


def test_a_file_that_others_can_write_is_not_believed_and_not_removed(tmp_path, told):
    keys, values = drawn(20)
    Store(tmp_path, MIB, ENGINE).add(CONTEXT, keys, values)
    (path,) = kept(tmp_path)
    path.chmod(0o666)
    assert not Store(tmp_path, MIB, ENGINE).find(CONTEXT, keys, 5)[1].any()
    assert path.exists()
    assert "can be written by others" in told[0]


def test_a_link_to_a_file_is_not_followed(tmp_path):
    keys, values = drawn(20)
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    Store(outside, MIB, ENGINE).add(CONTEXT, keys, values)
    (path,) = kept(outside)
    (inside / path.name).symlink_to(path)
    assert not Store(inside, MIB, ENGINE).find(CONTEXT, keys, 5)[1].any()


def test_no_room_keeps_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("COMITY_CACHE", str(tmp_path))
    monkeypatch.setenv("COMITY_CACHE_MIB", "0")
    assert open_store() is None
    assert list(tmp_path.iterdir()) == []
    assert may_use(tmp_path, 0) == (False, "COMITY_CACHE_MIB is 0")


def test_a_set_has_one_digest_whatever_its_order():
    text = b'{"pairs":["a-b","b-a","c-d"]}'
    expected = hashlib.blake2b(text, digest_size=16).digest()
    assert context_key({"pairs": frozenset(["c-d", "a-b", "b-a"])}) == expected
