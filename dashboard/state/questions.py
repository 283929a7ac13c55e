"""The guided questions: what a reader is asked, which scenario answers it, and what to try afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from dashboard.state.state import REFERENCE, State, shipped
from sim.errors import InputError, nearest
from sim.schema import validation
from sim.schema.entries import read_entries
from sim.schema.frozen_map import FrozenMap
from sim.schema.milestones import MILESTONES
from sim.schema.outcomes import OUTCOMES
from sim.schema.series import SERIES

FILE: Final = Path(__file__).with_name("questions.toml")
WORLDS: Final = 1000  # of each answer
TEXTS: Final = ("ask", "more", "same", "less", "to_do")
NEEDED: Final = ("scenario", "outcome", "series", *TEXTS)
LONGEST: Final = 200  # characters of a text


@dataclass(frozen=True)
class Question:
    """One guided question. Raises InputError for an invalid field.

    scenario: the shipped scenario whose effect against the baseline is the answer; outcome: a milestone, or an outcome
    that is counted; series: the curve that Explore shows; more, same, less: the answers to choose from, of the outcome;
    to_do: what to try on Explore; because: outcomes that say why, none for a question about talks.
    """

    name: str
    ask: str
    scenario: str
    outcome: str
    series: str
    more: str
    same: str
    less: str
    to_do: str
    because: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check every field. Raises InputError."""
        for key in TEXTS:
            try:
                validation.text(getattr(self, key), LONGEST)
            except InputError as error:
                raise error.at(path=key) from None
        _known("outcome", self.outcome, (*MILESTONES, *OUTCOMES))
        _known("series", self.series, SERIES)
        object.__setattr__(self, "because", tuple(self.because))
        for name in self.because:
            _known("because", name, OUTCOMES)
        if shipped(self.scenario).hash() == shipped(REFERENCE).hash():
            raise InputError("asks nothing: it is the baseline", path="scenario", value=self.scenario)

    @property
    def dated(self) -> bool:
        """Whether the outcome is a milestone: reached or not, on a date."""
        return self.outcome in MILESTONES

    @property
    def guesses(self) -> Mapping[str, str]:
        """The answers to choose from, by verdict."""
        return {"more": self.more, "same": self.same, "less": self.less}

    def state(self, worlds: int = WORLDS) -> State:
        """Return the state that answers it, which Explore opens too."""
        return State(self.scenario, worlds=worlds, series=self.series)


@lru_cache(maxsize=1)
def questions() -> FrozenMap[Question]:
    """Return every guided question by name, in the order of the file. Raises InputError for an invalid entry."""
    return read_entries(FILE, NEEDED, ("because",), lambda name, table: Question(name=name, **table))


def about(state: State) -> Question | None:
    """Return the question that the scenario of a state answers, None if there is none."""
    return next((one for one in questions().values() if one.scenario == state.base), None)


def others(question: Question, count: int) -> list[Question]:
    """Return the questions that follow one, in the order of the file; after the last comes the first."""
    every = list(questions().values())
    after = every.index(question) + 1
    return [*every[after:], *every[: after - 1]][:count]


def _known(path: str, name: str, names: Any) -> None:
    if name not in names:
        raise InputError("no such name", path=path, value=name, nearest=nearest(name, names))
