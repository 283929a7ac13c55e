"""The 34 provinces: the home of each front, the spread of attacks, and where the prisoners come from.

Everything is read from `provinces.toml`, whose order is the index of every array of members. It contains sourced
figures and assumed weights; this module contains the rules that combine them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.errors import MISSING, InputError, nearest
from sim.files.toml_reader import read_toml
from sim.inputs.facts import facts

FILE = Path(__file__).with_name("provinces.toml")
A = TypeVar("A", bound=np.generic)

Positive = Annotated[float, Field(gt=0)]
Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Source(_Strict):
    """The source of one column of figures, and its known issues."""

    kind: Literal["sourced"]
    unit: Text
    source: Text
    date: Text
    trouble: Text


class Assumption(_Strict):
    """One assumed number with its range and reason."""

    kind: Literal["assumed"]
    value: Positive
    unit: Text
    range: Annotated[list[Positive], Field(min_length=2, max_length=2)]
    reason: Text


class _Assumed(_Strict):
    attack_rate: dict[str, Assumption]  # by region
    attack_weight: dict[str, Assumption]  # by province; 1 where absent
    listed_prisoners: dict[str, Assumption]  # by province


class _Sources(_Strict):
    population: Source
    neighbours: Source
    civilian_casualties_2019: Source
    listed_prisoners: Source


class _Row(_Strict):
    name: Text
    region: Text
    population: Annotated[int, Field(gt=0)]
    civilian_casualties_2019: Annotated[int, Field(gt=0)] | None = None
    listed_prisoners: Annotated[int, Field(gt=0)] | None = None
    neighbours: Annotated[list[str], Field(min_length=1)]
    tile: Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=2, max_length=2)]


class _File(_Strict):
    sources: _Sources
    assumed: _Assumed
    provinces: list[_Row]


@dataclass(frozen=True, slots=True)
class Province:
    """One province, with the figures of the file."""

    name: str
    region: str  # one of eight
    population: int  # thousand people
    civilian_casualties_2019: int | None  # people killed or wounded; None where no source is available
    listed_prisoners: int | None  # people on the list from here; None where no source is available
    neighbours: tuple[str, ...]  # names of the provinces it borders
    tile: tuple[int, int]  # column and row of a tile-grid map, north at the top


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The provinces in their fixed order, with the sources and assumptions of their figures."""

    provinces: tuple[Province, ...]
    sources: dict[str, Source]  # by column
    attack_rate: dict[str, Assumption]  # weight per thousand people, by region
    attack_weight: dict[str, Assumption]  # pure number by province, 1 where absent
    listed_prisoners: dict[str, Assumption]  # people, by province without a sourced figure

    def index(self) -> dict[str, int]:
        """Return the index of each province, by name."""
        return {p.name: i for i, p in enumerate(self.provinces)}


def read_gazetteer(file: Path) -> Gazetteer:
    """Read and check a gazetteer. Raises InputError for any entry that is missing, misspelt or out of bounds."""
    try:
        raw = _File.model_validate(read_toml(file))
    except ValidationError as error:
        raise _first_problem(error, file) from error
    rows = (row.model_dump() | {"neighbours": tuple(row.neighbours), "tile": tuple(row.tile)} for row in raw.provinces)
    found = Gazetteer(
        tuple(Province(**row) for row in rows),
        {name: getattr(raw.sources, name) for name in _Sources.model_fields},
        raw.assumed.attack_rate,
        raw.assumed.attack_weight,
        raw.assumed.listed_prisoners,
    )
    _check(found, file)
    return found


def _first_problem(error: ValidationError, file: Path) -> InputError:
    first = error.errors(include_url=False)[0]
    path = ".".join(str(part) for part in first["loc"])
    value = MISSING if first["type"] == "missing" else first["input"]
    return InputError(first["msg"].lower(), file=file, path=path, value=value)


def _check(found: Gazetteer, file: Path) -> None:
    """Check that names are known and unique, borders mutual, tiles different, and assumptions in their ranges."""
    names = [p.name for p in found.provinces]
    if len(names) != facts()["provinces"].value:
        wanted = f"exactly {facts()['provinces'].value}"
        raise InputError("wrong number of provinces", file=file, path="provinces", value=len(names), expected=wanted)
    _check_unique(names, "name", file)
    _check_unique([p.tile for p in found.provinces], "tile", file)
    for p in found.provinces:
        _check_known(p.neighbours, names, f"provinces.{p.name}.neighbours", file)
        _check_known([p.region], found.attack_rate, f"provinces.{p.name}.region", file)
    _check_borders(found, file)
    for group in ("attack_rate", "attack_weight", "listed_prisoners"):
        table: dict[str, Assumption] = getattr(found, group)
        known = {p.region for p in found.provinces} if group == "attack_rate" else set(names)
        _check_known(table, known, f"assumed.{group}", file)
        for name, record in table.items():
            _check_range(record, f"assumed.{group}.{name}", file)


def _check_unique(values: list[Any], field: str, file: Path) -> None:
    for i, value in enumerate(values):
        if value in values[:i]:
            raise InputError("given to two provinces", file=file, path=f"provinces.{i}.{field}", value=value)


def _check_known(given: Iterable[str], known: Iterable[str], path: str, file: Path) -> None:
    allowed = sorted(known)
    for name in given:
        if name not in allowed:
            near = nearest(name, allowed)
            raise InputError("no such name", file=file, path=path, value=name, nearest=near)


def _check_borders(found: Gazetteer, file: Path) -> None:
    by_name = {p.name: p for p in found.provinces}
    for p in found.provinces:
        for other in p.neighbours:
            if other == p.name or p.neighbours.count(other) > 1 or p.name not in by_name[other].neighbours:
                problem = "a border must be with another province, named once, and mutual"
                raise InputError(problem, file=file, path=f"provinces.{p.name}.neighbours", value=other)


def _check_range(record: Assumption, path: str, file: Path) -> None:
    low, high = record.range
    if not low <= record.value <= high:
        raise InputError(
            "outside its range", file=file, path=path, value=record.value, expected=(low, high, record.unit)
        )


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
