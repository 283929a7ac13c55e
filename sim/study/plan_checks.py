"""Checks of single parts of a plan: its engine, and the values of a grid and of a list."""

import re
from collections import Counter
from itertools import pairwise
from typing import Any, Final

from sim.errors import InputError, nearest
from sim.schema import validation
from sim.study.factor import Factor

ENGINE: Final = re.compile(r"local|dask|(tcp|tls)://[^\s/@]+:\d{1,5}")


def check_engine(name: Any) -> None:
    """Raises InputError unless `name` is an engine or a scheduler's address."""
    form = "local, dask or tcp://host:port"
    if not isinstance(name, str):
        raise InputError(f"must be text, not {validation.kind_of(name)}", value=name, expected=form)
    if not ENGINE.fullmatch(name):
        raise InputError("no such engine", value=name, expected=form, nearest=nearest(name, ("local", "dask")))


def check_different(vary: tuple[Factor, ...]) -> None:
    """Raises InputError if a setting of a grid has the same value twice."""
    for one in vary:
        for value, times in Counter(one.values).items():
            if times > 1:
                raise InputError("is listed twice", path=one.name, value=value)


def check_lengths(vary: tuple[Factor, ...]) -> None:
    """Raises InputError unless all settings of a list have the same number of values."""
    for one, other in pairwise(vary):
        if len(one.values) != len(other.values):
            problem = (
                f"has {len(other.values)} values, but {one.name} has {len(one.values)}: they must be equal in a list"
            )
            raise InputError(problem, path=other.name)
