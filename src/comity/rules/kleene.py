"""The walker of the rule language: three-valued evaluation of a checked expression."""

from __future__ import annotations

import ast
import calendar
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol

from comity.errors import Problem
from comity.rules.expression import Expression, ExpressionError, dotted

Value = Any
"""``None`` (unknown), bool, int, float, str, date, or a list or mapping of such values."""

MAX_STEPS = 200_000


class Scope(Protocol):
    """Where an expression finds its values; ``None`` means unknown."""

    def read(self, path: str) -> Value:
        """Return the value of a dotted path such as ``application.party.kind``."""

    def peek(self, path: str) -> Value:
        """Return the value of a dotted path without noting that it is missing."""

    def fact(self, fact_id: str) -> Value:
        """Return a fact's value; ``None`` when pending or absent."""

    def formula(self, formula_id: str) -> Value:
        """Return a formula's value."""


def evaluate_expression(expression: Expression, scope: Scope) -> Value:
    """Return the value of ``expression``; ``None`` is unknown."""
    return _Walker(expression, scope).value(expression.tree)


def add_months(day: date, months: int) -> date:
    """Return the same day number ``months`` later (or earlier), cut to the end of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


class _Walker:
    def __init__(self, expression: Expression, scope: Scope) -> None:
        self.expression, self.scope, self.steps = expression, scope, 0
        self.local: dict[str, Value] = {}

    def error(self, message: str) -> ExpressionError:
        problem = Problem(self.expression.source[:120], message, "values of one kind, as the vocabulary says")
        return ExpressionError("a rule met values that it cannot use", (problem,))

    def value(self, node: ast.AST) -> Value:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise self.error(f"more than {MAX_STEPS} steps")
        handler = _HANDLERS[type(node)]
        try:
            return handler(self, node)
        except (TypeError, ValueError, OverflowError) as error:
            raise self.error(str(error)) from None

    def path(self, node: ast.AST) -> Value:
        name = dotted(node) or ""
        root, _, rest = name.partition(".")
        if root in self.local:
            return descend(self.local[root], rest)
        if root == "facts":
            return self.scope.fact(rest)
        if root == "formulas":
            return self.scope.formula(rest)
        return self.scope.read(name)

    def boolean(self, node: ast.BoolOp) -> bool | None:
        """Kleene's ``and`` and ``or``."""
        absorbing = isinstance(node.op, ast.Or)
        unknown = False
        for part in node.values:
            value = self.truth(part)
            if value is absorbing:
                return absorbing
            unknown = unknown or value is None
        return None if unknown else not absorbing

    def truth(self, node: ast.AST) -> bool | None:
        value = self.value(node)
        if value is None or isinstance(value, bool):
            return value
        raise self.error(f"{value!r} is not true, false or unknown")

    def unary(self, node: ast.UnaryOp) -> Value:
        if isinstance(node.op, ast.Not):
            truth = self.truth(node.operand)
            return None if truth is None else not truth
        value = self.value(node.operand)
        return None if value is None else -value

    def arithmetic(self, node: ast.BinOp) -> Value:
        left, right = self.value(node.left), self.value(node.right)
        if left is None or right is None:
            return None
        if isinstance(left, str) and isinstance(right, str) and isinstance(node.op, ast.Add):
            return (left + right)[:400]
        if isinstance(left, date) or isinstance(right, date):
            return _date_arithmetic(node.op, left, right)
        if not (is_number(left) and is_number(right)):
            raise self.error(f"cannot calculate with {left!r} and {right!r}")
        if isinstance(node.op, ast.Div):
            return None if right == 0 else left / right
        if isinstance(node.op, ast.Add):
            return left + right
        return left - right if isinstance(node.op, ast.Sub) else left * right

    def compare(self, node: ast.Compare) -> bool | None:
        left, unknown = self.value(node.left), False
        for operator, right_node in zip(node.ops, node.comparators):
            right = self.value(right_node)
            result = _compare_once(operator, left, right)
            if result is False:
                return False
            unknown = unknown or result is None
            left = right
        return None if unknown else True

    def choose(self, node: ast.IfExp) -> Value:
        truth = self.truth(node.test)
        return None if truth is None else self.value(node.body if truth else node.orelse)

    def items(self, node: ast.List | ast.Tuple) -> Value:
        return tuple(self.value(part) for part in node.elts)

    def call(self, node: ast.Call) -> Value:
        assert isinstance(node.func, ast.Name)
        name = node.func.id
        if isinstance(node.args[0], ast.GeneratorExp):
            return self._over(name, self._loop(node.args[0]))
        if name == "known":
            return self._known(node.args[0])
        values = [self.value(argument) for argument in node.args]
        if name == "fact":
            return None if values[0] is None else self.scope.fact(str(values[0]))
        if len(values) == 1 and name in ("any", "all", "min", "max", "sum", "len"):
            return None if values[0] is None else self._over(name, values[0])
        if any(value is None for value in values):
            return None
        if name in ("min", "max"):
            return self._over(name, values)
        if name == "starts":
            return str(values[0]).startswith(str(values[1]))
        return _SCALAR_FUNCTIONS[name](values[0])

    def _known(self, node: ast.expr) -> bool:
        """Asking whether something is known is no use of it: it is not noted as missing."""
        path = dotted(node) or ""
        if path.partition(".")[0] in ("application", "derived", "events", "item"):
            return self.scope.peek(path) is not None
        return self.value(node) is not None

    def _loop(self, node: ast.GeneratorExp) -> list[Value] | None:
        loop = node.generators[0]
        source = self.value(loop.iter)
        if source is None:
            return None
        assert isinstance(loop.target, ast.Name)
        results: list[Value] = []
        for item in source:
            self.local = {loop.target.id: item}
            kept = [self.truth(test) for test in loop.ifs]
            if False in kept:
                continue
            results.append(None if None in kept else self.value(node.elt))
        self.local = {}
        return results

    def _over(self, name: str, values: Sequence[Value] | None) -> Value:
        if values is None:
            return None
        if name == "len":
            return len(values)
        if name in ("any", "all"):
            absorbing = name == "any"
            if absorbing in values:
                return absorbing
            return None if None in values else not absorbing
        if None in values or (not values and name != "sum"):
            return None
        if name == "sum":
            return math.fsum(values)
        return min(values) if name == "min" else max(values)


def descend(value: Value, path: str) -> Value:
    """Follow ``a.b`` through mappings; ``None`` where a key is missing."""
    for key in path.split(".") if path else ():
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def is_number(value: Value) -> bool:
    """Whether ``value`` is a number (a truth value is none)."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _as_date(value: Value) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _date_arithmetic(operator: ast.operator, left: Value, right: Value) -> Value:
    if isinstance(operator, ast.Sub) and isinstance(left, date) and isinstance(right, date | str):
        return (left - _as_date(right)).days
    if isinstance(left, date) and isinstance(right, int):
        step = timedelta(days=right)
    elif isinstance(left, date) and isinstance(right, tuple):
        months = right[1] if isinstance(operator, ast.Add) else -right[1]
        return add_months(left, months)
    else:
        raise TypeError("a date takes + and - with days(n), months(n), years(n) or another date")
    return left + step if isinstance(operator, ast.Add) else left - step


def _compare_once(operator: ast.cmpop, left: Value, right: Value) -> bool | None:
    if left is None or right is None:
        return None
    if isinstance(operator, ast.In | ast.NotIn):
        found = left in right
        if not found and not isinstance(right, str) and None in right:
            return None
        return found if isinstance(operator, ast.In) else not found
    if isinstance(left, date) != isinstance(right, date):
        left, right = _as_date(left), _as_date(right)
    if isinstance(operator, ast.Eq):
        return bool(left == right)
    if isinstance(operator, ast.NotEq):
        return bool(left != right)
    if isinstance(operator, ast.Lt):
        return bool(left < right)
    if isinstance(operator, ast.LtE):
        return bool(left <= right)
    return bool(left > right) if isinstance(operator, ast.Gt) else bool(left >= right)


def _log10(value: Value) -> float | None:
    """Correctly rounded on every machine, unlike the C library's."""
    return float(Decimal(value).log10()) if value > 0 else None


_SCALAR_FUNCTIONS: dict[str, Callable[[Value], Value]] = {
    "abs": abs,
    "ceil": math.ceil,
    "log10": _log10,
    "days": int,
    "months": lambda n: ("months", int(n)),
    "years": lambda n: ("months", 12 * int(n)),
    "year_end": lambda day: date(_as_date(day).year, 12, 31),
}

_HANDLERS: dict[type[ast.AST], Callable[[_Walker, Any], Value]] = {
    ast.Name: _Walker.path,
    ast.Attribute: _Walker.path,
    ast.Constant: lambda walker, node: node.value,
    ast.BoolOp: _Walker.boolean,
    ast.UnaryOp: _Walker.unary,
    ast.BinOp: _Walker.arithmetic,
    ast.Compare: _Walker.compare,
    ast.IfExp: _Walker.choose,
    ast.List: _Walker.items,
    ast.Tuple: _Walker.items,
    ast.Call: _Walker.call,
}
