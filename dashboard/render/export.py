"""Exports: charts as SVG and PNG, data as CSV, the page as one offline HTML file, the scenario as TOML.

Every file says what was run and that it is not a forecast. This module does not import Streamlit.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from sim import __version__
from sim.charts import png, svg
from sim.charts.theme import Spec
from sim.errors import one_line
from sim.export import page, page_parts
from sim.export.csv_guard import guard_text
from sim.export.page_parts import Paragraph as Paragraph  # noqa: PLC0414  part of a page, and named with it
from sim.files.file_names import slug
from sim.inputs.scenario import Scenario
from sim.results.results import Results
from sim.schema.assumptions import ASSUMPTIONS_IN_WORDS, Assumptions
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.schema.formatting import number

Columns = Mapping[str, Any]  # of one length: arrays or sequences

_LONGEST: Final = 10_000  # characters of a command or link
LONGEST_NAME: Final = 80  # characters of a file's name, before its ending


@dataclass(frozen=True)
class Figure:
    """A chart with its data. name: of its files."""

    name: str
    spec: Spec
    data: Columns


@dataclass(frozen=True)
class Table:
    """A table under its heading."""

    name: str
    data: Columns


Part = Figure | Table | Paragraph


@dataclass(frozen=True)
class Provenance:
    """What was run, stated in every file. link: the query that restores the page; command: gives the same numbers."""

    title: str
    scenario: Scenario
    seed: int
    worlds: int
    assumptions: Assumptions
    link: str = ""
    command: str = ""
    others: Sequence[Scenario] = field(default=())

    @classmethod
    def of(
        cls, results: Results, *, link: str = "", command: str = "", others: Sequence[Scenario] = ()
    ) -> "Provenance":
        """Return the provenance of a run."""
        title = results.scenario.title
        return cls(title, results.scenario, results.seed, results.worlds, results.assumptions, link, command, others)

    @property
    def line(self) -> str:
        """The provenance on one line."""
        worlds = f"{self.worlds:,} world{'s' if self.worlds != 1 else ''}"
        runs = [f"{one.title} ({one.hash()[:12]})" for one in (self.scenario, *self.others)]
        about = f"{worlds}, seed {self.seed}, {ASSUMPTIONS_IN_WORDS[self.assumptions]}"
        return f"{'; '.join(runs)}: {about}, Jirga {__version__}"


def file_name(*parts: str, ending: str) -> str:
    """Return a file name made from any words: lower case letters, digits and hyphens."""
    return f"{slug(' '.join(parts), LONGEST_NAME, 'jirga')}.{ending}"


def chart_svg(figure: Figure) -> str:
    """Return the chart as SVG, always in the light colours for paper. Raises ValueError for an invalid spec."""
    return svg(figure.spec)


def chart_png(figure: Figure) -> bytes:
    """Return the chart as PNG. Raises ValueError for an invalid spec."""
    return png(figure.spec)


def csv_text(data: Columns, provenance: Provenance) -> str:
    """Return columns as CSV, with all digits; the first two lines, marked with #, say what was run.

    No cell can be run as a formula by a spreadsheet.
    """
    out = io.StringIO()
    out.write(f"# {NOT_A_FORECAST}\n# {one_line(provenance.line, 2000)}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_cell(name) for name in data])
    writer.writerows([_cell(value) for value in row] for row in _rows(data))
    return out.getvalue()


def _rows(data: Columns) -> Iterable[tuple[Any, ...]]:
    return zip(*(listed(values) for values in data.values()), strict=True)


def listed(values: Any) -> list[Any]:
    """Return the values as plain Python values; dates as text, None for no date."""
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        return [None if np.isnat(day) else str(day) for day in values.astype("datetime64[D]")]
    return list(values.tolist() if isinstance(values, np.ndarray) else values)


def _cell(value: Any) -> Any:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, str):
        return guard_text(one_line(value, 4000))
    return value.isoformat() if isinstance(value, dt.date) else value


def scenario_toml(scenario: Scenario) -> str:
    """Return the scenario as the text of a complete file."""
    return f"# {NOT_A_FORECAST}\n{scenario.to_toml()}"


def page_html(heading: str, parts: Iterable[Part], provenance: Provenance) -> str:
    """Return the page as one HTML file that needs no network and runs no script."""
    again: list[page_parts.Part] = [
        Paragraph("Reproduce this page", 2),
        Paragraph("Command"),
        *(page_parts.Listing(one_line(line, _LONGEST)) for line in provenance.command.splitlines()),
        Paragraph("Link, to append to the address of the dashboard"),
        page_parts.Listing(one_line(provenance.link, _LONGEST)),
        *(_file(one) for one in (provenance.scenario, *provenance.others)),
    ]
    found: list[page_parts.Part] = [*(_shown(part) for part in parts), *again]
    return page.page(f"{heading}: {provenance.title}", found, lead=provenance.line)


def _file(scenario: Scenario) -> page_parts.Collapsible:
    listing = page_parts.Listing(scenario_toml(scenario))
    return page_parts.Collapsible(f"Scenario file: {scenario.title}", [listing])


def _shown(part: Part) -> page_parts.Part:
    """A part of the screen as one of the file."""
    if isinstance(part, Paragraph):
        return part
    if isinstance(part, Figure):
        return page_parts.Figure(part.spec)
    columns = {name: listed(values) for name, values in part.data.items()}
    heads = [f">{name}" if _numeric(values) else name for name, values in columns.items()]
    rows = [[_cell_text(value) for value in row] for row in zip(*columns.values(), strict=True)]
    return page_parts.Table(part.name, heads, rows)


def _numeric(values: Sequence[Any]) -> bool:
    """Whether a column holds numbers and nothing else; such a column is set to the right."""
    known = [value for value in values if value is not None]
    return bool(known) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in known)


def _cell_text(value: Any) -> str:
    return number(value) if value is None or isinstance(value, float) else str(value)
