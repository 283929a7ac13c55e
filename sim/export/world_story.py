"""One world as a page to print: what happened, why talks opened or not, and how each party reads it."""

from collections.abc import Iterator
from pathlib import Path

from sim.analysis.causes.chain import OPENING
from sim.analysis.causes.clauses import question
from sim.analysis.causes.spoken import spoken
from sim.analysis.causes.why import why
from sim.analysis.narrative import narrate
from sim.analysis.readings.readings import Reading, read_run
from sim.analysis.readings.words import NO_WINNER, came, wanted
from sim.analysis.world_history import History, history
from sim.errors import InputError
from sim.export.page import page
from sim.export.page_parts import Paragraph, Part, Table
from sim.files.atomic_io import put
from sim.inputs.scenario import Scenario
from sim.schema.assumptions import Assumptions
from sim.schema.formatting import day


def check_new(path: Path) -> None:
    """Raise InputError for a file that exists already, or a folder that does not, before anything is run."""
    if path.exists():
        raise InputError("exists already", path="--story", value=str(path), expected="the name of a new file")
    if not path.parent.is_dir():
        raise InputError("no such folder", path="--story", value=str(path.parent))


def write_story(path: Path, scenario: Scenario, world: int, seed: int, assumptions: Assumptions) -> None:
    """Run a world, test why talks opened or not, and write both as one page. Raises InputError and OSError."""
    past = history(scenario, world, seed, assumptions=assumptions)
    answer = why(scenario, OPENING, world=world, seed=seed, assumptions=assumptions)
    put(path, story_page(past, question(OPENING, world, answer.date), spoken(answer)).encode())


def story_page(past: History, asked: str = "", answer: str = "") -> str:
    """Return a world as an HTML page. asked, answer: a question that was tested, and its answer; "" for none."""
    size = f"World {past.world}, seed {past.seed}, {past.results.assumptions} assumptions"
    title = f"World {past.world}: {past.scenario.title}"
    return page(title, list(_parts(past, asked, answer)), lead=f"{size}; scenario {past.scenario.hash()[:12]}.")


def _parts(past: History, asked: str, answer: str) -> Iterator[Part]:
    """Yield the parts of the page."""
    if answer:
        yield Paragraph(asked, 2)
        yield Paragraph(answer)
    yield Paragraph("What happened, and why", 2)
    rows = [(day(one.date), one.who, one.text, one.why) for one in narrate(past) if one.who != "Scenario"]
    yield Table("", ("date", "who", "what", "why"), rows)
    yield Paragraph("Five readings", 2)
    yield Paragraph(NO_WINNER)
    yield readings_table(read_run(past.results))


def readings_table(found: tuple[Reading, ...]) -> Table:
    """Return all readings as one table, one row per aim."""
    rows = [
        (one.reader.label if place == 0 else "", verdict.aim.text, wanted(verdict), came(verdict))
        for one in found for place, verdict in enumerate(one.verdicts)
    ]  # fmt: skip
    return Table("", ("who", "aim", "wanted", "came"), rows)
