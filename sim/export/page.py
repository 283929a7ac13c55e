"""One HTML page without network access and scripts: reports, reviews, pages of the dashboard, handouts.

The templates beside this module give the layout, the style and the parts; they escape all text. Each chart is drawn
twice, wide and narrow, and the page shows the one that fits; its colours are CSS variables with values for a light
background, a dark background and print.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import count
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sim.charts import svg
from sim.charts.theme import DARK, WIDTH, Spec, bare
from sim.errors import one_line
from sim.export.page_parts import Cell, Part, Sheet
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.version import __version__

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
NARROW: Final = 345  # pixels of a chart with its labels on a phone
LONG: Final = 24  # characters; in a roomy table a longer cell gets a minimum width
_LONGEST: Final = 10_000  # characters of one piece of text
INKS: Final = {colour: f"--c{colour[1:]}" for colour in DARK}


def page(title: str, parts: Iterable[Part], *, lead: str = "") -> str:
    """Return the page. lead: a paragraph under the title. Raises ValueError for a chart that cannot be drawn."""
    numbers = count()
    parts = tuple(parts)
    return (
        templates()
        .get_template("page.html.j2")
        .render(
            title=title,
            lead=lead,
            parts=parts,
            sheets=[part for part in parts if isinstance(part, Sheet)],
            note=NOT_A_FORECAST,
            version=__version__,
            policy=POLICY,
            inks=INKS,
            dark=DARK,
            figure=lambda spec: _figure(spec, numbers),
        )
    )


@lru_cache(maxsize=1)
def templates() -> Environment:
    """Return the templates beside this module; they escape all text."""
    made = Environment(
        loader=PackageLoader("sim.export"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters["line"] = lambda text: one_line(text, _LONGEST)
    made.filters["cell"] = lambda given: given if isinstance(given, Cell) else Cell(given)
    made.filters["kind"] = lambda part: type(part).__name__
    made.globals["long"] = LONG
    return made


def _figure(spec: Spec, numbers: "count[int]") -> Mapping[str, Any]:
    """Return a chart's title, its subtitle, and its pictures for wide and narrow screens."""
    pictures = {kind: _drawn(spec, width, next(numbers)) for kind, width in (("wide", WIDTH), ("narrow", NARROW))}
    title, about = spec["title"]["text"], spec["title"].get("subtitle", "")
    return {"title": _joined(title), "about": _joined(about), "pictures": pictures}


def _drawn(spec: Spec, width: int, number: int) -> Markup:
    """Return the chart as SVG, with ids that are unique on the page and colours from the style sheet."""
    drawn = svg(bare(spec, width))
    names = dict.fromkeys(re.findall(r'\bid="([^"]+)"', drawn))
    for i, name in enumerate(names):  # renumbered: Vega counts on from chart to chart
        drawn = re.sub(rf'(\bid="|url\(#|href="#){re.escape(name)}(?=[")])', rf"\g<1>v{number}-{i}", drawn)
    return Markup(re.sub(r'"(#[0-9a-f]{6})"', lambda found: f'"{_ink(found[1])}"', drawn))  # noqa: S704  a picture of ours


def _ink(colour: str) -> str:
    return f"var({INKS[colour]})" if colour in INKS else colour


def _joined(lines: str | Sequence[str]) -> str:
    return lines if isinstance(lines, str) else " ".join(lines)
