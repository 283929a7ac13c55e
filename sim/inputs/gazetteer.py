"""The gazetteer: the 34 provinces as `provinces.toml` gives them, read and checked.

The file's order is the index of every array of members. Sourced figures and assumed weights have their kind beside
them; the rules that combine them are in `provinces`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError, nearest
from sim.files.toml_reader import read_toml
from sim.inputs.facts import facts
from sim.schema.validation import check_keys, check_required, choice, kind_of, number, table, text, with_path

LEAST: Final = 1e-6  # what counts as more than nothing
LARGEST: Final = 1e9
LONGEST: Final = 400  # characters of a text
PAIR: Final = 2
COLUMNS: Final = ("population", "neighbours", "civilian_casualties_2019", "listed_prisoners")  # that have a source
GROUPS: Final = ("attack_rate", "attack_weight", "listed_prisoners")  # of assumed numbers


@dataclass(frozen=True, slots=True)
class Source:
    """Where one column of figures comes from, and what is known to be wrong with it."""

    kind: str  # "sourced"
    unit: str
    source: str
    date: str
    trouble: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """One assumed number with its range and reason."""

    kind: str  # "assumed"
    value: float
    unit: str
    range: tuple[float, float]
    reason: str


@dataclass(frozen=True, slots=True)
class Province:
    """One province as the file gives it."""

    name: str
    region: str  # one of eight
    population: int  # thousand people
    civilian_casualties_2019: int | None  # people killed or wounded; None where no source is at hand
    listed_prisoners: int | None  # people on the list from here; None where no source is at hand
    neighbours: tuple[str, ...]  # names of the provinces it borders
    tile: tuple[int, int]  # column and row of a tile-grid map, north at the top


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The provinces in their fixed order, with the sources and assumptions behind their figures."""

    provinces: tuple[Province, ...]
    sources: dict[str, Source]  # by column
    attack_rate: dict[str, Assumption]  # weight per thousand people, by region
    attack_weight: dict[str, Assumption]  # pure number by province, 1 where absent
    listed_prisoners: dict[str, Assumption]  # people, by province without a sourced figure

    def index(self) -> dict[str, int]:
        """The place of each province in the order, by name."""
        return {p.name: i for i, p in enumerate(self.provinces)}


def read_gazetteer(file: Path) -> Gazetteer:
    """The gazetteer in a file, checked. Raises InputError for anything missing, misspelt or out of bounds."""
    tables = read_toml(file)
    try:
        found = _gazetteer(tables)
    except InputError as error:
        raise error.at(file=file) from None
    _check(found, file)
    return found


def _gazetteer(tables: dict[str, Any]) -> Gazetteer:
    """The gazetteer that some tables hold, its parts checked one by one. Raises InputError."""
    _check_record(tables, "", ("sources", "assumed", "provinces"))
    sources, assumed, rows = tables["sources"], tables["assumed"], tables["provinces"]
    _check_record(sources, "sources", COLUMNS)
    _check_record(assumed, "assumed", GROUPS)
    return Gazetteer(
        tuple(_province(row, f"provinces.{i}") for i, row in enumerate(_list(rows, "provinces"))),
        {column: _source(sources[column], f"sources.{column}") for column in COLUMNS},
        *(_assumptions(assumed[group], f"assumed.{group}") for group in GROUPS),
    )


def _source(given: Any, path: str) -> Source:
    _check_record(given, path, ("kind", "unit", "source", "date", "trouble"))
    kind = with_path(f"{path}.kind", choice, given["kind"], ("sourced",))
    return Source(kind, *(_text(given, key, path) for key in ("unit", "source", "date", "trouble")))


def _assumptions(given: Any, path: str) -> dict[str, Assumption]:
    return {name: _assumption(one, f"{path}.{name}") for name, one in table(given, path).items()}


def _assumption(given: Any, path: str) -> Assumption:
    _check_record(given, path, ("kind", "value", "unit", "range", "reason"))
    kind = with_path(f"{path}.kind", choice, given["kind"], ("assumed",))
    unit, reason = (_text(given, key, path) for key in ("unit", "reason"))
    value = with_path(f"{path}.value", number, given["value"], LEAST, LARGEST, unit)
    ends = _list(given["range"], f"{path}.range", PAIR)
    low, high = (with_path(f"{path}.range", number, end, LEAST, LARGEST, unit) for end in ends)
    return Assumption(kind, value, unit, (low, high), reason)


def _province(given: Any, path: str) -> Province:
    counts = ("civilian_casualties_2019", "listed_prisoners")
    _check_record(given, path, ("name", "region", "population", "neighbours", "tile"), counts)
    neighbours = _list(given["neighbours"], f"{path}.neighbours")
    tile = _list(given["tile"], f"{path}.tile", PAIR)
    column, row = (with_path(f"{path}.tile", number, place, 0, LARGEST, whole=True) for place in tile)
    casualties, listed = (_count(given, key, path) if key in given else None for key in counts)
    return Province(
        name=_text(given, "name", path),
        region=_text(given, "region", path),
        population=_count(given, "population", path),
        civilian_casualties_2019=casualties,
        listed_prisoners=listed,
        neighbours=tuple(with_path(f"{path}.neighbours", text, one, LONGEST) for one in neighbours),
        tile=(column, row),
    )


def _check_record(given: Any, path: str, needed: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
    """Raises InputError unless this is a table with the keys that it needs and no unknown one."""
    check_keys(table(given, path), (*needed, *optional), f"{path}." if path else "")
    check_required(given, needed, path)


def _text(given: dict[str, Any], key: str, path: str) -> str:
    found: str = with_path(f"{path}.{key}", text, given[key], LONGEST)
    return found


def _count(given: dict[str, Any], key: str, path: str) -> int:
    """A whole number from 1 on."""
    found: int = with_path(f"{path}.{key}", number, given[key], 1, LARGEST, whole=True)
    return found


def _list(given: Any, path: str, length: int | None = None) -> list[Any]:
    """A list of some length, or of any but 0. Raises InputError."""
    if not isinstance(given, list):
        raise InputError(f"must be a list, not {kind_of(given)}", path=path, value=given)
    if len(given) != length if length is not None else not given:
        wanted = "at least 1 entry" if length is None else f"{length} entries"
        raise InputError("wrong length", path=path, value=given, expected=wanted)
    return given


def _check(found: Gazetteer, file: Path) -> None:
    """Names are known and used once, borders are mutual, tiles differ, every assumption lies in its range."""
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
    for group in GROUPS:
        records: dict[str, Assumption] = getattr(found, group)
        known = {p.region for p in found.provinces} if group == "attack_rate" else set(names)
        _check_known(records, known, f"assumed.{group}", file)
        for name, record in records.items():
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
