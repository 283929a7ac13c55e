"""The kit as one page to print, docs/teaching/handouts.html: each briefing, card and worksheet on its own sheet.

It needs no network and no file outside the folder docs: a teacher opens it in a browser and prints from there.
"""

import html
import posixpath
import re
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt
from markupsafe import Markup

from sim.export.page import page as render
from sim.export.page_parts import Sheet

FOLDER: Final = Path(__file__).with_name("teaching")
FILE: Final = FOLDER / "handouts.html"
PAGES: Final = (
    "briefings.md",
    *(f"cards/{path.name}" for path in sorted((FOLDER / "cards").glob("*.md"))),
    *(f"worksheets/{path.name}" for path in sorted((FOLDER / "worksheets").glob("*.md"))),
    "quiz.md",
    "rubric.md",
    "limits.md",
    "guide.md",
)
LEAD: Final = "Each begins on a new sheet. In the print dialogue choose the pages that you need."
NEW_SHEET: Final = ("briefings.md", "quiz.md")  # their second-level headings begin a new sheet too

_HREF = re.compile(r'(href|src)="([^"]+)"')
_PICTURE = re.compile(r'<img src="([^"]+\.svg)" alt="([^"]*)" />')
_TASK = re.compile(r"<li>\[ \] ")


def page() -> str:
    """The whole page, from the kit's pages on disk."""
    markdown = MarkdownIt("commonmark").enable("table")
    sheets = [Sheet(_mark(name), _title(name), _body(markdown, name)) for name in PAGES]
    return render("Handouts", sheets, lead=LEAD)


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _title(name: str) -> str:
    return _text(name).splitlines()[0].lstrip("# ")


def _mark(name: str) -> str:
    return re.sub(r"\W+", "-", name.removesuffix(".md"))


def _body(markdown: MarkdownIt, name: str) -> Markup:
    """One page of the kit as HTML: links point into this file if possible, second-level headings may start a sheet."""
    made = _HREF.sub(lambda found: f'{found[1]}="{_target(name, found[2])}"', markdown.render(_without_marks(name)))
    made = _PICTURE.sub(lambda found: _picture(html.unescape(found[1]), html.unescape(found[2])), made)
    made = _TASK.sub("<li>☐ ", made)
    made = made.replace("<h2>", '<h2 class="sheet">') if name in NEW_SHEET else made
    return Markup(made)  # noqa: S704  from this project's own documents


def _picture(path: str, words: str) -> str:
    """A drawing put into the page, so that it needs no other file."""
    drawn = (FOLDER / path).read_text(encoding="utf-8")
    return f'<div role="img" aria-label="{html.escape(words)}">{drawn}</div>'


def _without_marks(name: str) -> str:
    return re.sub(r"<!--.*?-->\n?", "", _text(name))


def _target(name: str, link: str) -> str:
    """The target of a page's link, relative to the folder of the kit."""
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
    """Write the page. Returns whether it changed."""
    fresh = page()
    if FILE.is_file() and FILE.read_text(encoding="utf-8") == fresh:
        return False
    FILE.write_text(fresh, encoding="utf-8")
    return True


def stale() -> list[str]:
    """The file's name if it does not match the kit's pages, else an empty list."""
    there = FILE.read_text(encoding="utf-8") if FILE.is_file() else ""
    return [] if there == page() else [f"docs/teaching/{FILE.name}"]
