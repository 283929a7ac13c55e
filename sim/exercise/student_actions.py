"""What students do: order, offer, answer, predict, and what they give for assessment."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from sim.exercise import assessment_rules, deal_rules, rules
from sim.exercise.deal_rules import Offer
from sim.exercise.event_store import Place
from sim.exercise.events import Act
from sim.exercise.lever_terms import Bound
from sim.exercise.model_answers import answer_offers
from sim.exercise.press import write_headline
from sim.exercise.probable_effects import trial
from sim.exercise.room import Room
from sim.exercise.state import ExerciseState
from sim.exercise.statements import make_statement
from sim.exercise.views import Moment, Scope
from sim.exercise.worlds import settled

if TYPE_CHECKING:
    from sim.exercise.probable_effects import ProbableEffect

Terms = Mapping[str, float | bool]  # lever to value


class StudentActions(Room):
    """The actions of students, in an open round that is not frozen; else, and for a wrong token, InputError.

    token: of the student's device; at: take and round that the student decided for, such as `SeatView.moment`;
    InputError if it is another one now.
    """

    def order(
        self,
        token: str,
        lever: str,
        value: float | bool,  # noqa: FBT001
        scope: Scope = "round",
        *,
        at: Moment | None = None,
    ) -> None:
        """Order one of the seat's levers for this round, or until changed; the latest order on a lever counts.

        Raises InputError for another seat's lever, a wrong type and a value out of bounds.
        """
        who = self._doors.player(token)
        self._act(who, lambda state, who: rules.order(state, who, lever, value, scope), at)

    def probable(
        self,
        token: str,
        lever: str,
        value: float | bool,  # noqa: FBT001
        scope: Scope = "round",
    ) -> "tuple[ProbableEffect, ...] | None":
        """Return what an order would probably change in this round, by the seat's aims; None while it is worked out.

        Nothing is ordered by it. What others have ordered in this round is left out. Raises InputError as `order` does.
        """
        who = self._doors.player(token)
        state = self._log.current(who.exercise)
        act = rules.order(state, who, lever, value, scope)
        self._presence.acted(who)
        tried = trial(state, who.group, who.seat, act.lever, act.value, act.scope)
        return self._trials.effects(tried, (who.exercise, who.student))

    def withdraw_order(self, token: str, lever: str) -> None:
        """Withdraw every order on a lever from this round on. Raises InputError if there is none."""
        self._act(self._doors.player(token), lambda state, who: rules.withdraw(state, who, lever))

    def propose(
        self, token: str, to: str | Sequence[str], give: Terms, take: Terms, rounds: int = 1, note: str = "",
        *, bounds: Mapping[str, Bound] | None = None, at: Moment | None = None,
    ) -> int:  # fmt: skip
        """Offer a deal to another seat of the group, or to two, and return its number; answers must come in this round.

        to: a seat, or two: then it is a deal once both have accepted; give: values of own levers; take: values of the
        levers of the other seats; rounds: how many, from this one on; note: plain text of at most 500 characters;
        bounds: "at least", "at most" or "exactly" by lever, the usual one where it is missing, see
        `sim.exercise.lever_terms`. Raises InputError for a seat that nobody holds, the own seat, an unknown lever, a
        value out of bounds, no terms at all, more rounds than are left, and a note that is too long.
        """
        who, offer = self._doors.player(token), Offer(give, take, rounds, note, bounds)
        made = self._act(who, lambda state, who: deal_rules.propose(state, who, to, offer), at)
        answer_offers(self._log, who.exercise)
        return made

    def answer(self, token: str, proposal: int, answer: Literal["accept", "decline"]) -> None:
        """Accept or decline a proposal to this seat. A deal is the default order of all its sides in its rounds.

        An offer to two seats is a deal once both have accepted; until then either may decline, which ends it. Raises
        InputError for a proposal that does not exist, is not for this seat, or is no longer open.
        """
        self._act(self._doors.player(token), lambda state, who: deal_rules.answer(state, who, proposal, answer))

    def counter(
        self, token: str, proposal: int, give: Terms, take: Terms, rounds: int = 1, note: str = "",
        *, bounds: Mapping[str, Bound] | None = None, at: Moment | None = None,
    ) -> int:  # fmt: skip
        """Answer a proposal with a counter-proposal and return its number. Raises as `answer` and `propose` do.

        It goes to the seat that made the offer and, if that was made to two seats, to the other one, too.
        """
        who, offer = self._doors.player(token), Offer(give, take, rounds, note, bounds)
        made = self._act(who, lambda state, who: deal_rules.counter(state, who, proposal, offer), at)
        answer_offers(self._log, who.exercise)
        return made

    def withdraw_proposal(self, token: str, proposal: int) -> None:
        """Withdraw an open proposal of this seat. Raises InputError."""
        self._act(self._doors.player(token), lambda state, who: deal_rules.retract(state, who, proposal))

    def predict(
        self, token: str, question: str, probability: float, reason: str = "", *, at: Moment | None = None
    ) -> None:
        """Give a probability, 0 to 1, for a question of this round; the latest one counts.

        reason: plain text of at most 200 characters, or none. Raises InputError for an unknown question, one that has
        already happened in the group, a value out of bounds, and a reason that is too long.
        """
        who = self._doors.player(token)
        done = settled(self._engine, self._log.current(who.exercise), who.group)
        self._act(who, lambda state, who: rules.predict(state, who, question, probability, reason, done), at)

    def answer_quiz(self, token: str, answers: Mapping[str, int], *, at: Moment | None = None) -> None:
        """Answer the quiz, once before round 1 and once after the end.

        Who had joined before round 1 was opened may still send it until round 1 is played.

        answers: the number of the chosen answer, from 1, by the name of the question; what is left out counts as not
        known. Raises InputError without a quiz, at another time, the second time, and for an unknown question or
        answer.
        """
        self._act(self._doors.student(token), lambda state, who: assessment_rules.answer_quiz(state, who, answers), at)

    def reflect(self, token: str, question: str, answer: str) -> None:
        """Answer a question of `sim.exercise.reflection` once the exercise is over; the latest answer counts.

        answer: plain text of at most 1,000 characters; "" removes an earlier one. Raises InputError before the end, for
        an unknown question, and for an answer that is too long.
        """
        self._act(self._doors.student(token), lambda state, who: assessment_rules.reflect(state, who, question, answer))

    def headline(self, token: str, text: str, *, at: Moment | None = None) -> None:
        """Write the headline of the last round played, as the press; the latest one counts, and everybody sees it.

        text: plain text of at most 120 characters; "" removes an earlier one. It changes nothing in any world. Raises
        InputError for any other seat, while the clock is stopped, and for a text that is too long.
        """
        self._act(self._doors.student(token), lambda state, who: write_headline(state, who, text), at)

    def statement(self, token: str, text: str, *, at: Moment | None = None) -> None:
        """Say something in public in this round; the seat's latest one counts, and everybody of the group sees it.

        text: plain text of at most 200 characters; "" takes an earlier one of this round back, until it is played. It
        changes nothing in any world. Raises InputError before the round is open, once the exercise is over, while the
        clock is stopped, for one who only watches, and for a text that is too long.
        """
        self._act(self._doors.player(token), lambda state, who: make_statement(state, who, text), at)

    def here(self, token: str) -> None:
        """Say that somebody is still there, when the phone asks after minutes of silence (`SeatView.asked`)."""
        self._presence.acted(self._doors.student(token))

    def _act(self, who: Place, decide: Callable[[ExerciseState, Place], Act], at: Moment | None = None) -> int:
        """Store what a student does, if the rules allow it, and return the number of the event. Raises InputError."""
        self._presence.acted(who)
        return self._log.act_as(who, decide, at)
