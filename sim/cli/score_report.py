"""The text output of `jirga score`."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.analysis.scoring.naive import NAMES
from sim.analysis.scoring.sentences import sentences
from sim.cli.screen import safe, table
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.schema.formatting import MISSING, day, number, score

if TYPE_CHECKING:
    from rich.console import Console

    from sim.analysis.scoring.observation import Observation
    from sim.analysis.scoring.scores import Band, ObservationScore, Scores

_SHOWN = 80  # per cent, the level of the bands on screen
_MARKS = (
    "in: what was observed lies in the band; part: some of its range does; out: it does not; ?: not known; "
    "never: not within the run"
)


def score_report(console: "Console", found: "Scores") -> None:
    """Print the observations beside the ensemble, the scores beside those of naive forecasts, and both in sentences."""
    scenario = found.scenario
    console.print(f"Scores: {safe(found.observations.title)}", style="bold")
    console.print(
        f"{safe(scenario.name) or 'unnamed'}, hash {scenario.hash()[:12]}: {found.worlds:,} worlds, seed {found.seed}, "
        f"assumptions {found.assumptions}"
    )
    console.print(NOT_A_FORECAST)
    console.print()
    console.print(_observed(found.rows))
    console.print(_MARKS)
    console.print()
    for kind, title in (
        ("dates", "Dates: integrated Brier score, 0 to 1, lower is better"),
        ("numbers", "Numbers: CRPS in the outcome's unit, lower is better"),
    ):
        rows = [one for one in found.rows if one.kind == kind]
        if rows:
            console.print(_scores(title, rows))
    for line in sentences(found):
        console.print(line)


def _observed(rows: Sequence["ObservationScore"]) -> Any:
    """Return the table of what was observed, beside the ensemble's median and band."""
    made = table("What was observed, and what the worlds say", "!outcome", ">median", f">{_SHOWN} % of worlds", "")
    for one in rows:
        band = next(band for band in one.bands if band.level == _SHOWN)
        name = f"{one.observation.outcome}\n  {_what(one.observation)}"
        made.add_row(name, _said(one.median), _span(band), _mark(band))
    return made


def _mark(band: "Band") -> str:
    if band.covers is None:
        return "?"
    return "in" if band.covers == 1 else "part" if band.covers else "out"


def _what(one: "Observation") -> str:
    """What was observed, with its days."""
    if one.dated:
        if not one.happened:
            return f"not before {day(one.until)}"
        return day(one.start) if one.start == one.last else f"{day(one.start, year=False)} to {day(one.last)}"
    value = number(one.low) if one.low == one.high else f"{number(one.low)} to {number(one.high)}"
    days = day(one.start) if one.start == one.last else f"{day(one.start, year=False)} to {day(one.last)}"
    return f"{value} {one.unit}, {days}"


def _said(value: Any) -> str:
    """A number or a date of the ensemble; "never" for no date."""
    return day(value) if value is None or isinstance(value, dt.date) else number(value)


def _span(band: "Band") -> str:
    return f"{_said(band.low)} to {_said(band.high)}"


def _scores(title: str, rows: Sequence["ObservationScore"]) -> Any:
    """Return the table of the scores of observations of one kind, with a column per forecast."""
    names = [name for name in NAMES if any(other.name == name for one in rows for other in one.naive)]
    made = table(title, "!outcome", ">ensemble", *(f">{name}" for name in names))
    for one in rows:
        write = score if one.kind == "dates" else number
        found = {other.name: write(other.score) for other in one.naive}
        cells = (found.get(name, MISSING) for name in names)
        made.add_row(one.observation.outcome, write(one.ensemble.score), *cells)
    return made
