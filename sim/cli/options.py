"""The options that several commands share, so that they have the same name and help text everywhere."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sim.schema import assumptions as schema


class Assumptions(StrEnum):
    """Whether uncertain parameters are sampled per world, and from what, or have one typical value each."""

    facts = "facts"
    ranges = "ranges"
    point = "point"


class Format(StrEnum):
    """The file format of tables."""

    parquet = "parquet"
    csv = "csv"


class Decimal(StrEnum):
    """What separates decimals in CSV, and with it the columns."""

    point = "point"
    comma = "comma"


CsvDecimal = Annotated[
    Decimal, typer.Option("--decimal", help="In CSV; comma also puts semicolons between the columns.")
]
Scenario = Annotated[str, typer.Argument(metavar="SCENARIO", help="A name (see jirga list), a path, or - for stdin.")]
Worlds = Annotated[int | None, typer.Option("--worlds", "-w", help="How many worlds. [default: 1000]")]
Seed = Annotated[int | None, typer.Option("--seed", "-s", help="The seed of the random numbers. [default: 0]")]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Set a parameter or impose a lever; a lever may have dates: NAME=VALUE@FROM..UNTIL. May be repeated.",
    ),
]
Without = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        metavar="MECHANISM",
        help="Switch a mechanism off, such as spoilers; jirga theories --list lists them. May be repeated.",
    ),
]
Assume = Annotated[
    Assumptions,
    typer.Option(
        "--assumptions",
        help="Uncertain parameters. facts: sets that the facts allow; ranges: whole ranges; point: typical values.",
    ),
]
Facts = Annotated[
    str,
    typer.Option(
        "--facts",
        metavar="NAME|FILE.toml",
        help="Other facts than the text's: s6-killed, attacks-government, attacks-taliban, or a file of your own.",
    ),
]
ExerciseFile = Annotated[
    Path | None, typer.Option("--db", help="The file of class exercises. [default: ~/.jirga/exercises.db]")
]
Json = Annotated[bool, typer.Option("--json", help="Print only one JSON document on stdout.")]

DEFAULT_ASSUMPTIONS = Assumptions(schema.DEFAULT_ASSUMPTIONS)
DEFAULT_FACTS = "text"
DEFAULT_WORLDS = 1000
DEFAULT_SEED = 0


def examples(*lines: str) -> str:
    """Example commands for the end of a help text, one per line."""
    return "\b\nExamples:\n" + "\n".join(f"  jirga {line}" for line in lines)


def split(given: list[str] | None) -> list[str] | None:
    """Names that an option was given, repeated or separated by commas; None if it was not given."""
    if given is None:
        return None
    return [name for one in given for part in one.split(",") if (name := part.strip())]
