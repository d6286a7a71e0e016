"""The rule language: three-valued, and safe to read from a stranger."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.rules.expression import MAX_DEPTH, MAX_LENGTH, ExpressionError, parse
from comity.rules.kleene import descend, evaluate_expression


class Values:
    """A scope over plain mappings."""

    def __init__(self, application=None, facts=None):
        self.values = {"application": application or {}}
        self.facts = facts or {}

    def read(self, path):
        return descend(self.values, path)

    peek = read

    def fact(self, fact_id):
        return self.facts.get(fact_id)

    def formula(self, formula_id):
        return None


def value_of(source, application=None, facts=None):
    return evaluate_expression(parse(source), Values(application, facts))


NAMES = ("a", "b", "c", "d")
TRUTHS = st.sampled_from([True, False, None])
FORMULAS = st.recursive(
    st.sampled_from([f"application.{name}" for name in NAMES]),
    lambda inner: st.one_of(
        inner.map(lambda x: f"not ({x})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})"),
    ),
    max_leaves=6,
)


def possible_answers(source, known):
    """Oracle: Python's own two-valued answer for every way the unknowns could turn out."""
    open_names = [name for name in NAMES if known[name] is None]
    for chosen in itertools.product([True, False], repeat=len(open_names)):
        values = {**known, **dict(zip(open_names, chosen))}
        two_valued = source
        for name in NAMES:
            two_valued = two_valued.replace(f"application.{name}", str(values[name]))
        yield eval(two_valued)


@given(FORMULAS, st.fixed_dictionaries(dict.fromkeys(NAMES, TRUTHS)))
@settings(max_examples=150, deadline=None)
def test_a_definite_answer_holds_however_the_unknowns_turn_out(source, known):
    answer = value_of(source, known)
    answers = set(possible_answers(source, known))
    if answer is None:
        assert None in known.values()
    else:
        assert answers == {answer}


@given(FORMULAS, st.fixed_dictionaries(dict.fromkeys(NAMES, st.booleans())))
@settings(max_examples=100, deadline=None)
def test_with_everything_known_the_answer_is_pythons(source, known):
    assert value_of(source, known) == next(possible_answers(source, known))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("application.missing", None),
        ("application.missing == 1", None),
        ("application.missing and application.no", False),
        ("application.missing or application.yes", True),
        ("application.missing and application.yes", None),
        ("not application.missing", None),
        ("known(application.missing)", False),
        ("known(application.n)", True),
        ("1 if application.missing else 2", None),
        ("application.n + application.missing", None),
        ("application.missing < 5 < 3", False),
        ("application.word in ['x', application.missing]", None),
        ("application.word in ['hello', application.missing]", True),
        ("max(application.n, application.missing)", None),
        ("any(x for x in application.mixed)", True),
        ("all(x for x in application.open)", None),
        ("all(x for x in application.nothing)", True),
        ("min(application.nothing)", None),
        ("len(application.missing)", None),
        ("application.n / 0", None),
        ("log10(0)", None),
        ("fact('absent') + 1", None),
    ],
)
def test_unknown_is_never_guessed(source, expected):
    application = {
        "no": False,
        "yes": True,
        "n": 7,
        "word": "hello",
        "mixed": (None, True),
        "open": (None, True),
        "nothing": (),
    }
    assert value_of(source, application) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("18 + 10 * log10(40 / 5)", 18 + 9.030899869919436),
        ("application.start + months(1)", date(2026, 2, 28)),
        ("application.start + years(1)", date(2027, 1, 31)),
        ("application.start - days(31)", date(2025, 12, 31)),
        ("year_end(application.start) - application.start", 334),
        ("application.start <= '2026-01-31'", True),
        ("starts(application.plmn, '999')", True),
        ("sum(s.p for s in application.stations if s.out)", 3),
        ("len(s.p for s in application.stations if s.out)", 2),
        ("all(part in application.have for part in facts.need)", False),
        ("fact('limit.' + application.kind + '.dbm')", 24),
        ("abs(-3) + ceil(1.2)", 5),
        ("application.n in (1, 2)", False),
        ("1 < application.n <= 7", True),
    ],
)
def test_known_values_compute(source, expected):
    application = {
        "start": date(2026, 1, 31),
        "plmn": "999-01",
        "stations": ({"p": 1, "out": True}, {"p": 2, "out": True}, {"p": 4, "out": False}),
        "have": ("x",),
        "kind": "low",
        "n": 7,
    }
    facts = {"need": ("x", "y"), "limit.low.dbm": 24}
    assert (
        value_of(source, application, facts) == pytest.approx(expected)
        if isinstance(expected, float)
        else value_of(source, application, facts) == expected
    )


HOSTILE = [
    "__import__('os').system('true')",
    "application.__class__",
    "().__class__.__bases__",
    "application['x']",
    "(lambda: 1)()",
    "[x for x in application.list]",
    "{'a': 1}",
    "f'{application.a}'",
    "9 ** 9 ** 9",
    "1 << 99",
    "7 % 2",
    "7 // 2",
    "~1",
    "(a := 1)",
    "open('/etc/passwd')",
    "eval('1')",
    "getattr(application, 'x')",
    "application.a.upper()",
    "fact('x').y",
    "len(application.a, key=1)",
    "any((x for x in y for y in application.a))",
    "any(any(y for y in application.b) for x in application.a)",
    "any(x for x in [1, 2])",
    "(x for x in application.a)",
    "max(*application.a)",
    "print(1)",
    "application.a if 1",
    "import os",
    "application.a; application.b",
    "os.system",
    "1e400",
    "10000000000000000000000",
    "b'bytes'",
    "...",
    "None",
    "1j",
    "a\x00b",
    "",
    "-" * 900 + "1",
    "(" * 250 + "1" + ")" * 250,
    "not " * (MAX_DEPTH + 5) + "application.a",
    "1+" * (MAX_LENGTH // 2) + "1",
    "application.a and " * 80 + "application.b",
    "any(facts for facts in application.a)",
]


@pytest.mark.parametrize("source", HOSTILE, ids=lambda s: s[:30])
def test_nothing_outside_the_language_is_read(source):
    with pytest.raises(ExpressionError):
        parse(source)


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_either_read_or_refused_by_name(source):
    try:
        expression = parse(source)
    except ExpressionError as refusal:
        error = refusal
    else:
        error = None
        assert expression.source == source
    assert error is None or error.problems[0].accepted


@pytest.mark.parametrize("source", ["application.n + application.word", "application.n < application.word"])
def test_values_of_the_wrong_kind_are_named_not_traced_back(source):
    with pytest.raises(ExpressionError) as caught:
        value_of(source, {"n": 1, "word": "x"})
    assert source in caught.value.render()


def test_a_loop_that_never_ends_is_cut():
    with pytest.raises(ExpressionError, match="cannot use"):
        value_of("any(x == -1 for x in application.long)", {"long": tuple(range(400_000))})


def test_an_expression_tells_what_it_reads():
    read = parse("any(s.a > facts.x.y for s in application.list) and fact('p.' + application.q + '.s') > 1")
    assert read.paths == {"application.list", "application.list[].a", "application.q"}
    assert read.facts == {"x.y"}
    assert read.open_facts == {("p.", ".s")}
