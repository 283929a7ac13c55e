"""The charts of tested factors: dates without each factor in one world, bars with intervals over many."""

import datetime as dt
import math
from typing import Final

from dashboard.render.export import Figure
from sim.analysis.causes.amount_words import measured, part_words, short_label
from sim.analysis.causes.amounts import Amount
from sim.analysis.causes.answer import Answer
from sim.analysis.causes.clauses import CLAUSES, capital
from sim.charts.causes import FactorBar, FactorDate, factor_bars, factor_dates
from sim.schema import formatting

MOST: Final = 8  # factors that are drawn


def answer_chart(found: Answer) -> Figure:
    """Return the chart of an answer about a milestone."""
    return _dates(found) if found.world is not None else _shares(found)


def _dates(found: Answer) -> Figure:
    """Return the date of the event without each factor, in one world."""
    clause, some = CLAUSES[found.about], found.results[:MOST]
    rows = [FactorDate(one.factor.label, one.date, _date_words(found, one.date)) for one in some]
    last = found.scenario.end - dt.timedelta(days=1)
    here = clause.never if found.date is None else f"{clause.comes} on {formatting.day(found.date)}"
    spec = factor_dates(
        rows, found.date, (found.scenario.start, last), title="Without each factor alone",
        subtitle=f"Dashed: as things are, {here}. Dots: the same world with the same luck, without the factor",
        note=_run(found.scenario.title, found.world, found.worlds, found.seed),
    )  # fmt: skip
    data = {"factor": [one.label for one in rows], "date without it": [formatting.day(one.date) for one in rows]}
    return Figure("why-dates", spec, data)


def _date_words(found: Answer, other: dt.date | None) -> str:
    """Return what becomes of the date, in a few words."""
    if other == found.date:
        return "no change"
    if other is None:
        return "never"
    return f"{formatting.day(other)}"


def _shares(found: Answer) -> Figure:
    """Return by how many points each factor moves the share of worlds with the event."""
    rows = [
        FactorBar(
            one.factor.label, 100 * one.share.value, 100 * one.share.low, 100 * one.share.high,
            formatting.points(one.share.value, 0),
        )
        for one in found.results[:MOST]
    ]  # fmt: skip
    comes = CLAUSES[found.about].comes
    whole = formatting.points(found.effect.value, 0)
    how = (
        f"By how much each factor alone moves the share of worlds in which {comes}; these do not add up"
        if found.alone
        else f"What each factor adds to the share of worlds in which {comes}; together {whole}"
    )
    spec = factor_bars(
        rows, unit="percentage points of worlds", title=f"What decides whether {comes}",
        subtitle=f"{how}. Lines: 95 % intervals", note=_run(found.scenario.title, None, found.worlds, found.seed),
    )  # fmt: skip
    return Figure("why-shares", spec, _columns(rows))


def amount_chart(found: Amount) -> Figure:
    """Return by how much each factor alone changes an amount: what it adds, with its interval over the worlds."""
    rows = [
        FactorBar(
            part.factor.label, -part.change.effect, -part.change.high, -part.change.low,
            f"without it {part_words(found, part)}",
        )
        for part in found.parts[:MOST]
    ]  # fmt: skip
    ends = "" if found.world is not None else ". Lines: 95 % intervals"
    now = measured(found.mean, found.unit, 0 if abs(found.mean) >= 100 else None)
    spec = factor_bars(
        rows, unit=f"{capital(short_label(found.outcome))}, added by the factor",
        title=f"What moves this: {short_label(found.outcome)}",
        subtitle=f"Now {now}. Each factor taken away alone; these changes do not add up{ends}",
        note=_run(found.scenario.title, found.world, found.worlds, found.seed),
    )  # fmt: skip
    return Figure("why-amount", spec, _columns(rows))


def _columns(rows: list[FactorBar]) -> dict[str, list[object]]:
    return {
        "factor": [one.label for one in rows],
        "value": [one.value for one in rows],
        "low": [None if math.isnan(one.low) else one.low for one in rows],
        "high": [None if math.isnan(one.high) else one.high for one in rows],
    }


def _run(title: str, world: int | None, worlds: int, seed: int) -> str:
    size = f"world {world}" if world is not None else f"{worlds:,} worlds"
    return f"{title}: {size}, seed {seed}"
