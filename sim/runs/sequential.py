"""Sequential stopping: worlds are added until the interval of a paired effect is narrow enough.

A run that stops as soon as its interval is narrow stops most often when the spread happens to be small, so that
repeated checks make intervals too short. Fixed-width sequential intervals avoid this (Chow & Robbins 1965, "On the
asymptotic theory of fixed-width sequential confidence intervals for the mean"): the width is fixed in advance, a
correction that decreases with the number of worlds is added to the variance, and nothing stops before a minimum
number of worlds. Their coverage of 95 % holds in the limit of narrow intervals; the correction and few interim
analyses keep it close to that here.

The rule (`interim_analysis`) needs only moments, so that studies can use it too; `compare_until` runs worlds by it.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import numpy.typing as npt

from sim.engine.random_streams import BLOCK
from sim.errors import InputError, nearest
from sim.inputs.scenario import MOST_WORLDS, Scenario, check_same_days, validate_run
from sim.results.running_moments import Moments, t_quantile
from sim.runs.parameter_sampling import Assumptions
from sim.schema import arguments, validation
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
MEANING: Final = (
    "A fixed-width sequential interval (Chow & Robbins 1965): because worlds are added until it is narrow enough, its "
    "coverage is 95 % in the limit of narrow intervals, and close to 95 % here."
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
    assumptions: str
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
    A share can change by 1 in a world, so 1 / n is added to its variance, as in the paper: where no world has changed
    yet, this gives the interval of the rule of three. Other outcomes have no such natural unit, so nothing is added.
    """
    n = int(np.min(difference.n))
    if n < 2:  # noqa: PLR2004  no spread with fewer than two
        width, blocks, needed = math.inf, SMALLEST, float(SMALLEST)
    else:
        reach = 1.0 if OUTCOMES[until.on].kind == "share" else 0.0
        variance, q = float(np.max(difference.variance)), float(t_quantile(np.asarray(n)))
        width = 2 * q * math.sqrt((variance + reach**2 / n) / n)
        narrow = until.interval / (2 * q)  # the standard error that is small enough
        spread = variance + math.sqrt(variance**2 + 4 * (reach * narrow) ** 2)
        needed = min(spread / (2 * max(narrow, _LEAST) ** 2), _MOST_NEEDED)
        blocks = max(_whole_blocks(needed), SMALLEST)
    if n >= SMALLEST and width < until.interval:
        return InterimResult(n, width, blocks, "narrow", n)
    blocks = max(blocks, n + BLOCK) if n >= SMALLEST else blocks
    if n >= until.worlds_at_most or (n >= SMALLEST and blocks > _HOPELESS * until.worlds_at_most):
        return InterimResult(n, width, blocks, "beyond", n)
    goal = SMALLEST if n < SMALLEST else min(2 * n, max(_whole_blocks(_SPARE * needed), n + BLOCK))
    return InterimResult(n, width, blocks, "more", min(goal, until.worlds_at_most))


def compare_until(
    a: Scenario,
    b: Scenario,
    until: StoppingRule,
    seed: int = 0,
    *,
    assumptions: Assumptions = "point",
    progress: Progress | None = None,
) -> SequentialComparison:
    """Run two scenarios over more and more of the same worlds until the interval of the effect is narrow enough.

    Each interim analysis has at most twice the worlds of the previous one. Only one outcome is kept. progress: called
    with the worlds done and the worlds that seem to be needed, at most the budget. Raises InputError for scenarios
    over different days, for an outcome that they do not have, and as `simulate` does.
    """
    from sim.results.comparison import effect_of  # imports xarray only where scenarios are compared

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
    effect = effect_of(OUTCOMES[until.on], before, after)
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
