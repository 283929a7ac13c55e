"""Designs: known shapes, bounds and orders; always the same; the properties of each sampler."""

import datetime as dt
import itertools
from typing import Any

import numpy as np
import pytest

from sim.errors import InputError
from sim.study.design import Design, design, problem
from sim.study.plan import Factor, Plan
from tests.unit import studies

LEVERAGE = Factor("taliban.leverage", low=0.2, high=0.9)
OFFER = Factor("kabul.ghani.offer", dt.date(2020, 3, 2), low=1500, high=5000)
TRUCE = Factor("taliban.truce", low=0, high=1)
NUMBER = Factor("kabul.brokers.number", low=40, high=47)
ALL = (LEVERAGE, OFFER, TRUCE, NUMBER)
SAMPLERS = ("latin-hypercube", "sobol", "morris")


def plan(method: str, *vary: Factor, **parts: Any) -> Plan:
    """A plan with a method and some settings."""
    return studies.plan(method=method, vary=vary, **parts)


def table(made: Design) -> np.ndarray[Any, Any]:
    """Its points as rows."""
    return np.stack([made.values[name] for name in made.names], axis=1)


def test_nothing_varied_is_one_point() -> None:
    made = design(studies.plan())
    assert (made.points, made.names, made.values) == (1, (), {})
    assert made.settings(0) == {}
    assert made.stretches(0, 1) == [(0, 1)]
    assert made.columns(0, 1) == {}


def test_a_grid_is_every_combination_and_the_last_changes_fastest() -> None:
    two, three = Factor("taliban.leverage", values=(0.9, 0.2)), Factor("kabul.ghani.offer", values=(1, 2, 3))
    flag = Factor("taliban.truce", values=(True, False))
    made = design(plan("grid", two, three, flag))
    assert made.points == 12
    wanted = list(itertools.product((0.9, 0.2), (1, 2, 3), (1, 0)))
    assert [tuple(row) for row in table(made)] == wanted


def test_a_list_goes_row_by_row() -> None:
    made = design(
        plan("list", Factor("taliban.leverage", values=(0.2, 0.2, 0.5)), Factor("kabul.ghani.offer", values=(3, 2, 1)))
    )
    assert [tuple(row) for row in table(made)] == [(0.2, 3), (0.2, 2), (0.5, 1)]
    assert made.settings(2) == {"taliban.leverage": 0.5, "kabul.ghani.offer": 1.0}


def test_unchanged_is_the_scenarios_own_value() -> None:
    """Its points set fewer names, so they run in a call of their own; a grid of such points is found by value."""
    given = Factor("taliban.leverage", values=("unchanged", 0.2)), Factor("kabul.ghani.offer", values=("unchanged", 3))
    made = design(plan("grid", *given))
    assert [made.settings(point) for point in range(4)] == [
        {}, {"kabul.ghani.offer": 3}, {"taliban.leverage": 0.2}, {"taliban.leverage": 0.2, "kabul.ghani.offer": 3},
    ]  # fmt: skip
    assert made.stretches(0, 4) == [(0, 1), (1, 2), (2, 3), (3, 4)]
    assert made.where("taliban.leverage", np.nan).tolist() == [True, True, False, False]
    assert made.where("kabul.ghani.offer", 3.0).tolist() == [False, True, False, True]


@pytest.mark.parametrize("method", SAMPLERS)
def test_samplers_stay_in_bounds_whole_where_they_must_be_and_repeat(method: str) -> None:
    made = design(plan(method, *ALL, samples=16))
    again, other = design(plan(method, *ALL, samples=16)), design(plan(method, *ALL, samples=16, sampler_seed=1))
    assert made.points == {"latin-hypercube": 16, "sobol": 16 * 6, "morris": 16 * 5}[method]
    assert made.names == tuple(one.key for one in ALL)
    for one in ALL:
        values = made.values[one.key]
        assert values.dtype == np.float64
        assert values.shape == (made.points,)
        assert values.min() >= one.low, f"{one.name}: {values.min()} below {one.low}"
        assert values.max() <= one.high, f"{one.name}: {values.max()} above {one.high}"
    assert set(made.values["taliban.truce"]) == {0.0, 1.0}
    assert np.array_equal(made.values["kabul.brokers.number"] % 1, np.zeros(made.points))
    assert table(again).tobytes() == table(made).tobytes()
    assert table(other).tobytes() != table(made).tobytes()


def test_a_latin_hypercube_has_one_point_in_every_layer() -> None:
    made = design(plan("latin-hypercube", LEVERAGE, OFFER, samples=50))
    for one in (LEVERAGE, OFFER):
        layer = np.floor((made.values[one.key] - one.low) / (one.high - one.low) * 50)
        assert sorted(layer) == list(range(50)), f"{one.name}: layers {sorted(layer)}"


def test_sobol_is_saltellis_design() -> None:
    """Each base sample gives A, then A with one column of B at a time, then B."""
    rows = table(design(plan("sobol", LEVERAGE, OFFER, Factor("trust.speed", low=0.02, high=0.06), samples=8)))
    for a, *mixed, b in rows.reshape(8, 5, 3):
        for column, row in enumerate(mixed):
            wanted = a.copy()
            wanted[column] = b[column]
            assert np.array_equal(row, wanted), f"column {column}: {row} is not {wanted}"


def test_morris_moves_one_setting_at_a_time_and_each_once() -> None:
    settings = (LEVERAGE, OFFER, TRUCE)
    rows = table(design(plan("morris", *settings, samples=10))).reshape(10, 4, 3)
    spans = np.array([one.high - one.low for one in settings])
    for trajectory in rows:
        moves = np.diff(trajectory, axis=0) / spans
        assert sorted(np.argmax(moves != 0, axis=1)) == [0, 1, 2], moves
        assert ((moves != 0).sum(axis=1) == 1).all(), moves
        assert np.abs(moves[:, :2]).max() == pytest.approx(2 / 3), "levels / (2 (levels - 1))"


def test_one_at_a_time_leaves_the_rest_alone() -> None:
    made = design(plan("one-at-a-time", LEVERAGE, OFFER))
    assert made.points == 5
    key = "kabul.ghani.offer@2020-03-02.."
    wanted = [{}, {"taliban.leverage": 0.2}, {"taliban.leverage": 0.9}, {key: 1500.0}, {key: 5000.0}]
    assert [made.settings(point) for point in range(5)] == wanted
    assert made.stretches(0, 5) == [(0, 1), (1, 3), (3, 5)]
    assert made.stretches(2, 4) == [(2, 3), (3, 4)]
    assert made.columns(3, 5)[key].tolist() == [1500.0, 5000.0]
    assert made.columns(0, 1) == {}
    with pytest.raises(ValueError, match="do not set the same names"):
        made.columns(0, 2)


@pytest.mark.parametrize("method", ["grid", "list", *SAMPLERS, "one-at-a-time"])
def test_a_plan_knows_its_points_before_they_are_laid_out(method: str) -> None:
    tried = [Factor("taliban.leverage", values=(0.2, 0.5)), Factor("kabul.ghani.offer", values=(1, 2))]
    vary = tried if method in ("grid", "list") else [LEVERAGE, OFFER]
    made = plan(method, *vary, **({"samples": 8} if method in SAMPLERS else {}))
    assert design(made).points == made.points


def test_the_problem_as_salib_takes_it() -> None:
    found = problem(plan("sobol", LEVERAGE, OFFER, samples=2))
    assert found == {
        "num_vars": 2,
        "names": ["taliban.leverage", "kabul.ghani.offer@2020-03-02.."],
        "bounds": [[0.2, 0.9], [1500.0, 5000.0]],
    }


def test_what_follows_from_the_settings_is_checked_at_every_point() -> None:
    """If offensives alone kill more than the total, the derived value for attacks is negative."""
    name = "security_forces.lethality_offensive"
    assert design(plan("grid", Factor(name, values=(0.02, 0.1)))).points == 2
    for wrong in (
        plan("grid", Factor(name, values=(0.1, 5))),
        plan("one-at-a-time", LEVERAGE, Factor(name, low=0, high=5)),
    ):
        with pytest.raises(InputError) as caught:
            design(wrong)
        message = str(caught.value)
        assert message.startswith("security_forces.lethality = -2."), message
        assert "is not possible at some point of baseline" in message, message
        assert "(expected 0 to 10 people)" in message, message
