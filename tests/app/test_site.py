"""The documentation as a site: it builds without a warning or a network, and every link in it leads somewhere."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from markdown_it import MarkdownIt

from docs import site_hooks
from docs.layout import LIBRARIES, layers
from tests.app.command import ROOT

pytestmark = pytest.mark.slow

HOST = "http://site.invalid/"
LOADING = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "embed": "src",
    "object": "data",
}
COUNTED = ("h1", "h2", "h3", "h4", "li", "pre", "table", "tr", "td", "img")
PUBLIC = (
    "load_scenario", "simulate", "compare", "run_points", "run_scenarios", "PeaceProcess", "Scenario", "Results",
    "Comparison", "InputError", "WorldsModel", "Actor", "read_plan", "run", "load_settings", "ExerciseSettings",
    "Classroom",
)  # fmt: skip


@dataclass
class Page(HTMLParser):
    """What a page links to, what it loads, what can be linked to in it, and the elements of its text."""

    text: str
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    elements: dict[str, int] = field(default_factory=dict)
    inside: bool = False  # the article

    def __post_init__(self) -> None:
        """Read the page."""
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        self.inside = self.inside or tag == "article"
        if self.inside:
            self.elements[tag] = self.elements.get(tag, 0) + 1
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "link" and given.get("rel") not in ("next", "prev", "canonical"):
            self.loads.append(given["href"])
        elif tag in LOADING and LOADING[tag] in given:
            self.loads.append(given[LOADING[tag]])
        self.loads += re.findall(r"url\(['\"]?([^'\")]+)", given.get("style", ""))

    def handle_endtag(self, tag: str) -> None:
        """Note the end of the article."""
        self.inside = self.inside and tag != "article"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built strictly: a warning is an error. Proxies that lead nowhere stand in for a network."""
    out = tmp_path_factory.mktemp("site")
    nowhere = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9")
    words = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(out)]
    env = os.environ | nowhere | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return out


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    """Every page of the site by its path."""
    found = {path.relative_to(site).as_posix(): Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}
    assert {"index.html", "model.html", "api.html", "teaching/index.html", "contributing.html"} <= set(found)
    return found


def inner(pages: dict[str, Page]) -> Iterator[tuple[str, str, str, str]]:
    """Every link and file inside the site: the page it stands on, as written, its path and its anchor."""
    for name, page in pages.items():
        for link in (*page.links, *page.loads):
            parts = urlsplit(urljoin(HOST + name, link))
            if parts.scheme == "http" and parts.hostname == urlsplit(HOST).hostname:
                yield name, link, unquote(parts.path).lstrip("/"), unquote(parts.fragment)


def test_every_link_and_anchor_leads_somewhere(site: Path, pages: dict[str, Page]) -> None:
    lost, seen = [], 0
    for name, link, path, anchor in inner(pages):
        seen += 1
        target = site / path
        target = target / "index.html" if target.is_dir() else target
        there = target.relative_to(site).as_posix()
        if not target.is_file() or (anchor and there in pages and anchor not in pages[there].anchors):
            lost.append(f"{name}: {link}")
    assert not lost, "\n".join(lost)
    assert seen > 1000, f"only {seen} links in {len(pages)} pages"


def test_no_page_loads_anything_from_another_host(site: Path, pages: dict[str, Page]) -> None:
    """Neither a page nor a style sheet; links that a reader may follow are another matter."""
    far = [f"{name}: {url}" for name, page in pages.items() for url in page.loads if _elsewhere(url)]
    sheets = list(site.rglob("*.css"))
    assert sheets, "no style sheet"
    for sheet in sheets:
        named = re.findall(r"(?:url\(|@import )['\"]?([^'\")\s;]+)", sheet.read_text(encoding="utf-8"))
        far += [f"{sheet.name}: {url}" for url in named if _elsewhere(url)]
    assert not far, "\n".join(far)
    assert sum(len(page.loads) for page in pages.values()) > len(pages), "no page loads anything at all"


def _elsewhere(url: str) -> bool:
    return url.startswith("//") or urlsplit(url).scheme in ("http", "https")


def test_no_diagram_is_left_to_a_script_that_would_be_fetched(pages: dict[str, Page]) -> None:
    assert 'class="mermaid"' not in "".join(page.text for page in pages.values())
    drawings = re.findall(r'<svg role="img" .*?</svg>', pages["architecture.html"].text)
    boxes = [re.findall(r"<text [^>]*>([^<]+)</text></?(?:rect|svg)", one) for one in drawings]
    assert boxes == [[name for layer in layers(library) for name in layer] for library in LIBRARIES], boxes
    with pytest.raises(ValueError, match="no arrows"):
        site_hooks.drawn("graph TD\n    a\n")


def test_the_reference_has_the_public_interface(pages: dict[str, Page]) -> None:
    documented = {anchor.rpartition(".")[2] for anchor in pages["api.html"].anchors if anchor.startswith("sim.")}
    assert not set(PUBLIC) - documented, f"not in docs/api.md: {set(PUBLIC) - documented}"


def test_pages_have_the_parts_that_github_shows(pages: dict[str, Page]) -> None:
    """Lists, tables and blocks of code are read as such by both: as many elements of each kind."""
    sources = {
        f"docs/{path}": path for path in ("model.md", "scenarios.md", "results.md", "studies.md", "architecture.md")
    }
    sources |= {source: name for name, source in site_hooks.TOP.items()}
    kit = (ROOT / "docs" / "teaching").rglob("*.md")
    sources |= {path.relative_to(ROOT).as_posix(): path.relative_to(ROOT / "docs").as_posix() for path in kit}
    differing = {}
    for source, name in sources.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        ours = Page(f"<article>{MarkdownIt('commonmark').enable('table').render(text)}</article>").elements
        there = pages[name.replace("README.md", "index.md").replace(".md", ".html")].elements
        drawings = text.count("```mermaid")
        wanted = {tag: ours.get(tag, 0) - (drawings if tag == "pre" else 0) for tag in COUNTED}
        found = {tag: there.get(tag, 0) for tag in COUNTED}
        if wanted != found:
            differing[source] = {tag: (wanted[tag], found[tag]) for tag in COUNTED if wanted[tag] != found[tag]}
    assert not differing, differing


@pytest.mark.parametrize(
    ("link", "source", "name", "there"),
    [
        ("docs/model.md#7-tables", "README.md", "index.md", "model.md#7-tables"),
        ("../README.md", "docs/model.md", "model.md", "index.md"),
        ("../../model.md", "docs/teaching/cards/5-luck.md", "teaching/cards/5-luck.md", "../../model.md"),
        ("cards/", "docs/teaching/README.md", "teaching/README.md", "cards/index.md"),
        ("../CONTRIBUTING.md", "docs/architecture.md", "architecture.md", "contributing.md"),
        ("sim/inputs/facts.toml", "README.md", "index.md", f"{site_hooks.address()}/blob/main/sim/inputs/facts.toml"),
        ("../studies", "docs/studies.md", "studies.md", f"{site_hooks.address()}/tree/main/studies"),
        ("https://example.org/a.md", "README.md", "index.md", "https://example.org/a.md"),
        ("#results", "docs/studies.md", "studies.md", "#results"),
    ],
)
def test_a_link_leads_to_the_same_place_as_on_github(link: str, source: str, name: str, there: str) -> None:
    assert site_hooks.target(link, source, name) == there


def test_links_in_code_stay_as_they_are() -> None:
    text = "[a](docs/model.md)\n```text\n[a](docs/model.md)\n```\n[b](docs/model.md)\n"
    assert site_hooks.relinked(text, "README.md", "index.md").split("\n")[::2] == [
        "[a](model.md)",
        text.split("\n")[2],
        "[b](model.md)",
    ]
