"""The command `jirga`. Its top level loads Typer alone; everything heavier loads inside the command that needs it."""

import sys


def main() -> None:
    """Run the command with the arguments of this process, and exit with its code."""
    try:
        from sim.cli.app import app

        app(prog_name="jirga")
    except KeyboardInterrupt:  # while something was still being loaded
        sys.exit(130)
