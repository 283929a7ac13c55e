"""One outcome of a study, with labels and titles for the parts of a report."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from sim.results.intervals import Ends, cell_interval, effect_interval
from sim.results.running_moments import Moments
from sim.study.formatting import OutcomeFormat, names, point
from sim.study.summary import Summary

MOST_SCENARIOS: Final = 6  # that have their own charts


@dataclass(frozen=True)
class OutcomeView:
    """An outcome and the summary that it is taken from."""

    summary: Summary
    outcome: str

    @property
    def formats(self) -> OutcomeFormat:
        """The format of its numbers."""
        return OutcomeFormat(self.summary.plan.outcome(self.outcome))

    @cached_property
    def called(self) -> dict[str, str]:
        """The labels of the varied settings, by key."""
        return names(self.summary.plan)

    @property
    def shown(self) -> range:
        """The indices of the scenarios that have their own charts."""
        return range(min(len(self.summary.plan.scenarios), MOST_SCENARIOS))

    def cells(self, scenario: int) -> Moments:
        """The outcome at each point of a scenario, (points,)."""
        return self.summary.cells[scenario, :, self.summary.column(self.outcome)]

    def effects(self, scenario: int) -> Moments:
        """The paired differences at each point of a scenario, (points,)."""
        return self.summary.effects[scenario, :, self.summary.column(self.outcome)]

    def cell_ends(self, scenario: int) -> Ends:
        """The interval of the outcome's mean at each point of a scenario, two of (points,)."""
        return cell_interval(self.formats.outcome, self.cells(scenario))

    def effect_ends(self, scenario: int) -> Ends:
        """The interval of the paired difference at each point of a scenario, two of (points,)."""
        return effect_interval(self.formats.outcome, self.effects(scenario))

    def named(self, scenario: int) -> str:
        """A scenario's name, with a mark if it is the reference."""
        one = self.summary.plan.scenarios[scenario]
        return f"{one.name} (reference)" if one.name == self.summary.plan.reference else one.name

    def title(self, scenario: int, words: str = "") -> str:
        """The title of a chart about a scenario, with its name if there are several."""
        name = f", {self.named(scenario)}" if len(self.summary.plan.scenarios) > 1 else ""
        return f"{self.formats.label}{name}{f': {words}' if words else ''}"

    def label(self, scenario: int, index: int) -> str:
        """The label of a cell: scenario and point, each only if there are several."""
        plan = self.summary.plan
        parts = [plan.scenarios[scenario].name] if len(plan.scenarios) > 1 or not plan.vary else []
        parts += [point(plan, self.summary.design, index)] if plan.vary else []
        return ": ".join(parts)
