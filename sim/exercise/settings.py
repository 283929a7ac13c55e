"""What a teacher sets for an exercise: its days, rounds, groups and seats, its luck, its pace."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError, nearest
from sim.exercise.seats import SEATS
from sim.files.toml_reader import read_toml
from sim.inputs.scenario import LARGEST_SEED, Scenario
from sim.inputs.scenario_reader import load_scenario, scenario_names
from sim.schema import validation

# On this day the decree is signed, talks were due and the troops begin to leave (S9, S10, S12): whoever starts here
# takes the decisions that the text records, with everything before them as the text has it.
FIRST_DAY: Final = dt.date(2020, 3, 10)

ROUNDS: Final = (2, 12)
WEEKS: Final = (2, 6)
GROUPS: Final = (1, 10)
QUESTIONS: Final = (0, 2)  # a round
ENSEMBLE: Final = (16, 512)  # worlds
WORLD: Final = (0, 999)
MINUTES: Final = (0.5, 120.0)
LONGEST_TITLE: Final = 80


@dataclass(frozen=True, slots=True)
class ExerciseSettings:
    """One exercise. Raises InputError for anything out of bounds, or a base that cannot be played over these days.

    title: for screens; base: a scenario that ships; start: first day of round 1; rounds: how many, each of `weeks`
    weeks; groups: how many play side by side; seats: those that students may take, the model's own actors play the
    rest; world, seed: the luck that all groups share; worlds: of the ensemble behind forecasts and effects; minutes:
    of real time a round, None for no limit; questions: forecasts asked a round.
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

    def __post_init__(self) -> None:
        """Check every part. Raises InputError with its name."""
        for name, check in _CHECKS.items():
            try:
                object.__setattr__(self, name, check(getattr(self, name)))
            except InputError as error:
                raise error.at(path=name) from None
        base = self.scenario()
        if self.start <= base.start:
            raise InputError(f"must be after {base.start}, the first day of the base", path="start", value=self.start)
        if not base.resolved()["agreement.signed"]:
            raise InputError("has no agreement to negotiate about", path="base", value=self.base, nearest="baseline")

    @property
    def end(self) -> dt.date:
        """The day after the last round."""
        return self.ends(self.rounds)

    def starts(self, number: int) -> dt.date:
        """The first day of a round, counted from 1."""
        return self.start + dt.timedelta(weeks=self.weeks * (number - 1))

    def ends(self, number: int) -> dt.date:
        """The day after a round's last."""
        return self.starts(number + 1)

    def scenario(self) -> Scenario:
        """The base, cut or drawn out to the end of the exercise. Raises InputError."""
        return replace(load_scenario(self.base).with_dates(end=self.end), run={})

    def to_json(self) -> str:
        """As text for the database."""
        return json.dumps(asdict(self), default=str, sort_keys=True, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> "ExerciseSettings":
        """What `to_json` wrote."""
        given = json.loads(text)
        return cls(**{**given, "start": dt.date.fromisoformat(given["start"]), "seats": tuple(given["seats"])})


def read_settings(tables: Mapping[str, Any], *, file: object = None) -> ExerciseSettings:
    """Settings from the table of a TOML file; what it leaves out stays at its default. Raises InputError."""
    known = [one.name for one in fields(ExerciseSettings)]
    for key, value in tables.items():
        if key not in known:
            raise InputError("no such key", file=file, path=key, value=value, nearest=nearest(key, known))
    try:
        return ExerciseSettings(**tables)
    except InputError as error:
        raise error.at(file=file) from None


def load_settings(path: str | Path) -> ExerciseSettings:
    """Settings from a TOML file. Raises InputError."""
    return read_settings(read_toml(Path(path)), file=path)


def _whole(bounds: tuple[int, int], unit: str = "") -> Any:
    return lambda value: validation.number(value, *bounds, unit, whole=True)


def _title(value: Any) -> str:
    return validation.text(value, LONGEST_TITLE)


def _base(value: Any) -> str:
    return validation.choice(value, scenario_names())


def _seats(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise InputError("must be a list of seats", value=value, expected=", ".join(SEATS))
    chosen = {validation.choice(name, tuple(SEATS)) for name in value}
    return tuple(name for name in SEATS if name in chosen)


def _minutes(value: Any) -> float | None:
    return None if value is None else validation.number(value, *MINUTES, "minutes")


_CHECKS: Final[Mapping[str, Any]] = {
    "title": _title,
    "base": _base,
    "start": validation.date,
    "rounds": _whole(ROUNDS, "rounds"),
    "weeks": _whole(WEEKS, "weeks"),
    "groups": _whole(GROUPS, "groups"),
    "seats": _seats,
    "world": _whole(WORLD),
    "seed": _whole((0, LARGEST_SEED)),
    "worlds": _whole(ENSEMBLE, "worlds"),
    "minutes": _minutes,
    "questions": _whole(QUESTIONS, "questions"),
}
