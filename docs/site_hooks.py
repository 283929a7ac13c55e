"""What the site needs beside the pages in docs/: the pages of the top folder, links between both, and the diagrams.

MkDocs calls the functions that begin with `on_`. The pages are written for GitHub, where every file of the project has
an address; here a link to a file that is no page leads to the project's source.
"""

import html
import posixpath
import re
import tomllib
from pathlib import Path
from typing import Any, Final

from mkdocs.structure.files import File, Files

ROOT: Final = Path(__file__).resolve().parent.parent
# Pages of the top folder, by their name on the site.
TOP: Final = {"index.md": "README.md", "contributing.md": "CONTRIBUTING.md", "changelog.md": "CHANGELOG.md"}
# Folders that are linked as such: they get a list of their pages.
FOLDERS: Final = {"teaching/cards": "Lesson cards", "teaching/worksheets": "Worksheets"}
FENCE: Final = re.compile(r"(^```.*?^```[^\S\n]*$)", re.DOTALL | re.MULTILINE)
LINK: Final = re.compile(r"(\]\()([^)\s]+)(\))")
INDENT: Final = re.compile(r"^   (?=\S)", re.MULTILINE)  # of what belongs to a numbered item: MkDocs wants four blanks
ELSEWHERE: Final = re.compile(r"[a-z]+:|#")
ARROW: Final = re.compile(r'(\w+)\["([^"]+)"\] --> (\w+)\["([^"]+)"\]')

WIDTH, HEIGHT, GAP = 130, 36, 34  # of a box, and between two rows


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that do not lie in docs/."""
    for name, source in TOP.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        files.append(File.generated(config, name, content=relinked(text, source, name)))
    for folder, title in FOLDERS.items():
        pages = sorted((ROOT / "docs" / folder).glob("*.md"))
        heads = [(page.name, page.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")) for page in pages]
        lines = [f"# {title}", "", *(f"- [{head}]({name})" for name, head in heads)]
        files.append(File.generated(config, f"{folder}/index.md", content="\n".join(lines) + "\n"))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Lead links out of docs/ to where they are on the site or in the source, and draw the diagrams."""
    del config, files
    name = page.file.src_uri
    text = markdown if name in TOP or page.file.generated_by else relinked(markdown, f"docs/{name}", name)
    return re.sub(r"^```mermaid\n(.*?)^```$", lambda found: drawn(found[1]), text, flags=re.DOTALL | re.MULTILINE)


def on_post_build(config: Any) -> None:
    """The handouts are no page of MkDocs: lead their links to pages as the site has them."""
    path = Path(config.site_dir) / "teaching" / "handouts.html"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'(href="[^":]*)\.md(["#])', r"\1.html\2", text), encoding="utf-8")


def relinked(text: str, source: str, name: str) -> str:
    """A page with the links of its source turned into those of the site, and list items indented as MkDocs wants them.

    Blocks of code stay as they are.

    source: its path in the project; name: its path on the site.
    """

    def put(found: re.Match[str]) -> str:
        return found[1] + target(found[2], source, name) + found[3]

    parts = FENCE.split(text)
    return "".join(part if part.startswith("```") else LINK.sub(put, INDENT.sub("    ", part)) for part in parts)


def target(link: str, source: str, name: str) -> str:
    """Where a link of a page leads on the site."""
    if ELSEWHERE.match(link):
        return link
    path, mark, anchor = link.partition("#")
    place = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
    pages = {there: here for here, there in TOP.items()}
    here = pages.get(place, place.removeprefix("docs/") if place.startswith("docs/") else "")
    if here in FOLDERS:
        here = f"{here}/index.md"
    if not here:
        kind = "tree" if (ROOT / place).is_dir() else "blob"
        return f"{address()}/{kind}/main/{place}"
    return posixpath.relpath(here, posixpath.dirname(name) or ".") + mark + anchor


def address() -> str:
    """Where the source of the project is."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["urls"]["Source"])


def drawn(mermaid: str) -> str:
    """A graph of Mermaid as a picture: a row of boxes per layer, an arrow for each `a["A"] --> b["B"]`.

    Mermaid itself is a script that a page would have to fetch. Raises ValueError for a graph without arrows.
    """
    arrows = [(found[1], found[3]) for found in ARROW.finditer(mermaid)]
    if not arrows:
        raise ValueError(f"no arrows to draw in {mermaid!r}")
    labels = {key: label for found in ARROW.finditer(mermaid) for key, label in (found.group(1, 2), found.group(3, 4))}
    places = _placed(arrows)
    most = max(len(row) for row in places)
    middle = {
        box: ((most - len(row) + 1 + 2 * i) * (WIDTH + GAP) / 2, y * (HEIGHT + GAP) + HEIGHT / 2 + 1)
        for y, row in enumerate(places)
        for i, box in enumerate(row)
    }
    size = f"0 0 {most * (WIDTH + GAP):g} {len(places) * (HEIGHT + GAP) - GAP + 2:g}"
    lines = "".join(_arrow(*middle[a], *middle[b]) for a, b in arrows)
    boxes = "".join(_box(*middle[box], labels[box]) for box in middle)
    label = html.escape(", ".join(f"{labels[a]} above {labels[b]}" for a, b in arrows))
    style = f"max-width:{most * (WIDTH + GAP)}px"
    picture = f'<svg role="img" aria-label="{label}" viewBox="{size}" style="{style}">{lines}{boxes}</svg>'
    return f"<div>{picture}</div>"  # a block of HTML, in which Markdown reads nothing


def _placed(arrows: list[tuple[str, str]]) -> list[list[str]]:
    """The boxes by row: each below everything that has an arrow to it."""
    depth = {box: 0 for arrow in arrows for box in arrow}
    for _ in depth:
        for above, below in arrows:
            depth[below] = max(depth[below], depth[above] + 1)
    return [[box for box, row in depth.items() if row == y] for y in range(max(depth.values()) + 1)]


def _box(x: float, y: float, label: str) -> str:
    corner = f'x="{x - WIDTH / 2:g}" y="{y - HEIGHT / 2:g}" width="{WIDTH}" height="{HEIGHT}" rx="4"'
    words = f'<text x="{x:g}" y="{y + 5:g}" text-anchor="middle" font-size="14" fill="currentColor">{label}</text>'
    return f'<rect {corner} fill="none" stroke="currentColor"/>{words}'


def _arrow(x: float, y: float, to_x: float, to_y: float) -> str:
    tip = to_y - HEIGHT / 2
    head = f"M{to_x - 4:g} {tip - 7:g}L{to_x:g} {tip:g}L{to_x + 4:g} {tip - 7:g}"
    return f'<path d="M{x:g} {y + HEIGHT / 2:g}L{to_x:g} {tip:g}{head}" fill="none" stroke="currentColor"/>'
