"""Errors contain all information on one line."""

import pickle

import pytest

from sim.errors import InputError, nearest, one_line, show, show_expected
from sim.files.toml_reader import parse_toml
from sim.schema import validation

NAMES = ("kabul.ghani.offer", "kabul.ghani.pace", "taliban.leverage", "taliban.demand")


def test_message_contains_file_path_value_bounds_and_nearest() -> None:
    """All parts are on one line, in order."""
    error = InputError(
        "no such lever or parameter",
        file="scenarios/x.toml",
        path="kabul.ghani.ofer",
        value=12,
        expected=(0.0, 5000.0, "people"),
        nearest="kabul.ghani.offer",
    )
    assert str(error) == (
        "scenarios/x.toml: kabul.ghani.ofer = 12: no such lever or parameter "
        "(expected 0 to 5000 people); did you mean kabul.ghani.offer?"
    )


def test_message_of_a_problem_alone() -> None:
    """Unknown parts are left out."""
    assert str(InputError("empty")) == "empty"
    assert str(InputError("no such scenario", value="x")) == '"x": no such scenario'


def test_none_is_a_value() -> None:
    """A value of None is shown; a missing one is not."""
    assert str(InputError("wrong", path="a", value=None)) == "a = None: wrong"
    assert str(InputError("wrong", path="a")) == "a: wrong"


def test_at_keeps_file_and_path_that_are_known() -> None:
    """A later place does not replace an earlier one."""
    error = InputError("wrong", path="a").at(file="f.toml", path="b")
    assert str(error.at(file="g.toml")) == "f.toml: a: wrong"


def test_pickle_keeps_all_attributes() -> None:
    """A worker process can return an error with all its attributes."""
    error = InputError("wrong", file="f", path="a", value=1, expected=(0, 2), nearest="b")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - own data
    assert str(again) == str(error)
    assert isinstance(again, InputError)
    assert str(pickle.loads(pickle.dumps(InputError("wrong", path="a")))) == "a: wrong"  # noqa: S301 - own data


@pytest.mark.parametrize(
    "nasty", ["two\nlines", "\x1b[2Jred", "a\u2028b", "x" * 10_000, "\u202eright to left", "\ud800"]
)
def test_user_text_never_breaks_the_line(nasty: str) -> None:
    """Line breaks, terminal codes, invisible characters and long text are escaped or shortened in every part."""
    error = InputError(nasty, file=nasty, path=nasty, value=nasty, expected=nasty, nearest=nasty)
    assert str(error).isprintable(), ascii(str(error))
    assert len(str(error)) < 3000, len(str(error))


def test_show_writes_values_as_in_a_file() -> None:
    """Values of every type are shown, also those that Python cannot print."""
    assert [show(v) for v in (True, 0.5, "a", [1], {"a": 1})] == ["true", "0.5", '"a"', "a list of 1", "a table of 1"]
    assert show(10**5000) == "a number of thousands of digits"


def test_bounds_as_text() -> None:
    """Units are shown, pure numbers have none, text is unchanged."""
    assert show_expected((0.0, 1.5, "1")) == "0 to 1.5"
    assert show_expected((0.0, 1000.0, "people/day")) == "0 to 1000 people/day"
    assert show_expected("one of a, b") == "one of a, b"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("kabul.ghani.ofer", "kabul.ghani.offer"),
        ("offer", "kabul.ghani.offer"),
        ("TALIBAN.LEVERAGE", "taliban.leverage"),
        ("ghani.pace", "kabul.ghani.pace"),
        ("zzz", None),
        ("", None),
        ("q" * 100_000, None),
    ],
)
def test_nearest_name(wrong: str, right: str | None) -> None:
    """Misspelt, capitalised and shortened names are found; unrelated text is not."""
    assert nearest(wrong, NAMES) == right


def test_one_line_shortens_text() -> None:
    """The result is not longer than allowed."""
    assert one_line("x" * 50, 10) == "xxxxxxx..."


def test_joiners_are_letters_and_stay() -> None:
    """Dari and Pashto are not spelt right without them; what turns the direction of a text is shown by its number."""
    assert one_line("می\u200cشود") == "می\u200cشود"
    assert one_line("a\u202eb\u200bc") == "a\\u202eb\\u200bc"
    assert validation.text("می\u200cشود", 20) == "می\u200cشود"
    with pytest.raises(InputError, match="control characters"):
        validation.text("a\u202eb", 20)


def test_a_byte_order_mark_says_nothing() -> None:
    assert parse_toml(b"\xef\xbb\xbfa = 1", file="x.toml") == {"a": 1}
    with pytest.raises(InputError, match="empty"):
        parse_toml(b"\xef\xbb\xbf \n", file="x.toml")
