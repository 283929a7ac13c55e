"""The report of a study: one HTML page with the plan, tables and charts of the outcomes, and errors."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.charts.fan import fan
from sim.export.page import POLICY, page
from sim.export.page_file import page_target, put_page
from sim.export.page_parts import Collapsible, Figure, Listing, Paragraph, Part, Table
from sim.results.intervals import cell_interval, effect_interval
from sim.schema import arguments
from sim.schema.assumptions import ASSUMPTIONS_MEANING
from sim.schema.calendar import Calendar
from sim.schema.formatting import day, setting, unit_label
from sim.schema.outcomes import REACHED
from sim.schema.series import SERIES
from sim.study.folder import PLAN, Folder, check_study
from sim.study.formatting import OutcomeFormat, dates, names, tried, unit
from sim.study.outcome_view import MOST_SCENARIOS, OutcomeView
from sim.study.sections import section
from sim.study.summary import Progress, Summary, summarise
from sim.version import __version__

Array = npt.NDArray[Any]

HEADLINES: Final = (
    "reached_talks_open", "reached_power_shared", "reached_ceasefire", "attacks", "security_forces_killed",
    "prisoners_released", "us_troops_november",
)  # fmt: skip
BY_CHANCE: Final = (
    "Where nothing differs, one interval in twenty excludes 0 all the same: of many outcomes and points, expect some "
    "that are significant by chance."
)
FEW: Final = 8  # largest number of outcomes with their own sections
MOST_ROWS: Final = 400  # rows of the table of all outcomes


def write_report(folder: Folder, out: str | Path, *, progress: Progress | None = None) -> Path:
    """Write the page of a study, complete or not, atomically, and return its path.

    Raises InputError, before any part is read, for a file that cannot be written or that is not an earlier page, and
    for a part that cannot be read.
    """
    arguments.path("out", out)
    check_study(folder)
    arguments.callback("progress", progress)
    target = page_target(out, POLICY, "page of a study")
    return put_page(target, lambda: report_html(folder, progress=progress))


def report_html(folder: Folder, *, progress: Progress | None = None) -> str:
    """The page. progress: called with the parts read and the total. Raises InputError as `summarise` does."""
    summary = summarise(folder, progress=progress)
    return page(folder.plan.title, _parts(folder, summary))


def _parts(folder: Folder, summary: Summary) -> Iterator[Part]:
    if folder.plan.question:
        yield Paragraph(folder.plan.question)
    yield from about(folder, summary)
    if not summary.there:
        return
    for outcome in headlines(summary):
        yield from section(OutcomeView(summary, outcome))
    yield from fans(summary)
    yield Paragraph("How to repeat this study", 2)
    text = (folder.path / PLAN).read_text(encoding="utf-8")
    yield Paragraph(f"jirga study run {PLAN} --out DIR, with the plan and the scenarios in the study's folder.")
    yield Collapsible(f"The plan, {PLAN}", [Listing(text)])


def about(folder: Folder, summary: Summary) -> Iterator[Part]:
    """Missing parts, the plan, and all outcomes."""
    yield from _state(folder, summary)
    yield from _plan(folder, summary)
    if summary.there:
        yield from _overview(summary)


def _state(folder: Folder, summary: Summary) -> Iterator[Part]:
    """Missing parts and errors."""
    if not summary.complete:
        line = (
            f"Not complete: {summary.there:,} of {summary.units:,} parts exist. All numbers below are from these parts."
        )
        yield Paragraph(line, kind="note")
    if summary.failed:
        line = (
            f"In {summary.failed:,} of {summary.rows:,} worlds the model failed; these worlds are not included below."
        )
        yield Paragraph(line, kind="note")
        rows = [(message, f"{times:,}") for message, times in summary.errors.most_common()]
        yield Table("Errors", ("message", ">worlds"), rows)
    aside = folder.skipped_units()
    if aside:
        line = f"{len(aside):,} parts were skipped, because their workers died."
        yield Paragraph(line, kind="note")
        left = [[str(one["scenario"]), _span(one["points"]), _span(one["worlds"]), str(one["why"])] for one in aside]
        yield Table("Skipped parts", ("scenario", "points", "worlds", "reason"), left)


def _span(ends: Sequence[int]) -> str:
    return f"{ends[0]:,} to {ends[1]:,}"


def _plan(folder: Folder, summary: Summary) -> Iterator[Part]:
    """What was run."""
    plan = folder.plan
    yield Paragraph("What was run", 2)
    worlds = f"{folder.rounds[-1]:,} worlds per point"
    points = f"{summary.design.points:,} points" if plan.vary else "one point"
    many = len(plan.scenarios)
    scenarios = f"{many} scenarios" if many > 1 else "one scenario"
    rows = [
        ("size", f"{scenarios}, {points}, {worlds}: {summary.rows:,} worlds in total"),
        ("days", f"{day(plan.scenarios[0].start)} until {day(plan.scenarios[0].end)}"),
        ("luck", f"seed {plan.seed}; world k has the same luck at every point and in every scenario"),
        ("assumptions", ASSUMPTIONS_MEANING[plan.assumptions]),
    ]
    if plan.vary:
        rows.append(("points", plan.method + (f", seed {plan.sampler_seed}" if plan.samples else "")))
    rows += [("rank correlation", f"{' and '.join(one.between)}: {setting(one.rank)}") for one in plan.correlations]
    rows += [("own outcome", f"{one.name}: {one.expression.text}") for one in plan.own]
    if plan.until:
        line = OutcomeFormat(plan.outcome(plan.until.on))
        behind = line.change_unit if line.share else unit_label(line.outcome.unit)
        width = f"{setting(plan.until.interval * line.scale)} {behind}".rstrip()
        aim = f"the 95 % interval of every effect on {line.label} is narrower than {width}"
        rows.append(("until", f"{aim}, or {plan.until.worlds_at_most:,} worlds per point are run"))
    rows += [("plan", plan.hash()), ("model", folder.model), ("Jirga", __version__)]
    yield Table("", ("item", "value"), rows, wrapped=True)
    marked = frozenset(i for i, one in enumerate(plan.scenarios) if one.name == plan.reference)
    listed = [
        (one.name + (" (reference)" if i in marked else ""), one.title, one.hash()[:12])
        for i, one in enumerate(plan.scenarios)
    ]
    yield Table("Scenarios", ("name", "title", "hash"), listed, marked)
    if plan.vary:
        called = names(plan)
        yield Table("Settings varied", ("setting", "name", "days", "values", "unit"), [
            (called[one.key], one.name, dates(one) or "all",
             tried(one), unit(one))
            for one in plan.vary
        ])  # fmt: skip


def headlines(summary: Summary) -> list[str]:
    """The outcomes with their own sections: all if there are few, else the main ones."""
    if len(summary.outcomes) <= FEW:
        return list(summary.outcomes)
    aims = [summary.plan.until.on] if summary.plan.until else []
    watched = [name for one in summary.plan.scenarios for name in one.watch]
    own = [one.name for one in summary.plan.own]
    wanted = [*aims, *own, *watched, *(REACHED + name for name in watched), *HEADLINES]
    return [name for name in dict.fromkeys(wanted) if name in summary.outcomes][:FEW]


def _overview(summary: Summary) -> Iterator[Part]:
    """All outcomes of all scenarios."""
    plan = summary.plan
    yield Paragraph("All outcomes", 2)
    single = summary.design.points == 1
    rows: list[list[str]] = []
    marked = set()
    for name in summary.outcomes:
        for s in range(len(plan.scenarios)):
            if plan.scenarios[s].name == plan.reference:
                marked.add(len(rows))
            rows.append(_outcome_row(summary, name, s))
    heads = ["outcome", "scenario", ">mean", ">difference", "unit"]
    if single:
        heads[3:4] = [">95 % interval", ">difference", ">95 % interval"]
    else:
        line = "Mean over all points and worlds, and of the paired differences from the reference at each point."
        yield Paragraph(line, kind="small")
    if summary.effects.n.any():
        yield Paragraph(BY_CHANCE, kind="small")
    more = len(rows) - MOST_ROWS
    rows = rows[:MOST_ROWS]
    table = Table("", heads, rows, frozenset(marked))
    last = f"{more:,} more rows: use jirga study sql or export." if more > 0 else ""
    if len(rows) > 2 * FEW:
        yield Collapsible(
            f"Table of all {len(summary.outcomes)} outcomes", [table, *([Paragraph(last)] if last else [])]
        )
    else:
        yield table


def _outcome_row(summary: Summary, name: str, scenario: int) -> list[str]:
    """An outcome of a scenario as a row of text, with intervals if there is only one point."""
    plan, column = summary.plan, summary.column(name)
    line, one = OutcomeFormat(plan.outcome(name)), plan.scenarios[scenario]
    cells, effects = summary.cells[scenario, :, column], summary.effects[scenario, :, column]
    start = plan.scenarios[0].start
    mean, change = _mean(cells.mean), _mean(effects.mean) if one.name != plan.reference else np.nan
    value = line.value(mean) + line.dated(start, mean)
    row = [line.label, one.name, value, line.change(change), unit_label(line.outcome.unit)]
    if summary.design.points == 1:
        low, high = (float(end[0]) for end in cell_interval(line.outcome, cells))
        least, most = (float(end[0]) for end in effect_interval(line.outcome, effects))
        row[2:4] = [
            line.value(mean, low, high) + line.dated(start, mean),
            line.span(low, high, mean) + line.dated(start, low, high),
            line.change(change, least, most),
            line.change_span(least, most, change),
        ]
    return row


def _mean(values: Array) -> float:
    """The mean without NaN; NaN if there are no values."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")


def fans(summary: Summary) -> Iterator[Part]:
    """Each kept series in each scenario, with the reference's median."""
    plan = summary.plan
    if not summary.daily:
        return
    yield Paragraph("Day by day", 2)
    reference = [one.name for one in plan.scenarios].index(plan.reference)
    shown = sorted(range(len(plan.scenarios)), key=lambda s: s != reference)[:MOST_SCENARIOS]
    for name, rows in summary.daily.items():
        base = _series(summary, name, rows[reference])
        for s in shown:
            series = _series(summary, name, rows[s])
            if series is None:
                continue
            one = plan.scenarios[s]
            beside = base if s != reference else None
            title = f"{SERIES[name].label}, {one.name}{' (reference)' if s == reference else ''}"
            subtitle = f"{series.shape[0]:,} worlds{', over all points' if plan.vary else ''}"
            yield Figure(fan(series, reference=beside, reference_name=f"median of {plan.reference}", title=title,
                             subtitle=subtitle))  # fmt: skip


def _series(summary: Summary, name: str, rows: Array) -> xr.DataArray | None:
    """The sampled rows of a series as an array for a fan chart; None if there are none."""
    known = rows[~np.isnan(rows[:, 0])]
    if not len(known):
        return None
    about = SERIES[name]
    first = summary.plan.scenarios[0]
    days = Calendar(first.start, first.end).dates.astype("datetime64[s]")
    attrs = {"unit": about.unit, "label": about.label, "kind": about.kind}
    return xr.DataArray(known, dims=("world", "day"), coords={"day": days}, name=name, attrs=attrs)
