"""Counts: the inverse transform is monotone in uniform and rate, and entries are independent of each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.poisson import PoissonSampler, poisson
from sim.engine.random_streams import RandomStreams

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


def luck(size: int, seed: int = 1) -> Floats:
    """Return uniforms like those of the streams, (1, size)."""
    return ((2 * np.random.default_rng(seed).integers(0, 2**23, size) + 1) * 2.0**-24).astype(np.float32)[None]


def test_counts_are_whole_and_of_the_luck_s_shape() -> None:
    u = luck(999).reshape(3, 333)
    k = poisson(u, np.full_like(u, 2.3))
    assert k.dtype == np.float32
    assert k.shape == u.shape
    np.testing.assert_array_equal(k, np.rint(k))
    assert k.min() == 0


@pytest.mark.slow
@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.floats(0, 600, width=32), st.floats(1e-3, 2.0), st.integers(0, 9))
def test_a_higher_rate_never_gives_fewer_events(mean: float, more: float, seed: int) -> None:
    u = luck(500, seed)
    few, many = (poisson(u, np.full_like(u, m)) for m in (mean, mean * (1 + more) + 1e-3))
    assert (many >= few).all(), f"{(many < few).sum()} of {u.size} counts fall from rate {mean}"


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.floats(0, 600, width=32))
def test_a_higher_uniform_never_gives_fewer_events(mean: float) -> None:
    u = np.sort(luck(2000))
    k = poisson(u, np.full_like(u, mean))[0]
    assert (np.diff(k) >= 0).all(), f"rate {mean}"


def test_an_entry_depends_only_on_its_own_uniform_and_rate() -> None:
    u = luck(600).reshape(6, 100)
    mean = np.random.default_rng(2).gamma(0.7, 5, u.shape).astype(np.float32)
    together = poisson(u, mean)
    for world in (0, 7, 99):
        column = slice(world, world + 1)
        np.testing.assert_array_equal(together[:, column], poisson(u[:, column].copy(), mean[:, column].copy()))


def test_the_number_of_values_tried_at_once_hardly_affects_counts() -> None:
    """Counts differ only for uniforms within rounding of a step, about one in a hundred thousand."""
    u = luck(40_000).reshape(4, 10_000)
    mean = np.full_like(u, 6.0)
    short, long = poisson(u, mean, reach=[4, 2, 1]), poisson(u, mean, reach=[4] * 30)
    assert (short != long).mean() <= 1e-4, (short != long).sum()


def test_a_huge_rate_gives_a_huge_count_and_no_warning() -> None:
    u = luck(50)
    k = poisson(u, np.full_like(u, 5000))
    assert (np.abs(k / 5000 - 1) < 0.1).all(), k


def test_a_sampler_uses_a_separate_stream_for_each_kind() -> None:
    usual = {"few": np.array([0.1, 0.2, 0.1]), "many": np.array([9.0, 0.5, 4.0, 20.0])}
    counter, streams = PoissonSampler(RandomStreams(5, 30), usual), RandomStreams(5, 30)
    opened = {name: streams.stream(name, len(rows)) for name, rows in usual.items()}
    generator = np.random.default_rng(3)
    for _ in range(20):
        means = {n: generator.gamma(1, rows[:, None], (len(rows), 30)).astype(np.float32) for n, rows in usual.items()}
        drawn = counter.draw(means)
        for name, stream in opened.items():
            expected = poisson(stream.draw().copy(), means[name], reach=[len(means[name])] * 40)
            assert (drawn[name] != expected).mean() < 0.02, name
            assert drawn[name].shape == means[name].shape


def test_a_single_world_has_the_same_counts() -> None:
    usual = {"few": np.array([0.1, 3.0]), "many": np.array([9.0])}
    many, alone = PoissonSampler(RandomStreams(5, 30), usual), PoissonSampler(RandomStreams(5, 1, 12), usual)
    means = {name: np.full((len(rows), 30), rows[:, None], np.float32) for name, rows in usual.items()}
    one = {name: mean[:, :1].copy() for name, mean in means.items()}
    for _ in range(20):
        together, single = many.draw(means), alone.draw(one)
        for name in usual:
            np.testing.assert_array_equal(together[name][:, 12:13], single[name])
