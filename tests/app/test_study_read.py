"""The subcommands of `jirga study` that read: report, export and sql, and the report in a browser."""

import csv
import datetime as dt
import io
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from sim.inputs.scenario_reader import load_scenario
from sim.study import part
from sim.study.compute import compute
from sim.study.factor import Factor
from sim.study.folder import Folder
from sim.study.plan import Plan
from tests.app.browser import complaints, visit
from tests.app.command import document, fail, jirga, succeed

pytestmark = pytest.mark.slow

WIDTHS = (390, 768, 1920)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A grid of six points in two scenarios over some weeks, 24 worlds each, by the engine."""
    scenarios = tuple(load_scenario(name).with_dates(end=dt.date(2020, 4, 20)) for name in ("baseline", "no-review"))
    grid = (
        Factor("kabul.ghani.offer", start=dt.date(2020, 3, 10), values=(500, 1500, 5000)),
        Factor("taliban.leverage", values=(0.75, 1.1)),
    )
    plan = Plan(
        "Offer and leverage", scenarios, "baseline", 24, method="grid", vary=grid,
        outcomes=("attacks", "prisoners_released", "reached_talks_open"), series=("attacks",),
    )  # fmt: skip
    made = Folder.create(tmp_path_factory.mktemp("read") / "study", plan)
    for unit in made.units():
        task = made.work.task(unit)
        part.write(made.parts, task.key, compute(task))
    return made


def test_report_writes_a_page_into_the_study_or_where_it_is_told(folder: Folder, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    assert succeed("study", "report", folder.path, "--out", out).startswith("Written to")
    assert "Offer and leverage" in out.read_text(encoding="utf-8")
    succeed("study", "report", folder.path)
    assert (folder.path / "report.html").read_bytes() == out.read_bytes()
    (folder.path / "report.html").unlink()


def test_export_writes_tables(folder: Folder, tmp_path: Path) -> None:
    succeed("study", "export", folder.path, "--out", tmp_path / "tables")
    assert pq.read_metadata(tmp_path / "tables" / "results.parquet").num_rows == 2 * 6 * 24
    succeed("study", "export", folder.path, "--out", tmp_path / "csv", "--format", "csv")
    with (tmp_path / "csv" / "results.csv").open() as stream:
        assert len(list(csv.DictReader(stream))) == 2 * 6 * 24


def test_sql_gives_a_table_csv_or_json(folder: Folder) -> None:
    question = "SELECT scenario, count(*) AS n, avg(attacks) AS mean FROM results GROUP BY ALL ORDER BY ALL"
    rows = document("study", "sql", folder.path, question)
    assert rows["columns"] == ["scenario", "n", "mean"]
    assert [row[:2] for row in rows["rows"]] == [["baseline", 144], ["no-review", 144]]
    listed = list(csv.reader(io.StringIO(succeed("study", "sql", folder.path, question, "--csv"))))
    assert listed == [rows["columns"], *([str(cell) for cell in row] for row in rows["rows"])]
    table = succeed("study", "sql", folder.path, question)
    assert "no-review" in table
    assert "not a forecast" in table


def test_sql_fits_the_screen_and_says_what_it_leaves_out(folder: Folder) -> None:
    wide = succeed("study", "sql", folder.path, "SELECT * FROM results ORDER BY ALL")
    assert max(map(len, wide.splitlines())) <= 80
    assert "288 rows, the first 100 shown: --csv prints all" in wide
    none = succeed("study", "sql", folder.path, "SELECT * FROM points WHERE point > 100")
    assert "0 rows" in none


def test_text_of_any_character_comes_back_from_csv(folder: Folder) -> None:
    odd = "\r\n\"',;\t\\\x0b\x0c\x1c\x1d\x85\u2028\u2029"
    columns = ", ".join(f"'a' || chr({ord(one)}) || 'b' AS c{place}" for place, one in enumerate(odd))
    said = succeed("study", "sql", folder.path, f"SELECT {columns}", "--csv")
    assert list(csv.reader(io.StringIO(said, newline="")))[1:] == [[f"a{one}b" for one in odd]]


def test_csv_of_a_question_is_guarded(folder: Folder) -> None:
    assert succeed("study", "sql", folder.path, "SELECT '=1+1' AS \"@f\", true AS b, NULL AS n", "--csv") == (
        "'@f,b,n\n'=1+1,true,\n"
    )


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("sql", "{study}", "SELECT atacks FROM results"), "attacks"),
        (("sql", "{study}", "DROP VIEW results"), "one SELECT"),
        (("sql", "{study}", "SELECT 1", "--csv", "--json"), "use either --csv or --json"),
        (("sql", "{none}", "SELECT 1"), "no such folder"),
        (("report", "{none}"), "no such folder"),
        (("report", "{study}", "--out", "{study}"), "is a folder"),
        (("report", "{study}", "--out", "{none}/page.html"), "cannot be written"),
        (("export", "{study}", "--out", "{study}"), "not empty"),
        (("export", "{none}", "--out", "out"), "no such folder"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(
    words: tuple[str, ...], hint: str, folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(folder.path.rglob("*"))
    named = [word.format(study=folder.path, none=tmp_path / "none") for word in words]
    assert hint in fail("study", *named)
    assert not list(tmp_path.iterdir())
    assert sorted(folder.path.rglob("*")) == before


@pytest.mark.parametrize("verb", ["report", "export", "sql"])
def test_help_has_examples(verb: str) -> None:
    assert f"jirga study {verb}" in succeed("study", verb, "--help")


def test_a_damaged_part_is_one_line_too(folder: Folder, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in (p for p in folder.path.rglob("*") if p.is_file()):
        target = copy / path.relative_to(folder.path)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    damaged = Folder.open(copy).part_files()[0]
    damaged.write_bytes(damaged.read_bytes()[:200])
    for words in (
        ("report", copy),
        ("export", copy, "--out", tmp_path / "out"),
        ("sql", copy, "SELECT * FROM results"),
    ):
        assert damaged.name in fail("study", *words), words
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy"]


@pytest.mark.browser
def test_the_page_reads_on_every_screen_in_light_and_dark(browser: Any, folder: Folder, tmp_path: Path) -> None:
    """No horizontal scrolling, no requests, one visible picture of each chart, in the colours of the background."""
    out = tmp_path / "page.html"
    jirga("study", "report", folder.path, "--out", out)
    grounds = set()
    for width in WIDTHS:
        for dark in (False, True):
            page = visit(browser, out.as_uri(), width=width, dark=dark)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{width} px, dark {dark}"
            seen = page.evaluate("[...document.querySelectorAll('figure svg')].filter(x => x.clientWidth).length")
            assert seen == page.locator("figure").count() > 0
            grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
            ink = page.evaluate("getComputedStyle(document.querySelector('figure .role-axis-label text')).fill")
            assert (ink == "rgb(240, 240, 240)") == dark, f"{ink} on dark {dark}"
            assert page.evaluate("performance.getEntriesByType('resource').length") == 0
            assert complaints(page) == []
            page.context.close()
    assert len(grounds) == 2
