"""The report of a study: its content for every method, without scripts or requests."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.charts.theme import DARK
from sim.errors import InputError
from sim.export.page import POLICY, page
from sim.export.page_parts import Collapsible, Figure, Listing, Paragraph, Part, Table
from sim.runs.sequential import StoppingRule
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.schema.formatting import MINUS
from sim.study.cells import cells
from sim.study.design import Design
from sim.study.factor import Factor
from sim.study.folder import Folder
from sim.study.influence import influence
from sim.study.outcome_view import OutcomeView
from sim.study.report import BY_CHANCE, report_html, write_report
from sim.study.sections import section
from sim.study.sensitivity import SobolIndex
from sim.study.sensitivity import variance_split as share_of_luck
from sim.study.summary import summarise
from tests.unit.made_up import ASK, BASE, LEVERAGE, OTHER, RESTRAINT, Array, MadeUp, luck, noise, on_disk, plan

HOSTILE = "<img src=x onerror=alert(1)>"
ENDS = (
    Factor(LEVERAGE, low=0.75, high=1.1), Factor(RESTRAINT, low=0.1, high=0.8), Factor(ASK, low=0.55, high=0.75),
)  # fmt: skip
PLANS: dict[str, dict[str, Any]] = {
    "none": {"vary": (), "worlds": 64, "scenarios": (BASE, OTHER), "series": ("attacks",)},
    "one world": {"vary": (), "worlds": 1},
    "grid": {
        "vary": (Factor("kabul.ghani.offer", start=dt.date(2020, 3, 10), values=(500, 5000)),
                 Factor(LEVERAGE, values=(0.75, 0.9, 1.1))),
        "worlds": 32, "scenarios": (OTHER, BASE),
    },
    "one setting": {"vary": (Factor("kabul.ghani.review", values=(True, False)),), "worlds": 32},
    "list": {"vary": (Factor(LEVERAGE, values=(0.8, 1.0)), Factor(RESTRAINT, values=(0.2, 0.4))), "method": "list"},
    "latin-hypercube": {"vary": ENDS, "method": "latin-hypercube", "samples": 120, "worlds": 2},
    "sobol": {"vary": ENDS, "method": "sobol", "samples": 32, "worlds": 1, "scenarios": (BASE, OTHER)},
    "morris": {"vary": ENDS, "method": "morris", "samples": 8, "worlds": 3, "outcomes": ("attacks",)},
    "one-at-a-time": {"vary": ENDS, "method": "one-at-a-time", "worlds": 32, "scenarios": (BASE, OTHER)},
}  # fmt: skip


def rows(scenario: int, design: Design, points: Array, worlds: Array) -> dict[str, Array]:
    """Attacks that rise with the first setting, fall with the scenario, and have both kinds of random variation."""
    first = next(iter(design.values.values()), np.zeros(design.points))
    value = 1000 + 100 * np.nan_to_num(first[points], nan=0.9) - 300 * scenario
    chance = 20 * luck(worlds) + 10 * noise(points, worlds)
    days = np.broadcast_to(5.0 + np.arange(30), (*np.broadcast_shapes(points.shape, worlds.shape), 30))
    return {
        "attacks": value + chance,
        "reached_talks_open": value + 20 * chance > 1000,
        "daily_attacks": days + worlds[..., None],
    }


def study(path: Path, method: str, **parts: Any) -> Folder:
    """A synthetic study with a method."""
    given = PLANS[method] | parts
    absent = given.pop("absent", ())
    values = given.pop("values", rows)
    return on_disk(MadeUp(plan(*given.pop("vary"), **given), values, absent), path / "study")


def shown(text: str) -> str:
    """The text of a page, with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)).split())


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Folder, str]]:
    """The study and the page of a method, drawn once."""

    @cache
    def drawn(method: str) -> tuple[Folder, str]:
        folder = study(tmp_path_factory.mktemp("report"), method)
        return folder, report_html(folder)

    return drawn


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages without pictures, to check the text."""
    monkeypatch.setattr("sim.export.page.svg", lambda _: "<svg></svg>")


@pytest.mark.slow
@pytest.mark.parametrize("method", PLANS)
def test_every_method_gives_a_whole_page(method: str, pages: Callable[[str], tuple[Folder, str]]) -> None:
    """Offline, without scripts, with unique ids, and charts in colours of the style sheet."""
    folder, text = pages(method)
    words = shown(text)
    assert text.startswith("<!doctype html>")
    assert POLICY in text
    assert not re.search(r"<script|javascript:|@import|\bsrc=|<link|<iframe", text)
    assert not re.findall(r'(?<!xmlns=")(?<!xmlns:xlink=")https?://', text), "only names of SVG's own language"
    for part in (
        NOT_A_FORECAST,
        folder.plan.hash(),
        folder.model,
        folder.plan.title,
        "Taliban attacks, total",
        "seed 0",
    ):
        assert part in words, f"{method}: no {part!r}"
    assert f"{folder.plan.reference} (reference)" in words
    for one in folder.plan.vary:
        assert one.name in words
    assert "nan" not in words.lower().split()
    assert "undefined" not in words
    ids = Counter(re.findall(r'\bid="([^"]+)"', text))
    assert not [name for name, times in ids.items() if times > 1]
    for name in re.findall(r"url\(#([^)]+)\)", text):
        assert name in ids, f"{method}: {name} is nowhere"
    assert text.count('class="wide"') == text.count('class="narrow"') == text.count("<figure>") > 0
    pictures = "".join(re.findall(r"<svg.*?</svg>", text, re.DOTALL))
    assert not [c for c in DARK if f'"{c}"' in pictures], "a colour that would not turn on a dark ground"
    assert set(re.findall(r"var\((--c\w+)\)", pictures)) <= {f"--c{colour[1:]}" for colour in DARK}


@pytest.mark.usefixtures("undrawn")
def test_the_numbers_are_those_of_the_study(tmp_path: Path) -> None:
    folder = study(tmp_path, "none")
    words = shown(report_html(folder))
    base, other = (rows(s, folder.design, np.zeros((1, 1), int), np.arange(64)[None, :])["attacks"] for s in (0, 1))
    assert f"{base.mean():,.0f}" in words
    assert f"{other.mean():,.0f}" in words
    assert "no-review" in words
    assert "\N{MINUS SIGN}300" in words
    share = (rows(0, folder.design, np.zeros((1, 1), int), np.arange(64)[None, :])["reached_talks_open"]).mean()
    assert f"{100 * share:.1f} %" in words


@pytest.mark.parametrize(
    ("method", "parts"),
    [
        (
            "sobol",
            ("Sobol indices", "alone", "with all its interactions", "For world 0 only", "2 or more"),
        ),
        ("morris", ("mu*", "sigma", "of the variance is due to luck", "mean over 3 worlds")),
        ("one-at-a-time", ("at its low", "at its high", "unchanged", "One at a time")),
        ("grid", ("Framed", "main effects of the settings", "of the variance is due to luck", "5,000 people")),
        (
            "latin-hypercube",
            ("each fifth", "of the variance is due to luck", "distribution over the worlds of all points"),
        ),
        ("one setting", ("Review of the list yes", "Review of the list no")),
        ("none", ("median of baseline", "Day by day", "64 worlds", "distribution over worlds")),
    ],
)
def test_each_method_says_what_it_is_for(
    method: str, parts: tuple[str, ...], pages: Callable[[str], tuple[Folder, str]]
) -> None:
    words = shown(pages(method)[1])
    for part in parts:
        assert part in words, f"{method}: no {part!r} in {words[:3000]}"


@pytest.mark.parametrize("method", ["none", "list"])
def test_one_world_has_no_interval_and_nothing_significant(method: str, tmp_path: Path) -> None:
    folder = study(tmp_path, method, worlds=1, scenarios=(BASE, OTHER))
    summary = summarise(folder)
    drawn = next(one for one in section(OutcomeView(summary, "attacks")) if isinstance(one, Figure)).spec
    rows_drawn = drawn["layer"][2]["data"]["values"]
    assert len(rows_drawn) == 2 * folder.design.points
    assert {(row["low"], row["high"]) for row in rows_drawn} == {(None, None)}
    assert "significant difference" not in {row["kind"] for row in rows_drawn}
    assert "no interval" in drawn["title"]["subtitle"][0]
    assert set(cells(summary)["low"].to_pylist()) == set(cells(summary)["effect_low"].to_pylist()) == {None}


@pytest.mark.slow
def test_equal_effects_in_six_worlds_are_significant_and_have_no_interval(tmp_path: Path) -> None:
    alike = lambda scenario, *_: {"attacks": np.full((1, 1), 100.0 + scenario)}  # noqa: E731
    folder = study(tmp_path, "none", values=alike, worlds=6, series=())
    assert "the same in every world" in shown(report_html(folder))
    assert BY_CHANCE in shown(report_html(folder))
    drawn = next(one for one in section(OutcomeView(summarise(folder), "attacks")) if isinstance(one, Figure)).spec
    assert [row["kind"] for row in drawn["layer"][2]["data"]["values"]] == ["reference", "significant difference"]


@pytest.mark.usefixtures("undrawn")
def test_days_of_milestones_stand_with_their_dates(tmp_path: Path) -> None:
    def values(_: int, __: Design, points: Array, worlds: Array) -> dict[str, Array]:
        return {"day_talks_open": 12.0 + 0 * points * worlds}

    folder = study(tmp_path, "none", values=values, series=(), outcomes=("day_talks_open",))
    first = folder.plan.scenarios[0].start + dt.timedelta(days=12)
    words = shown(report_html(folder))
    assert words.count(f"12 ({first.day} {first:%b %Y})") >= 4, "of two scenarios, in the overview and in the table"
    assert '<th scope="col"></th>' not in report_html(folder)


@pytest.mark.usefixtures("undrawn")
def test_indices_near_nothing_are_not_shown_as_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [SobolIndex(LEVERAGE, -0.0004, 0.01, -0.004, 0.01), SobolIndex(RESTRAINT, -0.25, 0.01, 0.5, 0.01)]
    monkeypatch.setattr("sim.study.sensitivity.sobol", lambda *_: found)
    parts = list(influence(OutcomeView(summarise(study(tmp_path, "sobol")), "attacks")))
    bars = next(one for one in parts if isinstance(one, Figure)).spec
    words = [row["words"] for row in bars["layer"][3]["data"]["values"]]
    assert words == [f"{MINUS}0.25; 0.50", f">{MINUS}0.01; >{MINUS}0.01"], "figures alone, that long names have room"
    table = next(one for one in parts if isinstance(one, Table))
    assert [row[2] for row in table.rows] == [f"{MINUS}0.250 ± 0.010", f">{MINUS}0.001 ± 0.010"]


@pytest.mark.usefixtures("undrawn")
def test_luck_on_the_page_is_that_of_the_analysis(tmp_path: Path) -> None:
    folder = study(tmp_path, "morris")
    found = share_of_luck(summarise(folder), 0, "attacks")
    assert f"{100 * found.share:.0f} % of the variance is due to luck" in shown(report_html(folder))


@pytest.mark.usefixtures("undrawn")
def test_what_users_wrote_is_never_markup(tmp_path: Path) -> None:
    named = BASE.change({}, title=HOSTILE)
    folder = on_disk(
        MadeUp(plan(worlds=8, scenarios=(named,), reference=named.name, question=HOSTILE),
               lambda *a: rows(*a) | {"error": np.where(a[3] < 3, HOSTILE, "")}),
        tmp_path / "study",
    )  # fmt: skip
    text = report_html(folder)
    assert "<img" not in text
    assert text.count("&lt;img src=x onerror=alert(1)&gt;") >= 3


@pytest.mark.usefixtures("undrawn")
def test_failed_and_missing_parts_are_told_first(tmp_path: Path) -> None:
    def failing(scenario: int, design: Design, points: Array, worlds: Array) -> dict[str, Array]:
        bad = (worlds < 5) & (points == 0)
        return rows(scenario, design, points, worlds) | {"error": np.where(bad, "ZeroDivisionError: by zero", "")}

    folder = study(tmp_path, "none", values=failing, worlds=3000, absent=(1,))
    folder.skip_units([{"key": "k", "scenario": "baseline", "points": [0, 0], "worlds": [64, 127], "rows": 64,
                       "why": "killed by signal 9"}])  # fmt: skip
    words = shown(report_html(folder))
    for part in (
        "Not complete: 5 of 6 parts",
        "In 10 of",
        "ZeroDivisionError: by zero",
        "killed by signal 9",
        "64 to 127",
    ):
        assert part in words, f"no {part!r}"
    assert words.index("Not complete") < words.index("What was run")


@pytest.mark.usefixtures("undrawn")
def test_a_study_that_has_nothing_yet_says_so(tmp_path: Path) -> None:
    words = shown(report_html(study(tmp_path, "one world", absent=(0,))))
    assert "Not complete: 0 of 1 parts" in words
    assert "All outcomes" not in words


@pytest.mark.usefixtures("undrawn")
def test_a_study_until_it_is_clear_says_for_what(tmp_path: Path) -> None:
    asked = StoppingRule("reached_talks_open", 0.5, 1000)
    words = shown(report_html(study(tmp_path, "none", until=asked)))
    assert "narrower than 50 percentage points of worlds, or 1,000 worlds per point are run" in words


@pytest.mark.usefixtures("undrawn")
def test_many_outcomes_get_a_table_and_few_sections(tmp_path: Path) -> None:
    words = shown(report_html(study(tmp_path, "one world", outcomes=(), worlds=25)))
    assert "Table of all 66 outcomes" in words
    assert words.count("Table of") <= 9


@pytest.mark.usefixtures("undrawn")
def test_a_report_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    folder = study(tmp_path, "one world")
    reported: list[tuple[int, int]] = []
    out = write_report(folder, tmp_path / "page.html", progress=lambda done, total: reported.append((done, total)))
    assert out.read_text(encoding="utf-8") == report_html(folder)
    assert reported == [(1, 1)]
    for bad in (tmp_path, tmp_path / "none" / "page.html"):
        with pytest.raises(InputError):
            write_report(folder, bad)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.html", "study"]


def test_a_page_escapes_all_of_its_parts() -> None:
    parts: list[Part] = [
        Paragraph(HOSTILE, 2), Paragraph(HOSTILE, kind="note"), Listing(HOSTILE),
        Collapsible(HOSTILE, [Paragraph(HOSTILE)]),
        Table(HOSTILE, (HOSTILE, f">{HOSTILE}"), [(HOSTILE, HOSTILE)], frozenset({0})),
    ]  # fmt: skip
    text = page(HOSTILE, parts)
    assert "<img" not in text
    assert "\u202e" not in page("a\u202eb", [])
