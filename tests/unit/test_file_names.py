"""File names that every system takes: what is refused, and what is put in its place."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.files.file_names import check_file_name, name_problem, nearest_name, same_file, slug
from sim.study.folder import Folder
from sim.study.plan_reader import read_plan
from tests.app.command import fail

ASTRAY = [
    "CON", "nul", "Aux.toml", "com1", "COM¹.tar.gz", "lpt9", "con .txt", "conin$", "a.", "a ", "...", "", "a:b", "a/b",
    "a\\b", "what?", "a*", 'a"b', "<a>", "a|b", "tab\t", "nul\0",
]  # fmt: skip
FINE = ["baseline", "console", "com10", "common.toml", "a.b.c", "Ghani's offer", "Größe", "nul-group-1", "lpt"]


@pytest.mark.parametrize("name", ASTRAY)
def test_names_that_some_system_refuses(name: str) -> None:
    with pytest.raises(InputError, match="is not a valid file name on every system"):
        check_file_name(name, "scenarios")


@pytest.mark.parametrize("name", FINE)
def test_names_that_every_system_takes_stay(name: str) -> None:
    check_file_name(name, "scenarios")
    assert nearest_name(name, "study") == name


@given(st.text(max_size=30), st.sampled_from([*ASTRAY, *FINE]))
def test_what_is_made_of_any_words_is_taken(words: str, name: str) -> None:
    for given_words in (words, name, f"{words} {name}"):
        for made in (slug(given_words, 10, "jirga"), nearest_name(given_words, "study")):
            assert name_problem(made) is None, f"{given_words!r} became {made!r}"


def test_names_that_are_one_file_somewhere() -> None:
    composed, apart = "caf\u00e9", "Cafe\u0301"
    assert same_file(composed) == same_file(apart)
    assert same_file("Baseline") == same_file("BASELINE") != same_file("baseline-2")


def test_a_study_is_not_written_with_a_scenario_that_some_system_refuses(tmp_path: Path) -> None:
    """The scenario itself can be run; a plan that names it is refused on one line, before anything is made."""
    for name in ("aux", "com1.new", "dot."):
        (tmp_path / f"{name}.toml").write_text('title = "Own"\nbase = "baseline"\n', encoding="utf-8")
        plan = tmp_path / "plan.toml"
        plan.write_text(f'title = "A"\nscenarios = ["{name}.toml"]\nworlds = 8\n', encoding="utf-8")
        with pytest.raises(InputError, match="is not a valid file name on every system"):
            Folder.at(tmp_path / "study", read_plan(plan))
        assert f'scenarios = "{name}"' in fail("study", "check", plan)
        assert not (tmp_path / "study").exists()
