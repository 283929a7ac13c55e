"""One parameter: what it is, which values it may take, and where its value comes from."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.errors import InputError
from sim.schema import validation

KINDS: Final = ("stated", "derived", "sourced", "assumed")


@dataclass(frozen=True)
class Parameter:
    """The record of one parameter.

    value: of its `type`, or None when a formula gives it. bounds: the lowest and highest allowed value
    (numbers always, dates where given). range: the plausible values, from which "ranges" samples.
    """

    name: str  # dotted, "taliban.leverage"
    label: str
    value: float | int | bool | str | dt.date | None
    type: str  # "float", "int", "bool", "date" or "choice"
    unit: str  # "1" for a pure number, "yes/no", "date", "choice"
    bounds: tuple[Any, Any] | None
    range: tuple[Any, ...] | None
    choices: tuple[str, ...]
    kind: str  # one of KINDS
    reason: str
    source: str
    date: str  # when the source was published
    formula: str

    @property
    def group(self) -> str:
        """The dotted name of its group."""
        return self.name.rpartition(".")[0]

    @property
    def leaf(self) -> str:
        """Its name inside the group."""
        return self.name.rpartition(".")[2]

    @property
    def uncertain(self) -> bool:
        """Whether it has a range of numbers from which worlds may sample."""
        return self.type in ("float", "int") and self.range is not None

    def check(self, value: Any) -> Any:
        """Return a value for it in its own type: a scalar, or for a number an array of shape (worlds,).

        Raises InputError with the dotted name for a wrong type, a value out of bounds, NaN or infinity.
        """
        try:
            if isinstance(value, np.ndarray):
                return self._array(value)
            return self._scalar(value)
        except InputError as error:
            raise error.at(path=self.name) from None

    def _scalar(self, value: Any) -> Any:
        if self.type == "bool":
            return validation.boolean(value)
        if self.type == "choice":
            return validation.choice(value, self.choices)
        if self.type == "date":
            return validation.date(value, *(self.bounds or ()))
        low, high = self.bounds or (0.0, 0.0)
        return validation.number(value, low, high, self.unit, whole=self.type == "int")

    def _array(self, value: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
        """Return one number per world, float32, shape (worlds,), read-only."""
        if self.type not in ("float", "int") or value.ndim != 1 or value.dtype.kind not in "fiu" or not value.size:
            raise InputError(f"must be one value{' or an array of one number per world' * self._numeric}")
        low, high = self.bounds or (0.0, 0.0)
        narrow = value.astype(np.float32)
        good = np.isfinite(narrow) & (narrow >= np.float32(low)) & (narrow <= np.float32(high))
        if self.type == "int":
            good &= narrow == np.rint(narrow)
        if not good.all():
            place = int(np.argmin(good))  # not the world's id: a run may begin at any world
            problem = f"not allowed in world {place} of the array"
            raise InputError(problem, value=float(value[place]), expected=(low, high, self.unit))
        narrow.flags.writeable = False
        return narrow

    @property
    def _numeric(self) -> bool:
        return self.type in ("float", "int")
