"""Deals among three: both receivers have to accept, either may decline, and each promise is judged by itself."""

from pathlib import Path

import pytest

from sim.exercise import model_answers
from sim.exercise.act_json import read_act, write_act
from sim.exercise.deal_views import ProposalView
from sim.exercise.events import Proposed
from sim.exercise.model_answers import ModelAnswer
from sim.exercise.orders import in_force
from sim.exercise.review_page import page
from sim.schema.frozen_map import FrozenMap
from tests.unit.classroom import Lesson, copied, lesson, refused

US, GHANI, TALIBAN = (1, "us"), (1, "ghani"), (1, "taliban")
BOTH = ("taliban", "ghani")
GIVE, TAKE = {"us.aid_cut": 0.0}, {"taliban.intensity": 0.5, "kabul.ghani.offer": 3000.0}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    """Round 1 of two is open, with three seats taken."""
    found = lesson(tmp_path_factory.mktemp("made"), US, GHANI, TALIBAN, groups=1, rounds=2, questions=0)
    found.open()
    return found


@pytest.fixture
def one(made: Lesson, tmp_path: Path) -> Lesson:
    return copied(made, tmp_path, known=False)  # each test plays round 1 with other orders


def offered(one: Lesson) -> int:
    return one.room.propose(one.tokens[US], BOTH, GIVE, TAKE, 2)


def seen(one: Lesson, place: tuple[int, str] = US) -> ProposalView:
    return one.seat(*place).proposals[0]


def test_it_is_a_deal_once_both_have_accepted(one: Lesson) -> None:
    number = offered(one)
    for place in (US, GHANI, TALIBAN):
        found = seen(one, place)
        assert {seat: [term.lever for term in terms] for seat, terms in found.promises.items()} == {
            "us": ["us.aid_cut"], "taliban": ["taliban.intensity"], "ghani": ["kabul.ghani.offer"],
        }  # fmt: skip
        assert (found.status, found.accepted, found.waiting) == ("open", (), BOTH)
    one.room.answer(one.tokens[GHANI], number, "accept")
    assert (seen(one).status, seen(one).accepted, seen(one).waiting) == ("open", ("ghani",), ("taliban",))
    assert in_force(one.room._log.state(one.exercise), 1, 1) == {}, "nothing holds yet"
    refused("you have accepted it: it waits for the Taliban", one.room.answer, one.tokens[GHANI], number, "accept")
    one.room.answer(one.tokens[TALIBAN], number, "accept")
    assert (seen(one).status, seen(one).first, seen(one).waiting) == ("accepted", 1, ())
    held = in_force(one.room._log.state(one.exercise), 1, 2)
    assert {lever: order.partners for lever, order in held.items()} == {
        "us.aid_cut": ("taliban", "ghani"),
        "taliban.intensity": ("us", "ghani"),
        "kabul.ghani.offer": ("us", "taliban"),
    }


@pytest.mark.parametrize("who", [GHANI, TALIBAN])
def test_either_may_decline_which_ends_it_even_after_accepting(one: Lesson, who: tuple[int, str]) -> None:
    number = offered(one)
    one.room.answer(one.tokens[GHANI], number, "accept")
    one.room.answer(one.tokens[who], number, "decline")
    assert seen(one).status == "declined"
    refused("that proposal is declined", one.room.answer, one.tokens[TALIBAN], number, "accept")


def test_it_expires_when_one_has_not_answered_and_can_be_withdrawn_or_countered(one: Lesson) -> None:
    number = offered(one)
    one.room.answer(one.tokens[GHANI], number, "accept")
    back = one.room.counter(
        one.tokens[TALIBAN], number, {"taliban.intensity": 0.8}, {**GIVE, "kabul.ghani.offer": 5000.0}
    )
    assert [(found.status, found.sender, found.receiver, found.third) for found in one.seat(*GHANI).proposals] == [
        ("open", "taliban", "us", "ghani"),
        ("countered", "us", "taliban", "ghani"),
    ]
    one.room.withdraw_proposal(one.tokens[TALIBAN], back)
    number = offered(one)
    one.room.answer(one.tokens[GHANI], number, "accept")
    one.play()
    assert (seen(one).status, seen(one).accepted) == ("expired", ("ghani",))


def test_what_cannot_be_offered(one: Lesson) -> None:
    def offer(to: object, take: object = FrozenMap({})) -> None:
        one.room.propose(one.tokens[US], to, GIVE, take)  # type: ignore[arg-type]

    refused("contains a duplicate", offer, ("ghani", "ghani"))
    refused("not to your own", offer, ("ghani", "us"))
    refused("nobody holds that seat", offer, ("ghani", "abdullah"))
    refused("must be one or two seats", offer, ("ghani", "taliban", "abdullah"))
    refused("is not for The Taliban leadership to order", offer, BOTH, {"us.withdrawal": 10.0})


@pytest.mark.slow
def test_each_promise_is_judged_and_shared_by_itself(one: Lesson) -> None:
    number = offered(one)
    for place in (TALIBAN, GHANI):
        one.room.answer(one.tokens[place], number, "accept")
    one.room.order(one.tokens[GHANI], "kabul.ghani.offer", 100.0)
    assert "breaks the deal with the United States and the Taliban" in one.seat(*GHANI).warnings[0]
    one.play()
    review = one.room.review(one.secret)
    (deal,) = review.deals
    assert {term.seat: term.verdict for term in deal.terms} == {"us": "kept", "taliban": "kept", "ghani": "broken"}
    assert deal.others("ghani") == ("us", "taliban")
    impact = next(found for found in review.taken if found.decision.kind == "deal")
    assert [half.who for half, _ in impact.sides] == [
        "The United States",
        "The Taliban leadership",
        "Ghani's camp",
    ]
    parts = sum(share.share for _, some in impact.sides for share in some if share.outcome == "attacks")
    assert parts == pytest.approx(impact.share("attacks").share)
    shown = page(review)
    assert "The United States and the Taliban leadership" in shown
    assert "The United States to the Taliban leadership and Ghani&#x27;s camp" in shown.replace("&#39;", "&#x27;")


def test_the_model_answers_for_each_seat_that_it_plays(one: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answer(_: object, __: object, seat: str) -> ModelAnswer:
        asked.append(seat)
        return ModelAnswer("accept", f"{seat} agrees.")

    monkeypatch.setattr(model_answers, "model_answer", answer)
    one.room.fill(one.secret)
    number = one.room.propose(one.tokens[US], ("abdullah", "ghani"), GIVE, {})
    assert asked == ["abdullah"]
    assert (seen(one).accepted, seen(one).waiting, seen(one).why) == (("abdullah",), ("ghani",), "abdullah agrees.")
    one.room.answer(one.tokens[GHANI], number, "accept")
    assert seen(one).status == "accepted"


def test_what_the_others_promise_moves_the_answer_of_the_model(one: Lesson) -> None:
    """The Taliban are offered prisoners, by Ghani's camp in an offer of the United States."""
    one.room.fill(one.secret)
    few = one.room._log.state(one.exercise)
    number = one.room.propose(one.tokens[US], ("abdullah", "ghani"), {}, {"kabul.abdullah.share_asked": 1.0})
    state = one.room._log.state(one.exercise)
    assert state != few
    found = next(offer for offer in one.seat(*US).proposals if offer.proposal == number)
    assert found.why.startswith("Abdullah's camp accepts: by its own rules it would do this by ")
    assert found.waiting == ("ghani",)


# The log


def test_an_offer_to_one_seat_is_written_as_it_always_was() -> None:
    old = (
        '{"answers": null, "bounds": {"us.aid_cut": "at most"}, "give": {"us.aid_cut": 0.0}, "note": "", "rounds": 1, '
        '"take": {}, "to": "ghani"}'
    )
    act = Proposed("ghani", FrozenMap(GIVE), FrozenMap({}), 1, "", None, FrozenMap({"us.aid_cut": "at most"}))
    assert write_act(act) == old
    assert read_act("proposed", old) == act


def test_an_offer_to_two_is_in_the_log_too() -> None:
    act = Proposed(
        "taliban", FrozenMap(GIVE), FrozenMap({}), 1, "", third="ghani",
        third_gives=FrozenMap({"kabul.ghani.offer": 3000.0}),
    )  # fmt: skip
    assert read_act("proposed", write_act(act)) == act
