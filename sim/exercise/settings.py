"""The settings of an exercise: days, rounds, groups, seats, world and seed, and minutes per round."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, get_args

from sim.errors import InputError, nearest
from sim.exercise.quiz import QuizQuestion, checked, quiz_of
from sim.exercise.seats import SEATS, Which
from sim.exercise.time_zone import UTC, time_zone
from sim.exercise.watchers import PRESSES, Press, watching
from sim.files.toml_reader import read_toml
from sim.inputs.scenario import EARLIEST, LARGEST_SEED, LATEST, Scenario
from sim.inputs.scenario_reader import load_scenario, scenario_names
from sim.schema import arguments, validation

# On this day the decree is signed, talks were due and the troops begin to leave (S9, S10, S12). An exercise that starts
# here lets students take the decisions that the text records; everything before is as in the text.
FIRST_DAY: Final = dt.date(2020, 3, 10)

ROUNDS: Final = (2, 12)
WEEKS: Final = (2, 6)
GROUPS: Final = (1, 10)
QUESTIONS: Final = (0, 2)  # per round
ENSEMBLE: Final = (16, 512)  # worlds
WORLD: Final = (0, 999)
MINUTES: Final = (0.5, 120.0)
LONGEST_TITLE: Final = 80


@dataclass(frozen=True, slots=True)
class ExerciseSettings:
    """The settings. Raises InputError for values out of bounds, or a base that cannot be played over these days.

    title: for screens; base: a shipped scenario; start: first day of round 1; rounds: how many, each of `weeks` weeks;
    groups: how many play in parallel; seats: those that students may take, the model's own actors play the others;
    world, seed: the world that all groups play, with the same random numbers; worlds: of the ensemble for forecasts and
    effects; minutes: of real time per round, None for no limit; questions: per round; quiz: the questions asked before
    round 1 and after the end, none for no quiz; press: "class" or "groups" for a seat without levers that writes the
    headline of each round, of the class or of each group, "none" without; observers: whether others may watch;
    time_zone: of deadlines with a date, such as Europe/Berlin; levers: "all", or "main" for at most three per seat.
    """

    title: str = "Class exercise"
    base: str = "baseline"
    start: dt.date = FIRST_DAY
    rounds: int = 6
    weeks: int = 4
    groups: int = 2
    seats: tuple[str, ...] = tuple(SEATS)
    world: int = 0
    seed: int = 0
    worlds: int = 64
    minutes: float | None = None
    questions: int = 2
    quiz: tuple[QuizQuestion, ...] = ()
    press: Press = "none"
    observers: bool = False
    time_zone: str = UTC
    levers: Which = "all"

    def __post_init__(self) -> None:
        """Check every field. Raises InputError with the name of an invalid one."""
        for name, check in _CHECKS.items():
            try:
                object.__setattr__(self, name, check(getattr(self, name)))
            except InputError as error:
                raise error.at(path=name) from None
        first = load_scenario(self.base).start
        if self.start <= first:
            raise InputError(f"must be after {first}, the first day of the base", path="start", value=self.start)
        try:
            base = self.scenario()
        except InputError as error:  # of a date that the caller did not give
            problem = f"the exercise would end on {self.end}: {error.problem}"
            raise InputError(problem, path="start", value=self.start, expected=error.expected) from None
        if not base.resolved()["agreement.signed"]:
            raise InputError("has no agreement to negotiate about", path="base", value=self.base, nearest="baseline")

    @property
    def end(self) -> dt.date:
        """The day after the last round."""
        return self.ends(self.rounds)

    @property
    def places(self) -> tuple[tuple[int, str], ...]:
        """The group and seat of every place that a code opens: the seats of the groups, and those who watch."""
        seats = ((group, seat) for group in range(1, self.groups + 1) for seat in self.seats)
        return (*seats, *watching(self.press, self.groups, observers=self.observers))

    def starts(self, number: int) -> dt.date:
        """Return the first day of a round, counted from 1."""
        return self.start + dt.timedelta(weeks=self.weeks * (number - 1))

    def ends(self, number: int) -> dt.date:
        """Return the day after a round's last day."""
        return self.starts(number + 1)

    def scenario(self) -> Scenario:
        """Return the base, shortened or extended to the end of the exercise. Raises InputError."""
        return _until(self.base, self.end)

    def to_json(self) -> str:
        """Return the settings as text for the database."""
        return json.dumps(asdict(self), default=str, sort_keys=True, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> "ExerciseSettings":
        """Return the settings that `to_json` wrote. Raises InputError for any other text."""
        try:
            given = json.loads(text)
            quiz = tuple(QuizQuestion(**one) for one in given.get("quiz", ()))
            start, seats = dt.date.fromisoformat(given["start"]), tuple(given["seats"])
            return cls(**{**given, "start": start, "seats": seats, "quiz": quiz})
        except (LookupError, RecursionError, TypeError, ValueError) as error:
            raise InputError("its settings cannot be read") from error


def read_settings(tables: Mapping[str, Any], *, file: object = None) -> ExerciseSettings:
    """Return settings from the table of a TOML file; missing keys get their defaults. Raises InputError.

    quiz: true for the one that comes with Jirga, or the name of a file beside this one.
    """
    known = [one.name for one in fields(ExerciseSettings)]
    for key, value in arguments.table("settings", tables, "values by name").items():
        if key not in known:
            raise InputError("no such key", file=file, path=key, value=value, nearest=nearest(key, known))
    folder = Path(file).parent if isinstance(file, str | Path) else Path()
    quiz = {"quiz": quiz_of(tables["quiz"], folder)} if "quiz" in tables else {}
    try:
        return ExerciseSettings(**{**tables, **quiz})
    except InputError as error:
        raise error.at(file=file) from None


def load_settings(path: str | Path) -> ExerciseSettings:
    """Return settings from a TOML file. Raises InputError."""
    path = arguments.path("path", path)
    return read_settings(read_toml(path), file=path)


@lru_cache(maxsize=16)
def _until(base: str, end: dt.date) -> Scenario:
    """Return a shipped scenario, shortened or extended to a day. Raises InputError."""
    return replace(load_scenario(base).with_dates(end=end), run={})


def _whole(bounds: tuple[int, int], unit: str = "") -> Any:
    return lambda value: validation.number(value, *bounds, unit, whole=True)


def _title(value: Any) -> str:
    return validation.text(value, LONGEST_TITLE)


def _base(value: Any) -> str:
    return validation.choice(value, scenario_names())


def _seats(value: Any) -> tuple[str, ...]:
    given = arguments.items("seats", value, "seats")
    if not given:
        raise InputError("must be a list of seats", value=value, expected=", ".join(SEATS))
    chosen = {validation.choice(name, tuple(SEATS)) for name in given}
    return tuple(name for name in SEATS if name in chosen)


def _start(value: Any) -> dt.date:
    return validation.date(arguments.date("start", value), EARLIEST, LATEST)


def _minutes(value: Any) -> float | None:
    return None if value is None else validation.number(value, *MINUTES, "minutes")


def _levers(value: Any) -> str:
    return validation.choice(value, get_args(Which))


def _press(value: Any) -> str:
    return validation.choice(value, PRESSES)


_CHECKS: Final[Mapping[str, Any]] = {
    "title": _title,
    "base": _base,
    "start": _start,
    "rounds": _whole(ROUNDS, "rounds"),
    "weeks": _whole(WEEKS, "weeks"),
    "groups": _whole(GROUPS, "groups"),
    "seats": _seats,
    "world": _whole(WORLD),
    "seed": _whole((0, LARGEST_SEED)),
    "worlds": _whole(ENSEMBLE, "worlds"),
    "minutes": _minutes,
    "questions": _whole(QUESTIONS, "questions"),
    "quiz": checked,
    "press": _press,
    "observers": validation.boolean,
    "time_zone": time_zone,
    "levers": _levers,
}
