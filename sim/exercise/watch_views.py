"""What the press and observers see: what everybody in a group knows, and no order before it is played.

Text is plain text, never markup.
"""

from dataclasses import dataclass

from sim.exercise.views import JoinedView, News, PublicSituation, SideAims, Statement


@dataclass(frozen=True, slots=True)
class WatchedGroup:
    """A group as those see it who watch."""

    group: int
    situation: PublicSituation
    news: tuple[News, ...]  # latest round first
    statements: tuple[Statement, ...]  # latest round first
    sides: tuple[SideAims, ...]  # empty until the aims are revealed


@dataclass(frozen=True, slots=True)
class WatchView(JoinedView):
    """All that the page of the press or of an observer shows; `seat` says which."""

    groups: tuple[WatchedGroup, ...]
