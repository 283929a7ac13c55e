"""The process ends with its own exit code, also while a thread of a C++ library is still running."""

import pytest

from tests.app.command import process

# Aborts at the end of the process, after all exit handlers of Python, as a C++ library with a running thread does.
ABORTS = """
import atexit, os, sys
atexit.register(os.abort)  # registered first, so it comes last
from sim import cli
from sim.cli import process_exit
if {threaded}:
    import pyarrow
with process_exit.exit_cleanly():
    print("said")
    sys.exit({code})
"""


@pytest.mark.slow
@pytest.mark.parametrize("code", [0, 2])
def test_what_aborts_at_the_very_end_is_not_reached(code: int) -> None:
    done = process(code=ABORTS.format(threaded=True, code=code))
    assert (done.returncode, done.stdout, done.stderr) == (code, "said\n", "")


def test_without_such_a_library_python_ends_as_ever() -> None:
    assert process(code=ABORTS.format(threaded=False, code=0)).returncode < 0
