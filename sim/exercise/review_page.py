"""The review as one HTML page, without network or scripts, which can be printed; all text of users is escaped."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from sim.exercise.deal_views import STATUS_IN_WORDS
from sim.exercise.debrief import debrief, surprise
from sim.exercise.divergence import NAMED, Divergence
from sim.exercise.headline import when
from sim.exercise.review_charts import over_days
from sim.exercise.review_decisions import decisions, roomy_table
from sim.exercise.review_records import DealRecord, OfferRecord, Review
from sim.exercise.rubric import LEVELS, RUBRIC
from sim.exercise.seats import SEATS, as_subject
from sim.export.page import page as render
from sim.export.page_parts import Cell, Figure, Paragraph, Part
from sim.schema.formatting import day, decimals, number, score, share, unit_label, yes_no
from sim.schema.milestones import MILESTONES
from sim.schema.outcomes import REACHED
from sim.schema.series import SERIES

DRAWN: Final = ("attacks", "prisoners_released", "us_troops", "kabul_cohesion")  # charts over the days
GROUPS_PER_CHART: Final = 4  # groups in a chart


def page(review: Review) -> str:
    """Return the page."""
    return render(f"{review.settings.title}: the joint review", _parts(review))


def _parts(review: Review) -> Iterator[Part]:
    for section in (
        _aloud,
        _head,
        _headlines,
        _worlds,
        _parted,
        _futures,
        _milestones,
        decisions,
        _aims,
        _deals,
        _time_line,
        _forecasts,
        _text,
        _rubric,
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


def _headlines(review: Review) -> Iterator[Part]:
    """Return what the press wrote, by round."""
    if review.headlines:
        rows = [[when(one.round), one.source, one.text] for one in reversed(review.headlines)]
        yield Paragraph("Headlines", 2)
        yield roomy_table(["", "who", "headline"], rows)


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
    yield roomy_table(["", *(SERIES[name].label for name in NAMED)], rows)
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
        yield roomy_table(["groups", "first day", "series"], rows, caption="Between the groups")


def _futures(review: Review) -> Iterator[Part]:
    """Return what was played before the teacher went back, beside what was played instead."""
    steps = sorted({(one.back, one.through) for one in review.futures})
    if steps:
        yield Paragraph("Two futures", 2)
    for back, through in steps:
        some = [one for one in review.futures if (one.back, one.through) == (back, through)]
        rows = [[str(one.group), one.label, one.first, one.now, unit_label(one.unit)] for one in some]
        caption = f"Before the class went back to round {back}, and after; to the end of round {through}"
        yield roomy_table(["group", "", ">first", ">instead", "unit"], rows, caption=caption)


def _milestones(review: Review) -> Iterator[Part]:
    found = {(one.group, one.milestone): one for one in review.reached}
    numbers = [0, *review.groups]
    rows = [
        [m.label, *(f"{day(found[g, name].date, year=False)} ({share(found[g, name].share)})" for g in numbers)]
        for name, m in MILESTONES.items()
    ]
    yield Paragraph("Milestones", 2)
    yield Paragraph("The date in the world that was played, and in brackets the share of many worlds that reach it.")
    yield roomy_table(["", "baseline", *(f"group {g}" for g in review.groups)], rows)


# Aims, deals, forecasts, the text


def _aims(review: Review) -> Iterator[Part]:
    yield Paragraph("What each party wanted, and what it got", 2)
    if not review.revealed:
        yield Paragraph("The aims of the parties are not revealed yet. This section has them once they are.")
        return
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
        yield roomy_table(head, rows, caption=seat.label)


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
            [str(one.group), str(one.round), SEATS[one.sender].label,
             as_subject(one for one in (one.receiver, one.third) if one), one.terms,
             Cell(STATUS_IN_WORDS[one.status], _said(one))]
            for one in review.offers
        ]  # fmt: skip
        yield roomy_table(
            ["group", "round", "from", "to", "what", "answer"], rows, caption="Offers that became no deal"
        )


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
            as_subject(deal.others(term.seat)), term.text,
            Cell(term.verdict, (term.detail,) if term.detail else (), strong=term.verdict == "broken"),
        ]
        for deal in review.deals
        for term in deal.terms
    ]  # fmt: skip
    yield roomy_table(["group", "rounds", "who promised", "to whom", "what", "what became of it"], rows)


def _span(deal: DealRecord) -> str:
    return str(deal.first) if deal.first == deal.last else f"{deal.first} to {deal.last}"


def _time_line(review: Review) -> Iterator[Part]:
    """Return what was said in public beside what was offered, agreed and broken, by group."""
    if not review.time_line:
        return
    yield Paragraph("What was said, and what was promised", 2)
    yield Paragraph(
        "In the order in which it happened. A public statement binds nobody and changes nothing in the model; a "
        "promise in a deal sets an order. Compare the two."
    )
    for group in review.groups:
        rows = [
            [str(one.round), one.who, one.kind, f"“{one.text}”" if one.kind == "statement" else one.text, one.became]
            for one in review.time_line
            if one.group == group
        ]
        if rows:
            yield roomy_table(["round", "who", "", "what", "what became of it"], rows, caption=f"Group {group}")


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
    yield roomy_table(head, rows)
    yield from _reasons(review)
    yield roomy_table(
        ["forecasts of", "how many", "mean forecast", "came true"], bins, caption="Calibration of the class"
    )


def _reasons(review: Review) -> Iterator[Part]:
    """Return the reasons beside the forecasts, without the students who gave them."""
    rows = [
        [str(one.round), str(one.group), one.text, share(one.probability), one.reason, yes_no(one.happened)]
        for one in review.reasons
    ]
    if rows:
        head = ["round", "group", "question", "forecast", "reason", "happened"]
        yield roomy_table(head, rows, caption="Reasons that students gave")


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
    yield roomy_table(head, rows)


def _rubric(_: Review) -> Iterator[Part]:
    yield Paragraph("What good looks like in the debrief", 2)
    yield Paragraph(
        "Five criteria for how one thinks about what happened. None asks how far a side got: sides want different "
        "things, and all groups had the same luck. Mark where you stand, and find a sentence of yours that shows it."
    )
    rows = [[one.name, one.begins, one.good, one.strong, one.look] for one in RUBRIC]
    yield roomy_table(["criterion", *LEVELS, "where it shows"], rows)
