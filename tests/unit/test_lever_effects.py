"""The saved table of what levers do: whole, of this model, and the order that follows from it."""

import pytest

from dashboard.state import lever_effects
from dashboard.state.lever_effects import LITTLE, SURE, LeverEffect, LeverEffects
from dashboard.state.ranked import RANKED
from docs.lever_effects import SEED, WORLDS, means, measured
from sim.schema.decisions import levers
from sim.study.model_hash import model_hash

AGAIN = "run: python -m docs.lever_effects"
NEAR = 0.01  # of a number, or of all worlds


def table(**sizes: tuple[float, float]) -> LeverEffects:
    """A table of one outcome: by lever its range and its standard error."""
    rows = {name: {"attacks": LeverEffect(*size)} for name, size in sizes.items()}
    return LeverEffects("model", 4, 0, {"attacks": 100.0}, rows)


def test_every_lever_is_in_the_table_of_this_model() -> None:
    found = lever_effects.saved()
    assert found.model == model_hash(), AGAIN
    assert list(found.effects) == list(levers()), AGAIN
    assert {tuple(row) for row in found.effects.values()} == {RANKED}, AGAIN
    assert tuple(found.means) == RANKED
    assert (found.worlds, found.seed) == (WORLDS, SEED)


@pytest.mark.slow
def test_the_saved_numbers_are_the_models() -> None:
    """A lever of each kind, and the baseline, run again: other processors may differ in a few worlds."""
    found = lever_effects.saved()
    for name, row in measured(["us.restraint", "kabul.ghani.review"]).items():
        for outcome, one in row.items():
            saved = found.effects[name][outcome]
            near = pytest.approx((saved.range, saved.error), rel=NEAR, abs=NEAR)
            assert (one.range, one.error) == near, f"{name}, {outcome}: {one}, {saved}. {AGAIN}"
    assert means() == pytest.approx(found.means, rel=NEAR, abs=NEAR), AGAIN


def test_it_is_read_as_it_is_written() -> None:
    found = lever_effects.saved()
    text = lever_effects.write_effects(found)
    assert lever_effects.read_effects(text) == found
    assert text == lever_effects.FILE.read_text(encoding="utf-8")


def test_the_largest_come_first_and_what_does_little_apart() -> None:
    """Little is less than LITTLE of the baseline's mean, or not surely anything."""
    least = 100 * LITTLE
    found = table(
        small=(least * 0.9, 0.0), large=(80.0, 1.0), unsure=(50.0, 50.0 / SURE), middle=(least, 0.1), none=(0.0, 0.0)
    )
    assert found.ordered(["small", "middle", "large", "none", "unsure"], "attacks") == (
        ["large", "middle"],
        ["unsure", "small", "none"],
    )
    assert found.ordered(["small"], "attacks") == ([], ["small"])


@pytest.mark.parametrize("outcome", RANKED)
def test_each_outcome_has_levers_that_matter_and_levers_that_do_little(outcome: str) -> None:
    main, folded = lever_effects.saved().ordered(levers(), outcome)
    assert main
    assert folded
    assert sorted(main + folded) == sorted(levers())
