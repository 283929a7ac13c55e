"""The memory of a server and of the processes that it has started, from /proc."""

from collections.abc import Iterator
from pathlib import Path


def resident(pid: int) -> float:
    """Return the memory of a process and its children, resident, in MB; where there is no /proc, NaN."""
    if not Path("/proc/self/status").exists():
        return float("nan")
    return sum(_of_one(one) for one in (pid, *_below(pid))) / 1024


def _of_one(pid: int) -> int:
    """Return the resident memory of a process in kB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


def _below(pid: int) -> Iterator[int]:
    """Yield the children of a process, and theirs."""
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split():
        yield int(child)
        yield from _below(int(child))
