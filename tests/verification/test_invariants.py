"""Invariants: properties of every world of every valid scenario, and changes that must not change any bit."""

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from sim.engine.model import PeaceProcess
from sim.engine.recorder import Record
from sim.errors import InputError
from sim.inputs.intervention import Intervention
from sim.inputs.parameters import ParameterSet, catalogue
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario
from sim.results.results import Results
from sim.runs.runner import run_scenarios
from sim.schema.decisions import levers
from sim.schema.milestones import NEVER
from sim.schema.series import CONDITIONS, SERIES
from tests.verification.anything import STEADY, Case, cases, lever_value
from tests.verification.watched import Watched, differing, lived, unlike

pytestmark = pytest.mark.slow

Array = npt.NDArray[Any]

SHARES = [s.name for s in SERIES.values() if s.unit == "0 to 1"]
FLAGS = [s.name for s in SERIES.values() if s.kind == "flag"]
COUNTS = [s.name for s in SERIES.values() if s.kind == "count"]
ROUNDING = 1e-5  # of a share that is calculated in float32
SIZES = ("prisoners.listed", "prisoners.weighs_every", "kabul.brokers.number", "season.eid_days")  # one for all worlds


def case(days: int = 90, worlds: int = 4, **parameters: Any) -> Case:
    """Return a case of the baseline's first days with some parameters by dotted name, "__" for each dot."""
    base = load_scenario("baseline").with_dates(end=dt.date(2020, 3, 1) + dt.timedelta(days))
    given_ = {name.replace("__", "."): value for name, value in parameters.items()}
    return Case(replace(base, parameters=given_), worlds, 5, 0)


def first_day(reached: Array) -> Array:
    """Return the first day on which a flag is true, or NEVER, (worlds,). reached: (days, worlds)."""
    return np.where(reached.any(axis=0), reached.argmax(axis=0), NEVER)


@settings(STEADY, max_examples=40)
@given(cases())
@example(case(prisoners__low_risk=0.01))
@example(case(fronts__autonomy=1.0, fronts__autonomy_spread=1.0, fronts__imitation=0.0, taliban__leverage=3.0))
@example(case(taliban__leverage=3.0, fronts__intensity_cap=10.0, fronts__adjustment=1.0, fronts__effort_noise=0.0,
              fronts__autonomy=0.0, talks__strain_violence=10.0, talks__strain_weakness=10.0))  # fmt: skip
def test_every_world_keeps_its_books(given_case: Case) -> None:
    run = Watched(given_case.scenario, given_case.worlds, given_case.seed, given_case.first)
    daily = run.record.daily
    for name, rows in daily.items():
        assert np.isfinite(rows).all(), f"{name} is not finite"
        assert (rows >= 0).all(), f"{name} falls to {rows.min()}"
    for name in SHARES:
        assert (daily[name] <= 1 + ROUNDING).all(), f"{name} rises to {daily[name].max()}"
    for name in FLAGS:
        assert np.isin(daily[name], (0, 1)).all(), name
    for name in (*COUNTS, "prisoners_released", "returned_to_fighting"):
        np.testing.assert_array_equal(daily[name], np.rint(daily[name]), f"{name} is not whole")
    for name in ("prisoners_released", "returned_to_fighting", "captives_released"):
        assert (np.diff(daily[name], axis=0) >= 0).all(), f"{name} falls"
    assert (np.diff(daily["us_troops"], axis=0) <= 0).all(), "troops return"
    both = daily["offensives"] + daily["airstrikes"]
    np.testing.assert_array_equal(daily["offensives_and_airstrikes"], both)
    stage = np.diff(daily["talks_stage"], axis=0)
    assert ((stage == 0) | (stage == 1) | (daily["talks_stage"][1:] == 0)).all(), "talks skip a stage"
    assert daily["talks_stage"].max() <= 4
    assert (run.model.fronts.intensity >= 0).all(), "a front aims below nothing"
    check_prisoners(run)
    check_milestones_by_series(run)
    check_milestones_by_decision(run)


def check_prisoners(run: Watched) -> None:
    """Check that held, home and returned add up to the list, and that no more are back than released."""
    prisoners, daily = run.model.prisoners, run.record.daily
    assert (daily["returned_to_fighting"] <= daily["prisoners_released"]).all()
    assert (daily["prisoners_released"] <= prisoners.listed).all()
    assert (daily["captives_released"] <= np.float32(run.model.taliban.p.captives_held)).all()
    held = (prisoners.class_size - prisoners.freed).sum(axis=0)
    home = prisoners._out(prisoners.turn).sum(axis=0)
    back = (prisoners.turn == np.iinfo(np.int16).max).sum(axis=0)
    np.testing.assert_array_equal(held + home + back, np.full(run.worlds, prisoners.listed))
    np.testing.assert_array_equal(home + back, daily["prisoners_released"][-1])
    np.testing.assert_array_equal(back, daily["returned_to_fighting"][-1])


def check_milestones_by_series(run: Watched) -> None:
    """Check that the day of each milestone is the first on which its series shows it."""
    daily, day, us = run.record.daily, run.record.milestones.day, run.model.us.p
    out, stage, troops = daily["prisoners_released"], daily["talks_stage"], daily["us_troops"]
    expected = {
        "first_release": out >= 1,
        "released_1000": out >= 1000,
        "released_1500": out >= 1500,
        "released_5000": out >= 5000,
        "talks_open": stage > 0,
        "ceasefire": stage >= 3,
        "settlement": stage >= 4,
        "us_at_8600": troops <= 8600 + us.on_plan_within,
        "us_at_5000": troops <= 5000 + us.on_plan_within,
    }
    for name, reached in expected.items():
        np.testing.assert_array_equal(day[name], first_day(reached), f"{name} and its series disagree")
    for world in np.flatnonzero(day["talks_open"] != NEVER):
        blocked = [c for c in CONDITIONS if daily[f"blocked_by_{c}"][day["talks_open"][world], world]]
        assert not blocked, f"world {world}: talks open although blocked by {blocked}"


def check_milestones_by_decision(run: Watched) -> None:
    """Check that the day of each milestone is the first on which decisions cause it, with a reason if reached."""
    book = run.record.milestones
    offer, review = run.decided("kabul.ghani.offer"), run.decided("kabul.ghani.review")
    waiting = offer > np.stack(run.released_before)
    expected = {
        "decree": offer > 0,
        "suspension": review & (offer > 0) & waiting,
        "power_shared": np.stack(run.shared),
        "agreement_broken": np.stack(run.broken),
    }
    for name, reached in expected.items():
        np.testing.assert_array_equal(book.day[name], first_day(reached), f"{name} and the decisions disagree")
    turned_down = book.day["rejection"] != NEVER
    assert (book.day["decree"][turned_down] < book.day["rejection"][turned_down]).all(), "rejected before the decree"
    for name, day in book.day.items():
        assert (book.reason[name][day != NEVER] >= 0).all(), f"{name} is reached without a reason"


def test_captives_are_whole_people() -> None:
    released = lived(load_scenario("baseline"), 16, 3).daily["captives_released"]
    np.testing.assert_array_equal(released, np.rint(released))


def test_any_one_parameter_at_either_bound_leaves_every_number_in_order() -> None:
    """One world per parameter and bound: every valid value must keep all invariants."""
    extremes = [(name, bound) for name, p in catalogue().items() if _varies(name) for bound in p.bounds or ()]
    extremes = [(name, bound) for name, bound in extremes if _valid(name, bound)]
    usual, worlds = ParameterSet.resolve(), len(extremes)
    given_ = {name: np.full(worlds, usual[name], np.float32) for name in catalogue() if _varies(name)}
    for world, (name, bound) in enumerate(extremes):
        given_[name][world] = bound
    base = load_scenario("baseline")
    with np.errstate(all="ignore"):  # the worlds that fail are named below
        record = PeaceProcess(base, worlds, 3, parameters=ParameterSet.resolve(given_), collect=False).run()
    bad = {
        extremes[world]: name for name, rows in record.daily.items() for world in np.flatnonzero(_broken(name, rows))
    }
    assert not bad, f"not finite, negative or above its highest: {bad}"


def _varies(name: str) -> bool:
    return catalogue()[name].type in ("float", "int") and name not in SIZES and not catalogue()[name].formula


def _valid(name: str, value: float) -> bool:
    try:
        ParameterSet.resolve({name: value})
    except InputError:
        return False
    return True


def _broken(name: str, rows: Array) -> Array:
    """Return the worlds in which a series is outside what its unit allows, (worlds,)."""
    bad = ~np.isfinite(rows) | (rows < 0)
    if name in SHARES:
        bad |= rows > 1 + ROUNDING
    return np.asarray(bad.any(axis=0))


@settings(STEADY, max_examples=25)
@given(cases(most_worlds=4), st.data())
def test_what_is_imposed_later_changes_nothing_before(given_case: Case, data: st.DataObject) -> None:
    scenario = given_case.scenario
    free = [name for name in levers() if name not in {one.lever for one in scenario.interventions}]
    name = data.draw(st.sampled_from(free))
    day = data.draw(st.integers(1, scenario.days - 1))
    later = Intervention(name, data.draw(lever_value(levers()[name])), scenario.start + dt.timedelta(day))
    more = replace(scenario, interventions=(*scenario.interventions, later))
    one, other = (lived(s, given_case.worlds, given_case.seed, given_case.first) for s in (scenario, more))
    assert not differing(one, other, slice(day)), f"{name} from day {day}"


@settings(STEADY, max_examples=25)
@given(cases(most_worlds=4), st.data())
def test_imposing_what_is_decided_anyway_changes_no_bit(given_case: Case, data: st.DataObject) -> None:
    """A lever imposed for a day on one world at exactly the value that its actor decides there."""
    scenario, world = given_case.scenario, given_case.first
    own = Watched(scenario, 1, given_case.seed, world)
    taken = {one.lever for one in scenario.interventions}
    noted, imposed = data.draw(st.lists(st.sampled_from(list(levers())), min_size=1, max_size=6, unique=True)), []
    for name in noted:
        lever, day = levers()[name], data.draw(st.integers(0, scenario.days - 1))
        value = own.decided(name)[day, 0].item()
        if name not in taken and lever.low <= value <= lever.high:
            date = scenario.start + dt.timedelta(day)
            imposed.append(Intervention(name, value, date, date + dt.timedelta(1)))
    assume(imposed)
    same = lived(replace(scenario, interventions=(*scenario.interventions, *imposed)), 1, given_case.seed, world)
    assert not unlike(own.record, same), [(one.lever, one.value, one.start) for one in imposed]


@pytest.fixture(scope="module")
def watched() -> Watched:
    """Return the baseline in 16 worlds, with every actor's decisions."""
    return Watched(load_scenario("baseline"), 16, 3)


@pytest.mark.parametrize(
    "lever", ["kabul.ghani.monitoring", "us.defensive_strikes", "taliban.demand", "council.backing"]
)
def test_imposing_a_constant_that_the_rule_always_gives_changes_no_bit(watched: Watched, lever: str) -> None:
    values = np.unique(watched.decided(lever))
    assert len(values) == 1, f"{lever} is no constant: {values}"
    same = lived(watched.scenario.change({lever: values[0].item()}), 16, 3)
    assert not unlike(watched.record, same), f"{lever} = {values[0]}"


# Levers and the only outcomes that depend on them: with these settings, both values of the lever change nothing else.
IDLE: tuple[tuple[str, float | bool, float | bool, dict[str, Any], set[str]], ...] = (
    ("kabul.ghani.monitoring", 0, 1, {"kabul.ghani.offer": 0}, set()),
    ("kabul.ghani.pace", 0, 500, {"kabul.ghani.offer": 0}, set()),
    ("kabul.ghani.pledge_required", False, True, {"kabul.ghani.offer": 0}, set()),
    ("taliban.pledges_acceptable", 0, 1, {"kabul.ghani.pledge_required": False}, set()),
    ("council.backing", 0, 1, {"taliban.truce": True, "taliban.attend": True}, set()),
    ("us.defensive_strikes", 0, 1, {"us.restraint": 0}, set()),
    ("us.conditionality", 0, 1, {"us.withdrawal": 0}, set()),
    ("kabul.ghani.share_offered", 0, 1, {"kabul.contested": False}, set()),
    ("kabul.abdullah.share_asked", 0, 1, {"kabul.contested": False}, set()),
    ("taliban.captives_pace", 0, 9, {"trust.kabul_taliban_captives": 0, "kabul.ghani.exchange_insisted": 0},
     {"captives_released"}),
    ("us.pressure_on_taliban", 0, 1, {"taliban.restraint_pressed": 0, "taliban.attend_pressed": 0}, set()),
    ("taliban.attend", False, True, {"kabul.ghani.offer": 0}, {"blocked_by_taliban"}),
    ("us.aid_cut", 0, 2, {"kabul.brokers.calmed_by_aid": 0, "kabul.ghani.will_aid": 0, "kabul.ghani.share_aid": 0,
                          "kabul.abdullah.ask_aid": 0, "trust.us_kabul_aid": 0}, set()),
)  # fmt: skip


@pytest.fixture(scope="module")
def idle() -> dict[str, list[Results]]:
    """Return the runs of each row of IDLE, with the low and the high value; all are stepped together."""
    rows = [(load_scenario("baseline").change(set_), lever, (low, high)) for lever, low, high, set_, _ in IDLE]
    scenarios = [base.change({lever: value}) for base, lever, ends in rows for value in ends]
    runs = run_scenarios(scenarios, 16, 3, assumptions="point")
    return {lever: runs[2 * place : 2 * place + 2] for place, (_, lever, _) in enumerate(rows)}


@pytest.mark.parametrize(("lever", "touched"), [(row[0], row[-1]) for row in IDLE], ids=[row[0] for row in IDLE])
def test_a_lever_changes_no_bit_of_what_does_not_depend_on_it(
    idle: dict[str, list[Results]], lever: str, touched: set[str]
) -> None:
    one, other = idle[lever]
    unlike_ = {name for name in one.arrays if one.arrays[name].tobytes() != other.arrays[name].tobytes()}
    unlike_ |= {name for name, day in one.milestone_day.items() if day.tobytes() != other.milestone_day[name].tobytes()}
    assert unlike_ <= touched, f"{lever} touches {unlike_}"


def test_monitoring_changes_no_bit_before_somebody_is_out() -> None:
    base = load_scenario("baseline")
    none, all_ = (lived(base.change({"kabul.ghani.monitoring": value}), 32, 3) for value in (0, 1))
    first = none.milestones.day["first_release"]
    np.testing.assert_array_equal(first, all_.milestones.day["first_release"])
    assert (first > 0).all()
    for name in SERIES:
        for world, day in enumerate(first):
            a, b = none.daily[name][:day, world], all_.daily[name][:day, world]
            assert a.tobytes() == b.tobytes(), f"{name} differs in world {world} before day {day}"
    assert differing(none, all_), "monitoring changes nothing at all"


def test_a_scenario_that_changes_nothing_is_the_same_run() -> None:
    base: Scenario = load_scenario("baseline")
    runs: list[Record] = [lived(base, 8, 3), lived(base.change({}, title="The same by another name"), 8, 3)]
    assert not unlike(*runs)
