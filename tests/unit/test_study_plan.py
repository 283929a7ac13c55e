"""Plans: reading a file, reading back a written copy, and the hash of what is computed."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.inputs.parameters import catalogue
from sim.schema.decisions import levers
from sim.schema.outcomes import NOVEMBER, OUTCOMES
from sim.schema.series import SERIES
from sim.study.factor import UNCHANGED
from sim.study.plan import LISTED, METHODS, Factor, Plan, StoppingRule
from sim.study.plan_reader import plan_names, read_plan
from sim.study.plan_writer import write_plan
from tests.unit import studies
from tests.verification.anything import STEADY, lever_value

OFFER, RESTRAINT, TRUCE, NUMBER = "kabul.ghani.offer", "taliban.restraint", "taliban.truce", "kabul.brokers.number"
MARCH_10, JUNE_10 = dt.date(2020, 3, 10), dt.date(2020, 6, 10)
START = 'title = "A plan"\nscenarios = ["baseline"]\nworlds = 64\n'
EXAMPLES = settings(STEADY, max_examples=60)
RANGED = [name for name, p in catalogue().items() if p.uncertain and p.range and p.range[0] < p.range[1]]


def read(folder: Path, vary: str = "", head: str = START) -> Plan:
    """A plan from text in a folder."""
    (folder / "study.toml").write_text(f"{head}{vary}", encoding="utf-8")
    return read_plan(folder / "study.toml")


def varied(folder: Path, method: str, *lines: str) -> tuple[Factor, ...]:
    """The settings of a plan with some lines of [vary.settings]."""
    samples = "" if method in (*LISTED, "one-at-a-time") else "samples = 4\n"
    return read(folder, f'[vary]\nmethod = "{method}"\n{samples}[vary.settings]\n' + "\n".join(lines)).vary


def copied(plan: Plan) -> Plan:
    """The plan as its own copy reads."""
    with TemporaryDirectory() as folder:
        for name, text in write_plan(plan).items():
            (Path(folder) / name).parent.mkdir(exist_ok=True)
            (Path(folder) / name).write_text(text, encoding="utf-8")
        return read_plan(Path(folder) / "study.toml")


def test_a_plan_of_two_lines_runs_all_there_is(tmp_path: Path) -> None:
    plan = read(tmp_path, head='title = "Short"\nscenarios = ["baseline"]\n')
    assert (plan.worlds, plan.seed, plan.assumptions, plan.method, plan.points) == (1000, 0, "facts", "none", 1)
    assert (plan.reference, plan.outcomes, plan.series) == ("baseline", tuple(OUTCOMES), ())
    assert (plan.engine, plan.processes, plan.until, plan.worlds_at_most) == ("local", None, None, 1000)


def test_every_part_of_a_plan_is_read(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('title = "Own"\nbase = "baseline"\n[run]\nworlds = 7\n')
    plan = read(
        tmp_path,
        head='title = "A"\nquestion = "Why?"\nscenarios = ["baseline", "own.toml"]\nreference = "own"\nworlds = 64\n'
        'seed = 3\nassumptions = "ranges"\n[vary]\nmethod = "morris"\nsamples = 5\nlevels = 6\nseed = 9\n'
        f'[vary.settings]\n"{RESTRAINT}" = "range"\n[keep]\noutcomes = ["reached_talks_open", "attacks"]\n'
        'series = ["us_troops", "attacks"]\n[until]\non = "us_troops"\ninterval = 30\nworlds_at_most = 128\n'
        '[engine]\nname = "tcp://host:8786"\nprocesses = 3\n',
    )
    assert [one.name for one in plan.scenarios] == ["baseline", "own"]
    assert (plan.question, plan.reference, plan.seed, plan.assumptions) == ("Why?", "own", 3, "ranges")
    assert (plan.method, plan.samples, plan.levels, plan.sampler_seed, plan.points) == ("morris", 5, 6, 9, 10)
    assert plan.outcomes == ("attacks", "us_troops", "reached_talks_open"), "in order, with what until looks at"
    assert plan.series == ("attacks", "us_troops")
    assert plan.until == StoppingRule("us_troops", 30.0, 128)
    assert (plan.engine, plan.processes) == ("tcp://host:8786", 3)
    assert copied(plan) == plan


def test_ways_to_name_values_and_ends(tmp_path: Path) -> None:
    low, high = catalogue()[RESTRAINT].range or (0, 0)
    (stepped,) = varied(tmp_path, "grid", f'"{RESTRAINT}" = {{ low = 0.2, high = 0.9, steps = 3 }}')
    assert stepped.values == pytest.approx((0.2, 0.55, 0.9), abs=1e-15)
    assert (stepped.values[0], stepped.values[-1]) == (0.2, 0.9), "both ends to the last bit"
    (own,) = varied(tmp_path, "grid", f'"{RESTRAINT}" = {{ steps = 2 }}')
    assert own.values == (low, high)
    (whole,) = varied(tmp_path, "grid", f'"{NUMBER}" = {{ low = 40, high = 45, steps = 3 }}')
    assert whole.values == (40, 42, 45)
    (flag,) = varied(tmp_path, "grid", f'"{TRUCE}" = "range"')
    assert flag.values == (False, True)
    half, lever, switch = varied(
        tmp_path, "sobol", f'"{RESTRAINT}" = {{ high = 2 }}', f'"{OFFER}" = "range"', f'"{TRUCE}" = "range"'
    )
    assert (half.low, half.high, half.values) == (low, 2.0, ())
    assert (lever.low, lever.high) == (0.0, 5000.0)
    assert (switch.low, switch.high, switch.flag, switch.whole) == (0.0, 1.0, True, True)


def test_a_point_may_leave_a_setting_unchanged(tmp_path: Path) -> None:
    (offer, truce) = varied(
        tmp_path,
        "grid",
        f'"{OFFER}" = {{ values = ["unchanged", 5000, 1500] }}',
        f'"{TRUCE}".values = ["unchanged", true]',
    )
    assert (offer.values, offer.low, offer.high) == ((UNCHANGED, 5000, 1500), 1500, 5000)
    assert (truce.values, truce.low, truce.high) == ((UNCHANGED, True), 1, 1)
    assert np.array_equal(offer.numbers, (np.nan, 5000, 1500), equal_nan=True)


def test_nested_names_are_the_same_as_quoted_ones(tmp_path: Path) -> None:
    quoted = varied(tmp_path, "grid", f'"{OFFER}" = {{ values = [5] }}', f'"{RESTRAINT}" = {{ values = [1] }}')
    nested = varied(tmp_path, "grid", "kabul.ghani.offer.values = [5]", "taliban.restraint.values = [1]")
    assert nested == quoted


def test_days_of_a_lever_below_its_name_or_in_it(tmp_path: Path) -> None:
    below = varied(tmp_path, "grid", f'"{OFFER}" = {{ values = [5], from = 2020-03-10, until = 2020-06-10 }}')
    inside = varied(tmp_path, "grid", f'"{OFFER}@2020-03-10..2020-06-10" = {{ values = [5] }}')
    assert below == inside == (Factor(OFFER, MARCH_10, JUNE_10, (5.0,)),)
    assert below[0].key == f"{OFFER}@2020-03-10..2020-06-10"
    stretches = varied(
        tmp_path, "grid", *(f'"{OFFER}@{d}" = {{ values = [5] }}' for d in ("..2020-03-10", "2020-03-10.."))
    )
    assert [(one.start, one.until) for one in stretches] == [(None, MARCH_10), (MARCH_10, None)]
    assert [one.key for one in stretches] == [f"{OFFER}@..2020-03-10", f"{OFFER}@2020-03-10.."]


@pytest.mark.parametrize("name", plan_names())
def test_plans_that_ship_read_and_copy_equal(name: str) -> None:
    plan = read_plan(name)
    assert copied(plan) == plan
    assert plan.question
    assert plan.points * len(plan.scenarios) * plan.worlds <= 100_000, "an example should be done while one waits"


def test_plans_that_ship_show_most_methods() -> None:
    assert len(plan_names()) >= 4
    assert {"grid", "sobol", "one-at-a-time", "none"} <= {read_plan(name).method for name in plan_names()}


def test_words_and_engine_are_no_part_of_the_hash() -> None:
    plan = studies.grid()
    same = replace(plan, title="Other", question="What?", engine="dask", processes=2, file="elsewhere.toml")
    assert same.hash() == plan.hash()
    scenario = replace(plan.scenarios[0], title="Other words", run={"worlds": 9})
    assert replace(plan, scenarios=(scenario,)).hash() == plan.hash()


def test_everything_that_is_computed_is_part_of_the_hash() -> None:
    plan = replace(studies.grid("baseline", "free-run"), outcomes=("attacks",))
    changes: list[dict[str, Any]] = [
        {"worlds": 65},
        {"seed": 1},
        {"assumptions": "ranges"},
        {"reference": "free-run"},
        {"scenarios": plan.scenarios[::-1]},
        {"scenarios": (plan.scenarios[0], plan.scenarios[1].change({RESTRAINT: 0.7}))},
        {"outcomes": ("us_troops",)},
        {"series": ("attacks",)},
        {"vary": (Factor(RESTRAINT, values=(0.2, 0.5)),)},
        {"method": "list"},
        {"until": StoppingRule("attacks", 5, 640)},
        {"until": StoppingRule("attacks", 6, 640)},
    ]
    sampled = replace(plan, method="morris", vary=(Factor(RESTRAINT, low=0.2, high=0.9),), samples=4)
    others: list[dict[str, Any]] = [{"samples": 8}, {"levels": 6}, {"sampler_seed": 1}, {"method": "sobol"}]
    every = [(plan, {}), (sampled, {}), *((plan, c) for c in changes), *((sampled, c) for c in others)]
    hashes = [replace(one, **change).hash() for one, change in every]
    assert len(set(hashes)) == len(hashes), "two plans that compute different things share a hash"


def test_november_is_kept_only_where_the_run_holds_it() -> None:
    assert NOVEMBER not in studies.plan().outcomes
    long = studies.scenario(end=dt.date(2020, 12, 1))
    assert NOVEMBER in Plan("x", (long,), "baseline", 64).outcomes


def test_a_plan_made_in_code_is_checked_as_one_from_a_file() -> None:
    plan = studies.plan()
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"scenarios": ()}, "names 0"),
        (
            {"scenarios": (replace(plan.scenarios[0], name="../x"),), "reference": "../x"},
            "a name that no file can have",
        ),
        ({"method": "grid"}, "needs settings to vary"),
        ({"method": "none", "vary": (studies.LEVERAGE,)}, "cannot be used with settings to vary"),
        ({"vary": (studies.LEVERAGE, studies.LEVERAGE), "method": "grid"}, "given twice"),
        ({"series": tuple(SERIES)[:1] * 2}, "contains a duplicate"),
    ]
    for parts, problem in wrong:
        with pytest.raises(InputError, match=problem):
            replace(plan, **parts)


@st.composite
def settings_for(draw: st.DrawFn, method: str, points: int) -> tuple[Factor, ...]:
    """Some settings, in the form that a method needs."""
    names = draw(st.lists(st.sampled_from([*RANGED, *levers()]), min_size=1, max_size=5, unique=True))
    found = []
    for name in names:
        lever = levers().get(name)
        start = draw(st.none() | st.just(dt.date(2020, 3, 2))) if lever else None
        low, high = (lever.low, lever.high) if lever else catalogue()[name].range or (0, 0)
        if method in LISTED:
            values = lever_value(lever) if lever else st.floats(low, high, allow_subnormal=False)
            size = points if method == "list" else 1
            tried = draw(st.lists(values, min_size=size, max_size=size))
            unchanged = [UNCHANGED] if method == "grid" and draw(st.booleans()) else []
            found.append(Factor(name, start, values=(*unchanged, *tried)))
        else:
            found.append(Factor(name, start, low=low, high=high))
    return tuple(found)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any small plan."""
    method = draw(st.sampled_from(["none", *METHODS]))
    sampled = {"samples": draw(st.sampled_from([2, 4, 8])), "sampler_seed": draw(st.integers(0, 2**63 - 1))}
    until = draw(
        st.none() | st.builds(StoppingRule, st.just("attacks"), st.floats(0.001, 100), st.integers(1000, 5000))
    )
    words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30)
    return studies.plan(
        *draw(st.sampled_from([("baseline", "free-run"), ("no-review", "baseline")])),
        title=draw(words),
        question=draw(st.just("") | words),
        worlds=draw(st.integers(1, 1000)),
        seed=draw(st.integers(0, 2**63 - 1)),
        assumptions=draw(st.sampled_from(["point", "ranges"])),
        method=method,
        vary=() if method == "none" else draw(settings_for(method, 3)),
        outcomes=tuple(draw(st.lists(st.sampled_from([n for n in OUTCOMES if n != NOVEMBER]), unique=True))),
        series=tuple(draw(st.lists(st.sampled_from(list(SERIES)), unique=True))),
        until=until,
        engine=draw(st.sampled_from(["local", "dask", "tcp://10.0.0.1:8786"])),
        processes=draw(st.none() | st.integers(1, 256)),
        **(sampled if method in ("latin-hypercube", "sobol", "morris") else {}),
        **({"levels": draw(st.sampled_from([2, 4, 6]))} if method == "morris" else {}),
    )


@pytest.mark.slow
@EXAMPLES
@given(plan=plans())
def test_any_plan_reads_back_equal(plan: Plan) -> None:
    found = copied(plan)
    assert found == plan
    assert found.canonical() == plan.canonical()
    assert found.hash() == plan.hash()
    assert write_plan(found) == write_plan(plan), "a copy of the copy is the copy"
