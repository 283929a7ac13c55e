"""The moves of the teacher at the table: events, deadlines, playing a round, going back, revealing and reviewing."""

from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import screen
from sim.cli.exercise import view_text
from sim.cli.exercise.typed import check_count, whole
from sim.errors import InputError
from sim.exercise.service import Classroom
from sim.exercise.views import TeacherView

if TYPE_CHECKING:
    from rich.console import Console


class TeacherMoves:
    """The teacher of one exercise on one terminal."""

    def __init__(self, classroom: Classroom, secret: str, console: "Console") -> None:
        """secret: the teacher's."""
        self.classroom, self.secret, self.console = classroom, secret, console
        self.begun, self.dated = (0, 0), False  # take and rounds played when last shown; whether a deadline is set

    def view(self) -> TeacherView:
        """Return the teacher's view."""
        return self.classroom.teacher(self.secret)

    def begin(self) -> None:
        """Open the round if it is not open yet, and print the state of the game."""
        if self.view().phase == "waiting":
            self.classroom.open_round(self.secret)
        view = self.view()
        self.begun, self.dated = (view.take, view.played), bool(view.until)
        self.console.print(view_text.standing(view))

    def deck(self, _: list[str]) -> None:
        """Print the teacher's events."""
        self.console.print(view_text.deck(self.view().deck))

    def inject(self, words: list[str]) -> None:
        """Bring an event in."""
        check_count(words, 1, 11, "inject CARD [GROUP ...]")
        self.classroom.inject(self.secret, words[0], [whole(word, "group") for word in words[1:]])
        self.console.print("It is in the news.")
        for one in self.view().injects:
            self.console.print(f"  {one.inject}: {screen.safe(one.title)}")

    def recall(self, words: list[str]) -> None:
        """Take an event of this round back."""
        check_count(words, 1, 1, "recall NUMBER")
        self.classroom.recall(self.secret, whole(words[0], "inject"))
        self.console.print("Taken back.")

    def fill(self, _: list[str]) -> None:
        """Let the model answer offers to seats that nobody plays."""
        self.classroom.fill(self.secret)
        self.console.print("The model answers offers to seats that nobody plays, by the rules of its actors.")

    def play(self, _: list[str]) -> None:
        """Play the round, and open the next."""
        self.classroom.play(self.secret)
        self.played()

    def played(self) -> None:
        """Print what happened in the round that was played, and open the next."""
        for part in view_text.round_played(self.view()):
            self.console.print(part)
        self.begin()

    def until(self, words: list[str]) -> None:
        """Set or remove the day and time at which the round closes, and is played if the teacher says so."""
        form = "until DATE TIME [play], or until never"
        check_count(words, 1, 3, form)
        if words == ["never"]:
            self.classroom.until(self.secret, None)
        elif len(words) > 1 and words[2:] in ([], ["play"]):
            self.classroom.until(self.secret, f"{words[0]} {words[1]}", plays=bool(words[2:]))
        else:
            raise InputError("not understood", value=" ".join(words), expected=form)
        self.dated = words != ["never"]
        self.console.print(view_text.deadline(self.view()))

    def reveal(self, _: list[str]) -> None:
        """Reveal the aims of all seats, and print them."""
        self.classroom.reveal(self.secret)
        for group in self.view().groups:
            self.console.print(view_text.sides(group))

    def rewind(self, words: list[str]) -> None:
        """Go back to before a round."""
        check_count(words, 1, 1, "rewind ROUND")
        self.classroom.rewind(self.secret, whole(words[0], "round"))
        self.begin()

    def export(self, words: list[str]) -> None:
        """Write one scenario file per group."""
        from sim.cli.exercise.verbs import write

        check_count(words, 1, 1, "export DIR")
        files = self.classroom.export(self.secret)
        write({name: text.encode() for name, text in files.items()}, Path(words[0]), force=False)

    def review(self, words: list[str]) -> None:
        """Write the joint review."""
        from sim.cli.exercise.verbs import PAGE, check_new, write

        check_count(words, 1, 1, "review DIR")
        check_new([PAGE], Path(words[0]), force=False)
        with screen.progress("the review") as report:
            found = self.classroom.review(self.secret, report)
        from sim.exercise.review_page import page
        from sim.exercise.review_tables import csv_files

        write({PAGE: page(found).encode(), **csv_files(found)}, Path(words[0]), force=False)
