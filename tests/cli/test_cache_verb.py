"""Kept path losses as a user meets them: quicker, never other; seen, cleared, refused; no part of a replay."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from comity import _notices
from comity.cli import main
from comity.coordination.cache_segment import Segment, write

CASE = Path(__file__).parents[2] / "examples" / "uk-skye-too-strong.toml"
ON = ("--on", "2026-03-02", "--json")


@pytest.fixture
def comity(monkeypatch, capsys):
    """Run the command line; return exit code, standard output and what was said beside it."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["comity", *map(str, arguments)])
        monkeypatch.setattr(_notices, "_told", set())
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err + captured.out
        said = [line for line in captured.err.splitlines() if "compiling" not in line]
        return code, captured.out, "\n".join(said)

    return run


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where path losses are kept in this test."""
    monkeypatch.setenv("COMITY_CACHE_MIB", "64")
    monkeypatch.setattr("comity.coordination.cache_folder.values_folder", lambda: tmp_path / "kept")
    monkeypatch.setattr("comity.coordination.cache_store.values_folder", lambda: tmp_path / "kept")
    monkeypatch.setattr("comity.coordination.cache_shelf.values_folder", lambda: tmp_path / "kept")
    return tmp_path / "kept"


def poisoned(folder):
    """Make every kept value 30 dB smaller, well-formed and checked: what somebody could do who may write here."""
    for path in list(folder.glob("*.values")):
        label = bytes.fromhex(path.name.split("-")[0])
        keys, values = Segment(path, label).content()
        write(path, label, keys, np.ascontiguousarray(values - 30.0))


def test_a_decision_is_the_same_with_without_and_with_a_damaged_cache(comity, folder):
    plain = comity("decide", CASE, *ON, "--no-cache")
    assert not folder.exists()
    assert comity("decide", CASE, *ON) == plain
    assert list(folder.glob("*.values"))
    assert comity("decide", CASE, *ON) == plain
    for path in folder.glob("*.values"):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 64
        path.write_bytes(content)
    code, out, err = comity("decide", CASE, *ON)
    assert (code, out) == plain[:2]
    assert "damaged" in err
    assert comity("decide", CASE, *ON) == plain


def test_values_that_others_could_have_written_do_not_reach_a_decision(comity, folder):
    plain = comity("decide", CASE, *ON)
    poisoned(folder)
    believed = comity("decide", CASE, *ON)[1]
    assert believed != plain[1], "the test is empty unless these values would have been used"
    folder.chmod(0o777)
    code, out, err = comity("decide", CASE, *ON)
    assert (code, out) == plain[:2]
    assert "can be written by others" in err
    assert "no: " in comity("cache")[1]


def test_a_replay_never_rests_on_what_was_kept(comity, folder, tmp_path):
    comity("decide", CASE, *ON, "--no-cache", "--out", tmp_path / "right")
    comity("decide", CASE, *ON)
    poisoned(folder)
    comity("decide", CASE, *ON, "--out", tmp_path / "wrong")
    assert comity("replay", tmp_path / "right" / "decision.json")[0] == 0
    code, out, _ = comity("replay", tmp_path / "wrong" / "decision.json")
    assert code == 1
    assert "altered" in out


def test_the_verb_shows_what_is_kept_and_clears_it(comity, folder):
    assert json.loads(comity("cache", "--json")[1])["files"] == 0
    comity("decide", CASE, *ON)
    found = json.loads(comity("cache", "--json")[1])
    assert found["used"] is True
    assert found["files"] == len(list(folder.glob("*.values"))) > 0
    sizes = sum(path.stat().st_size for path in folder.iterdir())
    assert found["size_bytes"] == found["usable_size_bytes"] == sizes
    code, out, _ = comity("cache", "--clear", "--json")
    assert code == 0
    assert json.loads(out)["removed_files"] == found["files"]
    assert not list(folder.iterdir())
    assert str(folder) in comity("cache")[1]


def test_room_that_is_no_number_is_said_with_what_is_accepted(comity, folder, monkeypatch):
    monkeypatch.setenv("COMITY_CACHE_MIB", "much")
    code, _, err = comity("decide", CASE, *ON)
    assert code == 2
    assert "COMITY_CACHE_MIB: 'much'" in err
    assert "accepted: whole mebibytes" in err


def test_check_site_is_the_same_with_and_without(comity, folder):
    question = ("check-site", "57.3012", "-6.3555", "--on", "2026-03-02", "--json")
    register = ("--register", CASE.with_name("uk-skye-register.csv"))
    plain = comity(*question, *register, "--no-cache")
    assert comity(*question, *register) == plain
    assert list(folder.glob("*.values"))
    assert comity(*question, *register) == plain
