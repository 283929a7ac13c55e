"""The options that several commands share, so that they are called and explained the same everywhere."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Assumptions(StrEnum):
    """Whether uncertain parameters stand at their values or differ from world to world."""

    point = "point"
    ranges = "ranges"


class Format(StrEnum):
    """What tables are written as."""

    parquet = "parquet"
    csv = "csv"


Scenario = Annotated[str, typer.Argument(metavar="SCENARIO", help="A name (see jirga list), a path, or - for stdin.")]
Worlds = Annotated[int | None, typer.Option("--worlds", "-w", help="How many worlds. [default: 1000]")]
Seed = Annotated[int | None, typer.Option("--seed", "-s", help="The seed of every world's luck. [default: 0]")]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Change a parameter, or impose a lever; a lever takes dates: NAME=VALUE@FROM..UNTIL. May be repeated.",
    ),
]
Assume = Annotated[
    Assumptions,
    typer.Option("--assumptions", help="point: assumptions at their values; ranges: each world draws its own."),
]
ExerciseFile = Annotated[
    Path | None, typer.Option("--db", help="The file of class exercises. [default: ~/.jirga/exercises.db]")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout and nothing else.")]

DEFAULT_WORLDS = 1000
DEFAULT_SEED = 0


def examples(*lines: str) -> str:
    """Commands to show below the help of a command, each on a line of its own."""
    return "\b\nExamples:\n" + "\n".join(f"  jirga {line}" for line in lines)
