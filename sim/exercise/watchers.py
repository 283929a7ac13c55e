"""Those who watch: the press, which writes the headline of each round, and observers. They have no levers.

A journalist sees what everybody knows, of one group or of all. Nothing that they do enters a world.
"""

from typing import Final, Literal

from sim.exercise.seats import SEATS

Press = Literal["none", "class", "groups"]

PRESS: Final = "press"
OBSERVER: Final = "observer"
WATCHERS: Final = {PRESS: "The press", OBSERVER: "An observer"}  # name in a file, and label
WHOLE_CLASS: Final = 0  # the group of those who watch all groups
PRESSES: Final[tuple[Press, ...]] = ("none", "class", "groups")


def watching(press: Press, groups: int, *, observers: bool) -> tuple[tuple[int, str], ...]:
    """Return the group and name of every place from which somebody may watch.

    press: whether there is one for the class, one for each group, or none.
    """
    numbers = {"none": (), "class": (WHOLE_CLASS,), "groups": range(1, groups + 1)}[press]
    return (*((group, PRESS) for group in numbers), *([(WHOLE_CLASS, OBSERVER)] if observers else []))


def label_of(seat: str) -> str:
    """Return the label of a seat, or of a place from which somebody watches. Raises KeyError for an unknown one."""
    return WATCHERS[seat] if seat in WATCHERS else SEATS[seat].label
