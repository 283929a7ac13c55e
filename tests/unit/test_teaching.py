"""The teaching kit: up-to-date figures, plans that add up, working links and commands, complete cards."""

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from dashboard.state.state import read_query
from docs import classroom, kit_sheets, lesson_runs, refresh, worksheets
from sim.cli import compare, run
from sim.exercise.deck import deck
from sim.exercise.seats import SEATS
from sim.exercise.settings import load_settings
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario
from sim.runs.runner import simulate
from sim.schema.formatting import MINUS
from tests.app.command import jirga

CARDS = tuple(page for page in refresh.KIT if "/cards/" in page)
SHEETS = tuple(page for page in refresh.KIT if "/worksheets/" in page and not page.endswith("answers.md"))
MADE = tuple(page for page in refresh.KIT if not page.endswith("start.md"))
PARTS = ("Do", "Look for", "Ask", "Read", "Caution")  # of a card, in order
FEW = "8"  # worlds that a command is run with here
PREPARED = run.prepared
PAGES = ("", "compare", "one-world", "evidence")  # of the dashboard


def read(page: str) -> str:
    return (refresh.ROOT / page).read_text(encoding="utf-8")


def kit(name: str) -> str:
    return read(f"docs/teaching/{name}")


@pytest.mark.slow
def test_no_answer_is_stale() -> None:
    stale = refresh.stale_answers()
    assert not stale, f"run make docs: {stale}"


def test_handouts_are_fresh() -> None:
    assert not kit_sheets.stale(), "run make docs"


def test_handouts_hold_every_page_to_print_and_need_no_network() -> None:
    made = kit_sheets.page()
    left_out = {"docs/teaching/README.md", "docs/teaching/start.md"}
    assert {f"docs/teaching/{name}" for name in kit_sheets.PAGES} == set(refresh.KIT) - left_out
    for start in ('src="http', "<script", "<link", "url(", "@import"):
        assert start not in made, start
    for link in re.findall(r'(?:href|src)="([^"#]+)', made):
        assert link.startswith("http://127.0.0.1:8501") or (kit_sheets.FOLDER / link).exists(), link
    for mark in re.findall(r'href="#([^"]+)"', made):
        assert f'id="{mark}"' in made, mark


def test_every_answer_and_every_table_of_the_kit_has_its_place() -> None:
    placed = {name for page in refresh.KIT for name in refresh.blocks(read(page))}
    wanted = {f"answer {name}" for name in refresh.ANSWERS} | {f"table {name}" for name in classroom.KIT_TABLES}
    assert wanted == placed


@pytest.mark.parametrize("minus", ["-", MINUS])
def test_an_answer_may_differ_in_a_last_digit_and_in_nothing_else(minus: str) -> None:
    there = f"| Talks open | 64 % | 23,503: {minus}52.3 ({minus}103 to {minus}1.96) | 7 Sep |"
    for old, new in (("64", "65"), ("7 Sep", "8 Sep"), (f"{minus}52.3", f"{minus}53.9"), (f"{minus}1.96", "+0.04")):
        assert refresh.same_answer(there, there.replace(old, new)), new
    for old, new in (
        ("64", "68"),
        ("7 Sep", "9 Sep"),
        (f"{minus}52.3", "+52.3"),
        ("open", "close"),
        ("23,503", "20,503"),
    ):
        assert not refresh.same_answer(there, there.replace(old, new)), new


def test_there_are_cards_and_worksheets_enough() -> None:
    assert len(CARDS) >= 6
    assert len(SHEETS) >= 4


@pytest.mark.parametrize("page", CARDS)
def test_a_card_is_whole(page: str) -> None:
    text = read(page)
    assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == PARTS, page
    (minutes,) = re.findall(r"^\*\*Time\.\*\* (\d+) minutes", text, re.MULTILINE)
    assert 10 <= int(minutes) <= 15
    assert "**Goal.**" in text
    assert any(name.startswith("answer ") for name in refresh.blocks(text)), "no figures of the model"
    assert text[text.index("## Ask") : text.index("## Read")].count("\n- ") >= 3


def test_readings_stand_in_the_literature() -> None:
    literature = read("docs/model.md").partition("## 8 Literature")[2]
    named = {
        found for page in CARDS for found in re.findall(r"([A-Z]\w+)(?: and \w+| et al\.)? (\d{4})\b", read(page))
        if found[0] not in ("April", "May", "March", "of", "In")
    }  # fmt: skip
    assert len(named) >= 8
    for author, year in named:
        assert re.search(rf"^{author}.*\({year}\)", literature, re.MULTILINE), f"{author} {year}"


def test_injects_that_the_kit_names_are_in_the_deck() -> None:
    named = {
        name
        for page in CARDS
        for line in re.findall(r"Inject .*", read(page))
        for name in re.findall(r"`([\w-]+)`", line)
    }
    assert len(named) >= 6
    assert named <= set(deck()), named - set(deck())


def test_links_to_the_dashboard_can_be_opened() -> None:
    links = {link for page in MADE for link in re.findall(r"http://127\.0\.0\.1:8501[^\s)>]*", read(page))}
    assert len(links) >= 10
    for link in links:
        parts = urlsplit(link)
        assert parts.path.strip("/") in PAGES, link
        state = read_query(parse_qs(parts.query, keep_blank_values=True))
        if parts.query:
            assert (state.worlds, state.seed) == (lesson_runs.WORLDS, lesson_runs.SEED), link


def test_sentences_cited_are_of_the_text() -> None:
    cited = {int(number) for page in refresh.KIT for number in re.findall(r"\bS(\d+)\b", read(page))}
    assert cited <= set(range(1, 18)), cited


@pytest.mark.parametrize("length", classroom.LESSONS)
def test_a_plan_fills_its_minutes(length: int) -> None:
    part = kit("guide.md").partition(f"\n## {length} minutes\n")[2].partition("\n## ")[0]
    spans = [(int(a), int(b)) for a, b in re.findall(r"^\| (\d+)\N{EN DASH}(\d+) \|", part, re.MULTILINE)]
    assert spans[0][0] == 0
    assert spans[-1][1] == length
    assert all(before[1] == after[0] and after[1] > after[0] for before, after in pairwise(spans))
    plan = load_settings(classroom.KIT / f"lesson-{length}.toml")
    assert part.count("| Round ") == plan.rounds
    rounds = [int(b) - int(a) for a, b in re.findall(r"^\| (\d+)\N{EN DASH}(\d+) \| Round ", part, re.MULTILINE)]
    assert plan.minutes is not None
    assert all(minutes > plan.minutes for minutes in rounds), "no time left to play a round and look at it"
    last = plan.end - timedelta(days=1)
    third = {1: "early", 2: "mid", 3: "late"}[min(last.day // 10 + 1, 3)]
    assert re.search(rf"to {third}[- ]{last:%B %Y}", part), f"the plan ends on {last}"


def test_briefings_are_those_of_the_exercise() -> None:
    text = kit("briefings.md")
    parts = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert [part.partition("\n")[0] for part in parts] == [seat.label for seat in SEATS.values()]
    for part, seat in zip(parts, SEATS.values(), strict=True):
        assert seat.briefing in part
        assert all(lever.label in part for lever in seat.levers.values())


def test_the_quiz_answers_each_of_its_questions() -> None:
    asked, _, answered = kit("quiz.md").partition("## Answers")
    questions = re.findall(r"^(\d+)\. .*?\n((?: +- .*\n)+)", asked, re.MULTILINE)
    right = dict(re.findall(r"^\| (\d+) \| ([a-c]) \|", answered, re.MULTILINE))
    assert 10 <= len(questions) <= 12
    assert [number for number, _ in questions] == list(right)
    for number, options in questions:
        letters = re.findall(r"- ([a-c])\)", options)
        (why,) = re.findall(rf"^\| {number} \| . \| (.*) \|$", answered, re.MULTILINE)
        others = set(letters) - {right[number]}
        assert right[number] in letters
        assert all(f"*{letter}*" in why for letter in others), f"{number}: why are {others} wrong?"


def commands() -> list[str]:
    """Every complete command in a page of the kit, on its own line or within a sentence."""
    shown = []
    for page in MADE:
        shown += re.findall(r"^jirga .*$", read(page), re.MULTILINE)
        shown += re.findall(r"`(jirga [^`]*)`", read(page))
    return [line for line in dict.fromkeys(shown) if "NAME" not in line]


@pytest.mark.slow
@pytest.mark.parametrize("line", commands())
def test_commands_of_the_kit_run(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run it with few days and worlds; commands that start a server or a game only with --help."""
    monkeypatch.chdir(refresh.ROOT)
    for module in (compare, run):
        monkeypatch.setattr(module, "prepared", briefly)
    words = line.split()[1:]
    if words[0] in ("run", "compare"):
        words = [*words, "--worlds", FEW]
    if words[0] in ("class", "exercise"):
        assert all(not word.endswith(".toml") or load_settings(word) for word in words)
        words = [*words, "--help"]
    done = jirga(*words)
    assert done.exit_code == 0, f"{line}: {done.output}{done.exception!r}"


@pytest.mark.slow
def test_the_moves_of_the_guide_can_be_played() -> None:
    (moves,) = re.findall(r"^```moves\n(.*?)^```", kit("guide.md"), re.MULTILINE | re.DOTALL)
    lesson = str(classroom.KIT / "lesson-60.toml")
    done = jirga("exercise", "play", lesson, "--groups", "1", stdin=moves)
    assert done.exit_code == 0, done.output
    assert "round 2 of 3" in done.output


def briefly(*given: Any, **more: Any) -> Scenario:
    """The scenario of a command, cut to three weeks."""
    return PREPARED(*given, **more).with_dates(end=date(2020, 3, 22))


def test_the_kit_shows_commands() -> None:
    assert len(commands()) >= 15


def test_brier_scores() -> None:
    assert worksheets.brier((0.8,), np.array([1.0])) == pytest.approx(0.04)
    assert worksheets.brier((0.5, 0.5), np.array([1.0, 0.0])) == pytest.approx(0.25)
    assert worksheets.brier((1.0, 0.0), np.array([0.0, 0.0])) == pytest.approx(0.5)


@pytest.mark.slow
def test_figures_are_those_of_a_run_alone() -> None:
    alone = simulate(load_scenario("no-review"), 64, lesson_runs.SEED)
    assert (alone.series("attacks") == lesson_runs.run("no-review").series("attacks")[:64]).all()
