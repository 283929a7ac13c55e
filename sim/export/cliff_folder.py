"""A search for cliffs as charts, as a page without network access, and as a folder of tables.

table.csv           one row per setting, with its largest jump; the largest of all first
jumps.csv           one row per step and milestone of each setting
curves.csv          one row per value and milestone of each lever
cliffs.html         table and charts on one page
cliffs.svg          the changes by each step of the settings with the largest jumps
levers.svg          each lever's curve
scenario.toml       the scenario, complete
manifest.json       versions, seed, worlds, hash, checksums
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.analysis.cliff_results import LIMITS, Cliffs, Jump
from sim.charts import svg
from sim.charts.cliffs import STEP_NAMES, LeverCurve, StepRow, curve_chart, step_chart
from sim.charts.dots import EffectDot
from sim.charts.theme import Spec
from sim.errors import InputError
from sim.export.csv_guard import guard_cell
from sim.export.manifest import NAME as MANIFEST
from sim.export.manifest import described
from sim.export.page import page
from sim.export.page_parts import Figure, Paragraph, Part, Table
from sim.export.run_folder import SCENARIO, claim, whole_folder
from sim.schema.formatting import interval, number, setting, share, signed, with_unit
from sim.schema.milestones import MILESTONES

if TYPE_CHECKING:
    import pandas as pd

FORMAT: Final = 1  # version of the folder's format; increased when its files change
MOST_ROWS: Final = 30  # of the chart and of the page's table
HEADS: Final = ("setting", "name", "share of worlds with", ">from", ">to", ">before", ">after", ">change, points",
                ">95 % interval", "")  # fmt: skip
READING: Final = (
    f"A change of at least {LIMITS['parameter']:g} points by a tenth of a parameter's range, or of at least "
    f"{LIMITS['lever']:g} points by a twentieth of a lever's range, is marked *; ** if the whole interval is beyond it."
)


@contextmanager
def claim_new(folder: str | Path) -> Iterator[Path]:
    """Yield the absolute path of a new or empty folder, as `sim.export.run_folder.claim` does. Raises InputError."""
    path = Path(folder)
    try:
        full = path.is_dir() and any(path.iterdir())
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", file=folder) from error
    if full:
        raise InputError("the folder is not empty: choose another", file=folder)
    with claim(folder) as target:
        yield target


def write_cliffs(found: Cliffs, target: Path) -> None:
    """Write a search into a folder that `claim_new` yielded. Raises InputError for a disk error."""
    with whole_folder(target) as aside:
        frames = {"table": found.table(), "jumps": found.all_jumps(), "curves": found.curves()}
        for name, frame in frames.items():
            (aside / f"{name}.csv").write_text(csv_text(frame), encoding="utf-8", newline="\n")
        for name, spec in cliff_charts(found).items():
            (aside / f"{name}.svg").write_text(svg(spec) + "\n", encoding="utf-8", newline="\n")
        (aside / "cliffs.html").write_text(cliff_page(found), encoding="utf-8", newline="\n")
        (aside / SCENARIO).write_text(found.scenario.to_toml(), encoding="utf-8", newline="\n")
        text = json.dumps(_manifest(found, aside), indent=2, ensure_ascii=False, allow_nan=False)
        (aside / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def csv_text(frame: "pd.DataFrame") -> str:
    """Return a table as CSV: flags as true and false, NaN as an empty cell, no cell that a spreadsheet would run."""
    shown = frame.copy()
    for name in shown.columns:
        if shown[name].dtype == bool:
            shown[name] = shown[name].map({True: "true", False: "false"})
        else:
            shown[name] = shown[name].map(guard_cell)
    return str(shown.to_csv(index=False, lineterminator="\n"))


def cliff_charts(found: Cliffs) -> dict[str, Spec]:
    """Return the charts by file name: the settings with the largest jumps, and the levers if any was changed."""
    charts = {"cliffs": _step_chart(found)}
    levers = [one for one in found.largest if one.kind == "lever"]
    if levers:
        charts["levers"] = _curve_chart(found, levers)
    return charts


def cliff_page(found: Cliffs) -> str:
    """Return a search as one page without network access: what was run, the table, the charts."""
    title = f"Cliffs: {found.scenario.title}"
    rows = found.largest[:MOST_ROWS]
    parts: list[Part] = [
        Paragraph(counted(found)),
        Paragraph(READING, kind="small"),
        *(Figure(spec) for spec in cliff_charts(found).values()),
        Table("The largest jump of each setting", HEADS, [row_text(one) for one in rows]),
    ]
    if len(found.largest) > len(rows):
        parts.append(Paragraph(f"{len(found.largest) - len(rows)} settings with smaller jumps are not shown.",
                               kind="small"))  # fmt: skip
    parts += [Paragraph(f"Left out: {line}", kind="small") for line in found.left_out]
    parts.append(Paragraph(_note(found), kind="small"))
    return page(title, parts)


def counted(found: Cliffs) -> str:
    """Return how many settings were changed and how many jumps are at or beyond their limit, as a sentence."""
    texts = []
    for kind, one, many in (("parameter", "parameter", "parameters"), ("lever", "lever", "levers")):
        tried = sum(jump.kind == kind for jump in found.largest)
        over = sum(jump.kind == kind for jump in found.crossing)
        if tried:
            texts.append(f"{over} of {tried} {one if tried == 1 else many}")
    return f"{' and '.join(texts)} have a jump at or beyond the limit."


def row_text(one: Jump) -> tuple[str, ...]:
    """Return the cells of one row, for HEADS."""
    return (
        one.label, one.name, MILESTONES[one.milestone].label, with_unit(setting(_rounded(one.start)), one.unit),
        with_unit(setting(_rounded(one.end)), one.unit), share(one.before), share(one.after),
        signed(one.change), interval(one.low, one.high), marks(one),
    )  # fmt: skip


def marks(one: Jump) -> str:
    """Return * for a change at or beyond the limit, ** if its whole interval is."""
    return "**" if one.certain else "*" if one.crosses else ""


def _rounded(value: float) -> float:
    """Return a value without the last digits of a binary fraction."""
    return float(f"{value:.9g}")


def _step_chart(found: Cliffs) -> Spec:
    """Return the chart of the settings with the largest jumps: each by the milestone that changes most."""
    rows = [StepRow(one.label, _words(one), _dots(found, one)) for one in found.largest[:MOST_ROWS]]
    more = "" if len(found.largest) <= MOST_ROWS else f" The {MOST_ROWS} of {len(found.largest)} with the largest."
    text = f"Mean difference between the same worlds, with its 95 % interval.{more}"
    return step_chart(rows, title="What a small step of each setting changes", subtitle=text, note=_note(found))


def _dots(found: Cliffs, one: Jump) -> list[EffectDot]:
    """Return the changes to draw for a setting: of a parameter either way, of a lever its largest."""
    jumps = [one] if one.kind == "lever" else [
        jump for jump in found.jumps if jump.name == one.name and jump.milestone == one.milestone
    ]  # fmt: skip
    names = {
        id(jump): STEP_NAMES[2] if jump.kind == "lever" else STEP_NAMES[0 if jump.end < jump.start else 1]
        for jump in jumps
    }
    return [
        EffectDot(names[id(jump)], jump.change, jump.low, jump.high, f"{signed(jump.change)} points") for jump in jumps
    ]


def _curve_chart(found: Cliffs, levers: Sequence[Jump]) -> Spec:
    """Return the curve of each lever, of the milestone that jumps most."""
    curves = []
    for one in levers:
        points = [p for p in found.curve if p.name == one.name and p.milestone == one.milestone]
        values = [p.value for p in points]
        low, high = min(values), max(values)
        at = [(value - low) / (high - low) if high > low else 0.0 for value in values]
        curves.append(LeverCurve(one.label, _words(one), at, [p.share for p in points], values.index(one.start)))
    text = (
        "Share of worlds, 0 to 100 %, over each lever's whole range, imposed for the whole run; its largest jump thick"
    )
    return curve_chart(curves, title="What each lever changes over its range", subtitle=text, note=_note(found))


def _words(one: Jump) -> str:
    """Return which share changes, and for a lever between which values."""
    label = MILESTONES[one.milestone].label
    if one.kind == "parameter":
        return label
    return f"{label}, {number(_rounded(one.start))} to {number(_rounded(one.end))}"


def _note(found: Cliffs) -> str:
    """Return one line about the search: scenario, worlds, seed, hash."""
    worlds = f"{found.worlds:,} world{'s' if found.worlds != 1 else ''}"
    return f"{found.scenario.title}: {worlds}, seed {found.seed}, {found.scenario.hash()[:12]}"


def _manifest(found: Cliffs, folder: Path) -> dict[str, Any]:
    """Return what is needed to verify and repeat the search. Raises OSError."""
    files = {path.name: path for path in folder.iterdir() if path.is_file()}
    return described(FORMAT, found.scenario, {"seed": found.seed, "worlds": found.worlds}, files)
