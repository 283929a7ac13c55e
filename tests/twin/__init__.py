"""The twin: the rules of Jirga written a second time, plainly, for one world, as an ordinary Mesa model.

It shares with the engine the values (parameters, scenarios), the provinces and the names of what is read off, and no
rule. Where both give the same distributions, stepping many worlds at once as arrays has changed nothing.
"""

from tests.twin.model import MAIN, Twin

__all__ = ["MAIN", "Twin"]
