"""Values that an argument refuses, by its kind, and the record of a function that is tried with them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import numpy as np
import pandas as pd

# By name, made anew for each call, because a generator can be read only once.
ODD: Final[dict[str, Callable[[], Any]]] = {
    "None": lambda: None,
    "true": lambda: True,
    "NumPy's true": lambda: np.True_,
    "a fraction": lambda: 1.5,
    "NaN": lambda: float("nan"),
    "infinity": lambda: np.float64("inf"),
    "a negative number": lambda: -(10**30),
    "a huge number": lambda: 10**400,  # no float holds it
    "a complex number": lambda: 1j,
    "a decimal": lambda: Decimal("1.5"),
    "bytes": lambda: b"x",
    "an unknown word": lambda: "x y z",
    "half a surrogate pair": lambda: "\ud800",
    "an object": object,
    "a class": lambda: int,
    "a function": lambda: lambda *_: None,
    "a list in a list": lambda: [[]],
    "a list of None": lambda: [None],
    "a generator of None": lambda: (None for _ in range(2)),
    "a table": lambda: {"x": None},
    "a table by number": lambda: {1: 1},
    "an array": lambda: np.zeros((2, 2)),
    "an array without axes": lambda: np.array(0.5),
    "an array of objects": lambda: np.array([object(), None]),
    "no time": lambda: np.datetime64("NaT", "D"),
    "pandas' no time": lambda: pd.NaT,
    "pandas' missing value": lambda: pd.NA,
    "nanoseconds": lambda: np.timedelta64(3, "ns"),
    "a time of day": lambda: dt.datetime(2020, 3, 10, 9),  # noqa: DTZ001  no time zone on purpose
    "midnight in a zone": lambda: dt.datetime(2020, 3, 10, tzinfo=dt.UTC),
    "just after midnight": lambda: pd.Timestamp("2020-03-10") + pd.Timedelta(1, "ns"),
    "the first time of pandas": lambda: pd.Timestamp.min,
}
WORDS: Final = ("an unknown word",)

# Values above that an argument of a kind takes.
TAKEN: Final[dict[str, tuple[str, ...]]] = {
    "whole": (),
    "number": ("a fraction", "an array without axes"),
    "date": (),
    "text": WORDS,
    "word": (),  # one of a few
    "path": WORDS,
    "flag": ("true", "NumPy's true"),
    "list": (),
    "levels": ("an array without axes",),  # one or several numbers
    "table": (),
    "function": ("None", "a class", "a function"),
    "object": (),  # of one type
}
OPTIONAL: Final = ("None",)


@dataclass(frozen=True)
class Call:
    """A function with valid arguments, and the kind of each argument to replace.

    kinds: by argument; with "?" at its end the argument may also be None. named: how messages name the argument, where
    it is not by its own name.
    """

    function: Callable[..., Any]
    valid: dict[str, Any]
    kinds: dict[str, str]
    named: dict[str, str] = field(default_factory=dict)

    def odd(self, argument: str) -> list[str]:
        """The odd values that an argument refuses."""
        kind = self.kinds[argument]
        taken = TAKEN[kind.removesuffix("?")] + (OPTIONAL if kind.endswith("?") else ())
        return [name for name in ODD if name not in taken]
