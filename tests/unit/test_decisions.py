"""Decisions and levers: every field is a lever with bounds, and imposing replaces a field in its own type."""

import re
from dataclasses import fields

import numpy as np
import pytest

from sim.schema.decisions import DECISIONS, AbdullahDecision, CouncilDecision, Imposed, impose, levers, shaped


def abdullah(worlds: int = 3) -> AbdullahDecision:
    """Return a decision of some worlds."""
    return AbdullahDecision(np.full(worlds, 0.5, np.float32), np.zeros(worlds, bool))


def test_every_field_of_every_decision_is_a_lever() -> None:
    named = [f"{actor}.{f.name}" for actor, kind in DECISIONS.items() for f in fields(kind)]
    assert list(levers()) == named


@pytest.mark.parametrize("name", levers())
def test_a_lever_says_what_it_is(name: str) -> None:
    lever = levers()[name]
    assert (lever.name, f"{lever.actor}.{lever.field}") == (name, name)
    assert lever.label
    assert lever.about.endswith(".")
    assert lever.low < lever.high
    assert re.fullmatch(r"(S\d+(, )?)+|agreement|assumption", lever.rests_on), lever.rests_on
    if lever.flag:
        assert (lever.low, lever.high) == (0, 1)


def test_imposing_nothing_gives_the_decision_itself() -> None:
    own = abdullah()
    assert impose(own, {}) is own


def test_imposing_replaces_a_field_in_its_own_shape_and_type() -> None:
    own = abdullah()
    made = impose(own, {"share_asked": Imposed(1), "joins_delegation": Imposed(value=True)})
    assert made.share_asked.dtype == np.float32
    assert made.joins_delegation.dtype == bool
    np.testing.assert_array_equal(made.share_asked, [1, 1, 1])
    np.testing.assert_array_equal(made.joins_delegation, [True, True, True])
    np.testing.assert_array_equal(own.share_asked, [0.5, 0.5, 0.5])


def test_imposed_values_may_differ_between_worlds() -> None:
    made = impose(abdullah(), {"share_asked": Imposed(np.array([0, 0.25, 1]))})
    np.testing.assert_array_equal(made.share_asked, [0, 0.25, 1])
    np.testing.assert_array_equal(made.joins_delegation, [False] * 3)


def test_a_lever_may_be_imposed_in_some_worlds_only() -> None:
    made = impose(abdullah(), {"share_asked": Imposed(np.array([0, 0.25, 1]), np.array([True, False, True]))})
    np.testing.assert_array_equal(made.share_asked, [0, 0.5, 1])


@pytest.mark.parametrize("field", ["share_offered", "joins"])
def test_a_field_that_the_decision_does_not_have_is_an_error(field: str) -> None:
    with pytest.raises(TypeError, match=field):
        impose(abdullah(), {field: Imposed(1)})


def test_shaping_makes_arrays_of_worlds_in_the_field_s_type() -> None:
    made = shaped(AbdullahDecision(0.5, 1), 4)  # type: ignore[arg-type]
    assert made.share_asked.dtype == np.float32
    assert made.share_asked.shape == (4,)
    assert made.joins_delegation.dtype == bool
    assert made.joins_delegation.shape == (4,)
    wide = shaped(CouncilDecision(np.array([0.1, 0.2], np.float64)), 2)
    assert wide.backing.dtype == np.float32
