"""A folder of invalid files, and the parts of the one-line error message that each must give."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pytest

from sim.errors import InputError

LISTED: Final = "expected.toml"


@dataclass(frozen=True)
class BadFiles:
    """A folder under tests, and the function that reads its files. longest: characters of one line."""

    name: str
    read: Callable[[str | Path], Any]
    longest: int

    @property
    def folder(self) -> Path:
        """The path of the folder."""
        return Path(__file__).parents[1] / self.name

    @cached_property
    def expected(self) -> dict[str, list[str]]:
        """The parts of the message, by file."""
        return tomllib.loads((self.folder / LISTED).read_text(encoding="utf-8"))

    def refusal(self, source: str | Path) -> str:
        """The error message for a source."""
        with pytest.raises(InputError) as caught:
            self.read(source)
        return str(caught.value)

    def check_listed(self, fewest: int) -> None:
        """Check that the table and the folder have the same files, and at least `fewest`."""
        found = {path.name for path in self.folder.iterdir()} - {LISTED}
        assert found == set(self.expected), f"only in one of the two: {sorted(found ^ set(self.expected))}"
        assert len(found) >= fewest, f"only {len(found)} bad files"

    def check_line(self, name: str) -> str:
        """Check that a file gives one printable line with all its parts, and return it."""
        message = self.refusal(self.folder / name)
        assert message.isprintable(), f"{len(message)} characters: {message[:200]!r}"
        assert len(message) < self.longest, f"{len(message)} characters: {message[:200]!r}"
        for part in self.expected[name]:
            assert part in message, f"{part!r} is not in {message!r}"
        return message
