"""The review: effects are those of a comparison, partings are first days, and nobody's words become markup."""

import csv
import io

import numpy as np
import pytest

from sim.exercise import debrief, review_page
from sim.exercise.decision_effects import worlds_for
from sim.exercise.decisions import decisions
from sim.exercise.deck import Card
from sim.exercise.divergence import first_lasting, week_sums
from sim.exercise.review_records import Review
from sim.exercise.review_tables import csv_files
from sim.exercise.rounds import group_scenario
from sim.exercise.rubric import LEVELS, RUBRIC
from sim.export.page_parts import Paragraph, Table
from sim.results.comparison import Comparison
from sim.runs.runner import simulate
from tests.app.command import ROOT
from tests.unit.classroom import Lesson, lesson

US, GHANI, TALIBAN = (1, "us"), (1, "ghani"), (1, "taliban")
EVIL = "<script>alert(1)</script>&\"'"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    """Two groups and two rounds, with a deal that is broken, an inject, and text that would like to be markup."""
    one = lesson(tmp_path_factory.mktemp("class"), US, GHANI, TALIBAN, groups=2, rounds=2, title=EVIL, worlds=24)
    room = one.room
    for number in (1, 2):
        one.open()
        if number == 1:
            room.predict(one.tokens[US], one.seat(*US).questions[0].question, 0.8, EVIL)
            room.order(one.tokens[TALIBAN], "taliban.intensity", 0.5, "until_changed")
            deal = room.propose(one.tokens[US], "ghani", {"us.aid_cut": 0}, {"kabul.ghani.pace": 200}, 2, EVIL)
            room.answer(one.tokens[GHANI], deal, "accept")
            room.propose(one.tokens[TALIBAN], "us", {"taliban.attend": True}, {}, 1, EVIL)  # nobody answers
            room.inject(one.secret, Card("", f"=1+1 {EVIL}", EVIL, 5, {"kabul.ghani.posture": 2}), [2])
        else:
            room.order(one.tokens[GHANI], "kabul.ghani.pace", 0)
        one.play()
    return one


@pytest.fixture(scope="module")
def review(played: Lesson) -> Review:
    return played.room.review(played.secret)


@pytest.mark.slow
def test_decisions_are_found_once_with_their_rounds(played: Lesson) -> None:
    state = played.room._log.state(played.exercise)
    shown = [(one.kind, one.span, one.text) for one in decisions(state, 1)]
    assert shown == [
        ("order", "1 to 2", "Violence ordered against Afghan forces: 0.5 times 2019"),
        (
            "deal",
            "1 to 2",
            "US aid withheld from Kabul: at most 0 bn USD per year; Releases per day: at least 200 people/day",
        ),
        ("order", "2", "Releases per day: 0 people/day"),
    ]
    assert [one.kind for one in decisions(state, 2)] == ["inject"]


@pytest.mark.slow
def test_an_effect_is_that_of_a_comparison_and_of_the_own_world(played: Lesson, review: Review) -> None:
    state = played.room._log.state(played.exercise)
    calm = review.taken[0]
    whole = group_scenario(state, 1, 2)
    without = group_scenario(state, 1, 2, without=calm.decision.seqs)
    assert any(one.lever == "taliban.intensity" for one in whole.interventions)
    assert not any(one.lever == "taliban.intensity" for one in without.interventions)
    (known,) = Comparison(simulate(without, 24), simulate(whole, 24)).table(["attacks"])
    found = calm.effects[0]
    assert found.outcome == "attacks"
    assert (found.effect, found.low, found.high) == (known.effect, known.low, known.high)
    assert found.effect < -100, f"half the violence, and {found.effect} attacks"
    assert found.significant
    own = [simulate(one, 1).outcomes["attacks"].item() for one in (whole, without)]
    assert found.own == own[0] - own[1]


def test_an_effect_that_is_hardly_there_is_not_significant(review: Review) -> None:
    deal = next(one for one in review.taken if one.decision.kind == "deal")
    troops = next(one for one in deal.effects if one.outcome == "us_troops")
    assert abs(troops.effect) < 1
    assert abs(troops.own) < 1
    assert not troops.significant


def test_deals_kept_and_broken(review: Review) -> None:
    (deal,) = review.deals
    assert (deal.first, deal.last, deal.sender, deal.receiver) == (1, 2, "us", "ghani")
    aid, pace = deal.terms
    assert (aid.verdict, pace.verdict) == ("kept", "broken")
    assert pace.detail == "in round 2, Ghani's camp: Releases per day: 0 people/day"


@pytest.mark.slow
def test_the_debrief_says_only_what_was_tested(review: Review) -> None:
    first, second = debrief.debrief(review)
    happened, difference, promise = first.sentences
    known = [one for one in review.taken if one.decision.group == 1]
    found = debrief.turning_point(known)
    assert found is not None
    one, share = found
    assert share.significant
    rivals = [s for other in known for s in other.shares if s.outcome == share.outcome and s.significant]
    assert abs(share.share) == max(abs(rival.share) for rival in rivals)
    assert one.decision.text in difference
    assert f"{review.own[1].arrays['prisoners_released'][0, -1]:,.0f} prisoners" in happened
    assert promise == (
        "A promise was broken. Ghani's camp promised the United States: Releases per day: at least 200 people/day "
        "(in round 2, Ghani's camp: Releases per day: 0 people/day)."
    )
    assert first.card == debrief.COMMITMENT[0]
    assert second.sentences[1].startswith("No decision of yours made a clear difference, but an event in round 1 did:")
    assert second.sentences[2] == "No deal was made."
    assert second.card != debrief.COMMITMENT[0]
    assert "The class's surprise" in debrief.surprise(review)
    page = review_page.page(review)
    assert page.index("To read aloud") < page.index("What was played") < page.index("<svg")


def test_every_card_of_the_debrief_is_one_of_the_kit() -> None:
    known = {path.read_text().partition("\n")[0] for path in (ROOT / "docs/teaching/cards").glob("*.md")}
    assert {f"# Card {name.replace(',', ':', 1)}" for name, _ in debrief.CARDS} <= known


@pytest.mark.slow
def test_offers_that_nobody_answered_are_kept_with_their_note(review: Review) -> None:
    (offer,) = review.offers
    assert (offer.group, offer.round, offer.sender, offer.receiver) == (1, 1, "taliban", "us")
    assert (offer.terms, offer.status, offer.note) == ("Willing to attend talks: yes", "expired", EVIL)
    page = review_page.page(review)
    assert "Offers that became no deal" in page
    assert "not answered" in page


def test_reasons_stand_beside_forecasts_without_the_students(review: Review) -> None:
    (table,) = review_page._reasons(review)
    assert isinstance(table, Table)
    assert [list(row)[3:] for row in table.rows] == [["80 %", EVIL, "no"]]
    (row,) = csv.DictReader(io.StringIO(csv_files(review)["reasons.csv"].decode()))
    assert (row["round"], row["group"], row["probability"], row["reason"]) == ("1", "1", "0.8", EVIL)
    assert "student" not in row
    assert EVIL in csv_files(review)["students.csv"].decode().replace('""', '"')


def test_the_review_ends_with_the_rubric_of_the_kit(review: Review) -> None:
    kit = (ROOT / "docs/teaching/rubric.md").read_text(encoding="utf-8")
    *_, heading, _, table = review_page._parts(review)
    assert heading == Paragraph("What good looks like in the debrief", 2)
    assert isinstance(table, Table)
    assert len(table.rows) == len(RUBRIC) == 5
    for one, row in zip(RUBRIC, table.rows, strict=True):
        for words in (one.name, one.look, *(getattr(one, level) for level in LEVELS)):
            assert words in row
            assert words in kit


def test_a_difference_lasts_or_is_none() -> None:
    sign = np.zeros(60, int)
    sign[5:15] = 1  # ten days only
    sign[20:40] = -1
    assert first_lasting(sign) == 20
    sign[50:] = 1
    assert first_lasting(np.where(np.arange(60) >= 50, sign, 0)) == 50, "to the end counts"
    assert first_lasting(np.zeros(60, int)) is None


def test_groups_part_where_their_decisions_begin(review: Review) -> None:
    first = {(one.group, one.other, one.series): one for one in review.partings}
    assert set(first) == {(g, o, s) for g, o, s in first if g > o}
    calm = first[1, 0, "attacks"]
    assert calm.world is not None
    assert calm.ensemble is not None
    for one in review.partings:
        for day in (one.world, one.ensemble):
            assert day is None or review.settings.start <= day < review.settings.end


def test_aims_read_off_outcomes(review: Review) -> None:
    troops = next(one for one in review.aims if one.seat == "us" and one.outcome == "us_troops")
    assert troops.own == review.own[1].outcomes["us_troops"].item()
    assert troops.mean == review.many[1].outcomes["us_troops"].values.mean()
    assert {one.seat for one in review.aims} == {"us", "taliban", "ghani", "abdullah"}


@pytest.mark.slow
def test_the_page_is_whole_offline_and_holds_no_markup_of_users(review: Review) -> None:
    page = review_page.page(review)
    assert "<script" not in page.lower()
    assert page.count("&lt;script&gt;") >= 3
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    assert page.count("<svg") >= 5
    assert "A tool for thinking about mechanisms, not a forecast." in page
    assert "in round 2, Ghani&#39;s camp: Releases per day: 0 people/day" in page
    assert "nan" not in page.replace("finance", "").split("<svg")[0].lower()


def test_all_data_as_csv_with_no_formula(review: Review) -> None:
    files = csv_files(review)
    rows = {name: list(csv.DictReader(io.StringIO(content.decode()))) for name, content in files.items()}
    assert len(rows["worlds.csv"]) == 3 * review.own[0].days
    assert len(rows["decisions.csv"]) == 10 * len(review.taken + review.together)
    assert len(rows["promises.csv"]) == 20, "both sides of the one deal"
    assert {row["note"] if "note" in row else row["what"] for row in rows["about.csv"]} >= {"seed", "note", "title"}
    for name, some in rows.items():
        for row in some:
            for cell in row.values():
                number = cell[1:2].isdigit() or cell[1:2] == "."
                assert cell[:1] not in ("=", "@", "\t") and (cell[:1] not in ("+", "-") or number), f"{name}: {cell}"  # noqa: PT018
    attacks = [float(row["attacks"]) for row in rows["worlds.csv"] if row["group"] == "1"]
    np.testing.assert_array_equal(attacks, review.own[1].arrays["attacks"][0])


def test_very_many_decisions_get_fewer_worlds(played: Lesson) -> None:
    state = played.room._log.state(played.exercise)
    some = decisions(state, 1)
    assert worlds_for(state, [some]) == 24
    assert worlds_for(state, [some] * 10_000) == 16


@pytest.mark.parametrize("shape", [(1,), (6,), (7,), (8,), (30,), (3, 20)])
def test_a_week_sums_a_day_and_the_six_before(shape: tuple[int, ...]) -> None:
    counts = np.arange(1.0, 1 + np.prod(shape)).reshape(shape)
    expected = [[row[max(day - 6, 0) : day + 1].sum() for day in range(shape[-1])] for row in np.atleast_2d(counts)]
    np.testing.assert_array_equal(np.atleast_2d(week_sums(counts)), expected)
