"""RandomStreams: the numbers of a stream depend only on seed, block and name, and its shape never changes."""

import numpy as np
import pytest

from sim.engine.random_streams import BLOCK, RandomStreams, Stream


def days(stream: Stream, count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Return the draws of some days, (days, members, worlds)."""
    return np.stack([stream.draw().copy() for _ in range(count)])


def test_uniforms_are_odd_multiples_of_two_to_the_minus_24_and_never_0_or_1() -> None:
    u = days(RandomStreams(3, 200).stream("x", 40), 30)
    assert u.dtype == np.float32
    assert u.shape == (30, 40, 200)
    whole = u.astype(np.float64) * 2**24
    assert (whole % 2 == 1).all()
    assert 0 < u.min() < u.max() < 1


@pytest.mark.parametrize(("first", "worlds"), [(0, 1), (5, 3), (BLOCK - 1, 2), (BLOCK, BLOCK), (10, 3 * BLOCK)])
def test_a_world_has_the_same_numbers_alone_and_among_others(first: int, worlds: int) -> None:
    everybody = days(Stream(7, "x", 3, 5 * BLOCK, 0), 100)
    some = days(Stream(7, "x", 3, worlds, first), 100)
    np.testing.assert_array_equal(some, everybody[:, :, first : first + worlds])


@pytest.mark.parametrize("members", [1, 60, 300, 5000])
def test_days_are_the_same_however_many_are_drawn_at_once(members: int) -> None:
    u = days(Stream(7, "x", members, 2, 0), 400 if members == 1 else 12)
    assert len({day.tobytes() for day in u}) == len(u)


def test_a_stream_of_more_members_is_another_stream_of_the_same_name() -> None:
    assert RandomStreams(7, 4).stream("x", 2).draw().shape == (2, 4)
    assert RandomStreams(7, 4).stream("x").draw().shape == (1, 4)


def test_names_seeds_and_blocks_have_different_numbers() -> None:
    drawn = {
        Stream(seed, name, 1, 8, first).draw().tobytes()
        for seed in (0, 1, 2**63 - 1)
        for name in ("x", "X", "x ", "")
        for first in (0, BLOCK)
    }
    assert len(drawn) == 3 * 4 * 2


@pytest.mark.parametrize("first", ["stream", "draw_once"])
@pytest.mark.parametrize("again", ["stream", "draw_once"])
def test_no_two_decisions_draw_from_one_stream(first: str, again: str) -> None:
    dice = RandomStreams(1, 2)
    getattr(dice, first)("taliban.mood")
    with pytest.raises(KeyError, match=r"taliban\.mood"):
        getattr(dice, again)("taliban.mood")


def test_what_is_drawn_once_is_the_first_draw_of_its_stream() -> None:
    once = RandomStreams(1, 5, 70).draw_once("x", 3)
    np.testing.assert_array_equal(once, RandomStreams(1, 5, 70).stream("x", 3).draw())


def test_streams_do_not_affect_each_other() -> None:
    alone = days(RandomStreams(1, 5).stream("x"), 9)
    dice = RandomStreams(1, 5)
    x, y = dice.stream("x"), dice.stream("y", 70)
    among = []
    for day in range(9):
        y.draw()
        among.append(x.draw().copy())
        dice.draw_once(f"z{day}")
    np.testing.assert_array_equal(alone, np.stack(among))
