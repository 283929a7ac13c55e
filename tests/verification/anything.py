"""Random valid scenarios for Hypothesis: any parameter within its bounds, any lever over any days."""

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

from hypothesis import assume, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.inputs.intervention import Intervention
from sim.inputs.parameter import Parameter
from sim.inputs.parameters import catalogue
from sim.inputs.scenario import LARGEST_SEED, Scenario
from sim.schema.decisions import Lever, levers

NOT_RULES = ("reading.attacks", "reading.operations")  # the meaning of the text's numbers, not a rule
MOST_CHANGES = 8

# The same examples every time, so that a failure is due to a change and not to chance.
STEADY = settings(deadline=None, derandomize=True, database=None, print_blob=False)


@dataclass(frozen=True)
class Case:
    """A scenario and the worlds to run."""

    scenario: Scenario
    worlds: int
    seed: int
    first: int


def within(low: float, high: float) -> st.SearchStrategy[float]:
    """Return a number within bounds, often one of them."""
    inside = st.floats(low, high, allow_subnormal=False).map(lambda x: 0.0 if abs(x) < math.ldexp(1, -60) else x)
    return st.one_of(inside, st.sampled_from([low, high])) if low < high else st.just(low)


def parameter_value(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Return a value that the parameter allows, half of the time within its plausible range."""
    if parameter.type == "bool":
        return st.booleans()
    if parameter.type == "choice":
        return st.sampled_from(parameter.choices)
    if parameter.type == "date":
        return st.dates(dt.date(2020, 1, 1), dt.date(2021, 6, 1))
    low, high = parameter.bounds or (0, 0)
    if parameter.type == "int":
        return st.integers(math.ceil(low), math.floor(high))
    plausible = parameter.range or (low, high)
    return st.one_of(within(low, high), within(*plausible))


def lever_value(lever: Lever) -> st.SearchStrategy[Any]:
    """Return a value that the lever allows."""
    return st.booleans() if lever.flag else within(lever.low, lever.high)


@st.composite
def parameters(draw: st.DrawFn) -> dict[str, Any]:
    """Return overrides of some parameters."""
    open_ = [name for name in catalogue() if name not in NOT_RULES]
    names = draw(st.lists(st.sampled_from(open_), max_size=MOST_CHANGES, unique=True))
    return {name: draw(parameter_value(catalogue()[name])) for name in names}


@st.composite
def interventions(draw: st.DrawFn, start: dt.date, days: int) -> tuple[Intervention, ...]:
    """Return interventions on some levers, each over its own period of the run."""
    names = draw(st.lists(st.sampled_from(list(levers())), max_size=MOST_CHANGES, unique=True))
    made = []
    for name in names:
        first = draw(st.integers(0, days - 1))
        last = draw(st.integers(first + 1, days))
        value = draw(lever_value(levers()[name]))
        made.append(Intervention(name, value, start + dt.timedelta(first), start + dt.timedelta(last)))
    return tuple(made)


@st.composite
def cases(draw: st.DrawFn, most_worlds: int = 16) -> Case:
    """Return a valid scenario of 20 to 120 days, and the worlds to run."""
    start = dt.date(2020, 3, 1) + dt.timedelta(draw(st.sampled_from([0, 0, 0, -20, 15, 120, 240])))
    days = draw(st.integers(20, 120))
    given_parameters, given_levers = draw(parameters()), draw(interventions(start, days))
    end = start + dt.timedelta(days)
    try:
        scenario = Scenario("Any", start=start, end=end, parameters=given_parameters, interventions=given_levers)
    except InputError:  # a derived parameter out of its bounds
        assume(condition=False)
        raise
    seed = draw(st.one_of(st.integers(0, 3), st.integers(0, LARGEST_SEED)))
    return Case(scenario, draw(st.integers(4, most_worlds)), seed, draw(st.integers(0, 130)))
