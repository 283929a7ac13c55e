"""Discovery in a study: conditions, margins, cases, a planted lever, and what is refused."""

import datetime as dt
import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.inputs.parameters import ParameterSet, catalogue
from sim.inputs.scenario_reader import parse_scenario
from sim.study.discovery.cases import Cases
from sim.study.discovery.condition import read_condition
from sim.study.discovery.margins import margins
from sim.study.discovery.read_cases import fresh_points
from sim.study.discovery.sentences import sentences
from sim.study.factor import UNCHANGED, Factor
from sim.study.folder import Folder
from tests.unit.studies import filled, plan

ROOT = Path(__file__).parents[2]

discover_module = import_module("sim.study.discovery.discover")
START = dt.date(2020, 3, 1)
KEPT = ("attacks", "reached_talks_open", "reached_power_shared", "days_until_talks_open", "day_talks_open")
VARIED = (
    Factor("taliban.intensity", low=0.5, high=2.5),
    Factor("us.aid_cut", low=0, high=2),
    Factor("talks.slope", low=0.2, high=0.4),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Three days at 300 points: the intensity ordered decides the attacks, aid and slope have no effect yet."""
    outcomes = ("attacks", "reached_decree", "days_until_decree", "day_decree")
    given: dict[str, Any] = {"assumptions": "point", "method": "latin-hypercube", "vary": VARIED, "outcomes": outcomes}
    study = plan(samples=300, worlds=2, **given)
    return filled(tmp_path_factory.mktemp("discover") / "study", study)[0]


@pytest.fixture(scope="module")
def middle(folder: Folder) -> float:
    """Attacks that about half of the worlds have more of."""
    return float(np.median(folder.table(["attacks"])["attacks"].to_numpy()))


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("talks_open == 0", [True, False, True]),
        ("reached_talks_open == false", [True, False, True]),
        ("attacks>10", [False, True, True]),
        ("attacks > 10 and talks_open == 0", [False, False, True]),
        ("days_until_talks_open >= 2020-03-11", [True, False, True]),
        ("  attacks != 10  ", [False, True, True]),
    ],
)
def test_conditions(text: str, held: list[bool]) -> None:
    outcomes = {"attacks": np.array([10.0, 20, 30]), "reached_talks_open": np.array([0.0, 1, 0]),
                "days_until_talks_open": np.array([306.0, 9, 306])}  # fmt: skip
    assert read_condition(text, KEPT, START).holds(outcomes).tolist() == held


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ["is no condition", "such as"]),
        ("talks_open", ["is no condition"]),
        ("talks_open = 0", ["is no condition"]),
        ("talks_open == ", ["is no condition"]),
        ("== 0", ["is no condition"]),
        ("talks_open == 0 or attacks > 3", ["is no condition"]),
        ("__import__('os') == 0", ["is no condition"]),
        ("talks_opn == 0", ["no such outcome", "did you mean talks_open?"]),
        ("elves > 3", ["no such outcome"]),
        ("ceasefire == 0", ["is not kept in this study"]),
        ("day_talks_open > 30", ["is empty in worlds that never get there", "did you mean days_until_talks_open?"]),
        ("talks_open == 2", ["is 1 or 0 in each world", "expected 0 or 1"]),
        ("talks_open == 2020-09-01", ["cannot be compared with this"]),
        ("attacks > many", ["cannot be compared with this", "expected a number"]),
        ("attacks > nan", ["cannot be compared with this"]),
        ("attacks > inf", ["cannot be compared with this"]),
        ("attacks > true", ["cannot be compared with this"]),
        ("days_until_talks_open > 2020-13-45", ["cannot be compared with this", "a date such as 2020-09-01"]),
        ("attacks > 1" + " and attacks > 1" * 5, ["too many conditions"]),
        ("attacks > " + "9" * 400, ["too long"]),
    ],
)
def test_bad_conditions_get_one_clear_line(text: str, parts: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        read_condition(text, KEPT, START)
    message = str(caught.value)
    assert message.isprintable()
    for part in parts:
        assert part in message, message


def test_margins_are_worked_out_from_parameters() -> None:
    values = ParameterSet.resolve().values
    pressed = margins()["share_of_power_pressed"].of(values, {}, 1)[0]
    assert pressed == pytest.approx(0.1 + 0.3 - 0.7 + 0.25 + 0.3 * 0.15, abs=1e-6)
    offer = margins()["offer_for_talks"]
    assert offer.levers == ("kabul.ghani.offer",)
    found = offer.of(values, {"kabul.ghani.offer": np.array([2500.0, 5000.0])}, 2)
    assert found == pytest.approx([0.05, 0.55], abs=1e-6)
    for one in margins().values():
        assert one.parameters, one.name
        assert set(one.parameters) <= set(catalogue())


@pytest.mark.slow
def test_the_lever_that_decides_is_found_and_no_other(folder: Folder, middle: float) -> None:
    found = sim.discover(folder, f"attacks > {middle}", check=200)
    assert found.box is not None
    (limit,) = found.box.limits
    assert (limit.name, limit.high) == ("taliban.intensity", None)
    assert limit.low == pytest.approx(1.5, abs=0.25)
    assert found.fresh is not None
    assert found.fresh.density > 0.7 > found.fresh.base
    assert found.fresh.coverage > 0.85
    first, second, *_ = sentences(found)
    assert f'"attacks > {middle}" holds in' in first
    assert "of fresh worlds where Violence ordered against Afghan forces is at least" in first
    assert "The conditions cover" in second


def test_the_typical_world_and_the_scenario_that_plays_it(folder: Folder, middle: float) -> None:
    found = sim.discover(folder, f"attacks > {middle}", check=0)
    assert found.fresh is None
    assert found.typical is not None
    assert found.plays is not None
    assert found.typical.came
    point = folder.design.settings(found.typical.point)
    assert found.typical.values["taliban.intensity"] == point["taliban.intensity"]
    played = parse_scenario(found.plays.to_toml())
    run = sim.simulate(played, 2, folder.plan.seed)
    assert run.outcomes["attacks"].values[found.typical.world] > middle
    if found.surprising is not None:
        assert not found.surprising.came


def test_noise_is_said_to_be_nothing(folder: Folder, middle: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same study with its outcomes shuffled."""
    read = discover_module.read_cases

    def shuffled(*given: Any) -> Cases:
        cases = read(*given)
        return replace(cases, hits=np.random.default_rng(1).permutation(cases.hits))

    monkeypatch.setattr(discover_module, "read_cases", shuffled)
    found = sim.discover(folder, f"attacks > {middle}")
    assert not found.found
    (line,) = sentences(found)
    assert line.startswith(f'No conditions explain "attacks > {middle}", which holds in')
    assert line.endswith("none fits better than chance would.")


def test_an_outcome_that_almost_always_comes_is_refused(folder: Folder) -> None:
    attacks = folder.table(["attacks"])["attacks"].to_numpy()
    with pytest.raises(InputError, match=r"holds in \d+ of 600 worlds: too few do not"):
        sim.discover(folder, f"attacks >= {np.quantile(attacks, 0.02)}")


def test_fresh_points_are_new_and_within_the_bounds(folder: Folder) -> None:
    fresh = fresh_points(folder.plan, folder.design, 400)
    assert fresh.points == 56  # in 8 batches of 7 points and 7 worlds
    for one in folder.plan.vary:
        assert not set(fresh.values[one.key]) & set(folder.design.values[one.key])
        assert ((fresh.values[one.key] >= one.low) & (fresh.values[one.key] <= one.high)).all()


def test_what_cannot_be_explained_is_refused(folder: Folder, tmp_path: Path) -> None:
    refused: dict[str, dict[str, Any]] = {
        "no such scenario in this study": {"scenario": "free-run"},
        "is not kept in this study": {"also": ["talks_open"]},
        "is what is to be explained": {"also": ["attacks"]},
        "no such outcome": {"also": ["elves"]},
        "is empty in worlds that never get there": {"also": ["day_decree"]},
        "out of bounds": {"check": -1},
    }
    for words, options in refused.items():
        with pytest.raises(InputError, match=words):
            sim.discover(folder, "attacks > 300", **options)
    empty = Folder.create(tmp_path / "empty", plan(outcomes=("attacks",)))
    with pytest.raises(InputError, match="contains no results"):
        sim.discover(empty, "attacks > 300")
    single = Folder.create(tmp_path / "single", plan(method="one-at-a-time", vary=VARIED[:1], outcomes=("attacks",)))
    with pytest.raises(InputError, match="varies one setting at a time"):
        sim.discover(single, "attacks > 300")
    loose = plan(method="grid", vary=(Factor("kabul.ghani.offer", values=(UNCHANGED, 1500)),), outcomes=("attacks",))
    with pytest.raises(InputError, match=r'kabul\.ghani\.offer: is "unchanged" at some points'):
        sim.discover(Folder.create(tmp_path / "loose", loose), "attacks > 300")


@pytest.mark.slow
def test_the_python_of_the_page_runs(folder: Folder, middle: float, capsys: pytest.CaptureFixture[str]) -> None:
    """With this study and condition in place of the page's own."""
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs/discover.md").read_text(encoding="utf-8"), re.DOTALL)
    for own, other in (
        ("results/levers", str(folder.path)),
        ("talks_open == 0", f"attacks > {middle}"),
        ("1000", "200"),
    ):
        assert own in block
        block = block.replace(own, other)
    exec(block, {})  # noqa: S102  the page's own lines
    assert "taliban.intensity" in capsys.readouterr().out
