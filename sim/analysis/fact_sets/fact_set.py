"""A set of facts: what a run is checked against. `TEXT` is the text's own; any other replaces some of its figures.

A figure stands in two places: as the target of a check, and in the formulas of the parameters that are derived from it.
A fact set replaces it in both. So a rival count of attacks changes how many attacks the model has as well as how many
it must have.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from sim.inputs.facts import fact_values, facts
from sim.inputs.parameters import catalogue
from sim.inputs.scenario import Scenario
from sim.schema.frozen_map import FrozenMap

Bounds = tuple[float, float]

STANDARD: Final = "text"  # the name of the text's own facts
OPERATIONS: Final = "reading.operations"  # the parameter that says what the 1,660 of S6 counts


@dataclass(frozen=True, slots=True)
class Replaced:
    """What replaces one fact of the text.

    value: another figure in the fact's unit, for the days of the window; factors: the bounds of the check as multiples
    of the figure; share: the bounds of the check as shares of worlds. None leaves what the text has.
    """

    source: str
    value: float | None = None
    factors: Bounds | None = None
    share: Bounds | None = None


@dataclass(frozen=True)
class FactSet:
    """A named set of facts. replaced: by the fact's name; operations: how S6 is read, None for as operations."""

    name: str
    title: str
    replaced: Mapping[str, Replaced] = field(default_factory=FrozenMap)
    operations: str | None = None

    @property
    def standard(self) -> bool:
        """Whether nothing is replaced."""
        return not self.replaced and self.operations is None

    @property
    def values(self) -> dict[str, float]:
        """The figures that are replaced, by the fact's name."""
        return {name: one.value for name, one in self.replaced.items() if one.value is not None}

    def value(self, name: str) -> Any:
        """Return the value of a fact. Raises KeyError for an unknown name."""
        return self.values.get(name, facts()[name].value)

    def factors(self, name: str, standard: Bounds) -> Bounds:
        """Return the bounds of a count's check, as multiples of the figure. standard: those of the text's facts."""
        own = self.replaced[name].factors if name in self.replaced else None
        return standard if own is None else own

    def share(self, name: str, standard: Bounds) -> Bounds:
        """Return the bounds of a check on the share of worlds. standard: those of the text's facts."""
        own = self.replaced[name].share if name in self.replaced else None
        return standard if own is None else own

    def scenario(self, scenario: Scenario) -> Scenario:
        """Return a scenario with the set's reading of S6, under its own name."""
        if self.operations is None:
            return scenario
        return replace(scenario, parameters={**scenario.parameters, OPERATIONS: self.operations})

    def derived(self, drawn: Mapping[str, Any], scenario: Scenario, draws: int) -> dict[str, Any]:
        """Return the parameters that follow from the replaced figures, by name, float32 (draws,).

        drawn: the values of other parameters, (draws,). What the scenario sets is not derived. Raises InputError if a
        formula leads out of its parameter's bounds.
        """
        known = catalogue()
        own = {f"facts.{name}": value for name, value in self.values.items()}
        values = {name: one.value for name, one in known.items()} | fact_values() | own
        values |= {**drawn, **scenario.parameters}
        changed, found = set(own), {}
        for name, formula in known.steps if own else ():
            if name in scenario.parameters or name in drawn:
                continue
            values[name] = known[name].check(formula(values))
            if changed.intersection(formula.names):
                changed.add(name)
                found[name] = np.broadcast_to(np.float32(values[name]), draws)
        return found


TEXT: Final = FactSet(STANDARD, "The figures of the text, S6 read as a count of operations")
