"""The game on one terminal: all seats share the keyboard; one move per line."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Final

from sim.cli.exercise import view_text
from sim.cli.exercise.teacher_moves import TeacherMoves
from sim.cli.exercise.typed import SIGNS, TERM, check_count, split, value_of, whole
from sim.errors import InputError, nearest
from sim.exercise.lever_terms import Bound
from sim.exercise.rounds import lever_text
from sim.exercise.seats import SEATS, in_words
from sim.exercise.service import Classroom
from sim.exercise.views import SeatView
from sim.exercise.watch_views import WatchView
from sim.exercise.watchers import WHOLE_CLASS, label_of
from sim.schema import formatting, validation

if TYPE_CHECKING:
    from rich.console import Console

DEVICE: Final = "terminal table"  # so a game that goes on another day has the same students
QUIZ: Final = "quiz, then quiz NAME=NUMBER ... or quiz none"
LONGEST_LINE: Final = 10_000  # characters; the time to split a line grows with the square of a word's length
HELP: Final = """\
seat SEAT [GROUP]              pass the keyboard to a seat: us, taliban, ghani, abdullah, press
seats                          list the seats, and who has one
briefing                       this seat's private briefing
look                           the situation, possible orders, proposals, questions
news                           what happened so far
order LEVER VALUE [always]     for this round; with always: until changed; a share as 40%
undo LEVER                     withdraw an order
propose SEAT [SEAT] [give L=V ...] [take L=V ...] [for N]   offer a deal for N rounds to one seat
                               or two; L>=V, L<=V or L==V promises at least, at most or exactly,
                               L=V as is usual
accept NUMBER, decline NUMBER  answer a proposal
say TEXT                       a public statement of this seat in this round, in quotes
headline TEXT                  as the press: the headline of the last round, in quotes
quiz [NAME=NUMBER ...]         the quiz of before round 1 and after the end, and this seat's answers;
                               what is left out counts as not known, quiz none is no answer at all
predict QUESTION PER-CENT [WHY]  such as: predict talks_open 30 "no joint delegation yet"
deck, inject CARD [GROUP ...]  the teacher's events; recall NUMBER takes one back
fill                           let the model answer offers to seats that nobody plays
until DATE TIME [play]         the round closes then, such as 2026-12-03 18:00 in the exercise's time zone;
                               with play: it is then played by itself. until never: no deadline
play                           play the round in every group
reveal                         after the end: what every side wanted, and what became of it
rewind ROUND                   go back to before a round
export DIR, review DIR         write scenario files; write the joint review
help, quit"""


class Table(TeacherMoves):
    """One exercise on one terminal, which has joined every seat."""

    def __init__(self, classroom: Classroom, secret: str, console: "Console", *, asks: bool) -> None:
        """asks: whether a person is typing; then the game continues after an invalid move, with a message."""
        super().__init__(classroom, secret, console)
        self.asks = asks
        view = self.view()
        seats = [(group.group, seat) for group in view.groups for seat in group.seats] + list(view.watchers)
        self.tokens: dict[tuple[int, str], str] = {}
        for group, seat in seats:
            with suppress(InputError) if view.phase == "over" else nullcontext():  # then only who was here before
                self.tokens[group, seat.seat] = classroom.join(seat.code, client=DEVICE).token
        self.place = next(iter(self.tokens), (1, view.settings.seats[0]))

    def sit(self, moves: Iterable[str]) -> None:
        """Do moves, one per line, until the end or quit. Raises InputError with the line unless a person is typing."""
        self.begin()
        self._ask()
        for number, line in enumerate(moves, start=1):
            try:
                if not self._move(line):
                    return
            except InputError as error:
                if not self.asks:
                    raise error.at(file=f"line {number}") from None
                self.console.print(f"! {error}")
            self._ask()

    def _ask(self) -> None:
        if self.asks:
            group, seat = self.place
            who = SEATS[seat].short if seat in SEATS else label_of(seat)
            self.console.print(f"{who}{f', group {group}' if group else ''}> ", end="")

    def _catch_up(self) -> None:
        """If a round has been played by itself since the last move, show it, open the next and raise InputError."""
        if not self.dated or ((view := self.view()).take, view.played) == self.begun:
            return
        self.played()
        raise InputError("the deadline has passed and the round was played: check your move and type it again")

    def _move(self, line: str) -> bool:
        """Do the move of a line; return whether the game continues. Raises InputError."""
        if len(line) > LONGEST_LINE:
            raise InputError("the line is too long", value=line, expected=f"at most {LONGEST_LINE:,} characters")
        try:
            words = split(line)
        except ValueError as error:
            raise InputError(f"cannot be read: {error}", value=line) from None
        if not words:
            return True
        name, *rest = words
        if name in ("quit", "exit"):
            return False
        if name not in _MOVES:
            raise InputError("no such move: type help", value=name, nearest=nearest(name, _MOVES))
        self._catch_up()
        _MOVES[name](self, rest)
        return True

    # Moves

    def help(self, _: list[str]) -> None:
        """Print the list of moves."""
        self.console.print(HELP)

    def seat(self, words: list[str]) -> None:
        """Pass the keyboard to a seat."""
        check_count(words, 1, 2, "seat SEAT [GROUP]")
        place = (whole(words[1], "group") if len(words) > 1 else self.place[0], words[0])
        if len(words) == 1 and (WHOLE_CLASS, words[0]) in self.tokens:
            place = (WHOLE_CLASS, words[0])  # of all groups
        elif len(words) == 1 and place not in self.tokens:
            place = (1, words[0])  # back from those who watch all groups
        if place not in self.tokens:
            names = ", ".join(f"{seat} {group}" for group, seat in self.tokens)
            raise InputError("no such seat at this table", value=" ".join(words), expected=names)
        self.place = place
        if self.asks:
            self.console.clear()
        self.look([])

    def seats(self, _: list[str]) -> None:
        """List the seats with their groups, those who watch last."""
        self.console.print(view_text.seats(self.view()))

    def headline(self, words: list[str]) -> None:
        """Write the headline of the last round, as the press."""
        check_count(words, 1, 1, 'headline "TEXT"')
        self.classroom.headline(self._token(), words[0])
        self.console.print("Published." if words[0] else "Removed.")

    def say(self, words: list[str]) -> None:
        """Say something in public, as a seat."""
        check_count(words, 1, 1, 'say "TEXT"')
        self.classroom.statement(self._token(), words[0])
        self.console.print("Said in public; it changes nothing in the model." if words[0] else "Withdrawn.")

    def look(self, _: list[str]) -> None:
        """Print what the seat sees."""
        view = self.classroom.look(self._token())
        for part in view_text.watched(view) if isinstance(view, WatchView) else view_text.seat(view):
            self.console.print(part)

    def briefing(self, _: list[str]) -> None:
        """Print the seat's private briefing, once the seat has answered the quiz of before round 1."""
        view = self._own()
        if view.quiz is not None and view.quiz.open == "before":
            raise InputError("the briefing would give answers to the quiz: answer that first", expected=QUIZ)
        self.console.print(view_text.briefing(view))

    def quiz(self, words: list[str]) -> None:
        """Print the quiz, or answer it."""
        view = self.classroom.look(self._token())
        if view.quiz is None:
            raise InputError("this exercise has no quiz")
        if words:
            pairs = [word.partition("=") for word in words if words != ["none"]]
            self.classroom.answer_quiz(self._token(), {name: whole(answer, name) for name, _, answer in pairs})
            self.console.print("Your answers are saved.")
            view = self.classroom.look(self._token())
        for part in view_text.quiz(view):
            self.console.print(part)

    def news(self, _: list[str]) -> None:
        """Print the news so far."""
        self.console.print(view_text.news(self._own().news))

    def order(self, words: list[str]) -> None:
        """Order a lever."""
        check_count(words, 2, 3, "order LEVER VALUE [always]")
        if words[2:] not in ([], ["always"]):
            raise InputError("not understood", value=words[2], expected="always, or nothing")
        lever = self._lever(words[0])
        value = value_of(lever, words[1])
        self.classroom.order(self._token(), lever, value, "until_changed" if words[2:] else "round")
        self.console.print(f"Ordered: {lever_text(lever, value)}")
        for words_ in self._own().warnings:
            self.console.print(f"! {words_}")

    def undo(self, words: list[str]) -> None:
        """Withdraw an order."""
        check_count(words, 1, 1, "undo LEVER")
        self.classroom.withdraw_order(self._token(), self._lever(words[0]))
        self.console.print("Withdrawn.")

    def propose(self, words: list[str]) -> None:
        """Offer a deal to one seat or to two."""
        form = "propose SEAT [SEAT] [give L=V ...] [take L=V ...] [for N]"
        check_count(words, 1, 30, form)
        count = 2 if len(words) > 1 and words[1] in SEATS else 1
        to, rounds, part = words[:count], 1, ""
        sides: dict[str, dict[str, float | bool]] = {"give": {}, "take": {}}
        bounds: dict[str, Bound] = {}
        rest = iter(words[count:])
        for word in rest:
            if word in sides:
                part = word
            elif word == "for":
                rounds = whole(next(rest, ""), "rounds")
            else:
                match = TERM.fullmatch(word)
                if not part or match is None:
                    raise InputError("not understood", value=word, expected="give L=V ..., take L=V ..., for N")
                lever = self._lever(match["lever"], *([self.place[1]] if part == "give" else to))
                sides[part][lever] = value_of(lever, match["value"])
                if match["sign"] in SIGNS:
                    bounds[lever] = SIGNS[match["sign"]]
        number = self.classroom.propose(self._token(), to, sides["give"], sides["take"], rounds, bounds=bounds)
        self.console.print(f"Proposal {number} goes to {' and '.join(to)}.")
        for why in (one.why for one in self._own().proposals if one.proposal == number and one.why):
            self.console.print(why)

    def accept(self, words: list[str]) -> None:
        """Accept a proposal."""
        check_count(words, 1, 1, "accept NUMBER")
        number = whole(words[0], "proposal")
        self.classroom.answer(self._token(), number, "accept")
        (waiting,) = (one.waiting for one in self._own().proposals if one.proposal == number)
        self.console.print(f"Accepted; it waits for {in_words(waiting)}." if waiting else "Agreed.")

    def decline(self, words: list[str]) -> None:
        """Decline a proposal."""
        check_count(words, 1, 1, "decline NUMBER")
        self.classroom.answer(self._token(), whole(words[0], "proposal"), "decline")
        self.console.print("Declined.")

    def predict(self, words: list[str]) -> None:
        """Give a probability for a question."""
        check_count(words, 2, 3, 'predict QUESTION PER-CENT ["WHY"]')
        percent = validation.number(validation.parse_scalar(words[1].rstrip("%")), 0, 100, "per cent")
        if 0 < percent < 1 and not words[1].endswith("%"):
            both = f"{percent:g}% or {100 * percent:g}%"
            raise InputError("is a probability in per cent: write the sign too", value=words[1], expected=both)
        share = percent / 100
        self.classroom.predict(self._token(), words[0], share, *words[2:])
        self.console.print(f"Noted: {words[0]}, {formatting.share(share)}")

    # Helpers of the moves

    def _own(self) -> SeatView:
        return self.classroom.seat(self._token())

    def _token(self) -> str:
        if self.place not in self.tokens:
            raise InputError("the exercise is over")
        return self.tokens[self.place]

    def _lever(self, name: str, *seats: str) -> str:
        """Return a lever's full name from the full name or its last part. seats: whose it may be, the own by default.

        Raises InputError.
        """
        chosen = seats or (self.place[1],)
        for seat in chosen:
            if seat not in SEATS:
                raise InputError("no such seat", value=seat, nearest=nearest(seat, SEATS))
        own = {lever: one for seat in chosen for lever, one in SEATS[seat].levers.items()}
        found = [lever for lever in own if name in (lever, own[lever].field)]
        if not found:
            whose = " or ".join(SEATS[seat].label for seat in chosen)
            raise InputError(f"is not for {whose} to order", path=name, nearest=nearest(name, own))
        return found[0]


_NAMES: Final = (
    "help", "seat", "seats", "say", "headline", "look", "briefing", "news", "order", "undo", "propose", "accept",
    "decline", "quiz", "predict", "deck", "inject", "recall", "fill", "until", "play", "reveal", "rewind", "export",
    "review",
)  # fmt: skip
_MOVES: Final[Mapping[str, Callable[[Table, list[str]], None]]] = {name: getattr(Table, name) for name in _NAMES}
