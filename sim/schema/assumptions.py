"""How a run treats the uncertain parameters: the names of the three treatments, their default and their words."""

from typing import Any, Final, Literal, get_args

from sim.errors import InputError, nearest

Assumptions = Literal["point", "ranges", "facts"]

# What the text leaves open is carried in every band unless somebody asks for less.
DEFAULT_ASSUMPTIONS: Final[Assumptions] = "facts"

# As they stand in a line about a run, after its worlds and seed.
ASSUMPTIONS_IN_WORDS: Final[dict[Assumptions, str]] = {
    "facts": "assumptions that the facts allow",
    "ranges": "assumptions over their ranges",
    "point": "typical assumptions",
}
ASSUMPTIONS_MEANING: Final[dict[Assumptions, str]] = {
    "facts": "each world has its own set of values, of a thousand with which the text's facts hold",
    "ranges": "each world has its own values, each drawn from its range whatever the text says",
    "point": "every world has the same values, each in the middle of its range",
}


def check_assumptions(given: Any) -> Assumptions:
    """Return a treatment by its name. Raises InputError for any other value."""
    known = get_args(Assumptions)
    if not isinstance(given, str) or given not in known:
        hint = nearest(given, known) if isinstance(given, str) else None
        raise InputError("must be facts, ranges or point", path="assumptions", value=given, nearest=hint)
    found: Assumptions = given  # type: ignore[assignment]
    return found
