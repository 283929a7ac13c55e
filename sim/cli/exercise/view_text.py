"""Views as plain text and tables for a terminal."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sim.cli.screen import safe, table
from sim.exercise.aims import became
from sim.exercise.deal_views import ProposalView
from sim.exercise.deck import Card
from sim.exercise.headline import Headline, when
from sim.exercise.questions import SHARES
from sim.exercise.rounds import SHARE, bound_text, promise_text, value_text
from sim.exercise.seats import SEATS, as_subject, in_words
from sim.exercise.views import GroupView, JoinedView, LeverView, News, PublicSituation, SeatView, Statement, TeacherView
from sim.exercise.watch_views import WatchView
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.schema.formatting import day, number, score, share, unit_label, with_unit, yes_no

if TYPE_CHECKING:
    from rich.table import Table


def standing(view: TeacherView) -> str:
    """Return the current round of the exercise, and its questions, in words."""
    quiz = "\nThere is a quiz: type quiz, in each seat." if view.quiz is not None and _asks_quiz(view) else ""
    if view.phase == "over":
        return "The last round is played. Type review DIR for the joint review, reveal for all aims, or quit." + quiz
    asked = "\n".join(f"  {one.question}: {one.text}" for one in view.questions)
    questions = f"\nPredict, in per cent, with: predict QUESTION PER-CENT\n{asked}" if asked else ""
    span = f"{day(view.starts)} up to {day(view.ends)}"
    where = f"{safe(view.settings.title)}: round {view.round} of {view.settings.rounds}, {span}. Type help."
    until = f"\n{deadline(view)}" if view.until else ""
    return f"\n{where}\n{NOT_A_FORECAST}{until}{quiz}{questions}"


def _asks_quiz(view: TeacherView) -> bool:
    """Return whether the seats at the table may answer the quiz: until round 1 is played, and after the end."""
    return view.phase == "over" or (view.round == 1 and view.take == 0)


def deadline(view: TeacherView) -> str:
    """Return when the round closes, in words."""
    if not view.until:
        return "No deadline."
    then = ", and is then played by itself" if view.plays else ""
    return f"Round {view.round} closes on {view.until}{then}."


def quiz(view: JoinedView) -> Iterator[str]:
    """Return the quiz as a seat sees it: its questions if it may answer them, what was right once it has at the end."""
    if view.quiz is None or (view.quiz.open is None and view.quiz.items[0].correct is None):
        yield "There is nothing to answer now."
        return
    if view.quiz.open is not None:
        yield "Answer with quiz NAME=NUMBER ..., once; what you leave out counts as not known."
    for one in view.quiz.items:
        yield f"\n{one.question}: {safe(one.text)}"
        yield from (f"  {number}  {safe(answer)}" for number, answer in enumerate(one.answers, start=1))
        if one.correct is not None:
            said = "you did not know" if one.after is None else f"you said {one.after}"
            yield f"  Right: {one.correct} ({said}). {safe(one.because)}".rstrip()


def seat(view: SeatView) -> Iterator[Any]:
    """Return what a seat sees, as printable parts."""
    yield f"\n{view.label}, group {view.group}: round {view.round} of {view.rounds}"
    yield situation(view.situation)
    yield _levers(view.levers)
    for one in view.proposals:
        if one.status in ("open", "accepted"):
            yield _proposal(one)
    yield from _headlines(view.headlines)
    yield from _statements(view.statements)
    for words in view.warnings:
        yield f"! {words}"
    for question in view.questions:
        mine = next(
            (f.probability for f in view.forecasts if (f.round, f.question) == (view.round, question.question)), None
        )
        yield f"  {question.question}: {question.text} [{share(mine)}]"


def watched(view: WatchView) -> Iterator[Any]:
    """Return what one sees who only watches, as printable parts."""
    yield f"\n{view.label}: round {view.round} of {view.rounds}"
    for one in view.groups:
        yield f"\nGroup {one.group}"
        yield situation(one.situation)
        yield news(one.news)
        yield from _statements(one.statements)
    yield from _headlines(view.headlines)


def seats(view: TeacherView) -> "Table":
    """Return the seats as a table, with what has been ordered for this round; those who watch come last."""
    made = table("Seats", "!seat", ">group", "who", ">students", ">orders")
    some = [(group.group, seat) for group in view.groups for seat in group.seats] + list(view.watchers)
    for group, one in some:
        made.add_row(one.seat, str(group) if group else "all", one.label, str(one.students), str(one.orders))
    return made


def _headlines(found: Sequence[Headline]) -> Iterator[str]:
    return (f"  {when(one.round)}: {one.source}: {safe(one.text)}" for one in found)


def _statements(found: Sequence[Statement]) -> Iterator[str]:
    return (f"  Round {one.round}, {SEATS[one.seat].inside} in public: “{safe(one.text)}”" for one in found)


def situation(given: PublicSituation) -> "Table":
    """Return the public figures as a table."""
    title = f"On {day(given.date)}: {given.talks}. Missing for talks: {', '.join(given.blocked) or 'nothing'}"
    made = table(title, "what", ">last round", ">before", "unit")
    for one in given.figures:
        made.add_row(one.label, _measured(one.value, one.unit), _measured(one.before, one.unit), unit_label(one.unit))
    return made


def _levers(found: Sequence[LeverView]) -> "Table":
    made = table("What you may order", "!lever", "what", ">today", ">ordered", "bounds")
    for one in found:
        ordered, unit = "", one.unit
        if one.order is not None:
            ordered = value_text(one.order.value, unit) + (" always" if one.order.scope != "round" else "")
        elif one.promised is not None:
            ordered = f"{bound_text(one.promise)}{value_text(one.promised, unit)} (deal)"
        elif one.held is not None:
            ordered = f"{value_text(one.held, unit)} (held)"
        bounds = "yes or no" if one.flag else f"{value_text(one.low, unit)} to {value_text(one.high, unit)}"
        made.add_row(one.lever.rpartition(".")[2], one.label, _stands(one), ordered, bounds)
    return made


def _stands(one: LeverView) -> str:
    """Return what stands on a lever without an order, to three significant figures if the model decided it."""
    if one.flag or one.planned or one.unit == SHARE:
        return value_text(one.present, one.unit) if one.unit != SHARE else share(one.present)
    return with_unit(number(one.present), one.unit)


def _proposal(one: ProposalView) -> str:
    """Return a proposal on one line."""
    sides = {
        seat: ", ".join(promise_text(t.lever, t.bound, t.value) for t in side) or "nothing"
        for seat, side in one.promises.items()
    }
    state = "deal" if one.status == "accepted" else "proposal"
    span = f"{one.rounds} round{'s' * (one.rounds > 1)}"
    note = f" ({safe(one.note)})" if one.note else ""
    who = "; ".join(f"{SEATS[seat].label} gives {words}" for seat, words in sides.items())
    waits = ""
    if one.accepted and one.waiting:
        waits = f"; {as_subject(one.accepted)} accepted, waits for {in_words(one.waiting)}"
    implies = f" {one.implies}" if one.implies else ""
    return f"  {state} {one.proposal}: {who}; {span}{waits}{note}{implies}"


def _measured(value: float | bool | None, unit: str) -> str:
    """Return a figure; a share is in per cent, as everywhere in the exercise."""
    if isinstance(value, bool):
        return yes_no(value)
    return share(value) if unit in SHARES else number(value)


def briefing(view: SeatView) -> str:
    """Return the private briefing of a seat, with its aims."""
    aims = "\n".join(
        f"  - {aim.text} ({aim.wants}): now {with_unit(_measured(aim.value, aim.unit), aim.unit)}" for aim in view.aims
    )
    dated = "Where you stood on the morning of 10 March 2020"
    return f"\n{view.label}\n\n{dated}:\n\n{view.briefing}\n\nWhat your side wants, and where it stands:\n{aims}"


def sides(group: GroupView) -> "Table":
    """Return what every side of a group wanted and what became of it, as a table."""
    made = table(f"Group {group.group}: what each side wanted", "who", "aim", "measured by", ">start", ">end", "")
    for side in group.sides:
        for aim in side.aims:
            start, end = (_measured(value, aim.unit) for value in (aim.first, aim.value))
            label = f"{aim.label} ({aim.wants})"
            made.add_row(SEATS[side.seat].label, aim.text, label, "" if aim.first is None else start, end, became(aim))
    return made


def news(found: Sequence[News]) -> "Table | str":
    """Return the news as a table, latest round first."""
    if not found:
        return "No news."
    made = table("News", "!date", "!who", "what")
    for one in found:
        why = f" ({one.why})" if one.why else ""
        made.add_row(day(one.date), safe(one.who), safe(one.text) + safe(why))
    return made


def deck(cards: Sequence[Card]) -> "Table":
    """Return the teacher's events as a table."""
    made = table("The deck", "!card", "what happens", ">days")
    for card in cards:
        made.add_row(card.name, safe(card.text), str(card.days))
    return made


def round_played(view: TeacherView) -> Iterator[Any]:
    """Return the news of the last round in every group, and the answers to its questions, as printable parts."""
    for group in view.groups:
        yield f"\nGroup {group.group}, round {view.played}"
        yield news([one for one in group.news if one.round == view.played])
    some = [one for one in view.forecasts if one.round == view.played and one.happened is not None]
    if some:
        made = table("Predictions", ">group", "question", ">class", ">ensemble", "happened")
        for one in some:
            shown = share(one.mean if one.count else None)
            made.add_row(str(one.group), one.text, shown, share(one.ensemble), yes_no(one.happened))
        yield made
    if view.score.count:
        own, other = score(view.score.brier), score(view.score.ensemble_brier)
        yield f"Brier score so far: {own}; the ensemble's: {other} (0 is best)"
