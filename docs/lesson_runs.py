"""The runs that the teaching kit's figures come from, and the format of the figures.

Every figure comes from `jirga run` or `jirga compare` with `--worlds 200` and seed 0, so a class that types the
command beside a table gets the same numbers. All runs of one kind are made in a single call, which is fast.
"""

import datetime as dt
from collections.abc import Sequence
from functools import cache
from typing import Final

from docs.tables import table
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario
from sim.results.comparison import Comparison, Effect
from sim.results.results import Results
from sim.runs.runner import run_scenarios
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from sim.schema.formatting import day, decimals, number, setting, share, signed, signed_interval
from sim.schema.outcomes import OUTCOMES

WORLDS: Final = 200
SEED: Final = 0
OTHER_SEED: Final = 1  # different luck, to compare two unpaired runs
BASE: Final = "baseline"

# The runs by name: a scenario that comes with Jirga, with or without settings in the form of `--set`.
SHIPPED: Final = (
    BASE, "aid-cut-in-march", "all-5000-at-once", "home-before-election", "lasting-reduction", "no-review",
    "no-security-council", "offensives-as-2019", "power-shared-in-march", "withdrawal-stopped",
    "withdrawal-tied-to-violence",
)  # fmt: skip
CHANGED: Final = {
    "baseline, autonomy 0": (BASE, "fronts.autonomy=0"),
    "baseline, autonomy 0.6": (BASE, "fronts.autonomy=0.6"),
    "lasting-reduction, autonomy 0": ("lasting-reduction", "fronts.autonomy=0"),
    "lasting-reduction, autonomy 0.6": ("lasting-reduction", "fronts.autonomy=0.6"),
    "counted by government": (BASE, "reading.attacks=government"),
    "counted by taliban": (BASE, "reading.attacks=taliban"),
    "no stalemate": (BASE, "taliban.attend_stalemate=0"),
}
TYPICAL: Final = (BASE, "all-5000-at-once", "no-review", "no-security-council")
UNPAIRED: Final = ("no-review", "withdrawal-tied-to-violence")


@cache
def _runs(assumptions: Assumptions, seed: int) -> dict[str, Results]:
    names = TYPICAL if assumptions == "point" else UNPAIRED if seed == OTHER_SEED else (*SHIPPED, *CHANGED)
    found = run_scenarios([_scenario(name) for name in names], WORLDS, seed, assumptions=assumptions)
    return dict(zip(names, found, strict=True))


def _scenario(name: str) -> Scenario:
    shipped, *lines = CHANGED.get(name, (name,))
    return load_scenario(shipped).with_settings(lines)


def run(name: str, assumptions: Assumptions = DEFAULT_ASSUMPTIONS, seed: int = SEED) -> Results:
    """One run, by its name in SHIPPED or CHANGED. Raises KeyError for any other name."""
    return _runs(assumptions, seed)[name]


def as_modelled(parameter: str) -> str:
    """A parameter's value in the baseline, marked as the model's own."""
    return f"{setting(_scenario(BASE).resolved()[parameter])}, as in the model"


def level(name: str, outcome: str) -> str:
    """The mean of an outcome over the worlds of a run, as text."""
    return value(float(run(name).outcomes[outcome].mean()), outcome)


def effect(name: str, outcome: str, assumptions: Assumptions = DEFAULT_ASSUMPTIONS) -> Effect:
    """The paired effect of a run on an outcome, compared with the baseline."""
    return Comparison(run(BASE, assumptions), run(name, assumptions)).table([outcome])[0]


def changes(names: Sequence[str], outcomes: Sequence[str]) -> str:
    """A table of outcomes in the baseline, and of the change under each scenario."""
    rows = []
    for outcome in outcomes:
        found = [effect(name, outcome) for name in names]
        rows.append((label(outcome), value(found[0].a_mean, outcome), *(change(one) for one in found)))
    return table((f"outcome, mean of {WORLDS} worlds", "baseline", *(title(name) for name in names)), rows)


def change(found: Effect) -> str:
    """A mean with its change from the baseline and the interval of the change."""
    if not found.effect and found.same == 1:
        return f"{value(found.b_mean, found.outcome)}, no change"
    mark = "" if found.significant else ", not significant"
    return f"{value(found.b_mean, found.outcome)}: {interval_of(found)}{mark}"


def interval_of(found: Effect) -> str:
    """An effect with its 95 % interval; a change of a share in percentage points."""
    shared = _shared(found.outcome)
    middle, low, high = (100 * x if shared else x for x in (found.effect, found.low, found.high))
    places = 1 if shared else decimals(middle, low, high)
    return f"{signed(middle, places)}{' points' * shared} ({signed_interval(low, high, places)})"


def interval_words(middle: float, low: float, high: float) -> str:
    """A change with the ends of its interval."""
    places = decimals(middle, low, high)
    return f"{signed(middle, places)} ({signed_interval(low, high, places)})"


def _shared(outcome: str) -> bool:
    return OUTCOMES[outcome].kind == "share"


def value(mean: float, outcome: str) -> str:
    """A mean as the terminal prints it."""
    return share(mean) if _shared(outcome) else number(mean)


def label(outcome: str) -> str:
    """An outcome's name as the terminal prints it."""
    words = OUTCOMES[outcome].label
    for part in (", total", ", at the end", ", days", ": reached"):
        words = words.removesuffix(part)
    return words.replace("Talks blocked: ", "Days blocked: ")


def title(name: str) -> str:
    """A scenario's title."""
    return load_scenario(name).title


def day_words(date: dt.date) -> str:
    """A date without its year: 7 Sep."""
    return day(date, year=False)
