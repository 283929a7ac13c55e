"""PRIM finds a planted box, drops what does not help, and finds nothing where there is nothing."""

import numpy as np
import pytest

from sim.analysis.discovery.box import Box, Limit, Tally, effective_rows
from sim.analysis.discovery.discovery import FoundBox, discover_box
from sim.analysis.discovery.prim import HIGH, LOW, Bounds, refined

ROWS, FEATURES = 3000, 12


def planted(seed: int, dense: float = 0.9, sparse: float = 0.1) -> FoundBox:
    """A box in two of twelve features: x3 at most 0.4, x7 at least 0.55."""
    draw = np.random.default_rng(seed)
    features = {f"x{i}": draw.random(ROWS) for i in range(FEATURES)}
    inside = (features["x3"] <= 0.4) & (features["x7"] >= 0.55)
    found = discover_box(features, draw.random(ROWS) < np.where(inside, dense, sparse), seed=seed)
    assert found is not None
    return found


@pytest.mark.parametrize("seed", range(4))
def test_a_planted_box_is_found_within_five_per_cent(seed: int) -> None:
    """Its two features and no other, each bound within 5 % of the feature's range."""
    found = planted(seed)
    limits = {one.name: one for one in found.box.limits}
    assert set(limits) == {"x3", "x7"}, found
    assert (limits["x3"].low, limits["x7"].high) == (None, None), found
    assert limits["x3"].high == pytest.approx(0.4, abs=0.05), found
    assert limits["x7"].low == pytest.approx(0.55, abs=0.05), found
    assert found.held_out.density == pytest.approx(0.9, abs=0.08), found
    covered = 0.18 * 0.9 / (0.18 * 0.9 + 0.82 * 0.1)
    assert found.held_out.coverage == pytest.approx(covered, abs=0.12), found
    assert found.p < 1e-20


def test_a_weak_box_has_no_other_feature() -> None:
    found = planted(9, dense=0.7, sparse=0.2)
    assert {one.name for one in found.box.limits} == {"x3", "x7"}, found


@pytest.mark.slow
def test_on_noise_nothing_is_found() -> None:
    """In at least 95 of 100 tries. The level of the test is 1 %: more than 5 boxes have a chance of 1 in 1,800."""
    found = 0
    for seed in range(100):
        draw = np.random.default_rng([7, seed])
        features = {f"x{i}": draw.random(300) for i in range(6)}
        found += discover_box(features, draw.random(300) < draw.uniform(0.2, 0.8), seed=seed) is not None
    assert found <= 5, f"{found} boxes in 100 tries"


@pytest.mark.slow
def test_on_noise_with_few_worlds_at_many_points_nothing_is_found() -> None:
    """Rows of one world are alike: 60 worlds at 20 points are no 1,200 independent rows."""
    found = 0
    for seed in range(40):
        draw = np.random.default_rng([8, seed])
        world = np.tile(np.arange(60), 20)
        features = {f"x{i}": draw.random(60)[world] for i in range(6)}
        hits = (draw.random(60) < 0.5)[world]
        found += discover_box(features, hits, groups=world, seed=seed) is not None
    assert found <= 4, f"{found} boxes in 40 tries"  # more than 4 have a chance below 1 in 10,000 at a level of 1 %


def test_values_that_many_rows_share_go_together() -> None:
    draw = np.random.default_rng(3)
    features = {"step": draw.integers(0, 4, 2000).astype(float), "flag": draw.integers(0, 2, 2000).astype(float),
                "other": draw.random(2000)}  # fmt: skip
    inside = (features["step"] >= 2) & (features["flag"] == 1)
    found = discover_box(features, draw.random(2000) < np.where(inside, 0.8, 0.1))
    assert found is not None
    assert found.box == Box((Limit("step", 2.0, None), Limit("flag", 1.0, None)))


def test_too_few_of_one_kind_are_nothing() -> None:
    features = {"x": np.linspace(0, 1, 500)}
    assert discover_box(features, features["x"] > 0.97) is None
    assert discover_box({"x": np.zeros(500)}, np.arange(500) < 250) is None
    assert discover_box({}, np.arange(500) < 250) is None


def test_refining_moves_a_limit_to_where_the_densities_part() -> None:
    rows = np.linspace(0, 1, 1001)[:, np.newaxis]
    hits = rows[:, 0] > 0.35
    rough = Bounds.none(1).moved(LOW, 0, 0.6)
    assert refined(rough, rows, hits).sides[LOW, 0] == pytest.approx(0.35, abs=0.002)
    assert refined(rough, rows, hits).sides[HIGH, 0] == np.inf


def test_counts() -> None:
    inside, hits = np.array([1, 1, 1, 0, 0, 0, 0, 0], bool), np.array([1, 1, 0, 1, 1, 0, 0, 0], bool)
    tally = Tally.of(inside, hits)
    assert (tally.base, tally.coverage) == (0.5, 0.5)
    assert tally.density == pytest.approx(2 / 3)
    assert tally.accuracy == pytest.approx(3 / 8 * (2 / 3 - 1 / 2))
    assert Box((Limit("x", 1.0, 2.0),)).inside({"x": np.array([0.0, 1.0, 2.0, 3.0])}).tolist() == [
        False,
        True,
        True,
        False,
    ]


def test_rows_that_are_alike_are_worth_fewer() -> None:
    draw = np.random.default_rng(5)
    world = np.repeat(np.arange(50), 20)
    alike = (draw.random(50) < 0.5)[world]
    assert effective_rows(alike, [world]) == pytest.approx(50, rel=0.05)
    apart = draw.random(1000) < 0.5
    assert effective_rows(apart, [world]) > 500
    assert effective_rows(np.ones(1000, bool), [world]) == 50
    assert effective_rows(apart, []) == 1000
