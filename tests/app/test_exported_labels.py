"""Labels of charts in exports: of pages, runs, comparisons, studies and documents, all in one page of a browser."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.render import charts
from sim.analysis.cliff_summary import read_summary
from sim.charts import comparison_charts, run_charts, svg
from sim.charts.cliffs import STEP_NAMES, LeverCurve, StepRow, curve_chart, step_chart
from sim.charts.dots import EffectDot
from sim.charts.theme import Spec, bare
from sim.charts.theories import TheoryCell, theories
from sim.export.page import NARROW
from sim.export.page_parts import Figure
from sim.inputs.mechanisms import mechanisms
from sim.inputs.scenario_reader import load_scenario
from sim.runs.compare import compare
from sim.schema.decisions import levers
from sim.schema.outcomes import OUTCOMES
from sim.study.factor import Factor
from sim.study.outcome_view import OutcomeView
from sim.study.sections import section
from sim.study.summary import summarise
from tests.app.chart_labels import label_faults, set_in_print
from tests.app.screen import opened
from tests.unit.studies import filled, grid

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")]

IMAGES = Path(__file__).parents[2] / "docs" / "images"
FEW = "16"  # worlds
ALSO = ["all-5000-at-once", "lasting-reduction", "withdrawal-tied-to-violence"]
WIDEST = 375  # pixels that a phone shows


def pages(patch: pytest.MonkeyPatch) -> dict[str, Spec]:
    """Every chart that these pages draw, with the labels of real runs."""
    found: dict[str, Spec] = {}
    patch.setattr(charts, "draw", lambda spec, key, **_: found.__setitem__(key, spec))
    state = {"scenario": "power-shared-in-march", "worlds": FEW}
    opened("explore", **state)
    opened("compare", **state, also=ALSO)
    opened("one_world", **state, world="5")
    return found


def of_runs() -> dict[str, Spec]:
    """The charts of a run's folder and of a comparison's."""
    both = compare(load_scenario("baseline"), load_scenario("power-shared-in-march"), int(FEW), 3)
    return run_charts(both.a) | comparison_charts(both, ["attacks", "us_troops"])


def of_a_study(folder: Path) -> Iterator[Spec]:
    """The charts of two studies: one setting in three scenarios, and a map of two settings."""
    first = filled(folder / "one", grid("baseline", *ALSO[:2]))[0]
    two = (Factor("taliban.leverage", values=(0.2, 0.9)), Factor("kabul.ghani.offer", values=(500, 1500, 5000)))
    second = filled(folder / "two", grid(vary=two))[0]
    for one in (first, second):
        parts = section(OutcomeView(summarise(one), "attacks"))
        yield from (part.spec for part in parts if isinstance(part, Figure))


def others() -> dict[str, Spec]:
    """Charts that take too long to compute here, with the longest labels that they can have and figures made up."""
    names = [one.label for one in mechanisms().values()]
    marks = ["more", "less", "same"]
    cells = [
        TheoryCell(OUTCOMES[outcome].label.removesuffix(": reached"), name, marks[(i + j) % 3], "-1,234", "")
        for i, outcome in enumerate(("reached_talks_open", "offensives_and_airstrikes", "security_forces_killed"))
        for j, name in enumerate(names)
    ]
    jumps = sorted(read_summary().jumps, key=lambda one: -len(one.label))[:20]
    steps = [
        StepRow(one.label, f"{one.milestone}, from 0.123 to 0.456", [
            EffectDot(name, size, size - 3, size + 3, "") for name, size in zip(STEP_NAMES, (-5, 9, 2), strict=True)
        ]) for one in jumps
    ]  # fmt: skip
    curves = [
        LeverCurve(one.label, "agreement broken, from 1,234 to 5,000 people", [0, 0.5, 1], [0, 0.9, 1], 2)
        for one in levers().values()
    ]
    return {
        "theories": theories(cells, title="What each theory says", note="16 worlds"),
        "steps": step_chart(steps, title="The largest jumps"),
        "curves": curve_chart(curves, title="Levers"),
    }


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Spec]:
    """Every chart by a name."""
    with pytest.MonkeyPatch.context() as patch:
        found = pages(patch) | of_runs() | others()
    made = {f"study-{i}": spec for i, spec in enumerate(of_a_study(tmp_path_factory.mktemp("study")))}
    assert len(found) > 25
    assert len(made) > 2
    return found | made


def sheet(pictures: dict[str, str]) -> str:
    """One page with all pictures, each with its name."""
    named = [one.replace("<svg ", f'<svg data-name="{html.escape(name)}" ', 1) for name, one in pictures.items()]
    return "<!doctype html><meta charset=utf-8>" + "\n".join(f"<div>{one}</div>" for one in named)


def test_no_label_of_an_exported_chart_is_cut_or_over_another(browser: Any, drawn: dict[str, Spec]) -> None:
    """On paper, and as the offline page draws each on a wide and on a narrow screen."""
    pictures = {f"{name}, paper": svg(spec) for name, spec in drawn.items()}
    pictures |= {f"{name}, phone": svg(bare(spec, NARROW)) for name, spec in drawn.items()}
    pictures |= {file.name: file.read_text(encoding="utf-8") for file in sorted(IMAGES.glob("*.svg"))}
    page = browser.new_page()
    page.set_content(sheet(pictures))
    set_in_print(page, "svg")
    assert page.locator("svg text").count() > 1000
    faults = label_faults(page, "svg")
    for name, picture in pictures.items():
        width = re.search(r'<svg[^>]*? width="([\d.]+)"', picture)
        if name.endswith("phone") and width and float(width[1]) > WIDEST:
            faults.append(f"{name}: {width[1]} pixels wide")
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults)
