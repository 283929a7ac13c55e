"""A picture of the parties: who they are, what each wants, and what is between them."""

from dataclasses import dataclass
from typing import Final

from dashboard.render import display


@dataclass(frozen=True, slots=True)
class Box:
    """One cell of the picture: a party with what it wants, or what is between two parties.

    arrow: between the parties beside it ("across") or above and below it ("down"); "" for a party.
    """

    title: str
    text: str
    rests_on: str = ""
    arrow: str = ""


# Row by row; parties stand in the corners.
PICTURE: Final = (
    Box("United States", "wants its soldiers home before its election, and peace enough to leave", "S1, S2"),
    Box("", "agreement of 29 February: soldiers leave, foreign forces are spared", "S7, S12", "across"),
    Box("Taliban", "insist on 5,000 prisoners, and want the foreign soldiers gone", "S12, S13"),
    Box("", "the United States defends Kabul's forces from the air, and means to go on", "S8", "down"),
    Box("", "The United Nations Security Council backs the agreement", "S13"),
    Box("", "the Taliban attack Kabul's forces more than a year before", "S4, S5", "down"),
    Box("Ghani's camp", "holds the prisoners: 1,500 may go, against a pledge and after a review", "S10, S11, S14"),
    Box("", "both say that they won the election: no shared delegation", "S15 to S17", "across"),
    Box("Abdullah's camp", "claims the presidency too; without it Kabul has no single voice", "S15, S16"),
)
ARROWS: Final = {"across": "&#8596;", "down": "&#8597;", "": ""}


def picture() -> str:
    """Return the picture as HTML; its CSS is in `dashboard.render.style`. It is read aloud as a list."""
    return f'<div class="around"><div class="parties" role="list">{"".join(map(_cell, PICTURE))}</div></div>'


def _cell(box: Box) -> str:
    kind = "party" if box.title else "between"
    title = f"<b>{display.markup(box.title)}</b> " if box.title else ""
    arrow = f'<span class="arrow {box.arrow}" aria-hidden="true">{ARROWS[box.arrow]}</span>' if box.arrow else ""
    source = f' <span class="source">{display.markup(box.rests_on)}</span>' if box.rests_on else ""
    return f'<div class="{kind}" role="listitem">{arrow}{title}{display.markup(box.text)}{source}</div>'
