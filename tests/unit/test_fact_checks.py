"""The fact checks: each measures the right number, applies to the right runs, and holds or fails at its bounds."""

import datetime as dt
from typing import Any

import numpy as np
import pytest

from sim.analysis.fact_checks import REFERENCE, CheckResult, check_run, checks, facts_table
from sim.inputs.facts import facts
from sim.inputs.intervention import Intervention
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario
from sim.results.results import Results
from sim.runs.runner import simulate
from sim.schema.milestones import NEVER
from tests.unit.synthetic import results, scenario

MARCH_10, MARCH_14 = dt.date(2020, 3, 10), dt.date(2020, 3, 14)
IMPOSED = (
    Intervention("kabul.ghani.offer", 1500, start=MARCH_10),
    Intervention("kabul.ghani.pledge_required", value=True, start=MARCH_10),
    Intervention("kabul.ghani.review", value=True, start=MARCH_14, until=dt.date(2020, 4, 15)),
    Intervention("us.withdrawal", 40, start=MARCH_10),
)
COUNTS = ("attacks", "security_forces_killed", "offensives_and_airstrikes", "taliban_killed")


def consistent_run(worlds: int = 20, run: Scenario | None = None, **changed: Any) -> Results:
    """Return a run in which all facts of the text hold, except for what is changed.

    changed: window totals of counts, or days of milestones.
    """
    run = run or scenario(interventions=IMPOSED)
    total = {"attacks": 4600, "security_forces_killed": 930, "offensives_and_airstrikes": 900, "taliban_killed": 700}
    total |= {name: value for name, value in changed.items() if name in COUNTS}
    troops = np.full((run.end - run.start).days, 13000.0)
    troops[9:] -= 50
    daily: dict[str, Any] = {name: value / 45 for name, value in total.items()}
    daily |= {"attacks_on_coalition": 0, "blocked_by_delegation": 1, "us_troops": troops, "prisoners_released": 0}
    daily |= {name: value for name, value in changed.items() if name in daily and name not in COUNTS}
    day = {"decree": 9, "rejection": 11, "suspension": 13, "us_at_5000": 240}
    day |= {name: value for name, value in changed.items() if name not in daily}
    return results(worlds, run=run, daily=daily, day=day)


def found(made: Results, claim: str) -> CheckResult:
    """Return the check whose claim begins with these words."""
    rows = [c for c in check_run(made) if c.check.claim.startswith(claim)]
    assert len(rows) == 1, (claim, [c.check.claim for c in check_run(made)])
    return rows[0]


def test_all_checks_hold_if_all_facts_hold() -> None:
    rows = check_run(consistent_run())
    assert len(rows) == 11, [c.check.claim for c in rows]
    assert all(c.holds for c in rows), [(c.check.claim, c.target, c.value) for c in rows if not c.holds]


def test_every_check_names_a_fact_of_the_text() -> None:
    for check in checks():
        fact = facts()[check.fact]
        assert fact.sentence == check.sentence, check.claim
        assert not fact.outside, check.claim


@pytest.mark.parametrize(("claim", "changed", "holds"), [
    ("attacks", {"attacks": 4510}, True),
    ("attacks", {"attacks": 4490}, False),
    ("attacks", {"attacks": 4890}, True),
    ("attacks", {"attacks": 4910}, False),
    ("Afghan forces killed", {"security_forces_killed": 905}, True),
    ("Afghan forces killed", {"security_forces_killed": 895}, False),
    ("Afghan forces killed", {"security_forces_killed": 985}, True),
    ("Afghan forces killed", {"security_forces_killed": 995}, False),
    ("offensives and airstrikes", {"offensives_and_airstrikes": 1075}, True),
    ("offensives and airstrikes", {"offensives_and_airstrikes": 1085}, False),
    ("talks open", {"talks_open": [9, *[NEVER] * 19]}, True),
    ("talks open", {"talks_open": [9, 9, *[NEVER] * 18]}, False),
    ("talks open", {"talks_open": 10}, True),
    ("decree", {"decree": [10, *[9] * 19]}, False),
    ("decree", {"prisoners_released": 1}, False),
    ("withdrawal", {"us_troops": 13000}, False),
    ("withdrawal", {"us_troops": np.linspace(13000, 5000, 306)}, False),
    ("the Taliban", {"rejection": [NEVER, *[11] * 19]}, True),
    ("the Taliban", {"rejection": [NEVER, NEVER, *[11] * 18]}, False),
    ("the Taliban", {"rejection": 45}, False),
    ("the Taliban", {"rejection": 44}, True),
    ("release put off", {"suspension": [14, *[13] * 19]}, False),
    ("no talks", {"talks_open": [44] * 4 + [NEVER] * 16}, True),
    ("no talks", {"talks_open": [44] * 5 + [NEVER] * 15}, False),
    ("no talks", {"talks_open": 45}, True),
    ("no talks", {"blocked_by_delegation": 0}, False),
    ("US troops", {"us_at_5000": [245] * 11 + [NEVER] * 9}, True),
    ("US troops", {"us_at_5000": [245] * 10 + [NEVER] * 10}, False),
    ("US troops", {"us_at_5000": 246}, False),
])  # fmt: skip
def test_each_check_holds_up_to_its_bound(claim: str, changed: dict[str, Any], *, holds: bool) -> None:
    row = found(consistent_run(**changed), claim)
    assert row.holds == holds, (claim, changed, row.target, row.value)


@pytest.mark.parametrize(("worlds_hit", "holds"), [(1, True), (2, False)])
def test_the_coalition_is_spared_in_nearly_all_worlds(worlds_hit: int, *, holds: bool) -> None:
    attacks = np.zeros((20, 306))
    attacks[:worlds_hit, 44] = 1
    attacks[:, 45] = 1  # after the window: does not count
    row = found(consistent_run(attacks_on_coalition=attacks), "no attack")
    assert (row.holds, row.value, row.share) == (holds, 1 - worlds_hit / 20, 1 - worlds_hit / 20)


def test_a_median_has_a_band_and_no_share() -> None:
    per_world = np.linspace(4400, 4800, 21)[:, None] / 45 * np.ones(306)
    made = results(21, run=scenario(), daily={"attacks": per_world})
    row = found(made, "attacks")
    assert row.value == pytest.approx(4600)
    assert (row.low, row.high) == pytest.approx((4420, 4780))
    assert row.share is None
    assert row.target == "4,500 to 4,900"
    assert row.scenario == "made-up"


def test_what_a_scenario_does_not_impose_is_not_checked_as_imposed() -> None:
    claims = [c.check.claim for c in check_run(consistent_run(run=scenario()))]
    assert not [c for c in claims if c.startswith(("decree", "withdrawal")) or c.endswith("14 March")], claims
    assert "release put off unprompted" in claims


@pytest.mark.parametrize(("times", "holds"), [(11, True), (10, False)])
def test_a_release_put_off_unprompted_needs_more_than_half(times: int, *, holds: bool) -> None:
    made = consistent_run(run=scenario(), suspension=[44] * times + [45] * (20 - times))
    assert found(made, "release put off").holds == holds


def test_a_rejection_is_checked_only_in_worlds_with_an_offer() -> None:
    made = consistent_run(run=scenario(), decree=[9] * 10 + [43, 44, *[NEVER] * 8], rejection=[11] * 10 + [NEVER] * 10)
    assert found(made, "the Taliban").value == pytest.approx(10 / 11)
    nobody = found(consistent_run(run=scenario(), decree=NEVER, rejection=NEVER), "the Taliban")
    assert np.isnan(nobody.value)
    assert not nobody.holds


@pytest.mark.parametrize(("end", "start"), [
    (dt.date(2020, 4, 14), dt.date(2020, 3, 1)),
    (dt.date(2021, 1, 1), dt.date(2020, 3, 2)),
    (dt.date(2021, 1, 1), dt.date(2020, 2, 1)),
])  # fmt: skip
def test_a_run_without_the_whole_window_is_not_checked(end: dt.date, start: dt.date) -> None:
    assert check_run(results(2, run=scenario(end, start))) == []


def test_a_run_of_the_window_alone_is_checked_except_for_november() -> None:
    claims = [c.check.claim for c in check_run(consistent_run(run=scenario(dt.date(2020, 4, 15))))]
    assert "attacks" in claims
    assert not [c for c in claims if "November" in c], claims


@pytest.mark.parametrize("year", [2019, 2020])
def test_without_an_agreement_the_year_before_is_checked(year: int) -> None:
    run = scenario(dt.date(year, 4, 15), dt.date(year, 3, 1), parameters={"agreement.signed": False})
    made = consistent_run(
        run=run,
        attacks=2700,
        security_forces_killed=530,
        offensives_and_airstrikes=1700,
        us_troops=13000,
        us_at_5000=NEVER,
    )
    rows = check_run(made)
    assert [c.check.fact for c in rows] == ["attacks_rise", "security_forces_killed_2019", "operations_2019"]
    assert all(c.holds for c in rows), rows
    assert rows[0].target == "2,515 to 2,779"
    late = consistent_run(
        run=run, attacks=2800, security_forces_killed=550, offensives_and_airstrikes=1570, us_troops=13000
    )
    assert not any(c.holds for c in check_run(late)), check_run(late)


def test_the_alternative_reading_of_s6_checks_the_taliban_killed() -> None:
    run = scenario(parameters={"reading.operations": "killed"})
    claims = {
        c.check.claim: c for c in check_run(consistent_run(run=run, taliban_killed=700, offensives_and_airstrikes=1600))
    }
    assert claims["Taliban killed, fewer"].holds
    assert claims["Taliban killed, fewer"].value == pytest.approx(700)
    assert "offensives and airstrikes, fewer" not in claims


@pytest.mark.parametrize(("reading", "attacks"), [("government", 2804 / 50 * 45), ("taliban", 537 / 50 * 45)])
def test_another_count_of_attacks_changes_the_targets(reading: str, attacks: float) -> None:
    now = scenario(parameters={"reading.attacks": reading})
    assert found(consistent_run(run=now, attacks=attacks * 1.02), "attacks").holds
    assert not found(consistent_run(run=now, attacks=4600), "attacks").holds
    before = scenario(parameters={"reading.attacks": reading, "agreement.signed": False})
    assert found(consistent_run(run=before, attacks=attacks / 1.7), "attacks").holds


@pytest.mark.slow
def test_the_facts_table_runs_the_three_reference_scenarios_and_all_hold() -> None:
    text: list[tuple[int, int]] = []
    rows = facts_table(200, 0, progress=lambda done, total: text.append((done, total)))
    assert tuple(dict.fromkeys(c.scenario for c in rows)) == REFERENCE
    assert text[-1][0] == text[-1][1] == 200 * (306 + 306 + 45)
    assert [done for done, _ in text] == sorted({done for done, _ in text})
    assert {c.check.claim for c in rows} == {c.claim for c in checks() if "Taliban killed" not in c.claim}
    assert all(c.holds for c in rows), [(c.scenario, c.check.claim, c.target, c.value) for c in rows if not c.holds]


@pytest.mark.slow
def test_the_attack_count_is_no_literal() -> None:
    base = load_scenario("baseline").with_dates(end=dt.date(2020, 4, 15))
    weaker = base.change({"taliban.leverage": 0.1})
    counts = [found(simulate(run, 40), "attacks").value for run in (base, weaker)]
    assert counts[1] < 0.9 * counts[0], counts
