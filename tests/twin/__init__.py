"""The twin: a second, simple implementation of Jirga's rules for one world, as an ordinary Mesa model.

It shares with the engine the values (parameters, scenarios), the provinces and the names of series and outcomes, but
no rule. If both give the same distributions, stepping many worlds at once as arrays has changed nothing.
"""

from tests.twin.model import MAIN, Twin

__all__ = ["MAIN", "Twin"]
