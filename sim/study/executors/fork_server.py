"""The fork server of a study: one process imports everything that workers need, and workers are forked from it.

A worker that starts as a new Python takes two seconds of a processor to import the model, NumPy, Mesa and PyArrow; one
that is forked has them. The server is Python's own (`multiprocessing.forkserver`), so no worker inherits threads, locks
or open files of the study's process. It ends when that process ends, for any reason. On Windows and macOS there is
none, and each worker is a new Python: Windows cannot fork, and Python calls forking unsafe on macOS.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from typing import Final

IMPORTED: Final = ("sim.study.executors.local", "sim.study.compute", "sim.runs.runner")  # what computing a unit needs
FORKS: Final = hasattr(os, "fork") and sys.platform != "darwin"


def start_context() -> BaseContext:
    """How to start the next worker: from the server, which runs then, or as a new Python if no server can run.

    Without a folder for temporary files, for example, the server has nowhere to put its socket.
    """
    if FORKS:
        try:
            _ensure_running()
        except (OSError, ValueError):  # of a path that is too long for a socket, too
            pass
        else:
            return get_context("forkserver")
    return get_context("spawn")


def _ensure_running() -> None:
    """Start the server, or start it again if it was killed. Raises OSError."""
    from multiprocessing import forkserver, resource_tracker

    resource_tracker.ensure_running()  # before SIGINT is blocked: it would unblock it
    with _search_path_of_this_process():
        forkserver.set_forkserver_preload(list(IMPORTED))
        try:
            forkserver.ensure_running()
        finally:
            forkserver.set_forkserver_preload([])  # one that Python itself starts again may search other folders


@contextmanager
def _search_path_of_this_process() -> Iterator[None]:
    """Let a process that starts now search the same folders for modules, and not the working folder before them.

    Otherwise it could import another version of the model than this process.
    """
    wanted = {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONSAFEPATH": "1"}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
