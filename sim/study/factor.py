"""One setting that a study varies: a parameter, or a lever on some days, with given values or within bounds."""

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.errors import MISSING, InputError
from sim.inputs import parameters, setting_names
from sim.inputs.intervention import DATED, Intervention
from sim.runs.design_points import VARIABLE
from sim.schema import arguments, validation
from sim.schema.decisions import levers
from sim.study.distribution import Discrete, Distribution, Normal, Triangular

FORM: Final = "NAME or NAME@FROM..UNTIL"
Floats = npt.NDArray[np.float64]

UNCHANGED: Final = "unchanged"  # as a value: the setting is left as the scenario has it


@dataclass(frozen=True)
class Factor:
    """One setting that differs between points.

    name: the dotted name of a parameter or lever; start, until: the days on which a lever is imposed, None for the
    first and last day of the run. values: those of a grid or list, in their own type, else (); UNCHANGED where a point
    leaves the setting as the scenario has it. low, high: the bounds for a sampler, in the setting's unit (0 and 1 for
    no and yes); with values their minimum and maximum. distribution: of a sampled setting between them, None for
    uniform; a discrete one has the ends of its values as bounds. Raises InputError for an unknown name, a value or
    bound out of range, equal or reversed bounds, values that are all UNCHANGED, dates on a parameter, and a
    distribution that does not fit.
    """

    name: str
    start: dt.date | None = None
    until: dt.date | None = None
    values: tuple[float | bool | str, ...] = ()
    low: float = 0.0
    high: float = 0.0
    distribution: Distribution | None = None

    def __post_init__(self) -> None:
        """Check all fields. Raises InputError."""
        self._check_kind()
        for part in ("start", "until"):
            if getattr(self, part) is not None:
                object.__setattr__(self, part, arguments.date(f"{self.name}.{part}", getattr(self, part)))
        if isinstance(self.distribution, Discrete):
            self._take_discrete(self.distribution)
        given = arguments.items(f"{self.name}.values", self.values, "values")
        values = tuple(one if _unchanged(one) else setting_names.validate(self.name, one) for one in given)
        changed = [one for one in values if not _unchanged(one)]
        if values and not changed:
            raise InputError("changes nothing at any point: give a value too", path=self.name, value=UNCHANGED)
        ends = (min(changed), max(changed)) if values else (self._typed(self.low), self._typed(self.high))
        low, high = (float(setting_names.validate(self.name, end)) for end in ends)
        if not values and not low < high:
            raise InputError("low must be below high", path=self.name, value=self.low, expected=f"below {high:g}")
        for part, value in (("values", values), ("low", low), ("high", high)):
            object.__setattr__(self, part, value)
        self._check_distribution()
        if self.lever:
            self.imposed()

    def _take_discrete(self, given: Discrete) -> None:
        """Check the values of a discrete distribution, and take their ends as bounds. Raises InputError."""
        values = tuple(setting_names.validate(self.name, one) for one in given.values)
        for part, value in (("low", min(values)), ("high", max(values))):
            object.__setattr__(self, part, value)
        object.__setattr__(self, "distribution", Discrete(values, given.weights))

    def _check_distribution(self) -> None:
        """Raise InputError for a distribution that does not fit the bounds or the setting."""
        if self.distribution is None:
            return
        if self.values:
            raise InputError("has values and a distribution: use only one of them", path=self.name)
        if not isinstance(self.distribution, Triangular | Normal | Discrete):
            arguments.instance(f"{self.name}.distribution", self.distribution, Discrete, "a distribution")
        if self.flag and not isinstance(self.distribution, Discrete):
            raise InputError("is yes or no: only a discrete distribution fits", path=f"{self.name}.distribution")
        try:
            self.distribution.check(self.low, self.high)
        except InputError as error:
            raise InputError(
                error.problem, path=f"{self.name}.{error.path}", value=error.value, expected=error.expected
            ) from None

    def quantile(self, share: Floats) -> Floats:
        """The values of a sampled setting at shares of its distribution, 0 to 1, (points,)."""
        if self.distribution is None:
            return np.asarray(self.low + share * (self.high - self.low))
        return self.distribution.quantile(share, self.low, self.high)

    def _check_kind(self) -> None:
        """Raises InputError for an unknown name, a setting that is not a number, and dates on a parameter."""
        arguments.text("name", self.name, "the name of a lever or parameter")
        if self.lever:
            return
        if self.name not in parameters.catalogue():
            raise setting_names.unknown_setting(self.name, MISSING)
        kind = parameters.catalogue()[self.name].type
        if kind not in VARIABLE:
            raise InputError(f"is a {kind}: only numbers and yes or no settings can be varied", path=self.name)
        if self.start or self.until:
            problem = "is a parameter and applies to the whole run: only levers can have dates"
            raise InputError(problem, path=self.name, value=self.start or self.until)

    def _typed(self, end: Any) -> Any:
        """A bound in the setting's own type: 0 and 1 become no and yes."""
        end = arguments.plain(end)
        return bool(end) if self.flag and isinstance(end, int | float) and end in (0, 1) else end

    @property
    def lever(self) -> bool:
        """Whether the setting is a lever; otherwise it is a parameter."""
        return setting_names.is_lever(self.name)

    @property
    def flag(self) -> bool:
        """Whether the setting is yes or no."""
        if self.lever:
            return levers()[self.name].flag
        known = parameters.catalogue().get(self.name)
        return known is not None and known.type == "bool"

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are allowed; yes and no count as 1 and 0."""
        return self.flag or (not self.lever and parameters.catalogue()[self.name].type == "int")

    @property
    def numbers(self) -> tuple[float, ...]:
        """The values as numbers: yes and no as 1 and 0, NaN for UNCHANGED."""
        return tuple(math.nan if _unchanged(one) else float(one) for one in self.values)

    @property
    def unit(self) -> str:
        """The unit of the setting."""
        return levers()[self.name].unit if self.lever else parameters.catalogue()[self.name].unit

    @property
    def label(self) -> str:
        """The label of the setting."""
        return levers()[self.name].label if self.lever else parameters.catalogue()[self.name].label

    @property
    def key(self) -> str:
        """The name for a run and for a table's column: "name", or "name@from..until", where a date may be missing."""
        if self.start is None and self.until is None:
            return self.name
        return f"{self.name}@{self.start or ''}..{self.until or ''}"

    def imposed(self) -> Intervention:
        """The lever as an intervention with its lowest value, to check its days. Raises InputError."""
        return Intervention(self.name, bool(self.low) if self.flag else self.low, self.start, self.until)

    def canonical(self) -> dict[str, Any]:
        """The canonical form, ready for JSON."""
        days = {"from": self.start, "until": self.until}
        tried: dict[str, Any] = {"low": self.low, "high": self.high}
        if self.values:
            tried = {"values": list(self.values)}
        elif isinstance(self.distribution, Discrete):
            tried = self.distribution.canonical()
        elif self.distribution is not None:
            tried |= self.distribution.canonical()
        return {"name": self.name} | {key: str(day) for key, day in days.items() if day is not None} | tried


def split_key(key: str) -> tuple[str, dt.date | None, dt.date | None]:
    """The name and the days in a key such as "kabul.ghani.offer@2020-03-10..". Raises InputError for anything else."""
    if "@" not in key:
        return key, None, None
    match = DATED.fullmatch(key)
    days = [validation.parse_scalar(match[part]) if match and match[part] else None for part in ("start", "until")]
    if match is None or not all(day is None or isinstance(day, dt.date) for day in days):
        raise InputError("not a lever with dates", path=key, expected=FORM)
    start, until = days
    return match["value"], start, until  # type: ignore[return-value]  # dates or None, as just checked


def _unchanged(value: Any) -> bool:
    return isinstance(value, str) and value == UNCHANGED
