"""Refresh the generated parts of the documents: `python -m docs.refresh`; `--check` changes nothing.

Between `<!-- table: NAME -->` and `<!-- end -->` is a table from `docs.tables`, from `docs.layout` (about the code) or
from `docs.classroom` (teaching kit); after `<!-- output: NAME -->` the real output of a command; after
`<!-- answer: NAME -->` figures of the model from `docs.cards` and `docs.worksheets`. Tables must match exactly. Outputs
and answers are computed again and must have the same rows with nearly the same figures, because the last digit may
differ on another processor.
"""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from docs import evidence, handouts, kit_sheets
from docs.cards import CARDS
from docs.classroom import KIT_TABLES
from docs.layout import LAYOUT_TABLES
from docs.tables import TABLES
from docs.worksheets import SHEETS
from sim.analysis.cliff_summary import read_summary
from sim.schema.formatting import MINUS
from sim.study.model_hash import model_hash

ROOT: Final = Path(__file__).resolve().parent.parent
KIT: Final = tuple(sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs" / "teaching").rglob("*.md")))
PAGES: Final = (
    "README.md",
    "docs/model.md",
    "docs/cliffs.md",
    "docs/what-ifs.md",
    "docs/evidence.md",
    "docs/architecture.md",
    "docs/files.md",
    *KIT,
)
ANSWERS: Final = CARDS | SHEETS
MADE: Final[dict[str, Callable[[], str]]] = {**TABLES, **KIT_TABLES, **LAYOUT_TABLES}
PICTURES: Final = ("attacks", "what_blocks_talks")
WORLDS: Final = 1000
COLUMNS: Final = 110  # wide enough for every row of the facts on one line
NEAR: Final = 0.02  # relative, or two points of a hundred

_BLOCK = re.compile(r"<!-- (table|output|answer): ([a-z-]+) -->\n(.*?)<!-- end -->", re.DOTALL)
_FACT_ROW = re.compile(r"^\s*S\d+\s.*\s(holds|FAILS)\s*$")
_NUMBER = re.compile(rf"[+{MINUS}-]?\d[\d,]*(?:\.\d+)?")

Row = tuple[str, ...]


def blocks(text: str) -> dict[str, str]:
    """The content of each block of a page, by "table NAME", "output NAME" or "answer NAME"."""
    return {f"{found[1]} {found[2]}": found[3] for found in _BLOCK.finditer(text)}


def filled(text: str, content: Mapping[str, str]) -> str:
    """A page with its blocks replaced by `content`; its keys are those of `blocks`. Other blocks are unchanged."""

    def put(found: re.Match[str]) -> str:
        fresh = content.get(f"{found[1]} {found[2]}")
        if fresh is None:
            return found[0]
        return f"<!-- {found[1]}: {found[2]} -->\n\n{fresh}\n\n<!-- end -->"

    return _BLOCK.sub(put, text)


def tables_in(text: str) -> dict[str, str]:
    """The fresh tables of a page, by block. Raises KeyError for an unknown table."""
    names = [name.removeprefix("table ") for name in blocks(text) if name.startswith("table ")]
    return {f"table {name}": MADE[name]() for name in names}


def answers_in(text: str) -> dict[str, str]:
    """The fresh answers of a page, by block. Raises KeyError for an unknown answer."""
    names = [name.removeprefix("answer ") for name in blocks(text) if name.startswith("answer ")]
    return {f"answer {name}": ANSWERS[name]() for name in names}


def printed(arguments: Sequence[str], setting: Mapping[str, str] = MappingProxyType({})) -> str:
    """The output of a Python command, without trailing blanks. Raises CalledProcessError if it fails."""
    done = subprocess.run(  # noqa: S603  the arguments are this module's own
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | setting,
        capture_output=True,
        text=True,
        check=True,
    )
    return "\n".join(line.rstrip() for line in done.stdout.strip().splitlines())


def run_baseline() -> str:
    """The block with the output of `make run`."""
    shown = printed(
        ["-m", "sim.cli", "run", "baseline", "--worlds", str(WORLDS)], {"COLUMNS": str(COLUMNS), "TERM": "dumb"}
    )
    return f"```text\n$ make run\n{shown}\n```"


OUTPUTS: Final[Mapping[str, Callable[[], str]]] = {"output run-baseline": run_baseline}


def fact_rows(shown: str) -> list[Row]:
    """The rows of the text's facts beside the model's, cell by cell."""
    return [tuple(re.split(r"\s{2,}", line.strip())) for line in shown.splitlines() if _FACT_ROW.match(line)]


def alike(one: Row, other: Row) -> bool:
    """Whether two rows agree: the same words, and nearly the same figures of the model."""
    if len(one) != len(other) or one[:3] != other[:3] or one[-1] != other[-1]:
        return False
    return all(_near(a, b) for a, b in zip(_figures(one[3]), _figures(other[3]), strict=True))


def _figures(words: str) -> list[float]:
    scale = 100 if "%" in words else 1
    return [float(number.replace(",", "")) / scale for number in re.findall(r"[\d,]*\.?\d+", words)]


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= NEAR * max(abs(a), abs(b), 1 if max(a, b) <= 1 else 0)


def same_output(name: str, there: str, fresh: str) -> bool:
    """Whether an output agrees with that of a fresh run."""
    if name != "output run-baseline":
        return True
    old, new = fact_rows(there), fact_rows(fresh)
    return bool(old) and len(old) == len(new) and all(alike(a, b) for a, b in zip(old, new, strict=True))


def same_answer(there: str, fresh: str) -> bool:
    """Whether two tables agree: the same words, and nearly the same figures in each part of a cell."""
    if _NUMBER.sub("", there.strip()) != _NUMBER.sub("", fresh.strip()):
        return False
    old, new = (re.split(r"\||: ", text) for text in (there, fresh))
    return all(_parts_near(*parts) for parts in zip(old, new, strict=True))


def _parts_near(one: str, other: str) -> bool:
    """Whether figures differ by at most a last digit, or by NEAR of the largest figure in the same part."""
    texts = _NUMBER.findall(one)
    old, new = ([_read(text) for text in _NUMBER.findall(part)] for part in (one, other))
    largest = max((abs(figure) for figure in old), default=0.0)
    digits = [10.0 ** -len(text.partition(".")[2]) for text in texts]
    return all(abs(a - b) <= 1.01 * max(NEAR * largest, d) for a, b, d in zip(old, new, digits, strict=True))


def _read(text: str) -> float:
    return float(text.replace(",", "").replace(MINUS, "-"))


def stale_answers(pages: Sequence[str] = KIT) -> list[str]:
    """The answers that differ from what the model gives now, as "page: name"."""
    found = []
    for page in pages:
        text = (ROOT / page).read_text(encoding="utf-8")
        there = blocks(text)
        found += [f"{page}: {name}" for name, fresh in answers_in(text).items() if not same_answer(there[name], fresh)]
    return found


def stale_tables(pages: Sequence[str] = PAGES) -> list[str]:
    """The tables that differ from what the code gives now, as "page: name"."""
    found = []
    for page in pages:
        text = (ROOT / page).read_text(encoding="utf-8")
        there = blocks(text)
        found += [f"{page}: {name}" for name, fresh in tables_in(text).items() if there[name].strip() != fresh]
    return found


def stale_outputs(pages: Sequence[str] = PAGES) -> list[str]:
    """The outputs that differ from those of a fresh run, as "page: name"."""
    found = []
    for page in pages:
        there = blocks((ROOT / page).read_text(encoding="utf-8"))
        wanted = [name for name in OUTPUTS if name in there]
        found += [f"{page}: {name}" for name in wanted if not same_output(name, there[name], OUTPUTS[name]())]
    return found


def missing_pictures() -> list[str]:
    """The pictures that are missing, or were drawn for another version of the baseline."""
    from sim.inputs.scenario_reader import load_scenario

    mark = load_scenario("baseline").hash()[:12]
    paths = {name: picture(name) for name in PICTURES}
    return [
        f"{path.relative_to(ROOT)}: {mark}"
        for path in paths.values()
        if not path.is_file() or mark not in path.read_text(encoding="utf-8")
    ]


def picture(name: str) -> Path:
    """The path of the picture of a chart of the baseline."""
    return ROOT / "docs" / "images" / f"baseline-{name.replace('_', '-')}.svg"


def draw() -> None:
    """Draw the pictures of the baseline."""
    from sim.charts import run_charts, svg
    from sim.inputs.scenario_reader import load_scenario
    from sim.runs.runner import simulate

    charts = run_charts(simulate(load_scenario("baseline"), WORLDS))
    for name in PICTURES:
        path = picture(name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(svg(charts[name]) + "\n", encoding="utf-8")
        print(f"drawn {path.relative_to(ROOT)}")


def refresh() -> None:
    """Rewrite every block and picture."""
    for page in PAGES:
        path = ROOT / page
        text = path.read_text(encoding="utf-8")
        content = tables_in(text) | answers_in(text)
        content |= {name: make() for name, make in OUTPUTS.items() if name in blocks(text)}
        fresh = filled(text, content)
        if fresh != text:
            path.write_text(fresh, encoding="utf-8")
            print(f"refreshed {page}")
    draw()  # before the handouts, which hold one of the pictures
    if kit_sheets.write():
        print(f"refreshed {kit_sheets.FILE.relative_to(ROOT)}")
    if read_summary().model != model_hash():
        print("the search for cliffs is of another version of the model: run make cliffs")
    if evidence.saved()["model"] != model_hash():
        print("what sets of facts change is of another version of the model: run python -m docs.evidence")
    old = handouts.stale()
    if old:
        print(f"hand-outs of another plan or version of the model: run python -m docs.handouts {' '.join(old)}")


def check() -> int:
    """Print what is out of date. Returns 1 if anything is, else 0."""
    stale = [*stale_tables(), *stale_outputs(), *stale_answers(), *kit_sheets.stale(), *missing_pictures()]
    for place in stale:
        print(f"stale: {place}", file=sys.stderr)
    if stale:
        print("run: make docs", file=sys.stderr)
    return 1 if stale else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Refresh the documents, or check whether they are up to date. Returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m docs.refresh", description="Refresh the generated parts of the documents."
    )
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if something is out of date")
    chosen = parser.parse_args(arguments)
    if chosen.check:
        return check()
    try:
        refresh()
    except subprocess.CalledProcessError as error:
        print(f"failed: {error}\n{error.stdout}{error.stderr}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
