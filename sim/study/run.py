"""Run a study: compute missing parts, keep existing parts, and compute damaged parts again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.schema import arguments
from sim.study import lock, part
from sim.study.executors import Executor, SkippedUnit
from sim.study.folder import Folder, as_input_error, check_study
from sim.study.unit import Unit

if TYPE_CHECKING:
    from sim.runs.sequential import InterimResult

Progress = Callable[[int, int], None]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class RunSummary:
    """The summary of a run."""

    rows: int  # existing rows: worlds, over all points
    failed: int  # of these, rows that contain an error
    elsewhere: int  # missing rows that belong to other shares
    set_aside: list[dict[str, Any]]  # skipped units, because their workers died
    replaced: int  # damaged parts that were computed again
    look: "InterimResult | None" = None  # for a plan with [until]: the last interim result

    @property
    def clean(self) -> bool:
        """Whether every row of this share exists and has no error."""
        return not self.failed and not self.set_aside


@dataclass(frozen=True, slots=True)
class Share:
    """Every n-th unit, for machines without a shared disk: share `number` of `of`."""

    number: int = 1
    of: int = 1

    @classmethod
    def parse(cls, words: str) -> "Share":
        """From "1/3". Raises InputError."""
        arguments.text("share", words)
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
    """Compute the missing parts of a study, round after round.

    share: of the units, if not all; progress: called with the rows done and the total; tell: called with a message
    about each damaged part. Raises InputError if another run is using the folder, if it cannot be written or was
    computed by another model, and WorkerPoolError if no worker can be used; parts written until then are kept.
    """
    check_study(folder)
    if not callable(getattr(engine, "run", None)):
        problem = "must be an executor: sim.study.executors.open_executor(...)"
        raise InputError(problem, path="engine", value=engine)
    if share is not None:
        arguments.instance("share", share, Share, "a Share")
    arguments.callback("progress", progress)
    arguments.callback("tell", tell)
    folder.check_model()
    with folder.lock() as held, as_input_error(folder.parts, "written"):
        found = _Run(folder, engine, share or Share(), progress or (lambda _done, _total: None))
        found.update_summary(tell or (lambda _words: None))
        lock.sign(held, sum(found.rows.values()))
        found.run_rounds()
    return found.summary()


class _Run:
    """The state of a run: existing parts, failed rows, skipped units."""

    def __init__(self, folder: Folder, engine: Executor, share: Share, progress: Progress) -> None:
        self.folder, self.engine, self.share, self.progress = folder, engine, share, progress
        self.rows: dict[str, int] = {}  # by the key of each existing part
        self.failed = self.replaced = self.lacking = 0
        self.look: InterimResult | None = None
        self.set_aside: list[dict[str, Any]] = []

    def update_summary(self, tell: Tell) -> None:
        """Read every existing part; a damaged part counts as missing."""
        keys, done = self.folder.keys(), self.folder.done()
        for key, unit in keys.items():
            if key not in done:
                continue
            file = part.path(self.folder.parts, key)
            try:
                self.failed += self.folder.check(key, unit)
                self.rows[key] = unit.rows
            except part.DamagedPart as error:
                tell(f"{file}: {error}; it will be computed again")
                self.replaced += 1

    def run_rounds(self) -> None:
        """Run round after round until nothing is left to do."""
        self.folder.skip_units([])
        while True:
            keys = self.folder.keys()
            self.fill(keys)
            self.lacking = sum(unit.rows for key, unit in keys.items() if key not in self.rows)
            until = self.folder.plan.until
            if self.lacking or until is None:
                return
            from sim.study.rounds import interim_result  # imports SciPy

            self.look = interim_result(self.folder, until)
            if self.look.state != "more":
                return
            self.folder.extend(self.look.goal)

    def summary(self) -> RunSummary:
        """The summary of the run."""
        elsewhere = self.lacking - sum(one["rows"] for one in self.set_aside)
        rows = sum(self.rows.values())
        return RunSummary(rows, self.failed, elsewhere, self.set_aside, self.replaced, self.look)

    def fill(self, keys: dict[str, Unit]) -> None:
        """Compute the missing units of this share."""
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
        """Record a skipped unit immediately."""
        unit = found.task.unit
        text = {
            "key": found.task.key, "scenario": found.task.scenario.name, "points": [unit.low, unit.high - 1],
            "worlds": [unit.first, unit.first + unit.worlds - 1], "rows": unit.rows, "why": found.why,
        }  # fmt: skip
        self.set_aside.append(text)
        self.folder.skip_units(self.set_aside)
