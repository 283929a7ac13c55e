"""Running a study: what is missing is computed, what is there stays, and what is damaged is computed again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.study import lock, part
from sim.study.executors import Executor, SkippedUnit
from sim.study.folder import Folder, as_input_error
from sim.study.unit import Unit

if TYPE_CHECKING:
    from sim.runs.sequential import InterimResult

Progress = Callable[[int, int], None]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class RunSummary:
    """How a run ended."""

    rows: int  # worlds of points that are there
    failed: int  # of these, rows that hold an error
    elsewhere: int  # rows that belong to other shares and are not there
    set_aside: list[dict[str, Any]]  # units that killed their workers
    replaced: int  # parts that were damaged and were computed again
    look: "InterimResult | None" = None  # for a plan with [until]: what the worlds say

    @property
    def clean(self) -> bool:
        """Whether every row asked for is there and without an error."""
        return not self.failed and not self.set_aside


@dataclass(frozen=True, slots=True)
class Share:
    """Every n-th unit, for machines that share no disk: part `number` of `of`."""

    number: int = 1
    of: int = 1

    @classmethod
    def parse(cls, words: str) -> "Share":
        """From "1/3". Raises InputError."""
        number, _, of = words.partition("/")
        if not (number.isascii() and number.isdecimal() and of.isascii() and of.isdecimal() and len(words) < 10):  # noqa: PLR2004
            raise InputError("not a share", path="share", value=words, expected="such as 1/3, 2/3 and 3/3")
        if not 1 <= int(number) <= int(of):
            raise InputError("out of bounds", path="share", value=words, expected=f"1/{of} to {of}/{of}")
        return cls(int(number), int(of))


def run(
    folder: Folder,
    engine: Executor,
    *,
    share: Share | None = None,
    progress: Progress | None = None,
    tell: Tell | None = None,
) -> RunSummary:
    """Compute what a study lacks, round after round.

    share: of the units, if not all; progress: called with the rows done and to do; tell: called with a sentence
    about each damaged part. Raises InputError if another run is at work, if the folder cannot be written or is of
    another model, WorkersDie if the engine can do nothing; the parts done by then stay.
    """
    folder.check_model()
    with folder.lock() as held, as_input_error(folder.parts, "written"):
        found = _Run(folder, engine, share or Share(), progress or (lambda _done, _total: None))
        found.update_summary(tell or (lambda _words: None))
        lock.sign(held, sum(found.rows.values()))
        found.to_the_end()
    return found.summary()


class _Run:
    """A run at work: which parts are there, how many of their rows failed, which units are set aside."""

    def __init__(self, folder: Folder, engine: Executor, share: Share, progress: Progress) -> None:
        self.folder, self.engine, self.share, self.progress = folder, engine, share, progress
        self.rows: dict[str, int] = {}  # by the key of a part that is there
        self.failed = self.replaced = self.lacking = 0
        self.look: InterimResult | None = None
        self.set_aside: list[dict[str, Any]] = []

    def update_summary(self, tell: Tell) -> None:
        """Read every part that is there; one that is damaged counts as missing."""
        keys, done = self.folder.keys(), self.folder.done()
        for key, unit in keys.items():
            if key not in done:
                continue
            file = part.path(self.folder.parts, key)
            try:
                self.failed += part.failed_rows(file.read_bytes(), key)
                self.rows[key] = unit.rows
            except part.DamagedPart as error:
                tell(f"{file}: {error}; it is computed again")
                self.replaced += 1

    def to_the_end(self) -> None:
        """Round after round until there is nothing more to do."""
        self.folder.skip_units([])
        while True:
            keys = self.folder.keys()
            self.fill(keys)
            self.lacking = sum(unit.rows for key, unit in keys.items() if key not in self.rows)
            until = self.folder.plan.until
            if self.lacking or until is None:
                return
            from sim.study.rounds import interim_result  # SciPy, only where intervals decide

            self.look = interim_result(self.folder, until)
            if self.look.state != "more":
                return
            self.folder.extend(self.look.goal)

    def summary(self) -> RunSummary:
        """How it ended."""
        elsewhere = self.lacking - sum(one["rows"] for one in self.set_aside)
        rows = sum(self.rows.values())
        return RunSummary(rows, self.failed, elsewhere, self.set_aside, self.replaced, self.look)

    def fill(self, keys: dict[str, Unit]) -> None:
        """Compute this share's units that are not there."""
        mine = dict(list(keys.items())[self.share.number - 1 :: self.share.of])
        total = sum(unit.rows for unit in mine.values())
        done = sum(self.rows.get(key, 0) for key in mine)
        self.progress(done, total)
        tasks = (self.folder.work.task(unit) for key, unit in mine.items() if key not in self.rows)
        for found in self.engine.run(tasks):
            task = found.task
            done += task.unit.rows
            if isinstance(found, SkippedUnit):
                self._skip(found)
            else:
                if found.data is not None:
                    part.write(self.folder.parts, task.key, found.data)
                self.rows[task.key] = task.unit.rows
                self.failed += found.failed
            self.progress(done, total)

    def _skip(self, found: SkippedUnit) -> None:
        """Put on record that a unit is set aside, at once."""
        unit = found.task.unit
        text = {
            "key": found.task.key, "scenario": found.task.scenario.name, "points": [unit.low, unit.high - 1],
            "worlds": [unit.first, unit.first + unit.worlds - 1], "rows": unit.rows, "why": found.why,
        }  # fmt: skip
        self.set_aside.append(text)
        self.folder.skip_units(self.set_aside)
