"""Scenarios: their content, how they change, and their canonical form and hash."""

import datetime as dt
import pickle
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.inputs.intervention import Intervention
from sim.inputs.scenario import DEFAULT_END, DEFAULT_START, LARGEST_SEED, LONGEST_RUN, Scenario, validate_run
from sim.inputs.scenario_reader import parse_scenario
from sim.schema.decisions import levers
from tests.unit.sample import APRIL_1, APRIL_15, MARCH_10, OFFER, REVIEW, sample

TRUCE = "taliban.truce"


@pytest.fixture
def base() -> Scenario:
    """Return a scenario with an offer for some weeks and a review for some days."""
    return sample()


def days(scenario: Scenario, lever: str) -> list[tuple[Any, Any, Any]]:
    """Return value, start and end of every intervention on a lever."""
    return [(one.value, one.start, one.until) for one in scenario.interventions if one.lever == lever]


# --- what it imposes ---


def test_imposed_is_half_open(base: Scenario) -> None:
    """The first day is included, the end is not."""
    assert base.imposed(dt.date(2020, 3, 9)) == {}
    assert base.imposed(MARCH_10) == {OFFER: 1500.0}
    assert base.imposed(dt.date(2020, 4, 14)) == {OFFER: 1500.0, REVIEW: True}
    assert base.imposed(APRIL_15) == {}


# --- changing ---


def test_nothing_changes_in_place(base: Scenario) -> None:
    """Neither fields nor mappings can be set."""
    with pytest.raises(FrozenInstanceError):
        base.title = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        base.parameters["taliban.leverage"] = 1  # type: ignore[index]
    with pytest.raises(AttributeError):
        base.parameters.other = 1  # type: ignore[attr-defined]
    before = base.hash()
    base.change({OFFER: 1, "taliban.leverage": 1})
    assert base.hash() == before


def test_mapping_given_may_be_changed_afterwards() -> None:
    """A scenario keeps its own copy."""
    mine = {"taliban.leverage": 0.5}
    scenario = Scenario("x", parameters=mine)
    mine["taliban.leverage"] = 2
    assert scenario.parameters["taliban.leverage"] == 0.5


def test_change_of_a_lever_lasts_the_whole_run(base: Scenario) -> None:
    """It replaces every intervention on that lever."""
    assert days(base.change({OFFER: 5000}), OFFER) == [(5000.0, None, None)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("9@2020-03-20..2020-04-01", [(1500, 10, 20), (9, 20, 32), (1500, 32, 46)]),
        ("9@..2020-03-20", [(9, 1, 20), (1500, 20, 46)]),
        ("9@2020-04-01..", [(1500, 10, 32), (9, 32, 307)]),
        ("9@2020-03-10..2020-04-15", [(9, 10, 46)]),
        ("9@2020-05-01..2020-05-02", [(1500, 10, 46), (9, 62, 63)]),
        ("9@2020-04-15..2020-05-02", [(1500, 10, 46), (9, 46, 63)]),
        ("9@..", [(9, 1, 307)]),
        ("9", [(9, 1, 307)]),
    ],
)
def test_dated_change_affects_only_those_days(base: Scenario, text: str, found: list[tuple[int, int, int]]) -> None:
    """Earlier interventions are cut or split around it. Days are counted from 29 February."""
    zero = dt.date(2020, 2, 29)
    got = [(v, s or base.start, u or base.end) for v, s, u in days(base.change({OFFER: text}), OFFER)]
    assert [(v, (s - zero).days, (u - zero).days) for v, s, u in got] == found


def test_change_names_itself(base: Scenario) -> None:
    """The title says what is different; the name is short; an empty change gives the same scenario."""
    other = base.change({OFFER: 5000})
    assert (other.title, other.name, other.base) == ("Base: kabul.ghani.offer = 5000", "base-changed", "base")
    assert other.change({TRUCE: True}).name == "base-changed"
    assert base.change({OFFER: 1}, title="Mine").title == "Mine"
    assert base.change({}) is base


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("kabul.ghani.ofer", 12, "no such lever or parameter; did you mean kabul.ghani.offer?"),
        (OFFER, 5001, "expected 0 to 5000 people"),
        (OFFER, float("inf"), "must be a finite number"),
        (OFFER, True, "must be a number"),
        (OFFER, None, "must be a number"),
        (OFFER, [1], "must be a number"),
        (REVIEW, 1, "must be true or false"),
        (REVIEW, "yes", "must be true or false"),
        (OFFER, "5000@2020-03-10", "VALUE@FROM..UNTIL"),
        (OFFER, "5000@tomorrow..", "not a date"),
        (OFFER, "5000@2020-02-30..", "not a date"),
        (OFFER, "5000@2020-04-15..2020-03-10", "has no days"),
        (OFFER, "5000@2020-03-10..2020-03-10", "has no days"),
        (OFFER, "5000@2019-03-10..", "outside the run"),
        (OFFER, "5000@..2021-01-02", "outside the run"),
        (OFFER, "5000@2021-01-01..", "no days inside the run"),
        (OFFER, "", "must be a number"),
        (OFFER, "nan", "must be a finite number"),
        ("taliban.leverage", "0.5", "must be a number, not text"),
        ("taliban.leverage", "0.5@2020-03-10..", "must be a number, not text"),
        ("talks.planned_date", "2020-03-10", "must be a date"),
    ],
)
def test_wrong_changes(base: Scenario, name: str, value: Any, said: str) -> None:
    """Each error names the lever or parameter and what is wrong, on one line."""
    with pytest.raises(InputError) as caught:
        base.change({name: value})
    message = str(caught.value)
    assert message.startswith(name), message
    assert said in message, message
    assert message.isprintable(), message


def test_settings_of_a_command_line(base: Scenario) -> None:
    """Settings are applied in turn, and have the same effect as `change`."""
    lines = ["taliban.leverage=0.7", f"{OFFER}=9@2020-05-01..", f"{TRUCE} = false", "talks.planned_date=2020-04-01"]
    other = base.with_settings([*lines, f"{OFFER}=0@2020-06-01.."])
    june = dt.date(2020, 6, 1)
    assert other.parameters == {"taliban.leverage": 0.7, "talks.planned_date": APRIL_1}
    assert days(other, OFFER)[1:] == [(9.0, dt.date(2020, 5, 1), june), (0.0, june, None)]
    assert days(other, TRUCE) == [(False, None, None)]
    assert base.with_settings(["taliban.leverage=0.7"]) == base.change({"taliban.leverage": 0.7})


@pytest.mark.parametrize("line", ["", "=", "taliban.leverage", "taliban.leverage=", "=5", f"{OFFER}==5", "a=b=c"])
def test_wrong_settings(base: Scenario, line: str) -> None:
    """Anything that is not a name and a value is rejected."""
    with pytest.raises(InputError):
        base.with_settings([line])


def test_with_dates_cuts_interventions(base: Scenario) -> None:
    """A scenario over other days keeps the parts of interventions inside them."""
    short = base.with_dates(end=APRIL_1)
    assert short.days == 31
    assert days(short, OFFER) == [(1500.0, MARCH_10, APRIL_1)]
    assert base.with_dates() == base
    with pytest.raises(InputError, match="must be after the start"):
        base.with_dates(end=DEFAULT_START)
    with pytest.raises(InputError, match=f"1 to {LONGEST_RUN} days"):
        base.with_dates(end=DEFAULT_START + dt.timedelta(days=LONGEST_RUN + 1))
    assert base.with_dates(end=DEFAULT_START + dt.timedelta(days=LONGEST_RUN)).days == LONGEST_RUN


def test_whole_run_intervention_follows_the_run(base: Scenario) -> None:
    """A lever imposed for the whole run is imposed for the whole run over other days too."""
    other = base.change({TRUCE: True}).with_dates(start=dt.date(2020, 2, 1), end=dt.date(2021, 2, 1))
    assert other.imposed(dt.date(2020, 2, 1)) == other.imposed(dt.date(2021, 1, 31)) == {TRUCE: True}


# --- checks of a scenario made in Python ---


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"title": ""}, "title"),
        ({"parameters": {OFFER: 5}}, "is a lever"),
        ({"parameters": {"taliban.leverage": float("nan")}}, "finite"),
        ({"interventions": (Intervention(OFFER, 1), Intervention(OFFER, 2, start=APRIL_1))}, "overlaps"),
        ({"interventions": (Intervention(OFFER, 1, start=dt.date(2019, 1, 1)),)}, "outside the run"),
        ({"watch": ("attaks",)}, "did you mean attacks?"),
        ({"run": {"worlds": 10**9}}, "expected 1 to 1000000 worlds"),
        ({"start": DEFAULT_END}, "must be after the start"),
    ],
)
def test_invalid_scenarios_are_rejected(parts: dict[str, Any], said: str) -> None:
    """A scenario is always checked, however it is created."""
    with pytest.raises(InputError) as caught:
        Scenario(**{"title": "x", **parts})
    assert said in str(caught.value), str(caught.value)


@pytest.mark.parametrize(("worlds", "seed"), [(0, 0), (-1, 0), (10**9, 0), (1, -1), (1, 2**63), (1.0, 0), (True, 0)])
def test_invalid_worlds_and_seeds_are_rejected(worlds: Any, seed: Any) -> None:
    """Worlds and seeds have bounds; seed 0 is a seed."""
    with pytest.raises(InputError, match="expected"):
        validate_run(worlds, seed)
    validate_run(1, 0)
    validate_run(1_000_000, LARGEST_SEED)


# --- one form, one hash ---


def test_hash_depends_on_effects_and_not_on_texts(base: Scenario) -> None:
    """The hash depends on days, parameters, interventions and the run."""
    same = replace(base, title="Other", question="", notes="n", watch=(), rests_on=(), name="x", file=None)
    assert same.hash() == base.hash()
    assert len(base.hash()) == 64
    others = [
        base.change({"taliban.leverage": 0.51}),
        base.change({OFFER: 1501}),
        base.with_dates(end=dt.date(2020, 12, 31)),
        replace(base, run={"worlds": 65}),
    ]
    assert len({base.hash(), *(other.hash() for other in others)}) == 5


def test_defaults_are_left_out() -> None:
    """An override with the catalogue's own value is left out."""
    default = Scenario("x").resolved()["taliban.restraint"]
    assert Scenario("x", parameters={"taliban.restraint": default}).canonical() == Scenario("x").canonical()
    assert Scenario("x").canonical() == {"start": "2020-03-01", "end": "2021-01-01"}


def test_equal_effects_have_the_same_canonical_form() -> None:
    """Order, splitting, explicit ends and ways to write a number do not matter."""
    whole = Scenario("x", interventions=(Intervention(OFFER, 5), Intervention(TRUCE, value=True)))
    parts = (
        Intervention(TRUCE, value=True, start=DEFAULT_START, until=DEFAULT_END),
        Intervention(OFFER, 5.0, start=APRIL_1),
        Intervention(OFFER, 5, until=APRIL_1, why="x"),
    )
    assert Scenario("y", interventions=parts).canonical() == whole.canonical()
    assert (
        Scenario("x", parameters={"taliban.leverage": -0.0}).hash()
        == Scenario("x", parameters={"taliban.leverage": 0}).hash()
    )


def test_pickles_and_hashes(base: Scenario) -> None:
    """A scenario can be passed to a worker process and used as a key."""
    assert pickle.loads(pickle.dumps(base)) == base  # noqa: S301 - own data
    assert len({base, pickle.loads(pickle.dumps(base))}) == 1  # noqa: S301 - own data


def test_text_with_every_awkward_character() -> None:
    """Titles and notes are unchanged when read again."""
    scenario = Scenario('a "b" \\ c # = [é] …', notes="one\n\ttwo\r\n'''three'''\"\"\"", question="\\u0041")
    assert parse_scenario(scenario.to_toml()) == scenario


FIRST, LAST = DEFAULT_START.toordinal(), DEFAULT_END.toordinal()


@st.composite
def changes(draw: st.DrawFn) -> dict[str, Any]:
    """Return some levers with values and dates, and a parameter."""
    out: dict[str, Any] = {"taliban.leverage": draw(st.floats(0, 2))}
    for lever in draw(st.lists(st.sampled_from(list(levers().values())), max_size=6)):
        value = str(draw(st.booleans())) if lever.flag else repr(draw(st.floats(lever.low, lever.high)))
        low = draw(st.integers(FIRST, LAST - 1))
        high = draw(st.integers(low + 1, LAST))
        out[lever.name] = f"{value}@{dt.date.fromordinal(low)}..{dt.date.fromordinal(high)}"
    return out


@pytest.mark.slow
@given(st.lists(changes(), max_size=4))
def test_written_and_read_is_the_same(steps: list[dict[str, Any]]) -> None:
    """For any chain of changes: file and scenario are equal to the last bit, and the last change applies."""
    scenario = Scenario("x")
    for step in steps:
        scenario = scenario.change(step, title="x")
    again = parse_scenario(scenario.to_toml())
    assert again == scenario
    assert again.hash() == scenario.hash()
    assert again.to_toml() == scenario.to_toml()
    for name, text in (steps[-1] if steps else {}).items():
        if name in levers():
            first = dt.date.fromisoformat(text.partition("@")[2].partition("..")[0])
            assert str(scenario.imposed(first)[name]) == text.partition("@")[0].replace("-0.0", "0.0")
