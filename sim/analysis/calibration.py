"""calibrate(): draw parameters from their ranges, and keep the sets with which the facts of the text hold.

Approximate Bayesian computation by rejection (Tavare et al. 1997; Pritchard et al. 1999): the ranges are a uniform
prior, the facts of the text are the data, and their tolerances, with reasons in `fact_checks`, say how near is near
enough. No regression adjustment is made, since it extrapolates beyond what was run.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt

from sim.analysis.fact_checks import REFERENCE, check_run
from sim.analysis.fact_run import check_with_ranges
from sim.analysis.fact_sets.fact_set import TEXT, FactSet
from sim.analysis.fact_window import fact_value
from sim.analysis.processes import Progress, in_order
from sim.engine.random_streams import BLOCK, RandomStreams
from sim.errors import InputError
from sim.inputs.posterior import Floats, Posterior, Provenance, rules_hash
from sim.inputs.scenario import Scenario, validate_run
from sim.inputs.scenario_reader import load_scenario
from sim.runs.parameter_sampling import draw_parameters
from sim.runs.runner import run_draws
from sim.schema import arguments

KEPT: Final = 1000  # sets
WORLDS: Final = 16  # in which each draw is tried
TRIED: Final = 40_000  # draws, at most
HOPELESS: Final = 4096  # draws without any that is kept, after which the search ends
CHUNK: Final = 2 * BLOCK  # draws that are run at once

Flags = npt.NDArray[np.bool_]
Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tried:
    """A chunk of draws that were tried.

    values: (names, draws); met: whether each met each check, by name, (draws,); measured: the median or share that each
    check took from each draw's worlds, (draws,); bounds: within which it has to lie.
    """

    names: tuple[str, ...]
    values: Floats
    met: dict[str, Flags]
    measured: dict[str, Array]
    bounds: dict[str, tuple[float, float]]

    @property
    def kept(self) -> Flags:
        """Whether each draw met every check, (draws,)."""
        return np.logical_and.reduce(list(self.met.values()))


def calibrate(
    kept: int = KEPT,
    worlds: int = WORLDS,
    seed: int = 0,
    *,
    facts: FactSet = TEXT,
    processes: int = 1,
    progress: Progress | None = None,
) -> Posterior:
    """Return the first `kept` sets of parameters, drawn from their ranges, with which every fact of the text holds.

    worlds: how many each draw is tried in; facts: other facts than the text's; processes: how many run at once, without
    effect on the result. progress: called with the sets kept and wanted. Raises InputError for arguments out of bounds,
    for facts that contradict the ranges, if none of the first 4,096 draws meets the facts, and if too few of the first
    40,000 do.
    """
    wanted = arguments.whole("kept", kept, 1, TRIED)
    worlds, seed = validate_run(worlds, seed)
    processes = arguments.whole("processes", processes, 1, 1000)
    arguments.callback("progress", progress)
    arguments.instance("facts", facts, FactSet, "a set of facts")
    check_with_ranges(facts)
    found: list[Tried] = []
    have = 0
    for tried in tried_in_order(worlds, seed, processes, facts=facts):
        found.append(tried)
        have += int(tried.kept.sum())
        if progress is not None:
            progress(min(have, wanted), wanted)
        if have >= wanted:
            break
        if not have and len(found) * CHUNK >= HOPELESS:
            raise InputError(f"none of {HOPELESS:,} draws meets these facts: {_rarest(found)}", path=facts.name)
    else:
        raise InputError(f"only {have} of {TRIED:,} draws meet the facts", path="kept", value=wanted)
    return _posterior(found, wanted, worlds, seed, facts)


def _rarest(found: list[Tried]) -> str:
    """Return which check the fewest draws meet, in words."""
    met = {claim: sum(int(one.met[claim].sum()) for one in found) for claim in found[0].met}
    claim = min(met, key=lambda name: met[name])
    return f"{met[claim]:,} meet {claim}"


def tried_in_order(
    worlds: int, seed: int, processes: int, draws: int = TRIED, facts: FactSet = TEXT
) -> Iterator[Tried]:
    """Return chunks of draws that were tried, in order, until there are at least so many draws."""
    return in_order(partial(try_draws, worlds, seed, facts=facts), range(0, draws, CHUNK), processes)


def try_draws(worlds: int, seed: int, first: int, facts: FactSet = TEXT) -> Tried:
    """Try one chunk of draws, from draw `first` on, in the window of each reference scenario."""
    drawn = draw_parameters(RandomStreams(seed, CHUNK, first), ())
    met: dict[str, Flags] = {}
    measured: dict[str, Array] = {}
    bounds: dict[str, tuple[float, float]] = {}
    for scenario in map(facts.scenario, map(window_of, REFERENCE)):
        batch = run_draws(scenario, {**drawn, **facts.derived(drawn, scenario, CHUNK)}, worlds, seed, first)
        for draw in range(CHUNK):
            for one in check_run(batch.results(draw, scenario, seed, "point"), facts):
                claim = f"{scenario.name}: {one.check.claim}"
                met.setdefault(claim, np.zeros(CHUNK, bool))[draw] = one.holds
                measured.setdefault(claim, np.full(CHUNK, np.nan))[draw] = one.value
                bounds[claim] = one.bounds
    return Tried(tuple(drawn), np.stack(list(drawn.values())), met, measured, bounds)


def window_of(name: str) -> Scenario:
    """Return a reference scenario, cut to the days of the text's window."""
    scenario = load_scenario(name)
    return scenario.with_dates(end=min(scenario.end, scenario.start + dt.timedelta(days=fact_value("window_days"))))


def _posterior(found: list[Tried], wanted: int, worlds: int, seed: int, facts: FactSet) -> Posterior:
    """Return the first sets that met every check, with how they were found."""
    values = np.concatenate([one.values[:, one.kept] for one in found], axis=1)[:, :wanted]
    met = {claim: int(sum(one.met[claim].sum() for one in found)) for claim in found[0].met}
    made = Provenance(rules_hash(), facts.name, seed, CHUNK * len(found), worlds, met)
    return Posterior(made, found[0].names, np.ascontiguousarray(values))
