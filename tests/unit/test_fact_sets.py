"""Sets of facts: wrong files get one clear line, and what a set replaces reaches the checks and the model's numbers."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim.analysis.calibration as search
from sim.analysis.calibration import calibrate, try_draws
from sim.analysis.fact_checks import CheckResult, check_run, checks
from sim.analysis.fact_run import run_with_facts
from sim.analysis.fact_sets.fact_set import TEXT, FactSet, Replaced
from sim.analysis.fact_sets.reader import KNOWN, SHARES, fact_set_names, read_fact_set
from sim.errors import InputError
from sim.inputs.facts import facts
from sim.inputs.parameters import ParameterSet
from sim.inputs.scenario_reader import load_scenario
from sim.results.results import Results
from sim.runs.runner import simulate
from sim.schema.frozen_map import FrozenMap
from tests.unit.bad_files import BadFiles
from tests.unit.synthetic import results, scenario

BAD = BadFiles("bad_facts", read_fact_set, longest=600)
WINDOW_END = dt.date(2020, 4, 15)
SHIPPED = ("text", "attacks-government", "attacks-taliban", "s6-killed")


def test_every_bad_file_is_expected_and_every_expected_file_is_there() -> None:
    BAD.check_listed(fewest=70)


@pytest.mark.parametrize("name", BAD.expected)
def test_a_bad_file_gets_one_clear_line(name: str) -> None:
    message = BAD.check_line(name)
    assert message.startswith(f"{BAD.folder / name}: "), message


def test_no_file_a_folder_and_an_unknown_name(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    assert "a folder or a device" in BAD.refusal(tmp_path / "folder.toml")
    assert "no such file" in BAD.refusal(tmp_path / "nowhere.toml")
    message = BAD.refusal("s6-kiled")
    assert message.endswith("did you mean s6-killed?"), message
    assert "facts" in BAD.refusal("")


def test_a_byte_order_mark_changes_nothing(tmp_path: Path) -> None:
    plain = Path(str(read_fact_set.__code__.co_filename)).with_name("attacks-government.toml").read_bytes()
    (tmp_path / "marked.toml").write_bytes(b"\xef\xbb\xbf" + plain)
    assert read_fact_set(tmp_path / "marked.toml").values == read_fact_set("attacks-government").values


def test_a_file_never_has_the_name_of_a_set_that_comes_with_jirga(tmp_path: Path) -> None:
    """The sets that calibrate writes name their facts: a file text.toml is not the text."""
    (tmp_path / "text.toml").write_text('title = "Not the text"\noperations = "killed"\n')
    assert read_fact_set(tmp_path / "text.toml").name == "text.toml"


def test_the_shipped_sets() -> None:
    assert fact_set_names() == SHIPPED
    sets = {name: read_fact_set(name) for name in SHIPPED}
    assert [one.standard for one in sets.values()] == [True, False, False, False]
    assert sets["attacks-government"].values == {"attacks_2020": pytest.approx(2804 / 50 * 45)}
    assert sets["attacks-taliban"].values == {"attacks_2020": pytest.approx(537 / 50 * 45)}
    assert sets["s6-killed"].operations == "killed"
    assert sets["s6-killed"].scenario(load_scenario("baseline")).name == "baseline"


def test_the_file_of_the_documents_is_read(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "evidence.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    own = read_fact_set(tmp_path / "mine.toml")
    assert own.operations == "killed"
    assert own.values == {"attacks_2020": pytest.approx(2523.6)}
    assert own.factors("attacks_2020", (0, 0)) == (1, 1.1)
    assert own.share("coalition_spared", (0, 0)) == (0.9, 1)


def run(worlds: int = 20) -> Results:
    """Return a run of the window with 3,000 attacks, 950 killed, and an attack on the coalition in 2 of 20 worlds."""
    hit = np.zeros((worlds, scenario().days))
    hit[:2, 0] = 1
    daily: dict[str, Any] = {"attacks": 3000 / 45, "security_forces_killed": 950 / 45, "attacks_on_coalition": hit}
    return results(worlds, run=scenario(), daily=daily)


def found(facts_held: FactSet, fact: str) -> CheckResult:
    (one,) = [c for c in check_run(run(), facts_held) if c.check.fact == fact]
    return one


def replaced(
    fact: str,
    value: float | None = None,
    factors: tuple[float, float] | None = None,
    share: tuple[float, float] | None = None,
) -> FactSet:
    return FactSet("mine", "Mine", FrozenMap({fact: Replaced("invented", value, factors, share)}))


def test_every_fact_that_can_be_replaced_is_checked_and_no_other_bound_moves() -> None:
    assert set(KNOWN) <= {check.fact for check in checks()}
    assert all(facts()[name].kind in ("count", "share") for name in KNOWN if name not in SHARES)


def test_a_figure_and_its_tolerance_replace_the_bounds() -> None:
    assert not found(TEXT, "attacks_2020").holds
    close = found(replaced("attacks_2020", value=2900.0), "attacks_2020")
    assert close.holds, (close.bounds, close.value)
    assert close.bounds == pytest.approx((2900, 2900 * 4900 / 4500))
    wide = found(replaced("attacks_2020", factors=(0.6, 1.1)), "attacks_2020")
    assert wide.holds, (wide.bounds, wide.value)
    assert wide.bounds == pytest.approx((2700, 4950))
    other = found(replaced("attacks_2020", value=2900.0), "security_forces_killed_2020")
    assert other.bounds == pytest.approx((900, 990))


def test_a_share_of_worlds_replaces_the_bounds_but_not_of_what_is_imposed() -> None:
    assert found(TEXT, "coalition_spared").value == pytest.approx(0.9)
    assert not found(TEXT, "coalition_spared").holds
    held = found(replaced("coalition_spared", share=(0.5, 0.95)), "coalition_spared")
    assert held.holds, held
    assert held.target == "50 % to 95 % of worlds"


def test_numbers_follow_from_a_rival_count_as_from_the_same_reading() -> None:
    held, baseline = read_fact_set("attacks-government"), load_scenario("baseline")
    known = ParameterSet.resolve({**baseline.parameters, "reading.attacks": "government"}).values
    own = held.derived({}, baseline, 1)
    assert set(own) == {
        "fronts.attacks_2019", "security_forces.taliban_killed_per_attack", "security_forces.lethality",
    }  # fmt: skip
    for name, value in own.items():
        assert value[0] == pytest.approx(known[name], rel=1e-6), name


@pytest.mark.slow
def test_a_run_with_a_rival_count_is_the_run_with_that_reading() -> None:
    window = load_scenario("baseline").with_dates(end=WINDOW_END)
    own = run_with_facts(window, read_fact_set("attacks-government"), 8, 3)
    other = simulate(window.change({"reading.attacks": "government"}), 8, 3)
    for series in ("attacks", "security_forces_killed", "trust_us_taliban"):
        assert np.allclose(own.arrays[series], other.arrays[series], rtol=1e-3), series
    assert np.median(own.arrays["attacks"].sum(axis=1)) < 3500  # the text's would be some 4,650


@pytest.mark.slow
def test_the_text_as_a_set_of_facts_is_the_ordinary_run() -> None:
    window = load_scenario("baseline").with_dates(end=WINDOW_END)
    own, other = run_with_facts(window, TEXT, 4, 3), simulate(window, 4, 3)
    assert all(np.array_equal(own.arrays[name], other.arrays[name]) for name in other.arrays)


@pytest.mark.slow
def test_draws_are_tried_against_the_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same draws meet the government's count about as often as the text's, since numbers follow from both."""
    monkeypatch.setattr(search, "CHUNK", 64)
    text, own = try_draws(2, 0, 0), try_draws(2, 0, 0, read_fact_set("attacks-government"))
    assert np.array_equal(text.values, own.values)
    assert own.bounds["baseline: attacks"] == pytest.approx((2523.6, 2523.6 * 4900 / 4500))
    met = [one.met["baseline: attacks"].mean() for one in (text, own)]
    assert min(met) > 0.5, met


@pytest.mark.slow
def test_a_set_that_no_draw_meets_is_given_up_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "CHUNK", 64)
    monkeypatch.setattr(search, "HOPELESS", search.CHUNK)
    with pytest.raises(InputError, match=r"mine: none of 64 draws meets these facts: \d+ meet free-run: release put"):
        calibrate(2, 2, facts=replaced("release_put_off", share=(0.0, 0.0)))


@pytest.mark.slow
def test_facts_that_some_of_the_ranges_contradict_are_refused_before_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("was run")

    monkeypatch.setattr(search, "tried_in_order", never)
    with pytest.raises(InputError, match=r"security_forces\.lethality"):
        calibrate(2, 2, facts=replaced("security_forces_killed_2019", value=2.0))
