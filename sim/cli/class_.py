"""`jirga class serve`: the class pages on the room's network, for students' own phones and laptops."""

import io
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from sim.cli import dashboard, options
from sim.cli.address import check_free, check_one, link_to
from sim.cli.exercise.verbs import tell_unreadable
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.exercise.service import Classroom
    from sim.exercise.settings import ExerciseSettings

SERVER = "dashboard.server.class_server"  # the module that draws the pages
PORT = 8502
ELSEWHERE = ("192.0.2.1", 9)  # a reserved address: the socket that would reach it has this machine's own address


class LedExercise(NamedTuple):
    """The exercise to lead. begun: seconds since 1970 for an existing exercise, None for a new one."""

    secret: str
    title: str
    begun: float | None = None
    exercise: str = ""


def add_to(app: typer.Typer) -> None:
    """Add this group of commands to the application."""
    group = typer.Typer(help="Lead a class exercise on the room's network.", no_args_is_help=True)
    lines = options.examples("class serve", "class serve --settings seminar.toml", "class serve --host 192.168.1.20")
    group.command("serve", epilog=lines)(serve)
    group.callback()(_group)
    app.add_typer(group, name="class")


def _group() -> None:
    """Lead a class exercise on the room's network."""


def serve(
    host: Annotated[str, typer.Option("--host", help="This machine's network address. [default: detected]")] = "",
    port: Annotated[int, typer.Option("--port", min=1, max=dashboard.LARGEST_PORT, help="The port to open.")] = PORT,
    settings: Annotated[Path | None, typer.Option("--settings", help="Lead an exercise with this TOML file.")] = None,
    new: Annotated[bool, typer.Option("--new", help="Create a new exercise even if one is not over.")] = False,
    chosen: Annotated[
        str | None, typer.Option("--exercise", help="Lead this one, by its id in `exercise list`.")
    ] = None,
    browse: Annotated[bool, typer.Option("--browse", help="Open the teacher's page in a browser too.")] = False,
    db: options.ExerciseFile = None,
) -> None:
    """Open the class pages to the room's network, and nothing else of this machine.

    Resumes the exercise that was used last and is not over (with --settings, of those with these settings), or creates
    one; --exercise names another. Stop with Ctrl+C and start the same command again at any time: everything that the
    pages have confirmed is kept.
    """
    from sim.cli.screen import safe
    from sim.exercise.default_path import default_file
    from sim.exercise.service import Classroom
    from sim.exercise.settings import load_settings

    dashboard.check_installed()
    address = check_one(host, port) if host else room_address()
    check_free(address, port)
    wanted = None if settings is None else load_settings(settings)
    file = (db or default_file()).absolute()
    classroom = Classroom(file)
    tell_unreadable(classroom)
    led = exercise(classroom, wanted, new=new) if chosen is None else named_exercise(classroom, chosen)
    others = [one for one in classroom.listed() if one.exercise != led.exercise and one.played < one.rounds]
    classroom.leave()
    typer.echo(notice(link_to(address, port), led))
    for one in others:
        typer.echo(f"Another exercise is not over: {safe(one.title)}; to lead it, start with --exercise {one.exercise}")
    more = ["--browse", led.exercise] if browse else []
    dashboard.start(SERVER, ["--host", address, "--port", str(port), "--db", str(file), *more])


def exercise(classroom: "Classroom", settings: "ExerciseSettings | None", *, new: bool) -> LedExercise:
    """Return the exercise to lead: the one used last that is not over (with settings: with the same), or a new one.

    The same command, started again, must find the same exercise; therefore only `new` creates a second one.
    """
    from sim.exercise.settings import ExerciseSettings

    wanted = ExerciseSettings() if settings is None else settings
    for one in () if new else classroom.listed():
        if one.played == one.rounds or (settings is not None and one.title != settings.title):
            continue
        secret = classroom.secret(one.exercise)
        if settings is None or classroom.teacher(secret).settings == settings:
            return LedExercise(secret, one.title, one.created, one.exercise)
    made = classroom.create(wanted)
    return LedExercise(made.secret, wanted.title, exercise=made.exercise)


def named_exercise(classroom: "Classroom", chosen: str) -> LedExercise:
    """Return an exercise by its id. Raises InputError."""
    secret = classroom.secret(chosen)
    one = next((one for one in classroom.listed() if one.exercise == chosen), None)
    if one is None:
        raise next(error for error in classroom.unreadable() if chosen in str(error))
    return LedExercise(secret, one.title, one.created, chosen)


def room_address() -> str:
    """Return this machine's address on its network, without sending anything. Raises InputError if it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
            return str(probe.getsockname()[0])
        except OSError:
            pass
    own = [found[4][0] for found in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    if outward := [str(one) for one in own if not str(one).startswith("127.")]:
        return outward[0]
    raise InputError("this machine is not connected to a network: connect it, or set its address with --host")


def teachers_link(base: str, secret: str) -> str:
    """Return the link that opens the teacher's page."""
    return f"{base}/teach?key={secret}"


def notice(base: str, led: LedExercise) -> str:
    """Return the text that the teacher reads on the terminal."""
    from sim.cli.screen import safe
    from sim.schema.disclaimer import NOT_A_FORECAST

    join = f"{base}/join"
    return "\n".join(
        (
            f"{safe(led.title)}: the class pages are open to this network, at {base}",
            begun(led),
            "",
            f"Students:  {join}",
            qr(join),
            f"Teacher:   {teachers_link(base, led.secret)}",
            "           Do not share this link. The page that it opens shows the codes of the seats.",
            "",
            f"Stop with Ctrl+C. To resume, start again without --new. {NOT_A_FORECAST}",
        )
    )


def begun(led: LedExercise) -> str:
    """Return whether the exercise is new and, if it is not, how to create another one."""
    if led.begun is None:
        return "This is a new exercise."
    when = time.strftime("%Y-%m-%d, %H:%M", time.localtime(led.begun))
    return f"This resumes the exercise begun {when}; --new creates another one."


def qr(text: str) -> str:
    """Return a QR code for the terminal."""
    import segno

    out = io.StringIO()
    small = "utf" in (sys.stdout.encoding or "").lower()
    segno.make(text, error="m", micro=False).terminal(out=out, border=2, compact=small)
    return out.getvalue().rstrip("\n")
