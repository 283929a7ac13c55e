"""What the page Begin here says before it asks: what happened, who stands where, and what talks need.

Figures and dates come from the facts, each line ends with the sentences of the text that it rests on.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dashboard.render import display
from sim.inputs.facts import facts
from sim.schema import formatting


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence. text: with the names of facts in braces; rests_on: sentences of the text, or another source."""

    text: str
    rests_on: str


SIGNED: Final = (
    Statement(
        "On {agreement_signed} the United States and the Taliban, at war since 2001, signed an agreement.",
        "the agreement, S2",
    ),
    Statement(
        "American soldiers would leave, prisoners would be exchanged, and the Taliban would talk with other Afghans: "
        "the talks were due on {talks_planned}.",
        "S9, S12, S13",
    ),
    Statement(
        "The president of the United States wanted the soldiers home before the election: {us_troops_november} were "
        "to be left by November.",
        "S1, S2",
    ),
)
HAPPENED: Final = (
    Statement(
        "{talks_planned}: the talks do not begin. Ghani signs a decree that would release {decree_prisoners} Taliban "
        "prisoners from {decree_releases_begin}, if each of them signs a pledge not to fight again.",
        "S9 to S11",
    ),
    Statement("The Taliban reject it. They demand {prisoners_demanded}.", "S13"),
    Statement("{release_put_off}: Kabul puts the release off, to review the list.", "S14"),
    Statement(
        "In Kabul two men say that they have won the election, Ghani and Abdullah, and nobody is in charge.",
        "S15 to S17",
    ),
    Statement(
        "In the {window_days} days after 1 March the Taliban attack Afghan forces more than {attacks_2020} times and "
        "kill more than {security_forces_killed_2020} of them. They spare the foreign soldiers.",
        "S3 to S5, S7",
    ),
)
NEEDS: Final = (
    Statement("Prisoners: enough of them released to satisfy the Taliban", "S13"),
    Statement("One delegation: Kabul speaks with one voice", "S15 to S17"),
    Statement("Willing Taliban: their leaders expect more from talks than from fighting", "S13"),
    Statement("Bearable violence: not more of it than both sides put up with", "S3, S7"),
    Statement("The American guarantee: both sides trust that the United States keeps its word", "S1, S8, S12"),
)
WORLD: Final = (
    "A **world** is one possible history of 2020: the same people under the same rules, but with its own luck, such as "
    "which attack succeeds on which day, and its own values of what is not known. Jirga runs a thousand worlds of what "
    "was recorded until 15 April, then the same thousand, with the same luck and values, with one decision changed. "
    "What differs between the two is the effect of that decision."
)


def statements(lines: Sequence[Statement]) -> list[Statement]:
    """Return the lines with the figures of the facts. Raises KeyError for an unknown fact."""
    known = {name: _figure(name, fact.value) for name, fact in facts().items()}
    return [Statement(one.text.format(**known), one.rests_on) for one in lines]


def listed(given: Sequence[Statement]) -> str:
    """Return sentences as a list in HTML, each with what it rests on."""
    rows = "".join(
        f'<li>{display.markup(one.text)} <span class="source">{display.markup(one.rests_on)}</span></li>'
        for one in given
    )
    return f'<ul class="story">{rows}</ul>'


def _figure(name: str, value: float | bool | dt.date) -> str:  # noqa: FBT001  a fact may be a yes
    """Return a fact's value as it stands in a sentence; the dates of 2020 are without their year."""
    if isinstance(value, dt.date):
        return formatting.day(value, year=name == "agreement_signed")
    return formatting.setting(value)
