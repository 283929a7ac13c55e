"""Known answers: draws, moods, prisoners, troops and the arithmetic of 2019 against closed forms.

Where random numbers are involved the seed is fixed, and the significance level is the probability that a correct
engine would fail with another seed.
"""

import datetime as dt
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from sim.engine.model import PeaceProcess
from sim.engine.mood import Mood
from sim.engine.poisson import poisson
from sim.engine.random_streams import BLOCK, RandomStreams, Stream
from sim.inputs.facts import facts
from sim.inputs.parameters import ParameterSet
from sim.inputs.scenario_reader import load_scenario
from sim.runs.runner import simulate
from sim.schema.decisions import GhaniDecision

Array = npt.NDArray[Any]

ULP = 2.0**-24  # uniforms are odd multiples of it
# The error of a distribution function in float32: counts can only differ for uniforms that close to a step.
CLOSE = 4e-6
LEAST, MOST = np.float32(ULP), np.float32(1 - ULP)
MEANS = np.array([0, 1e-6, 1e-3, 0.02, 0.3, 1, 2.5, 3, 5, 8, 12, 20, 31, 60, 88, 104, 200, 450, 600], np.float32)


def lucks() -> Array:
    """Return uniforms over the whole unit interval, with both tails down to the most extreme possible value."""
    tails = ULP * (2.0 ** np.arange(1, 20) - 1)
    middle = (2 * np.random.default_rng(1).integers(0, 2**23, 4000) + 1) * ULP
    return np.unique(np.concatenate([tails, 1 - tails, middle, [LEAST, MOST]])).astype(np.float32)


@pytest.mark.parametrize("mean", MEANS)
@pytest.mark.parametrize("tried", [3, 8, 30])
def test_counts_are_the_poisson_quantile_of_the_luck(mean: np.float32, tried: int) -> None:
    """For any number of values that are tried for all entries at once before the rest is handled separately."""
    u = lucks()
    k = poisson(u[None], np.full_like(u, mean)[None], reach=[1] * tried)[0].astype(np.float64)
    exact = stats.poisson.ppf(u.astype(np.float64), float(mean))
    wide = u.astype(np.float64)
    below, upto = stats.poisson.cdf(k - 1, float(mean)), stats.poisson.cdf(k, float(mean))
    off = (below > wide + CLOSE) | (upto < wide - CLOSE)
    assert not off.any(), f"mean {mean}: luck {u[off][:3]} gives {k[off][:3]}, exact {exact[off][:3]}"
    apart = np.abs(k - exact)
    assert apart.max() <= 1, f"mean {mean}: {apart.max()} apart"
    assert (apart > 0).mean() < 1e-3, f"mean {mean}: {(apart > 0).sum()} of {len(u)} counts differ"


def test_nothing_happens_at_a_rate_of_zero() -> None:
    u = lucks()
    assert not poisson(u[None], np.zeros_like(u)[None]).any()


@pytest.mark.slow
def test_counts_have_the_mean_and_variance_of_a_poisson() -> None:
    """A million draws each: a difference of 5 standard errors has a probability below 1e-6 each."""
    stream = RandomStreams(3, BLOCK * 16).stream("known", 1000)
    for mean in (0.05, 1.7, 9.0):
        u = stream.draw()
        k = poisson(u, np.full_like(u, mean)).astype(np.float64)
        error = np.sqrt(mean / k.size)
        assert abs(k.mean() - mean) < 5 * error, f"mean {mean}: {k.mean()}"
        spread = np.sqrt((mean + 2 * mean**2) / k.size)  # of the variance of a Poisson
        assert abs(k.var() - mean) < 5 * spread, f"mean {mean}: variance {k.var()}"


def drawn(name: str, seed: int = 5, first: int = 0) -> Array:
    """Return about 200,000 uniforms of a stream."""
    stream = Stream(seed, name, 50, BLOCK, first)
    return np.stack([stream.draw().copy() for _ in range(64)]).astype(np.float64)


def test_luck_is_uniform() -> None:
    """Kolmogorov-Smirnov tests and bit frequencies of six streams: probability of a false alarm below 1e-3 in total."""
    for name in ("fronts.attacks", "talks.open", "a"):
        for first in (0, 3 * BLOCK):
            u = drawn(name, first=first)
            found = stats.kstest(u.reshape(-1), "uniform")
            assert found.pvalue > 1e-4, f"{name}, worlds from {first}: {found}"
            whole = (u.reshape(-1) / ULP).astype(np.int64)
            assert (whole % 2 == 1).all(), "an even multiple of 2**-24"
            for bit in range(1, 24):
                z = ((whole >> bit & 1).mean() - 0.5) * 2 * np.sqrt(whole.size)
                assert abs(z) < 5, f"{name}: bit {bit} is set too often or too seldom, z = {z:.1f}"


def test_streams_blocks_seeds_days_and_worlds_are_independent() -> None:
    """Correlations of 200,000 pairs are within 5 standard errors: probability of a false alarm below 1e-5 in total."""
    runs = {
        "a": drawn("a"),
        "b": drawn("b"),
        "another block": drawn("a", first=BLOCK),
        "another seed": drawn("a", seed=6),
        "a longer name": drawn("a."),
    }
    for (one, u), (other, v) in combinations(runs.items(), 2):
        z = np.corrcoef(u.reshape(-1), v.reshape(-1))[0, 1] * np.sqrt(u.size)
        assert abs(z) < 5, f"{one} and {other}: z = {z:.1f}"
    for axis, what in enumerate(("days", "members", "worlds")):
        u = np.moveaxis(runs["a"], axis, 0)
        z = np.corrcoef(u[:-1].reshape(-1), u[1:].reshape(-1))[0, 1] * np.sqrt(u[1:].size)
        assert abs(z) < 5, f"neighbouring {what}: z = {z:.1f}"


def test_a_stream_has_the_bits_that_it_always_had() -> None:
    """Worlds 0 to 4 of seed 7: a change here would change the random numbers of all runs."""
    found = [int(x / ULP) for x in Stream(7, "golden", 1, 5, 0).draw()[0].astype(np.float64)]
    assert found == GOLDEN, found
    later = Stream(7, "golden", 3, 2, BLOCK + 1)
    assert [int(x / ULP) for x in later.draw().reshape(-1).astype(np.float64)] == GOLDEN_LATER


GOLDEN = [725519, 5887207, 10265289, 5707033, 10898147]
GOLDEN_LATER = [2497365, 8542481, 11057633, 10389681, 9158377, 565169]


def test_moods_keep_their_spread_and_memory() -> None:
    """4,096 worlds: a difference of 5 standard errors has a probability below 1e-5 in total."""
    worlds, spread, memory = 4096, 0.08, 40.0
    mood = Mood(RandomStreams(3, worlds), "test.mood", np.float32(spread), np.float32(memory))
    error = spread / np.sqrt(2 * worlds)
    first = mood.value.copy()
    assert abs(first.std(dtype=np.float64) - spread) < 5 * error, first.std()
    for _ in range(200):
        before, after = mood.value.copy(), mood.draw().copy()
    assert abs(after.std(dtype=np.float64) - spread) < 5 * error, after.std()
    assert abs(after.mean(dtype=np.float64)) < 5 * spread / np.sqrt(worlds), after.mean()
    kept = np.corrcoef(before, after)[0, 1]
    assert abs(kept - (1 - 1 / memory)) < 0.01, f"keeps {kept} of itself, not {1 - 1 / memory}"
    assert abs(np.corrcoef(first, after)[0, 1]) < 5 / np.sqrt(worlds) + (1 - 1 / memory) ** 200


def everybody_out(worlds: int, **parameters: Any) -> PeaceProcess:
    """Return a model in which the whole list is released before the first day."""
    base = replace(load_scenario("free-run"), parameters={n.replace("__", "."): v for n, v in parameters.items()})
    model = PeaceProcess(base, worlds, 9, collect=False)
    flag, number = np.ones(worlds, bool), model.filled(1)
    order = GhaniDecision(
        number * 5000, number * 5000, ~flag, ~flag, monitoring=number, share_offered=number, posture=number
    )
    model.prisoners.release(order, number, flag)
    assert (model.prisoners.released == 5000).all()
    return model


@pytest.mark.parametrize(("violence", "monitoring", "stage"), [(1.0, 0.0, 0), (1.6, 0.4, 0), (3.0, 0.0, 1)])
def test_those_who_return_follow_the_exponential_law(violence: float, monitoring: float, stage: int) -> None:
    """Share back at a front after 4 turns of 28 days, over 64 worlds of 5,000; 5 standard errors."""
    worlds, turns = 64, 4
    model = everybody_out(worlds)
    p = model.prisoners.p
    one = model.filled(1)
    s = replace(model.state.situation(model, model.parties), violence=one * violence, stage=one * stage)
    for day in range(turns * 28):
        model.prisoners.draw_returns(day, s, one * monitoring)
    pull = p.pull_a_day * 28 * turns * violence
    pull *= (1 - p.monitoring_effect * monitoring) * (1 - p.talks_effect * (stage > 0))
    grades = {float(p.low_risk): p.low_risk_share, float(p.medium_risk): p.medium_risk_share}
    grades[float(p.high_risk)] = 1 - p.low_risk_share - p.medium_risk_share
    signs = {1 - p.pledge_effect: p.sign_if_allowed, 1.0: 1 - p.sign_if_allowed}
    share = sum(a * b * (1 - np.exp(-pull * risk * held)) for risk, a in grades.items() for held, b in signs.items())
    found = model.prisoners.returned.mean(dtype=np.float64) / 5000
    error = np.sqrt(share * (1 - share) / (5000 * worlds))
    assert abs(found - share) < 5 * error, f"{found:.5f} back, expected {share:.5f} ± {error:.5f}"


def test_nobody_returns_where_nothing_pulls() -> None:
    model = everybody_out(4, prisoners__pull_a_day=0.0)
    s = model.state.situation(model, model.parties)
    for day in range(60):
        assert not model.prisoners.draw_returns(day, s, model.filled(0)).any()


def test_the_rates_of_2019_add_up_to_the_text() -> None:
    p, f = ParameterSet.resolve(), {name: fact.value for name, fact in facts().items()}
    days = f["window_days"]
    attacks, lethality = p["fronts.attacks_2019"], p["security_forces.lethality"]
    offensives, airstrikes = p["security_forces.offensives_2019"], p["security_forces.airstrikes_2019"]
    assert attacks * days == pytest.approx(4500 / 1.7, rel=1e-6)
    assert (offensives + airstrikes) * days == pytest.approx(1660, rel=1e-6)
    averted = 1 - p["security_forces.air_shield"]
    fallen = attacks * lethality * averted + offensives * p["security_forces.lethality_offensive"]
    assert fallen * days == pytest.approx(520, rel=1e-6)
    killed = attacks * p["security_forces.taliban_killed_per_attack"]
    killed += offensives * p["security_forces.taliban_killed_per_offensive"]
    killed += airstrikes * p["security_forces.taliban_killed_per_airstrike"]
    assert killed == pytest.approx(p["security_forces.taliban_killed_2019"], rel=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize(("series", "expected"), [
    ("attacks", 4500 / 1.7),
    ("security_forces_killed", 520),
    ("offensives_and_airstrikes", 1660),
    ("taliban_killed", 1660),
])  # fmt: skip
def test_the_window_of_2019_gives_what_it_was_reckoned_from(series: str, expected: float) -> None:
    """Means over 400 worlds within 1 %, because differences between commanders change the rates a little."""
    found = simulate(load_scenario("same-window-2019"), 400, 3).arrays[series].sum(axis=1).mean()
    assert found == pytest.approx(expected, rel=0.01)


@pytest.mark.slow
def test_troops_leave_on_the_promised_path_where_nothing_holds_them() -> None:
    free = load_scenario("free-run").change({"us.conditionality": 0, "taliban.truce": True})
    run = simulate(free, 4, 3, assumptions="point")
    troops = run.arrays["us_troops"]
    path = {dt.date(2020, 3, 9): 13000, dt.date(2020, 7, 12): 8600, dt.date(2020, 10, 31): 5000}
    for date, expected in path.items():
        np.testing.assert_allclose(troops[:, run.index(date)], expected, atol=2, err_msg=str(date))


@pytest.mark.slow
def test_trust_closes_a_fixed_share_of_its_gap_each_day() -> None:
    """If nothing earns trust, the distance to its base decreases as (1 - speed) to the power of the days."""
    deeds = ("shared", "joint")
    free = load_scenario("free-run").change({f"trust.ghani_abdullah_{deed}": 0 for deed in deeds})
    changed = free.change({"trust.ghani_abdullah_start": 0.9, "trust.ghani_abdullah_base": 0.1, "trust.speed": 0.05})
    run = simulate(changed, 3, 3).arrays["trust_ghani_abdullah"]
    expected = 0.1 + 0.8 * (1 - 0.05) ** np.arange(1, run.shape[1] + 1)
    np.testing.assert_allclose(run, np.broadcast_to(expected, run.shape), rtol=1e-4)


def test_releases_count_by_name_and_with_a_delay() -> None:
    """A list of which a fifth is of high risk and counts double; what is not verified yet falls by a tenth per day."""
    shares = {"prisoners.low_risk_share": 0.5, "prisoners.medium_risk_share": 0.3, "prisoners.sign_alone": 1.0}
    names = {"taliban.name_weight": 2.0, "taliban.verification_days": 10.0}
    scenario = load_scenario("baseline").change({**shares, **names})
    model = PeaceProcess(scenario, worlds=2)
    prisoners, taliban = model.prisoners, model.taliban
    for released, worth in ((0, 0.0), (1200, 1000.0), (4000, 4000 / 1.2), (4500, 5000 / 1.2), (5000, 5000.0)):
        prisoners.freed[0] = prisoners.released = np.full(2, released, np.float32)
        np.testing.assert_allclose(prisoners.worth(2.0), worth, rtol=1e-6)
        np.testing.assert_allclose(prisoners.worth_offered(prisoners.released, 2.0), worth, rtol=1e-6)
        np.testing.assert_array_equal(prisoners.worth(1.0), released)
    for _ in range(20):
        taliban.verify(np.full(2, 5000, np.float32))
    np.testing.assert_allclose(taliban.counted, 5000 * (1 - 0.9**20), rtol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["baseline", "truce-broken", "lasting-reduction"])
def test_every_state_has_single_precision(name: str) -> None:
    """Double precision in one place would spread to all, and make runs slower and differ between batches."""
    model = PeaceProcess(load_scenario(name), worlds=3)
    for _ in range(60):
        model.step()
    owners = [*model.agents, model.talks, model.situation, model.state]
    states = [(owner, key, value) for owner in owners for key, value in _fields(owner).items()]
    states += [(model.trust, pair, level) for pair, level in model.trust.level.items()]
    double = [
        (type(owner).__name__, key)
        for owner, key, value in states
        if isinstance(value, np.ndarray) and value.dtype == np.float64
    ]
    assert not double


def _fields(owner: Any) -> dict[str, Any]:
    """Return the attributes of an object, with or without slots."""
    return vars(owner) if hasattr(owner, "__dict__") else {name: getattr(owner, name) for name in owner.__slots__}
