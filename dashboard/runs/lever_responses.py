"""How the outcomes respond to levers: their means at some values over each lever's range, computed in the background.

Each value is imposed as the slider would impose it: on the visitor's scenario, on the same days, with the same luck.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from dashboard.runs import session
from dashboard.runs.background_job import BackgroundJob, asked
from dashboard.runs.cache import Progress
from dashboard.state.differences import held_days
from dashboard.state.ranked import RANKED
from dashboard.state.state import Changes, State
from sim.inputs.scenario import Scenario
from sim.runs.runner import run_scenarios
from sim.schema import validation
from sim.schema.assumptions import Assumptions
from sim.schema.decisions import Lever

WORLDS: Final = 64  # per value, or as many as a state has if those are fewer
VALUES: Final = 5  # over the range of a lever that is no yes or no, evenly spaced
BATCH: Final = 3  # levers that are run at once: a thousand columns, which is fast and takes some 50 MB
MOST_KEPT: Final = 500  # curves, of all visitors
_DIGITS: Final = 10  # of a value: 0.1 + 0.2 is 0.3

Key = tuple[str, str, Changes, str, int, int, Assumptions, str]
_KEPT: Final[dict[Key, "Response"]] = {}
_KEEPING: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Response:
    """What one lever does. values: at which it is imposed, 0 and 1 for no and yes; means: over the worlds, by outcome.

    The means of an outcome of RANKED are as many as the values, in its own unit (a share of worlds for "reached").
    """

    values: tuple[float, ...]
    means: Mapping[str, tuple[float, ...]]


class ResponseJob(BackgroundJob):
    """The responses to some levers in a state, of which those that are known are not computed again."""

    name = "responses"

    def __init__(self, state: State, levers: Sequence[Lever]) -> None:
        """Start at once. levers: those that the page shows."""
        self.levers = tuple(levers)
        super().__init__(state)

    def _do(self) -> None:
        left = [lever for lever in self.levers if _key(self.state, lever) not in _KEPT]
        for first in range(0, len(left), BATCH):
            some = left[first : first + BATCH]
            with self._turn():  # one for each batch, so that another visitor's worlds need not wait for all of them
                for lever, found in responses(self.state, some, self._part(first, len(some), len(left))):
                    _keep(_key(self.state, lever), found)

    def _part(self, first: int, some: int, every: int) -> Progress:
        """Return the progress callback of one batch, which reports progress over all of them."""
        return lambda done, total: self._report(first * total + some * done, every * total)


def worlds(state: State) -> int:
    """Return over how many worlds the means are."""
    return min(WORLDS, state.worlds)


def values_of(lever: Lever) -> tuple[float, ...]:
    """Return the values at which a lever is imposed, from the lowest; 0 and 1 for a yes or no."""
    number = 2 if lever.flag else VALUES
    return tuple(round(float(value), _DIGITS) for value in np.linspace(lever.low, lever.high, number))


def scenarios(state: State, lever: Lever) -> list[Scenario]:
    """Return a state's scenario with each of the values of a lever. Raises InputError, as a move of its slider does."""
    days = held_days(state, lever.name)
    given = [validation.format_scalar(bool(value) if lever.flag else value) for value in values_of(lever)]
    return [state.change(lever.name, text + days).scenario() for text in given]


def responses(
    state: State, some: Sequence[Lever], progress: Progress | None = None
) -> Iterator[tuple[Lever, Response]]:
    """Return the response to each of some levers, all values run as columns of one model.

    progress: called with the world-days done and in total. Raises InputError as `run_scenarios` does.
    """
    every = [scenarios(state, lever) for lever in some]
    flat = [one for each in every for one in each]
    runs = run_scenarios(flat, worlds(state), state.seed, assumptions=state.assumptions, progress=progress)
    left = iter(run.outcomes for run in runs)
    for lever, each in zip(some, every, strict=True):
        outcomes = [next(left) for _ in each]
        means = {name: tuple(float(one[name].values.mean()) for one in outcomes) for name in RANKED}
        yield lever, Response(values_of(lever), means)


def known(state: State, levers: Sequence[Lever]) -> dict[str, Response]:
    """Return the responses to levers by name, as far as they have been computed."""
    found = {lever.name: _KEPT.get(_key(state, lever)) for lever in levers}
    return {name: one for name, one in found.items() if one is not None}


def begin(state: State, levers: Sequence[Lever]) -> BackgroundJob:
    """Return the visitor's job for levers in a state, started if there is none; one that failed stays as it is."""
    found = _job(state, levers)
    if found is not None and (found.running or found.error):
        return found
    made = ResponseJob(state, levers)
    session.put_aside(made)
    return made


def failed(state: State, levers: Sequence[Lever]) -> str:
    """Return why the visitor's job for levers in a state has failed, "" if it has not."""
    found = _job(state, levers)
    return found.error if found is not None else ""


def _job(state: State, levers: Sequence[Lever]) -> ResponseJob | None:
    """Return the visitor's job for these levers in this state, None if it is for others, or there is none."""
    found = session.aside()
    if not isinstance(found, ResponseJob) or found.asked != asked(state):
        return None
    return found if found.levers == tuple(levers) else None


def _keep(key: Key, found: Response) -> None:
    """Keep a response; the oldest are dropped if there are too many."""
    with _KEEPING:
        _KEPT[key] = found
        while len(_KEPT) > MOST_KEPT:
            del _KEPT[next(iter(_KEPT))]


def _key(state: State, lever: Lever) -> Key:
    """Return what a response rests on: all of a state but the lever's own value, which the curve is about."""
    others = tuple(change for change in state.changes if change[0] != lever.name)
    days = held_days(state, lever.name)
    return state.base, state.form, others, days, state.seed, worlds(state), state.assumptions, lever.name
