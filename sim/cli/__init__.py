"""The command `jirga`. It imports only Typer itself; the commands import the larger libraries that they need."""

import sys

from sim.cli import interrupt, process_exit, standard_streams


def main() -> None:
    """Run the command with the arguments of this process, and exit with its exit code."""
    standard_streams.prepare()
    interrupt.catch_first()
    with process_exit.exit_cleanly():
        try:
            from sim.cli.app import app

            app(prog_name="jirga")
        except KeyboardInterrupt:  # during imports
            sys.exit(interrupt.INTERRUPTED)
        finally:
            interrupt.ignore_further()
