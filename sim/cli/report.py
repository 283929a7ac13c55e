"""The text output of `run`, `compare` and `facts`."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.cli.screen import safe, table
from sim.schema.assumptions import ASSUMPTIONS_IN_WORDS
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.schema.formatting import MISSING, day, decimals, interval, number, share, signed, signed_interval
from sim.schema.outcomes import OUTCOMES, REACHED
from sim.schema.series import BLOCKED_BY

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from sim.analysis.fact_checks import CheckResult
    from sim.inputs.scenario import Scenario
    from sim.results.comparison import Adjust, Comparison, Effect, MilestoneEffect
    from sim.results.milestone_summary import MilestoneSummary
    from sim.results.results import Results
    from sim.runs.sequential import SequentialComparison

KINDS = {
    "total": "Totals over the run",
    "level": "State at the end, or on a day",
    "days": "Days on which talks are blocked",
    "share": "Milestones reached",
    "until": "Days until milestones, the whole run if never",
}

_UP_DOWN = "up, down: share of worlds in which B is above or below A"
_SIGNIFICANT = "*: significant, p at most 0.05; by the exact sign test for shares and dates, else by the interval"
_MANY = (
    "By chance alone, at least one of so many tests is significant in more than half of all comparisons of scenarios "
    "that do not differ. --adjust holm marks only what is significant among all of them."
)
_HOLM = (
    "The marks are adjusted for the number of tests (Holm): where scenarios do not differ, any appears in at most 5 % "
    "of comparisons."
)
_DATES = (
    "half by: the day by which half of all worlds have reached it, if so many do; median and band: among the worlds "
    "that reach it"
)
_SHIFTS = (
    "earlier, later: of all worlds, never counts as later than any date; pairs: the worlds that reach it in both; "
    "days: the median shift among them"
)
_ALIKE = "in every world"  # in place of an interval, which would have no width
_SAMPLED = "The checks are meant for assumptions that the facts allow; over whole ranges some may fail."
_NEARLY_ALL = 0.95  # for a reason with at least this share of worlds the share is not printed


def run_report(console: "Console", results: "Results", checked: Sequence["CheckResult"]) -> None:
    """Print a run: header, facts, milestones, what blocked talks."""
    _header(console, results)
    if checked:
        facts_report(console, checked)
        if results.assumptions == "ranges":
            console.print(_SAMPLED)
            console.print()
    _milestones(console, results.milestone_table())
    _blockers(console, results)


def facts_report(
    console: "Console", checked: Sequence["CheckResult"], title: str = "What the text says, and the model"
) -> None:
    """Print the text's facts beside the model's."""
    made = table(title, "!S", "in the text", "target", ">model", ">90 % band", "")
    for c in checked:
        value = share(c.value) if c.check.kind == "share" else number(c.value)
        band = "" if c.low is None else interval(c.low, c.high)
        made.add_row(c.check.sentence, c.check.claim, _target(c.target), value, band, "holds" if c.holds else "FAILS")
    console.print(made)


def comparison_report(
    console: "Console", comparison: "Comparison", on: Sequence[str] | None, adjust: "Adjust" = "none"
) -> None:
    """Print a comparison: header, effects on milestones, effects on outcomes. adjust: the marks, as `table` does."""
    a = comparison.a
    size = f"{a.worlds:,} pairs of worlds with the same luck, seed {a.seed}, {ASSUMPTIONS_IN_WORDS[a.assumptions]}"
    _pair_header(console, a.scenario, comparison.b.scenario, size)
    if on is None:
        rows = comparison.milestones(adjust=adjust)
        _milestone_effects(console, rows)
        _shifts(console, rows)
    effects = comparison.table(on, adjust=adjust)
    _effects(console, [e for e in effects if on is not None or not e.outcome.startswith(REACHED)])
    console.print(_UP_DOWN)
    console.print(_SIGNIFICANT)
    if adjust == "holm":
        console.print(_HOLM)
    elif on is None:
        console.print(_MANY)


def until_report(console: "Console", found: "SequentialComparison") -> None:
    """Print a comparison with adaptive stopping: header, effect, width of the interval and its meaning."""
    from sim.runs.sequential import MEANING

    words = ASSUMPTIONS_IN_WORDS[found.assumptions]
    size = f"{found.last.worlds:,} pairs of worlds with the same luck, seed {found.seed}, {words}"
    _pair_header(console, found.a, found.b, size)
    _effects(console, [found.effect])
    console.print(_UP_DOWN)
    console.print(_SIGNIFICANT)
    console.print()
    console.print(found.last.words(found.until), style="bold")
    looks = ", ".join(f"{number(one.width)} at {one.worlds:,}" for one in found.looks)
    console.print(f"Width by number of worlds: {looks}.")
    console.print(MEANING)


def _pair_header(console: "Console", a: "Scenario", b: "Scenario", size: str) -> None:
    """Print the two scenarios and the size of the comparison."""
    console.print(f"A  {safe(a.title)}", style="bold")
    console.print(f"B  {safe(b.title)}", style="bold")
    console.print(size)
    console.print(f"hashes {a.hash()[:12]} and {b.hash()[:12]}")
    console.print(NOT_A_FORECAST)
    console.print()


def _header(console: "Console", results: "Results") -> None:
    """Print the scenario and the size of the run."""
    s = results.scenario
    console.print(safe(s.title), style="bold")
    if s.question:
        console.print(safe(s.question))
    last = results.dates[-1].item()
    worlds = f"{results.worlds:,} world{'s' if results.worlds > 1 else ''}"
    console.print(
        f"{worlds}, seed {results.seed}, {ASSUMPTIONS_IN_WORDS[results.assumptions]}, {day(s.start)} to {day(last)}"
    )
    console.print(f"{safe(s.name) or 'unnamed'}, hash {s.hash()[:12]}")
    console.print(NOT_A_FORECAST)
    console.print()


def _target(words: str) -> str:
    """A target without words that the heading of the table contains."""
    return words.replace(" of worlds", "")


def _milestones(console: "Console", rows: Sequence["MilestoneSummary"]) -> None:
    """Print the milestones: share of worlds, median date, band, most common reason."""
    years = {date.year for m in rows for date in (m.half_by, m.median, m.q05, m.q95) if date}
    year = f", {years.pop()}" if len(years) == 1 else ""
    made = table(f"Milestones{year}", "!milestone", ">worlds", ">half by", ">median", ">90 % band", "mostly because")
    for m in rows:
        band = "" if m.q05 is None or m.q95 is None else _span(m.q05, m.q95, named=not year)
        half, median = (MISSING if date is None else day(date, year=not year) for date in (m.half_by, m.median))
        made.add_row(m.label, share(m.share), half, median, band, _commonest(m))
    console.print(made)
    console.print(_DATES)
    console.print()


def _span(first: dt.date, last: dt.date, *, named: bool) -> str:
    """Two dates as a span, or one date if they are equal."""
    return day(first, year=named) + ("" if first == last else f" - {day(last, year=named)}")


def _commonest(m: "MilestoneSummary") -> str:
    """The most common reason, with its share unless it is nearly all."""
    if not m.reasons:
        return ""
    reason, part = next(iter(m.reasons.items()))
    return reason if part >= _NEARLY_ALL else f"{share(part)}: {reason}"


def _blockers(console: "Console", results: "Results") -> None:
    """Print the conditions that blocked talks."""
    made = table("What blocked talks", "condition", ">days before talks", ">worlds, at the end")
    for b in results.blockers():
        made.add_row(BLOCKED_BY[b.condition], share(b.days_before), share(b.worlds_at_end))
    console.print(made)


def _milestone_effects(console: "Console", rows: Sequence["MilestoneEffect"]) -> None:
    """Print the effects on the shares of worlds that reach milestones, in percentage points."""
    made = table("Milestones, share of worlds", "!milestone", ">A", ">B", ">B - A", ">95 % interval", "")
    for m in rows:
        change = signed(100 * m.effect, 1), signed_interval(100 * m.low, 100 * m.high, 1)
        made.add_row(m.label, share(m.a_share), share(m.b_share), *change, "*" if m.significant else "")
    console.print(made)


def _shifts(console: "Console", rows: Sequence["MilestoneEffect"]) -> None:
    """Print the effects on the dates of milestones, in days."""
    made = table("Milestones, dates", "!milestone", ">earlier", ">later", ">pairs", ">days", ">95 % interval", "")
    for m in rows:
        band = _ALIKE if m.shift_alike else signed_interval(m.median_low, m.median_high)
        parts = (share(m.earlier), share(m.later), f"{m.pairs:,}", signed(m.median_shift), band)
        made.add_row(m.label, *parts, "*" if m.shift_significant else "")
    console.print(made)
    console.print(_SHIFTS)
    console.print()


def _effects(console: "Console", rows: Sequence["Effect"]) -> None:
    """Print the effects on outcomes, one table per kind."""
    for kind, title in KINDS.items():
        some = [e for e in rows if OUTCOMES[e.outcome].kind == kind]
        if some:
            console.print(_effects_of(title, some))


def _effects_of(title: str, rows: Sequence["Effect"]) -> "Table":
    """The table of effects on outcomes of one kind."""
    made = table(f"{title}, mean of the worlds", "outcome", ">A", ">B", ">B - A", ">95 % interval", ">up", ">down", "")
    for e in rows:
        places, means = decimals(e.effect, e.low, e.high), decimals(e.a_mean, e.b_mean)
        band = _ALIKE if e.low == e.high else signed_interval(e.low, e.high, places)
        change = (signed(e.effect, places), band)
        figures = (number(e.a_mean, means), number(e.b_mean, means), *change, share(e.up), share(e.down))
        made.add_row(short(e.label), *figures, "*" if e.significant else "")
    return made


def short(label: str) -> str:
    """A label without words that the title of its table contains."""
    for part in (", total", ", at the end", ", days", ": reached", ": days until"):
        label = label.removesuffix(part)
    return label.removeprefix("Talks blocked: ")
