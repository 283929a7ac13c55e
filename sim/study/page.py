"""One HTML page that needs no network and runs no script: headings, paragraphs, tables and charts as inline SVG.

Every word is escaped. Each chart is drawn twice, wide and narrow, and the page shows the one that fits; its colours are
names that the style sheet gives values for a light ground, a dark one, and paper.
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from sim import __version__
from sim.charts import svg
from sim.charts.theme import DARK, WIDTH, Spec, bare
from sim.errors import one_line
from sim.schema.disclaimer import NOT_A_FORECAST

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
NARROW: Final = 300  # pixels of a chart's plotting area on a phone
_LONGEST: Final = 10_000  # characters of one piece of text
_INKS: Final = {colour: f"--c{colour[1:]}" for colour in DARK}
_STYLE: Final = """
:root{color-scheme:light dark;--ink:#1b1b1b;--grey:#595959;--line:#d9d9d9;--ground:#fff;--soft:#f4f4f2;--warn:#b34700}
*{box-sizing:border-box}body{font:16px/1.5 system-ui,"Liberation Sans",sans-serif;max-width:64rem;margin:0 auto;
padding:1.2rem 1rem 3rem;color:var(--ink);background:var(--ground);overflow-wrap:break-word}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.25rem;margin:2.4rem 0 .4rem;border-top:1px solid var(--line);
padding-top:1.2rem}h3{font-size:1.05rem;margin:1.4rem 0 .3rem}p{margin:.4rem 0;max-width:46rem}
.note{border-left:4px solid var(--warn);padding:.2rem .8rem}.small{color:var(--grey);font-size:.88rem}
figure{margin:1.2rem 0}figcaption{font-weight:600}figcaption span{display:block;font-weight:400;color:var(--grey);
font-size:.88rem}svg{display:block;max-width:100%;height:auto}.narrow{display:none}
.scroll{overflow-x:auto;margin:.6rem 0}table{border-collapse:collapse;font-size:.88rem}caption{text-align:left;
font-weight:600;padding:.3rem 0}th,td{text-align:left;vertical-align:top;padding:.25rem .9rem .25rem 0;
border-bottom:1px solid var(--line)}th{font-weight:600}td.n,th.n{text-align:right;white-space:nowrap;
font-variant-numeric:tabular-nums}table.wrapped td{overflow-wrap:anywhere}
tr.reference td{background:var(--soft)}summary{cursor:pointer;padding:.3rem 0}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);padding:.7rem;font-size:.82rem}
footer{margin-top:3rem;color:var(--grey);border-top:1px solid var(--line)}
@media(max-width:640px){.wide{display:none}.narrow{display:block}body{font-size:15px}}
@media print{:root{color-scheme:light}body{max-width:none;padding:0}.wide{display:block}.narrow{display:none}
figure,tr{break-inside:avoid}h2,h3,figcaption{break-after:avoid}.scroll{overflow:visible}}
"""
_DARK_STYLE: Final = "--ink:#f0f0f0;--grey:#b4b4b4;--line:#4a4a4a;--ground:#15171b;--soft:#22252b;--warn:#ff9b57;"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A heading (level 2 or 3) or a paragraph. kind: "note" for what must not be missed, "small" for the rest."""

    text: str
    level: int = 0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart of `sim.charts`, with its title as the caption."""

    spec: Spec


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under their heads; a head that begins with ">" sets its column to the right.

    marked: rows that are the reference's; wrapped: whether long words break rather than make the table wide.
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    marked: frozenset[int] = frozenset()
    wrapped: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """Text as it is, such as a file."""

    text: str


@dataclass(frozen=True, slots=True)
class Collapsible:
    """Parts that open when asked for."""

    summary: str
    parts: Sequence["Part"]


Part = Paragraph | Figure | Table | Listing | Collapsible


def page(title: str, parts: Iterable[Part]) -> str:
    """The page. Raises ValueError for a chart that cannot be drawn."""
    numbers = count()
    body = "\n".join(_block(part, numbers) for part in parts)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>{_text(title)}</title><style>{_style()}</style></head>
<body><main><h1>{_text(title)}</h1>
<p class="note"><strong>{NOT_A_FORECAST}</strong></p>
{body}
</main><footer><p>{NOT_A_FORECAST} Jirga {_text(__version__)}.</p></footer></body></html>
"""


def _style() -> str:
    """The style sheet, with the charts' colours by name."""
    light = "".join(f"{name}:{colour};" for colour, name in _INKS.items())
    dark = _DARK_STYLE + "".join(f"{name}:{DARK[colour]};" for colour, name in _INKS.items())
    return f"{_STYLE}:root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def _block(part: Part, numbers: "count[int]") -> str:
    if isinstance(part, Paragraph):
        tag = f"h{part.level}" if part.level else "p"
        return f"<{tag}{f' class={part.kind}' if part.kind else ''}>{_text(part.text)}</{tag}>"
    if isinstance(part, Figure):
        return _figure(part.spec, numbers)
    if isinstance(part, Table):
        return _table(part)
    if isinstance(part, Listing):
        return f"<pre>{html.escape(part.text)}</pre>"
    inner = "\n".join(_block(one, numbers) for one in part.parts)
    return f"<details><summary>{_text(part.summary)}</summary>{inner}</details>"


def _figure(spec: Spec, numbers: "count[int]") -> str:
    """A chart under its caption, once for wide and once for narrow screens."""
    title, about = _joined(spec["title"]["text"]), _joined(spec["title"].get("subtitle", ""))
    more = f"<span>{_text(about)}</span>" if about else ""
    said = _text(f"{title}. {about}")
    pictures = "".join(
        f'<div class="{kind}" role="img" aria-label="{said}">{_drawn(spec, width, next(numbers))}</div>'
        for kind, width in (("wide", WIDTH), ("narrow", NARROW))
    )
    return f"<figure><figcaption>{_text(title)}{more}</figcaption>{pictures}</figure>"


def _drawn(spec: Spec, width: int, number: int) -> str:
    """The chart as SVG whose names are its own on the page and whose colours the style sheet knows."""
    drawn = svg(bare(spec, width))
    for i, name in enumerate(
        dict.fromkeys(re.findall(r'\bid="([^"]+)"', drawn))
    ):  # numbered anew: Vega goes on counting
        drawn = re.sub(rf'(\bid="|url\(#|href="#){re.escape(name)}(?=[")])', rf"\g<1>v{number}-{i}", drawn)
    return re.sub(r'"(#[0-9a-f]{6})"', lambda found: f'"{_ink(found[1])}"', drawn)


def _ink(colour: str) -> str:
    return f"var({_INKS[colour]})" if colour in _INKS else colour


def _table(part: Table) -> str:
    right = [head.startswith(">") for head in part.heads]
    heads = "".join(
        f'<th scope="col"{" class=n" if n else ""}>{_text(head.lstrip(">"))}</th>'
        for head, n in zip(part.heads, right, strict=True)
    )
    rows = "\n".join(
        f"<tr{' class=reference' if i in part.marked else ''}>"
        + "".join(f"<td{' class=n' if n else ''}>{_text(cell)}</td>" for cell, n in zip(row, right, strict=True))
        + "</tr>"
        for i, row in enumerate(part.rows)
    )
    caption = f"<caption>{_text(part.caption)}</caption>" if part.caption else ""
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{_text(part.caption or "table")}">'
        f"<table{' class=wrapped' if part.wrapped else ''}>{caption}"
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _joined(lines: str | Sequence[str]) -> str:
    return lines if isinstance(lines, str) else " ".join(lines)


def _text(words: str) -> str:
    """Text as HTML shows it, on one line, nothing in them interpreted."""
    return html.escape(one_line(words, _LONGEST), quote=True)
