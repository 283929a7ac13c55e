"""What leaves the page: charts as SVG and PNG, data as CSV, the page as one offline HTML file, the scenario as TOML.

Every file says what was run and that it is no forecast. Nothing here knows Streamlit.
"""

import csv
import datetime as dt
import html
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from sim import __version__
from sim.charts import png, svg
from sim.charts.theme import Spec
from sim.errors import one_line
from sim.export.csv_guard import guard_text
from sim.inputs.scenario import Scenario
from sim.results.results import Results
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.schema.formatting import number

Columns = Mapping[str, Any]  # of one length: arrays or sequences

_NAME: Final = re.compile(r"[^a-z0-9]+")
_STYLE: Final = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}.note{border-left:4px solid #d55e00;padding:.3rem .8rem}
figure{margin:1rem 0;overflow-x:auto}svg{max-width:100%;height:auto}pre{white-space:pre-wrap;overflow-wrap:anywhere;
background:#f4f4f4;padding:.7rem}table{border-collapse:collapse;font-size:.9rem}th:first-child{min-width:6.5rem}th,td{text-align:left;
padding:.25rem .7rem .25rem 0;border-bottom:1px solid #ddd;vertical-align:top}footer{margin-top:3rem;color:#595959}
"""
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@dataclass(frozen=True)
class Figure:
    """A chart with the data it draws. name: of its files."""

    name: str
    spec: Spec
    data: Columns


@dataclass(frozen=True)
class Table:
    """A table under its heading."""

    name: str
    data: Columns


@dataclass(frozen=True)
class Paragraph:
    """A heading, or a paragraph. text: plain, never read as markup."""

    text: str
    level: int = 0  # 2 or 3 for a heading


Part = Figure | Table | Paragraph


@dataclass(frozen=True)
class Provenance:
    """What was run, for every file. link: the query that restores the page; command: gives the same numbers."""

    title: str
    scenario: Scenario
    seed: int
    worlds: int
    assumptions: str
    link: str = ""
    command: str = ""
    others: Sequence[Scenario] = field(default=())

    @classmethod
    def of(
        cls, results: Results, *, link: str = "", command: str = "", others: Sequence[Scenario] = ()
    ) -> "Provenance":
        """The provenance of a run."""
        title = results.scenario.title
        return cls(title, results.scenario, results.seed, results.worlds, results.assumptions, link, command, others)

    @property
    def line(self) -> str:
        """All of it on a line."""
        worlds = f"{self.worlds:,} world{'s' if self.worlds != 1 else ''}"
        runs = [f"{one.title} ({one.hash()[:12]})" for one in (self.scenario, *self.others)]
        return f"{'; '.join(runs)}: {worlds}, seed {self.seed}, {self.assumptions} assumptions, Jirga {__version__}"


def file_name(*parts: str, ending: str) -> str:
    """A file's name from words that may be anything: lower case, letters, digits and hyphens."""
    words = _NAME.sub("-", " ".join(parts).lower()).strip("-")[:80]
    return f"{words or 'jirga'}.{ending}"


def chart_svg(figure: Figure) -> str:
    """The chart as an SVG picture, as on paper, whatever the colours of the screen. Raises ValueError for a bad one."""
    return svg(figure.spec)


def chart_png(figure: Figure) -> bytes:
    """The chart as a PNG picture. Raises ValueError for a bad one."""
    return png(figure.spec)


def csv_text(data: Columns, provenance: Provenance) -> str:
    """Columns as CSV, with every digit; its first two lines, marked with #, say what was run.

    No cell begins so that a spreadsheet would run it.
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
    """The values as plain Python ones; dates as text, None for no date."""
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
    """The scenario as a file that stands by itself."""
    return f"# {NOT_A_FORECAST}\n{scenario.to_toml()}"


def page_html(heading: str, parts: Iterable[Part], provenance: Provenance) -> str:
    """The page as one file that needs no network and runs no script."""
    body = "\n".join(_block(part) for part in parts)
    files = "\n".join(_file(one) for one in (provenance.scenario, *provenance.others))
    title = f"{heading}: {provenance.title}"
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{_text(title)}</title><style>{_STYLE}</style></head>
<body><h1>{_text(title)}</h1>
<p class="note"><strong>{_text(NOT_A_FORECAST)}</strong></p>
<p>{_text(provenance.line)}</p>
{body}
<h2>To get this again</h2>
<p>Command</p><pre>{_text(provenance.command)}</pre>
<p>Link, behind the address of the dashboard</p><pre>{_text(provenance.link)}</pre>
{files}
<footer><p>{_text(NOT_A_FORECAST)} Jirga {_text(__version__)}.</p></footer>
</body></html>
"""


def _file(scenario: Scenario) -> str:
    head = f"Scenario file: {scenario.title}"
    return f"<details><summary>{_text(head)}</summary><pre>{_text(scenario_toml(scenario), lines=True)}</pre></details>"


def _block(part: Part) -> str:
    if isinstance(part, Paragraph):
        tag = f"h{part.level}" if part.level else "p"
        return f"<{tag}>{_text(part.text)}</{tag}>"
    if isinstance(part, Figure):
        return f"<figure>{chart_svg(part)}</figure>"
    return f"<h3>{_text(part.name)}</h3>{_html_table(part.data)}" if part.name else _html_table(part.data)


def _html_table(data: Columns) -> str:
    head = "".join(f"<th>{_text(str(name))}</th>" for name in data)
    rows = "\n".join(f"<tr>{''.join(f'<td>{_text(_cell_text(v))}</td>' for v in row)}</tr>" for row in _rows(data))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cell_text(value: Any) -> str:
    return number(value) if value is None or isinstance(value, float) else str(value)


def _text(words: str, *, lines: bool = False) -> str:
    """Text as HTML shows it, nothing in them interpreted."""
    return html.escape(words if lines else one_line(words, 10_000), quote=True)
