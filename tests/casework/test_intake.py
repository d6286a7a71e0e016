"""Intake: every problem at once, each with file, line, field and accepted form; nothing hostile gets through."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from comity.casework.complaints import hidden_in, problems_of
from comity.casework.intake import MAX_BYTES, read_application
from comity.casework.lines import toml_lines
from comity.casework.table import rows_to_document
from comity.errors import ComityError
from comity.programmes.spectrum.application import SpectrumApplication

GOOD = """\
reference = "T-1"
regime = "uk-sal"
received_on = 2026-03-02

[party]
name = { en = "Works Ltd" }
kind = "company"
country = "GB"

[site]
name = "Yard"
centre = [57.3, -6.3]
radius_m = 50
indoor = false

[[stations]]
id = "A"
latitude = 57.3
longitude = -6.3
height_m = 10
eirp_dbm = 24

[radio]
band = "3.8-4.2"
bandwidth_mhz = 40

[term]
start = 2026-05-01
"""


@pytest.fixture
def write(tmp_path):
    def make(content, name="application.toml"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return make


def _refusal(file):
    with pytest.raises(ComityError) as caught:
        read_application(file, SpectrumApplication)
    return caught.value


def test_toml_json_and_csv_give_the_same_application(write):
    from_toml = read_application(write(GOOD), SpectrumApplication)
    text = from_toml.model_dump_json(exclude_unset=True)
    assert read_application(write(text, "a.json"), SpectrumApplication) == from_toml
    table = (
        "reference,regime,received_on,party.name.en,party.kind,party.country,site.name,site.centre,site.radius_m,"
        "site.indoor,radio.band,radio.bandwidth_mhz,term.start,stations[].id,stations[].latitude,"
        "stations[].longitude,stations[].height_m,stations[].eirp_dbm\n"
        'T-1,uk-sal,2026-03-02,Works Ltd,company,GB,Yard,"[57.3, -6.3]",50,false,3.8-4.2,40,2026-05-01,'
        "A,57.3,-6.3,10,24\n"
    )
    assert read_application(write(table, "a.csv"), SpectrumApplication) == from_toml


def test_further_rows_of_a_table_add_stations(write):
    table = "reference,stations[].id,stations[].height_m\nT-1,A,10\n,B,12\nT-1,C,14\n"
    document, lines = rows_to_document(table, "a.csv")
    assert [s["id"] for s in document["stations"]] == ["A", "B", "C"]
    assert lines["stations", 2, "height_m"] == 4


def test_all_problems_come_at_once_with_line_field_and_accepted_form(write):
    bad = (
        GOOD.replace("eirp_dbm = 24", "eirp_dbm = 900")
        .replace("height_m = 10", "height_m = 10001")
        .replace('kind = "company"', 'kind = "club"')
        .replace("bandwidth_mhz = 40", 'bandwith_mhz = 40\nbandwidth_mhz = "wide"')
        .replace("received_on = 2026-03-02", "")
    )
    refusal = _refusal(write(bad))
    shown = {p.place.split(": ")[-1]: p for p in refusal.problems}
    assert set(shown) == {
        "received_on",
        "party.kind",
        "stations.0.height_m",
        "stations.0.eirp_dbm",
        "radio.bandwith_mhz",
        "radio.bandwidth_mhz",
    }
    assert "application.toml:21: stations.0.eirp_dbm" in refusal.render()
    assert "900" in shown["stations.0.eirp_dbm"].message
    assert "at most 80" in shown["stations.0.eirp_dbm"].accepted
    assert "at least -60" in shown["stations.0.eirp_dbm"].accepted
    assert "at most 1000" in shown["stations.0.height_m"].accepted
    assert "company" in shown["party.kind"].accepted
    assert "bandwidth_mhz" in shown["radio.bandwith_mhz"].accepted
    assert "a number" in shown["radio.bandwidth_mhz"].accepted
    assert "did you mean bandwidth_mhz?" in shown["radio.bandwith_mhz"].message
    assert shown["received_on"].accepted.startswith("a day as")
    assert refusal.exit_code == 2


@pytest.mark.parametrize(
    ("good", "bad", "expected"),
    [
        ("radius_m = 50", "radius_m = 0", "more than 0"),
        ("latitude = 57.3\n", "latitude = 91\n", "at most 90"),
        ("start = 2026-05-01", "start = 2026-05-01\nend = 2026-04-01", "end lies before start"),
        ("start = 2026-05-01", 'start = "soon"', "date"),
        ('country = "GB"', 'country = "Britain"', "ISO 3166"),
        ("eirp_dbm = 24", "eirp_dbm = nan", "finite number"),
        ("eirp_dbm = 24", "eirp_dbm = inf", "finite number"),
        ('name = { en = "Works Ltd" }', "name = {}", "in English (en), in Chinese (zh), or in both"),
        ("radius_m = 50", "", "polygon, or centre and radius_m"),
        (
            "centre = [57.3, -6.3]\nradius_m = 50",
            "polygon = [[57.3, -6.3], [57.4, -6.2], [57.3, -6.2], [57.4, -6.3]]",
            "corners in order around the site, latitude first",
        ),
        (
            "centre = [57.3, -6.3]\nradius_m = 50",
            "polygon = [[57.3, -6.3], [57.4, -6.2]]",
            "at least three different corners",
        ),
        (
            "centre = [57.3, -6.3]\nradius_m = 50",
            "polygon = [[57.3, -6.3], [57.6, -6.3], [57.6, -6.2]]",
            "at most 25 km",
        ),
        ("radius_m = 50", "radius_m = 40000", "at most 12500"),
        ('reference = "T-1"', 'reference = "../../etc"', "64 at most"),
        (
            "[radio]",
            "[[stations]]\nid = 'A'\nlatitude = 1\nlongitude = 1\nheight_m = 1\neirp_dbm = 1\n[radio]",
            "given more than once",
        ),
    ],
)
def test_an_impossible_value_is_refused_with_its_limit(write, good, bad, expected):
    assert good in GOOD
    assert expected in _refusal(write(GOOD.replace(good, bad))).render()


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.toml", "binary"),
        ("reference = 'x'".encode("utf-16"), "a.toml", "UTF-16"),
        ("name = '新竹'".encode("big5"), "a.toml", "not UTF-8"),
        (b"x" * (MAX_BYTES + 1), "a.json", f"at most {MAX_BYTES} bytes"),
        (b"[" * 100_000, "a.json", "at most 50 deep"),
        (b"a = " + b"[" * 100_000, "a.toml", "at most 50 deep"),
        (b'{"a": 1, "a": 2}', "a.json", "given more than once"),
        (b"a = 1\na = 2\n", "a.toml", "each key once"),
        (b'{"a": NaN}', "a.json", "NaN is not JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}", "a.json", "a.json"),
        (b"a = " + b"9" * 5000, "a.toml", "a.toml"),
        (b"[1, 2]", "a.json", "one table of named fields"),
        (b"", "a.json", "a.json:1"),
        (b"", "a.toml", "reference"),
        (b"", "a.csv", "no row"),
        (b"a,a\n1,2\n", "a.csv", "more than once"),
        (b"a\n1,2\n", "a.csv", "2 cells"),
        (b'a\n"1\n', "a.csv", "a.csv"),
        (b"a[].b,a\n1,2\n", "a.csv", "a.csv:2: a"),
        (b"a,a[].b\n1,2\n", "a.csv", "stands in its way"),
        (b"a\n[1\n", "a.csv", "not JSON"),
        (b"hello", "a.docx", ".toml, .json or .csv"),
    ],
)
def test_a_hostile_file_is_refused_clearly(write, content, name, expected):
    assert expected in _refusal(write(content, name)).render()


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    assert _refusal(tmp_path / "none.toml").exit_code == 3
    (tmp_path / "folder.toml").mkdir()
    assert "folder.toml" in _refusal(tmp_path / "folder.toml").render()


def test_a_byte_order_mark_is_no_problem(write):
    assert read_application(write(b"\xef\xbb\xbf" + GOOD.encode()), SpectrumApplication).reference == "T-1"


def test_lines_are_found_in_nested_tables():
    text = "a = 1\n[b]\nc.d = 2\n[[e]]\nf = 1\n[[e]]\n[e.g]\nh = 3\n"
    lines = toml_lines(text)
    assert lines["a",] == 1
    assert lines["b", "c", "d"] == 3
    assert lines["e", 0, "f"] == 5
    assert lines["e", 1, "g", "h"] == 8


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.toml", "a.json", "a.csv"]))
def test_no_bytes_whatever_cause_a_traceback(tmp_path_factory, content, name):
    file = tmp_path_factory.mktemp("intake") / name
    file.write_bytes(content)
    with pytest.raises(ComityError):
        read_application(file, SpectrumApplication)


_CELLS = st.sampled_from(["", "1", "[1]", '{"a": 1}', "x", "[[1, 2]]"])
_NAMES = st.lists(
    st.sampled_from(["a", "a.b", "a[].b", "b", "b[]", "b[].c.d", "reference"]), min_size=1, max_size=5
)


@settings(max_examples=200, deadline=None)
@given(_NAMES, st.lists(st.lists(_CELLS, max_size=5), max_size=3))
def test_no_table_whatever_causes_a_traceback(names, rows):
    def line(cells):
        return ",".join('"' + c.replace('"', '""') + '"' for c in cells)

    try:
        document, _ = rows_to_document("\n".join([line(names), *map(line, rows)]), "a.csv")
    except ComityError:
        return
    json.dumps(document)


def test_a_message_that_says_it_all_is_not_followed_by_the_form_of_the_whole_field():
    """A channel upside down is no wrong list: no list is asked for."""
    from comity.programmes.spectrum.application import RadioPlan

    document = {"band": "3800-4200", "bandwidth_mhz": 10, "channels": [{"low_mhz": 3810, "high_mhz": 3800}]}
    with pytest.raises(ValidationError) as caught:
        RadioPlan.model_validate(document)
    (problem,) = problems_of(caught.value, RadioPlan, document, "a.toml", {})
    assert (problem.message, problem.accepted) == ("high_mhz must lie above low_mhz", "")


@pytest.mark.parametrize("character", ["\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\u2028"])
def test_text_that_acts_on_whoever_reads_it_is_refused_with_every_other_problem(write, character):
    """A control character of a terminal, a mark that turns the writing round, an end of a line."""
    text = GOOD.replace("Works Ltd", f"Works\\u{ord(character):04x}Ltd").replace(
        "height_m = 10", "height_m = -900"
    )
    error = _refusal(write(text))
    assert [f"U+{ord(character):04X}" in p.message for p in error.problems] == [True, False]
    assert error.problems[0].place.endswith("party.name.en")
    assert error.problems[1].place.endswith("height_m")


def test_lines_may_end_in_a_text_but_not_in_a_name():
    document = {"name": {"en": "a\nb", "zh": "甲　乙"}, "use": {"purpose": "a\nb\tc 👩\u200d🔬"}}
    (problem,) = hidden_in(document, "x.json", {})
    assert (problem.place, problem.message) == ("x.json: name.en", "holds U+000A")


def test_what_a_message_quotes_does_not_act_on_the_terminal(write):
    error = _refusal(write(GOOD + '"\\u001b[2J\\u202e" = 1\n'))
    assert "\x1b" in str(error)
    assert "\x1b" not in error.render() and "\u202e" not in error.render()
    assert "\\x1b[2J\\u202e" in error.render()
