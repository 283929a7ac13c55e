"""The English of the project is plain, and the check of it finds a planted example of each kind."""

from pathlib import Path

import pytest

from tests.unit import english


@pytest.mark.slow
def test_the_project_is_in_plain_english() -> None:
    found = english.findings()
    assert not found, "\n".join(["not plain English (see tests/unit/english.py):", *map(str, found)])


def test_the_check_reads_the_whole_project() -> None:
    read = {path.relative_to(english.ROOT).as_posix() for path, _ in english.files()}
    for file in (
        "README.md", "docs/model.md", "docs/teaching/cards/5-luck.md", "sim/cli/app.py", "dashboard/app.py", "Makefile",
        "sim/inputs/facts.toml", "sim/exercise/seats.toml", "scenarios/baseline.toml", "studies/until-clear.toml",
    ):  # fmt: skip
        assert file in read, f"{file} is not read"
    assert len(read) > 400, f"only {len(read)} files are read"


@pytest.mark.parametrize(
    "words",
    [
        "one row a world", "One row a world and day", "a file a scenario", "a scenario file a group", "attacks a day",
        "three a group", "25 a day", "once a round", "twice a week", "weeks (of 7 days) a round", "35 times a day",
        "one named random stream a decision", "620 worlds a second", "90 % a month", "one an outcome",
        "a row an effect", "orders a round", "changes a day",
    ],
)  # fmt: skip
def test_a_distributive_a_is_found(words: str) -> None:
    assert english.distributive(words), words
    assert english.distributive(f"There are {words}, as a rule."), words


@pytest.mark.parametrize(
    "words",
    [
        "the button changes a parameter",
        "hold a world", "it holds a world", "run a scenario", "runs a scenario", "changes a lever", "one row per world",
        "the weeks of a round", "as a file", "one point as a scenario", "steps through a day", "once per round",
        "yes, a line",
        "imposed on a day", "is a group", "1. A world", "the attacks in a world", "this is a row", "a file with a line",
        "across a row", "let the visitor choose a world", "a well-known day-long run", "two, and a day",
    ],
)  # fmt: skip
def test_an_article_is_left_alone(words: str) -> None:
    assert not english.distributive(words), words


@pytest.mark.parametrize(
    "words",
    [
        "many worlds abreast", "the shelf of runs", "a voyage", "to bury losses", "one leg of it", "could be luck",
        "cannot be told from luck", "beyond luck", "Bigger than luck?", "Take it back", "What nobody knows",
        "goes in a circle", "are on their way", "drawn anew in each world",
    ],
)  # fmt: skip
def test_an_unclear_phrase_is_found(words: str) -> None:
    assert english.unclear(words), words


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ('"""One row a world."""\n', 1),
        ("x = 1  # attacks a day\n", 1),
        ("x = 1\n# a table of attacks\n# a day and world\n", 2),
        ("x = 1\ny = 'could be luck'\n", 2),
        ("x = 1\ny = f'{x} a day'\n", 2),
        ("x = 1\ny = 'weeks '\\\n  'a round'\n", 2),
        ("x = 1\ntold = x\n", 2),
        ("def f(told_below):\n    pass\n", 1),
        ("class _Voyage:\n    pass\n", 1),
        ("def test_the_shelf_is_full():\n    pass\n", 1),
        ("import dashboard.shelf\n", 1),
        ("x = {'told': 1}\n", 1),
    ],
)
def test_each_part_of_python_code_is_read(source: str, line: int) -> None:
    (found,) = english.in_code("x.py", source)
    assert (found.file, found.line) == ("x.py", line), found


def test_verbs_in_names_of_tests_are_left_alone() -> None:
    assert not list(english.in_code("x.py", "def test_an_error_is_told():\n    x = 'was told'\n"))


def test_pages_tables_and_comments_are_read(tmp_path: Path) -> None:
    planted = {
        "README.md": "# Title\n\nOne\nrow a world.\n\n| a | b |\n| --- | --- |\n| beyond luck | 1 |\n",
        "scenarios/x.toml": 'title = "All"\nwhy = """\nTwo releases a day"""  # on their way\n# a line a fact\n',
        "Makefile": "run: ## as a table\n\techo # 3 a day\n",
        "sim/shelf.py": "",
    }
    for name, text in planted.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = {(one.file, one.line, one.words) for one in english.findings(tmp_path)}
    assert found == {
        ("README.md", 3, "One row a world"),
        ("README.md", 8, "beyond luck"),
        ("scenarios/x.toml", 3, "releases a day"),
        ("scenarios/x.toml", 3, "on their way"),
        ("scenarios/x.toml", 4, "a line a fact"),
        ("Makefile", 2, "3 a day"),
        ("sim/shelf.py", 1, "shelf"),
    }
