"""The review as one HTML page, without network or scripts, which can be printed; all text of users is escaped."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from sim.exercise.debrief import debrief, surprise
from sim.exercise.decision_effects import DecisionEffect, DecisionImpact
from sim.exercise.decision_shares import Share
from sim.exercise.divergence import NAMED, Divergence
from sim.exercise.review_charts import dots, over_days
from sim.exercise.review_records import DealRecord, OfferRecord, Review
from sim.exercise.seats import SEATS
from sim.export.page import page as render
from sim.export.page_parts import Cell, Figure, Paragraph, Part, Table
from sim.schema.formatting import day, decimals, number, score, share, signed, signed_interval, unit_label, yes_no
from sim.schema.milestones import MILESTONES
from sim.schema.outcomes import OUTCOMES, REACHED
from sim.schema.series import SERIES

DRAWN: Final = ("attacks", "prisoners_released", "us_troops", "kabul_cohesion")  # charts over the days
EFFECTS: Final = ("attacks", "prisoners_released")  # charts of the decisions' effects
LISTED: Final = (
    "attacks",
    "security_forces_killed",
    "prisoners_released",
    "reached_power_shared",
    "reached_talks_open",
)
UNANSWERED: Final = {"expired": "not answered", "countered": "counter-offer made"}
GROUPS_PER_CHART: Final = 4  # groups in a chart


def page(review: Review) -> str:
    """Return the page."""
    return render(f"{review.settings.title}: the joint review", _parts(review))


def _parts(review: Review) -> Iterator[Part]:
    for section in (
        _aloud,
        _head,
        _worlds,
        _parted,
        _futures,
        _milestones,
        _decisions,
        _aims,
        _deals,
        _forecasts,
        _text,
    ):
        yield from section(review)


def _aloud(review: Review) -> Iterator[Part]:
    """Return the debrief that is read aloud, before all tables."""
    yield Paragraph("To read aloud", 2)
    for one in debrief(review):
        yield Paragraph(f"Group {one.group}", 3)
        yield from (Paragraph(sentence) for sentence in one.sentences)
        yield Paragraph(f"Ask: {one.question} (Card {one.card})", kind="note")
    if words := surprise(review):
        yield Paragraph(words)
    yield Paragraph("Everything below is for looking things up.", kind="small")


def _head(review: Review) -> Iterator[Part]:
    s = review.settings
    span = f"{day(s.start)} to {day(s.ends(review.played) - dt.timedelta(days=1))}"
    hashes = ", ".join(f"group {g}: {review.hashes[g][:12]}" for g in review.groups)
    yield Paragraph("What was played", 2)
    yield Paragraph(
        f"{review.played} of {s.rounds} rounds of {s.weeks} weeks, {span}; {s.groups} "
        f"group{'s' * (s.groups > 1)}; on the scenario {s.base}. Every group had the same luck (the same "
        f"random numbers), world {s.world} of seed {s.seed}: all differences come from decisions. “Many worlds” are "
        f"the same decisions in {s.worlds} worlds, each with its own random numbers."
    )
    yield Paragraph(f"Hashes of the scenario files: {hashes}", kind="small")


# Worlds


def _worlds(review: Review) -> Iterator[Part]:
    some = [review.groups[at : at + GROUPS_PER_CHART] for at in range(0, len(review.groups), GROUPS_PER_CHART)]
    yield Paragraph("The worlds that were played", 2)
    yield from (Figure(over_days(review, name, groups)) for name in DRAWN for groups in some)


def _parted(review: Review) -> Iterator[Part]:
    """Return the divergences: from the baseline by series; between groups by the first day in any series."""
    by_pair: dict[tuple[int, int], dict[str, Divergence]] = {}
    for one in review.partings:
        by_pair.setdefault((one.group, one.other), {})[one.series] = one
    rows = [[f"Group {group}", *(_two(by_pair[group, 0][name]) for name in NAMED)] for group in review.groups]
    yield Paragraph("Where the worlds diverged", 2)
    yield Paragraph(
        "The first day of a difference from the baseline that lasts two weeks or more: in the world that was "
        "played, and in brackets for the mean over many worlds, if its 95 % interval excludes 0."
    )
    yield _table(["", *(SERIES[name].label for name in NAMED)], rows)
    yield from _each_other(by_pair)


def _two(one: Divergence) -> str:
    return f"{day(one.world, year=False)} ({day(one.ensemble, year=False)})"


def _each_other(by_pair: dict[tuple[int, int], dict[str, Divergence]]) -> Iterator[Part]:
    rows = []
    for group, other in (pair for pair in by_pair if pair[1]):
        dated = [(one.world, one.label) for one in by_pair[group, other].values() if one.world]
        first = min(dated, key=lambda found: found[0]) if dated else None
        rows.append(
            [f"{other} and {group}", *((day(first[0], year=False), first[1]) if first else ("never", "no difference"))]
        )
    if rows:
        yield _table(["groups", "first day", "series"], rows, caption="Between the groups")


def _futures(review: Review) -> Iterator[Part]:
    """Return what was played before the teacher went back, beside what was played instead."""
    steps = sorted({(one.back, one.through) for one in review.futures})
    if steps:
        yield Paragraph("Two futures", 2)
    for back, through in steps:
        some = [one for one in review.futures if (one.back, one.through) == (back, through)]
        rows = [[str(one.group), one.label, one.first, one.now, unit_label(one.unit)] for one in some]
        caption = f"Before the class went back to round {back}, and after; to the end of round {through}"
        yield _table(["group", "", ">first", ">instead", "unit"], rows, caption=caption)


def _milestones(review: Review) -> Iterator[Part]:
    found = {(one.group, one.milestone): one for one in review.reached}
    numbers = [0, *review.groups]
    rows = [
        [m.label, *(f"{day(found[g, name].date, year=False)} ({share(found[g, name].share)})" for g in numbers)]
        for name, m in MILESTONES.items()
    ]
    yield Paragraph("Milestones", 2)
    yield Paragraph("The date in the world that was played, and in brackets the share of many worlds that reach it.")
    yield _table(["", "baseline", *(f"group {g}" for g in review.groups)], rows)


# Decisions


def _decisions(review: Review) -> Iterator[Part]:
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
    yield _table(["round", "decision", *(f">{_brief(name)}" for name in LISTED)], rows)
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


# Aims, deals, forecasts, the text


def _aims(review: Review) -> Iterator[Part]:
    yield Paragraph("What each party got", 2)
    yield Paragraph(
        "What each party got by its own aims: in the world played, and in brackets the mean over many worlds; the "
        "baseline for comparison. These are readings, not grades: parties want different things, and one party's gain "
        "can be another's loss."
    )
    for seat in SEATS.values():
        aims = [one for one in review.aims if one.seat == seat.name]
        head = ["aim", "measured by", "baseline", *(f"group {g}" for g in review.groups), "why it is their aim"]
        rows = []
        for first in [one for one in aims if one.group == 1]:
            same = {one.group: one for one in aims if one.outcome == first.outcome}
            figures = [_pair(first.base_own, first.base_mean, first.outcome)]
            figures += [_pair(same[g].own, same[g].mean, first.outcome) for g in review.groups]
            rows.append([first.text, f"{first.label} ({first.wants})", *figures, f"{first.why} ({first.rests_on})"])
        yield _table(head, rows, caption=seat.label)


def _pair(own: float, mean: float, outcome: str) -> str:
    if outcome.startswith(REACHED):
        return f"{yes_no(bool(own))} ({share(mean)})"
    places = decimals(own, mean)
    return f"{number(own, places)} ({number(mean, places)})"


def _deals(review: Review) -> Iterator[Part]:
    yield Paragraph("Deals", 2)
    if not review.deals:
        yield Paragraph("No deal was made.")
    else:
        yield from _promises(review)
    if review.offers:
        rows: list[list[str | Cell]] = [
            [str(one.group), str(one.round), SEATS[one.sender].label, SEATS[one.receiver].label, one.terms,
             Cell(UNANSWERED.get(one.status, one.status), _said(one))]
            for one in review.offers
        ]  # fmt: skip
        yield _table(["group", "round", "from", "to", "what", "answer"], rows, caption="Offers that became no deal")


def _said(one: OfferRecord) -> tuple[str, ...]:
    """Return the sender's note, and the reason of an answer that the model gave."""
    return (*((f"“{one.note}”",) if one.note else ()), *((one.why,) if one.why else ()))


def _promises(review: Review) -> Iterator[Part]:
    """Return every promise of the deals and what became of it."""
    yield Paragraph(
        "Kept means carried out in the world that was played. A promise is broken by an order of its own seat; without "
        "one, an event or a Kabul that manages little may leave it undone."
    )
    rows: list[list[str | Cell]] = [
        [
            str(deal.group), _span(deal), SEATS[term.seat].label,
            SEATS[deal.receiver if term.seat == deal.sender else deal.sender].label, term.text,
            Cell(term.verdict, (term.detail,) if term.detail else (), strong=term.verdict == "broken"),
        ]
        for deal in review.deals
        for term in deal.terms
    ]  # fmt: skip
    yield _table(["group", "rounds", "who promised", "to whom", "what", "what became of it"], rows)


def _span(deal: DealRecord) -> str:
    return str(deal.first) if deal.first == deal.last else f"{deal.first} to {deal.last}"


def _forecasts(review: Review) -> Iterator[Part]:
    asked = [one for one in review.forecasts if one.happened is not None]
    yield Paragraph("Predictions", 2)
    if not asked:
        yield Paragraph("No question was asked.")
        return
    rows = [
        [
            str(one.round), str(one.group), one.text, str(one.count), share(one.mean), share(one.ensemble),
            yes_no(one.happened), score(one.brier), score(one.ensemble_brier),
        ]
        for one in reversed(asked)
    ]  # fmt: skip
    head = ["round", "group", "question", "answers", "class", "ensemble", "happened", "Brier, class", "Brier, ensemble"]
    bins = [
        [f"{share(b.low)} to {share(b.high)}", str(b.count), share(b.mean), share(b.happened)]
        for b in review.score.calibration
    ]
    yield Paragraph(
        "A Brier score is the mean of (forecast minus outcome, 0 or 1) squared: 0 is the best, always saying 50 % "
        f"gives 0.25. The class: {score(review.score.brier)} over {review.score.count} forecasts; the ensemble on the "
        f"same questions: {score(review.score.ensemble_brier)}. The ensemble knows every order; students do not."
    )
    yield _table(head, rows)
    yield _table(["forecasts of", "how many", "mean forecast", "came true"], bins, caption="Calibration of the class")


def _text(review: Review) -> Iterator[Part]:
    nothing = [""] * len(review.groups)
    rows = [
        [one.sentence, one.states, one.value, *([number(figure) for figure in one.groups] or nothing)]
        for one in review.recorded
    ]
    head = ["sentence", "what the text records", "figure", *(f"group {g}" for g in review.groups)]
    yield Paragraph("What the text records", 2)
    yield Paragraph(
        "Up to 15 April 2020, in our own words; with the same count in each group's own world, if possible."
    )
    yield _table(head, rows)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str | Cell]], *, caption: str = "") -> Table:
    return Table(caption, heads, list(rows), roomy=True)
