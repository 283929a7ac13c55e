"""Sums over members: correct, and with the same bits for any number of worlds."""

import numpy as np
import pytest

from sim.engine.reductions import clip, mean, total


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
