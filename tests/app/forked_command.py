"""Run the command many times with streams that are full, closed or gone: `python -m tests.app.forked_command`.

Reads a list of [words, streams] as JSON from stdin, streams being three of STREAMS; prints [exit code, stdout, stderr]
of each as JSON. Imports are paid once: each command runs in a copy of this process, which ends as the command does.
"""

import gc
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from typer.testing import CliRunner

STREAMS: Final = ("kept", "full", "closed", "gone")  # gone: a pipe that nobody reads
SECONDS: Final = 120


def tried(words: Sequence[str], streams: Sequence[str], folder: Path) -> tuple[int, str, str]:
    """Run the command in a copy of this process. Returns its exit code and what it printed."""
    files = [folder / name for name in ("in", "out", "err")]
    for file in files:
        file.write_bytes(b"")
    if not (process := os.fork()):
        _become(words, streams, files)
    _, status = os.waitpid(process, 0)
    out, err = (file.read_text(encoding="utf-8", errors="replace") for file in files[1:])
    return os.waitstatus_to_exitcode(status), out, err


def _become(words: Sequence[str], streams: Sequence[str], files: Sequence[Path]) -> None:
    """Run the command instead of this process, which ends as Python ends."""
    signal.alarm(SECONDS)
    for number, (stream, file) in enumerate(zip(streams, files, strict=True)):
        _set(number, stream, file)
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        opened = _opened(number, mode)  # as Python does when it starts
        setattr(sys, name, opened)
        setattr(sys, f"__{name}__", opened)
    sys.argv = ["jirga", *words]
    from sim.cli import main

    main()
    sys.exit(0)


def _set(number: int, stream: str, file: Path) -> None:
    """Give a descriptor its stream."""
    os.close(number)
    if stream == "kept":
        os.open(file, os.O_RDWR)
    elif stream == "full":
        os.open("/dev/full", os.O_RDWR)
    elif stream == "gone":
        read, write = os.pipe()
        os.dup2(write, 63)
        os.close(write)
        os.close(read)
        os.dup2(63, number)


def _opened(number: int, mode: str) -> Any:
    """Return the text stream of a descriptor, None if it is closed."""
    try:
        return open(number, mode, encoding="utf-8", closefd=False)
    except OSError:
        return None


def _all(cases: Sequence[Any]) -> list[tuple[int, str, str]]:
    """Run every case."""
    from sim.cli.app import app

    for words in ("list", "study list", "parameters", "theories --list"):  # what they import and read is kept
        CliRunner().invoke(app, words.split())
    gc.freeze()  # a copy that ends does not look through it all
    folder = Path(tempfile.mkdtemp())  # not a context: a copy would remove it when it ends
    found = [tried(words, streams, folder) for words, streams in cases]
    shutil.rmtree(folder)
    return found


if __name__ == "__main__":
    json.dump(_all(json.load(sys.stdin)), sys.stdout)
