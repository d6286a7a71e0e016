"""The small language in which rules are written: safe to read from a stranger, and three-valued.

An expression is Python syntax cut down to names, attributes, literals, comparison, ``and or not``, ``in``,
arithmetic, ``a if test else b`` and a short list of functions. It is parsed, checked against that whitelist
and walked; nothing is ever compiled or executed. Attributes read keys of mappings, never of Python objects.

Logic is Kleene's: a missing value is *unknown* (``None``), ``unknown and False`` is ``False``,
``unknown or True`` is ``True``, everything else unknown stays unknown. So a declaration that was left out can
never be guessed.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache

from comity.errors import ComityError, Problem

MAX_LENGTH = 1_000
MAX_DEPTH = 24
MAX_NODES = 250
ROOTS = ("application", "derived", "facts", "formulas", "events", "item")
"""First names that an expression may start from; a generator adds its own loop name."""

FUNCTIONS = {
    "len": (1, 1),
    "min": (1, 8),
    "max": (1, 8),
    "sum": (1, 1),
    "any": (1, 1),
    "all": (1, 1),
    "abs": (1, 1),
    "ceil": (1, 1),
    "log10": (1, 1),
    "known": (1, 1),
    "fact": (1, 1),
    "starts": (2, 2),
    "days": (1, 1),
    "months": (1, 1),
    "years": (1, 1),
    "year_end": (1, 1),
}
"""Callable names with their least and greatest number of arguments."""

_PLAIN = (
    ast.Expression,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.UnaryOp,
    ast.Not,
    ast.USub,
    ast.BinOp,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
    ast.Compare,
    ast.Eq,
    ast.NotEq,
    ast.Lt,
    ast.LtE,
    ast.Gt,
    ast.GtE,
    ast.In,
    ast.NotIn,
    ast.Name,
    ast.Load,
    ast.Store,
    ast.Attribute,
    ast.Constant,
    ast.Call,
    ast.List,
    ast.Tuple,
    ast.IfExp,
    ast.GeneratorExp,
    ast.comprehension,
)


class ExpressionError(ComityError):
    """An expression that the rule language does not allow, or that meets values of the wrong type."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression.

    Parameters
    ----------
    source : the text as written in the pack
    tree : its syntax tree, whitelisted
    paths : dotted names it reads, as ``application.party.kind``
    facts : literal fact ids it reads
    open_facts : ``(prefix, suffix)`` of fact ids that are put together from values
    formulas : formula ids it reads
    """

    source: str
    tree: ast.expr
    paths: frozenset[str]
    facts: frozenset[str]
    open_facts: frozenset[tuple[str, str]]
    formulas: frozenset[str]


def _refuse(source: str, message: str, place: str) -> ExpressionError:
    accepted = "names, literals, comparison, and/or/not, in, + - * /, if/else, " + ", ".join(FUNCTIONS)
    return ExpressionError(
        f"this expression is not allowed: {source[:80]!r}", (Problem(place, message, accepted),)
    )


@lru_cache(maxsize=4096)
def parse(source: str, place: str = "expression") -> Expression:
    """Parse and check ``source``; raise :class:`ExpressionError` for anything outside the language."""
    if len(source) > MAX_LENGTH:
        raise _refuse(source, f"longer than {MAX_LENGTH} characters", place)
    try:
        tree = ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _refuse(source, f"cannot be read: {error}", place) from None
    reader = _Reader(source, place)
    reader.check(tree, 0)
    return Expression(
        source,
        tree,
        frozenset(reader.paths),
        frozenset(reader.facts),
        frozenset(reader.open_facts),
        frozenset(reader.formulas),
    )


class _Reader:
    """One pass over a tree: checks every node and collects what it reads."""

    def __init__(self, source: str, place: str) -> None:
        self.source, self.place, self.nodes = source, place, 0
        self.paths: set[str] = set()
        self.facts: set[str] = set()
        self.open_facts: set[tuple[str, str]] = set()
        self.formulas: set[str] = set()
        self.loops: dict[str, str] = {}

    def fail(self, message: str) -> ExpressionError:
        return _refuse(self.source, message, self.place)

    def check(self, node: ast.AST, depth: int) -> None:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise self.fail(f"nested deeper than {MAX_DEPTH} or larger than {MAX_NODES} parts")
        if not isinstance(node, _PLAIN):
            raise self.fail(f"{type(node).__name__} is not part of the rule language")
        if isinstance(node, ast.Attribute | ast.Name):
            self._path(node)
            return
        if isinstance(node, ast.Constant):
            self._constant(node)
        elif isinstance(node, ast.Call):
            self._call(node, depth)
            return
        elif isinstance(node, ast.GeneratorExp):
            raise self.fail("a loop may only stand inside any, all, len, min, max or sum")
        for child in ast.iter_child_nodes(node):
            self.check(child, depth + 1)

    def _constant(self, node: ast.Constant) -> None:
        value = node.value
        if not isinstance(value, bool | int | float | str):
            raise self.fail(f"{value!r} is not a number, text or truth value")
        if isinstance(value, int | float) and not abs(value) < 1e15:
            raise self.fail("numbers must be smaller than 1e15")

    def _path(self, node: ast.Attribute | ast.Name) -> None:
        path = dotted(node)
        if path is None:
            raise self.fail("a dot may only follow a name")
        root, _, rest = path.partition(".")
        if any(part.startswith("_") for part in path.split(".")):
            raise self.fail(f"{path!r}: names do not start with an underscore")
        if root in self.loops:
            self.paths.add(f"{self.loops[root]}.{rest}" if rest else self.loops[root])
        elif root == "facts":
            self.facts.add(rest)
        elif root == "formulas":
            self.formulas.add(rest)
        elif root in ROOTS:
            self.paths.add(path)
        else:
            raise self.fail(f"{root!r} is not a known name; names start with {', '.join(ROOTS)}")

    def _call(self, node: ast.Call, depth: int) -> None:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in FUNCTIONS or node.keywords:
            raise self.fail(f"{name or 'this'} may not be called")
        least, most = FUNCTIONS[name]
        if not least <= len(node.args) <= most:
            raise self.fail(f"{name} takes {least} to {most} values")
        if name == "fact":
            self._fact_id(node.args[0])
        for argument in node.args:
            if isinstance(argument, ast.GeneratorExp):
                if name not in ("any", "all", "len", "min", "max", "sum"):
                    raise self.fail(f"{name} takes no loop")
                self._loop(argument, depth + 1)
            else:
                self.check(argument, depth + 1)

    def _loop(self, node: ast.GeneratorExp, depth: int) -> None:
        if len(node.generators) != 1 or self.loops:
            raise self.fail("one loop over one list, not nested")
        loop = node.generators[0]
        source = dotted(loop.iter)
        if not isinstance(loop.target, ast.Name) or source is None or loop.is_async:
            raise self.fail("write a loop as: f(x.y for x in application.list)")
        self.check(loop.iter, depth)
        if loop.target.id in ROOTS or loop.target.id in FUNCTIONS:
            raise self.fail(f"{loop.target.id!r} is already a name of the language")
        self.loops = {loop.target.id: f"{source}[]"}
        for part in (node.elt, *loop.ifs):
            self.check(part, depth)
        self.loops = {}

    def _fact_id(self, node: ast.expr) -> None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            self.facts.add(node.value)
            return
        parts = _joined(node)
        head = parts[0].value if isinstance(parts[0], ast.Constant) else ""
        tail = parts[-1].value if isinstance(parts[-1], ast.Constant) else ""
        self.open_facts.add((str(head), str(tail)))


def _joined(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [*_joined(node.left), *_joined(node.right)]
    return [node]


def dotted(node: ast.AST) -> str | None:
    """Return ``a.b.c`` for a chain of attributes on a name, else ``None``."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])
