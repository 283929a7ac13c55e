"""Hand-outs: one page whose figures are those of the study, which asks for nothing outside itself."""

import base64
import dataclasses
import hashlib
import html
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import InputError
from sim.export import handout_page
from sim.export.page_parts import Collapsible, Table, text_of
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.schema.formatting import decimals, number
from sim.study import handout
from sim.study.factor import UNCHANGED, Factor
from sim.study.folder import Folder
from sim.study.handout_data import EDGES, TOP
from sim.study.outcome_view import OutcomeView
from sim.study.sections import section
from sim.study.summary import LEVELS, summarise
from sim.study.weekly_bands import weekly_bands
from tests.unit.made_up import BASE, LEVERAGE, OTHER, RESTRAINT, Array, MadeUp, luck, on_disk, plan

VARY = (Factor(LEVERAGE, values=(UNCHANGED, 0.9, 1.1)), Factor(RESTRAINT, values=(0.2, 0.4)))
OUTCOMES = ("attacks", "reached_talks_open", "day_talks_open")
DAYS = 30
HOSTILE = "</script><img src=x onerror=alert(1)>&"


def rows(scenario: int, design: Any, points: Array, worlds: Array) -> dict[str, Array]:
    """Attacks by setting, scenario and luck; talks in some worlds; attacks per day that grow with the day."""
    first = np.nan_to_num(design.values[LEVERAGE][points], nan=0.5)
    value = 1000 + 100 * first - 30 * scenario + 20 * luck(worlds)
    opened = (luck(worlds) + first > 0.3).astype(float)
    days = np.arange(DAYS) + value[..., np.newaxis] / 100
    day = np.where(opened > 0, np.rint(9 + luck(worlds)), np.nan)
    return {
        "attacks": value, "reached_talks_open": opened, "day_talks_open": day,
        "daily_attacks": days, "daily_blocked_by_taliban": np.zeros((1, 1, DAYS)),
    }  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Two scenarios at six points, 64 worlds each."""
    made = plan(*VARY, worlds=64, scenarios=(BASE, OTHER), outcomes=OUTCOMES, series=("attacks", "blocked_by_taliban"))
    return on_disk(MadeUp(made, rows), tmp_path_factory.mktemp("handout") / "study")


@pytest.fixture(scope="module")
def page(folder: Folder) -> str:
    """Its hand-out."""
    return handout.handout_page(folder)


def data(page: str) -> dict[str, Any]:
    """What the script chooses from."""
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    found: dict[str, Any] = json.loads(text)
    return found


def test_its_figures_are_those_of_the_report(folder: Folder, page: str) -> None:
    """Every text of every cell is a cell of the report's table, to the last character."""
    summary = summarise(folder)
    for name, one in zip(("reached_talks_open", "attacks", "day_talks_open"), data(page)["outcomes"], strict=True):
        parts = list(section(OutcomeView(summary, name)))
        table = next(part.parts[0] for part in parts if isinstance(part, Collapsible))
        assert isinstance(table, Table)
        heads = [head.lstrip(">") for head in table.heads]
        columns = ["mean", "95 % interval", *(["5 % to 95 % of worlds"] if "5 % to 95 % of worlds" in heads else [])]
        places = [heads.index(head) for head in columns]
        last = len(heads) - 2, len(heads) - 1  # the difference and its interval
        assert len(one["cells"]) == len(table.rows) == 12
        for cell, row in zip(one["cells"], table.rows, strict=True):
            words = [one["texts"][place] for place in cell[:5]]
            shown = [text_of(row[place]) for place in (*places, *last)]
            assert [words[i] for i in (0, 1, 2)][: len(places)] + words[3:] == shown, (name, words, shown)


def test_the_first_cell_is_the_reference_and_marks_are_of_the_other_cells(page: str) -> None:
    found = data(page)
    assert found["steps"] == [3, 2]
    assert found["names"] == [[UNCHANGED, "0.9", "1.1"], ["0.2", "0.4"]]
    for one in found["outcomes"]:
        marks = [cell[5] for cell in one["cells"]]
        assert marks[0] == -1
        assert set(marks[1:]) <= {0, 1}, marks
    attacks = found["outcomes"][1]
    assert [cell[5] for cell in attacks["cells"]] == [-1, 0, *[1] * 10], "the second setting does nothing"
    assert found["compared"] == ["the first step of every slider", f"“{BASE.title}” at the same steps"]


def test_curves_run_where_the_numbers_are(folder: Folder, page: str) -> None:
    """The place of each mean gives back the mean, as exactly as whole places can."""
    summary, (talks, attacks, _) = summarise(folder), data(page)["outcomes"]
    means = summary.cells.mean[..., summary.column("attacks")].reshape(-1)
    ends = np.array(summary.cell_interval("attacks")).reshape(2, -1)
    low, high = float(ends[0].min()), float(ends[1].max())
    step = (high - low) / (EDGES[1] - EDGES[0])
    assert np.abs(low + (np.array(attacks["mean"]) - EDGES[0]) * step - means).max() <= 0.5001 * step
    assert (min(attacks["from"]), max(attacks["to"])) == EDGES
    places = decimals(low, high)
    assert (attacks["low"], attacks["high"]) == (number(low, places), number(high, places))
    assert (talks["low"], talks["high"], TOP) == ("0 %", "100 %", 1000)


def test_weekly_bands_are_quantiles_of_weekly_totals(folder: Folder) -> None:
    found = weekly_bands(folder, "attacks")
    assert (found.step, found.last.tolist(), found.worlds) == (7, [6, 13, 20, 27], 64)
    worlds = rows(1, folder.design, np.array([[3]]), np.arange(64)[np.newaxis])["daily_attacks"][0]
    weeks = worlds[:, :28].reshape(64, 4, 7).sum(axis=2)
    assert np.allclose(found.values[1, 3], np.quantile(weeks, LEVELS, axis=0), rtol=1e-5)


def test_the_bands_of_each_cell_and_the_median_that_it_is_compared_with(page: str) -> None:
    (series,) = data(page)["series"]
    assert series["compared"] == [-1, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5]
    assert series["unit"] == "attacks per week"
    assert all(len(quantile) == 4 for cell in series["cells"] for quantile in cell)
    for cell in series["cells"]:
        assert all(low <= high for low, high in zip(cell[0], cell[4], strict=True))
    assert "In the week until 28 Mar 2020: " in series["texts"][series["ends"][0]]


def test_it_asks_for_nothing_and_runs_only_its_own_script(page: str) -> None:
    for start in ("http:", "https:", "src=", "<link", "url(", "@import", "fetch(", "XMLHttp", "<iframe"):
        assert start not in page, start
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page.replace("&#39;", "'"))
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    seal = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy.startswith("default-src 'none';")
    assert f"script-src 'sha256-{seal}'" in policy
    assert page.count(NOT_A_FORECAST) == 1


def test_each_slider_has_its_label_its_steps_and_its_source(page: str) -> None:
    assert re.findall(r'<label for="lever(\d)">', page) == ["0", "1"]
    assert re.findall(r'max="(\d)" step="1" value="0" autocomplete="off" aria-valuetext="([^"]+)"', page) == [
        ("2", UNCHANGED), ("1", "0.2"),
    ]  # fmt: skip
    assert handout.based_on("S1, S7") == "Based on S1, S7."
    assert handout.based_on("assumption") == "An assumption."
    assert handout.based_on("agreement") == "Based on the agreement's own text."


def test_text_of_a_user_stays_text(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "plan", dataclasses.replace(folder.plan, title=HOSTILE, question=HOSTILE))
    made = handout.handout_page(folder)
    assert HOSTILE not in made
    assert made.count(html.escape(HOSTILE)) == 3, "title, heading and question"


def test_an_outcome_of_choice_comes_first(folder: Folder) -> None:
    found = data(handout.handout_page(folder, outcome="day_talks_open"))
    assert [one["label"] for one in found["outcomes"]] == ["Talks open, day", "Taliban attacks, total", "Talks open"]


def test_what_cannot_be_a_handout_is_refused_before_it_is_read(folder: Folder, tmp_path: Path) -> None:
    listed = plan(Factor(LEVERAGE, values=(0.8, 1.0)), method="list")
    with pytest.raises(InputError, match="needs a grid"):
        handout.check_handout(listed)
    names = ("kabul.ghani.offer", "kabul.ghani.pace", "us.aid_cut", "us.restraint", "taliban.demand")
    five = plan(*(Factor(name, values=(0, 1)) for name in names))
    with pytest.raises(InputError, match="varies 5: too many sliders for a hand-out"):
        handout.check_handout(five)
    large = plan(*(Factor(name, values=tuple(range(60))) for name in ("kabul.ghani.offer", "taliban.demand")))
    with pytest.raises(InputError, match="has 3,600 points in all scenarios: too many"):
        handout.check_handout(large)
    with pytest.raises(InputError, match="no such outcome in this study"):
        handout.check_handout(folder.plan, "reached_peace")
    (tmp_path / "mine.html").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="exists and is no hand-out"):
        handout.write_handout(folder, tmp_path / "mine.html")
    part = on_disk(MadeUp(folder.plan, rows, absent=[0]), tmp_path / "part")
    with pytest.raises(InputError, match="is not complete: 1 parts are missing"):
        handout.write_handout(part, tmp_path / "new.html")
    assert [one.name for one in tmp_path.glob("*.html")] == ["mine.html"]


def test_a_page_that_is_too_large_is_refused(folder: Folder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(handout_page, "LARGEST", 10_000)
    with pytest.raises(InputError, match="would be too large"):
        handout.write_handout(folder, tmp_path / "new.html")
    assert not list(tmp_path.iterdir())


def test_an_earlier_handout_is_replaced(folder: Folder, tmp_path: Path) -> None:
    first = handout.write_handout(folder, tmp_path / "a.html").read_bytes()
    assert handout.write_handout(folder, tmp_path / "a.html").read_bytes() == first
