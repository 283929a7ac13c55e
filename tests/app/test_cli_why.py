"""`jirga why` and `jirga theories`: their text, their documents, `--without`, and what they refuse."""

from pathlib import Path

import pytest

import sim
from sim.analysis.causes.factor_list import factors_of
from sim.analysis.readings.readings import read_run
from sim.analysis.readings.words import came
from sim.inputs.mechanisms import mechanisms, without
from sim.inputs.scenario_reader import load_scenario
from tests.app.command import document, fail, succeed

PLAN = """
title = "Open"
base = "baseline"
end = 2020-03-26
without = ["bandwagon"]
[set]
"kabul.ghani.review" = false
"kabul.ghani.pace" = 500
"kabul.ghani.offer" = 5000
"kabul.ghani.pledge_required" = false
"taliban.attend" = true
"talks.cohesion_alone" = 0.25
"talks.bearable_violence" = 4.0
"""
SIZE = ("--worlds", "16", "--seed", "3")
FEW = ("--factors", "kabul.ghani.offer,leverage")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A scenario of a few weeks in which talks open in some worlds."""
    path = tmp_path / "open.toml"
    path.write_text(PLAN)
    return path


@pytest.mark.slow
def test_the_document_is_what_python_gives(plan: Path) -> None:
    given = document("why", plan, *SIZE, *FEW)
    found = sim.why(load_scenario(plan), worlds=16, seed=3, factors=["kabul.ghani.offer", "leverage"])
    assert list(given["factors"]) == [one.factor.name for one in found.results]
    assert [one["share"]["value"] for one in given["factors"].values()] == [one.share.value for one in found.results]
    assert given["came"] == {"value": found.came.value, "low": found.came.low, "high": found.came.high, "of": 16}
    assert (given["about"], given["worlds"], given["seed"], given["world"]) == ("talks_open", 16, 3, None)
    assert set(given["blocked"]) == {"prisoners", "delegation", "taliban", "violence", "guarantee"}
    assert "not a forecast" in given["note"]
    assert given["factors"]["leverage"]["factor"]["without"] == mechanisms()["leverage"].without


@pytest.mark.slow
def test_the_text_has_80_columns_and_says_how_to_read_it(plan: Path) -> None:
    output = succeed("why", plan, *SIZE, *FEW)
    for part in (
        "Why: Talks open, in Open",
        "16 worlds, seed 3; 2 factors in every combination",
        "not a forecast",
        "- Talks open: in ",
        "It needs: Prisoners offered, as imposed.",
        "imposed.kabul.ghani.offer",
        "all of them together",
        "What blocked talks",
    ):
        assert part in output, f"{part}: {output}"
    assert max(map(len, output.splitlines())) <= 80


@pytest.mark.slow
def test_one_world_has_a_chain_with_dates_and_rules(plan: Path) -> None:
    given = document("why", plan, "--world", "2", "--seed", "3", *FEW)
    output = succeed("why", plan, "--world", "2", "--seed", "3", *FEW)
    assert "What came last comes first" in output
    assert given["chain"][0]["text"] in " ".join(output.split())
    assert all(link["rule"] and link["rests_on"] for link in given["chain"])
    assert given["world"] == 2
    assert given["sentences"][0] in " ".join(line.strip() for line in output.splitlines())


@pytest.mark.slow
def test_readings_are_what_python_gives(plan: Path, tmp_path: Path) -> None:
    """In one world with a page to print, and over several; nobody is added up."""
    given = document("readings", plan, "--worlds", "4", "--seed", "3")
    found = read_run(sim.simulate(load_scenario(plan), 4, 3))
    assert list(given["readings"]) == [one.reader.name for one in found]
    for one in found:
        aims = given["readings"][one.reader.name]["aims"]
        assert [aim["came"] for aim in aims] == [came(verdict) for verdict in one.verdicts]
    story = tmp_path / "story.html"
    output = succeed("readings", plan, "--world", "2", "--seed", "3", "--story", story)
    assert "not a forecast" in output
    assert "People on the ground" in output
    assert "Five readings" in story.read_text(encoding="utf-8")
    assert "exists already" in fail("readings", plan, "--world", "2", "--story", story)
    assert "give --world" in fail("readings", plan, "--story", tmp_path / "other.html")
    assert "not both" in fail("readings", plan, "--world", "2", "--worlds", "4")


@pytest.mark.slow
def test_a_decision_in_one_world_has_its_record(plan: Path) -> None:
    words = ("why", plan, "--world", "2", "--seed", "3", "--about")
    given = document(*words, "us.withdrawal")
    assert given["world"] == 2
    assert [one["imposed"] for one in given["changes"]] == [True, True]
    assert {one["unit"] for one in given["changes"]} == {"troops/day"}
    output = succeed(*words, "taliban.intensity")
    assert "Rule: Violence for what is still to be won" in output
    assert "Not yet counted as met: 100 % of the demand" in " ".join(output.split())
    assert "more days: --json prints all." in output
    assert max(map(len, output.splitlines())) <= 80
    assert "us.aid_cut: is a decision, not a milestone: give --world" in fail("why", plan, "--about", "us.aid_cut")


@pytest.mark.slow
def test_a_difference_is_explained(plan: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(PLAN.replace("= 5000", "= 0").replace('"Open"', '"Other"'))
    output = succeed("why", plan, "--against", other, "--worlds", "8", "--seed", "3")
    assert "against: Other" in output
    assert "In other, in 0 %" in output
    assert "Prisoners offered, imposed: 5,000 people" in " ".join(output.split())


@pytest.mark.slow
def test_factors_are_listed_without_a_run(plan: Path) -> None:
    given = document("why", plan, "--list")
    assert list(given) == list(factors_of(load_scenario(plan)))
    assert "bandwagon" not in given, "it is off already"
    assert "decided.us.aid_cut" in succeed("why", plan, "--list")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--about", "talks_opn"), "talks_opn: no such milestone; did you mean talks_open?"),
        (("--factors", "spoiler"), "spoiler: no such factor here; did you mean spoilers?"),
        (("--factors", ","), "factors: at least one factor is needed"),
        (("--world", "-1"), "world = -1: out of bounds"),
        (("--world", "x"), "--world = "),
        (("--world", "1", "--worlds", "8"), "give one world or a number of worlds, not both"),
        (("--about", "decree", "--worlds", "2"), "decree: comes in every one of the 2 worlds"),
        (("--about", "settlement", "--worlds", "2"), "settlement: comes in none of the 2 worlds"),
        (("--against", "baseline"), "only runs over the same days"),
        (("--without", "spoiler"), "spoiler: no such mechanism; did you mean spoilers?"),
    ],
)
def test_bad_questions_get_one_line(words: tuple[str, ...], message: str, plan: Path) -> None:
    assert message in fail("why", plan, *words)


def test_a_scenario_against_itself_gets_one_line(plan: Path) -> None:
    assert "against: does the same as the scenario itself" in fail("why", plan, "--against", plan)
    assert "only one of the two scenarios can come from standard input" in fail("why", "-", "--against", "-")
    assert "against: does the same" in fail("theories", plan, "--against", plan)


@pytest.mark.slow
def test_mechanisms_are_switched_off_by_an_option(plan: Path) -> None:
    given = document("run", plan, "--worlds", "4", "--without", "spoilers,returns", "--without", "leverage")
    off = without(load_scenario(plan), ["spoilers", "returns", "leverage"])
    assert given["hash"] == off.hash()
    assert given["title"] == "Open, without: spoilers, returns to fighting, violence as leverage"
    both = document("compare", plan, plan, "--worlds", "4", "--without", "spoilers")
    assert both["a"]["hash"] == both["b"]["hash"] == without(load_scenario(plan), ["spoilers"]).hash()


@pytest.mark.slow
def test_theories_say_what_survives(plan: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(PLAN.replace("= 5000", "= 0").replace('"Open"', '"Other"'))
    given = document("theories", plan, "--against", other, "--worlds", "8", "--seed", "3")
    released = given["outcomes"]["prisoners_released"]
    assert released["survives"]
    assert set(released["without"]) == set(mechanisms())
    output = succeed("theories", plan, "--against", other, "--worlds", "8", "--seed", "3")
    assert "Findings that survive every theory: " in output
    assert max(map(len, output.splitlines())) <= 80


@pytest.mark.slow
def test_theories_show_a_single_outcome_theory_by_theory(plan: Path) -> None:
    output = succeed("theories", plan, "--worlds", "8", "--on", "talks_open")
    for one in mechanisms().values():
        assert one.name in output
    assert "nothing: the whole model" in output
    assert set(document("theories", "--list")) == set(mechanisms())
    assert "talks_opn: no such outcome" in fail("theories", plan, "--on", "talks_opn")
