"""Distributions of sampled settings: their quantiles, their place in a plan, and what is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest

from sim.errors import InputError
from sim.study.design import design
from sim.study.distribution import Discrete, Normal, Triangular
from sim.study.factor import Factor
from sim.study.plan import Plan
from sim.study.plan_reader import read_plan
from tests.unit import studies
from tests.unit.test_study_plan import copied
from tests.verification.anything import STEADY

LEVERAGE, TRUCE, NUMBER = "taliban.leverage", "taliban.truce", "kabul.brokers.number"
LOW, HIGH = 0.2, 0.9
HEAD = 'title = "x"\nscenarios = ["baseline"]\n[vary]\nmethod = "{method}"\nsamples = {samples}\n[vary.settings]\n'


def read(folder: Path, *lines: str, method: str = "latin-hypercube", samples: int = 64) -> Plan:
    """A plan with lines of [vary.settings]."""
    (folder / "study.toml").write_text(HEAD.format(method=method, samples=samples) + "\n".join(lines))
    return read_plan(folder / "study.toml")


def test_distributions_are_read_written_and_hashed(tmp_path: Path) -> None:
    plan = read(
        tmp_path,
        f'"{LEVERAGE}" = {{ low = 0.2, high = 0.9, distribution = "triangular", mode = 0.3 }}',
        '"taliban.restraint" = { low = 0.2, high = 0.9, distribution = "normal", mean = 0.5, sd = 0.1 }',
        f'"{NUMBER}" = {{ distribution = "discrete", values = [80, 40, 60], weights = [1, 2, 1] }}',
        f'"{TRUCE}" = {{ distribution = "discrete", values = [true, false] }}',
        '"kabul.ghani.offer" = { low = 0, high = 5000, distribution = "uniform" }',
    )
    assert [one.distribution for one in plan.vary] == [
        Triangular(0.3), Normal(0.5, 0.1), Discrete((80, 40, 60), (1, 2, 1)), Discrete((True, False)), None,
    ]  # fmt: skip
    assert [(one.low, one.high) for one in plan.vary] == [(LOW, HIGH), (LOW, HIGH), (40, 80), (0, 1), (0, 5000)]
    assert copied(plan) == plan
    assert copied(plan).hash() == plan.hash()
    bare = read(tmp_path, f'"{LEVERAGE}" = {{ low = 0.2, high = 0.9 }}')
    assert bare.vary[0].canonical() == {"name": LEVERAGE, "low": LOW, "high": HIGH}, "plans of before keep their hash"
    spread = f'"{LEVERAGE}" = {{ low = 0.2, high = 0.9, distribution = "triangular", mode = 0.3 }}'
    assert bare.hash() != read(tmp_path, spread).hash()


@pytest.mark.parametrize("method", ["latin-hypercube", "sobol"])
def test_points_follow_the_distributions(method: str) -> None:
    vary = (
        Factor(LEVERAGE, low=LOW, high=HIGH, distribution=Triangular(0.3)),
        Factor("taliban.restraint", low=LOW, high=HIGH, distribution=Normal(0.5, 0.1)),
        Factor(NUMBER, distribution=Discrete((40, 60, 80), (1, 2, 1))),
        Factor("us.aid_cut", low=0, high=1),
    )
    found = design(studies.plan(method=method, vary=vary, samples=256, worlds=1)).values
    triangle, normal = found[LEVERAGE], found["taliban.restraint"]
    # The points are spread evenly, so that the distance from the distribution is far below that of random points, 0.1.
    assert kstest(triangle, "triang", args=((0.3 - LOW) / (HIGH - LOW), LOW, HIGH - LOW)).statistic < 0.02
    ends = (LOW - 0.5) / 0.1, (HIGH - 0.5) / 0.1
    assert kstest(normal, "truncnorm", args=(*ends, 0.5, 0.1)).statistic < 0.02
    assert kstest(found["us.aid_cut"], "uniform").statistic < 0.02
    values, times = np.unique(found[NUMBER], return_counts=True)
    assert values.tolist() == [40, 60, 80]
    np.testing.assert_allclose(times / times.sum(), [0.25, 0.5, 0.25], atol=0.02)


def test_uniform_points_are_those_of_before() -> None:
    bare = (Factor(LEVERAGE, low=LOW, high=HIGH), Factor("us.aid_cut", low=0, high=1))
    mixed = (bare[0], Factor("us.aid_cut", low=0, high=1, distribution=Triangular(0.5)))
    alone, beside = (
        design(studies.plan(method="latin-hypercube", vary=vary, samples=16)).values[LEVERAGE] for vary in (bare, mixed)
    )
    assert np.array_equal(alone, beside)


@pytest.mark.slow
@settings(STEADY, max_examples=60)
@given(st.floats(LOW, HIGH), st.floats(0.01, 10), st.lists(st.floats(0, 1), min_size=2, max_size=9))
def test_quantiles_rise_and_stay_within_their_bounds(middle: float, sd: float, shares: list[float]) -> None:
    for one in (Triangular(middle), Normal(middle, sd)):
        found = one.quantile(np.sort(shares), LOW, HIGH)
        assert np.isfinite(found).all(), one
        assert (np.diff(found) >= -1e-12).all(), one
        assert found.min() >= LOW - 1e-9, one
        assert found.max() <= HIGH + 1e-9, one


ENDS = "low = 0.2, high = 0.9, "
BAD: dict[str, list[str]] = {
    f'"{LEVERAGE}" = {{ {ENDS}distribution = "triangle", mode = 0.5 }}': ["distribution", "did you mean triangular?"],
    f'"{LEVERAGE}" = {{ {ENDS}distribution = 5 }}': [f"{LEVERAGE}.distribution = 5", "must be text"],
    f'"{LEVERAGE}" = {{ {ENDS}distribution = "triangular" }}': [f"{LEVERAGE}", "has no mode"],
    f'"{LEVERAGE}" = {{ {ENDS}distribution = "triangular", mode = 2 }}': [f"{LEVERAGE}.mode = 2", "0.2 to 0.9"],
    f'"{LEVERAGE}" = {{ {ENDS}distribution = "triangular", mode = nan }}': ["mode = nan", "finite"],
    f'"{LEVERAGE}" = {{ {ENDS}distribution = "triangular", mode = 0.5, sd = 1 }}': ["sd = 1", "is no part of"],
    f'"{LEVERAGE}" = {{ {ENDS}distribution = "normal", mean = 0.5 }}': ["has no sd"],
    f'"{LEVERAGE}" = {{ {ENDS}distribution = "normal", mean = 0.5, sd = 0 }}': ["sd = 0", "must be above 0"],
    f'"{LEVERAGE}" = {{ {ENDS}distribution = "normal", mean = 0.5, sd = -1 }}': ["sd = -1", "out of bounds"],
    f'"{LEVERAGE}" = {{ {ENDS}distribution = "normal", mean = 5, sd = 1 }}': ["mean = 5", "0.2 to 0.9"],
    f'"{LEVERAGE}" = {{ {ENDS}mode = 0.5 }}': [f"{LEVERAGE}.mode = 0.5", "needs a distribution"],
    f'"{LEVERAGE}" = {{ distribution = "discrete" }}': ["has no values"],
    f'"{LEVERAGE}" = {{ distribution = "discrete", values = [0.5] }}': ["values", "2 to 1000 values"],
    f'"{LEVERAGE}" = {{ distribution = "discrete", values = [0.5, 0.5] }}': ["must be different values"],
    f'"{LEVERAGE}" = {{ distribution = "discrete", values = [0.5, 700] }}': [f"{LEVERAGE} = 700", "out of bounds"],
    f'"{LEVERAGE}" = {{ distribution = "discrete", values = [0.5, "x"] }}': ["must be a number, not text"],
    f'"{LEVERAGE}" = {{ distribution = "discrete", values = [0.5, 0.6], weights = [1] }}': ["1 weights for 2 values"],
    f'"{LEVERAGE}" = {{ distribution = "discrete", values = [0.5, 0.6], weights = [1, 0] }}': ["must be above 0"],
    f'"{LEVERAGE}" = {{ distribution = "discrete", values = [0.5, 0.6], weights = [1, -1] }}': ["out of bounds"],
    f'"{LEVERAGE}" = {{ {ENDS}distribution = "discrete", values = [0.5, 0.6] }}': ["has values, not low and high"],
    f'"{TRUCE}" = {{ distribution = "triangular", mode = 0.5 }}': ["is yes or no: only a discrete distribution"],
}  # fmt: skip


@pytest.mark.parametrize("line", BAD)
def test_a_wrong_distribution_gets_one_clear_line(line: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, line)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'study.toml'}: "), message
    assert message.isprintable(), message
    for part in BAD[line]:
        assert part in message, f"{part!r} is not in {message!r}"


@pytest.mark.parametrize(
    ("method", "samples"), [("grid", {}), ("list", {}), ("morris", {"samples": 4}), ("one-at-a-time", {})]
)
def test_only_two_methods_take_distributions(method: str, samples: dict[str, Any]) -> None:
    values = {"values": (0.3, 0.4)} if method in ("grid", "list") else {"low": LOW, "high": HIGH}
    with pytest.raises(InputError, match="distribution"):
        studies.plan(method=method, vary=(Factor(LEVERAGE, distribution=Triangular(0.3), **values),), **samples)
