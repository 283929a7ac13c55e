"""Markers: every test that `make test-fast` leaves out has one, as follows from what the test uses."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "tests").rglob("test_*.py"))
# What a test uses that must bear a marker: names in its own code, or in that of the helpers and fixtures of its file.
USES = {
    "browser": {"browser", "chromium", "sync_playwright", "sync_api"},
    "kills": {"SIGKILL", "kill", "killpg"},
    "wheel": {"venv"},
}
MARKERS = (*USES, "slow")


@dataclass(frozen=True)
class Item:
    """A test function of a file, the markers it bears and the names that it uses."""

    name: str
    markers: frozenset[str]
    uses: frozenset[str]


def items_in(text: str) -> Iterator[Item]:
    """The tests of a file. Helpers, fixtures and constants of the file count as part of each test that uses them."""
    tree = ast.parse(text)
    here = {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef | ast.ClassDef)}
    own = {name: _names(one) for name, one in here.items()}
    whole = _markers([one.value for one in tree.body if isinstance(one, ast.Assign) and _is_mark(one)])
    for name, one in here.items():
        if name.startswith(("test_", "Test")):
            yield Item(name, whole | _markers(one.decorator_list), _reached(name, own))


def _reached(name: str, own: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The names used by a function and by everything of its file that it uses."""
    found: set[str] = set()
    waiting, seen = [name], {name}
    while waiting:
        names = own[waiting.pop()]
        found |= names
        fresh = (names & own.keys()) - seen
        seen |= fresh
        waiting += fresh
    return frozenset(found)


def _names(code: ast.AST) -> frozenset[str]:
    """Every name, attribute and argument in a piece of code."""
    found = set()
    for one in ast.walk(code):
        if isinstance(one, ast.Name):
            found.add(one.id)
        elif isinstance(one, ast.Attribute):
            found.add(one.attr)
        elif isinstance(one, ast.arg):
            found.add(one.arg)
    return frozenset(found)


def _is_mark(statement: ast.Assign) -> bool:
    return [ast.unparse(target) for target in statement.targets] == ["pytestmark"]


def _markers(values: list[ast.expr]) -> frozenset[str]:
    return frozenset(re.findall(r"pytest\.mark\.(\w+)", " ".join(map(ast.unparse, values))))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_a_test_uses_is_marked(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    missing = [
        f"{one.name} uses {', '.join(sorted(one.uses & names))} and is not marked {marker}"
        for one in items_in(text)
        for marker, names in USES.items()
        if one.uses & names and marker not in one.markers
    ]
    assert not missing, "\n".join(missing)


@pytest.mark.slow
def test_each_marker_is_on_some_test() -> None:
    found = [one for path in FILES for one in items_in(path.read_text(encoding="utf-8"))]
    borne = {marker for one in found for marker in one.markers}
    assert set(MARKERS) <= borne, set(MARKERS) - borne
    assert len(found) > 500, len(found)


def test_the_fast_tests_leave_out_exactly_the_markers() -> None:
    (line,) = re.findall(r"^FAST := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert line == " and ".join(f"not {marker}" for marker in MARKERS)


def test_each_marker_is_registered_with_a_line_about_it(pytestconfig: pytest.Config) -> None:
    described = dict(line.split(": ", 1) for line in pytestconfig.getini("markers") if ": " in line)
    assert set(MARKERS) <= set(described), set(MARKERS) - set(described)


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("def test_a(browser): pass", "browser"),
        ("from tests.app.browser import chromium\ndef test_a():\n    with chromium() as one: pass", "browser"),
        ("import os\ndef end(): os.kill(1, 9)\ndef test_a(): end()", "kills"),
        ("def strike(one): one.kill()\n@fixture\ndef struck(): strike(1)\ndef test_a(struck): pass", "kills"),
        ("import venv\ndef test_a(): venv.create('x')", "wheel"),
    ],
)
def test_a_test_without_its_marker_is_noticed(text: str, marker: str) -> None:
    (plain,) = items_in(text)
    assert plain.uses & USES[marker]
    assert marker not in plain.markers
    (marked,) = items_in(f"pytestmark = pytest.mark.{marker}\n{text}")
    assert marker in marked.markers
