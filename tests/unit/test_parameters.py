"""Parameters: the file, the records, and the values of a run."""

import datetime as dt
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import InputError
from sim.inputs.parameters import Catalogue, ParameterSet, catalogue, read_catalogue
from sim.schema.decisions import levers

ASSUMED = """
[taliban.leverage]
label = "Leverage"
value = 0.8
unit = "1"
bounds = [0.0, 5.0]
range = [0.3, 1.2]
kind = "assumed"
reason = "x"
"""
DERIVED = """
[attacks.rate]
label = "Attacks per day"
formula = "facts.attacks_2020 / facts.window_days * scale.of.attacks"
unit = "attacks/day"
bounds = [0, 1000]
kind = "derived"
"""
OTHERS = """
[scale.of.attacks]
label = "Scale"
formula = 'taliban.leverage / 0.8 if count == "text" else 0.5'
unit = "1"
bounds = [0, 2]
kind = "derived"
[count]
label = "Whose count"
value = "text"
choices = ["text", "government"]
kind = "assumed"
reason = "x"
[agreement.signed]
label = "Signed"
value = true
kind = "stated"
source = "S4"
[talks.planned]
label = "Talks planned"
value = 2020-03-10
kind = "stated"
source = "S9"
[fronts.number]
label = "Fronts"
value = 34
whole = true
unit = "fronts"
bounds = [1, 100]
kind = "sourced"
source = "NSIA"
date = "2021"
"""


@pytest.fixture
def small(tmp_path: Path) -> Catalogue:
    """Return a catalogue with a parameter of every type and kind."""
    return written(tmp_path, ASSUMED + DERIVED + OTHERS)


def written(folder: Path, text: str) -> Catalogue:
    """Return the catalogue of a text."""
    (folder / "p.toml").write_text(text)
    return read_catalogue(folder / "p.toml")


def test_types_and_units(small: Catalogue) -> None:
    """Types follow from the values; the units of values other than numbers follow from the type."""
    kinds = {name: (p.type, p.unit) for name, p in small.items()}
    assert kinds["count"] == ("choice", "choice")
    assert kinds["agreement.signed"] == ("bool", "yes/no")
    assert kinds["talks.planned"] == ("date", "date")
    assert kinds["fronts.number"] == ("int", "fronts")
    assert kinds["taliban.leverage"] == ("float", "1")
    assert [name for name, p in small.items() if p.uncertain] == ["taliban.leverage"]


def test_values_and_formulas(small: Catalogue) -> None:
    """Derived values are calculated after their inputs, regardless of their order in the file."""
    p = ParameterSet.resolve({}, small)
    assert p["attacks.rate"] == 100.0
    assert type(p["attacks.rate"]) is float
    assert p["fronts.number"] == 34
    assert type(p["fronts.number"]) is int
    assert p["talks.planned"] == dt.date(2020, 3, 10)


def test_override_changes_derived_parameters(small: Catalogue) -> None:
    """An override changes derived parameters; an override of a derived one takes precedence over its formula."""
    assert ParameterSet.resolve({"taliban.leverage": 0.4}, small)["attacks.rate"] == 50.0
    assert ParameterSet.resolve({"count": "government"}, small)["attacks.rate"] == 50.0
    assert ParameterSet.resolve({"scale.of.attacks": 2}, small)["attacks.rate"] == 200.0
    assert ParameterSet.resolve({"attacks.rate": 7, "taliban.leverage": 0.4}, small)["attacks.rate"] == 7.0


def test_equal_overrides_share_one_set(small: Catalogue) -> None:
    """A set is immutable and kept; what only looks the same is checked as ever."""
    p = ParameterSet.resolve({"taliban.leverage": 0.5, "agreement.signed": True})
    assert ParameterSet.resolve({"taliban.leverage": 0.5, "agreement.signed": True}) is p
    assert ParameterSet.resolve({"taliban.leverage": 0.5, "agreement.signed": False}) is not p
    assert ParameterSet.resolve({"taliban.leverage": 0.5}, small) is not ParameterSet.resolve({"taliban.leverage": 0.5})
    array = np.array([0.5, 0.5])
    assert ParameterSet.resolve({"taliban.leverage": array}) is not ParameterSet.resolve({"taliban.leverage": array})
    with pytest.raises(InputError, match="signed"):
        ParameterSet.resolve({"taliban.leverage": 0.5, "agreement.signed": 1})


def test_arrays_over_worlds(small: Catalogue) -> None:
    """One value per world, float32, also in formulas, and read-only."""
    p = ParameterSet.resolve({"taliban.leverage": np.array([0.4, 0.8])}, small)
    assert p["attacks.rate"].dtype == np.float32
    assert p["attacks.rate"].tolist() == [50.0, 100.0]
    with pytest.raises(ValueError, match="read-only"):
        p["taliban.leverage"][0] = 1


def test_groups_read_as_attributes(small: Catalogue) -> None:
    """A group contains its parameters; it is read-only; a wrong name suggests the right one."""
    group = ParameterSet.resolve({}, small).group("taliban")
    assert group.leverage == 0.8
    with pytest.raises(AttributeError, match="did you mean leverage"):
        _ = group.leverge
    with pytest.raises(AttributeError, match="do not change"):
        group.leverage = 1
    with pytest.raises(AttributeError, match="do not change"):
        del group.leverage
    with pytest.raises(InputError, match=r"did you mean taliban\?"):
        ParameterSet.resolve({}, small).group("talban")
    assert not hasattr(ParameterSet.resolve({}, small).group("scale.of"), "of")


def test_pickles(small: Catalogue) -> None:
    """A catalogue and a set can be passed to a worker process."""
    p = pickle.loads(pickle.dumps(ParameterSet.resolve({}, small)))  # noqa: S301 - own data
    assert p.group("taliban").leverage == 0.8
    assert pickle.loads(pickle.dumps(small)) == small  # noqa: S301 - own data


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("taliban.leverge", 1.0, "did you mean taliban.leverage?"),
        ("taliban.leverage", 6, "expected 0 to 5"),
        ("taliban.leverage", float("nan"), "finite"),
        ("taliban.leverage", True, "must be a number"),
        ("taliban.leverage", "1", "must be a number"),
        ("agreement.signed", 1, "must be true or false"),
        ("talks.planned", dt.datetime(2020, 3, 10, tzinfo=dt.UTC), "must be a date"),
        ("count", "goverment", "did you mean government?"),
        ("fronts.number", 3.5, "whole"),
        ("attacks.rate", -1, "expected 0 to 1000 attacks/day"),
        ("taliban.leverage", np.array([1.0, np.nan]), "world 1"),
        ("taliban.leverage", np.array([7.0, 1.0]), "world 0"),
        ("taliban.leverage", np.ones((2, 2)), "array of one number per world"),
        ("taliban.leverage", np.ones(0), "array of one number per world"),
        ("taliban.leverage", np.array([True]), "array of one number per world"),
        ("fronts.number", np.array([3.5]), "world 0"),
        ("agreement.signed", np.array([True, False]), "must be one value"),
    ],
)
def test_wrong_overrides(small: Catalogue, name: str, value: object, said: str) -> None:
    """Each error names the parameter and what is wrong."""
    with pytest.raises(InputError) as caught:
        ParameterSet.resolve({name: value}, small)
    assert name in str(caught.value), str(caught.value)
    assert said in str(caught.value), str(caught.value)


def test_arrays_of_two_widths(small: Catalogue) -> None:
    """All arrays have one value per world."""
    with pytest.raises(InputError, match=r"has values for 2 worlds, but scale\.of\.attacks for 3"):
        ParameterSet.resolve({"taliban.leverage": np.ones(2), "scale.of.attacks": np.ones(3)}, small)


def test_derived_value_out_of_bounds(small: Catalogue) -> None:
    """An allowed override must not result in a derived parameter out of its bounds."""
    with pytest.raises(InputError, match=r"scale\.of\.attacks = 6\.25: its formula .* \(expected 0 to 2\)"):
        ParameterSet.resolve({"taliban.leverage": 5.0}, small)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("value = 0.8", "value = 6.0", "taliban.leverage.value = 6.0: out of bounds (expected 0 to 5)"),
        ("value = 0.8", "value = 0.2", "outside its own range (expected 0.3 to 1.2)"),
        ("value = 0.8", "value = nan", "must be a finite number"),
        ("value = 0.8", 'value = "0.8"', "text needs choices"),
        ("value = 0.8", "value = 0.8\nformula = 'facts.attacks_rise'", "the kind derived needs a formula"),
        ("value = 0.8\n", "", "is assumed and has no value"),
        ("range = [0.3, 1.2]\n", "", "is assumed and has no range"),
        ("range = [0.3, 1.2]", "range = [1.2, 0.3]", "the first must be the smaller one"),
        ("range = [0.3, 1.2]", "range = [0.3, 6]", "taliban.leverage.range = 6: out of bounds"),
        ("range = [0.3, 1.2]", "range = [0.3]", "must be a list of two"),
        ("bounds = [0.0, 5.0]", "bounds = [5.0, 0.0]", "the first must be the smaller one"),
        ("bounds = [0.0, 5.0]", "bounds = [0.0, inf]", "must be a finite number"),
        ("bounds = [0.0, 5.0]\n", "", "has no bounds"),
        ('unit = "1"\n', "", "has no unit"),
        ('reason = "x"\n', "", "has no reason"),
        ('kind = "assumed"', 'kind = "asumed"', "did you mean assumed?"),
        ('kind = "assumed"\n', "", "has no kind"),
        ('kind = "assumed"', 'kind = "sourced"\nsource = "x"', "is sourced and has no date"),
        ('kind = "assumed"', 'kind = "sourced"\nsource = "x"\ndate = "soon"', "must be a date"),
        ('kind = "assumed"', 'kind = "stated"\nsource = "S18"', "must name a sentence"),
        ('reason = "x"', 'raeson = "x"', "did you mean reason?"),
        ('label = "Leverage"\n', "", "each a table with a label"),
        ("[taliban.leverage]", "[taliban.Leverage]", "lower-case letters"),
        ("[taliban.leverage]", "[taliban.from]", "not a Python keyword"),
        ("[taliban.leverage]", "[taliban]\n[taliban.leverage.is]\n[taliban.leverage]", "no such key"),
    ],
)
def test_wrong_files(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Each error names the file, the dotted path and what is wrong."""
    assert old in ASSUMED
    with pytest.raises(InputError) as caught:
        written(tmp_path, ASSUMED.replace(old, new))
    assert str(caught.value).startswith("p.toml: "), str(caught.value)
    assert said in str(caught.value), str(caught.value)


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("taliban.leverge", "did you mean taliban.leverage?"),
        ("facts.atacks_2020", "did you mean facts.attacks_2020?"),
        ("attacks.rate + 1", "circular dependency"),
        ("import os", "not a formula"),
        ("facts", "no such parameter or fact"),
    ],
)
def test_wrong_formulas(tmp_path: Path, formula: str, said: str) -> None:
    """The error comes when the file is read, before any run."""
    text = DERIVED.replace("facts.attacks_2020 / facts.window_days * scale.of.attacks", formula)
    with pytest.raises(InputError) as caught:
        written(tmp_path, ASSUMED + text)
    assert said in str(caught.value), str(caught.value)
    assert "attacks.rate" in str(caught.value), str(caught.value)


def test_circular_dependency_of_two(tmp_path: Path) -> None:
    """Two parameters that need each other are rejected."""
    text = DERIVED + DERIVED.replace("attacks.rate", "scale.of.attacks").replace("* scale.of.attacks", "* attacks.rate")
    with pytest.raises(InputError, match=r"circular dependency with attacks\.rate, scale\.of\.attacks"):
        written(tmp_path, text.replace("facts.window_days * attacks.rate", "attacks.rate"))


def test_duplicate_parameter(tmp_path: Path) -> None:
    """TOML itself rejects a duplicate table."""
    with pytest.raises(InputError, match="not valid TOML"):
        written(tmp_path, ASSUMED + ASSUMED)


def test_own_catalogue_is_complete() -> None:
    """The model's own file loads once, resolves, and has parameters of every kind."""
    known = catalogue()
    ParameterSet.resolve({})
    assert {p.kind for p in known.values()} == {"stated", "derived", "sourced", "assumed"}
    assert catalogue() is known


def test_no_parameter_has_a_levers_name() -> None:
    """A scenario sets both in one table, so a shared name would be ambiguous."""
    assert catalogue(), "no parameters"
    assert levers(), "no levers"
    both = set(catalogue()) & set(levers())
    assert not both, f"parameters with the name of a lever: {sorted(both)}"


@pytest.mark.slow
def test_own_ranges_reach_their_ends() -> None:
    """Every uncertain parameter can take both ends of its range, with all that is derived from it."""
    ranges = {name: one.range for name, one in catalogue().items() if one.uncertain and one.range is not None}
    assert len(ranges) == sum(one.uncertain for one in catalogue().values()) > 0, len(ranges)
    for name, ends in ranges.items():
        for value in ends:
            assert ParameterSet.resolve({name: value})[name] == value, name


def test_every_assumed_value_is_in_the_middle_of_its_range() -> None:
    """So the point is a typical set of the ranges and no corner of them; rounding may move it by a fiftieth."""
    off = {
        name: (one.value, one.range)
        for name, one in catalogue().items()
        if one.kind == "assumed" and one.range and not is_middle(one.value, *one.range)
    }
    assert not off, f"not in the middle: {off}"


def is_middle(value: Any, low: float, high: float) -> bool:
    return bool(abs(value - (low + high) / 2) <= (high - low) / 50)
