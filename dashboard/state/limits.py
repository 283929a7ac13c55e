"""The limits and parts of a link, in a module that imports no page."""

from typing import Final

LONGEST_LINK: Final = 40_000  # characters
MOST_PARTS: Final = 500  # names with their values
TOO_LONG: Final = {"link": ["too-long"]}  # replaces the query of an address that is too long; the page then says so
BEGIN_KEYS: Final = ("step", "question")  # of the page Begin here; every other part of a link is a state's
