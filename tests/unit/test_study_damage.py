"""Damaged and forged parts: every reader of a part finds them, and none gives a number from one."""

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from sim.errors import InputError
from sim.study import part
from sim.study.export import export
from sim.study.folder import Folder
from sim.study.merge import merge
from sim.study.query import query
from sim.study.run import run
from sim.study.status import status
from sim.study.summary import summarise
from sim.study.unit import Task
from sim.study.verify import verify
from tests.unit import studies

FLIPS = 240


@dataclass
class Study:
    """A study of one part of seven worlds, and the intact bytes of the part."""

    folder: Folder
    file: Path
    intact: bytes

    @property
    def task(self) -> Task:
        """The task of the part."""
        (unit,) = self.folder.units()
        return self.folder.work.task(unit)

    def rows(self) -> pa.Table:
        """The intact rows."""
        return part.decode(self.intact, self.task.key)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    plan = studies.plan(worlds=7, outcomes=("attacks", "reached_talks_open"), series=("attacks",))
    folder, _ = studies.filled(tmp_path_factory.mktemp("damage") / "study", plan)
    (file,) = folder.part_files()
    return Study(folder, file, file.read_bytes())


def exported(folder: Folder, out: Path) -> None:
    export(folder, out / "tables")


def merged(folder: Folder, out: Path) -> None:
    merge(out / "whole", [folder.path])


READERS: dict[str, Callable[[Folder, Path], object]] = {
    "rows": lambda folder, _: list(folder.rows(["error"])),
    "table": lambda folder, _: folder.table(),
    "summary": lambda folder, _: summarise(folder),
    "sql": lambda folder, _: query(folder, "SELECT 1"),
    "export": exported,
    "merge": merged,
}


def check_found(study: Study, reader: str, out: Path) -> None:
    """Check that a reader and `verify` find the damage, and that nothing is written."""
    with pytest.raises(InputError, match=study.file.name) as refused:
        READERS[reader](study.folder, out)
    assert str(refused.value).isprintable()
    assert not list(out.iterdir())
    verdict = verify(study.folder)
    assert (verdict.whole, list(verdict.damaged)) == (0, [study.file])
    assert status(study.folder).failed == 0


def flips() -> list[tuple[int, int, str]]:
    """Where in the file, which bit, and which reader then reads."""
    dice = random.Random(20200301)  # noqa: S311  places, not secrets
    return [(dice.randrange(10**6), dice.randrange(8), list(READERS)[n % len(READERS)]) for n in range(FLIPS)]


@pytest.mark.slow
def test_a_flipped_bit_is_found_by_every_reader(study: Study, tmp_path: Path) -> None:
    for place, bit, reader in flips():
        changed = bytearray(study.intact)
        changed[place % len(changed)] ^= 1 << bit
        study.file.write_bytes(changed)
        check_found(study, reader, tmp_path)
    study.file.write_bytes(study.intact)
    for reader, read in READERS.items():
        read(study.folder, tmp_path / reader)
    assert verify(study.folder).sound


def replaced(name: str, values: object) -> Callable[[pa.Table], pa.Table]:
    """A forger who replaces a column by values of its own type."""

    def forge(rows: pa.Table) -> pa.Table:
        place = rows.schema.get_field_index(name)
        made = pa.array(values, type=rows.schema.field(name).type) if not isinstance(values, pa.Array) else values
        return rows.set_column(place, rows.schema.field(name).with_type(made.type), made)

    return forge


def order(places: list[int]) -> Callable[[pa.Table], pa.Table]:
    return lambda rows: rows.take(pa.array(places, pa.int64()))


TABLES: dict[str, Callable[[pa.Table], pa.Table]] = {
    **{f"the first {n} of seven rows": order(list(range(n))) for n in range(7)},
    **{f"only row {n}": order([n]) for n in range(1, 7)},
    **{f"row {n} twice": order([*range(7), n]) for n in range(7)},
    **{f"row {n} instead of the next": order([*range(n + 1), n, *range(n + 2, 7)]) for n in range(6)},
    "rows in reverse": order(list(range(6, -1, -1))),
    "the rows twice": order([*range(7), *range(7)]),
    "other worlds": replaced("world", range(1, 8)),
    "another point": replaced("point", [1] * 7),
    "no worlds": replaced("world", [None] * 7),
    "no points": replaced("point", [None] * 7),
    "another scenario": replaced("scenario", pa.DictionaryArray.from_arrays(np.zeros(7, np.int32), ["free-run"])),
    "two scenarios": replaced(
        "scenario", pa.DictionaryArray.from_arrays(np.array([0] * 6 + [1], np.int32), ["baseline", "free-run"])
    ),
    "no scenario": replaced("scenario", pa.nulls(7, pa.dictionary(pa.int32(), pa.string()))),
    "text for numbers": replaced("attacks", pa.array(["many"] * 7)),
    "numbers for yes and no": replaced("reached_talks_open", pa.array([1.0] * 7)),
    "narrow numbers": replaced("attacks", pa.array([1.0] * 7, pa.float32())),
    "lists for numbers": replaced("attacks", pa.array([[1.0]] * 7)),
    "numbers for lists": replaced("daily_attacks", pa.array([1.0] * 7, pa.float32())),
    "a column fewer": lambda rows: rows.drop_columns(["attacks"]),
    "a column more": lambda rows: rows.append_column("more", pa.array([1] * 7)),
    "columns in another order": lambda rows: rows.select([*reversed(rows.column_names)]),
    "a column of another name": lambda rows: rows.rename_columns(
        [name.replace("s", "z") for name in rows.column_names]
    ),
}


def sealed(data: bytes) -> bytes:
    """The bytes of a part with a correct checksum."""
    before, mark, after = data.rpartition(part._SEAL)
    blank = before + mark + part._BLANK + after[len(part._BLANK) :]
    return before + mark + hashlib.sha256(blank).hexdigest().encode() + after[len(part._BLANK) :]


BYTES: dict[str, Callable[[bytes], bytes]] = {
    "another name of the key": lambda data: data.replace(b"jirga.key", b"jirga.kei"),
    "no number of failures": lambda data: data.replace(b"jirga.failed\x18\x010", b"jirga.failed\x18\x01x"),
    "a wrong number of failures": lambda data: data.replace(b"jirga.failed\x18\x010", b"jirga.failed\x18\x015"),
    "no end": lambda data: data[:-4] + b"XXXX",
    "nothing but the seal": lambda _: part._SEAL + part._BLANK,
    "pages of noise": lambda data: data[:4] + bytes(len(data) // 3) + data[4 + len(data) // 3 :],
}


@pytest.mark.parametrize("name", TABLES)
def test_a_part_of_other_rows_with_a_correct_checksum_is_damaged(study: Study, name: str) -> None:
    rows = TABLES[name](study.rows())
    study.file.write_bytes(part.encode(rows, study.task))
    check_forged(study)


@pytest.mark.parametrize("name", BYTES)
def test_a_part_of_other_bytes_with_a_correct_checksum_is_damaged(study: Study, name: str) -> None:
    data = BYTES[name](study.intact)
    assert data != study.intact
    study.file.write_bytes(sealed(data))
    check_forged(study)


def check_forged(study: Study) -> None:
    """Check that `verify`, `sql` and the next run find a forged part, and that the run replaces it."""
    verdict = verify(study.folder)
    assert (verdict.whole, list(verdict.damaged)) == (0, [study.file])
    with pytest.raises(InputError, match=study.file.name):
        query(study.folder, "SELECT 1")
    said: list[str] = []
    assert run(study.folder, studies.Here(), tell=said.append).replaced == 1
    assert len(said) == 1
    assert study.file.read_bytes() == study.intact
