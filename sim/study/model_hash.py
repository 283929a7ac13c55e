"""The hash of the model: over every file that can change a number, so that parts of two models never mix."""

from functools import cache
from pathlib import Path
from typing import Final

from sim.files.file_hash import files_hash
from sim.version import __version__

# What only reads, shows, draws or writes numbers. Everything else counts as the model; the version is hashed too.
NOT_THE_MODEL: Final = frozenset({
    "__init__.py", "version.py",
    "analysis", "charts", "cli", "exercise", "export", "results", "scenarios", "studies", "study",
})  # fmt: skip
SUFFIXES: Final = (".py", ".toml")


@cache
def model_hash() -> str:
    """SHA-256 of the version and of every source and data file of the model, 64 hexadecimal digits."""
    return files_hash(model_files(), __version__)


def model_files() -> dict[str, Path]:
    """The files that can change a number, by their path inside `sim`, sorted."""
    root = Path(__file__).parents[1]
    inside = {path.relative_to(root): path for path in root.rglob("*") if path.suffix in SUFFIXES}
    return {
        name.as_posix(): inside[name]
        for name in sorted(inside, key=lambda name: name.parts)
        if name.parts[0] not in NOT_THE_MODEL
    }
