"""Checks of a run against the facts of the text, which the model has to meet before what-if runs are worth a look.

Each `Check` takes one number from every world and requires that the median of the worlds, or a share of the worlds,
lies within bounds. Figures come from the facts; the tolerances are set in this module. Facts that a scenario imposes
are checked too, in runs that impose them: they show whether the lever had its effect.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from sim.analysis.fact_sets.fact_set import TEXT, FactSet
from sim.analysis.fact_window import DAY, Window, fact_value
from sim.inputs.facts import facts
from sim.inputs.scenario_reader import load_scenario
from sim.results.milestone_summary import BAND
from sim.results.results import Results
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from sim.schema.formatting import number, share

Array = npt.NDArray[Any]
Bounds = tuple[float, float]
Measure = Callable[[Window], Array]
BoundsOf = Callable[[Window], Bounds]
Applies = Callable[[Window], bool]
Progress = Callable[[int, int], None]

REFERENCE = ("baseline", "free-run", "same-window-2019")  # the scenarios that the facts are checked on

# Tolerances. "More than" a round figure is read as that figure and up to a tenth more (a reporter who
# has 5,000 does not write "more than 4,500", hence a little less than a tenth there); "about" as 5 % either way.
ABOVE_ATTACKS = 4900 / 4500
ABOVE_KILLED = 990 / 900
ABOUT = 0.05
CLEARLY_BELOW = 0.65  # "significantly" fewer: about a third fewer or less
NEARLY_ALL = 0.95  # of worlds, for what the text states as certain but a rare random draw may break
HARDLY_ANY = 0.05
MOST = 0.8  # of worlds, for what the text describes as a state of affairs
HALF = 0.5  # "more than half" of worlds, for an intention and for what has to happen without being imposed


@dataclass(frozen=True, slots=True)
class Check:
    """One fact of the text and how it is measured in a run.

    kind "median": the median of `measure` over the worlds has to lie within bounds; "share": the share of worlds
    in which `measure` is 1 has to lie within bounds; NaN marks a world that the question does not apply to, which is
    not counted.
    """

    fact: str  # a name in sim.inputs.facts
    sentence: str
    claim: str  # in our own words
    unit: str
    kind: Literal["median", "share"]
    measure: Measure  # (worlds,)
    bounds: BoundsOf  # low and high, both included unless `more_than`
    applies: Applies  # whether a run is checked: by its days, its agreement and what it imposes
    more_than: bool = False  # whether the lower bound itself is outside


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a check on a run."""

    check: Check
    scenario: str  # name of what was run
    target: str  # the bounds as text
    bounds: Bounds  # low and high
    value: float  # median, or share of worlds; NaN for a share when the question applies to no world
    low: float | None  # 5 and 95 % quantiles of the worlds, for a median
    high: float | None
    share: float | None  # the same as value, for a share
    holds: bool


def attacks_counted(w: Window) -> float:
    """Return attacks in the window of 2020 by the chosen reading: the text's, the government's or the Taliban's count.

    The two other counts cover 50 days and are scaled to the window.
    """
    reading = w.values["reading.attacks"]
    if reading == "text":
        return float(w.facts.value("attacks_2020"))
    return float(
        fact_value(f"attacks_2020_{reading}") / fact_value("attacks_2020_government_days") * fact_value("window_days")
    )


def _within(w: Window, fact: str, value: float, low: float, high: float) -> Bounds:
    """Return the bounds of a count: multiples of its value, of the text's facts or of those that replace them."""
    low, high = w.facts.factors(fact, (low, high))
    return value * low, value * high


def _attacks_2020(w: Window) -> Bounds:
    return _within(w, "attacks_2020", attacks_counted(w), 1, ABOVE_ATTACKS)


def _attacks_2019(w: Window) -> Bounds:
    value = attacks_counted(w) / (1 + w.facts.value("attacks_rise"))
    return _within(w, "attacks_rise", value, 1 - ABOUT, 1 + ABOUT)


def _fallen_2020(w: Window) -> Bounds:
    name = "security_forces_killed_2020"
    return _within(w, name, w.facts.value(name), 1, ABOVE_KILLED)


def _about_fact(name: str) -> BoundsOf:
    return lambda w: _within(w, name, w.facts.value(name), 1 - ABOUT, 1 + ABOUT)


def _clearly_below(name: str) -> BoundsOf:
    return lambda w: (0, CLEARLY_BELOW * w.facts.value(name))


def _share_between(low: float, high: float = 1.0) -> BoundsOf:
    return lambda _: (low, high)


def _total(series: str) -> Measure:
    return lambda w: w.total(series)


def _rejected(w: Window) -> Array:
    """Whether an offer made before the last day of the window was rejected within it; NaN without such an offer."""
    return np.where(w.by("decree", w.last - DAY), w.by("rejection", w.last), np.nan)


def _decreed(w: Window) -> Array:
    """Whether the decree comes on its day and nobody is released before the day that it names."""
    eve = fact_value("decree_releases_begin") - DAY
    return np.asarray(w.on_exactly("decree", fact_value("decree_signed")) & (w.on("prisoners_released", eve) == 0))


def _withdrawal_begins(w: Window) -> Array:
    """Whether troops first fall on that day: fewer than on the day before, and as many until then as on the first."""
    day = fact_value("withdrawal_begins")
    eve = w.on("us_troops", day - DAY)
    return np.asarray((w.on("us_troops", day) < eve) & (eve == w.on("us_troops", w.calendar.start)))


def _divided(w: Window) -> Array:
    """Whether the window ends without talks and without a single delegation."""
    return np.asarray((w.on("blocked_by_delegation", w.last) > 0) & ~w.by("talks_open", w.last))


def _november(w: Window) -> dt.date:
    return dt.date(w.calendar.start.year, 11, 1)


def _signed(w: Window) -> bool:
    return w.signed and w.covered


def _unsigned(w: Window) -> bool:
    return not w.signed and w.covered


def _reads(reading: str, applies: Applies) -> Applies:
    """Return a condition that also requires this reading of S6's figure."""
    return lambda w: applies(w) and w.values["reading.operations"] == reading


def _decree_imposed(w: Window) -> bool:
    offer = w.imposed("kabul.ghani.offer", fact_value("decree_signed"))
    pledge = w.imposed("kabul.ghani.pledge_required", fact_value("decree_releases_begin"))
    return _signed(w) and offer == fact_value("decree_prisoners") and bool(pledge)


def _withdrawal_imposed(w: Window) -> bool:
    return _signed(w) and bool(w.imposed("us.withdrawal", fact_value("withdrawal_begins")))


def _review_imposed(w: Window) -> bool:
    return _signed(w) and bool(w.imposed("kabul.ghani.review", fact_value("release_put_off")))


def _review_free(w: Window) -> bool:
    """Whether the review is left to the actor on every day of the window."""
    return _signed(w) and all(w.imposed("kabul.ghani.review", day) is None for day in w.calendar)


def _november_covered(w: Window) -> bool:
    return _signed(w) and _november(w) in w.results.calendar


def _median(fact: str, claim: str, series: str, unit: str, bounds: BoundsOf, applies: Applies) -> Check:
    """Return a check on the median over worlds of a series' total in the window."""
    return Check(fact, facts()[fact].sentence, claim, unit, "median", _total(series), bounds, applies)


def _share(fact: str, claim: str, measure: Measure, bounds: BoundsOf, applies: Applies = _signed) -> Check:
    """Return a check on the share of worlds."""
    return Check(fact, facts()[fact].sentence, claim, "share of worlds", "share", measure, bounds, applies)


def checks() -> tuple[Check, ...]:
    """Return every check: the counts of S4 to S6, then what did and did not happen, by sentence."""
    return (*_counts(), *_events(), *_intentions())


def _counts() -> list[Check]:
    """Return the checks of counts in the window; S6's figure by either reading."""
    attacks, fallen, killed, flown = "attacks", "security_forces_killed", "taliban_killed", "offensives_and_airstrikes"
    then, now = _about_fact("operations_2019"), _clearly_below("operations_2019")
    by_operations, by_killed = _reads("operations", _signed), _reads("killed", _signed)
    before_operations, before_killed = _reads("operations", _unsigned), _reads("killed", _unsigned)
    fallen_2019 = _about_fact("security_forces_killed_2019")
    return [
        _median("attacks_2020", "attacks", attacks, "attacks", _attacks_2020, _signed),
        _median("attacks_rise", "attacks, 2019", attacks, "attacks", _attacks_2019, _unsigned),
        _median("security_forces_killed_2020", "Afghan forces killed", fallen, "people", _fallen_2020, _signed),
        _median("security_forces_killed_2019", "Afghan forces killed, 2019", fallen, "people", fallen_2019, _unsigned),
        _median("operations_2019", "offensives and airstrikes, fewer", flown, "operations", now, by_operations),
        _median("operations_2019", "offensives and airstrikes, 2019", flown, "operations", then, before_operations),
        _median("operations_2019", "Taliban killed, fewer", killed, "people", now, by_killed),
        _median("operations_2019", "Taliban killed, 2019", killed, "people", then, before_killed),
    ]


def _events() -> list[Check]:
    """Return the checks of what did and did not happen, S7 to S17."""
    every, nearly, hardly = _share_between(1), _share_between(NEARLY_ALL), _share_between(0, HARDLY_ANY)
    put_off = fact_value("release_put_off")
    return [
        _share(
            "coalition_spared", "no attack on the coalition", lambda w: w.total("attacks_on_coalition") == 0, nearly
        ),
        _share(
            "talks_planned", "talks open by 10 March", lambda w: w.by("talks_open", fact_value("talks_planned")), hardly
        ),
        _share("decree_signed", "decree on 10 March, no release before the 14th", _decreed, every, _decree_imposed),
        _share("withdrawal_begins", "withdrawal begins on 10 March", _withdrawal_begins, every, _withdrawal_imposed),
        _share("prisoners_demanded", "the Taliban turn the offer down", _rejected, nearly),
        _share(
            "release_put_off",
            "release put off on 14 March",
            lambda w: w.on_exactly("suspension", put_off),
            every,
            _review_imposed,
        ),
        _share("division_hinders_talks", "no talks, no single delegation by 15 April", _divided, _share_between(MOST)),
    ]


def _intentions() -> list[Check]:
    """Return the checks of what has to happen without being imposed in more than half of the worlds, S2 and S14."""
    half = _share_between(HALF)
    unprompted = _share("release_put_off", "release put off unprompted", lambda w: w.by("suspension", w.last), half)
    november = _share(
        "us_troops_november", "US troops at 5,000 by 1 November", lambda w: w.by("us_at_5000", _november(w)), half
    )
    return [
        replace(unprompted, applies=_review_free, more_than=True),
        replace(november, applies=_november_covered, more_than=True),
    ]


def check_run(results: Results, facts: FactSet = TEXT) -> list[CheckResult]:
    """Return the results of every check that applies to a run. facts: what it is checked against.

    None applies to a run that does not begin on the first day of the window and cover all of it.
    """
    window = Window(results, facts)
    return [_done(check, window) for check in checks() if check.applies(window)]


def facts_table(
    worlds: int = 1000,
    seed: int = 0,
    progress: Progress | None = None,
    assumptions: Assumptions = DEFAULT_ASSUMPTIONS,
    facts: FactSet = TEXT,
) -> list[CheckResult]:
    """Run the three reference scenarios and return the results of their checks.

    progress: called with the world-days done and the world-days in all, over the three runs. facts: what they are
    checked against, and what the model's numbers are derived from. Raises InputError as `simulate` does.
    """
    from sim.analysis.fact_run import run_with_facts  # imports Mesa only when something is run

    scenarios = [load_scenario(name) for name in REFERENCE]
    sizes = [worlds * (s.end - s.start).days for s in scenarios]
    found = []
    for i, scenario in enumerate(scenarios):
        step = None if progress is None else _part(progress, sum(sizes[:i]), sum(sizes))
        found += check_run(run_with_facts(scenario, facts, worlds, seed, assumptions=assumptions, progress=step), facts)
    return found


def _part(progress: Progress, before: int, total: int) -> Progress:
    """Return a progress callback of one run that reports progress over all runs."""
    return lambda done, _: progress(before + done, total)


def _done(check: Check, window: Window) -> CheckResult:
    """Return the result of the check on a run."""
    values = np.asarray(check.measure(window), dtype=np.float64)
    values = values[~np.isnan(values)]
    low, high = check.bounds(window)
    if check.kind == "share" and low < 1:  # what has to hold in every world is imposed, whoever tells of it
        low, high = window.facts.share(check.fact, (low, high))
    q05, q95, share = None, None, None
    if check.kind == "share":
        value = share = float(values.mean()) if values.size else float("nan")
    else:
        value = float(np.median(values))
        q05, q95 = (float(x) for x in np.quantile(values, BAND))
    holds = low <= value <= high and not (check.more_than and value == low)
    return CheckResult(
        check, window.results.scenario.name, _target(check, low, high), (low, high), value, q05, q95, share, holds
    )


def _target(check: Check, low: float, high: float) -> str:
    """Return the bounds as text."""
    if check.kind == "median":
        return f"{number(low)} to {number(high)}" if low > 0 else f"at most {number(high)}"
    if low >= 1:
        return "every world"
    if check.more_than and high >= 1:
        return f"more than {share(low)} of worlds"
    if low > 0 and high < 1:
        return f"{share(low)} to {share(high)} of worlds"
    return f"at least {share(low)} of worlds" if low > 0 else f"at most {share(high)} of worlds"
