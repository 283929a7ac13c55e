"""`jirga handout`, and hand-outs in a real Chromium: from a file, without network, by keyboard, on a phone."""

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest

from docs import handouts
from sim.study.cell_text import cell_texts
from sim.study.factor import UNCHANGED
from sim.study.outcome_view import OutcomeView
from sim.study.plan import Plan
from sim.study.summary import summarise
from tests.app.axe_check import findings
from tests.app.browser import complaints, until, visit
from tests.app.command import fail, jirga
from tests.repeats import repeats
from tests.unit.studies import filled

SCENARIO = 'title = "A short baseline"\nbase = "baseline"\nend = 2020-03-20\n'
PLAN = """
title = "How many, and how violent?"
scenarios = ["short.toml"]
worlds = 32
[vary]
method = "grid"
[vary.settings]
"kabul.ghani.offer" = { values = ["unchanged", 1500, 5000], from = 2020-03-10 }
"taliban.intensity" = { values = [0.5, 1.5] }
[keep]
outcomes = ["prisoners_released", "attacks", "reached_first_release"]
series = ["prisoners_released"]
[engine]
processes = 1
"""
NAMES = handouts.NAMES
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def data(page: Path) -> dict[str, Any]:
    """What the script of a hand-out chooses from."""
    (text,) = re.findall(r'id="data">(.*?)</script>', page.read_text(encoding="utf-8"), re.DOTALL)
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hand-out that the command has made from a plan."""
    folder = tmp_path_factory.mktemp("handout")
    (folder / "short.toml").write_text(SCENARIO, encoding="utf-8")
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    done = jirga("handout", folder / "plan.toml", "--out", folder / "page.html")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("Written to")
    return folder / "page.html"


@pytest.mark.slow
def test_a_study_that_was_run_gives_the_same_page(made: Path, tmp_path: Path) -> None:
    assert jirga("study", "run", made.with_name("plan.toml"), "--out", tmp_path / "study").exit_code == 0
    assert jirga("handout", tmp_path / "study", "--out", tmp_path / "page.html").exit_code == 0
    assert (tmp_path / "page.html").read_bytes() == made.read_bytes()


def test_what_cannot_be_a_handout_is_refused_in_one_line(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    assert "a hand-out needs a grid" in fail("handout", "what-matters", "--out", out)
    assert "no such plan" in fail("handout", "nothing", "--out", out)
    assert "contains no study" in fail("handout", tmp_path, "--out", out)
    plan = made.with_name("plan.toml")
    assert "no such outcome in this study" in fail("handout", plan, "--out", out, "--outcome", "attack")
    assert "exists and is no hand-out" in fail("handout", plan, "--out", plan)
    assert not out.exists()


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["", *NAMES])
def test_it_works_from_a_file_without_network(browser: Any, made: Path, name: str, *, dark: bool) -> None:
    """Each theme at one width: nothing overflows, axe-core finds nothing serious, the keyboard moves every slider."""
    file = handouts.page(name) if name else made
    page = visit(browser, "about:blank", width=1280 if dark else 390, dark=dark)
    page.context.set_offline(True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    given = data(file)
    steps = [0] * len(given["steps"])
    for place in range(len(steps)):
        slider = page.locator(f"#lever{place}")
        slider.focus()
        page.keyboard.press("End")
        steps[place] = given["steps"][place] - 1
        assert slider.get_attribute("aria-valuetext") == given["names"][place][-1]
        assert page.locator(f"#value{place}").text_content() == given["names"][place][-1]
    cell = int(given["reference"] + 1) * _product(given["steps"]) - 1
    first = given["outcomes"][0]
    value, interval, *_ = (first["texts"][place] for place in first["cells"][cell][:5])
    says = page.locator("#says").text_content() or ""
    assert value in says
    assert interval in says, says
    until(page, lambda: (page.locator("#live").text_content() or "").startswith(says), "it is read aloud")
    shown = page.locator("tbody tr td b").all_text_contents()
    wanted = [one["texts"][one["cells"][cell][place]] for one in given["outcomes"] for place in (0, 3)]
    assert shown == wanted
    assert page.evaluate(WIDE) <= 0
    assert not findings(page), "\n".join(map(str, findings(page)))
    page.locator("#reset").click()
    assert [page.locator(f"#lever{place}").input_value() for place in range(len(steps))] == ["0"] * len(steps)
    assert asked == [file.as_uri()]
    assert complaints(page) == []


@pytest.mark.browser
def test_its_curves_follow_the_sliders(browser: Any, made: Path) -> None:
    """The dot is on the step of its slider; the curve of the other slider changes with it; another outcome redraws."""
    page = visit(browser, made.as_uri())
    page.select_option("#outcome", label="Taliban attacks, total")
    slider = page.locator("#lever0")
    slider.focus()
    places = []
    for _ in range(3):
        places.append(float(page.locator("#curve0 circle.here").get_attribute("cx") or "nan"))
        page.keyboard.press("ArrowRight")
    assert places[0] < places[1] < places[2]
    before = page.locator("#curve0").inner_html()
    page.locator("#lever1").press("End")
    assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid", "visible focus"
    assert page.locator("#curve0").inner_html() != before
    label = page.locator("#curve0").get_attribute("aria-label")
    page.select_option("#outcome", label="Prisoners released so far, at the end")
    assert page.locator("#curve0").get_attribute("aria-label") != label
    assert page.locator("#fan polygon").count() == 2


def _product(steps: list[int]) -> int:
    found = 1
    for one in steps:
        found *= one
    return found


def _two_points(name: str, worlds: int) -> Plan:
    """The first and the last point of a hand-out's grid, as a list."""
    plan = handouts.plan(name)
    vary = tuple(dataclasses.replace(one, values=(one.values[0], one.values[-1])) for one in plan.vary)
    return dataclasses.replace(plan, method="list", vary=vary, worlds=worlds, series=())


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES[: repeats("JIRGA_HANDOUTS", 1)])
def test_figures_of_the_shipped_handouts_are_those_of_the_study(name: str, tmp_path: Path) -> None:
    """The first and the last point run again: every text is the same to the last character."""
    given = data(handouts.page(name))
    study, _ = filled(tmp_path / "study", _two_points(name, given["worlds"]))
    summary = summarise(study)
    labels = {one["label"]: one for one in given["outcomes"]}
    for outcome in summary.outcomes:
        view = OutcomeView(summary, outcome)
        shown = labels[view.formats.label.replace(": ", ", ")]
        for cell, text in zip((shown["cells"][0], shown["cells"][-1]), cell_texts(view, 0), strict=True):
            words = [shown["texts"][place] for place in cell[:5]]
            wanted = [text.value, text.interval, text.band, text.change, text.change_interval]
            assert words == wanted, f"{name} is stale: run python -m docs.handouts {name}; {outcome}: {words}, {wanted}"


def test_the_shipped_handouts_are_small_and_begin_with_the_baseline() -> None:
    assert len(NAMES) == 6
    for name in NAMES:
        assert handouts.page(name).stat().st_size < 300_000, name
        assert {one.values[0] for one in handouts.plan(name).vary} == {UNCHANGED}, name
        assert [one.name for one in handouts.plan(name).scenarios] == ["baseline"], name
