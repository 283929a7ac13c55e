"""A run of a scenario whose numbers are derived from another set of facts; with the text's own, it is `simulate`."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from sim.analysis.fact_sets.fact_set import TEXT, FactSet
from sim.engine.random_streams import RandomStreams
from sim.inputs.scenario import Scenario, validate_run
from sim.inputs.scenario_reader import load_scenario
from sim.results.results import Results
from sim.runs.parameter_sampling import check_readable, draw_parameters, sampled_parameters
from sim.runs.runner import run_draws, simulate
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS, Assumptions

TRIED: Final = 4096  # draws from the ranges with which a set of facts must go together

Progress = Callable[[int, int], None]


def run_with_facts(
    scenario: Scenario,
    facts: FactSet = TEXT,
    worlds: int = 1000,
    seed: int = 0,
    *,
    assumptions: Assumptions = DEFAULT_ASSUMPTIONS,
    progress: Progress | None = None,
) -> Results:
    """Run worlds of a scenario with the numbers that follow from a set of facts, each with the luck of `simulate`.

    Raises InputError as `simulate` does, and if the facts lead to a number out of its bounds.
    """
    scenario = facts.scenario(scenario)
    if not facts.values:
        return simulate(scenario, worlds, seed, assumptions=assumptions, progress=progress)
    check_readable(assumptions)
    worlds, seed = validate_run(worlds, seed)
    drawn = sampled_parameters(assumptions, scenario.parameters, seed, worlds)
    drawn |= facts.derived(drawn, scenario, worlds)
    columns = {name: np.asarray(values) for name, values in drawn.items()}
    batch = replace(run_draws(scenario, columns, 1, seed), number=1, worlds=worlds)
    if progress is not None:
        progress(worlds * scenario.days, worlds * scenario.days)
    return batch.results(0, scenario, seed, assumptions, columns)


def check_with_ranges(facts: FactSet) -> None:
    """Raise InputError if the facts lead to a number out of its bounds somewhere in the ranges; nothing is run."""
    if facts.values:
        drawn = draw_parameters(RandomStreams(0, TRIED), ())
        facts.derived(drawn, facts.scenario(load_scenario("baseline")), TRIED)
