"""The pages, one function per page. All but the first need the engine, and are imported when they are used."""

from typing import Final

FIRST: Final = "begin"
RUN_FIRST: Final = "explore"
# All other modules, in the order in which the server imports them if none is asked for. `begin_answer` is the later
# steps of the first page.
LATER: Final = (
    RUN_FIRST, "begin_answer", "what_matters", "compare", "one_world", "theories", "evidence", "studies", "teach",
    "join",
)  # fmt: skip
