"""Pairs of settings: rank correlations of a Latin hypercube, and second-order Sobol indices."""

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from sim.errors import InputError
from sim.study import sensitivity
from sim.study.correlation import Correlation
from sim.study.design import Design, design
from sim.study.discovery.read_cases import fresh_points
from sim.study.distribution import Triangular
from sim.study.factor import Factor
from sim.study.influence import influence
from sim.study.outcome_view import OutcomeView
from sim.study.plan import Plan
from sim.study.plan_reader import read_plan
from sim.study.summary import summarise
from tests.unit import studies
from tests.unit.made_up import ASK, LEVERAGE, RESTRAINT, Array, MadeUp, plan
from tests.unit.test_study_plan import copied

VARY = (
    Factor(LEVERAGE, low=0.2, high=0.9),
    Factor(RESTRAINT, low=0.2, high=0.9, distribution=Triangular(0.4)),
    Factor("us.aid_cut", low=0, high=1),
)
PAIRS = (Correlation((LEVERAGE, RESTRAINT), -0.6), Correlation((RESTRAINT, "us.aid_cut"), 0.3))
HEAD = 'title = "x"\nscenarios = ["baseline"]\n[vary]\nmethod = "{method}"\nsamples = 64\n'
SETTINGS = '\n[vary.settings]\n"taliban.leverage" = { low = 0.2, high = 0.9 }\n"taliban.restraint" = "range"\n'


def read(folder: Path, line: str, method: str = "latin-hypercube") -> Plan:
    (folder / "study.toml").write_text(HEAD.format(method=method) + line + SETTINGS)
    return read_plan(folder / "study.toml")


def test_settings_have_their_rank_correlations_and_their_distributions() -> None:
    whole = studies.plan(method="latin-hypercube", vary=VARY, samples=400, worlds=1, correlations=PAIRS)
    alone = design(studies.plan(method="latin-hypercube", vary=VARY, samples=400, worlds=1)).values
    found = design(whole).values
    for name in found:
        assert np.array_equal(np.sort(found[name]), np.sort(alone[name])), f"{name} has other values"
    ranks: Array = np.asarray(spearmanr(np.stack(list(found.values()), axis=1)).statistic)
    # Correlation by chance is taken away from the scores; of 400 random points it would be 0.05 (one standard error).
    assert ranks[[0, 1, 0], [1, 2, 2]].tolist() == pytest.approx([-0.6, 0.3, 0.0], abs=0.05)
    fresh = fresh_points(whole, design(whole), 4000).values
    assert spearmanr(fresh[LEVERAGE], fresh[RESTRAINT]).statistic < -0.4, "fresh points are correlated, too"


def test_pairs_are_read_written_and_hashed(tmp_path: Path) -> None:
    line = 'correlations = [{ between = ["taliban.leverage", "taliban.restraint"], rank = 0.5 }]'
    found, bare = read(tmp_path, line), read(tmp_path, "")
    assert found.correlations == (Correlation(("taliban.leverage", "taliban.restraint"), 0.5),)
    assert copied(found) == found
    assert "correlations" not in bare.canonical()
    assert found.hash() != bare.hash()
    second, first = read(tmp_path, "second_order = true", "sobol"), read(tmp_path, "second_order = false", "sobol")
    assert copied(second) == second
    assert (first.points, second.points) == (64 * 4, 64 * 6)
    assert "second_order" not in first.canonical()


BETWEEN = 'between = ["taliban.leverage", "taliban.restraint"]'
BAD: dict[str, list[str]] = {
    "correlations = 5": ["vary.correlations = 5", "must be a list of tables"],
    "correlations = [5]": ["vary.correlations = 5", "must be a table"],
    "correlations = [{}]": ["vary.correlations", "has no between"],
    f"correlations = [{{ {BETWEEN} }}]": ["vary.correlations", "has no rank"],
    f"correlations = [{{ {BETWEEN}, rank = 2 }}]": ["vary.correlations.rank = 2", "-0.99 to 0.99"],
    f"correlations = [{{ {BETWEEN}, rank = nan }}]": ["vary.correlations.rank = nan", "finite"],
    f"correlations = [{{ {BETWEEN}, rnak = 0.5 }}]": ["vary.correlations.rnak", "did you mean rank?"],
    'correlations = [{ between = ["taliban.leverage"], rank = 0.5 }]': ["between", "must be two settings"],
    'correlations = [{ between = ["taliban.leverage", "taliban.leverage"], rank = 0.5 }]': ["must be two settings"],
    'correlations = [{ between = ["taliban.leverge", "taliban.restraint"], rank = 0.5 }]': [
        "is not varied", "did you mean taliban.leverage?",
    ],
    f"correlations = [{{ {BETWEEN}, rank = 0.5 }}, {{ {BETWEEN}, rank = 0.4 }}]": ["given twice"],
    "second_order = 1": ["vary.second_order = 1", "must be true or false"],
    "second_order = true": ["vary.second_order = true", "only sobol has indices of pairs"],
}  # fmt: skip


@pytest.mark.parametrize("line", BAD)
def test_wrong_pairs_get_one_clear_line(line: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, line)
    for part in BAD[line]:
        assert part in str(caught.value), f"{part!r} is not in {str(caught.value)!r}"
    assert str(caught.value).isprintable()


def test_correlations_that_exclude_each_other_are_refused() -> None:
    three = [Correlation(pair, 0.9) for pair in ((LEVERAGE, RESTRAINT), (RESTRAINT, "us.aid_cut"))]
    three.append(Correlation((LEVERAGE, "us.aid_cut"), -0.9))
    with pytest.raises(InputError, match="contradictory: no settings can have these"):
        studies.plan(method="latin-hypercube", vary=VARY, samples=64, correlations=three)
    with pytest.raises(InputError, match="only a latin-hypercube"):
        studies.plan(method="sobol", vary=VARY, samples=64, correlations=three[:1])


def product(_: int, points: Design, at: Array, worlds: Array) -> dict[str, Array]:
    """An outcome that is the product of two settings, and hardly depends on the third."""
    u, v = (2 * (points.values[name] - 0.5) for name in (LEVERAGE, RESTRAINT))
    return {"attacks": (1000 + 100 * u * v + points.values[ASK])[at] + 0.0 * worlds}


def test_the_interaction_of_a_product_is_found() -> None:
    """For u v with u, v uniform on -1 to 1 all of the variance is the interaction: S1 is 0, S2 is 1."""
    vary = (Factor(LEVERAGE, low=0, high=1), Factor(RESTRAINT, low=0, high=1), Factor(ASK, low=0.1, high=0.2))
    made = plan(*vary, method="sobol", samples=512, worlds=1, second_order=True, outcomes=("attacks",))
    found = summarise(MadeUp(made, product))
    first, *others = sensitivity.sobol_pairs(found, 0, "attacks")
    assert (first.setting, first.other) == (LEVERAGE, RESTRAINT)
    assert first.second == pytest.approx(1, abs=0.05), first
    assert all(abs(one.second) < 0.05 for one in others), others
    assert all(abs(one.first) < 0.05 for one in sensitivity.sobol(found, 0, "attacks"))
    tables = [
        one
        for one in influence(OutcomeView(found, "attacks"))
        if "pairs of settings" in str(getattr(one, "title", one))
    ]
    assert len(tables) == 1
    bare = plan(*vary, method="sobol", samples=8, worlds=1, outcomes=("attacks",))
    assert sensitivity.sobol_pairs(summarise(MadeUp(bare, product)), 0, "attacks") == []
