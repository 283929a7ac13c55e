"""The review's data as CSV: one file per kind of record, dates as text, empty cells for missing values."""

import datetime as dt
import io
import math
from codecs import BOM_UTF8
from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv

from sim.exercise.decision_effects import DecisionImpact
from sim.exercise.decision_shares import Share
from sim.exercise.review_records import Review
from sim.exercise.student_records import StudentRecord
from sim.export.csv_guard import comma_table, guard_table
from sim.export.run_folder import Decimal
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.schema.series import SERIES


def csv_files(review: Review, decimal: Decimal = "point") -> dict[str, bytes]:
    """Return every file by name; `about.csv` says what was played. Group 0 is the baseline, which no group played.

    decimal: "comma" also puts semicolons between the columns and a byte-order mark first, so that Excel in French or
    German opens a file right by a double click.
    """
    return {name: _csv(rows, decimal) for name, rows in _tables(review).items()}


def _tables(review: Review) -> dict[str, Iterable[dict[str, Any]]]:
    """Return the rows of every file by name."""
    return {
        "about.csv": _about(review),
        "worlds.csv": _worlds(review),
        "milestones.csv": _plain(review.reached),
        "partings.csv": _plain(review.partings),
        "decisions.csv": (row for one in (*review.taken, *review.together) for row in _effects(one)),
        "promises.csv": (row for one in review.taken for row in _sides(one)),
        "aims.csv": _plain(review.aims),
        "students.csv": _students(review.students),
        "deals.csv": _deals(review),
        "offers.csv": _plain(review.offers),
        "time_line.csv": _plain(review.time_line),
        "forecasts.csv": _plain(review.forecasts),
        "reasons.csv": _plain(review.reasons),
        "quiz.csv": _plain(review.quiz),
        "calibration.csv": _plain(review.score.calibration),
        "text.csv": _recorded(review),
        "futures.csv": _plain(review.futures),
        "headlines.csv": _plain(reversed(review.headlines)),
    }


def student_rows(students: Iterable[StudentRecord], decimal: Decimal = "point") -> bytes:
    """Return `students.csv` alone, one row per student; decimal: as in `csv_files`."""
    return _csv(_students(students), decimal)


def _students(students: Iterable[StudentRecord]) -> list[dict[str, Any]]:
    """Return one row per student, with a column per question of the reflection."""
    return [
        {name: value for name, value in _row(one).items() if name != "reflection"}
        | {"reasons": "; ".join(one.reasons)}
        | {f"reflection_{name}": answer for name, answer in one.reflection.items()}
        for one in students
    ]


def _about(review: Review) -> list[dict[str, Any]]:
    s = review.settings
    rows = {
        "note": NOT_A_FORECAST, "title": s.title, "base": s.base,
        "first day": s.start, "last day": s.ends(review.played),
        "rounds played": review.played, "take": review.take, "groups": s.groups, "world": s.world, "seed": s.seed,
        "worlds of the ensemble": s.worlds, "forecasts scored": review.score.count,
        "Brier score of the class": _finite(review.score.brier),
        "Brier score of the ensemble": _finite(review.score.ensemble_brier),
        **{f"hash of group {group}": found for group, found in review.hashes.items()},
    }  # fmt: skip
    return [{"what": key, "value": "" if value is None else str(value)} for key, value in rows.items()]


def _worlds(review: Review) -> list[dict[str, Any]]:
    """Return each group's own world, one row per day."""
    return [
        {"group": group, "day": str(day), **{name: float(own.arrays[name][0, index]) for name in SERIES}}
        for group, own in review.own.items()
        for index, day in enumerate(np.datetime_as_string(own.dates))
    ]


def _effects(one: DecisionImpact) -> list[dict[str, Any]]:
    """Return one row per outcome."""
    decision = one.decision
    shown = {
        "group": decision.group, "kind": decision.kind, "who": decision.who, "decision": decision.text,
        "rounds": decision.span, "worlds": one.worlds,
    }  # fmt: skip
    return [
        shown | row | _shared(one.shares[place] if one.shares else None)
        for place, row in enumerate(_plain(one.effects))
    ]


def _sides(one: DecisionImpact) -> list[dict[str, Any]]:
    """Return the share of each side of a deal, one row per outcome."""
    return [
        {"group": side.group, "deal": one.decision.text, "who": side.who, "promise": side.text, "rounds": side.span,
         "outcome": share.outcome, **_shared(share)}
        for side, some in one.sides
        for share in some
    ]  # fmt: skip


def _shared(one: Share | None) -> dict[str, Any]:
    """Return a share with its interval as cells; empty ones for all decisions together."""
    names = ("share", "low", "high", "significant")
    values = [None] * len(names) if one is None else [_cell(getattr(one, name)) for name in names]
    return {name if name == "share" else f"share_{name}": value for name, value in zip(names, values, strict=True)}


def _deals(review: Review) -> list[dict[str, Any]]:
    """Return one row per promise of a deal, with what became of it."""
    return [
        {name: value for name, value in _row(deal).items() if name != "terms"} | _row(term)
        for deal in review.deals
        for term in deal.terms
    ]


def _recorded(review: Review) -> list[dict[str, Any]]:
    """Return one row per fact, with each group's figure."""
    return [
        {"sentence": one.sentence, "states": one.states, "value": one.value}
        | {f"group_{group}": one.groups[group - 1] if one.groups else None for group in review.groups}
        for one in review.recorded
    ]


def _plain(records: Iterable[Any]) -> list[dict[str, Any]]:
    return [_row(one) for one in records]


def _row(record: Any) -> dict[str, Any]:
    """Return a record's fields as the cells of a table."""
    return {name: _cell(getattr(record, name)) for name in record.__dataclass_fields__}


def _cell(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else _finite(value)


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _csv(rows: Iterable[dict[str, Any]], decimal: Decimal) -> bytes:
    """Return rows as CSV; a text that a spreadsheet would run gets a leading apostrophe. No rows give an empty file."""
    out, found = io.BytesIO(), list(rows)
    if not found:
        return b""
    table = guard_table(pa.Table.from_pylist(found))
    if decimal == "comma":
        out.write(BOM_UTF8)
        pcsv.write_csv(comma_table(table), out, pcsv.WriteOptions(delimiter=";"))
    else:
        pcsv.write_csv(table, out)
    return out.getvalue()
