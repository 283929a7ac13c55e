"""The classroom: everything that pages, terminal and tests may do with exercises, over one database file.

Every method takes a credential first and checks it: the teacher's secret, a seat's code or a student's token. None
opens what belongs to another. A method that changes something returns only after it is on disk. What cannot be
done raises InputError, one clear line, and changes nothing.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sim.exercise.deck import Card
from sim.exercise.settings import ExerciseSettings
from sim.exercise.views import Created, Joined, Listed, Scope, SeatView, TeacherView

if TYPE_CHECKING:
    from sim.exercise.review import Review

Terms = Mapping[str, float | bool]  # lever to value
Progress = Callable[[int, int], None]


class Classroom:
    """Exercises in one SQLite file. May be shared by threads, and the file by several processes."""

    def __init__(self, path: str | Path) -> None:
        """Open the file, made if it is not there (readable by its owner alone). Raises InputError if it cannot be."""
        raise NotImplementedError

    # Coming in

    def create(self, settings: ExerciseSettings) -> Created:
        """A new exercise with its secret and codes. Raises InputError if its base scenario cannot be played."""
        raise NotImplementedError

    def join(self, code: str, *, client: str = "") -> Joined:
        """A new student on the seat that a code opens; case, blanks and dashes do not matter.

        client: where the try comes from, such as an address: many wrong codes from there have to wait. Raises
        InputError for a wrong code, for too many of them, and when the exercise is full.
        """
        raise NotImplementedError

    def rejoin(self, token: str, *, client: str = "") -> Joined:
        """The same student again, by token. Raises InputError for a wrong one."""
        raise NotImplementedError

    def listed(self) -> list[Listed]:
        """The exercises in the file, latest first: for whoever holds the file, so never for a page of the room."""
        raise NotImplementedError

    def secret(self, exercise: str) -> str:
        """The teacher's secret: for whoever holds the file. Raises InputError if there is no such exercise."""
        raise NotImplementedError

    # Looking

    def version(self, exercise: str) -> int:
        """The number of the last event: cheap, for pages that poll; needs no credential and tells nothing else.

        0 for an exercise that is not there. A deadline that passes changes nothing until somebody looks.
        """
        raise NotImplementedError

    def teacher(self, secret: str, *, client: str = "") -> TeacherView:
        """All that the teacher sees. Raises InputError for a wrong secret."""
        raise NotImplementedError

    def seat(self, token: str, *, client: str = "") -> SeatView:
        """All that a student sees. Raises InputError for a wrong token."""
        raise NotImplementedError

    # What students do, while a round is open and not frozen. Each raises InputError for a wrong token, outside an open
    # round, after its deadline, and while the exercise is frozen.

    def order(self, token: str, lever: str, value: float | bool, scope: Scope = "round") -> None:  # noqa: FBT001
        """Order one of the seat's levers for this round, or until changed; the latest order on a lever counts.

        Raises InputError for another seat's lever, a wrong type and a value out of bounds.
        """
        raise NotImplementedError

    def withdraw_order(self, token: str, lever: str) -> None:
        """Take back every order on a lever from this round on. Raises InputError if there is none."""
        raise NotImplementedError

    def propose(self, token: str, to: str, give: Terms, take: Terms, rounds: int = 1, note: str = "") -> int:
        """Offer a deal to another seat of the group and return its number; it must be answered before the round closes.

        give: own levers and what they would stand at; take: the other seat's; rounds: how many, beginning with this
        one; note: plain text of at most 500 characters. Raises InputError for a seat that nobody holds, the own seat, an
        unknown lever, a value out of bounds, no terms at all, more rounds than are left, and a note too long.
        """
        raise NotImplementedError

    def answer(self, token: str, proposal: int, answer: Literal["accept", "decline"]) -> None:
        """Accept or decline a proposal sent to the own seat. A deal is the default order of both sides in its rounds.

        Raises InputError for a proposal that is not there, not for this seat, or no longer open.
        """
        raise NotImplementedError

    def counter(self, token: str, proposal: int, give: Terms, take: Terms, rounds: int = 1, note: str = "") -> int:
        """Answer a proposal with another, sent back; returns its number. Raises as `answer` and `propose` do."""
        raise NotImplementedError

    def withdraw_proposal(self, token: str, proposal: int) -> None:
        """Take back an own proposal that is still open. Raises InputError."""
        raise NotImplementedError

    def predict(self, token: str, question: str, probability: float) -> None:
        """Give a probability, 0 to 1, for a question of this round; the latest counts.

        Raises InputError for another question, one that is settled in the group, and a number out of bounds.
        """
        raise NotImplementedError

    # What the teacher does. Each raises InputError for a wrong secret and in a phase that does not allow it.

    def open_round(self, secret: str, questions: Sequence[str] = ()) -> None:
        """Open the round for orders and predictions, also again when it is closed but not played.

        questions: names from the bank (`sim.exercise.questions.bank`), at most two; the model picks if none are named.
        """
        raise NotImplementedError

    def close(self, secret: str) -> None:
        """Close the open round: nothing more is taken."""
        raise NotImplementedError

    def play(self, secret: str) -> None:
        """Play the round in every group, closing it first if it is open. No round of a take is played twice."""
        raise NotImplementedError

    def freeze(self, secret: str) -> None:
        """Stop the clock and all students' acts."""
        raise NotImplementedError

    def thaw(self, secret: str) -> None:
        """Go on; the deadline moves by as long as the exercise was frozen."""
        raise NotImplementedError

    def pace(self, secret: str, minutes: float | None) -> None:
        """Minutes a round, None for no limit; an open round gets so many from now on."""
        raise NotImplementedError

    def inject(self, secret: str, card: str | Card, groups: Collection[int] = ()) -> None:
        """Bring an event into the round, in all groups or some: a card of the deck by name, or one written on the spot.

        It acts from the round's first day, for the days that the card says, over orders of the same round.
        Raises InputError for an unknown card or group.
        """
        raise NotImplementedError

    def rewind(self, secret: str, to: int) -> None:
        """Go back to before a round: a new take, which inherits the rounds before it; nothing leaves the log."""
        raise NotImplementedError

    def fork(self, secret: str, at: int) -> Created:
        """A new exercise that shares the rounds before `at`, with its own secret and codes, where nobody has joined."""
        raise NotImplementedError

    def delete(self, secret: str) -> None:
        """Remove the exercise with all that it holds, for good."""
        raise NotImplementedError

    def export(self, secret: str) -> dict[str, str]:
        """A scenario file a group, by file name: what was played so far. `jirga run` on it gives the same world."""
        raise NotImplementedError

    def review(self, secret: str, progress: Progress | None = None) -> "Review":
        """The joint review of the rounds played so far; `review.html()` and `review.csv()` write it.

        progress: called with parts done and parts in all. Raises InputError before a round is played.
        """
        raise NotImplementedError
