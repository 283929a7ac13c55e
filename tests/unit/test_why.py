"""why() on a short scenario of the model: it adds up, agrees with plain runs, and refuses bad questions in one line."""

import datetime as dt
from typing import Any

import numpy as np
import pytest

import sim
from sim.analysis.causes.answer import Answer
from sim.analysis.causes.factor import without_factors
from sim.analysis.causes.factor_list import factors_of
from sim.analysis.causes.obstacle_sets import obstacle_sets
from sim.analysis.causes.screen import most_tested
from sim.analysis.causes.sentences import sentences
from sim.analysis.obstacles import find_obstacles
from sim.analysis.reasons.record import reasons
from sim.analysis.removals import run_removals
from sim.analysis.theories import HEADLINES, compare_theories
from sim.engine.hazard import chance
from sim.errors import InputError
from sim.inputs.mechanisms import mechanisms, without
from sim.runs.parameter_sampling import world_parameters
from sim.schema.milestones import NEVER

BASE = sim.load_scenario("baseline").with_dates(end=dt.date(2020, 3, 26))
# Talks open within the month in about half of the worlds, if all that is set here is there.
OPEN = BASE.change(
    {
        "kabul.ghani.review": False,
        "kabul.ghani.pace": 500,
        "kabul.ghani.offer": 5000,
        "kabul.ghani.pledge_required": False,
        "taliban.attend": True,
        "talks.cohesion_alone": 0.25,
        "talks.bearable_violence": 4.0,
        "talks.bearable_losses": 4.0,
    },
    title="Open",
)
WORLDS = 16


@pytest.fixture(scope="module")
def many() -> Answer:
    names = ["kabul.ghani.offer", "taliban.attend", "leverage", "bandwagon"]
    return sim.why(OPEN, worlds=WORLDS, seed=3, factors=names)


@pytest.mark.slow
def test_shares_add_up_to_the_difference(many: Answer) -> None:
    total = sum(one.share.value for one in many.results)
    assert total == pytest.approx(many.effect.value, abs=1e-12)
    assert many.effect.value == pytest.approx(many.came.value - many.came_without.value, abs=1e-12)
    assert many.courses == 16 * WORLDS
    assert many.orders == 0
    assert many.screened == ()


@pytest.mark.slow
def test_what_is_needed_agrees_with_plain_runs(many: Answer) -> None:
    known = factors_of(OPEN)
    day = sim.simulate(OPEN, WORLDS, 3).milestone_day["talks_open"]
    assert many.came.value == (day != NEVER).mean()
    assert 0 < many.came.value < 1
    for name in ("imposed.kabul.ghani.offer", "bandwagon"):
        one = next(found for found in many.results if found.factor.name == name)
        without_it = sim.simulate(without_factors(OPEN, [known[name]]), WORLDS, 3).milestone_day["talks_open"]
        assert one.needed.value == (without_it[day != NEVER] == NEVER).mean()
    assert many.results[0].factor.name == "imposed.kabul.ghani.offer"
    assert many.results[0].needed.value == 1, "nobody is satisfied with nobody released"


def test_every_share_has_an_interval(many: Answer) -> None:
    for one in many.results:
        for part in (one.needed, one.later, one.together, one.enough, one.brings, one.share):
            assert part.low < part.high, one.factor.name
            assert part.low <= part.value <= part.high


def test_what_blocked_talks_is_part_of_the_answer(many: Answer) -> None:
    assert str(many.obstacles) == str(tuple(find_obstacles(OPEN, WORLDS, 3))), "as text, for NaN is not equal to NaN"


def test_sets_of_conditions_agree_with_single_removals_and_with_runs() -> None:
    """Without a set of conditions talks never open later than without a part of it."""
    days = run_removals(OPEN, WORLDS, 3, assumptions="ranges").days
    model = sim.PeaceProcess(OPEN, WORLDS, 3, parameters=world_parameters(OPEN, "ranges", 3, WORLDS), collect=False)
    single = np.full((5, WORLDS), NEVER)
    talks = model.talks
    while model.running:
        can_open, today = (talks.stage == 0) & (talks.cooling <= 0), model.state.number
        model.step()
        luck, degrees = talks.luck["open"].latest[0], talks.degrees
        for place in range(5):
            others = np.multiply.reduce(np.delete(degrees, place, axis=0))
            would = can_open & (today >= talks.due) & (luck < chance(others / talks.p.opening_days))
            single[place] = np.where(would & (single[place] == NEVER), today, single[place])
    assert np.array_equal(days[0], model.record.milestones.day["talks_open"])
    assert np.array_equal(days[[1 << place for place in range(5)]], single)
    late = np.where(days == NEVER, OPEN.days, days)
    for away, part in ((a, a & ~(1 << place)) for a in range(32) for place in range(5)):
        assert (late[away] <= late[part]).all(), (away, part)
    assert (days[31] != NEVER).any()


@pytest.mark.slow
def test_minimal_sets_of_conditions_open_talks_that_never_did() -> None:
    """Nobody is released and nobody attends, and nothing else is in the way: both conditions must go."""
    closed = OPEN.change({"kabul.ghani.offer": 0, "taliban.attend": False, "talks.opening_days": 1.0})
    found = obstacle_sets(closed, run_removals(closed, 8, 3, assumptions="point").days)
    assert found[0].factors == ("prisoners", "taliban")
    (single,) = obstacle_sets(closed, run_removals(closed, 1, 3, 2, assumptions="point").days)
    assert single.factors == ("prisoners", "taliban")
    assert obstacle_sets(closed, reasons(closed, 2, 3, assumptions="point").removals()) == (single,)
    war = OPEN.change({"agreement.signed": False})
    assert obstacle_sets(war, reasons(war, 2, 3).removals()) == ()
    assert single.date is not None
    assert obstacle_sets(war, run_removals(war, 2, 3).days) == ()


def test_sentences_are_whole_and_have_figures(many: Answer) -> None:
    found = sentences(many)
    assert found[0] == f"Talks open: in {_share(many)} of 16 worlds by 25 Mar 2020."
    assert found[1].startswith("Without all 4 tested factors, in 0 % (0 % to ")
    assert any(line.startswith("It needs: Prisoners offered, as imposed.") for line in found)
    for line in found:
        assert line.endswith("."), line
        assert not {"nan", "None", ".."} & set(line.replace("...", "").split()), line


def _share(answer: Answer) -> str:
    low, high = (f"{100 * one:.0f} %" for one in (answer.came.low, answer.came.high))
    return f"{100 * answer.came.value:.0f} % ({low} to {high})"


@pytest.mark.slow
def test_one_world_is_that_world_of_the_ensemble(many: Answer) -> None:
    day = sim.simulate(OPEN, WORLDS, 3).milestone_day["talks_open"]
    opened, never = int(np.flatnonzero(day != NEVER)[0]), int(np.flatnonzero(day == NEVER)[0])
    names = ["kabul.ghani.offer", "taliban.attend", "leverage", "bandwagon"]
    found = sim.why(OPEN, world=opened, seed=3, factors=names)
    date = OPEN.start + dt.timedelta(days=int(day[opened]))
    assert found.date == date
    assert found.worlds == 1
    assert found.chain[0].date == date
    assert all(link.rule and link.rests_on for link in found.chain)
    dated = [link.date for link in found.chain[1:] if link.date]
    assert dated == sorted(dated, reverse=True), "the most recent link comes first"
    assert sentences(found)[0] == f"Talks open: on {date.day} Mar 2020, in world {opened}."
    offer = next(one for one in found.results if one.factor.name == "imposed.kabul.ghani.offer")
    assert offer.date is None
    assert offer.responsibility == 1
    other = sim.why(OPEN, world=never, seed=3, factors=names)
    assert other.date is None
    assert sentences(other)[0].startswith("Talks open: never, up to 25 Mar 2020")
    assert len(many.results) == len(other.results)


@pytest.mark.slow
def test_the_usual_factors_are_screened_first() -> None:
    found = sim.why(OPEN, worlds=64, seed=3)
    assert len(found.results) == most_tested(64) == 6
    names = {one.factor.name for one in found.results} | {one.factor.name for one in found.screened}
    assert names == {name for name, one in factors_of(OPEN).items() if one.kind != "decided"}
    assert found.courses == 64 * (2 * len(names) + 2 + 2**6)


@pytest.mark.slow
def test_many_named_factors_are_tested_along_sampled_orders() -> None:
    found = sim.why(OPEN, worlds=4, seed=3, factors=["mechanisms"])
    assert found.orders > 0
    assert len(found.results) == len(mechanisms())
    total = sum(one.share.value for one in found.results)
    assert total == pytest.approx(found.effect.value, abs=1e-12)
    assert found.stops == found.enough == ()


@pytest.mark.slow
def test_a_difference_is_explained_part_by_part() -> None:
    other = OPEN.change({"kabul.ghani.offer": 0, "us.aid_cut": 2.0}, title="Other")
    found = sim.why(OPEN, against=other, worlds=8, seed=3)
    shares = {one.factor.name: one.share.value for one in found.results}
    assert set(shares) == {"kabul.ghani.offer", "us.aid_cut"}
    assert sum(shares.values()) == pytest.approx(found.effect.value, abs=1e-12)
    assert found.came_without.value == sim.simulate(other, 8, 3).outcomes["reached_talks_open"].values.mean()
    assert sentences(found)[1].startswith("In baseline-changed, in 0 %")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"about": "talks_opn"}, r"talks_opn: no such milestone; did you mean talks_open\?"),
        ({"about": 3}, "about = 3: must be a name, not a"),
        ({"factors": ["spoiler"]}, r"spoiler: no such factor here; did you mean spoilers\?"),
        ({"world": -1}, r"world = -1: out of bounds \(expected 0 to 999999\)"),
        ({"world": 1_000_000}, "world = 1000000: out of bounds"),
        ({"world": 1, "worlds": 8}, "worlds = 8: give one world or a number of worlds, not both"),
        ({"worlds": 0}, "worlds = 0: out of bounds"),
        ({"seed": -1}, "seed = -1: out of bounds"),
        ({"assumptions": "range"}, r"must be facts, ranges or point; did you mean ranges\?"),
        ({"about": "decree", "worlds": 4}, "decree: comes in every one of the 4 worlds"),
        ({"about": "settlement", "worlds": 4}, "settlement: comes in none of the 4 worlds"),
        ({"against": OPEN}, "against: does the same as the scenario itself"),
        ({"against": "baseline"}, "must be a Scenario"),
        ({"against": sim.load_scenario("baseline")}, "only runs over the same days can be compared"),
        ({"progress": 3}, "progress"),
    ],
)
def test_bad_questions_get_one_clear_line(given: dict[str, Any], problem: str) -> None:
    with pytest.raises(InputError, match=problem) as caught:
        sim.why(OPEN, **given)
    assert "\n" not in str(caught.value)


def test_a_world_that_is_the_same_in_both_scenarios_has_no_difference() -> None:
    other = OPEN.change({"us.aid_cut": 2.0})
    with pytest.raises(InputError, match="decree: the same in world 2 of both scenarios"):
        sim.why(OPEN, "decree", world=2, against=other)


@pytest.mark.slow
def test_progress_ends_at_the_total() -> None:
    seen: list[tuple[int, int]] = []
    sim.why(OPEN, worlds=8, seed=3, factors=["leverage"], progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (16, 16)
    assert all(0 <= done <= total for done, total in seen)


@pytest.mark.slow
def test_theories_are_the_model_without_each_mechanism() -> None:
    other = OPEN.change({"kabul.ghani.offer": 0})
    found = compare_theories(OPEN, other, 8, 3)
    assert [one.outcome for one in found.outcomes] == list(HEADLINES)
    (attacks,) = [one for one in found.outcomes if one.outcome == "attacks"]
    assert [one.mechanism for one in attacks.views] == list(mechanisms())
    view = next(one for one in attacks.views if one.mechanism == "leverage")
    mine, theirs = (sim.simulate(without(one, ["leverage"]), 8, 3).outcomes["attacks"].values for one in (OPEN, other))
    assert view.effect is not None
    assert view.effect.effect == pytest.approx((mine - theirs).mean())
    assert view.change.b_mean == pytest.approx(mine.mean())
    (released,) = [one for one in found.outcomes if one.outcome == "prisoners_released"]
    assert released.survives, "all are released by every theory"
    assert not released.turned
    assert not released.lost
    (broken,) = [one for one in found.outcomes if one.outcome == "reached_agreement_broken"]
    assert not broken.survives, "no effect is no finding"
    assert broken.differing == ()


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"on": ["talks_opn"]}, "talks_opn: no such outcome"),
        ({"on": []}, "at least one outcome"),
        ({"against": OPEN}, "against: does the same"),
        ({"worlds": 0}, "worlds = 0"),
        ({"assumptions": "x"}, "must be facts, ranges or point"),
    ],
)
def test_bad_requests_for_theories_get_one_clear_line(given: dict[str, Any], problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        compare_theories(OPEN, **given)
