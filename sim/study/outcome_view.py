"""One outcome of a study, as the parts of a report draw it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from sim.results.running_moments import Moments
from sim.study.formatting import OutcomeFormat, names, point
from sim.study.summary import Summary

MOST_SCENARIOS: Final = 6  # with maps, bars or strips of their own


@dataclass(frozen=True)
class OutcomeView:
    """An outcome with the summary that it is read from."""

    summary: Summary
    outcome: str

    @property
    def formats(self) -> OutcomeFormat:
        """The words for its numbers."""
        return OutcomeFormat.of(self.outcome)

    @cached_property
    def called(self) -> dict[str, str]:
        """The varied settings in plain words, by key."""
        return names(self.summary.plan)

    @property
    def shown(self) -> range:
        """The scenarios that have charts of their own."""
        return range(min(len(self.summary.plan.scenarios), MOST_SCENARIOS))

    def cells(self, scenario: int) -> Moments:
        """The outcome at each point of a scenario, (points,)."""
        return self.summary.cells[scenario, :, self.summary.column(self.outcome)]

    def effects(self, scenario: int) -> Moments:
        """The paired differences at each point of a scenario, (points,)."""
        return self.summary.effects[scenario, :, self.summary.column(self.outcome)]

    def named(self, scenario: int) -> str:
        """A scenario's name, the reference marked."""
        one = self.summary.plan.scenarios[scenario]
        return f"{one.name} (reference)" if one.name == self.summary.plan.reference else one.name

    def title(self, scenario: int, words: str = "") -> str:
        """The title of a chart about a scenario, named where there are several."""
        name = f", {self.named(scenario)}" if len(self.summary.plan.scenarios) > 1 else ""
        return f"{self.formats.label}{name}{f': {words}' if words else ''}"

    def label(self, scenario: int, index: int) -> str:
        """A cell in words: scenario and point, as far as there are several."""
        plan = self.summary.plan
        parts = [plan.scenarios[scenario].name] if len(plan.scenarios) > 1 or not plan.vary else []
        parts += [point(plan, self.summary.design, index)] if plan.vary else []
        return ": ".join(parts)
