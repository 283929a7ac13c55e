"""The memory of a server: what is freed goes back to the system."""

import subprocess
import sys

import pytest

# Small objects, of which only the last stays: the C library keeps the memory of all others, which lies before it.
FREES = """
import os
from dashboard.server import memory_arenas
from tests.app.process_memory import resident
memory_arenas.limit()
kept = [bytes(100_000) for _ in range(1000)]
kept = kept[-1:]
before = resident(os.getpid())
memory_arenas.trim()
print(before - resident(os.getpid()))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the test needs Linux: glibc and /proc")
def test_what_is_free_between_objects_that_stay_goes_back() -> None:
    done = subprocess.run([sys.executable, "-c", FREES], capture_output=True, text=True, check=True)
    assert float(done.stdout) > 50, f"{done.stdout} MB went back"
