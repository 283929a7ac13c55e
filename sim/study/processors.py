"""How many processors there are to work with, on any system."""

import os


def processors() -> int:
    """How many processors this process may use, at least 1: fewer than the machine has, where some are withheld."""
    if hasattr(os, "process_cpu_count"):  # from Python 3.13 on
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):  # Linux alone has it
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
