"""The command `jirga`. Its top level loads Typer alone; everything heavier loads inside the command that needs it."""

import io
import sys

from sim.cli import interrupt, process_exit


def main() -> None:
    """Run the command with the arguments of this process, and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a title may hold what the terminal cannot show
    interrupt.catch_first()
    with process_exit.exit_cleanly():
        try:
            from sim.cli.app import app

            app(prog_name="jirga")
        except KeyboardInterrupt:  # while something was still being loaded
            sys.exit(interrupt.INTERRUPTED)
        finally:
            interrupt.ignore_further()
