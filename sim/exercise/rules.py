"""The rules: what is allowed now, and for whom. Each function returns the act to store, or raises InputError."""

from collections.abc import Collection, Iterable
from typing import Any, Final

from sim.errors import InputError, nearest
from sim.exercise import events as e
from sim.exercise.deck import Card, card_named
from sim.exercise.due import after, when_opened
from sim.exercise.event_store import Place
from sim.exercise.events import RULES, Act
from sim.exercise.lever_terms import Value
from sim.exercise.orders import in_force
from sim.exercise.questions import Question
from sim.exercise.rounds import injects
from sim.exercise.seats import SEATS
from sim.exercise.settings import MINUTES
from sim.exercise.state import ExerciseState
from sim.inputs import setting_names as names
from sim.schema import arguments, validation
from sim.schema.decisions import levers

LONGEST_REASON: Final = 200  # characters
MOST_ACTS: Final = 300  # per student and round
MOST_STUDENTS: Final = 120
SCOPES: Final = ("round", "until_changed")
_CLOSED: Final = {
    "waiting": "the round is not open yet: wait for your teacher to open it",
    "closed": "the round is closed: it takes no more orders",
    "over": "the exercise is over",
}


# What students may do


def join(state: ExerciseState, present: int) -> Act:
    """Take a seat, at any time. present: how many students are there now; those who have left do not count."""
    if present >= MOST_STUDENTS:
        raise InputError("the exercise is full", expected=f"at most {MOST_STUDENTS} students at a time")
    if state.phase == "over":
        raise InputError(_CLOSED["over"])
    return e.Seated()


def order(state: ExerciseState, who: Place, lever: str, value: Any, scope: str) -> e.Ordered:
    """Order one of the seat's levers."""
    may_act(state, who)
    checked = own(state, who.seat, lever, value)
    choice("scope", scope, SCOPES)
    return e.Ordered(lever, checked, scope)  # type: ignore[arg-type]


def withdraw(state: ExerciseState, who: Place, lever: str) -> Act:
    """Withdraw the orders on a lever."""
    may_act(state, who)
    own_name(state, who.seat, lever)
    held = in_force(state, who.group, state.round).get(lever)
    if held is None or held.deal is not None:
        raise InputError("there is no order to withdraw", path=lever)
    return e.Withdrawn(lever)


def predict(
    state: ExerciseState, who: Place, question: Any, probability: Any, reason: Any, settled: Collection[str]
) -> Act:
    """Give a probability for a question of the round, with or without a reason.

    settled: questions that have already happened in the group.
    """
    may_act(state, who)
    asked = [one.name for one in state.questions(state.round)]
    arguments.text("question", question, "the name of a question")
    if question not in asked:
        hint = nearest(question, asked)
        raise InputError("is not asked in this round", path="question", value=question, nearest=hint)
    if question in settled:
        raise InputError("has already happened in your world", path="question", value=question)
    chance = placed("probability", validation.number, probability, 0.0, 1.0)
    return e.Predicted(question, chance, placed("reason", validation.optional_text, reason, LONGEST_REASON))


# What the teacher may do


def open_round(state: ExerciseState, now: float, questions: tuple[Question, ...]) -> Act:
    """Open the round, or reopen it."""
    if state.phase not in ("waiting", "closed"):
        raise InputError("the exercise is over" if state.phase == "over" else "the round is already open")
    _not_frozen(state)
    asked = state.questions(state.round) if state.phase == "closed" else questions
    return e.Opened(when_opened(state, now), asked)


def close(state: ExerciseState) -> Act:
    """Close the open round."""
    if state.phase != "open":
        raise InputError("no round is open")
    return e.Closed()


def play(state: ExerciseState, number: int) -> Act:
    """Play a closed round. number: of the round that the teacher wants to play."""
    if state.phase != "closed" or state.round != number:
        raise InputError("there is no closed round to play")
    _not_frozen(state)
    return e.Played(RULES)


def freeze(state: ExerciseState) -> Act:
    """Stop the clock."""
    _not_frozen(state)
    return e.Frozen()


def thaw(state: ExerciseState, now: float) -> Act:
    """Start the clock again, with the time that was left; a day and time stay as they are."""
    if state.frozen_at is None:
        raise InputError("the exercise is not frozen")
    stood = max(now - state.frozen_at, 0.0) if state.due is None else 0.0
    return e.Thawed(None if state.deadline is None else state.deadline + stood)


def pace(state: ExerciseState, minutes: Any, now: float) -> Act:
    """Set the minutes per round."""
    checked = None if minutes is None else placed("minutes", validation.number, minutes, *MINUTES, "minutes")
    start = now if state.frozen_at is None else state.frozen_at
    return e.Paced(checked, after(checked, start) if state.phase == "open" else None)


def inject(state: ExerciseState, card: Any, groups: Iterable[int]) -> Act:
    """Bring an event into the round, before it is played; the same event only once."""
    chosen, into = event(state, card, groups)
    there = {group for group in into for one in injects(state, group, state.round) if one.act.card == chosen}  # type: ignore[union-attr]
    if there:
        words = f"is already in the news of this round in group {', '.join(map(str, sorted(there)))}"
        raise InputError(words, path=chosen.title)
    return e.Injected(chosen, into)


def event(state: ExerciseState, card: Any, groups: Iterable[int]) -> tuple[Card, tuple[int, ...]]:
    """Return an event and the groups into which it is to be brought: all if none is named. Raises InputError."""
    if state.phase == "over":
        raise InputError(_CLOSED["over"])
    last = state.settings.groups
    some = {
        arguments.whole("groups", group, 1, last, "groups") for group in arguments.items("groups", groups, "groups")
    }
    return card if isinstance(card, Card) else card_named(card), tuple(sorted(some)) or tuple(range(1, last + 1))


def recall(state: ExerciseState, inject: Any) -> Act:
    """Take an inject of the round back, before the round is played. inject: the number of its event."""
    number = arguments.plain(inject)
    groups = range(1, state.settings.groups + 1)
    known = {one.seq for group in groups for one in injects(state, group, state.round)}
    if state.phase == "over" or type(number) is not int or number not in known:
        raise InputError(
            "there is no such event in this round, so it cannot be taken back", path="inject", value=number
        )
    return e.Recalled(number)


def fill(state: ExerciseState, on: Any) -> Act:
    """Let the model answer offers to the seats that no student holds, or end that; at any time."""
    flag = arguments.flag("on", on)
    if state.filled == flag:
        raise InputError("the model answers offers already" if flag else "the model answers no offers")
    return e.Filled(flag)


def remove(state: ExerciseState, student: Any) -> Act:
    """Remove a student from a seat, at any time."""
    seated = {event.student for event in state.of(e.Seated)} - state.removed
    student = arguments.plain(student)
    if type(student) is not int or student not in seated:
        raise InputError("no such student", path="student", value=student)
    return e.Removed(student)


def back_to(state: ExerciseState, to: Any) -> int:
    """Return the number of a round to go back to. Raises InputError for one that has not begun."""
    return int(placed("round", validation.number, to, 1, state.round, "rounds", whole=True))


# Shared checks


def may_act(state: ExerciseState, who: Place) -> None:
    """Raise InputError unless the round is open and the exercise is not frozen."""
    if state.phase != "open":
        raise InputError(_CLOSED[state.phase])
    _not_frozen(state)
    not_too_many(state, who)


def not_too_many(state: ExerciseState, who: Place) -> None:
    """Raise InputError if a student has done too much in this round."""
    mine = (one for one in state.log if one.student == who.student and one.round == state.round)
    done = sum(not isinstance(one.act, e.Seated) for one in mine)
    if done >= MOST_ACTS:
        raise InputError("too many changes in one round", expected=f"at most {MOST_ACTS} changes")


def _not_frozen(state: ExerciseState) -> None:
    if state.frozen:
        raise InputError("the exercise is frozen: wait for your teacher")


def own(state: ExerciseState, seat: str, lever: Any, value: Any) -> Value:
    """Return a checked value for one of a seat's levers. Raises InputError."""
    own_name(state, seat, lever)
    checked: Value = names.validate(lever, value)
    return checked


def own_name(state: ExerciseState, seat: str, lever: Any) -> None:
    """Raise InputError unless a lever is one that a seat can order in this exercise."""
    own = SEATS[seat].ordered(state.settings.levers)
    if isinstance(lever, str) and lever in own:
        return
    if isinstance(lever, str) and lever in SEATS[seat].levers:
        raise InputError("is not in this exercise, which has the main levers only", path=lever)
    if isinstance(lever, str) and lever in levers():
        raise InputError(f"is not for {SEATS[seat].label} to order", path=lever)
    hint = nearest(lever, own) if isinstance(lever, str) else None
    raise InputError("no such lever", path="lever", value=lever, nearest=hint)


def choice(path: str, given: Any, choices: tuple[str, ...]) -> None:
    """Raise InputError unless a word is one of some."""
    placed(path, validation.choice, given, choices)


def placed(path: str, check: Any, *arguments: Any, **options: Any) -> Any:
    """Return the result of a check; its InputError gets the path."""
    try:
        return check(*arguments, **options)
    except InputError as error:
        raise error.at(path=path) from None
