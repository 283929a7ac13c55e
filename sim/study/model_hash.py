"""Which model computes: one hash over every file that can move a number, so that parts of two models never mix."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from sim import __version__

# What only reads, tells, draws or writes numbers. Whatever is not named here counts as the model.
NOT_THE_MODEL: Final = frozenset({
    "analysis", "charts", "cli", "exercise", "export", "results", "scenarios", "studies", "study",
})  # fmt: skip
SUFFIXES: Final = (".py", ".toml")


@cache
def model_hash() -> str:
    """SHA-256 of the version and of every source and data file of the model, 64 hexadecimal digits."""
    found = hashlib.sha256(__version__.encode())
    for name, path in model_files().items():
        found.update(f"\0{name}\0{hashlib.sha256(_lines(path)).hexdigest()}".encode())
    return found.hexdigest()


def _lines(path: Path) -> bytes:
    """What a file says, whichever line ends it was checked out with."""
    return path.read_bytes().replace(b"\r\n", b"\n")


def model_files() -> dict[str, Path]:
    """The files that can move a number, by their path inside `sim`, in order."""
    root = Path(__file__).parents[1]
    inside = {path.relative_to(root): path for path in root.rglob("*") if path.suffix in SUFFIXES}
    return {
        name.as_posix(): inside[name]
        for name in sorted(inside, key=lambda name: name.parts)
        if name.parts[0] not in NOT_THE_MODEL
    }
