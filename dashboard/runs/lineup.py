"""The runs that the page Compare shows: which scenarios, over which days, and the commands that repeat them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from dashboard.runs import cache, compare_job
from dashboard.state.state import REFERENCE, State, shipped
from sim.errors import one_line
from sim.inputs.scenario import Scenario
from sim.results.comparison import Comparison
from sim.results.results import Results
from sim.schema import formatting

SUGGESTED: Final = ("all-5000-at-once", "power-shared-in-march")  # while nothing is chosen
_LONGEST: Final = 46  # characters of a name in a legend


@dataclass(frozen=True)
class Lineup:
    """The runs that are compared, over the same worlds; the reference comes first."""

    scenarios: tuple[Scenario, ...]
    names: tuple[str, ...]  # short, different from each other
    runs: tuple[Results, ...]

    @property
    def reference(self) -> Results:
        """The run that all others are compared with."""
        return self.runs[0]

    def first(self, count: int) -> "Lineup":
        """Return the first few of them."""
        return Lineup(self.scenarios[:count], self.names[:count], self.runs[:count])

    @property
    def pairs(self) -> list[tuple[str, Comparison]]:
        """Each other run compared with the reference, by its short name."""
        others = zip(self.names[1:], self.runs[1:], strict=True)
        return [(name, Comparison(self.reference, run)) for name, run in others]


def also(state: State) -> tuple[str, ...]:
    """Return the names of the other scenarios; the suggested ones while the state is the unchanged baseline."""
    alone = not state.also and state.scenario().hash() == state.reference().hash()
    return SUGGESTED if alone else state.also


def lined_up(state: State) -> tuple[Scenario, ...]:
    """Return the reference, the visitor's own scenario and the others, over the same days, without duplicates."""
    own = state.scenario()
    found = {one.hash(): one for one in (state.reference(), own)}
    for name in also(state):
        other = shipped(name).with_dates(own.start, own.end)
        found.setdefault(other.hash(), other)
    return tuple(found.values())


def with_more(scenarios: Sequence[Scenario], more: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """Return scenarios with others that none of them equals, without duplicates."""
    found = {one.hash(): one for one in scenarios}
    for other in more:
        found.setdefault(other.hash(), other)
    return tuple(found.values())


def without_curve(state: State) -> list[str]:
    """Return why a chosen scenario has no curve of its own, or not over its own days, one sentence each."""
    own = state.scenario()
    known = {one.hash(): one.title for one in (own, state.reference())}
    found = []
    for name in also(state):
        usual = shipped(name)
        other = usual.with_dates(own.start, own.end)
        if other.hash() in known:
            found.append(f"{usual.title}: no curve of its own, because over these days it does what another one does.")
        elif (usual.start, usual.end) != (own.start, own.end):
            days = f"{formatting.day(own.start)} to {formatting.day(own.end - dt.timedelta(days=1))}"
            found.append(f"{usual.title}: shown over the days of the other scenarios, {days}.")
        known[other.hash()] = other.title
    return found


def shown(state: State, scenarios: Sequence[Scenario], more: compare_job.ComparisonJob | None) -> Lineup:
    """Return the runs over all worlds if they are ready, else over the first few. Raises InputError as the engine does.

    more: the visitor's background run of these scenarios, None if none was started.
    """
    made = more.found if more is not None else ()
    if made:
        return Lineup(tuple(scenarios), short_names(state, scenarios), made)
    kept = all(cache.kept(one, state.seed, state.worlds, state.assumptions) for one in scenarios)
    return lineup(state, scenarios, state.worlds if kept else min(cache.FIRST, state.worlds))


def lineup(state: State, scenarios: Sequence[Scenario], worlds: int) -> Lineup:
    """Return the runs of the scenarios over this many worlds. Raises InputError as the engine does."""
    found = cache.several(scenarios, state.seed, worlds, assumptions=state.assumptions)
    return Lineup(tuple(scenarios), short_names(state, scenarios), tuple(found))


def short_names(state: State, scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """Return a short name for each scenario, from its title; all names are different."""
    found = ["Baseline"]
    for one in scenarios[1:]:
        own = one == state.scenario() and bool(state.changes or state.form)
        name = "Yours" if own else one_line(one.title, _LONGEST)
        found.append(name if name not in found else f"{name} ({one.hash()[:4]})")
    return tuple(found)


def command(state: State, scenarios: Sequence[Scenario]) -> str:
    """Return the commands that give the same numbers, one per line; a comment where this page changes the days."""
    if _over_other_days(scenarios[0], REFERENCE):
        return _no_command(scenarios[0], REFERENCE)
    line = []
    for one in scenarios[1:]:
        if one == state.scenario():
            line.append(state.command("compare"))
        elif _over_other_days(one, one.name):
            line.append(_no_command(one, one.name))
        else:
            line.append(replace(state, base=one.name, form="", changes=(), off=(), also=(), week=0).command("compare"))
    return "\n".join(line)


def _over_other_days(one: Scenario, name: str) -> bool:
    """Return whether the days differ from those of the shipped scenario of that name, which a command would run."""
    usual = shipped(name)
    return (one.start, one.end) != (usual.start, usual.end)


def _no_command(one: Scenario, name: str) -> str:
    """Return the reason why there is no command, as a shell comment."""
    last = one.end - dt.timedelta(days=1)
    days = f"{formatting.day(one.start)} to {formatting.day(last)}"
    return f"# No command gives these numbers: jirga compare runs {name} over its own days, this page over {days}."
