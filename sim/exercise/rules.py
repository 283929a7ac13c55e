"""The rules: what is allowed now, and for whom. Each function returns the act to store, or raises InputError."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sim.errors import InputError, nearest
from sim.exercise import events as e
from sim.exercise.deals import Proposal, proposals
from sim.exercise.deck import Card, card_named
from sim.exercise.due import after, when_opened
from sim.exercise.event_store import Place
from sim.exercise.events import RULES, Act
from sim.exercise.lever_terms import BOUNDS, Bound, Value, usual_bound
from sim.exercise.orders import in_force
from sim.exercise.questions import Question
from sim.exercise.rounds import injects
from sim.exercise.seats import SEATS
from sim.exercise.settings import MINUTES
from sim.exercise.state import ExerciseState
from sim.inputs import setting_names as names
from sim.schema import arguments, validation
from sim.schema.decisions import levers
from sim.schema.frozen_map import FrozenMap

LONGEST_NOTE: Final = 500  # characters
LONGEST_REASON: Final = 200
MOST_TERMS: Final = 8  # per side
MOST_ACTS: Final = 300  # per student and round
MOST_STUDENTS: Final = 120
SCOPES: Final = ("round", "until_changed")
ANSWERS: Final = ("accept", "decline")
_CLOSED: Final = {
    "waiting": "the round is not open yet: wait for your teacher to open it",
    "closed": "the round is closed: it takes no more orders",
    "over": "the exercise is over",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """What a proposal says, not checked yet. bounds: the direction of promises by lever, the usual ones if None."""

    give: Any
    take: Any
    rounds: Any = 1
    note: Any = ""
    bounds: Any = None


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
    _may_act(state, who)
    checked = _own(state, who.seat, lever, value)
    _choice("scope", scope, SCOPES)
    return e.Ordered(lever, checked, scope)  # type: ignore[arg-type]


def withdraw(state: ExerciseState, who: Place, lever: str) -> Act:
    """Withdraw the orders on a lever."""
    _may_act(state, who)
    _own_name(state, who.seat, lever)
    held = in_force(state, who.group, state.round).get(lever)
    if held is None or held.deal is not None:
        raise InputError("there is no order to withdraw", path=lever)
    return e.Withdrawn(lever)


def propose(state: ExerciseState, who: Place, to: Any, offer: Offer, answers: int | None = None) -> Act:
    """Offer a deal to another seat of the group. answers: the proposal that it counters."""
    _may_act(state, who)
    _choice("to", to, tuple(SEATS))
    if to == who.seat:
        raise InputError("a proposal goes to another seat, not to your own", path="to", value=to)
    if (who.group, to) not in state.taken and not state.filled:
        raise InputError("nobody holds that seat: the model plays it and makes no deals", path="to", value=to)
    own, theirs = _terms(state, who.seat, offer.give, "give"), _terms(state, to, offer.take, "take")
    if not own and not theirs:
        raise InputError("a proposal needs at least one term", path="give")
    left = state.settings.rounds - state.round + 1
    span = _placed("rounds", validation.number, offer.rounds, 1, left, "rounds", whole=True)
    return e.Proposed(to, own, theirs, span, _note(offer.note), answers, _bounds({**own, **theirs}, offer.bounds))


def answer(state: ExerciseState, who: Place, proposal: Any, word: Any) -> Act:
    """Accept or decline a proposal to this seat."""
    _may_act(state, who)
    found = _open_proposal(state, who, proposal)
    if found.receiver != who.seat:
        raise InputError("that proposal is not addressed to your seat", path="proposal", value=proposal)
    _choice("answer", word, ANSWERS)
    return e.Answered(found.number, word)


def counter(state: ExerciseState, who: Place, proposal: Any, offer: Offer) -> Act:
    """Answer a proposal to this seat with a counter-proposal."""
    found = _open_proposal(state, who, proposal)
    if found.receiver != who.seat:
        raise InputError("that proposal is not addressed to your seat", path="proposal", value=proposal)
    return propose(state, who, found.sender, offer, answers=found.number)


def retract(state: ExerciseState, who: Place, proposal: Any) -> Act:
    """Withdraw a proposal of this seat."""
    _may_act(state, who)
    found = _open_proposal(state, who, proposal)
    if found.sender != who.seat:
        raise InputError("that proposal is not yours", path="proposal", value=proposal)
    return e.Retracted(found.number)


def predict(
    state: ExerciseState, who: Place, question: Any, probability: Any, reason: Any, settled: Collection[str]
) -> Act:
    """Give a probability for a question of the round, with or without a reason.

    settled: questions that have already happened in the group.
    """
    _may_act(state, who)
    asked = [one.name for one in state.questions(state.round)]
    arguments.text("question", question, "the name of a question")
    if question not in asked:
        hint = nearest(question, asked)
        raise InputError("is not asked in this round", path="question", value=question, nearest=hint)
    if question in settled:
        raise InputError("has already happened in your world", path="question", value=question)
    chance = _placed("probability", validation.number, probability, 0.0, 1.0)
    return e.Predicted(question, chance, _placed("reason", validation.optional_text, reason, LONGEST_REASON))


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
    checked = None if minutes is None else _placed("minutes", validation.number, minutes, *MINUTES, "minutes")
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


def answer_by_model(state: ExerciseState, who: Place, answered: Proposal, word: Any, why: str) -> Act:
    """Answer a proposal to a seat that no student holds, if that still is to be done. Raises InputError."""
    waiting = {one.number for one in unanswered(state, who.group)}
    if state.phase != "open" or answered.number not in waiting:
        raise InputError("no such proposal waits for the model", path="proposal", value=answered.number)
    _choice("answer", word, ANSWERS)
    return e.Answered(answered.number, word, why)


def unanswered(state: ExerciseState, group: int) -> list[Proposal]:
    """Return the open proposals of a group that the model has to answer."""
    return [one for one in proposals(state, group) if one.status == "open" and state.answers(group, one.receiver)]


def remove(state: ExerciseState, student: Any) -> Act:
    """Remove a student from a seat, at any time."""
    seated = {event.student for event in state.of(e.Seated)} - state.removed
    student = arguments.plain(student)
    if type(student) is not int or student not in seated:
        raise InputError("no such student", path="student", value=student)
    return e.Removed(student)


def back_to(state: ExerciseState, to: Any) -> int:
    """Return the number of a round to go back to. Raises InputError for one that has not begun."""
    return int(_placed("round", validation.number, to, 1, state.round, "rounds", whole=True))


# Shared checks


def _may_act(state: ExerciseState, who: Place) -> None:
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


def _own(state: ExerciseState, seat: str, lever: Any, value: Any) -> Value:
    """Return a checked value for one of a seat's levers. Raises InputError."""
    _own_name(state, seat, lever)
    checked: Value = names.validate(lever, value)
    return checked


def _own_name(state: ExerciseState, seat: str, lever: Any) -> None:
    own = SEATS[seat].ordered(state.settings.levers)
    if isinstance(lever, str) and lever in own:
        return
    if isinstance(lever, str) and lever in SEATS[seat].levers:
        raise InputError("is not in this exercise, which has the main levers only", path=lever)
    if isinstance(lever, str) and lever in levers():
        raise InputError(f"is not for {SEATS[seat].label} to order", path=lever)
    hint = nearest(lever, own) if isinstance(lever, str) else None
    raise InputError("no such lever", path="lever", value=lever, nearest=hint)


def _terms(state: ExerciseState, seat: str, given: Any, path: str) -> FrozenMap[Value]:
    """Return the promises of one side. Raises InputError."""
    if not isinstance(given, Mapping) or len(given) > MOST_TERMS:
        raise InputError("must be values by lever", path=path, expected=f"at most {MOST_TERMS} terms")
    return FrozenMap({lever: _own(state, seat, lever, value) for lever, value in given.items()})


def _bounds(terms: Mapping[str, Value], given: Any) -> FrozenMap[Bound]:
    """Return the direction of each promise; a yes or no is always exact. Raises InputError."""
    wanted = {} if given is None else arguments.table("bounds", given, "directions by lever")
    for lever in wanted:
        if lever not in terms:
            raise InputError("is not promised", path=f"bounds.{lever}")
    found: dict[str, Bound] = {}
    for lever in terms:
        word = wanted.get(lever, usual_bound(lever))
        _choice(lever, word, ("exactly",) if levers()[lever].flag else BOUNDS)
        found[lever] = word
    return FrozenMap(found)


def _note(note: Any) -> str:
    return _placed("note", validation.optional_text, note, LONGEST_NOTE)


def _open_proposal(state: ExerciseState, who: Place, number: Any) -> Proposal:
    """Return an open proposal of the group in which this seat takes part. Raises InputError."""
    number = arguments.plain(number)
    for one in proposals(state, who.group):
        if not isinstance(number, bool) and one.number == number and who.seat in (one.sender, one.receiver):
            if one.status != "open":
                raise InputError(f"that proposal is {one.status}", path="proposal", value=number)
            return one
    raise InputError("no such proposal", path="proposal", value=number)


def _choice(path: str, given: Any, choices: tuple[str, ...]) -> None:
    _placed(path, validation.choice, given, choices)


def _placed(path: str, check: Any, *arguments: Any, **options: Any) -> Any:
    """Return the result of a check; its InputError gets the path."""
    try:
        return check(*arguments, **options)
    except InputError as error:
        raise error.at(path=path) from None
