"""The first answer, the sentences to read aloud, and what an amount rests on."""

import datetime as dt

import numpy as np
import pytest

from sim.analysis.causes.amount_words import amount_question, amount_spoken
from sim.analysis.causes.amounts import why_amount
from sim.analysis.causes.cause_tests import alone_tests, exhaustive_tests
from sim.analysis.causes.factor import without_factors
from sim.analysis.causes.factor_list import factors_of
from sim.analysis.causes.oracle import Days, RememberingOracle, Sets
from sim.analysis.causes.sentences import sentences
from sim.analysis.causes.spoken import spoken
from sim.analysis.causes.why import answered, check_question
from sim.charts import svg
from sim.charts.causes import FactorBar, FactorDate, factor_bars, factor_dates
from sim.charts.theories import TheoryCell, theories
from sim.errors import InputError
from sim.runs.runner import simulate
from sim.schema.milestones import NEVER
from tests.unit.test_why import OPEN

WORLDS = 6
FEW = ["kabul.ghani.offer", "leverage"]
DAYS = (dt.date(2020, 3, 1), dt.date(2020, 12, 31))


def _planted(away: Sets) -> Days:
    """World 0 needs factor 0, world 1 needs nothing, factor 1 prevents the event in world 2."""
    zero, one = away & 1 > 0, away & 2 > 0
    day = np.full(away.shape, 10, np.int32)
    day[:, 0] = np.where(zero[:, 0], NEVER, 10)
    day[:, 2] = np.where(one[:, 2], 40, NEVER)
    return day


def test_alone_agrees_with_every_combination_on_what_each_factor_does_alone() -> None:
    first, whole = (test(RememberingOracle(_planted, 3), 2) for test in (alone_tests, exhaustive_tests))
    assert (first.needed == whole.needed).all()
    assert (first.day_without == whole.day_without).all()
    assert (first.day_without_all == whole.day_without_all).all()
    assert first.needed.tolist() == [[True, False, False], [False, False, True]]
    assert first.share.tolist() == [[1, 0, 0], [0, 0, -1]]
    assert not first.enough.any()


@pytest.mark.slow
def test_the_first_answer_says_that_nothing_was_taken_together() -> None:
    opened = int(np.flatnonzero(simulate(OPEN, 16, 3, assumptions="point").milestone_day["talks_open"] != NEVER)[0])
    first = answered(check_question(OPEN, "talks_open", opened, None, FEW, None, 3, "point"), alone=True)
    whole = answered(check_question(OPEN, "talks_open", opened, None, FEW, None, 3, "point"))
    assert first.alone
    assert not whole.alone
    assert first.courses <= whole.courses
    assert {one.factor.name: one.date for one in first.results} == {one.factor.name: one.date for one in whole.results}
    assert any("none together" in line for line in sentences(first))
    assert not any("none together" in line for line in sentences(whole))
    assert first.chain
    for one in (first, whole):
        said = spoken(one)
        assert said.startswith(f"In world {opened} talks open on ")
        assert "Without what the scenario imposes on “Prisoners offered”, they never open." in said
        assert "(" not in said


@pytest.mark.slow
def test_an_amount_changes_as_in_a_plain_run_without_the_factor() -> None:
    found = why_amount(OPEN, "attacks", factors=FEW, worlds=WORLDS, seed=3)
    run = simulate(OPEN, WORLDS, 3).outcomes["attacks"].values
    assert found.mean == run.mean()
    assert len(found.parts) == len(FEW)
    for part in found.parts:
        other = simulate(without_factors(OPEN, [part.factor]), WORLDS, 3).outcomes["attacks"].values
        assert part.change.effect == pytest.approx((other - run).mean())
        assert part.change.low <= part.change.effect <= part.change.high
    single = why_amount(OPEN, "attacks", world=2, factors=FEW, seed=3)
    assert single.mean == simulate(OPEN, 1, 3, first=2).outcomes["attacks"].values[0]
    assert amount_spoken(single).startswith("In world 2: Taliban attacks, ")
    assert " attacks" in amount_spoken(found)
    assert amount_question("attacks", 2).endswith("in world 2: Taliban attacks?")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"outcome": "attack"}, "did you mean attacks?"), ({"outcome": "day_talks_open"}, "no such amount"),
        ({"world": -1}, "out of bounds"), ({"factors": ["x"]}, "no such factor"), ({"worlds": 0}, "out of bounds"),
        ({"outcome": "us_troops_november"}, "does not include the day"),
    ],
)  # fmt: skip
def test_bad_questions_about_amounts_get_one_line(given: dict[str, object], problem: str) -> None:
    with pytest.raises(InputError, match=problem.replace("?", r"\?")):
        why_amount(OPEN, **({"factors": FEW, "worlds": 2} | given))  # type: ignore[arg-type]


def test_what_is_no_answer_is_refused() -> None:
    with pytest.raises(InputError):
        spoken("why")  # type: ignore[arg-type]
    with pytest.raises(InputError):
        amount_spoken("why")  # type: ignore[arg-type]


def test_charts_of_factors_draw_and_tell_who_cannot_see_them() -> None:
    assert "leverage" in factors_of(OPEN)
    bars = factor_bars([FactorBar("A", 3, 1, 5, "+3 points"), FactorBar("B", -1, -4, 2, "−1 points")],
                       unit="points", title="What decides")  # fmt: skip
    assert svg(bars).startswith("<svg")
    assert "A: +3 points; B: −1 points" in bars["description"]
    dates = factor_dates([FactorDate("A", None, "never"), FactorDate("B", DAYS[0], "sooner")], None, DAYS,
                         title="Without each")  # fmt: skip
    assert svg(dates).startswith("<svg")
    kinds = [row["kind"] for row in dates["layer"][1]["data"]["values"]]
    assert kinds == ["the same", "earlier"]
    cells = [TheoryCell("Talks", "Spoilers", "holds", "+3", "+3 points (+1 to +5)")]
    assert svg(theories(cells, title="Theories")).startswith("<svg")
    with pytest.raises(ValueError, match="at least one"):
        factor_bars([], unit="x", title="x")
    with pytest.raises(ValueError, match="at least one"):
        factor_dates([], None, DAYS, title="x")
    with pytest.raises(ValueError, match="at least one"):
        theories([], title="x")
