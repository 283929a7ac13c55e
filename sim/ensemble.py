"""simulate(): many worlds of one scenario in one call."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np

from sim.dice import BLOCK, Dice, Floats
from sim.errors import InputError, nearest
from sim.milestones import MILESTONES
from sim.model import PeaceProcess
from sim.parameters import ParameterSet, catalogue
from sim.results import Results
from sim.scenario import Scenario, validate_run
from sim.series import SERIES

Assumptions = Literal["point", "ranges"]
Progress = Callable[[int, int], None]

ABREAST = 16 * BLOCK  # worlds stepped at once: wide enough for NumPy, narrow enough for the processor's cache


def simulate(
    scenario: Scenario,
    worlds: int = 1000,
    seed: int = 0,
    *,
    assumptions: Assumptions = "point",
    first: int = 0,
    progress: Progress | None = None,
) -> Results:
    """Run worlds `first` to `first + worlds - 1` of a seed under a scenario.

    assumptions: "point" takes every parameter at its value; with "ranges" world k draws its own value of
    every uncertain parameter from its range, the same under every scenario. progress: called with the
    world-days done and to do. Raises InputError for worlds, seed or assumptions out of bounds.
    """
    validate_run(worlds, seed)
    check_assumptions(assumptions)
    days = scenario.days
    daily = {name: np.empty((worlds, days), np.float32) for name in SERIES}
    day = {name: np.empty(worlds, np.int16) for name in MILESTONES}
    reason = {name: np.empty(worlds, np.int8) for name in MILESTONES}
    for start in range(0, worlds, ABREAST):
        width = min(ABREAST, worlds - start)
        model = model_of(scenario, width, seed, first + start, assumptions)
        _run(model, progress, start * days, worlds * days)
        here = slice(start, start + width)
        for name in SERIES:
            daily[name][here] = model.record.daily[name].T
        for name in MILESTONES:
            day[name][here] = model.record.milestones.day[name]
            reason[name][here] = model.record.milestones.reason[name]
    return Results(scenario, seed, worlds, first, assumptions, daily, day, reason)


def model_of(scenario: Scenario, worlds: int, seed: int, first: int, assumptions: Assumptions) -> PeaceProcess:
    """The model of some worlds, with each world's own parameters where they are drawn."""
    parameters = scenario.resolved()
    if assumptions == "ranges":
        drawn = draw_parameters(Dice(seed, worlds, first), scenario.parameters)
        parameters = ParameterSet.resolve({**drawn, **scenario.parameters})
    return PeaceProcess(scenario, worlds, seed, first, parameters=parameters, collect=False)


def _run(model: PeaceProcess, progress: Progress | None, done: int, total: int) -> None:
    """Live all days of the model, telling of progress after each."""
    for _ in range(model.calendar.days):
        model.step()
        done += model.worlds
        if progress is not None:
            progress(done, total)
    model.finish()


def draw_parameters(dice: Dice, fixed: Mapping[str, Any]) -> dict[str, Floats]:
    """A value of every uncertain parameter in each world, uniform over its range, (worlds,).

    Each parameter draws from its own stream, so that fixing one changes no other. fixed: names not drawn.
    """
    drawn = {}
    for name, record in catalogue().items():
        if not record.uncertain or record.range is None or name in fixed:
            continue
        low, high = record.range
        if high > low:
            drawn[name] = np.float32(low) + np.float32(high - low) * dice.once(f"parameter.{name}")[0]
    return drawn


def check_assumptions(assumptions: str) -> None:
    """Raises InputError unless the word is "point" or "ranges"."""
    known = ("point", "ranges")
    if assumptions not in known:
        raise InputError(
            "must be point or ranges", path="assumptions", value=assumptions, nearest=nearest(assumptions, known)
        )
