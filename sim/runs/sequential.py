"""Sequential stopping: worlds are added until the interval of a paired effect is narrow enough.

A run that stops as soon as its interval is narrow stops most often when the spread happens to be small, so that
repeated checks make intervals too short. Fixed-width sequential intervals avoid this (Chow & Robbins 1965, "On the
asymptotic theory of fixed-width sequential confidence intervals for the mean"): the width is fixed in advance, a
correction that decreases with the number of worlds is added to the variance, and nothing stops before a minimum
number of worlds. Skewed outcomes need more of them, and their intervals are widened. The coverage of 95 % holds in the
limit of narrow intervals; `tests/verification/test_intervals.py` measures it for common, rare and skewed outcomes.

The rule (`interim_analysis`) needs only moments, so that studies can use it too; `compare_until` runs worlds by it.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import numpy.typing as npt

from sim.engine.random_streams import BLOCK
from sim.errors import InputError, nearest
from sim.inputs.scenario import MOST_WORLDS, Scenario, check_same_days, validate_run
from sim.results.intervals import SHARE_UNIT, Ends, alike, effect_interval, t_quantile
from sim.results.running_moments import Moments
from sim.schema import arguments, validation
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from sim.schema.formatting import number, setting
from sim.schema.outcomes import DAY, NOVEMBER, OUTCOMES, REACHED, november_index
from sim.schema.validation import NUMBER

if TYPE_CHECKING:
    from sim.results.comparison import Effect

Array = npt.NDArray[Any]
Progress = Callable[[int, int], None]
State = Literal["narrow", "more", "beyond"]

SMALLEST: Final = 5 * BLOCK  # worlds before the first interim analysis
WIDEST: Final = 1e9  # largest width that may be requested
AT_MOST: Final = 20_000  # worlds, by default
REACH: Final = 2.2  # of a share that has not changed in any world, in standard errors times the root of n
SKEWED: Final = 4  # worlds per square of the skewness that are needed at least
STRETCH: Final = 0.5  # by how much skewness makes intervals wider that decided when to stop
UNSEEN: Final = 2 * SMALLEST  # worlds needed at least where all change by the same amount, or none does
MEANING: Final = (
    "A fixed-width sequential interval (Chow & Robbins 1965): because worlds are added until it is narrow enough, its "
    "coverage is 95 % in the limit of narrow intervals; here it is at least 94 %."
)
_CONDITION: Final = re.compile(r"\s*interval\s*<\s*(\S+)\s*")
_HOPELESS: Final = 2  # times the budget: if more is needed, stop, because the spread so far cannot be that wrong
_LEAST: Final = 1e-150  # whose square is not 0
_MOST_NEEDED: Final = 1e15  # worlds; more are reported as so many
_SPARE: Final = 1.05  # times the worlds that seem to be needed, so that the next analysis is mostly the last


@dataclass(frozen=True, slots=True)
class StoppingRule:
    """When to stop: once the interval of the effect on an outcome is narrow enough, or the budget is used up.

    on: an outcome that every world has; interval: the full width, in the outcome's unit (a share for reached_*), that
    the 95 % interval of the paired difference must be below; worlds_at_most: worlds of each scenario or point.
    Raises InputError for any invalid value.
    """

    on: str
    interval: float
    worlds_at_most: int = AT_MOST

    def __post_init__(self) -> None:
        """Check every part. Raises InputError."""
        known = [name for name, outcome in OUTCOMES.items() if outcome.kind != "day"]
        validation.check_names("until.on", [self.on], known, "outcomes, except the days of milestones")
        width = validation.with_path(
            "until.interval", validation.number, self.interval, 0, WIDEST, OUTCOMES[self.on].unit
        )
        if width == 0:
            raise InputError("must be above 0", path="until.interval", value=self.interval)
        object.__setattr__(self, "interval", width)
        most = ("until.worlds_at_most", validation.number, self.worlds_at_most, 1, MOST_WORLDS, "worlds")
        object.__setattr__(self, "worlds_at_most", validation.with_path(*most, whole=True))

    @classmethod
    def checked(cls, on: str, interval: float, worlds_at_most: int = AT_MOST) -> "StoppingRule":
        """Return a rule from command-line values; a milestone's name means `reached_*`. Raises InputError."""
        name = effect_name(arguments.text("on", on, "an outcome's name"))
        width = validation.as_python(interval)
        if isinstance(width, bool) or not isinstance(width, int | float) or not 0 < width < math.inf:
            raise InputError("must be a width above 0", path="interval", value=interval)
        most = arguments.whole("worlds_at_most", worlds_at_most, SMALLEST, MOST_WORLDS, "worlds")
        return cls(name, width, most)


@dataclass(frozen=True, slots=True)
class InterimResult:
    """The result of an interim analysis."""

    worlds: int
    width: float  # width of the widest interval, with the correction, in the outcome's unit
    needed: int  # worlds needed, by the spread so far, in whole blocks
    state: State  # narrow: done; more: continue to `goal`; beyond: the budget is smaller than what is needed
    goal: int  # total worlds before the next interim analysis; the worlds so far when done

    def words(self, until: StoppingRule) -> str:
        """Return the result as one or two sentences."""
        text = f"The 95 % interval is {number(self.width)} wide after {self.worlds:,} worlds"
        if self.state == "narrow":
            return f"{text}, below {setting(until.interval)} as requested."
        least = f"at most {until.worlds_at_most:,} are allowed"
        aim = f"A width below {setting(until.interval)} needs about {self.needed:,} by the spread so far"
        return f"{text}. {aim}; {least}."


@dataclass(frozen=True, slots=True)
class SequentialComparison:
    """A comparison that was run until its interval was narrow enough or its budget was too small."""

    a: Scenario
    b: Scenario
    seed: int
    assumptions: Assumptions
    until: StoppingRule
    effect: "Effect"
    looks: tuple[InterimResult, ...]

    @property
    def last(self) -> InterimResult:
        """The last interim analysis."""
        return self.looks[-1]


def parse_condition(words: str) -> float:
    """Return the width in "interval < 0.03". Raises InputError, with an example, for anything else."""
    found = _CONDITION.fullmatch(words)
    if found and NUMBER.fullmatch(found[1]):
        width = float(found[1])
        if math.isfinite(width) and width > 0:
            return width
    raise InputError('must have the form "interval < 0.03", with a width above 0', path="--until", value=words)


def outcome_name(name: str) -> str:
    """Return an outcome's name; a milestone's name alone means `reached_*`. Raises InputError."""
    if name in OUTCOMES:
        return name
    if REACHED + name in OUTCOMES:
        return REACHED + name
    bare = [known.removeprefix(REACHED) for known in OUTCOMES if known.startswith(REACHED)]
    raise InputError("no such outcome", path="--on", value=name, nearest=nearest(name, [*OUTCOMES, *bare]))


def effect_name(name: str) -> str:
    """Like `outcome_name`, for an outcome that every world has. Raises InputError for the day of a milestone."""
    found = outcome_name(name)
    if found.startswith(DAY):
        better = REACHED + found.removeprefix(DAY)
        problem = "has no value in worlds that never reach the milestone, so its mean cannot be compared"
        raise InputError(problem, path="--on", value=name, nearest=better)
    return found


def interim_analysis(until: StoppingRule, difference: Moments) -> InterimResult:
    """Return what to do after the worlds so far.

    difference: the moments of the paired differences, of any shape; the widest interval and the fewest worlds count.
    The interval is the one that is shown afterwards, and never narrower than that of a corrected variance.
    """
    n = int(np.min(difference.n))
    if n < 2:  # noqa: PLR2004  no spread with fewer than two
        width, blocks, needed, least = math.inf, SMALLEST, float(SMALLEST), float(SMALLEST)
    else:
        width, needed = _width_and_need(until, difference, n)
        least = _least(until, difference)
        needed = max(needed, least)
        blocks = max(_whole_blocks(needed), SMALLEST)
    if n >= max(SMALLEST, least) and width < until.interval:
        return InterimResult(n, width, blocks, "narrow", n)
    blocks = max(blocks, n + BLOCK) if n >= SMALLEST else blocks
    if n >= until.worlds_at_most or (n >= SMALLEST and blocks > _HOPELESS * until.worlds_at_most):
        return InterimResult(n, width, blocks, "beyond", n)
    goal = SMALLEST if n < SMALLEST else min(2 * n, max(_whole_blocks(_SPARE * needed), n + BLOCK))
    return InterimResult(n, width, blocks, "more", min(goal, until.worlds_at_most))


def _stretch(until: StoppingRule, difference: Moments) -> Array:
    """Return by how much a mean's interval is widened because it decided when to stop; 1 for a share.

    The spread of skewed values is itself uncertain, and a rule that waits for a narrow interval stops where it is
    small by chance: 1 + STRETCH skewness / sqrt(n), which is 1 for symmetric values and in the limit.
    """
    if OUTCOMES[until.on].kind == "share":
        return np.ones_like(difference.mean)
    return np.asarray(1 + STRETCH * np.abs(difference.skewness) / np.sqrt(np.maximum(difference.n, 1)))


def widened(until: StoppingRule, difference: Moments, ends: Ends) -> Ends:
    """Return the ends of the interval of a mean paired difference after the rule has stopped."""
    low, high = (difference.mean + _stretch(until, difference) * (end - difference.mean) for end in ends)
    return (np.maximum(low, -1.0), np.minimum(high, 1.0)) if OUTCOMES[until.on].unit == SHARE_UNIT else (low, high)


def _final(until: StoppingRule, before: Array, after: Array) -> "Effect":
    """Return the effect on the outcome, with the interval of a run that it stopped."""
    from sim.results.comparison import effect_of  # imports xarray only where scenarios are compared

    one = effect_of(OUTCOMES[until.on], before, after)
    if OUTCOMES[until.on].kind == "share":
        return one
    ends = widened(until, Moments.of(after - before), (np.asarray(one.low), np.asarray(one.high)))
    low, high = (float(end) for end in ends)
    return replace(one, low=low, high=high, significant=one.significant and (low > 0 or high < 0))


def _least(until: StoppingRule, difference: Moments) -> float:
    """Return the number of worlds below which a mean's interval cannot be trusted; 0 for a share, whose always can.

    Where few worlds change, as many as 25 times the square of the skewness are needed for Student's interval (Cochran
    1977, "Sampling Techniques", section 2.15); that of `mean_interval` allows for skewness and needs fewer.
    """
    if OUTCOMES[until.on].kind == "share":
        return 0.0
    skewed = np.minimum(SKEWED * difference.skewness**2, _MOST_NEEDED)
    return float(np.max(np.where(alike(difference), UNSEEN, skewed)))


def _width_and_need(until: StoppingRule, difference: Moments, n: int) -> tuple[float, float]:
    """Return the width of the widest interval of n worlds, and how many worlds the requested width seems to need.

    A share can change by 1 in a world, so REACH^2 / n is added to its variance, as in the paper: where no world has
    changed yet, this gives Tango's interval, close to the rule of three. Other outcomes have no such natural unit.
    Where the interval is wider than that, it is taken to shrink with the root of n.
    """
    outcome, q = OUTCOMES[until.on], float(t_quantile(np.asarray(n)))
    reach = REACH if outcome.kind == "share" else 0.0
    variance = float(np.max(difference.variance))
    low, high = effect_interval(outcome, difference)
    widest = float(np.max((high - low) * _stretch(until, difference)))
    width = 2 * q * math.sqrt((variance + reach**2 / n) / n)
    narrow = until.interval / (2 * q)  # the standard error that is small enough
    spread = variance + math.sqrt(variance**2 + 4 * (reach * narrow) ** 2)
    needed = spread / (2 * max(narrow, _LEAST) ** 2)
    if widest > width > 0:
        needed *= (widest / width) ** 2
    return max(width, widest), min(needed, _MOST_NEEDED)


def compare_until(
    a: Scenario,
    b: Scenario,
    until: StoppingRule,
    seed: int = 0,
    *,
    assumptions: Assumptions = DEFAULT_ASSUMPTIONS,
    progress: Progress | None = None,
) -> SequentialComparison:
    """Run two scenarios over more and more of the same worlds until the interval of the effect is narrow enough.

    Each interim analysis has at most twice the worlds of the previous one. Only one outcome is kept. progress: called
    with the worlds done and the worlds that seem to be needed, at most the budget. Raises InputError for scenarios
    over different days, for an outcome that they do not have, and as `simulate` does.
    """
    check_same_days((a, b))
    arguments.instance("until", until, StoppingRule, "a StoppingRule")
    _, seed = validate_run(until.worlds_at_most, seed)
    arguments.callback("progress", progress)
    if until.on == NOVEMBER and november_index(a.start, a.days) is None:
        raise InputError("the run does not include that day", path="--on", value=until.on)
    pairs: list[tuple[Array, Array]] = []
    looks: list[InterimResult] = []
    done, goal, expected = 0, min(SMALLEST, until.worlds_at_most), SMALLEST
    while not looks or looks[-1].state == "more":
        while done < goal:
            pairs.append(_some(a, b, until.on, (done, goal), seed, assumptions))
            done += len(pairs[-1][0])
            if progress is not None:
                progress(done, max(done, expected))
        before, after = (np.concatenate(side) for side in zip(*pairs, strict=True))
        looks.append(interim_analysis(until, Moments.of(after - before)))
        goal, expected = looks[-1].goal, min(looks[-1].needed, until.worlds_at_most)
    effect = _final(until, before, after)
    return SequentialComparison(a, b, seed, assumptions, until, effect, tuple(looks))


def _some(
    a: Scenario, b: Scenario, name: str, span: tuple[int, int], seed: int, assumptions: Assumptions
) -> tuple[Array, Array]:
    """Return the outcome in the next worlds of both scenarios, float64 (worlds,)."""
    from sim.runs.runner import CHUNK, run_scenarios  # imports Mesa only when something is run

    first, stop = span
    worlds = min(CHUNK, stop - first)
    runs = run_scenarios((a, b), worlds, seed, first=first, assumptions=assumptions)
    before, after = (run.outcomes[name].values for run in runs)
    return before, after


def _whole_blocks(worlds: float) -> int:
    return math.ceil(worlds / BLOCK) * BLOCK
