"""why_amount(): what an amount rests on, such as attacks: by how much it changes without each factor alone.

The same worlds are run again, with the same luck, without one factor after the other. Unlike the tests of an event
these changes do not add up: two factors that work together are each counted in full.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sim.analysis.causes.factor import Factor, without_factors
from sim.analysis.causes.factor_list import chosen_factors, factors_of
from sim.errors import InputError
from sim.inputs.scenario import MOST_WORLDS, Scenario, check_scenario, validate_run
from sim.results.comparison import Effect, effect_of
from sim.results.results import Results
from sim.runs.parameter_sampling import check_readable
from sim.runs.runner import run_scenarios
from sim.schema import arguments
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from sim.schema.outcomes import OUTCOMES

Progress = Callable[[int, int], None]

WORLDS = 48  # if not given
KINDS = ("total", "level", "days")


@dataclass(frozen=True, slots=True)
class Part:
    """By how much an outcome changes without one factor alone, with its interval over the worlds."""

    factor: Factor
    change: Effect


@dataclass(frozen=True)
class Amount:
    """What an amount rests on. mean: over the worlds, in the unit; parts: the largest significant change first."""

    scenario: Scenario
    outcome: str
    label: str
    unit: str
    world: int | None
    worlds: int
    seed: int
    assumptions: str
    mean: float
    parts: tuple[Part, ...]


def why_amount(
    scenario: Scenario,
    outcome: str = "attacks",
    *,
    world: int | None = None,
    factors: Iterable[str] | None = None,
    worlds: int = WORLDS,
    seed: int = 0,
    assumptions: Assumptions = DEFAULT_ASSUMPTIONS,
    progress: Progress | None = None,
) -> Amount:
    """Return by how much an amount changes without each factor, in one world or on average over several.

    outcome: a total, a level at the end, or a number of days; world: this world alone; factors: as in `why`. progress:
    called with the world-days done and in all. Raises InputError for an unknown outcome or factor, an outcome that the
    run does not have, and for a world, worlds or a seed out of bounds.
    """
    check_scenario(scenario)
    known = [name for name, one in OUTCOMES.items() if one.kind in KINDS]
    arguments.known("outcome", outcome, known, "no such amount")
    check_readable(assumptions)
    if world is not None:
        world = arguments.whole("world", world, 0, MOST_WORLDS - 1)
    worlds, seed = validate_run(worlds, seed)
    count = 1 if world is not None else worlds
    arguments.callback("progress", progress)
    chosen = chosen_factors(factors_of(scenario), factors)
    runs = run_scenarios(
        [scenario, *(without_factors(scenario, [one]) for one in chosen)], count, seed,
        first=world or 0, assumptions=assumptions, progress=progress,
    )  # fmt: skip
    if outcome not in runs[0].outcomes:
        raise InputError("the run does not include the day of this outcome", path="outcome", value=outcome)
    parts = [Part(one, _change(outcome, runs[0], run)) for one, run in zip(chosen, runs[1:], strict=True)]
    single = world is not None
    parts.sort(key=lambda part: (not (single or part.change.significant), -abs(part.change.effect)))
    record = OUTCOMES[outcome]
    mean = float(runs[0].outcomes[outcome].values.mean())
    return Amount(
        scenario, outcome, record.label, record.unit, world, count, seed, assumptions, mean, tuple(parts)
    )  # fmt: skip


def _change(outcome: str, run: Results, without_it: Results) -> Effect:
    """Return the change of the outcome without a factor, over the same worlds."""
    return effect_of(OUTCOMES[outcome], run.outcomes[outcome].values, without_it.outcomes[outcome].values)
