"""The narrative of one world: what happened, as dated sentences, each with its reason.

Milestones come from the history. Turning points are derived from the daily values: an offer raised, a review that
ends, talks that break down, a condition that is met or lost for at least LASTING days.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.analysis.setting_words import setting_words
from sim.analysis.world_history import History
from sim.inputs.intervention import Intervention
from sim.schema.calendar import WEEK
from sim.schema.decisions import levers
from sim.schema.formatting import day as date_text
from sim.schema.formatting import number, share
from sim.schema.milestones import MILESTONES, NEVER
from sim.schema.series import CONDITIONS, SETTLED, STAGES

Array = npt.NDArray[Any]
Sentence = tuple[int, str, str, str]  # day, who, sentence, reason

LASTING: Final = 14  # days that a new state must last to count as a turning point
BACK: Final = (1, 100, 500, 1000)  # numbers of prisoners back at a front that get a sentence
# Of several on one day only the last gets a sentence.
_RELEASES: Final = ("first_release", "released_1000", "released_1500", "released_5000")
_SAID: Final = "imposed by the scenario"

_SENTENCES: Final = {
    "rejection": ("Taliban", "The Taliban turn the offer down."),
    "suspension": ("Ghani's camp", "Releases are put off: the list is put under review."),
    "first_release": ("Prisoners", "The first prisoners are released."),
    "released_1000": ("Prisoners", "1,000 prisoners are released."),
    "released_1500": ("Prisoners", "1,500 prisoners are released."),
    "released_5000": ("Prisoners", "Everybody on the list is released."),
    "power_shared": ("Kabul", "Ghani's and Abdullah's camps settle on a share of power."),
    "talks_open": ("Talks", "Talks between Kabul and the Taliban open."),
    "ceasefire": ("Talks", "Talks reach a ceasefire."),
    "settlement": ("Talks", "Talks reach a settlement."),
    "agreement_broken": ("Taliban", "The agreement with the United States is broken permanently."),
    "us_at_8600": ("United States", "At most 8,600 US troops are left."),
    "us_at_5000": ("United States", "At most 5,000 US troops are left."),
}
_REASONS: Final = {
    "talks_open": "last condition to be met: {}",
}
_MET: Final = {
    "prisoners": ("Prisoners", "Enough prisoners are released for the Taliban.", "Too few are released again."),
    "delegation": ("Kabul", "Kabul can send one delegation.", "Kabul can no longer send one delegation."),
    "taliban": (
        "Taliban",
        "The Taliban leadership is willing to talk.",
        "The Taliban leadership is no longer willing.",
    ),
    "violence": ("Fronts", "Violence falls to what both sides tolerate.", "Violence rises above what both tolerate."),
    "guarantee": ("United States", "The US guarantee is credible.", "The US guarantee is in doubt."),
}
_STAGE: Final = {"agenda": "Talks agree on an agenda."}


@dataclass(frozen=True, slots=True)
class Event:
    """One sentence of the narrative."""

    date: dt.date
    who: str  # the actor or subject, as text
    text: str
    why: str  # the reason on record, "" for none
    imposed: bool = False  # whether the scenario did it, not an actor's own rule
    about: str = ""  # what can be asked about it: a milestone, a lever or an outcome


def narrate(history: History) -> list[Event]:
    """Return the events of a world by date; the last one describes the state at the end."""
    events = [_event(history, _milestone(history, name), name) for name in _milestones(history)]
    for chapter, about in _chapters().items():
        events += [_event(history, sentence, about) for sentence in chapter(history)]
    events += _impositions(history)
    return [*sorted(events, key=lambda event: event.date), _end(history)]


def milestone_event(history: History, name: str) -> Event | None:
    """Return the sentence of one milestone with its date and reason, None for never. Raises KeyError if unknown."""
    if history.milestone(name) is None:
        return None
    return _event(history, _milestone(history, name), name)


def _event(history: History, sentence: Sentence, about: str) -> Event:
    """Return a sentence as an event. about: what can be asked about it."""
    day, who, text, why = sentence
    return Event(history.results.calendar.date(day), who, text, why, why.startswith(_SAID), about)


def _chapters() -> dict[Callable[[History], Iterator[Sentence]], str]:
    """Return the chapters after the milestones, each with what can be asked about its sentences."""
    return {
        _offers: "kabul.ghani.offer",
        _reviews: "kabul.ghani.review",
        _truce: "taliban.truce",
        _aid: "us.aid_cut",
        _talks: "ceasefire",
        _conditions: "talks_open",
        _violence: "attacks",
        _brokers: "power_shared",
        _returns: "returned_to_fighting",
    }


def _milestones(history: History) -> Iterator[str]:
    """Yield the milestones that this world reaches, and that get a sentence."""
    days = {name: int(day[0]) for name, day in history.results.milestone_day.items()}
    for name in MILESTONES:
        day = days[name]
        outdone = name in _RELEASES and any(days[more] == day for more in _RELEASES[_RELEASES.index(name) + 1 :])
        if day != NEVER and not outdone:
            yield name


def _milestone(history: History, name: str) -> Sentence:
    """Return the sentence of a milestone that this world reaches."""
    day = int(history.results.milestone_day[name][0])
    reason = MILESTONES[name].reasons[int(history.results.milestone_reason[name][0])]
    if name == "decree":
        because = _imposed_because(history, "kabul.ghani.offer", day, reason)
        return day, "Ghani's camp", _decree(history, day), because
    who, text = _SENTENCES[name]
    return day, who, text, _reason(history, name, day, reason)


def _decree(history: History, day: int) -> str:
    d = history.decisions
    pledge = ", but only of those who sign a pledge" if d["kabul.ghani.pledge_required"][day] else ", without a pledge"
    return f"A decree orders the release of {number(d['kabul.ghani.offer'][day], 0)} prisoners{pledge}."


def _reason(history: History, name: str, day: int, reason: str) -> str:
    """Return a milestone's reason, with the numbers of this world."""
    if name == "rejection":
        offer, demand = (history.decisions[lever][day] for lever in ("kabul.ghani.offer", "taliban.demand"))
        return f"{reason}: {number(offer, 0)} offered, {number(demand, 0)} demanded" if offer < demand else reason
    if name == "suspension":
        return _imposed_because(history, "kabul.ghani.review", day, reason)
    return _REASONS.get(name, "{}").format(reason)


def _imposed_because(history: History, lever: str, day: int, reason: str) -> str:
    """Return a reason, with the scenario's reason for imposing the lever on that day."""
    if reason != _SAID:
        return reason
    date, scenario = history.results.calendar.date(day), history.scenario
    for one in scenario.interventions:
        low, high = one.within(scenario.start, scenario.end)
        if one.lever == lever and low <= date < high:
            return f"{reason}{_because(one)}"
    return reason


def _because(one: Intervention) -> str:
    """Return a scenario's reason for an intervention, such as ": the decree of 10 March (S10)"."""
    source = f" ({one.source})" if one.source else ""
    return f": {one.why}{source}" if one.why else source


def _impositions(history: History) -> Iterator[Event]:
    """Yield each intervention on its first day, except those that a milestone already reports."""
    scenario = history.scenario
    shown = {
        ("kabul.ghani.offer", history.milestone("decree")),
        ("kabul.ghani.review", history.milestone("suspension")),
    }
    for one in scenario.interventions:
        low, high = one.within(scenario.start, scenario.end)
        if (one.lever, low) in shown:
            continue
        lever = levers()[one.lever]
        until = "to the end" if high == scenario.end else f"until {date_text(high - dt.timedelta(days=1), year=False)}"
        text = f"Imposed {until}: {lever.label}, {setting_words(one.value, lever.unit)}."
        yield Event(low, "Scenario", text, _because(one).removeprefix(": "), imposed=True, about=one.lever)


def _offers(history: History) -> Iterator[Sentence]:
    """Yield every change of the offer after the decree."""
    offer = history.decisions["kabul.ghani.offer"]
    for day in np.flatnonzero(np.diff(offer)) + 1:
        if offer[day - 1] <= 0:
            continue
        rises = offer[day] > offer[day - 1]
        change = f"from {number(offer[day - 1], 0)} to {number(offer[day], 0)} prisoners"
        text = f"The offer {'rises' if rises else 'is cut'} {change}."
        pressure = history.decisions["us.pressure_on_ghani"][day]
        own = f"the earlier offer is used up; US pressure on Ghani's camp is at {share(pressure)} of the maximum"
        imposed = _covers(history, "kabul.ghani.offer", int(day))
        yield int(day), "Ghani's camp", text, _SAID if imposed else own


def _covers(history: History, lever: str, day: int) -> bool:
    return lever in history.scenario.imposed(history.results.calendar.date(day))


def _reviews(history: History) -> Iterator[Sentence]:
    """Yield the start of each review after the first, and the end of each review, while there is an offer."""
    review, offer = history.decisions["kabul.ghani.review"], history.decisions["kabul.ghani.offer"]
    first = int(history.results.milestone_day["suspension"][0])
    for start, stop in _stretches(review & (offer > 0)):
        if start != first:
            grounds = MILESTONES["suspension"].reasons[int(history.grounds[start])]
            why = _SAID if _covers(history, "kabul.ghani.review", start) else grounds
            yield start, "Ghani's camp", "The list is put under review again, and releases stop.", why
        if stop < len(review):
            yield stop, "Ghani's camp", f"The review of the list ends after {stop - start} days.", ""


def _truce(history: History) -> Iterator[Sentence]:
    """Yield when the Taliban break the truce with the coalition, or keep it again."""
    truce, trust = history.decisions["taliban.truce"], history.daily["trust_us_taliban"]
    for day in np.flatnonzero(np.diff(truce.astype(np.int8))) + 1:
        text = "keep the truce with the coalition again" if truce[day] else "break the truce with the coalition"
        why = f"trust in the United States is {number(trust[day - 1])} on a scale from 0 to 1"
        imposed = _covers(history, "taliban.truce", int(day))
        yield int(day), "Taliban", f"The Taliban {text}.", _SAID if imposed else why


def _aid(history: History) -> Iterator[Sentence]:
    """Yield when the United States begin to withhold aid, and when they pay it again."""
    aid, cohesion = history.decisions["us.aid_cut"], history.daily["kabul_cohesion"]
    for start, stop in _stretches(aid > 0):
        level = f"{number(cohesion[max(start - 1, 0)])} on a scale from 0 to 1"
        why = f"the camps in Kabul have not agreed on sharing power; cohesion is {level}"
        imposed = _covers(history, "us.aid_cut", start)
        text = f"The United States withhold {number(aid[start], 1)} billion dollars per year from Kabul."
        yield start, "United States", text, _SAID if imposed else why
        if stop < len(aid):
            yield stop, "United States", "The United States pay the withheld aid again.", ""


def _talks(history: History) -> Iterator[Sentence]:
    """Yield the changes of talks that are not milestones: an agenda, a breakdown, a new start."""
    stage = history.daily["talks_stage"].astype(int)
    first = int(history.results.milestone_day["talks_open"][0])
    for day, (before, now) in enumerate(pairwise(stage.tolist()), start=1):
        if now < before:
            text = f"Talks break down at the stage of {STAGES[before]}."
            yield day, "Talks", text, _missing(history, day)
        elif now > before and STAGES[now] in _STAGE:
            yield day, "Talks", _STAGE[STAGES[now]], ""
        elif now > before == 0 and day != first:
            yield day, "Talks", "Talks open again.", ""


def _missing(history: History, day: int) -> str:
    """Return the conditions for talks that are missing on a day, as text."""
    names = {"prisoners": "prisoners", "delegation": "one Kabul delegation", "taliban": "the Taliban's willingness",
             "violence": "tolerable violence", "guarantee": "the US guarantee"}  # fmt: skip
    missing = [names[c] for c in CONDITIONS if history.daily[f"blocked_by_{c}"][day] > 0]
    return f"missing that day: {', '.join(missing)}" if missing else "every condition was met: talks failed by chance"


def _conditions(history: History) -> Iterator[Sentence]:
    """Yield when a condition for talks is met or lost for a longer time."""
    if not _signed(history):
        return
    opened = int(history.results.milestone_day["talks_open"][0])
    for condition in CONDITIONS:
        who, met, lost = _MET[condition]
        blocked = history.daily[f"blocked_by_{condition}"] > 0
        for day in _turns(blocked):
            if blocked[day] or opened == NEVER or day <= opened:
                yield day, who, lost if blocked[day] else met, "a condition for talks"


def _signed(history: History) -> bool:
    return bool(history.scenario.resolved()["agreement.signed"])


def _violence(history: History) -> Iterator[Sentence]:
    """Yield the week with the most attacks, and when violence falls below the level of 2019 for a longer time."""
    attacks = history.daily["attacks"].astype(np.float64)
    if len(attacks) < 2 * WEEK or not _signed(history):
        return
    week = np.convolve(attacks, np.ones(WEEK), "valid") / WEEK
    peak = int(np.argmax(week))
    usual = float(history.scenario.resolved()["fronts.attacks_2019"])
    text = f"The most violent week begins: {number(week[peak], 0)} Taliban attacks per day."
    yield peak, "Fronts", text, f"{number(week[peak] / usual, 1)} times the attacks of 2019"
    below = [day for day in _turns(week > usual) if week[day] <= usual]
    if below:
        yield below[0], "Fronts", f"Violence falls below the level of 2019: {number(usual, 0)} attacks per day.", ""


def _brokers(history: History) -> Iterator[Sentence]:
    """Yield when the majority of the brokers changes sides for a longer time."""
    to_ghani = (history.lean > 0).mean(axis=1)
    for day in _turns(to_ghani > 1 / 2):
        side = "Ghani" if to_ghani[day] > 1 / 2 else "Abdullah"
        yield day, "Kabul", f"Most power brokers now lean to {side}.", f"{share(to_ghani[day])} lean to Ghani"


def _returns(history: History) -> Iterator[Sentence]:
    """Yield when the number of prisoners who are back at a front reaches each number of BACK."""
    back = history.daily["returned_to_fighting"]
    for many in BACK:
        if back[-1] >= many:
            day = int(np.argmax(back >= many))
            text = (
                "The first released prisoner is back at a front."
                if many == 1
                else f"{many:,} released prisoners are back at a front."
            )
            yield day, "Prisoners", text, f"of {number(history.daily['prisoners_released'][day], 0)} released so far"


def _end(history: History) -> Event:
    """Return the event that describes the last day."""
    d, last = history.daily, history.results.calendar.date(history.results.days - 1)
    stage = int(d["talks_stage"][-1])
    talks = {0: "no talks", SETTLED: "a settlement"}.get(stage, f"talks at the stage of {STAGES[stage]}")
    out, troops = d["prisoners_released"][-1], d["us_troops"][-1]
    text = f"The run ends with {talks}, {number(out, 0)} prisoners released and {number(troops, 0)} US troops."
    if not _signed(history):
        return Event(last, "The end", text, "there is no agreement in this scenario", about="talks_open")
    reason = str(history.results.reasons["talks_open"].values[0]) if history.milestone("talks_open") is None else ""
    missing = reason.removeprefix("missing: ")
    why = f"condition for talks missing most often: {missing}" if missing else ""
    return Event(last, "The end", text, why, about="settlement" if stage else "talks_open")


def _stretches(flags: Array) -> list[tuple[int, int]]:
    """Return the first day, and the day after the last, of each period in which a flag is true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]


def _turns(flags: Array) -> list[int]:
    """Return the days on which a flag changes and then keeps its value for LASTING days, or until the end."""
    turns, state = [], bool(flags[0])
    for day in np.flatnonzero(np.diff(flags.astype(np.int8))) + 1:
        ahead = flags[day : day + LASTING]
        if bool(flags[day]) != state and bool((ahead == flags[day]).all()):
            state = bool(flags[day])
            turns.append(int(day))
    return turns
