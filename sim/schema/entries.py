"""Files of named entries: one TOML table per name, each with the same keys."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sim.errors import InputError
from sim.files.toml_reader import read_toml
from sim.schema import validation
from sim.schema.frozen_map import FrozenMap

Entry = TypeVar("Entry")


def read_entries(
    path: Path, needed: tuple[str, ...], optional: tuple[str, ...], make: Callable[[str, dict[str, Any]], Entry]
) -> FrozenMap[Entry]:
    """Return the entries of a file by name, in its order. make: makes an entry of its name and its table.

    Raises InputError, with file and name, for an entry that is no table, for an unknown key, for a missing one, and for
    whatever `make` refuses.
    """
    found = {}
    for name, given in read_toml(path, file=path.name).items():
        try:
            table = validation.table(given, name)
            validation.check_keys(table, (*needed, *optional), f"{name}.")
            validation.check_required(table, needed, name)
            found[name] = make(name, table)
        except InputError as error:
            raise error.at(file=path.name, path=name) from None
    return FrozenMap(found)
