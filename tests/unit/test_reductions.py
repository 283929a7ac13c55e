"""Sums over members and limits: correct, and with the same bits for any number of worlds."""

import numpy as np
import pytest

from sim.engine.reductions import ONE, ZERO, accumulate, clip, clip_unit, mean, positive_part, total


def values(members: int, worlds: int, seed: int = 0) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Return numbers whose sums are rounded."""
    return np.random.default_rng(seed).gamma(0.5, 1, (members, worlds)).astype(np.float32)


@pytest.mark.parametrize("members", [1, 2, 34, 60, 500])
@pytest.mark.parametrize("width", [1, 2, 3, 7, 16, 64])
def test_a_world_s_sum_has_the_same_bits_alone_and_among_others(members: int, width: int) -> None:
    for seed in range(20):
        x = values(members, 64, seed)
        some = np.ascontiguousarray(x[:, :width])
        assert total(some).tobytes() == total(x)[:width].tobytes()
        assert mean(some).tobytes() == mean(x)[:width].tobytes()


def test_sums_and_means_are_right() -> None:
    x = values(60, 9)
    np.testing.assert_allclose(total(x), x.astype(np.float64).sum(axis=0), rtol=1e-5)
    np.testing.assert_allclose(mean(x), x.astype(np.float64).mean(axis=0), rtol=1e-5)
    assert total(x).dtype == mean(x).dtype == np.float32


def test_clip_keeps_values_within_the_bounds() -> None:
    x = np.array([-1, 0, 0.5, 1, 2], np.float32)
    np.testing.assert_array_equal(clip(x, 0, 1), np.clip(x, 0, 1))
    assert clip(x, 0, 1).dtype == np.float32
    assert clip(np.float32(3), 0, 1) == 1


def test_limits_of_one_and_two_sides() -> None:
    x = np.array([-np.inf, -1, -0.0, 0, 0.5, 1, 2, np.inf], np.float32)
    np.testing.assert_array_equal(clip_unit(x), np.clip(x, 0, 1))
    np.testing.assert_array_equal(positive_part(x), np.where(x > 0, x, 0))
    assert clip_unit(x).dtype == positive_part(x).dtype == np.float32
    assert np.isnan(clip_unit(np.float32(np.nan)))
    assert np.isnan(positive_part(np.float32(np.nan)))


def test_constants_cannot_be_changed() -> None:
    for constant in (ZERO, ONE):
        with pytest.raises(ValueError, match="read-only"):
            constant[...] = 2


@pytest.mark.parametrize("ufunc", [np.add, np.multiply])
@pytest.mark.parametrize("width", [1, 2, 64, 127, 128, 300])
def test_a_running_result_has_the_same_bits_for_any_number_of_columns(ufunc: np.ufunc, width: int) -> None:
    x = values(16, 300, seed=3).astype(np.float64)
    running = accumulate(ufunc, x[:, :width].copy())
    for column in (0, width - 1):
        alone = x[:1, column : column + 1]
        for row, member in enumerate(x[1:, column], start=1):
            alone = ufunc(alone, member)
            assert running[row, column] == alone[0, 0]
