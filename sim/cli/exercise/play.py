"""`jirga exercise play`: the exercise on one terminal, seat after seat, without a network."""

import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import options, screen

if TYPE_CHECKING:
    from sim.exercise.service import Classroom
    from sim.exercise.settings import ExerciseSettings

EXAMPLES = options.examples(
    "exercise play",
    "exercise play --seats us --fill",
    "exercise play --groups 2 --rounds 4 --seats us,taliban --file class.sqlite",
    "exercise play --time-zone Europe/Berlin",
    "exercise play lesson.toml < moves.txt",
)


def add_to(group: typer.Typer) -> None:
    """Add this command to the group."""
    group.command("play", epilog=EXAMPLES)(play)


def play(  # noqa: PLR0913, PLR0917  Typer needs one parameter per option
    settings: Annotated[
        Path | None, typer.Argument(metavar="SETTINGS", help="A TOML file with the exercise's settings.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="Keep the exercise in this file, or resume the latest one in it.")
    ] = None,
    groups: Annotated[int | None, typer.Option("--groups", help="Groups that play side by side. [default: 1]")] = None,
    rounds: Annotated[int | None, typer.Option("--rounds", help="Rounds, 2 to 12. [default: 6]")] = None,
    weeks: Annotated[int | None, typer.Option("--weeks", help="Weeks per round, 2 to 6. [default: 4]")] = None,
    seats: Annotated[
        str | None, typer.Option("--seats", help="Seats to play, such as us,taliban; the model plays the rest.")
    ] = None,
    time_zone: Annotated[
        str | None, typer.Option("--time-zone", help="Of deadlines, such as Europe/Berlin. [default: UTC]")
    ] = None,
    seed: options.Seed = None,
    fill: Annotated[
        bool, typer.Option("--fill", help="Let the model answer offers to the other seats, by its actors' rules.")
    ] = False,
) -> None:
    """Play the exercise on this screen: pass the keyboard from seat to seat.

    Type help for the list of moves. Moves can also come from a file, one per line; # starts a comment; the first
    invalid move ends the game with exit code 2.
    """
    given = {
        "groups": groups,
        "rounds": rounds,
        "weeks": weeks,
        "seats": seats.split(",") if seats else None,
        "time_zone": time_zone,
        "seed": seed,
    }
    wanted = {name: value for name, value in given.items() if value is not None}
    with ExitStack() as after:
        if file is None:
            folder = Path(tempfile.mkdtemp(prefix="jirga-"))
            after.callback(shutil.rmtree, folder, ignore_errors=True)
            file = folder / "exercise.sqlite"
        from sim.exercise.service import Classroom

        classroom = Classroom(file)
        after.callback(classroom.leave)
        secret = _secret(classroom, settings, wanted)
        if fill and not classroom.teacher(secret).filled:
            classroom.fill(secret)
        from sim.cli.exercise.table import LONGEST_LINE, Table

        lines = iter(lambda: sys.stdin.readline(LONGEST_LINE + 1), "")  # never more of an endless line
        Table(classroom, secret, screen.console(), asks=sys.stdin.isatty()).sit(lines)


def _secret(classroom: "Classroom", path: Path | None, wanted: Mapping[str, Any]) -> str:
    """Return the secret of the exercise to play: the latest in the file, or a new one. Raises InputError."""
    from sim.errors import InputError

    there = classroom.listed()
    if there and (path is not None or wanted):
        raise InputError("the file already contains an exercise: resume it without settings, or name another file")
    if there:
        return classroom.secret(there[0].exercise)
    return classroom.create(_settings(path, wanted)).secret


def _settings(path: Path | None, wanted: Mapping[str, Any]) -> "ExerciseSettings":
    """Return the file's settings, overridden by the command's; one group if neither sets it. Raises InputError."""
    from sim.exercise.settings import read_settings
    from sim.files.toml_reader import read_toml

    tables = read_toml(path) if path else {"groups": 1}
    return read_settings({**tables, **wanted}, file=path)
