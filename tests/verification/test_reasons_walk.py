"""A walk over random worlds of random scenarios: every event and decision has its reason, in sound words with units."""

import datetime as dt
import re
from collections.abc import Iterator

import numpy as np
import pytest

from sim.analysis.causes.chain import chain_of
from sim.analysis.causes.clauses import CLAUSES, question
from sim.analysis.narrative import narrate
from sim.analysis.reasons.record import Reasons, reasons
from sim.analysis.reasons.words import input_words, reason_words
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario, scenario_names
from sim.schema.decisions import levers
from sim.schema.milestones import MILESTONES
from sim.schema.outcomes import OUTCOMES

pytestmark = pytest.mark.slow

WORLDS = 200
SHORTEST, LONGEST = 12, 26  # days, but for WHOLE of them
WHOLE = 4  # worlds that are run to their scenario's end, so that late events come too
CHANGED = 3  # levers imposed on random days, at most
SEED = 2020

# A number must be followed by its unit, or be part of a date, of a name or of a scale that the sentence states.
NUMBER = re.compile(r"(?<![\w.,:/-])[−<>]?\d[\d,]*(?:\.\d+)?(?!\w)")
DATE = re.compile(r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*(?: \d{4})?\b")
SCALES = re.compile(
    r"on a scale from 0(?:, none,)? to \d(?:, settled)?|between 0 and 1: [\d.]+|ratio to 2019|times 2019"
)
UNIT = re.compile(
    r"^(?: to [\d,.]*\d)? ?(?:%|people|prisoners|attacks|operations|troops|US troops|days?|weeks?|billion|"
    r"bn USD|times|released|"
    r"offered|demanded|of the|points|fighters|added to|on a scale|captives|Taliban attacks|share|ratio|airstrikes)"
)
NAMED = re.compile(
    r"8,600|5,000 released|1,000 released|1,500 released|US troops at [\d,]+|S\d+|level of 2019|attacks of 2019|of 2019"
    r"|in 20\d\d\b"
)


def scenarios() -> Iterator[tuple[Scenario, int]]:
    """Random scenarios with random worlds: one of those that come with Jirga, with levers imposed on random days."""
    dice = np.random.default_rng(SEED)
    names, known = scenario_names(), list(levers().values())
    for place in range(WORLDS):
        base = load_scenario(str(dice.choice(names)))
        if place >= WHOLE:
            base = base.with_dates(base.start, base.start + dt.timedelta(days=int(dice.integers(SHORTEST, LONGEST))))
        for _ in range(int(dice.integers(0, CHANGED + 1))):
            lever = known[int(dice.integers(len(known)))]
            since = base.start + dt.timedelta(days=int(dice.integers(0, base.days - 2)))
            value = bool(dice.integers(2)) if lever.unit == "yes/no" else float(dice.uniform(lever.low, lever.high))
            base = base.with_settings([f"{lever.name}={str(value).lower()}@{since.isoformat()}.."])
        yield base, int(dice.integers(1000))


@pytest.fixture(scope="module")
def walked() -> list[Reasons]:
    """The record of each world."""
    return [reasons(scenario, world) for scenario, world in scenarios()]


def bare_numbers(text: str) -> list[str]:
    """The numbers of a text that have no unit."""
    rest = NAMED.sub("", SCALES.sub("on a scale", DATE.sub("", text)))
    return [one.group() for one in NUMBER.finditer(rest) if not UNIT.match(rest[one.end() :])]


def unsound(text: str) -> str:
    """What is wrong with a sentence; "" if nothing."""
    if not text.strip() or text.strip() in {".", ":", ";"}:
        return "empty"
    if re.search(r"\bnan\b|\bNone\b|\{|\}|  |\.\.|: ;|: \.|\(\)", text):
        return "a gap"
    if "never" in text and re.search(r"comes on|opens on", text.split(";", maxsplit=1)[0]) and "without" not in text:
        return "contradictory"
    return f"no unit: {bare}" if (bare := bare_numbers(text)) else ""


def problems(texts: list[str]) -> list[str]:
    """What is wrong with some sentences, each with its fault; an empty text is left out."""
    return sorted({f"{unsound(text)}: {text}" for text in texts if text and unsound(text)})


def test_every_milestone_has_a_reason_in_words(walked: list[Reasons]) -> None:
    reached, said = set(), list[str]()
    for record in walked:
        found = {one.name: one for one in record.milestones()}
        assert set(found) == {name for name, day in record.milestone_day.items() if day >= 0}
        for name, one in found.items():
            reached.add(name)
            assert one.on_record in MILESTONES[name].reasons
            assert one.rule
            said += [reason_words(one), input_words(one)]
    assert not problems(said)
    assert len(reached) >= 10, f"too few milestones were ever reached: {reached}"


def test_every_decision_field_has_a_reason_in_words(walked: list[Reasons]) -> None:
    said: list[str] = []
    for record in walked:
        for lever in levers():
            for one in record.changes(lever):
                words, read = reason_words(one), input_words(one)
                said += [words, read]
                assert words
                assert one.imposed or one.rule, f"{lever}: no reason"
                assert one.before is None or one.before != one.value, f"{lever} did not change: {words}"
                assert not (read and one.imposed), f"{lever}: imposed, and yet computed"
    assert not problems(said)


def test_every_event_of_the_story_can_be_asked_about(walked: list[Reasons]) -> None:
    said: list[str] = []
    for record in walked:
        for event in narrate(record.history):
            assert event.about in MILESTONES or event.about in levers() or event.about in OUTCOMES, event
            said += [event.text, event.why]
    assert said
    assert not problems(said)


def test_every_chain_is_sound(walked: list[Reasons]) -> None:
    said: list[str] = []
    for record in walked:
        for about in MILESTONES:
            date = record.milestone(about)
            links = chain_of(record, about, ())
            assert links
            assert (": never" in links[0].text) == (date is None), links[0]
            for link in links:
                assert link.rule
                assert link.rests_on
                assert link.text
                said += [link.text, link.tested, link.inputs]
    assert not problems(said)


@pytest.mark.parametrize("about", MILESTONES)
def test_each_milestone_is_a_clause(about: str) -> None:
    clause = CLAUSES[about]
    assert question(about, 17) == (
        f"Why {'does' if clause.one else 'do'} {clause.subject} never {clause.base} in world 17?"
    )
    assert question(about, 17, dt.date(2020, 8, 3)).endswith(" on 3 Aug 2020 in world 17?")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Trust is 0.4 today", "no unit"), ("4,000 people", ""), ("", "empty"), ("Talks open: nan.", "a gap"),
        ("On 3 Mar 2020 0.4 on a scale from 0 to 1", ""),
    ],
)  # fmt: skip
def test_the_walk_would_find_it(text: str, wrong: str) -> None:
    assert unsound(text).startswith(wrong)
    assert bool(unsound(text)) == bool(wrong)
