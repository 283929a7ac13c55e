"""`jirga dashboard`: Jirga in a browser, on this machine. The screen stands outside `sim`, and is only started here."""

import os
import runpy
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from sim.cli import options

SCREEN = "dashboard"  # the package that draws the pages
NEEDED = (SCREEN, "streamlit")
HOST, PORT = "127.0.0.1", 8501
LARGEST_PORT = 65535
STUDIES = "JIRGA_STUDIES"  # tells the pages where to look


EXAMPLES = options.examples("dashboard", "dashboard --port 8600 --browse", "dashboard --studies results")


def add_to(app: typer.Typer) -> None:
    """Give the application this command."""
    app.command("dashboard", epilog=EXAMPLES)(dashboard)


def dashboard(
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = HOST,
    port: Annotated[int, typer.Option("--port", min=1, max=LARGEST_PORT, help="The port to listen on.")] = PORT,
    studies: Annotated[
        Path | None, typer.Option("--studies", metavar="DIR", help="Where to look for studies. [default: here]")
    ] = None,
    browse: Annotated[bool, typer.Option("--browse", help="Open a browser too.")] = False,
    db: options.ExerciseFile = None,
) -> None:
    """Open Jirga in a browser: move a lever, see a thousand worlds move."""
    from sim.cli.address import check_free

    check_installed()
    if studies is not None:
        check_folder(studies)
    check_free(host, port)
    typer.echo(f"Jirga's dashboard: http://{host}:{port} (stop it with Ctrl+C)")
    more = [*(["--browse"] if browse else []), *(["--db", str(db)] if db else [])]
    start(SCREEN, ["--host", host, "--port", str(port), *more])


def check_installed() -> None:
    """Raises InputError if what draws pages is not installed."""
    from sim.errors import InputError

    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise InputError(f"the dashboard needs {missing[0]}: install jirga with its extra, jirga[dashboard]")


def check_folder(studies: Path) -> None:
    """Tell the pages where studies are. Raises InputError if there is no such folder."""
    from sim.errors import InputError

    if not studies.is_dir():
        raise InputError("no such folder", file=studies)
    os.environ[STUDIES] = str(studies.resolve())


def start(module: str, words: list[str]) -> None:
    """Hand over to a server outside `sim`, until it is stopped."""
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
