"""Joint effects: the scenario of both together, the interaction with its interval, and the verdict in words."""

import datetime as dt
import math

import numpy as np
import pytest

from sim.analysis.joint_effects import MARGIN, JointComparison, JointEffect, joint_effect
from sim.analysis.joint_scenario import together
from sim.analysis.joint_words import end_of_scale, sentence
from sim.errors import InputError
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario
from sim.results.intervals import interaction_interval
from sim.schema.milestones import NEVER
from sim.schema.outcomes import OUTCOMES
from tests.unit.synthetic import results

BASE = load_scenario("baseline")
TALKS, ATTACKS = OUTCOMES["reached_talks_open"], OUTCOMES["attacks"]


def of_worlds(*rows: tuple[int, int, int, int, int]) -> JointEffect:
    """The joint effect on talks. rows: in how many worlds they open in base, a, b, both."""
    values = np.array([row[1:] for row in rows for _ in range(row[0])], np.float64).T
    return joint_effect(TALKS, *values)


def of_attacks(both: float, spread: float = 0.0, worlds: int = 40) -> JointEffect:
    """The joint effect on attacks: 1,000 in the base, 100 fewer by either alone, and by both a given number."""
    base = np.full(worlds, 1000.0)
    noise = spread * np.resize([-1.0, 1.0], worlds)
    return joint_effect(ATTACKS, base, base - 100, base - 100, base + both + noise)


def test_both_together_impose_what_each_changes_day_by_day() -> None:
    a = BASE.with_settings(["kabul.ghani.offer=5000@2020-03-20..2020-04-01", "taliban.leverage=0.5"])
    b = BASE.with_settings(["kabul.ghani.offer=3000@2020-04-01..", "us.aid_cut=1", "us.withdrawal=0"])
    both = together(BASE, a, b)
    assert both.resolved()["taliban.leverage"] == a.resolved()["taliban.leverage"] == 0.5
    known = {dt.date(2020, 3, 5): 0, dt.date(2020, 3, 12): 1500, dt.date(2020, 3, 25): 5000, dt.date(2020, 6, 1): 3000}
    for day, offer in known.items():
        found = both.imposed(day)
        assert found["kabul.ghani.offer"] == offer, day
        assert (found["us.aid_cut"], found["us.withdrawal"]) == (1, 0)
    assert both.imposed(dt.date(2020, 3, 14))["kabul.ghani.review"] is True, "the base's own decisions stay"
    assert together(BASE, a, BASE).hash() == a.hash()
    assert together(BASE, b, a).hash() == both.hash()
    assert both.name


def test_what_a_scenario_leaves_to_the_actor_is_a_change_too() -> None:
    free = load_scenario("free-run")
    both = together(BASE, free, BASE.with_settings(["us.aid_cut=1"]))
    assert both.imposed(dt.date(2020, 3, 20)) == {"us.aid_cut": 1}
    text = r"kabul\.ghani\.offer.*cannot be combined: one leaves it to the actor on 1 Mar 2020, the other sets it to 9"
    with pytest.raises(InputError, match=text):
        together(BASE, free, BASE.with_settings(["kabul.ghani.offer=9"]))


@pytest.mark.parametrize(("a", "b", "problem"), [
    (["us.aid_cut=1@2020-05-01.."], ["us.aid_cut=2"], "us.aid_cut: cannot be combined: one sets it to 1 on 1 May 2020"),
    (["taliban.leverage=0.5"], ["taliban.leverage=0.6"], "sets it to 0.5, the other sets it to 0.6"),
    (["us.aid_cut=1"], ["us.aid_cut=1"], "do the same"),
    ([], [], "do the same"),
])  # fmt: skip
def test_changes_that_exclude_each_other_are_refused(a: list[str], b: list[str], problem: str) -> None:
    with pytest.raises(InputError) as caught:
        together(BASE, BASE.with_settings(a), BASE.with_settings(b))
    assert problem in str(caught.value)


def test_scenarios_over_other_days_are_refused() -> None:
    with pytest.raises(InputError, match="same days"):
        together(BASE, BASE, load_scenario("same-window-2019"))


def test_the_interaction_is_both_minus_the_sum_in_each_world() -> None:
    one = of_worlds((30, 0, 1, 0, 1), (20, 0, 1, 1, 1), (10, 0, 0, 0, 1), (40, 0, 0, 0, 0))
    assert (one.base, one.a.effect, one.b.effect, one.both.effect) == (0, 0.5, 0.2, 0.6)
    assert one.sum == pytest.approx(0.7)
    assert one.interaction == pytest.approx(-0.1)
    assert one.low < -0.1 < one.high
    assert one.sum_low < 0.7 < one.sum_high


def test_runs_give_the_joint_effects_of_their_outcomes() -> None:
    days = [[50, NEVER, NEVER, NEVER], [50, 60, NEVER, NEVER], [50, NEVER, 70, NEVER], [50, 60, 70, 80]]
    runs = [results(4, day={"talks_open": day}) for day in days]
    found = JointComparison(*runs)
    [talks, attacks] = found.table(["reached_talks_open", "attacks"])
    assert (talks.base, talks.a.effect, talks.b.effect, talks.both.effect) == (0.25, 0.25, 0.25, 0.75)
    assert talks.interaction == pytest.approx(0.25)
    assert (attacks.interaction, attacks.verdict) == (0, "additive")
    assert len(found.table()) == len(found.names)
    with pytest.raises(InputError, match="attacks"):
        found.table(["atacks"])


@pytest.mark.parametrize(("one", "verdict", "said"), [
    (of_worlds((300, 0, 1, 1, 1), (100, 0, 0, 0, 0)), "less", "do less (+75 points) than the sum of each alone (+1"),
    (of_worlds((300, 0, 0, 0, 1), (100, 0, 0, 0, 0)), "more", "do more (+75 points) than the sum of each alone ("),
    (of_worlds((200, 0, 1, 0, 0), (200, 1, 1, 1, 0)), "otherwise", "do the opposite (−50 points) of the sum"),
    (of_worlds((50, 0, 1, 0, 1), (50, 0, 0, 1, 1), (900, 0, 0, 0, 0)), "additive", "additive to within 5 points: both"),
    (of_worlds((5, 0, 1, 0, 1), (5, 0, 0, 1, 1), (10, 0, 0, 0, 0)), "open", "these worlds do not tell whether"),
    (of_worlds((1, 0, 1, 1, 1)), "open", "one world does not tell whether"),
    (of_attacks(-120.0, 30), "less", "do less (−120 attacks) than the sum of each alone (−200 attacks), a diff"),
    (of_attacks(-330.0, 30), "more", "do more (−330 attacks) than the sum of each alone (−200 attacks), a diff"),
    (of_attacks(-210.0, 30), "additive", "additive to within 5 % of the mean without either"),
    (of_attacks(-200.0), "additive", "a difference of 0 attacks in every world."),
    (of_attacks(-240.0, 300), "open", "not significant"),
])  # fmt: skip
def test_the_verdict_and_its_words(one: JointEffect, verdict: str, said: str) -> None:
    assert one.verdict == verdict, one
    text = sentence(one)
    assert said in text, text
    assert text.count(". ") == 0, "one sentence"
    assert text.endswith(".")
    assert "nan" not in text


def test_a_share_that_would_pass_its_end_is_said() -> None:
    assert "150 of 100 worlds" in end_of_scale(of_worlds((300, 0, 1, 1, 1), (100, 0, 0, 0, 0)))
    assert not end_of_scale(of_worlds((50, 0, 1, 0, 1), (50, 0, 0, 1, 1)))
    assert not end_of_scale(of_attacks(-200.0))


def test_intervals_of_interactions_have_a_width_and_stay_inside() -> None:
    low, high = interaction_interval(TALKS, np.zeros(64))
    assert -MARGIN * 4 < low < 0 < high < MARGIN * 4
    assert interaction_interval(TALKS, np.full(3, 2.0))[1] == 2
    assert all(map(math.isnan, interaction_interval(TALKS, np.ones(1))))
    assert interaction_interval(OUTCOMES["kabul_cohesion"], np.array([2.0, 2.0, 1.0]))[1] == 2
    with pytest.raises(ValueError, match="not paired"):
        JointComparison(results(4), results(4), results(5), results(4))


@pytest.mark.slow
@pytest.mark.parametrize("worlds", [16, 64, 1000])
def test_interactions_of_shares_are_covered(worlds: int) -> None:
    """At least 92.5 % of 4,000 samples for each of five distributions: fails by chance below 1 in 10,000 at 94 %."""
    dice = np.random.default_rng(3)
    steps = np.array([-2, -1, 0, 1, 2], np.float64)
    for parts in ([0, 2, 96, 2, 0], [0, 30, 60, 10, 0], [2, 0, 95, 3, 0], [10, 20, 40, 20, 10], [30, 0, 50, 0, 20]):
        chance = np.array(parts) / 100
        truth, held, samples = float(chance @ steps), 0, dice.multinomial(worlds, chance, 4000)
        unique, count = np.unique(samples, axis=0, return_counts=True)
        for row, times in zip(unique, count, strict=True):
            low, high = interaction_interval(TALKS, np.repeat(steps, row))
            held += int(times) * (low <= truth + 1e-12 and high >= truth - 1e-12)
        assert held / 4000 >= 0.925, (parts, held / 4000)


def test_a_scenario_object_is_needed() -> None:
    with pytest.raises(InputError, match="must be a Scenario"):
        together(BASE, "baseline", Scenario("x"))  # type: ignore[arg-type]
