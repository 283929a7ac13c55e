"""Common random numbers: world k of a seed is bit for bit the same world, however and wherever it is run."""

import datetime as dt
import hashlib
import os
import subprocess
import sys
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.model import PeaceProcess
from sim.engine.random_streams import BLOCK, RandomStreams
from sim.inputs.parameters import ParameterSet, catalogue
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario, scenario_names
from sim.results.results import Results
from sim.runs.parameter_sampling import draw_parameters
from sim.runs.runner import simulate
from sim.schema.assumptions import Assumptions
from tests.verification.anything import STEADY, Case, cases
from tests.verification.watched import lived, unlike

pytestmark = pytest.mark.slow

SEED = 7
MANY = 1000
ROOT = Path(__file__).parents[2]
SPRING = dt.date(2020, 5, 1)


@lru_cache(maxsize=2)
def thousand(assumptions: Assumptions) -> Results:
    """Return a thousand worlds of the whole baseline."""
    return simulate(load_scenario("baseline"), MANY, SEED, assumptions=assumptions)


def parts(run: Results, where: slice = slice(None)) -> dict[str, bytes]:
    """Return all data of some worlds of a run, as bytes."""
    days = {f"day of {name}": value[where].tobytes() for name, value in run.milestone_day.items()}
    reasons = {f"reason of {name}": value[where].tobytes() for name, value in run.milestone_reason.items()}
    return {name: rows[where].tobytes() for name, rows in run.arrays.items()} | days | reasons


def unequal(a: dict[str, bytes], b: dict[str, bytes]) -> list[str]:
    """Return the names of the parts that differ."""
    return [name for name in a if a[name] != b[name]]


@pytest.mark.parametrize("assumptions", ["point", "ranges"])
@pytest.mark.parametrize("world", [0, 1, BLOCK - 1, BLOCK, 511, 512, MANY - 1])
def test_a_world_asked_for_alone_is_the_one_among_a_thousand(world: int, assumptions: Assumptions) -> None:
    alone = simulate(load_scenario("baseline"), 1, SEED, assumptions=assumptions, first=world)
    among = parts(thousand(assumptions), slice(world, world + 1))
    assert not unequal(parts(alone), among), f"world {world}"


@pytest.mark.parametrize(("first", "worlds"), [(0, 10), (60, 10), (500, 17), (3, 130)])
def test_a_few_worlds_are_those_among_a_thousand(first: int, worlds: int) -> None:
    few = simulate(load_scenario("baseline"), worlds, SEED, first=first)
    assert not unequal(parts(few), parts(thousand("point"), slice(first, first + worlds)))


@pytest.mark.parametrize("name", scenario_names())
def test_a_world_is_the_same_alone_and_among_others_under_every_scenario(name: str) -> None:
    made = load_scenario(name)
    made = made.with_dates(end=made.start + dt.timedelta(45))
    nine = simulate(made, 9, SEED)
    assert not unequal(parts(simulate(made, 1, SEED, first=5)), parts(nine, slice(5, 6)))


@settings(STEADY, max_examples=15)
@given(cases(most_worlds=9), st.integers(0, 3))
def test_a_world_is_the_same_alone_and_among_others_under_any_scenario(given_case: Case, world: int) -> None:
    c = given_case
    alone = simulate(c.scenario, 1, c.seed, first=c.first + world)
    among = simulate(c.scenario, c.worlds, c.seed, first=c.first)
    assert not unequal(parts(alone), parts(among, slice(world, world + 1)))


@pytest.mark.parametrize("chunk", [BLOCK, 100])
def test_how_many_worlds_step_at_once_changes_no_bit(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.runs.runner.CHUNK", chunk)
    again = simulate(load_scenario("baseline"), 300, SEED)
    assert not unequal(parts(again), parts(thousand("point"), slice(0, 300)))


def digest(run: Results) -> str:
    """Return the SHA-256 of all data of a run."""
    return hashlib.sha256(b"".join(parts(run).values())).hexdigest()


def test_another_process_lives_the_same_worlds() -> None:
    code = (
        "from tests.verification.test_same_luck import digest, load_scenario, simulate\n"
        f"print(digest(simulate(load_scenario('baseline'), 20, {SEED}, first=50)))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "12345", "PYTHONPATH": str(ROOT)}
    asked = [sys.executable, "-c", code]
    there = subprocess.run(asked, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    assert there.stdout.strip() == digest(simulate(load_scenario("baseline"), 20, SEED, first=50))


def test_a_new_stream_that_somebody_else_draws_from_changes_no_bit() -> None:
    base = load_scenario("baseline").with_dates(end=SPRING)
    model = PeaceProcess(base, 9, SEED, collect=False)
    news = model.streams.stream("somebody.elses.news", 50)
    for _ in range(base.days):
        news.draw()
        model.step()
    assert not unlike(lived(base, 9, SEED), model.record)


def test_seed_0_works_and_no_two_seeds_share_their_luck() -> None:
    base = load_scenario("baseline").with_dates(end=SPRING)
    runs = [simulate(base, 4, seed).arrays["attacks"].tobytes() for seed in (0, 1, 2, 2**63 - 1)]
    assert len(set(runs)) == len(runs)
    assert runs[0] == simulate(base, 4, 0).arrays["attacks"].tobytes()


def test_no_two_worlds_share_their_luck() -> None:
    attacks = thousand("point").arrays["attacks"]
    assert len({row.tobytes() for row in attacks}) == MANY


def test_a_parameter_given_world_by_world_gives_the_bits_of_the_number() -> None:
    """Every uncertain number as an array of equal values."""
    base, worlds = load_scenario("baseline").with_dates(end=dt.date(2020, 6, 1)), 9
    sizes = ("prisoners.weighs_every", "kabul.brokers.number")
    names = [name for name, p in catalogue().items() if p.uncertain and name not in sizes]
    arrays = ParameterSet.resolve({name: np.full(worlds, catalogue()[name].value) for name in names})
    spread = PeaceProcess(base, worlds, SEED, parameters=arrays, collect=False).run()
    assert not unlike(lived(base, worlds, SEED), spread)


def test_what_is_derived_from_an_array_is_what_is_derived_from_the_number() -> None:
    """Every uncertain number at its value and at both ends of its range, alone and as an array of equal values."""
    unlike_ = []
    for name, parameter in catalogue().items():
        if not parameter.uncertain or parameter.type != "float":
            continue
        for value in (parameter.value, *(parameter.range or ())):
            single, array = ParameterSet.resolve({name: value}), ParameterSet.resolve({name: np.full(3, value)})
            follow = [other for other in catalogue() if isinstance(array[other], np.ndarray)]
            unlike_ += [
                f"{other} with {name} = {value}: {np.float32(single[other])!r} and {array[other][0]!r}"
                for other in follow
                if not (array[other] == np.float32(single[other])).all()
            ]
    assert not unlike_


def quiet(**more: Any) -> Scenario:
    """Return the baseline without feedback: orders imposed; no revenge, imitation, truces, deaths or returns."""
    settings_ = {
        "fronts.grievance": 0,
        "fronts.imitation": 0,
        "security_forces.taliban_killed_per_attack": 0,
        "security_forces.taliban_killed_per_offensive": 0,
        "security_forces.taliban_killed_per_airstrike": 0,
        "kabul.ghani.offer": 0,
        "taliban.intensity": 1.0,
        "taliban.pause": False,
    }
    given_ = {name.replace("__", "."): value for name, value in more.items()}
    return load_scenario("baseline").with_dates(end=dt.date(2020, 7, 1)).change(settings_ | given_)


@pytest.mark.parametrize("rule", ["taliban__intensity", "fronts__attacks_2019"])
def test_without_feedback_a_higher_rate_never_gives_fewer_attacks(rule: str) -> None:
    usual = {"taliban__intensity": 1.0, "fronts__attacks_2019": 58.8}[rule]
    rates = [usual * ratio for ratio in (0.2, 0.5, 0.99, 1.0, 1.01, 1.5, 2.5)]
    counts = [simulate(quiet(**{rule: rate}), 100, SEED).arrays["attacks"] for rate in rates]
    for (low, fewer), (high, more) in pairwise(zip(rates, counts, strict=True)):
        fell = np.argwhere(more < fewer)
        assert not fell.size, f"{rule} from {low} to {high}: fewer attacks in {len(fell)} world-days, first {fell[:1]}"
        assert (more > fewer).any(), f"{rule} from {low} to {high} moves no count"


def test_worlds_draw_the_same_parameters_under_every_scenario() -> None:
    drawn = draw_parameters(RandomStreams(SEED, 50), {})
    fixed = draw_parameters(RandomStreams(SEED, 50), {"taliban.restraint": 0.5})
    assert set(drawn) - set(fixed) == {"taliban.restraint"}
    for name, values in fixed.items():
        assert values.tobytes() == drawn[name].tobytes(), name
        assert values[7:8].tobytes() == draw_parameters(RandomStreams(SEED, 1, 7), {})[name].tobytes(), name


def test_drawn_parameters_lie_in_their_ranges_and_fill_them() -> None:
    """The mean of 4,096 uniforms is within 5 standard errors of the middle; 200 parameters: probability below 2e-4."""
    drawn = draw_parameters(RandomStreams(SEED, 4096), {})
    assert len(drawn) > 100
    for name, values in drawn.items():
        low, high = catalogue()[name].range or (0, 0)
        assert values.min() >= np.float32(low), f"{name}: {values.min()} below {low}"
        assert values.max() <= np.float32(high), f"{name}: {values.max()} above {high}"
        away = abs(values.mean(dtype=np.float64) - (low + high) / 2) / ((high - low) / np.sqrt(12 * len(values)))
        assert away < 5, f"{name}: mean {values.mean()} of a range from {low} to {high}"


def test_every_uncertain_parameter_with_a_range_is_drawn() -> None:
    drawn = draw_parameters(RandomStreams(SEED, 1), {})
    wide = {name for name, p in catalogue().items() if p.uncertain and p.range and p.range[1] > p.range[0]}
    assert set(drawn) == wide
