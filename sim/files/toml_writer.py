"""Writing TOML text that people read: one key per line, short lists and inline tables on one line."""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.errors import InputError
from sim.files.toml_reader import LARGEST


def write_toml(tables: Mapping[str, Any]) -> str:
    """Return tables as the text of a TOML file, in their order; reading it gives equal tables.

    A list of tables becomes [[blocks]], a table its own [section], what `inline_table` made one line. Raises InputError
    for a file so large that it could not be read.
    """
    from tomlkit import dumps  # loaded only when a file is written

    text = dumps(tables)
    if len(text.encode()) > LARGEST:
        raise InputError("too large to be written as a file", expected=f"at most {LARGEST // 1024} KiB")
    return text


def inline_table(content: Mapping[str, Any]) -> Any:
    """Return a table that is written on one line."""
    from tomlkit import inline_table as new_table

    made = new_table()
    made.update({key: _array(one) if isinstance(one, list) else one for key, one in content.items()})
    return made


def _array(values: Sequence[Any]) -> Any:
    """Return values as an array. The library appends them one by one, in time that grows with the square."""
    from tomlkit import item, value

    return value(f"[{', '.join(item(one).as_string() for one in values)}]")
