"""Scenario files: from a name, a path, a stream or text, each on top of its base."""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest

from sim.errors import InputError
from sim.inputs.scenario import DEFAULT_END, DEFAULT_START, Scenario
from sim.inputs.scenario_reader import load_scenario, parse_scenario, scenario_names
from tests.unit.sample import APRIL_1, APRIL_15, BASE, MARCH_10, OFFER, REVIEW, sample


@pytest.fixture
def base() -> Scenario:
    """Return a scenario with an offer for some weeks and a review for some days."""
    return sample()


def family(folder: Path, child: str) -> Scenario:
    """Return a scenario read from a file next to its base."""
    (folder / "kin.toml").write_text(BASE)
    (folder / "child.toml").write_text(f'title = "Child"\nbase = "kin"\n{child}')
    return load_scenario(folder / "child.toml")


def days(scenario: Scenario, lever: str) -> list[tuple[Any, Any, Any]]:
    """Return value, start and end of every intervention on a lever."""
    return [(one.value, one.start, one.until) for one in scenario.interventions if one.lever == lever]


def test_file_becomes_a_scenario(base: Scenario) -> None:
    """Every part has its own type; the days have defaults."""
    assert (base.name, base.file, base.base) == ("base", "base.toml", "")
    assert (base.start, base.end, base.days) == (DEFAULT_START, DEFAULT_END, 306)
    assert base.parameters == {"taliban.leverage": 0.5}
    assert base.run == {"worlds": 64}
    assert days(base, OFFER) == [(1500.0, MARCH_10, APRIL_15)]
    assert type(base.interventions[0].value) is float
    assert base.resolved()["taliban.leverage"] == 0.5


def test_nested_and_quoted_names_are_the_same() -> None:
    """Both ways of writing [set] give the same scenario; a lever there is imposed for the whole run."""
    quoted = parse_scenario(f'title = "x"\n[set]\n"taliban.leverage" = 1\n"{OFFER}" = 5')
    nested = parse_scenario('title = "x"\n[set.taliban]\nleverage = 1.0\n[set.kabul.ghani]\noffer = 5.0')
    assert quoted == nested
    assert quoted.hash() == nested.hash()
    assert days(nested, OFFER) == [(5.0, None, None)]


def test_path_text_stream_and_standard_input_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same text from any source gives the same scenario."""
    path = tmp_path / "plan.toml"
    path.write_text(BASE)
    monkeypatch.setattr("sys.stdin", io.StringIO(BASE))
    found = [
        load_scenario(path),
        load_scenario(str(path)),
        load_scenario(io.BytesIO(BASE.encode())),
        load_scenario("-"),
    ]
    assert all(one == found[0] for one in found)
    assert found[0].name == "plan"
    assert found[3].file == "standard input"


@pytest.mark.slow
def test_included_scenarios_load() -> None:
    """Each can be read by its name, and again from its own text."""
    for name in scenario_names():
        scenario = load_scenario(name)
        assert (scenario.name, scenario.file) == (name, f"scenarios/{name}.toml")
        assert parse_scenario(scenario.to_toml()) == scenario, name


def test_child_inherits_what_it_does_not_change(tmp_path: Path) -> None:
    """Parameters, interventions, what to watch and the run are inherited from the base; texts are not."""
    child = family(tmp_path, '[set]\n"agreement.signed" = false\n[run]\nseed = 0')
    assert child.parameters == {"taliban.leverage": 0.5, "agreement.signed": False}
    assert days(child, OFFER) == [(1500.0, MARCH_10, APRIL_15)]
    assert child.watch == ("attacks", "talks_open")
    assert child.run == {"worlds": 64, "seed": 0}
    assert (child.name, child.base, child.question) == ("child", "kin", "")


def test_child_replaces_all_of_the_bases_interventions_on_a_lever(tmp_path: Path) -> None:
    """Applies to an intervention over other days and to [set]; other levers are unchanged."""
    later = family(tmp_path, f'[[interventions]]\nlever = "{OFFER}"\nvalue = 5000\nfrom = 2020-06-01')
    assert days(later, OFFER) == [(5000.0, dt.date(2020, 6, 1), None)]
    assert days(later, REVIEW)
    whole = family(tmp_path, f'[set]\n"{OFFER}" = 5000')
    assert days(whole, OFFER) == [(5000.0, None, None)]
    assert days(whole, REVIEW)


def test_freed_lever_is_the_actors_own_again(tmp_path: Path) -> None:
    """`free` drops the base's interventions on it."""
    assert not days(family(tmp_path, f'free = ["{REVIEW}"]'), REVIEW)


def test_freeing_what_is_not_imposed_is_rejected(tmp_path: Path) -> None:
    """The error suggests the nearest imposed lever; freeing what the same file imposes is rejected too."""
    with pytest.raises(InputError, match=r"did you mean kabul\.ghani\.review\?"):
        family(tmp_path, 'free = ["kabul.ghani.revue"]')
    with pytest.raises(InputError, match="both freed and imposed"):
        family(tmp_path, f'free = ["{REVIEW}"]\n[set]\n"{REVIEW}" = false')


def test_shorter_child_keeps_the_part_of_the_base_inside_it(tmp_path: Path) -> None:
    """Inherited interventions are clipped to the run; a file's own must be within it."""
    child = family(tmp_path, "start = 2020-03-12\nend = 2020-04-01")
    assert days(child, OFFER) == [(1500.0, dt.date(2020, 3, 12), APRIL_1)]
    assert not family(tmp_path, "start = 2020-05-01").interventions
