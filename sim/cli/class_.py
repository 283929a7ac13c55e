"""`jirga class serve`: the class pages on the room's network, for students' own phones and laptops."""

import io
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from sim.cli import dashboard, options
from sim.cli.address import check_free, check_one
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.exercise.service import Classroom
    from sim.exercise.settings import ExerciseSettings

SERVER = "dashboard.server.class_server"  # the module that draws the pages
PORT = 8502
ELSEWHERE = ("192.0.2.1", 9)  # an address of nobody: the way there leaves by this machine's own in the room


class LedExercise(NamedTuple):
    """The exercise to lead. begun: seconds since 1970 if it was there already, None for a new one."""

    secret: str
    title: str
    begun: float | None = None


def add_to(app: typer.Typer) -> None:
    """Give the application this group."""
    group = typer.Typer(help="Lead a class exercise on the room's network.", no_args_is_help=True)
    lines = options.examples("class serve", "class serve --settings seminar.toml", "class serve --host 192.168.1.20")
    group.command("serve", epilog=lines)(serve)
    group.callback()(_group)
    app.add_typer(group, name="class")


def _group() -> None:
    """Lead a class exercise on the room's network."""


def serve(
    host: Annotated[str, typer.Option("--host", help="This machine's address in the room. [default: found]")] = "",
    port: Annotated[int, typer.Option("--port", min=1, max=dashboard.LARGEST_PORT, help="The port to open.")] = PORT,
    settings: Annotated[Path | None, typer.Option("--settings", help="Lead an exercise of this TOML file.")] = None,
    new: Annotated[bool, typer.Option("--new", help="Make another, though one is not over.")] = False,
    browse: Annotated[bool, typer.Option("--browse", help="Open the teacher's page in a browser too.")] = False,
    db: options.ExerciseFile = None,
) -> None:
    """Open the class pages to the room's network, and nothing else of this machine.

    Goes on with the latest exercise that is not over, with --settings with the latest of these settings, or makes one.
    Stop with Ctrl+C and start the same command again at any time: whatever a device was told is done is kept.
    """
    from sim.exercise.default_path import default_file
    from sim.exercise.service import Classroom
    from sim.exercise.settings import load_settings

    dashboard.check_installed()
    address = host or room_address()
    check_one(address)
    check_free(address, port)
    wanted = None if settings is None else load_settings(settings)
    file = (db or default_file()).absolute()
    led = exercise(Classroom(file), wanted, new=new)
    base = f"http://{address}:{port}"
    typer.echo(notice(base, led))
    if browse:
        typer.launch(teachers_link(base, led.secret))
    dashboard.start(SERVER, ["--host", address, "--port", str(port), "--db", str(file)])


def exercise(classroom: "Classroom", settings: "ExerciseSettings | None", *, new: bool) -> LedExercise:
    """The exercise to lead: the latest that is not over, with settings the latest of just these, or a new one.

    A class must find its exercise again when the same command is started again, so only `new` makes a second one.
    """
    from sim.exercise.settings import ExerciseSettings

    wanted = ExerciseSettings() if settings is None else settings
    for one in () if new else classroom.listed():
        if one.played == one.rounds or (settings is not None and one.title != settings.title):
            continue
        secret = classroom.secret(one.exercise)
        if settings is None or classroom.teacher(secret).settings == settings:
            return LedExercise(secret, one.title, one.created)
    return LedExercise(classroom.create(wanted).secret, wanted.title)


def room_address() -> str:
    """The machine's own address on its network. Raises InputError if it has none; nothing is sent to find out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
            return str(probe.getsockname()[0])
        except OSError:
            pass
    own = [found[4][0] for found in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    if outward := [str(one) for one in own if not str(one).startswith("127.")]:
        return outward[0]
    raise InputError("this machine is on no network: connect it, or name its address with --host")


def teachers_link(base: str, secret: str) -> str:
    """The link that opens the teacher's page."""
    return f"{base}/teach?key={secret}"


def notice(base: str, led: LedExercise) -> str:
    """What the teacher reads on the terminal."""
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
            "           Keep that link to yourself. Codes for the seats are on the page it opens.",
            "",
            f"Stop with Ctrl+C; start again, without --new, to go on. {NOT_A_FORECAST}",
        )
    )


def begun(led: LedExercise) -> str:
    """Whether the exercise is a new one, and how to get another if it is not."""
    if led.begun is None:
        return "This is a new exercise."
    when = time.strftime("%Y-%m-%d, %H:%M", time.localtime(led.begun))
    return f"This goes on with the exercise begun {when}; --new makes another."


def qr(text: str) -> str:
    """A QR picture for the terminal."""
    import segno

    out = io.StringIO()
    small = "utf" in (sys.stdout.encoding or "").lower()
    segno.make(text, error="m", micro=False).terminal(out=out, border=2, compact=small)
    return out.getvalue().rstrip("\n")
