"""The quiz: multiple-choice questions that a class answers before round 1 and after the end. Off unless it is set."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError
from sim.schema import arguments, validation
from sim.schema.entries import read_entries

FILE: Final = Path(__file__).with_name("quiz.toml")
NEEDED: Final = ("text", "answers", "correct")
OPTIONAL: Final = ("because", "rests_on")
MOST: Final = 12  # questions
ANSWERS: Final = (2, 5)  # to choose from
LONGEST_NAME: Final = 30
LONGEST_TEXT: Final = 300
LONGEST_ANSWER: Final = 150


@dataclass(frozen=True, slots=True)
class QuizQuestion:
    """One question. Raises InputError for an invalid field.

    name: a short name; answers: 2 to 5 to choose from; correct: the number of the right one, the first is 1; because:
    why it is right, shown after the end; rests_on: what that is based on, such as sentences of the text.
    """

    name: str
    text: str
    answers: tuple[str, ...]
    correct: int
    because: str = ""
    rests_on: str = ""

    def __post_init__(self) -> None:
        """Check every field. Raises InputError."""
        at = validation.with_path
        at("name", validation.text, self.name, LONGEST_NAME)
        at("text", validation.text, self.text, LONGEST_TEXT)
        given = arguments.items("answers", self.answers, "answers")
        answers = tuple(at("answers", validation.text, one, LONGEST_ANSWER) for one in given)
        if not ANSWERS[0] <= len(answers) <= ANSWERS[1]:
            expected = f"{ANSWERS[0]} to {ANSWERS[1]} answers"
            raise InputError("too few or too many answers", path="answers", value=len(answers), expected=expected)
        if len(set(answers)) < len(answers):
            raise InputError("contains a duplicate", path="answers", value=max(answers, key=answers.count))
        object.__setattr__(self, "answers", answers)
        object.__setattr__(self, "correct", arguments.whole("correct", self.correct, 1, len(answers)))
        at("because", validation.optional_text, self.because, LONGEST_TEXT)
        at("rests_on", validation.optional_text, self.rests_on, LONGEST_ANSWER)


def read_quiz(path: Path = FILE) -> tuple[QuizQuestion, ...]:
    """Return the questions of a TOML file, one table per question; those that come with Jirga by default.

    Raises InputError for an invalid question, for none, and for more than MOST.
    """
    found = read_entries(path, NEEDED, OPTIONAL, lambda name, table: QuizQuestion(name=name, **table))
    try:
        return checked(tuple(found.values()))
    except InputError as error:
        raise error.at(file=path.name) from None


def checked(given: Any) -> tuple[QuizQuestion, ...]:
    """Return the questions of a quiz, none for no quiz. Raises InputError for too many, and for a name given twice."""
    some = arguments.items("quiz", given, "QuizQuestion")
    found = tuple(arguments.instance("quiz", one, QuizQuestion, "QuizQuestion, as read_quiz returns") for one in some)
    if len(found) > MOST:
        raise InputError("too many questions", path="quiz", value=len(found), expected=f"at most {MOST}")
    names = [one.name for one in found]
    if len(set(names)) < len(names):
        raise InputError("contains a duplicate", path="quiz", value=max(names, key=names.count))
    return found


def quiz_of(setting: Any, folder: Path) -> tuple[QuizQuestion, ...]:
    """Return the quiz that a settings file names: true, the one of Jirga; false, none; else a file in its folder.

    From Python it may also be the questions.
    Raises InputError.
    """
    value = validation.as_python(setting)
    if isinstance(value, bool):
        return read_quiz() if value else ()
    if validation.is_list(value):
        return checked(value)
    if not isinstance(value, str):
        problem = f"must be true, false or the name of a file, not {validation.kind_of(value)}"
        raise InputError(problem, path="quiz", value=value)
    return read_quiz(folder / arguments.path("quiz", value))
