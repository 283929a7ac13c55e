"""The runs behind a joint effect on the page Compare: two things alone, both together, and the command for them."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dashboard.runs import lineup
from dashboard.state.differences import imposed
from dashboard.state.pair import OWN, TWO
from dashboard.state.state import REFERENCE, State, shipped
from sim.analysis.joint_effects import JointComparison
from sim.analysis.joint_scenario import together
from sim.errors import one_line
from sim.inputs.intervention import read_dated
from sim.inputs.parameters import catalogue
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import scenario_names
from sim.results.results import Results
from sim.schema import formatting, validation
from sim.schema.decisions import levers

YOURS: Final = "Yours"
FILE: Final = "scenario.toml"  # of the reader's own scenario, in a command
_LONGEST: Final = 46  # characters of a name


@dataclass(frozen=True)
class Joint:
    """Two scenarios and both together, over the days of the state; names: of the two, short."""

    a: Scenario
    b: Scenario
    both: Scenario
    names: tuple[str, str]

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """All three."""
        return self.a, self.b, self.both


def things(state: State) -> list[str]:
    """Return what can be chosen: the reader's own scenario, its single changes if it has several parts, scenarios."""
    own = [] if state.unchanged else [OWN]
    single = list(dict(state.changes)) if len(dict(state.changes)) > 1 or state.base != REFERENCE else []
    return [*own, *single, *(name for name in scenario_names() if name != REFERENCE)]


def suggested(state: State) -> tuple[str, str]:
    """Return two things to begin with: two changes of the reader, else the first two that the page compares."""
    changes = list(dict(state.changes))
    if len(changes) >= TWO and not state.also:
        return changes[0], changes[1]
    own = [] if state.unchanged else [OWN]
    found = [name for name in (*own, *lineup.also(state), *lineup.SUGGESTED) if name not in (REFERENCE, state.base)]
    first, second, *_ = dict.fromkeys(found)
    return first, second


def label(state: State, name: str) -> str:
    """Return what a thing is called: a scenario's title, or a setting with the reader's value."""
    if name == OWN:
        return YOURS
    if "." not in name:
        return one_line(shipped(name).title, _LONGEST)
    known = levers()[name].label if name in levers() else catalogue()[name].label
    return one_line(f"{known}: {_value(state, name)}", _LONGEST)


def _value(state: State, name: str) -> str:
    """Return what the reader sets a lever or parameter to, in words: "5,000 from 10 Mar"."""
    given = [words for known, words in state.changes if known == name]
    if not given:
        return "not changed"
    if name in levers():
        run = state.reference()
        return imposed([read_dated(name, words) for words in given], run).removesuffix(" for the whole run")
    return formatting.setting(validation.parse_scalar(given[-1]))


def joint(state: State) -> Joint | None:
    """Return the scenarios of the state's pair, None without one. Raises InputError if they exclude each other."""
    if not state.both:
        return None
    a, b = (_scenario(state, name) for name in state.both)
    first, second = (label(state, name) for name in state.both)
    second += " (2)" if first == second else ""
    return Joint(a, b, together(state.reference(), a, b), (first, second))


def _scenario(state: State, name: str) -> Scenario:
    """Return the scenario of a thing, over the days of the state."""
    own, reference = state.scenario(), state.reference()
    if name == OWN:
        return own
    if "." not in name:
        return shipped(name).with_dates(own.start, own.end)
    lines = [f"{known}={words}" for known, words in state.changes if known == name]
    return reference.with_settings(lines, title=label(state, name)) if lines else reference


def compared(reference: Results, of: Joint, runs: Sequence[Results]) -> JointComparison:
    """Return the joint effects from runs among which are those of the three scenarios."""
    known = {run.scenario.hash(): run for run in runs}
    return JointComparison(reference, *(known[one.hash()] for one in of.scenarios))


def command(state: State, of: Joint) -> str:
    """Return the command that gives the joint effects; a comment where no names or one file stand for the scenarios."""
    names = [_operand(name, one) for name, one in zip(state.both, (of.a, of.b), strict=True)]
    if state.reference() != shipped(REFERENCE) or "" in names:
        return (
            "# The joint effects: jirga compare BASE.toml ONE.toml --and OTHER.toml, with the scenario files of the "
            "offline page."
        )
    words = shlex.split(state.command("compare"))
    return shlex.join([*words[:3], names[0], "--and", names[1], *words[4:]])


def _operand(name: str, scenario: Scenario) -> str:
    """Return the word for a scenario in a command: its own name, or its file; "" for a single change."""
    if name == OWN:
        return FILE
    return name if "." not in name and shipped(name).hash() == scenario.hash() else ""
