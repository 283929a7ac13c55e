"""Correlated pairs of sampled settings: points are reordered, so that every setting keeps its own distribution.

The method of Iman & Conover 1982, "A distribution-free approach to inducing rank correlation among input variables",
doi:10.1080/03610918208812265.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.errors import InputError, nearest
from sim.schema import arguments, validation

Floats = npt.NDArray[np.float64]

PATH: Final = "vary.correlations"
STRONGEST: Final = 0.99  # of a rank correlation
_ENOUGH: Final = 2  # times as many points as settings, to take away the correlation that is there by chance


@dataclass(frozen=True)
class Correlation:
    """between: the keys of two settings; rank: their rank correlation (Spearman), -0.99 to 0.99.

    Raises InputError for anything else.
    """

    between: tuple[str, str]
    rank: float

    def __post_init__(self) -> None:
        """Check both. Raises InputError."""
        pair = arguments.items(f"{PATH}.between", self.between, "two names")
        if len(pair) != 2 or pair[0] == pair[1]:  # noqa: PLR2004  a pair
            raise InputError("must be two settings", path=f"{PATH}.between", value=list(pair))
        rank = validation.with_path(f"{PATH}.rank", validation.number, self.rank, -STRONGEST, STRONGEST)
        object.__setattr__(self, "between", pair)
        object.__setattr__(self, "rank", rank)

    def canonical(self) -> dict[str, Any]:
        """The canonical form, ready for JSON and TOML."""
        return {"between": list(self.between), "rank": self.rank}


def check_correlations(given: Sequence[Correlation], keys: Sequence[str]) -> None:
    """Raise InputError for an unknown setting, a pair given twice, and correlations that exclude each other."""
    seen = set()
    for one in given:
        for key in one.between:
            if key not in keys:
                raise InputError("is not varied", path=f"{PATH}.between", value=key, nearest=nearest(str(key), keys))
        pair = frozenset(one.between)
        if pair in seen:
            raise InputError("given twice", path=f"{PATH}.between", value=" and ".join(one.between))
        seen.add(pair)
    if given and float(np.linalg.eigvalsh(_matrix(given, keys)).min()) <= 1e-9:  # noqa: PLR2004  0 but for rounding
        raise InputError("contradictory: no settings can have these correlations together", path=PATH)


def correlated(share: Floats, given: Sequence[Correlation], keys: Sequence[str]) -> Floats:
    """Return shares of distributions, (points, settings), each column reordered to have the rank correlations."""
    if not given:
        return share
    from scipy.stats import norm, rankdata

    scores = norm.ppf((rankdata(share, axis=0) - 0.5) / len(share))
    if len(share) > _ENOUGH * len(keys):
        scores = scores @ np.linalg.inv(np.linalg.cholesky(np.corrcoef(scores, rowvar=False))).T
    scores = scores @ np.linalg.cholesky(_matrix(given, keys)).T
    order = scores.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    return np.asarray(np.take_along_axis(np.sort(share, axis=0), order, axis=0))


def _matrix(given: Sequence[Correlation], keys: Sequence[str]) -> Floats:
    """Return the correlation of normal scores with these rank correlations, (settings, settings)."""
    found = np.eye(len(keys))
    for one in given:
        i, j = (list(keys).index(key) for key in one.between)
        found[i, j] = found[j, i] = 2 * math.sin(math.pi * one.rank / 6)
    return found
