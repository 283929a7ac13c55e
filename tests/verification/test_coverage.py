"""Simulation-based calibration: right intervals pass, wrong ones are seen, and the real model can be run through it.

With 400 truths a coverage is off by more than four standard errors in one of 16,000 cases; 12 are looked at.
"""

import numpy as np
import pytest

from sim.analysis.calibration import Tried
from sim.analysis.coverage import LEVELS, Coverage, coverage, ranked
from sim.errors import InputError

ERRORS = 4.0
TRUTHS, DRAWS, NEAR = 400, 20_000, 100
NAMES = ("seen", "half", "hidden", "other")


def tried(seed: int, draws: int, shift: float = 0.0) -> Tried:
    """Draws of four parameters; a check measures the first, another the second with much noise, none the others."""
    rng = np.random.default_rng(seed)
    values = rng.random((len(NAMES), draws), dtype=np.float32)
    measured = {
        "clear": values[0] + rng.normal(0, 0.15, draws) + shift,
        "noisy": np.where(rng.random(draws) < 0.05, np.nan, values[1] + rng.normal(0, 0.3, draws)),
    }
    met = {name: np.ones(draws, bool) for name in measured}
    return Tried(NAMES, values, met, measured, {"clear": (0.0, 0.4), "noisy": (0.0, 0.4)})


@pytest.mark.slow
def test_intervals_of_a_right_method_cover_what_they_say() -> None:
    found = ranked(tried(1, TRUTHS), tried(2, DRAWS), NEAR, 16, 0)
    assert (found.truths, found.kept, found.draws) == (TRUTHS, NEAR, DRAWS)
    assert found.misses(NAMES, ERRORS) == []
    assert all(((ranks > 0) & (ranks < 1)).all() for ranks in found.ranks.values())


@pytest.mark.slow
def test_luck_that_all_draws_share_is_seen() -> None:
    """A shift of all truths against all draws by twice the noise, as one seed for all of them would give."""
    off = ranked(tried(1, TRUTHS, shift=0.3), tried(2, DRAWS), NEAR, 16, 0).misses(NAMES, ERRORS)
    assert {name for name, _, _ in off} == {"seen"}
    assert len(off) == len(LEVELS)


@pytest.mark.slow
def test_the_model_is_run_through_it_and_processes_change_nothing() -> None:
    done: list[tuple[int, int]] = []
    one = coverage(2, 130, 2, 3, progress=lambda *step: done.append(step))
    two = coverage(2, 130, 2, 3, processes=2)
    assert isinstance(one, Coverage)
    assert (one.truths, one.draws, one.kept) == (2, 130, 3)
    assert one.ranks.keys() == two.ranks.keys()
    for name, ranks in one.ranks.items():
        np.testing.assert_array_equal(ranks, two.ranks[name], err_msg=name)
    assert done[-1] == (132, 132)


@pytest.mark.parametrize(("given", "name"), [((0,), "truths"), ((1, 0), "draws"), ((1, 1, 0), "worlds")])
def test_arguments_out_of_bounds_are_refused(given: tuple[int, ...], name: str) -> None:
    with pytest.raises(InputError, match=name):
        coverage(*given)
