"""The charts that go with a run, and those that go with a comparison, by the name of their file."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.charts.dates import milestone_dates
from sim.charts.difference import difference
from sim.charts.effects import Dot, effects
from sim.charts.fan import fan
from sim.charts.obstacles import obstacles
from sim.charts.theme import Spec
from sim.schema.formatting import share, signed
from sim.schema.series import SERIES

if TYPE_CHECKING:
    from sim.results.comparison import Comparison, Effect
    from sim.results.results import Results

FANS = ("attacks", "security_forces_killed", "offensives_and_airstrikes", "us_troops", "prisoners_released")
_SHARES = ("reached_", "blocked_days_")  # outcomes that have a chart of their own or would repeat one


def run_charts(results: "Results") -> dict[str, Spec]:
    """A run's charts: milestones, what blocks talks, and a fan for each main series and each that it says to watch."""
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
    """A comparison's charts: effects on milestones and on outcomes, and the difference by day of some series.

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
    """What was run, in a line: scenario, worlds, seed, assumptions, hash."""
    scenario = results.scenario
    worlds = f"{results.worlds:,} world{'s' if results.worlds != 1 else ''}"
    return f"{scenario.title}: {worlds}, seed {results.seed}, {results.assumptions} assumptions, {scenario.hash()[:12]}"


def _pair_note(comparison: "Comparison") -> str:
    """What was compared, in a line."""
    a, b = comparison.a, comparison.b
    hashes = f"{a.scenario.hash()[:12]} and {b.scenario.hash()[:12]}"
    return f"{a.worlds:,} pairs of worlds with the same luck, seed {a.seed}, {a.assumptions} assumptions, {hashes}"


def _on_milestones(comparison: "Comparison", note: str) -> Spec:
    """Percentage points of worlds that reach each milestone."""
    dots = []
    for m in comparison.milestones():
        words = f"{share(m.a_share)} to {share(m.b_share)}"
        dots.append(Dot(m.label, 100 * m.effect, 100 * m.low, 100 * m.high, words))
    title = f"{comparison.b.scenario.title}: what it does to milestones"
    unit = "percentage points of worlds that reach it"
    return effects(dots, unit=unit, title=title, subtitle=_against(comparison), note=note)


def _on_outcomes(comparison: "Comparison", note: str) -> Spec:
    """Totals and last levels, in per cent of the first scenario's mean; outcomes that start from nothing say so."""
    rows = [row for row in comparison.table() if not row.outcome.startswith(_SHARES)]
    placed = [row for row in rows if row.a_mean]
    absent = [row.label for row in rows if not row.a_mean and row.effect]
    text = _against(comparison) + (f". Not drawn, being 0 there: {'; '.join(absent)}" if absent else "")
    title = f"{comparison.b.scenario.title}: what it does to outcomes"
    dots = [_relative(row) for row in placed]
    return effects(dots, unit="% of the first scenario's mean", title=title, subtitle=text, note=note)


def _against(comparison: "Comparison") -> str:
    """What the effects are measured from."""
    return f"Against: {comparison.a.scenario.title}. Mean difference, with its 95 % interval"


def _relative(row: "Effect") -> Dot:
    """An effect in per cent of the first mean, told in its own unit."""
    scale = 100 / abs(row.a_mean)
    unit = "" if " " in row.unit else f" {row.unit}"
    return Dot(row.label, scale * row.effect, scale * row.low, scale * row.high, f"{signed(row.effect)}{unit}")
