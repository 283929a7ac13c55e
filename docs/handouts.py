"""The kit as one page to print, docs/teaching/handouts.html: each briefing, card and worksheet on a sheet of its own.

It needs neither a network nor anything outside the folder docs: a teacher opens it in a browser and prints from it.
"""

import html
import posixpath
import re
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt

from sim.schema.disclaimer import NOT_A_FORECAST

FOLDER: Final = Path(__file__).with_name("teaching")
FILE: Final = FOLDER / "handouts.html"
PAGES: Final = (
    "briefings.md",
    *(f"cards/{path.name}" for path in sorted((FOLDER / "cards").glob("*.md"))),
    *(f"worksheets/{path.name}" for path in sorted((FOLDER / "worksheets").glob("*.md"))),
    "quiz.md",
    "limits.md",
    "guide.md",
)
NEW_SHEET: Final = ("briefings.md", "quiz.md")  # their second headings begin a sheet too

_HREF = re.compile(r'(href|src)="([^"]+)"')
_TASK = re.compile(r"<li>\[ \] ")
STYLE: Final = """
body { font: 11pt/1.45 Georgia, serif; color: #222; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { font-family: "Helvetica Neue", Arial, sans-serif; line-height: 1.2; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; }
table { border-collapse: collapse; width: 100%; margin: .8rem 0; font-size: 10pt; }
th, td { border: 1px solid #999; padding: .3rem .45rem; text-align: left; vertical-align: top; }
th { background: #eee; } td:empty { height: 1.6rem; }
pre { background: #f4f4f4; padding: .6rem; white-space: pre-wrap; } code { font-size: .92em; }
img { max-width: 100%; } a { color: #074b83; }
section { border-top: 2px solid #222; margin-top: 3rem; padding-top: .5rem; }
.foot { font-size: 9pt; color: #555; }
@media print {
  body { margin: 0; max-width: none; font-size: 9.3pt; } .screen { display: none; }
  section { border: 0; margin: 0; padding: 0; break-before: page; } .sheet { break-before: page; }
  tr, pre, img { break-inside: avoid; } a { color: inherit; text-decoration: none; }
  table { font-size: 8pt; } th, td { padding: .15rem .4rem; } h1 { margin-top: 0; }
  @page { margin: 14mm; }
}
"""


def page() -> str:
    """The whole page, from the kit's pages as they stand on disk."""
    markdown = MarkdownIt("commonmark").enable("table")
    contents = "".join(f'<li><a href="#{_mark(name)}">{_title(name)}</a></li>' for name in PAGES)
    sections = "".join(_section(name, _body(markdown, name)) for name in PAGES)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Jirga: handouts</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<style>{STYLE}</style></head><body>\n<div class="screen"><h1>Handouts</h1><p>Each begins on a sheet of its '
        f"own. In the print dialogue choose the pages that you need. {NOT_A_FORECAST}</p><ol>{contents}</ol></div>\n"
        f"{sections}</body></html>\n"
    )


def _section(name: str, body: str) -> str:
    return f'<section id="{_mark(name)}">{body}<p class="foot">Jirga. {NOT_A_FORECAST}</p></section>\n'


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _title(name: str) -> str:
    return html.escape(_text(name).splitlines()[0].lstrip("# "))


def _mark(name: str) -> str:
    return re.sub(r"\W+", "-", name.removesuffix(".md"))


def _body(markdown: MarkdownIt, name: str) -> str:
    """One page of the kit as HTML: links lead within the file where they can, second headings may start a sheet."""
    made = _HREF.sub(lambda found: f'{found[1]}="{_target(name, found[2])}"', markdown.render(_without_marks(name)))
    made = _TASK.sub("<li>☐ ", made)
    return made.replace("<h2>", '<h2 class="sheet">') if name in NEW_SHEET else made


def _without_marks(name: str) -> str:
    return re.sub(r"<!--.*?-->\n?", "", _text(name))


def _target(name: str, link: str) -> str:
    """A link of a page as seen from the folder of the kit."""
    if link.startswith(("http:", "https:")):
        return link
    path, _, anchor = link.partition("#")
    if not path:
        return f"#{_mark(name)}"
    found = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
    if found in PAGES:
        return f"#{_mark(found)}"
    return f"{found}#{anchor}" if anchor else found


def write() -> bool:
    """Write the page; whether it changed."""
    fresh = page()
    if FILE.is_file() and FILE.read_text(encoding="utf-8") == fresh:
        return False
    FILE.write_text(fresh, encoding="utf-8")
    return True


def stale() -> list[str]:
    """The file's name if it is not what the kit's pages say, else nothing."""
    there = FILE.read_text(encoding="utf-8") if FILE.is_file() else ""
    return [] if there == page() else [f"docs/teaching/{FILE.name}"]
