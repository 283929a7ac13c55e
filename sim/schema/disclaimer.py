"""The sentence that every screen, chart, page and file carries."""

from typing import Final

NOT_A_FORECAST: Final = "A tool for thinking about mechanisms, not a forecast."
