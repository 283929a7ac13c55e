"""The 34 provinces: the home of each front, the spread of attacks, and where the prisoners come from.

The figures come from `gazetteer`; this module contains the rules that combine them.
"""

from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from sim.errors import InputError
from sim.inputs.facts import facts
from sim.inputs.gazetteer import Gazetteer, Province, read_gazetteer

FILE: Final = Path(__file__).with_name("provinces.toml")
A = TypeVar("A", bound=np.generic)


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Return the packaged gazetteer, read once. Raises InputError if the file is damaged."""
    return read_gazetteer(FILE)


def provinces() -> tuple[Province, ...]:
    """Return the 34 provinces in their fixed order."""
    return gazetteer().provinces


def attack_weights(known: Gazetteer) -> npt.NDArray[np.float64]:
    """Return the weight of each province among attacks: > 0, shape (34,), in civilian casualties of 2019.

    With a casualty figure c: w = a * c; without: w = a * r[region] * population, where a is the province's
    assumed attack weight (1 unless given) and r the region's assumed attack rate.
    """
    weights = []
    for p in known.provinces:
        base = p.civilian_casualties_2019
        size = known.attack_rate[p.region].value * p.population if base is None else base
        own = known.attack_weight.get(p.name)
        weights.append(size if own is None else size * own.value)
    return np.array(weights, dtype=np.float64)


@lru_cache(maxsize=1)
def attack_shares() -> npt.NDArray[np.float32]:
    """Return each province's share of the country's attacks: > 0, sums to 1, shape (34,), read-only."""
    weights = attack_weights(gazetteer())
    return _frozen((weights / weights.sum()).astype(np.float32))


def prisoner_counts(known: Gazetteer, total: int) -> npt.NDArray[np.int16]:
    """Return the number of people on the list from each province, shape (34,), summing to total.

    Provinces with a sourced or assumed figure have that figure. The rest of the list is divided among the other
    provinces in proportion to attacks, but each stays below the smallest figure, because the source names the four
    largest homes; people above that ceiling are assigned to the others. Fractions are rounded by largest remainder.
    Raises InputError when the figures do not fit the total.
    """
    given = {p.name: p.listed_prisoners for p in known.provinces if p.listed_prisoners is not None}
    given |= {name: round(record.value) for name, record in known.listed_prisoners.items() if name not in given}
    counts = np.array([given.get(p.name, 0) for p in known.provinces])
    open_ = counts == 0
    ceiling, left = min(given.values()) - 1, total - int(counts.sum())
    if not 0 <= left <= ceiling * int(open_.sum()):
        raise InputError("the figures by province do not fit the list", path="listed_prisoners", value=total)
    counts[open_] = largest_remainder(_shared_out(attack_weights(known)[open_], left, ceiling), left)
    return counts.astype(np.int16)


def _shared_out(weights: npt.NDArray[np.float64], total: int, ceiling: int) -> npt.NDArray[np.float64]:
    """Divide a total in proportion to weights with no part above ceiling; shape of weights, sums to total."""
    parts = np.zeros_like(weights)
    full = np.zeros(weights.shape, dtype=bool)
    while True:
        left = total - ceiling * int(full.sum())
        parts = np.where(full, ceiling, left * weights / weights[~full].sum() if not full.all() else ceiling)
        over = ~full & (parts > ceiling)
        if not over.any():
            return parts
        full |= over


def largest_remainder(parts: npt.NDArray[np.float64], total: int) -> npt.NDArray[np.int64]:
    """Round parts down, and add the missing units to the largest remainders; sums to total.

    parts: >= 0, shape (n,), summing to total up to rounding. Ties go to the earlier entry.
    """
    whole = np.floor(parts).astype(np.int64)
    order = np.argsort(whole - parts, kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


@lru_cache(maxsize=1)
def prisoner_homes() -> npt.NDArray[np.int16]:
    """Return the home province of each position on the list, an index into `provinces()`, shape (5000,), read-only.

    The k-th of a province's n prisoners is at (k + 1/2) / n of the list, so that every part of the list has the same
    mix of provinces as the whole. No randomness: the list is the same in every world.
    """
    counts = prisoner_counts(gazetteer(), _list_length())
    homes = np.repeat(np.arange(counts.size, dtype=np.int16), counts)
    places = np.concatenate([(np.arange(n) + 0.5) / n for n in counts if n])
    return _frozen(homes[np.argsort(places, kind="stable")])


def _list_length() -> int:
    length = facts()["prisoners_demanded"].value  # S13
    if not isinstance(length, int):
        raise InputError("must be a whole number of people", path="facts.prisoners_demanded", value=length)
    return length


@lru_cache(maxsize=1)
def neighbours() -> tuple[npt.NDArray[np.int16], npt.NDArray[np.float32]]:
    """Return indices and weights of each province's neighbours, both of shape (34, most neighbours), read-only.

    A weight is one over the number of neighbours, so that each row sums to 1; unused positions contain the province's
    own index with weight 0.
    """
    index = gazetteer().index()
    most = max(len(p.neighbours) for p in provinces())
    indices = np.repeat(np.arange(len(index), dtype=np.int16)[:, None], most, axis=1)
    weights = np.zeros(indices.shape, dtype=np.float32)
    for i, p in enumerate(provinces()):
        degree = len(p.neighbours)
        indices[i, :degree] = [index[name] for name in p.neighbours]
        weights[i, :degree] = 1 / degree
    return _frozen(indices), _frozen(weights)


def _frozen(array: npt.NDArray[A]) -> npt.NDArray[A]:
    array.setflags(write=False)
    return array
