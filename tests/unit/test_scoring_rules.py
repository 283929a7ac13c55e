"""The scoring rules against closed forms, worked out by hand or from the literature."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from sim.analysis.scoring.rules import brier, crps, integrated_brier, values_between

NUMBERS = st.integers(-1000, 1000)


@pytest.mark.slow
@given(st.lists(NUMBERS, min_size=1, max_size=30), NUMBERS)
def test_crps_of_an_ensemble_is_its_definition(ensemble: list[int], observed: int) -> None:
    x = np.array(ensemble, np.float64)
    by_hand = np.abs(x - observed).mean() - np.abs(x[:, np.newaxis] - x).mean() / 2
    assert crps(x, np.array([observed])) == pytest.approx(by_hand, abs=1e-9)


@given(NUMBERS, NUMBERS)
def test_crps_of_one_number_is_its_distance(forecast: int, observed: int) -> None:
    assert crps(forecast, np.array([observed])) == abs(forecast - observed)


@pytest.mark.parametrize("observed", [-2.0, 0.0, 0.7, 3.0])
def test_crps_of_a_normal_distribution(observed: float) -> None:
    """Gneiting & Raftery 2007: y (2 Phi(y) - 1) + 2 phi(y) - 1 / sqrt(pi)."""
    n = 4000
    ensemble = ndtri((np.arange(n) + 0.5) / n)
    density = math.exp(-(observed**2) / 2) / math.sqrt(2 * math.pi)
    closed = observed * (2 * ndtr(observed) - 1) + 2 * density - 1 / math.sqrt(math.pi)
    assert crps(ensemble, np.array([observed])) == pytest.approx(closed, abs=5e-4)


@pytest.mark.parametrize(("observed", "closed"), [(0.0, 1 / 3), (0.5, 1 / 12), (1.0, 1 / 3), (2.0, 4 / 3)])
def test_crps_of_a_uniform_distribution(observed: float, closed: float) -> None:
    """The integral of (F - 1{y <= x})^2: y^3 / 3 + (1 - y)^3 / 3 within [0, 1], and the distance outside."""
    n = 2000
    ensemble = (np.arange(n) + 0.5) / n
    assert crps(ensemble, np.array([observed])) == pytest.approx(closed, abs=1e-4)


def test_a_range_scores_as_the_mean_over_its_values() -> None:
    ensemble = np.array([1.0, 5.0, 9.0])
    one_by_one = [crps(ensemble, np.array([value])) for value in (3, 4, 5)]
    assert crps(ensemble, values_between(3, 5)) == pytest.approx(np.mean(one_by_one))
    assert values_between(3, 5).tolist() == [3, 4, 5]
    wide = values_between(0, 1e6)
    assert (wide[0], wide[-1], len(wide)) == (0, 1e6, 51)


@pytest.mark.parametrize(
    ("probability", "happened", "score"), [(1.0, 1, 0.0), (0.0, 1, 1.0), (0.3, 1, 0.49), (0.3, 0, 0.09)]
)
def test_brier(probability: float, happened: int, score: float) -> None:
    assert brier(probability, happened=bool(happened)) == pytest.approx(score)


@given(st.integers(0, 50), st.integers(0, 60))
def test_integrated_brier_of_a_certain_date_is_the_days_between(due: int, observed: int) -> None:
    days = 50
    forecast = (np.arange(days) >= due).astype(np.float64)
    apart = abs(min(due, days) - min(observed, days))
    assert integrated_brier(forecast, np.array([observed])) == pytest.approx(apart / days)


@pytest.mark.slow
@given(st.lists(st.integers(0, 40), min_size=1, max_size=20), st.integers(0, 40))
def test_integrated_brier_is_the_crps_of_days_until_with_never_at_the_end(worlds: list[int], observed: int) -> None:
    """A world that never gets there (40, the number of days) counts in every day's share."""
    days = 40
    day = np.array(worlds)
    by_day = (day[:, np.newaxis] <= np.arange(days)).mean(axis=0)
    assert integrated_brier(by_day, np.array([observed])) == pytest.approx(crps(day, np.array([observed])) / days)


def test_integrated_brier_of_uniform() -> None:
    """F = (i + 1) / n, observed on day k: (1/n) (sum over i < k of F^2 + sum over i >= k of (1 - F)^2)."""
    n, k = 10, 4
    forecast = np.arange(1, n + 1) / n
    by_hand = (sum((i / n) ** 2 for i in range(1, k + 1)) + sum((1 - i / n) ** 2 for i in range(k + 1, n + 1))) / n
    assert integrated_brier(forecast, np.array([k])) == pytest.approx(by_hand)
    assert by_hand == pytest.approx((0.3 + 0.55) / 10)


def test_integrated_brier_of_a_range_of_days_is_their_mean() -> None:
    forecast = np.linspace(0, 1, 12)
    one_by_one = [integrated_brier(forecast, np.array([day])) for day in (2, 3, 4)]
    assert integrated_brier(forecast, np.array([2, 3, 4])) == pytest.approx(np.mean(one_by_one))
