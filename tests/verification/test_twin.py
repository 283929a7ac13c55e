"""The twin and the engine give the same distributions: stepping many worlds at once as arrays changed nothing.

Every world of the twin is a plain Mesa model with an agent for each front, broker and prisoner, its own code and its
own randomness. Outcomes are compared by two-sample Kolmogorov-Smirnov tests, and whether a milestone is reached at
all by Fisher's exact test. Each of the n tests of a family has the level ALARM / n, so that a family fails by chance
less than once in a thousand (Bonferroni); with ties, Kolmogorov-Smirnov is conservative and fails still less often.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import fisher_exact, ks_2samp

from sim import Scenario, load_scenario, simulate
from sim.schema.series import SERIES
from tests.repeats import repeats
from tests.twin import MAIN, Twin
from tests.twin.worlds import outcomes

pytestmark = pytest.mark.slow

Sample = Mapping[str, npt.NDArray[np.float64]]  # an outcome's value in each world, (worlds,)

ALARM = 0.001  # probability that a family of comparisons fails by chance, at most
ENGINE_WORLDS = 1000
# Worlds of the twin, which take longer by far. Samples of n and m worlds have the power of two of 2nm / (n + m) each:
# 64 and 1,000 that of 120 each; half as many, under another scenario, that of 62 each.
WORLDS = repeats("JIRGA_TWINS", 64)
OTHER_WORLDS = WORLDS // 2
OTHER_SCENARIO = "all-5000-at-once"
TWIN_SEED, ENGINE_SEED = 20_000, 7
DAYS = ("day_talks_open", "day_power_shared")  # days from the start; the length of the run means never
NOVEMBER = "us_troops_november"
OTHERS = tuple(name for name in (*SERIES, NOVEMBER, *DAYS) if name not in MAIN)


@dataclass(frozen=True)
class Comparison:
    """One outcome in two samples."""

    name: str
    p: float
    text: str


def twin_worlds(scenario: str, worlds: int) -> Sample:
    found = outcomes(scenario, list(range(TWIN_SEED, TWIN_SEED + worlds)))
    return {name: tidy(name, values) for name, values in found.items()}


def engine_worlds(scenario: Scenario, worlds: int = ENGINE_WORLDS, seed: int = ENGINE_SEED) -> Sample:
    run = simulate(scenario, worlds=worlds, seed=seed, assumptions="point")
    read = {name: name.replace("blocked_by_", "blocked_days_") for name in (*SERIES, NOVEMBER, *DAYS)}
    found = {name: run.outcomes[given].to_numpy() for name, given in read.items()}
    return {name: tidy(name, np.where(np.isnan(values), scenario.days, values)) for name, values in found.items()}


def tidy(name: str, values: Any) -> npt.NDArray[np.float64]:
    """Round shares to a thousandth and other values to whole numbers, so that equal values tie in both precisions."""
    share = name in SERIES and SERIES[name].unit == "0 to 1"
    return np.round(np.asarray(values, np.float64), 3 if share else 0)


def compared(one: Sample, other: Sample, names: Iterable[str], days: int) -> list[Comparison]:
    """Test every outcome by Kolmogorov-Smirnov, and whether milestones are reached within `days` by Fisher."""
    found = []
    for name in names:
        a, b = one[name], other[name]
        p = float(ks_2samp(a, b).pvalue)
        found.append(Comparison(name, p, f"{name}: p {p:.2g}, {shown(a)} against {shown(b)}"))
        if name in DAYS:
            table = np.array([[(x < days).sum(), (x >= days).sum()] for x in (a, b)])
            p = float(fisher_exact(table)[1])
            found.append(Comparison(f"{name} reached", p, f"{name} reached or never: p {p:.2g}, {table.tolist()}"))
    return found


def shown(sample: npt.NDArray[np.float64]) -> str:
    low, middle, high = np.quantile(sample, [0.05, 0.5, 0.95])
    return f"{middle:.6g} [{low:.6g}, {high:.6g}] in {sample.size} worlds"


def alarms(comparisons: list[Comparison]) -> set[str]:
    """Return the outcomes that differ significantly in a family of this size."""
    return {one.name for one in comparisons if one.p < ALARM / len(comparisons)}


def report(comparisons: list[Comparison]) -> str:
    return "\n".join(["", *(one.text for one in sorted(comparisons, key=lambda one: one.p))])


def test_baseline_agrees_in_eight_main_outcomes_and_all_others() -> None:
    scenario = load_scenario("baseline")
    twin, engine = twin_worlds("baseline", WORLDS), engine_worlds(scenario)
    for family in (MAIN, OTHERS):
        comparisons = compared(twin, engine, family, scenario.days)
        assert not alarms(comparisons), report(comparisons)


def test_another_scenario_agrees() -> None:
    scenario = load_scenario(OTHER_SCENARIO)
    twin, engine = twin_worlds(OTHER_SCENARIO, OTHER_WORLDS), engine_worlds(scenario)
    for family in (MAIN, OTHERS):
        comparisons = compared(twin, engine, family, scenario.days)
        assert not alarms(comparisons), report(comparisons)


def test_a_changed_rule_would_be_noticed() -> None:
    """The comparison has enough power: it detects a change of leverage by 10 % in other worlds of the engine."""
    scenario = load_scenario("baseline")
    leverage = scenario.resolved()["taliban.leverage"]
    changed = engine_worlds(scenario.change({"taliban.leverage": 1.1 * leverage}), WORLDS, ENGINE_SEED + 1)
    comparisons = compared(changed, engine_worlds(scenario), MAIN, scenario.days)
    assert "attacks" in alarms(comparisons), report(comparisons)


def test_the_twin_is_a_plain_mesa_model() -> None:
    """One agent for each front, broker and prisoner; a step is a day; the same seed gives the same world."""
    model, again = Twin("baseline", seed=3), Twin("baseline", seed=3)
    crowd = {kind.__name__: len(agents) for kind, agents in model.agents_by_type.items()}
    assert (crowd["Front"], crowd["Broker"], crowd["Prisoner"]) == (34, 60, 5000)
    assert all(crowd[one] == 1 for one in ("UnitedStates", "SecurityCouncil", "Ghani", "Abdullah", "Taliban"))
    model.run_model()
    again.run_model()
    table = model.datacollector.get_model_vars_dataframe()
    assert model.steps == len(table) == load_scenario("baseline").days
    assert table.equals(again.datacollector.get_model_vars_dataframe())
