"""Two things whose joint effect the page Compare shows, as they stand in a link: scenarios, or the reader's changes."""

from collections.abc import Sequence
from typing import Final

from sim.errors import InputError, nearest
from sim.inputs.setting_names import is_lever, is_parameter

OWN: Final = "yours"  # all changes of the reader together
TWO: Final = 2


def check_pair(pair: Sequence[str], scenarios: Sequence[str]) -> None:
    """Raise InputError unless it is empty or two different things.

    Each is the name of a shipped scenario, OWN, or a lever or parameter, which stands for the reader's change of it
    alone; one that the reader has not changed, or no longer, stands for no change.
    """
    if pair and (len(pair) != TWO or pair[0] == pair[1]):
        raise InputError("must be two different ones", path="both", value=" and ".join(pair))
    for name in pair:
        if name != OWN and name not in scenarios and not is_lever(name) and not is_parameter(name):
            known = [*scenarios, OWN]
            expected = f"a scenario, {OWN!r}, or a lever or parameter"
            raise InputError("no such change", path="both", value=name, expected=expected, nearest=nearest(name, known))
