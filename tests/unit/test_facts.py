"""The facts: complete, in order, with what is doubtful about them on record."""

import datetime as dt
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.inputs.facts import SENTENCES, fact_values, facts, read_facts

FIGURES = {  # the text's own numbers and dates
    "us_troops_november": ("S2", 5000),
    "attacks_2020": ("S4", 4500),
    "attacks_rise": ("S4", 0.7),
    "window_days": ("S4", 45),
    "security_forces_killed_2020": ("S5", 900),
    "security_forces_killed_2019": ("S5", 520),
    "operations_2019": ("S6", 1660),
    "talks_planned": ("S9", dt.date(2020, 3, 10)),
    "decree_signed": ("S10", dt.date(2020, 3, 10)),
    "decree_prisoners": ("S10", 1500),
    "decree_releases_begin": ("S10", dt.date(2020, 3, 14)),
    "withdrawal_begins": ("S12", dt.date(2020, 3, 10)),
    "prisoners_demanded": ("S13", 5000),
    "release_put_off": ("S14", dt.date(2020, 3, 14)),
}
GOOD = '[a]\nsentence = "S4"\nstates = "x"\nvalue = 1\nunit = "1"\nkind = "count"\n'


def test_every_sentence_has_a_fact() -> None:
    """S1 to S17, none left out."""
    missing = set(SENTENCES) - {fact.sentence for fact in facts().values()}
    assert not missing, f"no fact for {sorted(missing)}"


@pytest.mark.parametrize("name", FIGURES)
def test_figures_of_the_text(name: str) -> None:
    """Value and sentence are the text's."""
    fact = facts()[name]
    assert (fact.sentence, fact.value) == FIGURES[name]


def test_window_is_half_open_and_45_days_long() -> None:
    """The window's dates and its length say the same."""
    start, end = facts()["window_start"].value, facts()["window_end"].value
    assert isinstance(start, dt.date)
    assert isinstance(end, dt.date)
    assert (end - start).days == facts()["window_days"].value


@pytest.mark.parametrize("name", ["us_troops_november", "attacks_2020", "operations_2019", "attacks_2020_taliban"])
def test_known_trouble_is_on_record(name: str) -> None:
    """What is doubtful stands beside the fact."""
    assert facts()[name].trouble


def test_the_other_counts_are_there_to_switch_to() -> None:
    """The figures behind the trouble are facts too, from outside the text."""
    other = {"attacks_2020_government": 2804, "attacks_2020_taliban": 537, "taliban_killed_2019": 1660}
    for name, value in {**other, "taliban_killed_2020": 610}.items():
        assert facts()[name].value == value, name
        assert facts()[name].outside, name


def test_facts_from_outside_name_source_date_and_grade() -> None:
    """Nothing from outside the text without its source; nothing from inside with a grade."""
    assert {fact.outside for fact in facts().values()} == {True, False}, "facts of both sorts"
    for fact in facts().values():
        if fact.outside:
            assert fact.source, fact.name
            assert fact.date, fact.name
            assert fact.grade, fact.name
        else:
            assert not fact.grade, fact.name


def test_formulas_see_the_facts() -> None:
    """By their names, after "facts."."""
    assert fact_values()["facts.fighters"] == 60_000


def test_a_good_file(tmp_path: Path) -> None:
    """The smallest fact there is."""
    (tmp_path / "facts.toml").write_text(GOOD)
    assert read_facts(tmp_path / "facts.toml")["a"].value == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('sentence = "S4"', 'sentence = "S18"', "not a choice"),
        ('sentence = "S4"\n', "", "has no source"),
        ('states = "x"\n', "", "has no states"),
        ('kind = "count"', 'kind = "cuont"', "did you mean count?"),
        ("value = 1", "value = nan", "must be a finite number"),
        ("value = 1", "value = true", "must be a number"),
        ('unit = "1"', 'unit = "date"', "must be a date"),
        ('unit = "1"', 'unit = "yes/no"', "must be true or false"),
        ('kind = "count"\n', 'kind = "count"\ntruble = "x"\n', "did you mean trouble?"),
        ("[a]", "b = 1\n[a]", "must be a table"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    """With the file, the fact and what is wrong."""
    (tmp_path / "facts.toml").write_text(GOOD.replace(old, new))
    with pytest.raises(InputError) as caught:
        read_facts(tmp_path / "facts.toml")
    assert str(caught.value).startswith("facts.toml: "), str(caught.value)
    assert said in str(caught.value), str(caught.value)
