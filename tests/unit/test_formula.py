"""Formulas: a small language, evaluated safely, with the same results for one world and for many."""

from typing import Any

import numpy as np
import pytest

from sim.errors import InputError
from sim.inputs.formula import read_formula

VALUES: dict[str, Any] = {"a": 2.0, "b.c": 3.0, "flag": True, "b.word": "text", "zero": 0.0, "big": 1e300}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("1 + 2 * 3", 7.0),
        ("a / b.c - 1", 2 / 3 - 1),
        ("-a ** 2", -4.0),
        ("(1 + a) * +b.c", 9.0),
        ("exp(log(a))", 2.0),
        ("minimum(a, b.c) + maximum(a, b.c)", 5.0),
        ('a if b.word == "text" else b.c', 2.0),
        ('a if b.word != "text" else b.c', 3.0),
        ("b.c if flag else 1 / zero", 3.0),
    ],
)
def test_results(text: str, result: float) -> None:
    """Known results, as Python floats; only the selected branch is evaluated."""
    got = read_formula(text)(VALUES)
    assert type(got) is float
    assert got == pytest.approx(result, rel=1e-15), f"{text} gave {got}, not {result}"


def test_arrays_give_the_same_as_each_world_alone() -> None:
    """The result is float32 of shape (worlds,), equal to the scalar result of every world."""
    formula = read_formula("exp(a) / (1 + b.c) if flag else a")
    worlds = np.array([0.1, 0.5, 3.0], dtype=np.float32)
    got = formula({**VALUES, "a": worlds})
    alone = [np.float32(formula({**VALUES, "a": float(value)})) for value in worlds]
    assert got.dtype == np.float32
    assert got.shape == (3,)
    assert got.tolist() == [float(value) for value in alone]


def test_names_in_order_once() -> None:
    """The names that a formula needs include the one that an `if` tests."""
    assert read_formula('b.c + a + b.c if x.y == "z" else d').names == ("x.y", "b.c", "a", "d")


def test_a_single_name_returns_its_value() -> None:
    """A formula that is a single name returns its value unchanged."""
    assert read_formula("b.word")(VALUES) == "text"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 +",
        "__import__('os').system('true')",
        "a.b()",
        "exp(1, 2)",
        "exp(x=1)",
        "sin(1)",
        "[1, 2]",
        "{'a': 1}",
        "lambda: 1",
        "a[0]",
        "(1).real",
        "'text'",
        "1j",
        "True",
        "a < b",
        "a if a < 2 else 1",
        "a and flag",
        "not flag",
        "a // 2",
        "a % 2",
        "a @ a",
        "a | a",
        "f'{a}'",
        "a := 2",
        "a if b == c else 1",
        "1 if 'text' == 'text' else 2",
        "a; a",
        "1 + " * 200 + "1",
        "((" * 200,
    ],
)
def test_everything_else_is_rejected(text: str) -> None:
    """The error comes before any evaluation."""
    with pytest.raises(InputError):
        read_formula(text)


@pytest.mark.parametrize("text", ["a / zero", "log(zero)", "exp(big)", "big * big", "(0 - a) ** 0.5", "log(-a)"])
def test_no_finite_number(text: str) -> None:
    """Division by zero, overflow and similar errors show the formula."""
    with pytest.raises(InputError, match="does not give a finite number"):
        read_formula(text)(VALUES)
    with pytest.raises(InputError, match="does not give a finite number"):
        read_formula(text)({**VALUES, "a": np.full(2, 2.0), "zero": np.zeros(2), "big": np.full(2, 1e300)})


@pytest.mark.parametrize("text", ["a + b.word", "-flag", "exp(b.word)"])
def test_text_and_flags_are_not_numbers(text: str) -> None:
    """Calculating with them is an error."""
    with pytest.raises(InputError, match="non-numeric"):
        read_formula(text)(VALUES)
