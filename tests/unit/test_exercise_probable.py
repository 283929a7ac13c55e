"""What an order would probably do: paired worlds, without what the seat cannot know, one after the other."""

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from sim.errors import InputError
from sim.exercise import trials
from sim.exercise.probable_effects import NOTHING, WORLDS, ProbableEffect, Trial, in_words, probable_effects, trial
from sim.exercise.trials import Effects, Trials
from sim.exercise.world_cache import run_together
from sim.results.comparison import effect_of
from sim.schema.outcomes import OUTCOMES
from tests.unit.classroom import Lesson, lesson, refused

US, TALIBAN = (1, "us"), (1, "taliban")
FIGHT = "taliban.intensity"


def opened(folder: Path) -> Lesson:
    one = lesson(folder, US, TALIBAN, groups=1, questions=0)
    one.open()
    return one


def of(one: Lesson, value: float = 0.2) -> Trial:
    return trial(one.room._log.state(one.exercise), 1, "taliban", FIGHT, value, "round")


@pytest.mark.slow
def test_effects_are_those_of_the_same_worlds_with_and_without(tmp_path: Path) -> None:
    one = opened(tmp_path)
    known = of(one)
    found = {effect.label: effect for effect in probable_effects(known)}
    lost = OUTCOMES["taliban_killed"]
    assert found[lost.label].significant
    assert found[lost.label].text.startswith("probably −")
    many = run_together([known.without, known.with_it], WORLDS, 0)
    difference = many[1].outcomes[lost.name].values - many[0].outcomes[lost.name].values
    assert f"less in {(difference < 0).sum()} of {WORLDS} worlds" in found[lost.label].text
    one.room.leave()


def test_an_order_in_force_is_compared_with_none(tmp_path: Path) -> None:
    one = opened(tmp_path)
    before = of(one)
    one.room.order(one.tokens[TALIBAN], FIGHT, 0.2, "until_changed")
    assert of(one) == before
    assert of(one, 1.0).without == before.without
    one.room.leave()


def test_what_others_order_in_the_round_is_left_out_until_it_is_played(tmp_path: Path) -> None:
    one = opened(tmp_path)
    before = of(one)
    one.room.order(one.tokens[US], "us.restraint", 0.0, "until_changed")
    assert of(one) == before, "the order is secret"
    deal = one.room.propose(one.tokens[US], "taliban", {"us.withdrawal": 200.0}, {})
    one.room.answer(one.tokens[TALIBAN], deal, "accept")
    assert any(part.lever == "us.withdrawal" and part.value == 200.0 for part in of(one).without.interventions)
    one.play()
    one.open()
    assert any(part.lever == "us.restraint" and part.value == 0.0 for part in of(one).without.interventions)
    one.room.leave()


def test_words_say_what_is_not_significant() -> None:
    outcome, before = OUTCOMES["attacks"], np.arange(float(WORLDS))
    noise = np.where(np.arange(WORLDS) % 2 > 0, 3.0, -3.0)
    assert in_words(effect_of(outcome, before, before)) == NOTHING
    assert in_words(effect_of(outcome, before, before + noise)).startswith("not significant: ")
    assert in_words(effect_of(outcome, before, before - 5)) == (
        f"probably −5 attacks (the same in every world), less in {WORLDS} of {WORLDS} worlds"
    )
    talks = OUTCOMES["reached_talks_open"]
    some = (np.arange(WORLDS) < 16).astype(float)
    assert in_words(effect_of(talks, 0 * some, some)).startswith("probably +50.0 percentage points (95 % interval +")


@pytest.mark.slow
def test_a_phone_asks_and_gets_the_answer_later(tmp_path: Path) -> None:
    one = opened(tmp_path)
    token = one.tokens[TALIBAN]
    found = one.room.probable(token, FIGHT, 0.2)
    while found is None:
        time.sleep(0.01)
        found = one.room.probable(token, FIGHT, 0.2)
    assert found == probable_effects(of(one))
    assert not one.seat(*TALIBAN).levers[0].order, "nothing was ordered"
    refused("not for", one.room.probable, token, "us.aid_cut", 0.0)
    one.play()
    refused("not open", one.room.probable, token, FIGHT, 0.2)
    one.room.leave()


def some_trials(count: int) -> list[Trial]:
    return [Trial("us", None, None, number) for number in range(count)]  # type: ignore[arg-type]


def settled(queue: Trials, one: Trial, who: int) -> Effects:
    found = queue.effects(one, who)
    while found is None:
        time.sleep(0.001)
        found = queue.effects(one, who)
    return found


def test_one_trial_is_run_at_a_time_and_each_only_once() -> None:
    running, most, runs, lock = 0, 0, [], threading.Lock()

    def run(one: Trial) -> Effects:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
            runs.append(one.seed)
        time.sleep(0.002)
        with lock:
            running -= 1
        return (ProbableEffect("", "", str(one.seed), significant=False),)

    queue = Trials(run)
    for who in range(8):
        for one in some_trials(4):
            assert settled(queue, one, who)[0].text == str(one.seed)
    assert (most, sorted(runs)) == (1, [0, 1, 2, 3])
    queue.close()


def test_the_queue_is_bounded_for_each_student_and_for_all() -> None:
    go = threading.Event()

    def run(_: Trial) -> Effects:
        go.wait()
        return ()

    queue = Trials(run)
    waiting = some_trials(trials.WAITING)
    for number, one in enumerate(waiting):
        assert queue.effects(one, number // trials.PER_STUDENT) is None
    more = Trial("us", None, None, -1)  # type: ignore[arg-type]
    for who in (0, 99):
        assert queue.effects(more, who) is None
        assert more not in queue._waiting
    assert len(queue._waiting) == trials.WAITING
    go.set()
    assert settled(queue, waiting[-1], 99) == ()
    assert settled(queue, more, 99) == (), "it is put in once there is room"
    queue.close()


def test_a_trial_that_fails_says_so_once_and_can_be_asked_again() -> None:
    calls = []

    def run(one: Trial) -> Effects:
        calls.append(one)
        if len(calls) == 1:
            raise InputError("it failed")
        return ()

    queue, (one,) = Trials(run), some_trials(1)
    with pytest.raises(InputError, match="it failed"):
        settled(queue, one, 1)
    assert settled(queue, one, 1) == ()
    queue.close()
