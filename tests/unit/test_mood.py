"""Moods: centred, different between worlds, with the given spread and memory."""

import numpy as np

from sim.engine.mood import Mood, centred
from sim.engine.random_streams import RandomStreams


def test_centred_uniforms_are_around_zero() -> None:
    np.testing.assert_array_equal(centred(np.array([0.25, 0.5, 0.75], np.float32)), [-0.25, 0, 0.25])


def test_a_mood_without_spread_is_zero() -> None:
    mood = Mood(RandomStreams(1, 5), "calm", np.float32(0), np.float32(40))
    assert not mood.value.any()
    assert not mood.draw().any()


def test_each_day_keeps_all_but_one_over_memory() -> None:
    spread, memory = np.float32(0.1), np.float32(20)
    mood, luck = Mood(RandomStreams(1, 5), "x", spread, memory), RandomStreams(1, 5).stream("x")
    for _ in range(30):
        before, after = mood.value.copy(), mood.draw().copy()
        step = float(spread) * np.sqrt(12 * (1 - 0.95**2)) * (luck.draw()[0] - 0.5)
        np.testing.assert_allclose(after, 0.95 * before + step, atol=1e-6)


def test_worlds_may_differ_in_spread_and_memory() -> None:
    wide = np.array([0, 0.1, 0.2], np.float32)
    mood = Mood(RandomStreams(1, 3), "x", wide, np.array([10, 20, 40], np.float32))
    drawn = np.stack([mood.draw().copy() for _ in range(500)])
    assert drawn.shape == (500, 3)
    np.testing.assert_allclose(drawn.std(axis=0), wide, rtol=0.4)


def test_a_world_s_mood_is_the_same_alone() -> None:
    many, alone = (
        Mood(RandomStreams(1, n, first), "x", np.float32(0.1), np.float32(9)) for n, first in ((9, 0), (1, 4))
    )
    for _ in range(50):
        assert many.draw()[4:5].tobytes() == alone.draw().tobytes()
