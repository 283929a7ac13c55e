"""Distributions of a sampled setting other than uniform between its bounds, by their quantiles."""

from dataclasses import asdict, dataclass
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from sim.errors import InputError
from sim.schema import arguments, validation

Floats = npt.NDArray[np.float64]

UNIFORM: Final = "uniform"
MOST_VALUES: Final = 1000
_LARGEST: Final = 1e12


class Distribution(Protocol):
    """How a setting is distributed within its bounds."""

    def check(self, low: float, high: float) -> None:
        """Raise InputError if it does not fit the bounds."""

    def quantile(self, share: Floats, low: float, high: float) -> Floats:
        """Return the value below which a share of all values is. share: 0 to 1, (points,)."""

    def canonical(self) -> dict[str, Any]:
        """The canonical form, ready for JSON and TOML."""


@dataclass(frozen=True)
class Triangular:
    """From low to high, with the most likely value `mode`, in the setting's unit."""

    mode: float

    def check(self, low: float, high: float) -> None:
        """Raise InputError for a mode out of bounds."""
        _put(self, mode=validation.with_path("mode", validation.number, self.mode, low, high))

    def quantile(self, share: Floats, low: float, high: float) -> Floats:
        """Return quantiles; imports SciPy."""
        from scipy.stats import triang

        width = high - low
        return np.asarray(triang.ppf(share, (self.mode - low) / width, low, width))

    def canonical(self) -> dict[str, Any]:
        """The canonical form."""
        return {"distribution": "triangular", **asdict(self)}


@dataclass(frozen=True)
class Normal:
    """Normal with a mean and a standard deviation `sd`, in the setting's unit, cut off at low and high."""

    mean: float
    sd: float

    def check(self, low: float, high: float) -> None:
        """Raise InputError for a mean out of bounds, and for a standard deviation that is not above 0."""
        _put(self, mean=validation.with_path("mean", validation.number, self.mean, low, high))
        _put(self, sd=validation.with_path("sd", validation.number, self.sd, 0, _LARGEST))
        if self.sd == 0:
            raise InputError("must be above 0", path="sd", value=self.sd)

    def quantile(self, share: Floats, low: float, high: float) -> Floats:
        """Return quantiles; imports SciPy."""
        from scipy.stats import truncnorm

        ends = (low - self.mean) / self.sd, (high - self.mean) / self.sd
        return np.asarray(truncnorm.ppf(share, *ends, self.mean, self.sd))

    def canonical(self) -> dict[str, Any]:
        """The canonical form."""
        return {"distribution": "normal", **asdict(self)}


@dataclass(frozen=True)
class Discrete:
    """Some values with weights, which need not add up to 1; equal weights if none are given."""

    values: tuple[float, ...]
    weights: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Check the lists. Raises InputError."""
        values = arguments.items("values", self.values, "numbers")
        weights = arguments.items("weights", self.weights, "numbers") or (1.0,) * len(values)
        if not 2 <= len(values) <= MOST_VALUES or len(set(values)) < len(values):  # noqa: PLR2004  one is no choice
            raise InputError("must be different values", path="values", expected=(2, MOST_VALUES, "values"))
        if len(weights) != len(values):
            raise InputError(f"has {len(weights)} weights for {len(values)} values", path="weights")
        checked = [validation.with_path("weights", validation.number, one, 0, _LARGEST) for one in weights]
        if 0 in checked:
            raise InputError("must be above 0", path="weights", value=0)
        _put(self, values=values, weights=tuple(checked))

    def check(self, low: float, high: float) -> None:
        """Do nothing: the bounds are those of its values."""

    def quantile(self, share: Floats, low: float, high: float) -> Floats:
        """Return quantiles."""
        del low, high
        numbers = np.array([float(one) for one in self.values])
        order = np.argsort(numbers)
        ends = np.cumsum(np.array(self.weights)[order])
        place = np.searchsorted(ends / ends[-1], share, side="right")
        return np.asarray(numbers[order][np.minimum(place, len(numbers) - 1)])

    def canonical(self) -> dict[str, Any]:
        """The canonical form."""
        return {"distribution": "discrete", "values": list(self.values), "weights": list(self.weights)}


KINDS: Final[dict[str, Any]] = {"triangular": Triangular, "normal": Normal, "discrete": Discrete}
KEYS: Final[dict[str, tuple[str, ...]]] = {
    "triangular": ("mode",), "normal": ("mean", "sd"), "discrete": ("values", "weights"), UNIFORM: (),
}  # fmt: skip


def read_distribution(given: dict[str, Any]) -> Distribution | None:
    """Return the distribution that the table of a setting names, None for uniform. Raises InputError."""
    kind = validation.with_path("distribution", validation.choice, given["distribution"], (UNIFORM, *KINDS))
    parts = KEYS[kind]
    for key, value in given.items():
        if key not in ("distribution", "low", "high", "from", "until", *parts):
            expected = ", ".join(parts) or None
            raise InputError(f"is no part of a {kind} distribution", path=key, value=value, expected=expected)
    validation.check_required(given, tuple(key for key in parts if key != "weights"), "distribution")
    if kind == "discrete" and ("low" in given or "high" in given):
        raise InputError("has values, not low and high", path="distribution", value=kind)
    found: Distribution | None = None if kind == UNIFORM else KINDS[kind](**{k: given[k] for k in parts if k in given})
    return found


def _put(one: Any, **parts: Any) -> None:
    for name, part in parts.items():
        object.__setattr__(one, name, part)
