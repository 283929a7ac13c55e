"""What leaves the page: whole, stamped, and harmless whatever a scenario calls itself."""

import csv
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from dashboard.render import export
from dashboard.render.export import Figure, Paragraph, Part, Provenance, Table
from sim.charts.lines import Line, lines
from sim.inputs.scenario_reader import load_scenario, parse_scenario
from sim.runs.runner import simulate
from sim.schema.disclaimer import NOT_A_FORECAST

HOSTILE = "<script>alert(1)</script> ![x](http://example.org/a.png) =cmd|' /C calc'!A0 & \"quoted\""
DAYS = np.arange(np.datetime64("2020-03-01"), np.datetime64("2020-03-11"))


def stamp(title: str = "Baseline") -> Provenance:
    """The stamp of a short run."""
    scenario = replace(load_scenario("baseline"), title=title)
    return Provenance(
        title, scenario, 7, 64, "point", "explore?scenario=baseline&seed=7", "jirga run baseline --seed 7"
    )


def figure(title: str = "A chart") -> Figure:
    """A chart with its data."""
    values = np.linspace(0, 1, len(DAYS))
    spec = lines([Line("a line", values)], DAYS, unit="people", title=title)
    return Figure("a-chart", spec, {"date": DAYS, "people": values})


class Tags(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]


@pytest.mark.slow
def test_a_stamp_says_what_was_run() -> None:
    run = simulate(load_scenario("baseline"), 2, 5)
    line = Provenance.of(run).line
    assert run.scenario.hash()[:12] in line
    assert "2 worlds, seed 5, assumptions that the facts allow" in line


def test_csv_has_every_digit_and_two_lines_on_what_it_is() -> None:
    text = export.csv_text(figure().data, stamp())
    first, second, *rest = text.splitlines()
    assert first == f"# {NOT_A_FORECAST}"
    assert "seed 7" in second
    rows = list(csv.DictReader(rest))
    assert [row["date"] for row in rows] == [str(day) for day in DAYS]
    assert [float(row["people"]) for row in rows] == np.linspace(0, 1, len(DAYS)).tolist()


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_cell_of_text_is_run_by_a_spreadsheet(cell: str) -> None:
    text = export.csv_text({cell: [cell]}, stamp())
    rows = list(csv.reader(io.StringIO("".join(line for line in text.splitlines(keepends=True)[2:]))))
    assert len(rows) == 2, "the head and one row"
    for row in rows:
        assert row[0].endswith(cell.strip()), row
        assert not row[0].startswith(("=", "+", "-", "@", "\t", "\r")), row


def test_missing_numbers_are_empty_cells() -> None:
    assert export.csv_text({"x": np.array([1.5, np.nan])}, stamp()).splitlines()[2:] == ["x", "1.5", '""']


def test_days_never_reached_are_empty_cells() -> None:
    days = np.array(["2020-03-10", "NaT"], "datetime64[ns]")
    assert export.csv_text({"world": [0, 1], "day": days}, stamp()).splitlines()[2:] == [
        "world,day", "0,2020-03-10", "1,",
    ]  # fmt: skip
    assert export.listed(days) == ["2020-03-10", None]


def test_a_line_break_in_a_title_makes_no_line_of_a_csv() -> None:
    odd = replace(stamp(), title="two\nlines")
    assert len(export.csv_text({"x": [1]}, odd).splitlines()) == 4


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="argument"):
        export.csv_text({"x": [1, 2], "y": [1]}, stamp())


@pytest.mark.parametrize("title", ["Baseline", HOSTILE])
def test_the_offline_page_runs_nothing_and_fetches_nothing(title: str) -> None:
    parts: list[Part] = [
        Paragraph(title, 2),
        Paragraph(title),
        figure(title),
        Table(title, {title: [title, 1.5], "n": [1, None]}),
    ]
    page = export.page_html(title, parts, stamp(title))
    tags = Tags()
    tags.feed(page)
    assert not tags.seen & {"script", "img", "iframe", "object", "embed", "link", "form", "a"}
    assert not any(name.startswith("on") for name in tags.attributes)
    assert not [address for address in tags.addresses if not address.startswith("#")]
    assert "default-src 'none'" in page
    assert page.count(NOT_A_FORECAST) >= 3
    assert "jirga run baseline --seed 7" in page


def test_the_offline_page_holds_the_scenario_as_it_was() -> None:
    page = export.page_html("Explore", [], stamp(HOSTILE))
    found = re.search(r"<details>.*?<pre>(.*?)</pre>", page, re.DOTALL)
    assert found is not None
    import html

    assert parse_scenario(html.unescape(found[1])).hash() == load_scenario("baseline").hash()


@pytest.mark.parametrize("name", ["baseline", "all-5000-at-once", "free-run"])
def test_the_scenario_file_loads_back(name: str) -> None:
    scenario = load_scenario(name)
    text = export.scenario_toml(scenario)
    assert text.startswith(f"# {NOT_A_FORECAST}")
    assert parse_scenario(text) == scenario


def test_pictures_are_pictures() -> None:
    assert export.chart_png(figure()).startswith(b"\x89PNG")
    drawn = export.chart_svg(figure(HOSTILE))
    assert drawn.startswith("<svg")
    assert "<script" not in drawn
    assert NOT_A_FORECAST in drawn


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("My Plan", "attacks"), "my-plan-attacks.csv"),
        (("../../etc/passwd",), "etc-passwd.csv"),
        (("\x00\n",), "jirga.csv"),
        (("x" * 500,), f"{'x' * 80}.csv"),
    ],
)
def test_file_names_are_letters_digits_and_hyphens(words: tuple[str, ...], name: str) -> None:
    assert export.file_name(*words, ending="csv") == name
