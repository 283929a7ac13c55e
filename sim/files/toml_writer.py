"""Writing TOML text that people read: one key per line, short lists and inline tables on one line."""

from collections.abc import Mapping
from typing import Any


def write_toml(tables: Mapping[str, Any]) -> str:
    """Return tables as the text of a TOML file, in their order; reading it gives equal tables.

    A list of tables becomes [[blocks]], a table its own [section], what `inline_table` made one line.
    """
    from tomlkit import dumps  # loaded only when a file is written

    return dumps(tables)


def inline_table(content: Mapping[str, Any]) -> Any:
    """Return a table that is written on one line."""
    from tomlkit import inline_table as new_table

    made = new_table()
    made.update(content)
    return made
