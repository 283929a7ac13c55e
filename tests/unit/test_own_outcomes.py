"""Outcomes of one's own in a plan: read, written, hashed, computed with the study, and refused in one line."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import InputError
from sim.runs.runner import simulate
from sim.schema.outcomes import OUTCOMES
from sim.study.discovery.condition import read_condition
from sim.study.export import export
from sim.study.own_outcome import MOST, OwnOutcome
from sim.study.plan_reader import read_plan
from sim.study.query import query
from sim.study.report import report_html
from sim.study.summary import summarise
from tests.unit import studies
from tests.unit.test_study_plan import copied

VIOLENT = "days attacks > 100 before released_1000"
LAST = "last us_troops before decree"  # decree comes on day 9, so all worlds have a value; after it there would be none
OWN = {"violent_days": VIOLENT, "troops_after": "mean us_troops after decree"}
HEAD = 'title = "x"\nscenarios = ["baseline"]\nworlds = 64\n'

BAD: dict[str, list[str]] = {
    "own_outcomes = 5": ["own_outcomes = 5", "must be a table, not a number"],
    'own_outcomes = "total attacks"': ["own_outcomes", "must be a table, not text"],
    "[own_outcome]": ["own_outcome", "no such key", "did you mean own_outcomes?"],
    "[own_outcomes]\nx = 5": ["own_outcomes.x = 5", "must be such as"],
    "[own_outcomes]\nx = ['total attacks']": ["own_outcomes.x = a list of 1", "must be such as"],
    '[own_outcomes]\nx = ""': ['own_outcomes.x = ""', "no such aggregate at character 1"],
    '[own_outcomes]\nx = "days atacks > 5"': ["own_outcomes.x", "at character 6", "did you mean attacks?"],
    '[own_outcomes]\nx = "days attacks > 5 from 2022-01-01"': ["own_outcomes.x", "outside the days of the run"],
    '[own_outcomes]\nattacks = "total attacks"': ['own_outcomes = "attacks"', "already a name of Jirga's"],
    '[own_outcomes]\ntalks_open = "total attacks"': ['own_outcomes = "talks_open"', "already a name"],
    '[own_outcomes]\nworld = "total attacks"': ['own_outcomes = "world"', "already a name"],
    '[own_outcomes]\nday_attacks = "total attacks"': ['own_outcomes = "day_attacks"', "already a name"],
    '[own_outcomes]\n"two words" = "total attacks"': ['own_outcomes = "two words"', "cannot be the name of an outcome"],
    '[own_outcomes]\nViolent = "total attacks"': ['own_outcomes = "Violent"', "in lower case"],
    '[own_outcomes]\n"" = "total attacks"': ['own_outcomes = ""', "cannot be the name"],
    '[own_outcomes]\nx.y = "total attacks"': ["own_outcomes.x = a table of 1", "must be such as"],
    "[own_outcomes]\n" + "\n".join(f'x{n} = "total attacks"' for n in range(MOST + 1)): ["51 outcomes", "at most 50"],
    '[keep]\noutcomes = ["x"]\n[own_outcomes]\ny = "total attacks"': ['keep.outcomes = "x"', "no such name"],
    '[until]\non = "x"\ninterval = 1\nworlds_at_most = 99\n[own_outcomes]\nx = "total attacks"': ['until.on = "x"'],
}  # fmt: skip


@pytest.mark.parametrize("text", BAD)
def test_a_wrong_own_outcome_gets_one_clear_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(HEAD + text)
    with pytest.raises(InputError) as caught:
        read_plan(tmp_path / "study.toml")
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'study.toml'}: "), message
    assert message.isprintable(), message
    for part in BAD[text]:
        assert part in message, f"{part!r} is not in {message!r}"


def test_a_plan_with_own_outcomes_is_read_and_written(tmp_path: Path) -> None:
    lines = "".join(f'{name} = "{text}"\n' for name, text in OWN.items())
    (tmp_path / "study.toml").write_text(f'{HEAD}[keep]\noutcomes = ["attacks"]\n[own_outcomes]\n{lines}')
    plan = read_plan(tmp_path / "study.toml")
    assert plan.outcomes == ("attacks", *OWN)
    assert {one.name: one.expression.text for one in plan.own} == OWN
    assert copied(plan) == plan
    assert copied(plan).hash() == plan.hash()
    assert plan.outcome("violent_days").unit == "days"


def test_the_hash_is_that_of_what_is_computed() -> None:
    bare, own = studies.plan(), studies.plan(own_outcomes=OWN)
    assert "own_outcomes" not in bare.canonical(), "plans of before keep their hash"
    spaced = studies.plan(own_outcomes={name: text.replace(" ", "   ") for name, text in OWN.items()})
    assert own.hash() == spaced.hash() != bare.hash()
    assert own.hash() != studies.plan(own_outcomes=OWN | {"violent_days": "days attacks > 200"}).hash()
    assert own.outcomes == (*bare.outcomes, *OWN)
    assert replace(own, title="Other") == replace(studies.plan(own_outcomes=OWN), title="Other")


@pytest.mark.parametrize("given", [5, "total attacks", [VIOLENT], {5: VIOLENT}, {"x": None}])
def test_python_gives_expressions_by_name(given: Any) -> None:
    with pytest.raises(InputError, match="own_outcomes"):
        studies.plan(own_outcomes=given)


def test_a_record_has_a_name_and_an_expression() -> None:
    with pytest.raises(InputError, match="must be an expression, not text"):
        OwnOutcome("x", "total attacks")  # type: ignore[arg-type]  # the point


@pytest.mark.slow
def test_own_outcomes_are_computed_with_the_study(tmp_path: Path) -> None:
    plan = studies.grid(own_outcomes=OWN | {"before": LAST}, outcomes=("attacks",), series=("attacks",), worlds=6)
    folder, _ = studies.filled(tmp_path / "study", plan)
    table = folder.table()
    daily = np.array(table["daily_attacks"].to_pylist())
    assert table["violent_days"].to_pylist() == (daily > 100).sum(axis=1).tolist(), "nobody is released in three days"
    assert set(table["troops_after"].to_pylist()) == {None}, "no decree in three days: unknown, and not NaN"
    assert folder.schema.field("violent_days").metadata == {b"unit": b"days", b"label": b"Violent days"}
    alone = simulate(plan.scenarios[0].with_settings(["taliban.leverage=0.5"]), 6)
    assert table["before"].to_pylist()[6:12] == alone.arrays["us_troops"][:, -1].tolist()
    found = summarise(folder)
    assert found.cells.n[0, :, found.column("troops_after")].tolist() == [0, 0, 0]
    assert found.cells.mean[0, 0, found.column("violent_days")] == pytest.approx((daily[:6] > 100).sum(axis=1).mean())
    assert "Violent days" in report_html(folder)
    assert query(folder, "select sum(violent_days) as s from results")["s"].to_pylist() == [(daily > 100).sum()]
    assert (export(folder, tmp_path / "tables", "csv") / "results.csv").read_text().count("violent_days") == 1


def test_discovery_knows_own_outcomes() -> None:
    plan = studies.plan(own_outcomes=OWN)
    found = read_condition("violent_days > 2", plan.outcomes, plan.scenarios[0].start, plan.records)
    assert found.holds({"violent_days": np.array([1.0, 3.0])}).tolist() == [False, True]
    with pytest.raises(InputError, match="did you mean violent_days"):
        read_condition("violent_day > 2", plan.outcomes, plan.scenarios[0].start, plan.records)
    assert "violent_days" not in OUTCOMES
