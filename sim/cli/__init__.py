"""The command `jirga`. It imports only Typer itself; the commands import the larger libraries that they need."""

import io
import sys

from sim.cli import interrupt, process_exit


def main() -> None:
    """Run the command with the arguments of this process, and exit with its exit code."""
    _text()
    interrupt.catch_first()
    with process_exit.exit_cleanly():
        try:
            from sim.cli.app import app

            app(prog_name="jirga")
        except KeyboardInterrupt:  # during imports
            sys.exit(interrupt.INTERRUPTED)
        finally:
            interrupt.ignore_further()


def _text() -> None:
    """Configure the text streams so that every character can be read and written."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if sys.platform == "win32" and not stream.isatty():
            stream.reconfigure(encoding="utf-8")  # for files and pipes; the default on Windows is a code page
        if stream is not sys.stdin:
            stream.reconfigure(errors="backslashreplace")  # a title may have characters that a terminal cannot show
