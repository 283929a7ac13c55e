"""What bounds a link, known before any page is loaded."""

from typing import Final

LONGEST_LINK: Final = 40_000  # characters
MOST_PARTS: Final = 500  # names with their values
TOO_LONG: Final = {"link": ["too-long"]}  # the address of whoever came with a longer one, so that the page can say so
