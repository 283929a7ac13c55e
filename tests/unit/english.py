"""Check the English of the project: code, pages, tables and Makefile.

It finds a distributive "a" ("one row a world" instead of "one row per world"), and words and phrases that a new reader
cannot understand.
"""

import ast
import io
import re
import tokenize
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
CODE: Final = ("sim", "dashboard", "docs", "benchmarks", "tests")
PAGES: Final = ("*.md", "docs/**/*.md")
TABLES: Final = (
    "scenarios/*.toml",
    "studies/*.toml",
    "sim/inputs/*.toml",
    "sim/exercise/*.toml",
    "dashboard/**/*.toml",
    "docs/**/*.toml",
)
COMMENTED: Final = ("Makefile", ".ci/run", "pyproject.toml")
OWN: Final = ("tests/unit/english.py", "tests/unit/test_english.py")  # they quote what they look for


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


Reader = Callable[[str, str], Iterator["Finding"]]

UNITS: Final = (
    "actor", "agent", "bar", "block", "broker", "call", "card", "case", "cell", "change", "chart", "check", "claim",
    "class", "column", "command", "condition", "core", "count", "day", "deal", "decision", "design", "device",
    "draw", "effect", "element", "fact", "factor", "field", "figure", "file", "folder", "front", "group", "hour",
    "interval", "kind", "level", "lever", "line", "mark", "message", "milestone", "minute", "mistake", "module",
    "month", "name", "number", "offer", "office", "option", "order", "outcome", "page", "pair", "parameter", "part",
    "party", "person", "phone", "piece", "plan", "point", "population", "prisoner", "process", "proposal",
    "province", "question", "region", "review", "round", "row", "run", "scenario", "seat", "second", "seed",
    "sentence", "series", "session", "setting", "sheet", "side", "step", "stream", "strike", "student", "study",
    "subject", "table", "task", "test", "unit", "value", "verb", "visitor", "week", "worker", "world", "year",
)  # fmt: skip

# A plural and a verb in the third person both end in s. These are verbs in this project, none a counted noun:
# "runs a scenario", "holds a world", "changes a lever".
VERBS: Final = _words("""
    accepts accesses adds applies asks assigns becomes begins breaks brings builds carries causes chooses closes
    comes compares computes contains copies covers creates crosses decides declares deletes describes detects
    divides does enters expects explains exports fills fits fixes follows gets gives goes has hides holds imposes
    includes is joins keeps knows lacks lasts leaves lets lists lives loads locks loses makes marks means meets
    merges misses names needs notes opens passes picks plays press presses prints puts reaches reads receives
    refuses rejects removes repeats replaces reserves resets resumes returns saves says sees selects sends serves
    sets shows skips solves stands stays steers stores sways tells toss tries turns wants was watches withdraws
    writes
""")

# Verbs and counted nouns: "changes a lever" has an article, "changes a day" counts.
BOTH: Final = _words("""
    blocks changes counts cuts draws drops labels measures moves offers orders reports runs samples starts steps
    stops takes tests uses
""")
TIMES: Final = _words("second minute hour day week month year round")

# Words that end in s, are no verb, and cannot be counted either: what follows them is an article.
OTHER: Final = _words("""
    across always as besides its perhaps plus this thus towards unless versus whereas yes
""")

# Words after which "a" is an article, whatever stands before them: "the weeks of a round", "a file with a line".
JOINTS: Final = _words("""
    a about above add after against all along also among an and any are around at be because been before behind
    below beside between both but by can choose do each every for from gave given had has have help hold how if
    imposed in inside into is it just keep left let like live made make may more name need no nor not of off on one
    only onto or out outside over per press put run said see set share show so such take takes than that the their
    then there through till to under until up upon use was were what when where whether which while who whose with
    within without would write yet
""")

_NO_NOUN = JOINTS | OTHER | VERBS
_UNIT = "|".join(UNITS)
_ENDING = rf"(?-i:an?) (?P<unit>{_UNIT})\b(?![-\u2019'])"
_COUNT = (
    r"\d[\d,]*(?:\.\d+)?|once|twice|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|forty|"
    "hundred|thousand|million|%"
)
_NUMBER_FIRST = re.compile(rf"(?<![\w-])(?:{_COUNT})(?: times?)? {_ENDING}", re.IGNORECASE)
_PLURAL_FIRST = re.compile(rf"(?<![\w.-])(?P<noun>[A-Za-z][A-Za-z-]*s)\)? {_ENDING}", re.IGNORECASE)
_ONE_FIRST = re.compile(rf"(?<![\w-])(?:one|an?) (?:[a-z-]+ ){{0,3}}?(?P<noun>[a-z-]+) {_ENDING}", re.IGNORECASE)

_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")

# Words and phrases that a new reader does not understand; beside each, what to say instead.
PHRASES: Final = {
    r"abreast": "side by side, or many worlds at once",
    r"shelf|shelves": "cache, or folder",
    r"voyages?": "run",
    r"bury|buries|buried": "take losses",
    r"legs?": "chunk",
    r"could be luck": "not significant",
    r"told from (?:luck|none|chance)": "significant",
    r"be(?:yond) luck": "significant",
    r"bigger than luck": "significant",
    r"take it back": "reset",
    r"what nobody knows": "uncertain assumptions",
    r"(?:goes?|going|run|runs) in a circle": "circular",
    r"on (?:their|its) way": "running",
    r"drawn anew": "sampled per world",
}
_PHRASE = re.compile(rf"\b(?:{'|'.join(PHRASES)})\b", re.IGNORECASE)

# Parts of a name in code: beside the words above, "told" names nothing.
NAMES: Final = frozenset({"abreast", "told", "shelf", "voyage", "bury", "leg", "legs"})


@dataclass(frozen=True)
class Finding:
    """One finding: file relative to the root, line (from 1), the words."""

    file: str
    line: int
    words: str

    def __str__(self) -> str:
        """One line, as an editor can open it."""
        return f"{self.file}:{self.line}: {self.words!r}"


def distributive(text: str) -> list[tuple[int, str]]:
    """Find "one row a world" instead of "one row per world": offset and words of each match."""
    found = {m.end(): m for m in _NUMBER_FIRST.finditer(text)}
    found |= {m.end(): m for m in _PLURAL_FIRST.finditer(text) if _counted(m["noun"].lower(), m["unit"].lower())}
    for match in _ONE_FIRST.finditer(text):
        words = match[0].lower().split()[1:-2]
        if not words[-1].endswith(("ed", "ing")) and not (_NO_NOUN | BOTH).intersection(words):
            found.setdefault(match.end(), match)
    return sorted((m.start(), m[0]) for m in found.values())


def _counted(noun: str, unit: str) -> bool:
    return noun not in _NO_NOUN and (noun not in BOTH or unit in TIMES)


def unclear(text: str) -> list[tuple[int, str]]:
    """Find the PHRASES: offset and words of each match."""
    return [(m.start(), m[0]) for m in _PHRASE.finditer(text)]


def bad_name(name: str) -> bool:
    """Whether a name in the code contains one of NAMES, as `shelf_of` and `_Voyage` do.

    The name of a test is a sentence, in which "told" is a verb.
    """
    parts = {part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}
    return bool(parts & (NAMES - {"told"} if name.startswith("test_") else NAMES))


def in_text(file: str, line: int, text: str) -> Iterator[Finding]:
    """Check a text that starts on `line`; line breaks count as spaces."""
    flat = re.sub(r"\n[ \t]*(?:#+ ?|> )?", lambda m: "\n" + " " * (len(m[0]) - 1), text)
    joined, starts = _squeezed(flat)
    for offset, words in sorted(distributive(joined) + unclear(joined)):
        yield Finding(file, line + text.count("\n", 0, starts[offset]), words)


def _squeezed(text: str) -> tuple[str, list[int]]:
    """A text with single spaces, and the original offset of each of its characters."""
    letters, starts = [], []
    for match in re.finditer(r"\s+|\S", text):
        letters.append(" " if match[0].isspace() else match[0])
        starts.append(match.start())
    return "".join(letters), starts


def in_code(file: str, source: str) -> Iterator[Finding]:
    """Check the comments, docstrings, other strings and names of a Python file."""
    for line, text in _comments(source):
        yield from in_text(file, line, text)
    tree = ast.parse(source)
    for line, text in _strings(tree):
        yield from in_text(file, line, text)
        if text.lower() in NAMES:
            yield Finding(file, line, text)  # a key or a heading is a name
    for line, name in _names(tree):
        if bad_name(name):
            yield Finding(file, line, name)


def _comments(source: str) -> Iterator[tuple[int, str]]:
    """Each comment with its first line; comments that fill consecutive lines count as one."""
    text, first, last = "", 0, -1
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        line, alone = token.start[0], token.line.lstrip().startswith("#")
        if alone and line == last + 1:
            text += "\n" + token.string
        else:
            if text:
                yield first, text
            text, first = token.string, line
        last = line if alone else -1
    if text:
        yield first, text


def _strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Each string with its first line; in an f-string, every replacement field counts as a number."""
    pieces: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            pieces |= {id(one) for one in node.values}
            text = "".join(str(one.value) if isinstance(one, ast.Constant) else "1" for one in node.values)
            yield node.lineno, text
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in pieces:
            yield node.lineno, node.value


def _names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every name in the code: modules, classes, functions, arguments, variables, attributes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.value.lineno, node.arg
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.alias):
            for part in (node.name, node.asname or ""):
                yield node.lineno, part


def in_table(file: str, source: str) -> Iterator[Finding]:
    """Check the comments and the values of a TOML file."""
    for number, line in enumerate(source.splitlines(), start=1):
        _, mark, comment = _QUOTED.sub("", line).partition("#")
        if mark:
            yield from in_text(file, number, comment)
    for value in _values(tomllib.loads(source)):
        at = source.find(value[:40].split("\n", 1)[0].strip())
        yield from in_text(file, source.count("\n", 0, max(at, 0)) + 1, value)


def _values(table: Any) -> Iterator[str]:
    if isinstance(table, str):
        yield table
    elif isinstance(table, dict):
        for value in table.values():
            yield from _values(value)
    elif isinstance(table, list):
        for value in table:
            yield from _values(value)


def in_comments(file: str, source: str) -> Iterator[Finding]:
    """Check the comments of a Makefile or a script."""
    for number, line in enumerate(source.splitlines(), start=1):
        _, mark, comment = line.partition("#")
        if mark:
            yield from in_text(file, number, comment)


def in_page(file: str, source: str) -> Iterator[Finding]:
    """Check a Markdown page: each paragraph, list item and row of a table by itself."""
    line = 1
    for part in re.split(r"(\n(?=\n|\||- |\d+\. |#|```))", source):
        yield from in_text(file, line, part)
        line += part.count("\n")


def files(root: Path = ROOT) -> list[tuple[Path, Reader]]:
    """Every file that is checked, with the function that reads it."""
    found: list[tuple[Path, Reader]] = [
        (path, in_code)
        for folder in CODE
        for path in sorted((root / folder).rglob("*.py"))
        if path.relative_to(root).as_posix() not in OWN
    ]
    readers: dict[tuple[str, ...], Reader] = {PAGES: in_page, TABLES: in_table, COMMENTED: in_comments}
    for patterns, reader in readers.items():
        found += [(path, reader) for path in sorted({path for one in patterns for path in root.glob(one)})]
    return found


def findings(root: Path = ROOT) -> list[Finding]:
    """Everything found in the project, by file and line."""
    found: list[Finding] = []
    for path, reader in files(root):
        name = path.relative_to(root).as_posix()
        found += reader(name, path.read_text(encoding="utf-8"))
        if reader is in_code and bad_name(path.stem):
            found.append(Finding(name, 1, path.stem))
    return sorted(found, key=lambda one: (one.file, one.line))
