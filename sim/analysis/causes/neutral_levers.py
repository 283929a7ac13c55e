"""What stands in place of each actor's decision when it is taken away, from `levers.toml`."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError
from sim.files.toml_reader import read_toml
from sim.inputs import setting_names
from sim.schema import validation
from sim.schema.decisions import levers
from sim.schema.frozen_map import FrozenMap

FILE: Final = Path(__file__).with_name("levers.toml")


@dataclass(frozen=True)
class NeutralLever:
    """What stands in place of an actor's decision. value: None for a lever that has no neutral value; then reason."""

    value: float | bool | None
    without: str = ""
    reason: str = ""


@lru_cache(maxsize=1)
def neutral_levers() -> FrozenMap[NeutralLever]:
    """Return the neutral value of every lever. Raises InputError for an invalid or missing entry."""
    return read_neutral_levers(FILE)


def read_neutral_levers(path: Path) -> FrozenMap[NeutralLever]:
    """Return the entries of a file by lever. Raises InputError for unknown, missing and wrong entries."""
    tables = read_toml(path, file=path.name)
    try:
        validation.check_keys(tables, tuple(levers()))
        validation.check_required(tables, tuple(levers()), "levers")
        return FrozenMap({name: _neutral(name, validation.table(table, name)) for name, table in tables.items()})
    except InputError as error:
        raise error.at(file=path.name) from None


def _neutral(name: str, table: dict[str, Any]) -> NeutralLever:
    """Return the entry of one lever. Raises InputError."""
    if "reason" in table:
        validation.check_keys(table, ("reason",), f"{name}.")
        return NeutralLever(None, reason=validation.with_path(name, validation.text, table["reason"], 200))
    validation.check_keys(table, ("neutral", "without"), f"{name}.")
    validation.check_required(table, ("neutral", "without"), name)
    words = validation.with_path(name, validation.text, table["without"], 200)
    return NeutralLever(setting_names.validate(name, table["neutral"]), words)
