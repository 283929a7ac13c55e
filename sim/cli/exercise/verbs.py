"""`jirga exercise list | export | review | delete | deck`: the teacher's commands for a file of exercises."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options, screen

if TYPE_CHECKING:
    from sim.exercise.service import Classroom

File = Annotated[Path, typer.Argument(metavar="FILE", help="The file of exercises, such as class.sqlite.")]
Which = Annotated[str | None, typer.Argument(metavar="EXERCISE", help="Its id (see list); the latest if left out.")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write into; created if missing.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite existing files.")]


def add_to(group: typer.Typer) -> None:
    """Add these commands to the group."""
    group.command("list", epilog=options.examples("exercise list class.sqlite"))(list_exercises)
    group.command("export", epilog=options.examples("exercise export class.sqlite --out scenarios"))(export)
    group.command("review", epilog=options.examples("exercise review class.sqlite --out review"))(review)
    group.command("delete", epilog=options.examples("exercise delete class.sqlite 1a2b3c4d5e6f --yes"))(delete)
    group.command("deck", epilog=options.examples("exercise deck"))(deck)


def list_exercises(file: File, as_json: options.Json = False) -> None:
    """List the exercises in a file."""
    classroom = opened(file)
    tell_unreadable(classroom)
    found = classroom.listed()
    if as_json:
        from sim.cli.document import fields, print_json

        print_json([fields(one) for one in found])
        return
    made = screen.table("Exercises", "!id", "title", "!begun", ">groups", ">students", ">rounds")
    for one in found:
        begun = dt.datetime.fromtimestamp(one.created).astimezone()
        rounds = f"{one.played} of {one.rounds}"
        counts = (str(one.groups), str(one.students), rounds)
        made.add_row(one.exercise, screen.safe(one.title), f"{begun:%Y-%m-%d %H:%M}", *counts)
    screen.console().print(made)


def export(file: File, exercise: Which = None, out: Out = Path(), force: Force = False) -> None:
    """Write what each group played as a scenario file; `jirga run` on it gives the same world."""
    classroom = opened(file)
    files = classroom.export(chosen(classroom, exercise))
    write({name: text.encode() for name, text in files.items()}, out, force=force)


def review(
    file: File,
    exercise: Which = None,
    out: Out = Path("review"),
    force: Force = False,
    decimal: options.CsvDecimal = options.Decimal.point,
) -> None:
    """Write the joint review: one HTML page to print, and all its data as CSV.

    With --decimal comma, Excel in French or German opens the CSV right by a double click.
    """
    classroom = opened(file)
    secret = chosen(classroom, exercise)
    with screen.progress("the review") as report:
        found = classroom.review(secret, report)
    from sim.exercise.review_page import page
    from sim.exercise.review_tables import csv_files

    write({"review.html": page(found).encode(), **csv_files(found, decimal.value)}, out, force=force)


def delete(file: File, exercise: str, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete an exercise and all its data, permanently."""
    classroom = opened(file)
    if not yes:
        typer.confirm(f"Permanently delete {exercise} and all its data?", abort=True)
    classroom.discard(exercise)
    typer.echo(f"Deleted {exercise}")


def deck() -> None:
    """List the events that a teacher can bring in, and the mechanism that each one shows."""
    from sim.exercise.deck import deck as read

    made = screen.table("The deck", "!card", "what happens, and its mechanism", ">days")
    for card in read().values():
        made.add_row(card.name, f"{card.text}\n  {card.mechanism} ({card.rests_on})", str(card.days))
    screen.console().print(made)


def opened(file: Path) -> "Classroom":
    """Return the classroom of an existing file. Raises InputError."""
    from sim.errors import InputError
    from sim.files.regular_file import is_file

    if not is_file(file):
        raise InputError("no such file", file=file)
    from sim.exercise.service import Classroom

    return Classroom(file)


def chosen(classroom: "Classroom", exercise: str | None) -> str:
    """Return the secret of an exercise, by default the latest that can be read. Raises InputError."""
    from sim.errors import InputError

    if exercise is not None:
        return classroom.secret(exercise)
    tell_unreadable(classroom)
    found = classroom.listed()
    if not found:
        raise InputError("there is no exercise in this file")
    return classroom.secret(found[0].exercise)


def tell_unreadable(classroom: "Classroom") -> None:
    """Name on stderr the exercises that cannot be read; the others can be used as before."""
    for error in classroom.unreadable():
        typer.echo(f"warning: {error}", err=True)


def write(files: dict[str, bytes], folder: Path, *, force: bool) -> None:
    """Write files into a folder; each gets its name only when it is complete. Raises InputError."""
    from sim.errors import InputError

    there = [name for name in files if (folder / name).exists()]
    if there and not force:
        raise InputError("already exists: name another folder, or use --force", file=folder / there[0])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            part = folder / f".{name}.part"
            part.write_bytes(content)
            part.replace(folder / name)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", file=folder) from error
    for name in files:
        typer.echo(f"Written to {screen.safe(str(folder / name))}")
