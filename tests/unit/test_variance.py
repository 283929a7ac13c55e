"""Shares of variance: known answers, agreement with SALib, honest intervals, and the design of runs."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from SALib.analyze import sobol

import sim
from sim.analysis.variance import variance as module
from sim.analysis.variance.shares import Split, indices, products_of, split
from sim.analysis.variance.variance import _tasks, decision_scenarios, variance_shares
from sim.errors import InputError

GROUPS = ("a", "b", "c")
Array = Any


def runs(model: Callable[[Array, Array, Array], Array], rows: int, seed: int) -> Array:
    """The runs of every combination of two samples of three uniform inputs, (8, rows)."""
    samples = np.random.default_rng(seed).random((2, 3, rows))
    return np.stack([model(*(samples[run >> g & 1, g] for g in range(3))) for run in range(8)])


def ishigami(a: Array, b: Array, c: Array) -> Array:
    """Ishigami & Homma (1990), with the constants 7 and 0.1."""
    x, y, z = (np.pi * (2 * one - 1) for one in (a, b, c))
    return np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)


def yes(a: Array, b: Array, c: Array) -> Array:
    """Yes where a + b + c is above 1.8: rare enough to be skewed."""
    return (a + b + c > 1.8).astype(float)


def values_of(made: Array) -> Array:
    """First-order indices, total indices and the share of interactions, without their intervals."""
    return indices(products_of(made - made.mean(), 3).mean(axis=1), 3)


def found(values: Array, seed: int = 0) -> Split:
    one = split(values, GROUPS, seed)
    assert one is not None
    return one


def test_the_indices_of_a_known_function() -> None:
    """First-order 0.314, 0.442, 0 and total 0.558, 0.442, 0.244 (Saltelli et al. 2008)."""
    shares = values_of(runs(ishigami, 20_000, 1))[:6]
    assert shares == pytest.approx([0.3139, 0.4424, 0, 0.5576, 0.4424, 0.2437], abs=0.02), shares


def test_groups_that_only_add_leave_nothing_together() -> None:
    one = found(runs(lambda a, b, c: 3 * a + 2 * b + c, 1000, 2))
    assert [share.value for share in one.alone.values()] == pytest.approx([9 / 14, 4 / 14, 1 / 14], abs=0.05)
    assert one.together.value < 0.05
    assert one.together.low == 0


def test_a_product_of_yes_and_no_is_all_together() -> None:
    one = found(runs(lambda a, b, c: np.sign(a - 0.5) * np.sign(b - 0.5) + 0 * c, 1000, 3))
    assert one.together.value > 0.9, one.together
    assert all(share.value < 0.1 for share in one.alone.values()), one.alone


@pytest.mark.slow
def test_indices_agree_with_those_of_salib_and_are_nearer_to_the_truth() -> None:
    """Over 30 designs: the mean of both is the same, and the spread of ours is smaller for every group."""
    ours, theirs = [], []
    problem = {"num_vars": 3, "names": list(GROUPS), "bounds": [[0, 1]] * 3}
    for seed in range(30):
        made = runs(yes, 512, seed)
        ours.append(values_of(made)[:3])
        order = (0, 1, 2, 4, 7 ^ 1, 7 ^ 2, 7 ^ 4, 7)  # A, then A with each of B's, B with each of A's, B
        answer = sobol.analyze(problem, np.stack([made[run] for run in order], axis=1).ravel(), num_resamples=2, seed=1)
        theirs.append(answer["S1"])
    assert np.mean(ours, axis=0) == pytest.approx(np.mean(theirs, axis=0), abs=0.03)
    assert (np.std(ours, axis=0) < np.std(theirs, axis=0)).all(), (np.std(ours, axis=0), np.std(theirs, axis=0))


@pytest.mark.slow
def test_intervals_cover_the_truth() -> None:
    """95 % intervals of six shares in 100 designs of 128 rows: at least 84 of 100 contain the truth.

    Where they cover 93 %, as the narrowest do, fewer come by chance in less than 1 in 1,000. The truth is that of one
    design of 400,000 rows.
    """
    truth = values_of(runs(yes, 400_000, 12345))[:6]
    hits = np.zeros(6)
    for seed in range(100):
        one = found(runs(yes, 128, seed), seed)
        shares = [*one.alone.values(), *one.total.values()]
        hits += [share.low <= right <= share.high for share, right in zip(shares, truth, strict=True)]
        assert all(0 <= share.low < share.high <= 1 for share in shares), shares
    assert (hits >= 84).all(), hits


def test_what_no_row_moves_has_an_interval_with_a_width() -> None:
    one = found(runs(lambda a, b, c: a + 0 * b + 0 * c, 100, 5))
    assert [one.alone["b"].low, one.alone["b"].high] == pytest.approx([0, 0.03])
    assert one.alone["a"].low == pytest.approx(0.97)
    assert one.alone["a"].high == 1


def test_the_same_in_every_run_has_no_shares() -> None:
    assert split(np.full((8, 10), 3.0), GROUPS) is None


def test_the_design_exchanges_one_group_at_a_time() -> None:
    """Runs that differ in one bit differ in that group alone: assumptions, scenario of each world, or its luck."""
    scenarios = tuple(decision_scenarios()[:3])
    tasks = list(_tasks(scenarios, (module.ASSUMPTIONS, module.DECISIONS, module.LUCK), 64, 5, "facts", ("attacks",)))
    assert len(tasks) == 8
    name = "us.pressure_base"
    for run, task in enumerate(tasks):
        assert np.array_equal(task.drawn[name], tasks[run & 1].drawn[name])
        assert np.array_equal(task.which, tasks[run & 2].which)
        assert task.first == (64 if run & 4 else 0)
    assert not np.array_equal(tasks[0].drawn[name], tasks[1].drawn[name])
    assert not np.array_equal(tasks[0].which, tasks[2].which)
    counts = np.bincount(tasks[0].which)
    assert counts.max() - counts.min() <= 1, counts


def test_the_scenarios_differ_from_the_baseline_in_decisions_alone() -> None:
    found_ = decision_scenarios()
    assert found_[0].name == "baseline"
    assert len(found_) > 15
    assert {"same-window-2019", "one-president", "hard-fighting-season"}.isdisjoint(one.name for one in found_)


def window(name: str) -> sim.Scenario:
    import datetime as dt

    return sim.load_scenario(name).with_dates(end=dt.date(2020, 4, 15))


@pytest.mark.slow
def test_decisions_that_matter_have_a_share_and_runs_are_repeatable() -> None:
    """In the window an end of the truce decides whether the coalition is attacked; luck and assumptions hardly do."""
    both = [window("baseline"), window("truce-broken")]
    one = variance_shares(both, 64, 2, on=["attacks_on_coalition", "talks_open"])
    attacked = one.splits["attacks_on_coalition"]
    assert attacked is not None
    assert attacked.alone["decisions"].low > 0.5, attacked
    assert one.runs == 8 * 64
    assert one == variance_shares(both, 64, 2, on=["attacks_on_coalition", "talks_open"])


@pytest.mark.slow
def test_one_scenario_has_two_groups() -> None:
    one = variance_shares([window("baseline")], 64, 2, on=["attacks"], assumptions="ranges")
    assert one.groups == ("assumptions", "luck")
    assert one.runs == 4 * 64
    assert one.splits["attacks"] is not None


@pytest.mark.slow
@pytest.mark.parametrize(("words", "given"), [
    ("worlds = 8: out of bounds", {"worlds": 8}),
    ('assumptions = "point": leaves no assumptions open', {"assumptions": "point"}),
    ("talks_opne: no such outcome; did you mean", {"on": ["talks_opne"]}),
    ("day_talks_open: no such outcome", {"on": ["day_talks_open"]}),
    ("processes = 0", {"processes": 0}),
])  # fmt: skip
def test_wrong_arguments_get_one_line(words: str, given: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        variance_shares(None, **given)
    assert words in str(caught.value), str(caught.value)


def test_scenarios_that_set_parameters_otherwise_are_refused() -> None:
    both = [sim.load_scenario("baseline"), sim.load_scenario("one-president")]
    with pytest.raises(InputError, match=r"kabul\.contested: one-president sets a parameter otherwise than baseline"):
        variance_shares(both)
