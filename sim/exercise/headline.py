"""A headline: what the press says of a round, for everybody to see."""

from dataclasses import dataclass

from sim.exercise.watchers import WHOLE_CLASS


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline of a round; plain text, never markup."""

    round: int  # the last one that was played when it was written; 0 before round 1
    group: int  # that the press watches; 0 for all of them
    text: str

    @property
    def source(self) -> str:
        """Whose headline it is, in words: "The press of group 2"."""
        return "The press" if self.group == WHOLE_CLASS else f"The press of group {self.group}"


def when(number: int) -> str:
    """Return what a headline is about, in words."""
    return f"After round {number}" if number else "Before round 1"
