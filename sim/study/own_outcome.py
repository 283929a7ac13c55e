"""An outcome of one's own in a plan: a name, and the expression that gives its value in each world."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.errors import InputError
from sim.results.expressions.expression import Expression
from sim.results.expressions.reader import read_expression
from sim.results.expressions.values import expression_values
from sim.schema import arguments
from sim.schema.milestones import MILESTONES
from sim.schema.outcomes import DAY, DAYS_UNTIL, OUTCOMES, REACHED, Outcome
from sim.schema.series import SERIES

Array = npt.NDArray[Any]

PATH: Final = "own_outcomes"
MOST: Final = 50
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,49}")
# Names of columns beside it in tables, and beginnings of the names of other columns.
TAKEN: Final = frozenset({"scenario", "point", "world", "day", "date", "error", *OUTCOMES, *SERIES, *MILESTONES})
BEGINNINGS: Final = (DAY, DAYS_UNTIL, REACHED, "daily_")


@dataclass(frozen=True, slots=True)
class OwnOutcome:
    """name: of its column, such as `violent_days`; expression: what it is. Raises InputError for a name in use."""

    name: str
    expression: Expression

    def __post_init__(self) -> None:
        """Check both. Raises InputError."""
        form = "a letter, then letters, digits and _, in lower case"
        if not NAME.fullmatch(arguments.text(PATH, self.name, form)):
            raise InputError("cannot be the name of an outcome", path=PATH, value=self.name, expected=form)
        if self.name in TAKEN or self.name.startswith(BEGINNINGS):
            raise InputError("is already a name of Jirga's: choose another", path=PATH, value=self.name)
        arguments.instance(f"{PATH}.{self.name}", self.expression, Expression, "an expression")

    @property
    def outcome(self) -> Outcome:
        """The record of the outcome, with the unit that follows from its series."""
        label = self.name.replace("_", " ").capitalize()
        about = f"{self.expression.text}."
        return Outcome(self.name, label, self.expression.unit, self.expression.kind, about)


def read_own_outcomes(given: Any, days: tuple[Any, Any]) -> tuple[OwnOutcome, ...]:
    """Return outcomes from their expressions by name, or from a list of records; days: the run's start and end.

    Raises InputError, with the name, for anything else, for expressions that are none, and for too many.
    """
    if not isinstance(given, Mapping):
        records = arguments.items(PATH, given, "outcomes of your own")
        given = {one.name: one.expression.text for one in map(_checked, records)}
    if len(given) > MOST:
        raise InputError(f"has {len(given)} outcomes", path=PATH, expected=f"at most {MOST}")
    return tuple(_read(name, text, days) for name, text in given.items())


def own_values(own: Iterable[OwnOutcome], batch: Any) -> dict[str, Array]:
    """Return the values of own outcomes in the rows of a batch (`sim.runs.runner.Batch`), float64 (rows,), by name."""
    start = batch.scenario.start
    return {
        one.name: np.asarray(expression_values(one.expression, batch.daily, batch.milestone_day, start)) for one in own
    }


def _checked(given: Any) -> OwnOutcome:
    return arguments.instance(PATH, given, OwnOutcome, "expressions by name")


def _read(name: Any, text: Any, days: tuple[Any, Any]) -> OwnOutcome:
    """Return one outcome. Raises InputError whose path has its name."""
    try:
        found = read_expression(text, *days)
    except InputError as error:
        raise InputError(
            error.problem, path=f"{PATH}.{name}", value=error.value, expected=error.expected, nearest=error.nearest
        ) from None
    return OwnOutcome(name, found)
