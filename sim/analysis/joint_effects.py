"""compare_joint(): the effects of two scenarios alone, of both together, and whether they add up.

The four runs are over the same worlds with the same luck. In each world the interaction is both - a - b + base: what
both together do beyond the sum of what each does alone. That is additivity on the scale of differences, of shares or of
means (Rothman, Greenland & Walker 1980, "Concepts of interaction"). A share ends at 0 and at 1, so two large effects
cannot add up in full; `JointEffect.past_end` says so.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from sim.analysis.joint_scenario import together
from sim.inputs.scenario import Scenario
from sim.results.comparison import Comparison, Effect, effect_of
from sim.results.intervals import effect_test, interaction_interval, significant
from sim.results.results import Results
from sim.results.running_moments import Moments
from sim.runs.runner import Progress, run_scenarios
from sim.schema import arguments
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from sim.schema.outcomes import OUTCOMES, Outcome

Array = npt.NDArray[Any]
Verdict = Literal["additive", "less", "more", "otherwise", "open"]

MARGIN: Final = 0.05  # of all worlds, or of the base's mean: an interaction surely smaller than this counts as none


@dataclass(frozen=True, slots=True)
class JointEffect:
    """The effects on one outcome, in its unit (a share for kind "share"), each compared with the base."""

    outcome: str
    label: str
    unit: str
    base: float  # mean over the worlds
    a: Effect
    b: Effect
    both: Effect
    sum: float  # of the effects of a and b alone
    sum_low: float  # 95 % interval, see `interaction_interval`; NaN for a single world
    sum_high: float
    interaction: float  # mean of both - a - b + base: the effect of both, minus the sum
    low: float  # 95 % interval; NaN for a single world
    high: float
    significant: bool  # whether the interval excludes 0; where all worlds agree on a mean, by the exact sign test
    verdict: Verdict

    @property
    def past_end(self) -> float | None:
        """The share that the base and the sum would come to, if that is below 0 or above 1; else None."""
        whole = self.base + self.sum
        share = OUTCOMES[self.outcome].kind == "share"
        return whole if share and not 0 <= round(whole, 9) <= 1 else None


class JointComparison:
    """Four runs over the same worlds: the base, two scenarios, and both together.

    Raises InputError when the runs differ in days, and ValueError when they differ in seed, worlds or assumptions.
    """

    def __init__(self, base: Results, a: Results, b: Results, both: Results) -> None:
        """Pair the runs."""
        self.base, self.a, self.b, self.both = base, a, b, both
        self.pairs = tuple(Comparison(base, one) for one in (a, b, both))

    @property
    def names(self) -> tuple[str, ...]:
        """The outcomes that all runs have: all but the days of milestones."""
        return tuple(name for name in self.pairs[0].names if all(name in pair.names for pair in self.pairs))

    def table(self, on: Sequence[str] | None = None) -> list[JointEffect]:
        """Return one row per outcome, in their order, or for those in `on`.

        Raises InputError for a name that is not in `names`.
        """
        wanted = self.names if on is None else arguments.items("on", on, "names")
        return [self._row(arguments.known("on", name, self.names, "no such outcome")) for name in wanted]

    def _row(self, name: str) -> JointEffect:
        outcome = OUTCOMES[name]
        values = [one.outcomes[name].values.astype(np.float64) for one in (self.base, self.a, self.b, self.both)]
        return joint_effect(outcome, *values)


def joint_effect(outcome: Outcome, base: Array, a: Array, b: Array, both: Array) -> JointEffect:
    """Return the joint effect from the values of one outcome, float64 (worlds,), in four runs of the same worlds."""
    added, interaction = a + b - 2 * base, both - a - b + base
    moments = Moments.of(interaction)
    effects = [effect_of(outcome, base, one) for one in (a, b, both)]
    mean, total = float(interaction.mean()), float(added.mean())
    low, high = interaction_interval(outcome, interaction)
    sum_low, sum_high = interaction_interval(outcome, added)
    sure = low > 0 or high < 0
    if outcome.kind != "share":
        sure = bool(significant(effect_test(outcome, moments)))
    limit = MARGIN if outcome.kind == "share" else MARGIN * abs(float(base.mean()))
    return JointEffect(
        outcome=outcome.name,
        label=outcome.label,
        unit=outcome.unit,
        base=float(base.mean()),
        a=effects[0],
        b=effects[1],
        both=effects[2],
        sum=total,
        sum_low=sum_low,
        sum_high=sum_high,
        interaction=mean,
        low=low,
        high=high,
        significant=sure,
        verdict=_verdict(total, effects[2].effect, (low, high), limit, sure=sure),
    )


def _verdict(added: float, both: float, ends: tuple[float, float], limit: float, *, sure: bool) -> Verdict:
    """Return whether effects add up.

    additive: the whole interval is within the limit; less, more: significantly, both together do less or more than the
    sum; otherwise: significantly, and in the other direction than the sum; open: the interval contains 0 and more than
    the limit.
    """
    if all(math.isfinite(end) and abs(end) <= limit for end in ends):
        return "additive"
    if not sure:
        return "open"
    if added * both < 0:
        return "otherwise"
    return "less" if abs(both) < abs(added) else "more"


def compare_joint(
    base: Scenario,
    a: Scenario,
    b: Scenario,
    worlds: int = 1000,
    seed: int = 0,
    *,
    assumptions: Assumptions = DEFAULT_ASSUMPTIONS,
    progress: Progress | None = None,
) -> JointComparison:
    """Run a base, two scenarios and both together over the same worlds, and return their joint effects.

    worlds, seed, assumptions: as in `simulate`; progress: called with the world-days done and in all. Raises InputError
    for scenarios over different days or that exclude each other (`joint_scenario.together`), before anything runs, and
    as `simulate` does.
    """
    for name, one in (("base", base), ("a", a), ("b", b)):
        arguments.instance(name, one, Scenario, "a Scenario: sim.load_scenario(...) returns one")
    runs = (base, a, b, together(base, a, b))
    return JointComparison(*run_scenarios(runs, worlds, seed, assumptions=assumptions, progress=progress))
