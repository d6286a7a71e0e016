"""The verbs decide, replay and check-site as a user meets them: output, files, exit codes, no traceback."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from pathlib import Path

import pytest

from comity.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples"
ON = ("--on", "2026-03-02")


@pytest.fixture
def comity(monkeypatch, capsys):
    """Run the command line; return exit code, standard output and standard error."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["comity", *map(str, arguments)])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err + captured.out
        return code, captured.out, captured.err

    return run


@pytest.mark.parametrize(
    ("name", "code", "word"),
    [
        ("tw-hsinchu-fab", 0, "GRANTED WITH CONDITIONS"),
        ("tw-kaohsiung-port", 4, "REFERRED TO AN OFFICER"),
        ("uk-skye-distillery-low", 0, "GRANTED"),
        ("uk-skye-too-strong", 1, "REFUSED"),
    ],
)
def test_the_exit_code_says_how_it_ended(comity, name, code, word):
    found, out, _ = comity("decide", EXAMPLES / f"{name}.toml", *ON)
    assert found == code
    assert word in out
    assert "example: invented parties" in out


def test_the_decision_is_printed_with_reasons_margins_and_assumptions(comity):
    _, out, _ = comity("decide", EXAMPLES / "tw-hsinchu-fab.toml", *ON)
    for words in (
        "4800-4900 MHz",
        "not computable yet",
        "TW-R2",
        "margin",
        "interpretation.boundary_metric",
        "identity",
    ):
        assert words in out


def test_the_decision_speaks_chinese(comity):
    _, out, _ = comity("decide", EXAMPLES / "uk-skye-too-strong.toml", *ON, "--language", "zh-Hant")
    assert "不予核准" in out
    assert "可行之替代方案" in out


def test_out_leaves_decision_register_and_report_and_replay_reproduces_them(comity, tmp_path):
    out_folder = tmp_path / "case"
    code, out, _ = comity("decide", EXAMPLES / "uk-skye-distillery-low.toml", *ON, "--out", out_folder)
    assert code == 0
    names = {path.name for path in out_folder.iterdir()}
    assert {"decision.json", "register.csv", "report.html"} <= names
    assert not [name for name in names if name.startswith(".")]
    assert f"wrote {out_folder / 'decision.json'}" in out
    digest = hashlib.sha256((out_folder / "decision.json").read_bytes()).hexdigest()
    assert digest in out
    assert comity("replay", out_folder / "decision.json")[:2] == (
        0,
        f"{out_folder / 'decision.json'}: reproduced\n",
    )


def test_replay_names_a_changed_field_and_leaves_with_1(comity, tmp_path):
    comity("decide", EXAMPLES / "tw-hsinchu-fab.toml", *ON, "--out", tmp_path)
    file = tmp_path / "decision.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    document["award"]["stations"][0]["eirp_dbm"] = 60
    file.write_text(json.dumps(document), encoding="utf-8")
    code, out, _ = comity("replay", file)
    assert code == 1
    assert "altered" in out
    assert "award.stations.0.eirp_dbm\n    recorded: 60\n    found:    24.0" in out
    assert json.loads(comity("replay", file, "--json")[1])["verdict"] == "altered"


def test_replay_without_its_register_says_which_data_is_missing(comity, tmp_path):
    comity("decide", EXAMPLES / "uk-skye-too-strong.toml", *ON, "--out", tmp_path)
    (tmp_path / "register.csv").unlink()
    code, out, _ = comity("replay", tmp_path / "decision.json")
    assert code == 1
    assert "data edition unavailable" in out
    assert "provenance.register" in out
    assert "--register FILE" in out


def test_json_is_the_canonical_decision_and_nothing_else(comity, tmp_path):
    _, out, _ = comity("decide", EXAMPLES / "uk-skye-too-strong.toml", *ON, "--json", "--out", tmp_path)
    assert out.encode() == (tmp_path / "decision.json").read_bytes() + b"\n"


def test_a_setting_changes_the_reading_and_is_recorded(comity):
    total = ("--set", "interpretation.boundary_metric=total_power")
    code, out, _ = comity("decide", EXAMPLES / "tw-hsinchu-fab.toml", *ON, *total, "--json")
    assert code == 4
    assert json.loads(out)["settings"] == {"interpretation.boundary_metric": "total_power"}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--set", "nonsense"), 2, "name=value"),
        (("--set", "no.such.fact=1"), 2, "no.such.fact"),
        (("--set", "interpretation.boundary_time_percent=0"), 2, "percent"),
        (("--on", "yesterday"), 2, "2026-03-02"),
        (("--language", "fr"), 2, "zh-Hant"),
        (("--register", "nowhere.csv"), 3, "nowhere.csv"),
    ],
)
def test_an_option_that_cannot_be_used_is_told_with_what_can(comity, arguments, code, words):
    found, _, err = comity("decide", EXAMPLES / "tw-hsinchu-fab.toml", *arguments)
    assert found == code
    assert words in err


def test_a_malformed_file_lists_every_problem_with_its_line(comity, tmp_path):
    text = (EXAMPLES / "tw-hsinchu-fab.toml").read_text(encoding="utf-8")
    file = tmp_path / "bad.toml"
    file.write_text(
        text.replace("eirp_dbm = 24", "eirp_dbm = 900").replace("height_m = 9", "height_m = 20000")
    )
    code, _, err = comity("decide", file)
    assert code == 2
    assert "12 problems" in err
    assert err.count("at most 80") == err.count("at most 1000") == 6
    assert f"{file}:40: stations.0.eirp_dbm" in err


def test_a_programme_that_is_none_is_told_with_those_there_are(comity, tmp_path):
    file = tmp_path / "a.toml"
    file.write_text('programme = "lottery"\n')
    code, _, err = comity("decide", file)
    assert code == 3
    assert "spectrum" in err


def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_left(comity, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    code, _, err = comity("decide", EXAMPLES / "uk-skye-too-strong.toml", *ON, "--out", blocked / "case")
    assert code == 2
    assert "cannot write" in err
    assert blocked.read_text() == "in the way"


def test_a_report_that_fails_leaves_no_half_written_case(comity, tmp_path, monkeypatch):
    from comity.programmes.spectrum import report

    def fail(decision, world, folder):
        (folder / "report.html").write_text("<html>")
        raise RuntimeError("the pen broke")

    monkeypatch.setattr(report, "write_report", fail)
    code, _, err = comity("decide", EXAMPLES / "uk-skye-too-strong.toml", *ON, "--out", tmp_path)
    assert code == 70
    assert "the pen broke" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"\xff\x00", b"[]", b'{"form": "another/1"}', b"[" * 100_000])
def test_replay_refuses_what_is_no_decision(comity, tmp_path, content):
    file = tmp_path / "decision.json"
    file.write_bytes(content)
    code, _, err = comity("replay", file)
    assert code == 2
    assert "comity-decision/1" in err


def test_replay_names_the_parts_that_were_cut_away(comity, tmp_path):
    file = tmp_path / "decision.json"
    file.write_text('{"form": "comity-decision/1"}')
    code, out, _ = comity("replay", file)
    assert code == 1
    assert "altered" in out
    assert "programme" in out


def test_check_site_answers_for_every_channel(comity):
    register = EXAMPLES / "uk-skye-register.csv"
    code, out, _ = comity(
        "check-site", "57.3012", "-6.3555", "--power", "30", "--register", register, *ON, "--json"
    )
    answer = json.loads(out)
    verdicts = {c["channel"]: c["free"] for c in answer["channels"]}
    assert code == 0
    assert len(verdicts) == 36
    assert verdicts["3985-4025 MHz"] is False
    assert verdicts["3845-3885 MHz"] is True
    assert answer["free"] == sum(verdicts.values())


def test_check_site_tells_what_stands_against_every_channel(comity):
    code, out, _ = comity("check-site", "24.7745", "121.0020", *ON)
    assert code == 1
    assert "TW-R2" in out
    assert "0/7 channels pass the rules" in out


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_check_site_never_calls_a_channel_taken_or_free_that_nobody_was_asked_about(comity, language):
    words = {
        "en": ("does not pass", "passes the rules; neighbours unknown"),
        "zh-Hant": ("不符合", "符合規定；鄰近使用情形不明"),
    }
    fails, passes = words[language]
    fab = comity("check-site", "24.7745", "121.0020", *ON, "--language", language)[1]
    skye = comity("check-site", "57.3012", "-6.3555", *ON, "--language", language)[1]
    lines = [line for line in fab.splitlines() if line.startswith("  4")]
    assert len(lines) == 7
    assert all(fails in line and "TW-R2" in line and "−125 dBm" in line for line in lines)
    assert all(passes in line for line in skye.splitlines() if line.startswith("  3"))
    for out in (fab, skye):
        assert not any(word in out for word in ("taken", "free", " 可用", "不可用"))


def test_check_site_names_the_highest_power_that_passes(comity):
    place = ("check-site", "57.3012", "-6.3555", "--bandwidth", "20", *ON, "--json")
    code, out, _ = comity(*place, "--power", "33")
    lower = json.loads(out)["passing_eirp_dbm"]
    assert (code, lower) == (1, 27.0)  # Ofcom's limit for a carrier of 20 MHz
    assert comity(*place, "--power", str(lower))[0] == 0
    assert comity(*place, "--power", str(lower + 0.1))[0] == 1
    assert "With 27 dBm EIRP instead of 33 dBm" in comity(*place[:-1], "--power", "33")[1]


def test_check_site_names_no_power_where_less_of_it_does_not_help(comity):
    place = ("check-site", "57.3012", "-6.3555", "--power", "20", "--height", "40", *ON, "--json")
    code, out, _ = comity(*place)
    assert code == 1
    assert json.loads(out)["passing_eirp_dbm"] is None


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("91", "0"), 2, "-90 to 90"),
        (("51.5", "-0.1", *ON), 3, "comity terrain add"),
        (("57.3012", "-6.3555", "--power", "900"), 2, "at most 80"),
        (("57.3012", "-6.3555", "--regime", "fr-none"), 3, "uk-sal"),
    ],
)
def test_check_site_refuses_with_the_way_out(comity, arguments, code, words):
    found, _, err = comity("check-site", *arguments)
    assert found == code
    assert words in err


def test_an_application_may_lie_anywhere_with_its_register_beside_it(comity, tmp_path, monkeypatch):
    for name in ("uk-skye-distillery-low.toml", "uk-skye-register.csv"):
        shutil.copy(EXAMPLES / name, tmp_path)
    monkeypatch.chdir(tmp_path.parent)
    here = comity("decide", tmp_path / "uk-skye-distillery-low.toml", *ON, "--json")[1]
    there = comity("decide", EXAMPLES / "uk-skye-distillery-low.toml", *ON, "--json")[1]
    assert here == there


def test_an_application_from_the_future_is_not_decided(comity):
    code, _, err = comity("decide", EXAMPLES / "uk-skye-distillery-low.toml", "--on", "2026-03-01")
    assert code == 2
    assert "received_on" in err
    assert "2026-03-02 lies after 2026-03-01" in err


def test_check_site_without_a_register_says_that_neighbours_are_not_known(comity):
    place = ("check-site", "57.3012", "-6.3555", *ON)
    assert "No register was given" in comity(*place)[1]
    assert "No register was given" not in comity(*place, "--register", EXAMPLES / "uk-skye-register.csv")[1]
