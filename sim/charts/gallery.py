"""The charts of a run and of a comparison, by file name."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.charts.dates import milestone_dates
from sim.charts.difference import difference
from sim.charts.effects import Dot, effects
from sim.charts.fan import fan
from sim.charts.obstacles import obstacles
from sim.charts.theme import Spec
from sim.schema.assumptions import ASSUMPTIONS_IN_WORDS
from sim.schema.formatting import share, signed
from sim.schema.series import SERIES

if TYPE_CHECKING:
    from sim.results.comparison import Comparison, Effect
    from sim.results.results import Results

FANS = ("attacks", "security_forces_killed", "offensives_and_airstrikes", "us_troops", "prisoners_released")
_SHARES = ("reached_", "blocked_days_", "days_until_")  # outcomes that have their own chart or would repeat one


def run_charts(results: "Results") -> dict[str, Spec]:
    """Return a run's charts: milestones, what blocks talks, a fan for each main series and each in `watch`."""
    note = run_note(results)
    watched = [name for name in results.scenario.watch if name in SERIES and SERIES[name].kind != "flag"]
    question = results.scenario.question
    charts = {
        "milestones": milestone_dates(results.milestones, results.dates, note=note),
        "what_blocks_talks": obstacles(results.blocked(), note=note),
    }
    for name in dict.fromkeys([*FANS, *watched]):
        charts[name] = fan(results.daily[name], subtitle=question, note=note)
    return charts


def comparison_charts(comparison: "Comparison", series: Sequence[str] = FANS) -> dict[str, Spec]:
    """Return a comparison's charts: effects on milestones and on outcomes, and the daily difference of some series.

    Raises InputError for an unknown series.
    """
    note = _pair_note(comparison)
    text = f"{comparison.b.scenario.title}, minus: {comparison.a.scenario.title}"
    charts = {
        "effect_on_milestones": _on_milestones(comparison, note),
        "effect_on_outcomes": _on_outcomes(comparison, note),
    }
    for name in series:
        charts[f"difference_{name}"] = difference(comparison.daily(name), subtitle=text, note=note)
    return charts


def run_note(results: "Results") -> str:
    """Return one line about the run: scenario, worlds, seed, assumptions, hash."""
    scenario = results.scenario
    worlds = f"{results.worlds:,} world{'s' if results.worlds != 1 else ''}"
    about = f"{worlds}, seed {results.seed}, {ASSUMPTIONS_IN_WORDS[results.assumptions]}"
    return f"{scenario.title}: {about}, {scenario.hash()[:12]}"


def _pair_note(comparison: "Comparison") -> str:
    """Return one line about the comparison: pairs, seed, assumptions, hashes."""
    a, b = comparison.a, comparison.b
    hashes = f"{a.scenario.hash()[:12]} and {b.scenario.hash()[:12]}"
    pairs = f"{a.worlds:,} pairs of worlds with the same random numbers"
    return f"{pairs}, seed {a.seed}, {ASSUMPTIONS_IN_WORDS[a.assumptions]}, {hashes}"


def _on_milestones(comparison: "Comparison", note: str) -> Spec:
    """Return the effects on milestones, in percentage points of worlds that reach each one."""
    dots = []
    for m in comparison.milestones():
        words = f"{share(m.a_share)} to {share(m.b_share)}"
        dots.append(Dot(m.label, 100 * m.effect, 100 * m.low, 100 * m.high, words, m.significant))
    title = f"{comparison.b.scenario.title}: effect on milestones"
    unit = "percentage points of worlds that reach the milestone"
    return effects(dots, unit=unit, title=title, subtitle=_against(comparison), note=note)


def _on_outcomes(comparison: "Comparison", note: str) -> Spec:
    """Return the effects on totals and last levels, in per cent of the first scenario's mean, named where that is 0."""
    rows = [row for row in comparison.table() if not row.outcome.startswith(_SHARES)]
    placed = [row for row in rows if row.a_mean]
    absent = [row.label for row in rows if not row.a_mean and row.effect]
    text = _against(comparison) + (f". Not drawn, because their mean is 0 there: {'; '.join(absent)}" if absent else "")
    title = f"{comparison.b.scenario.title}: effect on outcomes"
    dots = [_relative(row) for row in placed]
    return effects(dots, unit="% of the first scenario's mean", title=title, subtitle=text, note=note)


def _against(comparison: "Comparison") -> str:
    """Return the subtitle that names the scenario of comparison."""
    return f"Compared with: {comparison.a.scenario.title}. Mean difference, with its 95 % interval"


def _relative(row: "Effect") -> Dot:
    """Return an effect in per cent of the first mean, with its text in its own unit."""
    scale = 100 / abs(row.a_mean)
    unit = "" if " " in row.unit else f" {row.unit}"
    return Dot(
        row.label, scale * row.effect, scale * row.low, scale * row.high, f"{signed(row.effect)}{unit}", row.significant
    )
