"""Mechanisms: what each of them is meant to do, over 512 paired worlds; for the significance level see `paired`.

Each is tested with parameters drawn from their ranges for each world; with JIRGA_POINT, also with all at the point.
"""

import datetime as dt
from typing import Any

import numpy as np
import pytest

from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario
from sim.results.results import Results
from sim.runs.runner import run_scenarios
from sim.schema.decisions import levers
from sim.schema.milestones import NEVER
from tests.repeats import repeats
from tests.verification.paired import BEYOND, SEED, Effect, Pairs, effect, shift, total

pytestmark = pytest.mark.slow

TREATMENTS = ["ranges", "point"] if repeats("JIRGA_POINT", 0) else ["ranges"]


@pytest.fixture(scope="module", params=TREATMENTS)
def pairs(request: pytest.FixtureRequest) -> Pairs:
    """Return runs of the same worlds, under one treatment of the assumptions after the other."""
    return Pairs(request.param)


APRIL = dt.date(2020, 4, 15)
JULY, AUGUST = dt.date(2020, 7, 15), dt.date(2020, 8, 1)  # ends of runs that are looked at no further
FIGHTING = ("attacks", "security_forces_killed")


def between(run: Results, series: str, first: dt.date, days: int) -> Any:
    """Return the sum of a series over some days, (worlds,)."""
    start = run.index(first)
    return run.arrays[series][:, start : start + days].sum(axis=1, dtype=np.float64)


def test_commanders_who_obey_less_fight_more_and_hinder_talks(pairs: Pairs) -> None:
    obedient, free = (pairs.run("baseline", fronts__autonomy=value) for value in (0.0, 0.6))
    for series in FIGHTING:
        more = effect(total(obedient, series), total(free, series))
        assert more.z > BEYOND, f"{series}: {more}"
    moved = shift(obedient, free, "talks_open")
    assert moved.z < -BEYOND, str(moved)


def test_commanders_who_avenge_more_fight_no_less(pairs: Pairs) -> None:
    forgiving, vengeful = (pairs.run("baseline", fronts__grievance=value) for value in (0.0, 3.0))
    more = effect(total(forgiving, "attacks"), total(vengeful, "attacks"))
    assert more.z > BEYOND, str(more)


@pytest.mark.parametrize("series", FIGHTING)
def test_a_broken_truce_brings_violence_up_on_the_next_60_days(pairs: Pairs, series: str) -> None:
    base, broken = pairs.run("baseline"), pairs.run("baseline", taliban__truce="false@2020-04-15..")
    more = effect(between(base, series, APRIL, 60), between(broken, series, APRIL, 60))
    assert more.z > BEYOND, str(more)


@pytest.mark.parametrize("series", [*FIGHTING, "offensives", "taliban_killed"])
def test_a_broken_agreement_brings_violence_up_on_both_sides(pairs: Pairs, series: str) -> None:
    """From the day on which it breaks, 60 days; after that day the truce is gone in both runs of a pair, if in one."""
    base, broken = pairs.run("baseline"), pairs.run("truce-broken")
    day = broken.milestone_day["agreement_broken"]
    assert (day != NEVER).all()
    start = broken.calendar.date(int(day.max()))
    more = effect(between(base, series, start, 60), between(broken, series, start, 60))
    assert more.z > BEYOND, str(more)


def test_with_all_prisoners_out_there_is_still_something_to_fight_for(pairs: Pairs) -> None:
    """Before talks open, more is fought than in 2019; all violence for prisoners would leave less."""
    terms = pairs.run("all-5000-at-once", end=AUGUST, taliban__attend=False)
    prisoners = pairs.run("all-5000-at-once", end=AUGUST, taliban__attend=False, taliban__prisoners_share=1.0)
    usual = terms.scenario.resolved()["fronts.attacks_2019"] * 60
    june = dt.date(2020, 6, 1)
    for_terms, for_prisoners = (between(run, "attacks", june, 60) for run in (terms, prisoners))
    assert effect(for_prisoners, for_terms).z > BEYOND, str(effect(for_prisoners, for_terms))
    assert effect(np.full(len(for_terms), usual), for_terms).z > BEYOND, f"{for_terms.mean()} against {usual}"


LIFTED: dict[str, dict[str, Any]] = {
    "prisoners": {"taliban__demand": 0},
    "delegation": {"talks__cohesion_alone": 0.01},
    "taliban": {"taliban__attend": True},
    "violence": {"talks__bearable_violence": 4.0, "talks__bearable_losses": 4.0},
    "guarantee": {"talks__behind_tolerated": 1.0, "talks__guarantee_trust": 0.01, "taliban__truce": True},
}


@pytest.mark.parametrize("condition", LIFTED)
def test_talks_open_sooner_in_some_worlds_without_a_condition(pairs: Pairs, condition: str) -> None:
    moved = shift(pairs.run("baseline"), pairs.run("baseline", **LIFTED[condition]), "talks_open")
    assert moved.earlier > moved.later, f"{condition}: {moved}"
    assert moved.z > BEYOND or not moved.later, f"{condition}: {moved}"


def test_aid_withheld_in_march_brings_power_sharing_forward_but_not_before_the_window_ends(pairs: Pairs) -> None:
    base, cut = pairs.run("baseline"), pairs.run("aid-cut-in-march")
    moved = shift(base, cut, "power_shared")
    assert moved.z > BEYOND, str(moved)
    before, alone = (run.arrays["blocked_by_delegation"][:, run.index(APRIL) - 1].mean() for run in (base, cut))
    assert before - alone < 0.05, f"without a delegation in {alone:.0%} of worlds, {before:.0%} without the cut"
    assert alone >= 0.8 or pairs.assumptions == "ranges", f"without a delegation in {alone:.0%} of worlds"


def test_offensives_bring_attacks_within_60_days_and_cost_trust(pairs: Pairs) -> None:
    base, attacked = pairs.run("baseline"), pairs.run("spring-offensive-by-kabul", end=JULY)
    more = effect(between(base, "attacks", APRIL, 60), between(attacked, "attacks", APRIL, 60))
    assert more.z > BEYOND, str(more)
    day = base.index(APRIL) + 60
    trust = effect(*(run.arrays["trust_kabul_taliban"][:, day] for run in (base, attacked)))
    assert trust.z < -BEYOND, str(trust)


def test_no_defensive_strikes_cost_clearly_more_lives(pairs: Pairs) -> None:
    """At least one life in thirty; the size follows from S5: what air support prevents is derived from it."""
    base, without = pairs.run("baseline"), pairs.run("no-defensive-strikes")
    lives = effect(total(base, "security_forces_killed"), total(without, "security_forces_killed"))
    assert lives.z > BEYOND, str(lives)
    assert lives.mean > lives.a / 30, str(lives)


def test_a_fighting_season_raises_attacks_in_its_months_alone(pairs: Pairs) -> None:
    none, hard = (pairs.run("baseline", end=AUGUST, season__rise=value) for value in (0.0, 0.6))
    july = effect(*(between(run, "attacks", dt.date(2020, 7, 1), 31) for run in (none, hard)))
    assert july.z > BEYOND, str(july)
    march = [between(run, "attacks", dt.date(2020, 3, 1), 42) for run in (none, hard)]
    np.testing.assert_array_equal(*march)


def test_a_truce_over_eid_lowers_attacks_and_is_answered_with_releases(pairs: Pairs) -> None:
    refused, kept = (pairs.run(name, end=JULY) for name in ("eid-truces-refused", "eid-truces-extended"))
    eid = dt.date(2020, 5, 24)
    fewer = effect(between(refused, "attacks", eid, 3), between(kept, "attacks", eid, 3))
    assert fewer.z < -BEYOND, str(fewer)
    out = effect(*(run.arrays["prisoners_released"][:, run.index(eid) + 45] for run in (refused, kept)))
    assert out.z > BEYOND, str(out)


def test_captives_kept_back_slow_releases(pairs: Pairs) -> None:
    base, kept = pairs.run("baseline"), pairs.run("no-captives-released")
    moved = shift(base, kept, "released_1500")
    assert moved.z < -BEYOND, str(moved)


def test_names_that_weigh_more_or_take_longer_to_verify_put_talks_off(pairs: Pairs) -> None:
    plain: dict[str, Any] = {"taliban__name_weight": 1.0, "taliban__verification_days": 1.0}
    numbers = pairs.run("baseline", **plain)
    for change in ({"taliban__name_weight": 3.0}, {"taliban__verification_days": 30.0}):
        names = pairs.run("baseline", **(plain | change))
        moved = shift(numbers, names, "talks_open")
        assert moved.z < -BEYOND, f"{change}: {moved}"


def test_nobody_is_released_after_the_agreement_is_broken(pairs: Pairs) -> None:
    run = pairs.run("baseline", taliban__truce="false@2020-04-15..")
    broken = run.milestone_day["agreement_broken"]
    assert (broken != NEVER).all()
    released = run.arrays["prisoners_released"]
    worlds = np.arange(len(broken))
    np.testing.assert_array_equal(released[worlds, broken], released[:, -1])
    assert (released[:, -1] < pairs.run("baseline").arrays["prisoners_released"][:, -1]).mean() > 0.5


HEADLINES = (
    "reached_talks_open", "reached_power_shared", "attacks", "security_forces_killed", "taliban_killed",
    "prisoners_released", "returned_to_fighting", "us_troops", "attacks_on_coalition",
)  # fmt: skip


FEW = 64  # worlds, which show most levers


def ends(name: str) -> list[Scenario]:
    """Return the baseline with a lever at its lowest and at its highest value, imposed from 15 April on."""
    lever = levers()[name]
    values = ["false", "true"] if lever.flag else [str(lever.low), str(lever.high)]
    return [load_scenario("baseline").change({name: f"{value}@{APRIL}.."}) for value in values]


@pytest.fixture(scope="module")
def in_few_worlds(pairs: Pairs) -> dict[str, list[Results]]:
    """Return both ends of every lever, stepped together."""
    runs = run_scenarios([one for name in levers() for one in ends(name)], FEW, SEED, assumptions=pairs.assumptions)
    return {name: runs[2 * place : 2 * place + 2] for place, name in enumerate(levers())}


def clearest(low: Results, high: Results) -> tuple[str, Effect]:
    """Return the headline outcome that a lever moves most clearly."""
    found = {one: effect(low.outcomes[one].to_numpy(), high.outcomes[one].to_numpy()) for one in HEADLINES}
    return max(found.items(), key=lambda one: abs(one[1].z))


@pytest.mark.parametrize("name", levers())
def test_every_lever_moves_a_headline_outcome(pairs: Pairs, in_few_worlds: dict[str, list[Results]], name: str) -> None:
    """From its lowest to its highest value: in 64 worlds, or else in all 512.

    A lever without any effect has z = 0 in both, because the same worlds are then equal to the last bit.
    """
    best, moved = clearest(*in_few_worlds[name])
    if abs(moved.z) <= BEYOND:
        best, moved = clearest(*map(pairs.run, ends(name)))
    assert abs(moved.z) > BEYOND, f"{name}: {best} {moved}"


def test_the_baseline_is_free_after_the_window() -> None:
    assert all(one.until is not None and one.until <= APRIL for one in load_scenario("baseline").interventions)
