"""Measure what each lever does in the baseline, for the order of the levers on Explore: `python -m docs.lever_effects`.

It writes dashboard/state/lever_effects.json. Run it after each change of the rules.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from dashboard.runs import lever_responses
from dashboard.state.lever_effects import FILE, LeverEffect, LeverEffects, saved, write_effects
from dashboard.state.ranked import RANKED
from dashboard.state.state import State
from sim.cli import screen
from sim.files import atomic_io
from sim.results.results import Results
from sim.runs.runner import run_scenarios
from sim.schema.decisions import levers
from sim.study.model_hash import model_hash

WORLDS: Final = 256  # per value of a lever
SEED: Final = 0
FIGURES: Final = 6  # significant figures of each number


def measured(names: Iterable[str], worlds: int = WORLDS) -> dict[str, dict[str, LeverEffect]]:
    """Return what some levers do in the baseline, by lever and outcome. worlds: per value of a lever."""
    state, found = State(worlds=worlds, seed=SEED), {}
    for name in names:
        with screen.progress(name) as report:
            runs = run_scenarios(
                lever_responses.scenarios(state, levers()[name]), worlds, SEED, assumptions=state.assumptions,
                progress=report,
            )  # fmt: skip
        found[name] = {outcome: _effect(runs, outcome) for outcome in RANKED}
    return found


def means(worlds: int = WORLDS) -> dict[str, float]:
    """Return the means of the baseline itself, by outcome."""
    state = State(worlds=worlds, seed=SEED)
    [run] = run_scenarios([state.scenario()], worlds, SEED, assumptions=state.assumptions)
    return {outcome: _rounded(float(run.outcomes[outcome].values.mean())) for outcome in RANKED}


def _effect(runs: Sequence[Results], outcome: str) -> LeverEffect:
    """Return the difference between the largest and the smallest mean of some runs, with its standard error."""
    values = [run.outcomes[outcome].values for run in runs]
    middle = [one.mean() for one in values]
    difference = values[int(np.argmax(middle))] - values[int(np.argmin(middle))]
    error = difference.std(ddof=1) / np.sqrt(len(difference))
    return LeverEffect(_rounded(float(difference.mean())), _rounded(float(error)))


def _rounded(value: float) -> float:
    return float(f"{value:.{FIGURES}g}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every lever, save the table, and print which levers are folded away. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m docs.lever_effects", description="Measure what each lever does.")
    parser.parse_args(arguments)
    table = LeverEffects(model_hash(), WORLDS, SEED, means(), measured(levers()))
    atomic_io.put(FILE, write_effects(table).encode())
    saved.cache_clear()
    for outcome in RANKED:
        shown, folded = saved().ordered(levers(), outcome)
        print(f"{outcome}: {len(shown)} shown; folded away: {', '.join(folded) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
