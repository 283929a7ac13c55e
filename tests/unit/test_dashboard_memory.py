"""The memory of a server: what nobody uses is freed, and what is freed goes back to the system."""

import gc
import subprocess
import sys
import weakref
from collections.abc import Iterator

import pytest

from dashboard.server import memory
from dashboard.server.app_server import settings

# Small objects, of which only the last stays: the C library keeps the memory of all others, which lies before it.
FREES = """
import os
from dashboard.server import memory
from tests.app.process_memory import resident
memory.limit()
kept = [bytes(100_000) for _ in range(1000)]
kept = kept[-1:]
before = resident(os.getpid())
memory.trim()
print(before - resident(os.getpid()))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the test needs Linux: glibc and /proc")
def test_what_is_free_between_objects_that_stay_goes_back() -> None:
    done = subprocess.run([sys.executable, "-c", FREES], capture_output=True, text=True, check=True)
    assert float(done.stdout) > 50, f"{done.stdout} MB went back"


class Node:
    """Something that refers to itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collected() -> Iterator[None]:
    """No collection but those of the test."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.slow
@pytest.mark.usefixtures("collected")
def test_a_server_collects_what_refers_to_itself_but_not_after_each_run_of_a_page() -> None:
    assert settings()["runner.postScriptGC"] is False
    gone = weakref.ref(Node())
    memory.collect()
    assert gone() is not None, "so few objects are not worth a pause"
    gc.collect(0)  # as Python does once many have been made
    memory.collect()
    assert gone() is None
