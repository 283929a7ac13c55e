"""Small safe formulas that calculate a parameter from others and from facts.

A formula may contain numbers, dotted names, + - * / **, exp, log, minimum, maximum, and
`a if x == "text" else b` (or `a if x else b` for a yes or no). Anything else is an error.
"""

import ast
import datetime as dt
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from sim.errors import InputError

LONGEST: Final = 500  # characters

OPERATORS: Final[dict[type[ast.AST], Callable[..., Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
FUNCTIONS: Final[dict[str, tuple[Callable[..., Any], int]]] = {  # the function and how many arguments it takes
    "exp": (np.exp, 1),
    "log": (np.log, 1),
    "minimum": (np.minimum, 2),
    "maximum": (np.maximum, 2),
}


@dataclass(frozen=True)
class Formula:
    """A checked formula. text: as written; names: the dotted names it needs, in order of appearance."""

    text: str
    names: tuple[str, ...]

    def __call__(self, values: Mapping[str, Any]) -> Any:
        """Return the result for these values of its names, calculated in float64.

        values: numbers or arrays of shape (worlds,), all of the same length. Returns a Python float, or float32
        of shape (worlds,); a formula that is a single name returns that value unchanged.
        Raises InputError when the result is not a finite number.
        """
        tree = _tree(self.text)
        if isinstance(tree, ast.Name | ast.Attribute):
            return values[_dotted(tree, self.text)]
        try:
            with np.errstate(divide="raise", over="raise", invalid="raise"):
                return _rounded(_value(tree, values))
        except (ArithmeticError, ValueError) as error:
            raise InputError("does not give a finite number", value=self.text) from error
        except TypeError as error:
            raise InputError("uses a non-numeric value", value=self.text) from error


def read_formula(text: str) -> Formula:
    """Return a formula from its text. Raises InputError for anything except the small language above."""
    names: list[str] = []
    _check(_tree(text), text, names)
    return Formula(text, tuple(dict.fromkeys(names)))


@lru_cache(maxsize=1024)
def _tree(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise InputError("formula too long", value=text, expected=f"at most {LONGEST} characters")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise InputError("not a formula", value=text) from error


def _check(node: ast.AST, text: str, names: list[str]) -> None:
    """Walk a formula; every part must be one that `_value` can evaluate. Collects the names."""
    match node:
        case ast.Constant(value=number) if type(number) in (int, float):
            return
        case ast.Name() | ast.Attribute():
            names.append(_dotted(node, text))
            return
        case ast.BinOp(op=op) if type(op) in OPERATORS:
            parts: list[ast.AST] = [node.left, node.right]
        case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
            parts = [node.operand]
        case ast.Call(func=ast.Name(id=name), keywords=[]) if (
            name in FUNCTIONS and len(node.args) == FUNCTIONS[name][1]
        ):
            parts = list(node.args)
        case ast.IfExp():
            parts = [_asked(node.test, text), node.body, node.orelse]
        case _:
            raise InputError(f"a formula cannot contain {type(node).__name__}", value=text)
    for part in parts:
        _check(part, text, names)


def _asked(test: ast.expr, text: str) -> ast.expr:
    """Return the name that an `if` tests: `x == "text"`, `x != "text"` or x alone."""
    match test:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[ast.Constant(value=str())]):
            test = left
    if not isinstance(test, ast.Name | ast.Attribute):
        raise InputError('an if may only test x == "text", x != "text" or a yes-or-no x', value=text)
    return test


def _dotted(node: ast.expr, text: str) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=inner, attr=name):
            return f"{_dotted(inner, text)}.{name}"
    raise InputError("a name in a formula must be words separated by dots", value=text)


def _value(node: ast.AST, values: Mapping[str, Any]) -> Any:
    """Return the value of a checked part of a formula, in float64."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return np.float64(number)
        case ast.Name() | ast.Attribute():
            return _wide(values[_dotted(node, "")])
        case ast.BinOp(op=op):
            return OPERATORS[type(op)](_value(node.left, values), _value(node.right, values))
        case ast.UnaryOp(op=op):
            return OPERATORS[type(op)](_value(node.operand, values))
        case ast.Call(func=ast.Name(id=name)):
            return FUNCTIONS[name][0](*(_value(part, values) for part in node.args))
        case ast.IfExp():
            return _either(node, values)
    raise TypeError(type(node).__name__)


def _either(node: ast.IfExp, values: Mapping[str, Any]) -> Any:
    """Return the value of the branch that the test selects, per world when the test differs between worlds."""
    match node.test:
        case ast.Compare(left=left, ops=[op], comparators=[ast.Constant(value=word)]):
            holds = OPERATORS[type(op)](values[_dotted(left, "")], word)
        case test:
            holds = values[_dotted(test, "")]
    if isinstance(holds, np.ndarray):
        return np.where(holds, _value(node.body, values), _value(node.orelse, values))
    return _value(node.body if holds else node.orelse, values)


def _wide(value: Any) -> Any:
    """Return a number or array in float64. Raises TypeError for text and dates."""
    if isinstance(value, str | dt.date | bool | Mapping):
        raise TypeError(f"{value!r} is not a number")
    # First rounded to float32 as in the rules, so that a number and an array of it give the same bits.
    seen = np.float32(value) if isinstance(value, float) else value
    return np.asarray(seen, dtype=np.float64)[()]


def _rounded(result: Any) -> Any:
    if not np.all(np.isfinite(result)):
        raise ValueError("not finite")
    return np.asarray(result, dtype=np.float32) if np.ndim(result) else float(result)
