"""The tables in a file of exercises, and the marks by which the file is known."""

from collections.abc import Mapping
from typing import Final

MARK: Final = 0x4A495247  # "JIRG": the application id of Jirga's files
FORMAT: Final = 2
WITHOUT_SEALS: Final = 1  # the format before the rows had checksums

# Secrets are stored in plain text, because the teacher's page shows the codes; only the file's owner can read it.
TABLES: Final = """
CREATE TABLE exercise (
    id TEXT PRIMARY KEY, created REAL NOT NULL, settings TEXT NOT NULL, secret TEXT NOT NULL, seal TEXT NOT NULL
);
CREATE TABLE seat (
    exercise TEXT NOT NULL, grp INTEGER NOT NULL, seat TEXT NOT NULL, code TEXT NOT NULL UNIQUE, seal TEXT NOT NULL,
    PRIMARY KEY (exercise, grp, seat)
);
CREATE TABLE student (
    exercise TEXT NOT NULL, id INTEGER NOT NULL, grp INTEGER NOT NULL, seat TEXT NOT NULL, token TEXT NOT NULL UNIQUE,
    seal TEXT NOT NULL, PRIMARY KEY (exercise, id)
);
CREATE TABLE event (
    exercise TEXT NOT NULL, seq INTEGER NOT NULL, at REAL NOT NULL, kind TEXT NOT NULL, grp INTEGER NOT NULL,
    seat TEXT NOT NULL, student INTEGER NOT NULL, round INTEGER NOT NULL, take INTEGER NOT NULL, body TEXT NOT NULL,
    seal TEXT NOT NULL, PRIMARY KEY (exercise, seq)
);
CREATE UNIQUE INDEX played_once ON event (exercise, take, round) WHERE kind = 'played';
"""
# The columns of each table, in order, without the checksum; the first names the exercise, the others its rows in order.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "exercise": ("id", "created", "settings", "secret"),
    "seat": ("exercise", "grp", "seat", "code"),
    "student": ("exercise", "id", "grp", "seat", "token"),
    "event": ("exercise", "seq", "at", "kind", "grp", "seat", "student", "round", "take", "body"),
}
ORDER: Final[Mapping[str, str]] = {
    "exercise": "created DESC, rowid DESC",
    "seat": "rowid",
    "student": "id",
    "event": "exercise, seq",
}


def listed(table: str) -> str:
    """Return the columns of a table as in a statement, without the checksum."""
    return ", ".join(COLUMNS[table])
