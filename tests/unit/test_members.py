"""Sums over members: right, and with the same bits for any number of worlds."""

import numpy as np
import pytest

from sim.members import clip, mean, stretches, total


def values(members: int, worlds: int, seed: int = 0) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Numbers whose sums round."""
    return np.random.default_rng(seed).gamma(0.5, 1, (members, worlds)).astype(np.float32)


@pytest.mark.parametrize("members", [1, 2, 34, 60, 500])
@pytest.mark.parametrize("width", [1, 2, 3, 7, 16, 64])
def test_a_world_s_sum_has_the_same_bits_in_any_company(members: int, width: int) -> None:
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


@pytest.mark.parametrize("width", [1, 2, 5, 64])
def test_sums_over_stretches_are_right_and_the_same_in_any_company(width: int) -> None:
    x, start = values(40, 64), np.array([0, 3, 4, 20])
    found = stretches(np.ascontiguousarray(x[:, :width]), start)
    assert found.tobytes() == np.ascontiguousarray(stretches(x, start)[:, :width]).tobytes()
    expected = [x[a:b, :width].astype(np.float64).sum(axis=0) for a, b in ((0, 3), (3, 4), (4, 20), (20, 40))]
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_clip_keeps_what_lies_within() -> None:
    x = np.array([-1, 0, 0.5, 1, 2], np.float32)
    np.testing.assert_array_equal(clip(x, 0, 1), np.clip(x, 0, 1))
    assert clip(x, 0, 1).dtype == np.float32
    assert clip(np.float32(3), 0, 1) == 1
