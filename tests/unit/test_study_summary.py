"""Summary of a study: the result part by part equals the result from all rows at once."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.results.intervals import mean_interval
from sim.results.running_moments import Moments
from sim.study.factor import Factor
from sim.study.summary import FEWEST, reference_cell, summarise
from tests.unit import made_up
from tests.unit.made_up import ASK, BASE, LEVERAGE, OTHER, Array, MadeUp, luck, noise, plan

GRID = (Factor(LEVERAGE, values=(0.2, 0.5, 0.8)), Factor(ASK, values=(0.4, 0.6)))
PAIR: dict[str, Any] = {"scenarios": (BASE, OTHER)}


def attacks(scenario: int, points: Array, worlds: Array) -> Array:
    return 1000 + 10 * points + 3 * scenario * luck(worlds) + luck(worlds, 2) + noise(points, worlds)


def rows(scenario: int, _: object, points: Array, worlds: Array) -> dict[str, Array]:
    return {"attacks": attacks(scenario, points, worlds), "reached_talks_open": luck(worlds) + 0 * points > 0}


def test_cells_and_effects_are_those_of_all_rows_at_once() -> None:
    study = MadeUp(plan(*GRID, worlds=700, **PAIR), rows)
    found = summarise(study)
    points, worlds = np.arange(6)[:, None], np.arange(700)[None, :]
    for scenario in (0, 1):
        whole = attacks(scenario, points, worlds)
        cells = found.cells[scenario, :, 0]
        np.testing.assert_array_equal(cells.n, 700)
        np.testing.assert_allclose(cells.mean, whole.mean(axis=1), rtol=1e-12)
        np.testing.assert_allclose(cells.variance, whole.var(axis=1, ddof=1), rtol=1e-9)
        np.testing.assert_allclose(found.quantiles("attacks")[:, scenario],
                                   np.quantile(whole.astype(np.float32), (0.05, 0.25, 0.5, 0.75, 0.95), axis=1),
                                   rtol=1e-6)  # fmt: skip
    base, other = attacks(0, points, worlds), attacks(1, points, worlds)
    ends = found.effect_interval("attacks")
    for effects, here, difference in (
        (found.effects[1, :, 0], (1, slice(None)), other - base),
        (found.effects[0, 1:, 0], (0, slice(1, None)), (base - base[:1])[1:]),
    ):
        moments = Moments.of(difference.T)
        np.testing.assert_allclose(effects.mean, moments.mean, rtol=1e-9, atol=1e-12)
        for end, expected in zip(ends, mean_interval(moments), strict=True):
            np.testing.assert_allclose(end[here], expected, rtol=1e-9, atol=1e-9)
    assert found.effects.n[0, 0, 0] == 0
    assert np.isnan(found.effects.mean[0, 0, 0])


def test_each_part_is_read_once_whatever_it_is_held_against() -> None:
    study = MadeUp(plan(*GRID, worlds=3000, **PAIR), rows)
    found = summarise(study)
    assert sorted(map(repr, study.read_units)) == sorted(map(repr, study.units()))
    assert found.complete
    assert found.rows == 2 * 6 * 3000


def test_what_is_held_against_what() -> None:
    grid = plan(*GRID, **PAIR)
    assert reference_cell(grid, 0, 0) is None
    assert reference_cell(grid, 0, 3) == (0, 0)
    assert reference_cell(grid, 1, 3) == (0, 3)
    sampled = plan(Factor(LEVERAGE, low=0.1, high=0.9), method="latin-hypercube", samples=8, **PAIR)
    assert reference_cell(sampled, 0, 3) is None
    assert reference_cell(sampled, 1, 3) == (0, 3)
    assert reference_cell(plan(*GRID, scenarios=(OTHER, BASE)), 0, 2) == (1, 2)


def test_sampled_points_are_compared_with_the_reference_only() -> None:
    vary = Factor(LEVERAGE, low=0.1, high=0.9)
    found = summarise(MadeUp(plan(vary, method="latin-hypercube", samples=32, worlds=4, **PAIR), rows))
    assert (found.effects.n[0] == 0).all()
    assert (found.effects.n[1] == 4).all()


def test_a_study_under_way_says_what_is_there() -> None:
    study = MadeUp(plan(*GRID, worlds=2000, **PAIR), rows, absent=[0, 5])
    found = summarise(study)
    assert not found.complete
    assert (found.units - found.there) == 2
    assert found.cells.n.sum() < 2 * 6 * 2000 * 2
    pairs = found.effects.n[1, :, 0]
    assert pairs.min() < 2000, "without the reference's part there is nothing to be held against"
    np.testing.assert_allclose(found.effects.mean[1, :, 0], 0, atol=0.5)


def test_failed_rows_are_counted_and_left_out() -> None:
    def failing(scenario: int, design: object, points: Array, worlds: Array) -> dict[str, Array]:
        bad = np.broadcast_to((points == 1) & (worlds < 10), np.broadcast_shapes(points.shape, worlds.shape))
        return rows(scenario, design, points, worlds) | {"error": np.where(bad, "ValueError: no", "")}

    found = summarise(MadeUp(plan(*GRID, worlds=50), failing))
    assert found.failed == 10
    assert found.errors == {"ValueError: no": 10}
    assert found.cells.n[0, :, 0].tolist() == [50, 40, 50, 50, 50, 50]
    assert found.effects.n[0, 1, 0] == 40


def test_days_of_milestones_never_reached_are_left_out() -> None:
    def days(_: int, __: object, points: Array, worlds: Array) -> dict[str, Array]:
        return {"day_talks_open": np.where((worlds % 2 == 0) & (points >= 0), 10.0 + worlds, np.nan)}

    found = summarise(MadeUp(plan(worlds=60, outcomes=("day_talks_open",)), days))
    assert found.cells.n[0, 0, 0] == 30
    assert found.cells.mean[0, 0, 0] == 10 + np.arange(0, 60, 2).mean()
    assert len(found.pooled("day_talks_open", 0)) == 30


def test_few_worlds_have_no_quantiles() -> None:
    for worlds, known in ((FEWEST - 1, False), (FEWEST, True)):
        found = summarise(MadeUp(plan(worlds=worlds), rows))
        assert np.isfinite(found.quantiles("attacks")).all() == known


def test_memory_of_a_large_study_stays_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample has only some points and worlds, and its quantiles are those of the first worlds."""
    monkeypatch.setattr("sim.study.summary.KEPT", 600)
    many = summarise(MadeUp(plan(worlds=3000), rows))
    assert many.sampled == (1, 300)
    first = attacks(0, np.zeros((1, 1), int), np.arange(300)[None, :])
    assert many.quantiles("attacks")[2, 0, 0] == pytest.approx(np.median(first), rel=1e-6)
    assert many.within is None
    wide = plan(Factor(LEVERAGE, low=0.1, high=0.9), method="latin-hypercube", samples=900, worlds=1)
    thin = summarise(MadeUp(wide, rows))
    assert thin.sampled == (300, 1)
    assert np.isnan(thin.quantiles("attacks")).all()
    np.testing.assert_allclose(
        thin.pooled("attacks", 0), attacks(0, np.arange(0, 900, 3)[:, None], np.zeros((1, 1), int))[:, 0], rtol=1e-6
    )
    assert thin.cells.n.shape == (1, 900, 2)


def test_some_days_of_kept_series_are_sampled() -> None:
    def daily(scenario: int, _: object, points: Array, worlds: Array) -> dict[str, Array]:
        days = np.arange(30)[None, None, :] + 100.0 * worlds[..., None] + 1e4 * points[..., None] + 1e6 * scenario
        return {"daily_attacks": days}

    found = summarise(MadeUp(plan(*GRID, worlds=400, series=("attacks",), **PAIR), daily))
    rows_kept = found.daily["attacks"]
    assert rows_kept.shape == (2, 6 * 166, 30)
    assert rows_kept[1, 166 * 2 + 5, 7] == 7 + 500 + 2e4 + 1e6
    assert not np.isnan(rows_kept).any()
    assert summarise(MadeUp(plan(worlds=3, series=("attacks",)), daily), daily=False).daily == {}


def test_the_interval_of_a_cell_contains_students() -> None:
    """Attacks are not symmetric, so that one end is Student's and the other one Hall's."""
    found = summarise(MadeUp(plan(worlds=64), rows))
    values = attacks(0, np.zeros((1, 1), int), np.arange(64)[None, :])[0]
    low, high = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    ends = [float(end[0, 0]) for end in found.cell_interval("attacks")]
    assert ends[0] <= low + 1e-9
    assert ends[1] >= high - 1e-9
    assert ends == pytest.approx([low, high], rel=1e-2)
    assert ends[0] == pytest.approx(low) or ends[1] == pytest.approx(high)
    assert made_up.BASE.days == 30
