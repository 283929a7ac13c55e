"""The part of the review's page on decisions: what each changed, as a table and charts for each group."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from sim.exercise.decision_effects import DecisionEffect, DecisionImpact
from sim.exercise.decision_shares import Share
from sim.exercise.review_charts import dots
from sim.exercise.review_records import Review
from sim.exercise.seats import SEATS
from sim.export.page_parts import Cell, Figure, Paragraph, Part, Table
from sim.schema.formatting import decimals, signed, signed_interval
from sim.schema.outcomes import OUTCOMES, REACHED

EFFECTS: Final = ("attacks", "prisoners_released")  # charts of the decisions' effects
LISTED: Final = (
    "attacks",
    "security_forces_killed",
    "prisoners_released",
    "reached_power_shared",
    "reached_talks_open",
)


def decisions(review: Review) -> Iterator[Part]:
    """Yield the section: an introduction, then each group."""
    yield Paragraph("What each decision changed", 2)
    yield Paragraph(
        "The decisions were removed one after the other, in many orders, and the same worlds were run again each time. "
        "The first figure is the decision's share of what all did together (its Shapley value): the mean over many "
        "worlds, bold if it is significant, and its 95 % interval. The shares of a group add up to the last row. "
        "“Without it alone” is what changes if only this one is removed; of two decisions of which either was "
        "enough, both have 0 there, and each has half as its share. “Own world” is the same in the world that was "
        "played. Where both sides of a deal promised something, the share of each promise stands below the deal. When "
        "a decision is removed, the order or deal before it is in force again, or the model's own actor decides."
    )
    for group in review.groups:
        taken, together = (
            [one for one in some if one.decision.group == group] for some in (review.taken, review.together)
        )
        yield from _of_group(group, taken, together)


def _of_group(group: int, taken: Sequence[DecisionImpact], together: Sequence[DecisionImpact]) -> Iterator[Part]:
    if not taken:
        yield Paragraph(f"Group {group}", 3)
        yield Paragraph("No decisions: the model's own actors played every seat.")
        return
    some = [one for one in taken if _matters(one)]
    rows = [row for one in some for row in _rows(one)]
    rows += [["", one.decision.who, *_totals(one)] for one in together]
    idle = "; ".join(f"{_worded(one)} (round {one.decision.span})" for one in taken if not _matters(one))
    yield Paragraph(f"Group {group}, over {taken[0].worlds} worlds", 3)
    yield roomy_table(["round", "decision", *(f">{_brief(name)}" for name in LISTED)], rows)
    if idle:
        yield Paragraph(f"No difference in any of these: {idle}.")
    yield from (Figure(dots(group, name, some)) for name in EFFECTS if _moves(name, some))


def _matters(one: DecisionImpact) -> bool:
    """Return whether a decision made any difference that the table would show."""
    return any(one.effect(name).effect or one.effect(name).own or one.share(name).share for name in LISTED)


def _rows(one: DecisionImpact) -> Iterator[list[str | Cell]]:
    """Yield the row of a decision, and of each side of a deal."""
    yield [one.decision.span, _worded(one), *_cells(one)]
    for side, some in one.sides:
        by_name = {share.outcome: share for share in some}
        yield ["", f"of which {_inside(side.who)}: {side.text}", *(_shared(by_name[name]) for name in LISTED)]


def _inside(label: str) -> str:
    """Return a seat's label as it stands inside a sentence."""
    return next(seat.inside for seat in SEATS.values() if seat.label == label)


def _totals(one: DecisionImpact) -> list[Cell]:
    """Return what all decisions did together, one cell per outcome."""
    return [_figure(one.effect(name), (_own(one.effect(name)),)) for name in LISTED]


def _worded(one: DecisionImpact) -> str:
    return f"{one.decision.who}: {one.decision.text}"


def _brief(name: str) -> str:
    label = OUTCOMES[name].label.removesuffix(", total").removesuffix(", at the end").removesuffix(": reached")
    return f"{label}, % points" if name.startswith(REACHED) else label


def _cells(one: DecisionImpact) -> list[Cell]:
    """Return one cell per outcome: the share, its interval, without it alone, and the own world."""
    return [_cell(one.share(name), one.effect(name)) for name in LISTED]


def _cell(share: Share, alone: DecisionEffect) -> Cell:
    if not share.share and not alone.effect and not alone.own and share.alike and alone.alike:
        return Cell("0")
    by = 100 if share.outcome.startswith(REACHED) else 1
    return _figure(share, (f"without it alone: {signed(alone.effect * by)}", _own(alone)))


def _shared(share: Share) -> Cell:
    return _figure(share) if share.share or not share.alike else Cell("0")


def _figure(found: Share | DecisionEffect, below: tuple[str, ...] = ()) -> Cell:
    """Return a mean with its interval below it, in per cent points for a share of worlds."""
    mean = found.share if isinstance(found, Share) else found.effect
    by = 100 if found.outcome.startswith(REACHED) else 1
    mean, low, high = (part * by for part in (mean, found.low, found.high))
    places = decimals(mean, low, high)
    span = "in every world" if low == high else signed_interval(low, high, places)
    return Cell(signed(mean, places), (span, *below), strong=found.significant)


def _own(effect: DecisionEffect) -> str:
    shown = _turned(effect.own) if effect.outcome.startswith(REACHED) else signed(effect.own)
    return f"own world: {shown}"


def _turned(own: float) -> str:
    """Return the effect of a decision on whether a milestone is reached in the own world."""
    return "reached" if own > 0 else "prevented" if own < 0 else "0"


def _moves(name: str, taken: Sequence[DecisionImpact]) -> bool:
    return any(one.share(name).share for one in taken)


def roomy_table(heads: Sequence[str], rows: Iterable[Sequence[str | Cell]], *, caption: str = "") -> Table:
    """Return a table of the review, with room between its rows."""
    return Table(caption, heads, list(rows), roomy=True)
