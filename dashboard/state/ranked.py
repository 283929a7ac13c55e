"""The outcomes of which a visitor chooses one: levers and scenarios are ordered by their effect on it."""

from typing import Final

from sim.errors import InputError, nearest
from sim.schema.outcomes import OUTCOMES

RANKED: Final = (
    "reached_talks_open", "reached_power_shared", "attacks", "security_forces_killed", "prisoners_released",
    "returned_to_fighting",
)  # fmt: skip


def label(outcome: str) -> str:
    """Return an outcome in plain words, for display: "Talks open"."""
    return OUTCOMES[outcome].label.removesuffix(": reached")


def check_ranked(outcome: str) -> None:
    """Raise InputError unless levers and scenarios can be ordered by an outcome."""
    if outcome not in RANKED:
        problem = "not an outcome to order by"
        raise InputError(
            problem, path="outcome", value=outcome, expected=", ".join(RANKED), nearest=nearest(outcome, RANKED)
        )
