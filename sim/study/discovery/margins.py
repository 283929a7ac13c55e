"""Margins: will minus what is needed, trust minus what is needed, from the parameters of a world and the levers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.errors import InputError
from sim.inputs import setting_names
from sim.inputs.facts import fact_values
from sim.inputs.formula import Formula, read_formula
from sim.inputs.parameters import catalogue
from sim.schema import validation
from sim.schema.entries import read_entries
from sim.schema.frozen_map import FrozenMap

Array = npt.NDArray[Any]

FILE: Final = Path(__file__).with_name("margins.toml")
LONGEST: Final = {"label": 100, "about": 200}  # characters


@dataclass(frozen=True)
class Margin:
    """A number that follows from the parameters of a world, and sometimes from a lever."""

    name: str
    label: str
    formula: Formula
    about: str
    unit: str = "1"

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters that it follows from."""
        return tuple(name for name in self.formula.names if name in catalogue())

    @property
    def levers(self) -> tuple[str, ...]:
        """The levers that it follows from."""
        return tuple(name for name in self.formula.names if setting_names.is_lever(name))

    def of(self, values: Mapping[str, Any], levers: Mapping[str, Array], rows: int) -> Array:
        """Return the margin, float64 (rows,). values: parameters; levers: by name; scalars or (rows,)."""
        found = self.formula({**values, **fact_values(), **levers})
        return np.broadcast_to(np.asarray(found, np.float64), (rows,))


@lru_cache(maxsize=1)
def margins() -> FrozenMap[Margin]:
    """Return every margin by name, in the order of the file."""
    return read_entries(FILE, ("label", "formula", "about"), ("unit",), _margin)


def _margin(name: str, given: dict[str, Any]) -> Margin:
    """Return a margin of its entry. Raises InputError for an unknown name in its formula."""
    words = {key: validation.with_path(key, validation.text, given[key], most) for key, most in LONGEST.items()}
    formula = read_formula(given["formula"])
    known = {*catalogue(), *fact_values()}
    for one in formula.names:
        if one not in known and not setting_names.is_lever(one):
            raise InputError("no such parameter, lever or fact", path="formula", value=one)
    return Margin(name, words["label"], formula, words["about"], given.get("unit", "1"))
