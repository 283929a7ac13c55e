"""`jirga dashboard`: Jirga in a browser, on this machine. Starts the package `dashboard`, which `sim` never imports."""

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
STUDIES = "JIRGA_STUDIES"  # the environment variable with the folder of studies


EXAMPLES = options.examples("dashboard", "dashboard --port 8600 --browse", "dashboard --studies results")


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("dashboard", epilog=EXAMPLES)(dashboard)


def dashboard(
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = HOST,
    port: Annotated[int, typer.Option("--port", min=1, max=LARGEST_PORT, help="The port to listen on.")] = PORT,
    studies: Annotated[
        Path | None, typer.Option("--studies", metavar="DIR", help="The folder of studies. [default: this folder]")
    ] = None,
    browse: Annotated[bool, typer.Option("--browse", help="Also open a browser.")] = False,
    db: options.ExerciseFile = None,
) -> None:
    """Open Jirga in a browser: move a lever and see a thousand worlds change."""
    from sim.cli.address import check_any, check_free, link_to

    check_installed()
    if studies is not None:
        check_folder(studies)
    address = check_any(host, port)
    check_free(address, port)
    typer.echo(f"Jirga's dashboard: {link_to(address, port)} (stop it with Ctrl+C)")
    more = [*(["--browse"] if browse else []), *(["--db", str(db)] if db else [])]
    start(SCREEN, ["--host", address, "--port", str(port), *more])


def check_installed() -> None:
    """Raise InputError if the dashboard's packages are not installed."""
    from sim.errors import InputError

    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise InputError(f"the dashboard needs {missing[0]}: install jirga with its extra, jirga[dashboard]")


def check_folder(studies: Path) -> None:
    """Set the folder of studies for the pages. Raises InputError if there is no such folder."""
    from sim.errors import InputError

    if not studies.is_dir():
        raise InputError("no such folder", file=studies)
    os.environ[STUDIES] = str(studies.resolve())


def start(module: str, words: list[str]) -> None:
    """Run a server module outside `sim` until it is stopped."""
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
