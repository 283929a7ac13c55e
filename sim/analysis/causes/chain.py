"""The chain of one world: what came last before the event, what came before that, and what was tested of each."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.analysis.causes.answer import FactorResult, Link
from sim.analysis.narrative import milestone_event
from sim.analysis.reasons.record import Reasons
from sim.analysis.reasons.words import input_words
from sim.analysis.world_history import History
from sim.errors import InputError, nearest
from sim.files.toml_reader import read_toml
from sim.schema import validation
from sim.schema.formatting import day as date_text
from sim.schema.formatting import share
from sim.schema.milestones import MILESTONES, NEVER
from sim.schema.series import CONDITIONS

FILE: Final = Path(__file__).with_name("chains.toml")
FACTORS: Final = 4  # the largest number of factors in a chain
OPENING: Final = "talks_open"


@dataclass(frozen=True, slots=True)
class Ground:
    """What a milestone or a condition rests on. after: the milestones that it needs; met: a condition, in words."""

    rule: str
    rests_on: str
    after: tuple[str, ...] = ()
    met: str = ""


@lru_cache(maxsize=1)
def grounds() -> tuple[Mapping[str, Ground], Mapping[str, Ground]]:
    """Return the grounds of milestones and of conditions, by name. Raises InputError for an invalid entry."""
    return read_grounds(FILE)


def read_grounds(path: Path) -> tuple[Mapping[str, Ground], Mapping[str, Ground]]:
    """Return the grounds of a file. Raises InputError for unknown, missing or wrong entries."""
    tables = read_toml(path, file=path.name)
    try:
        validation.check_keys(tables, ("milestones", "conditions"))
        return (
            _grounds(tables.get("milestones", {}), "milestones", MILESTONES, ("rule", "rests_on"), ("after",)),
            _grounds(tables.get("conditions", {}), "conditions", CONDITIONS, ("rule", "rests_on", "met"), ()),
        )
    except InputError as error:
        raise error.at(file=path.name) from None


def _grounds(
    given: Any, where: str, known: Iterable[str], needed: tuple[str, ...], more: tuple[str, ...]
) -> dict[str, Ground]:
    """Return the grounds of one table, one for each name. Raises InputError."""
    tables = validation.table(given, where)
    for name in tables:
        if name not in known:
            raise InputError("no such name", path=f"{where}.{name}", nearest=nearest(name, known))
    validation.check_required(tables, tuple(known), where)
    found = {}
    for name, table in tables.items():
        path = f"{where}.{name}"
        validation.check_keys(validation.table(table, path), (*needed, *more), f"{path}.")
        validation.check_required(table, needed, path)
        words = {key: validation.with_path(f"{path}.{key}", validation.text, table[key], 120) for key in needed}
        after = validation.check_names(f"{path}.after", table.get("after", ()), MILESTONES, "milestones")
        found[name] = Ground(**words, after=after)
    return found


def chain_of(record: Reasons, about: str, results: Sequence[FactorResult]) -> tuple[Link, ...]:
    """Return the chain of an event in one world, from its record, the most recent link first.

    The event itself with the reason on record; for talks each condition, and what lifting it alone would have changed;
    milestones that the event needs by the rules; and the tested factors that matter most.
    """
    past = record.history
    by_milestone, _ = grounds()
    event = milestone_event(past, about)
    head = _milestone_link(past, record, about)
    before = [_milestone_link(past, record, name) for name in by_milestone[about].after]
    links = [*(one for one in before if one.date), *_factor_links(results, event.date if event else None)]
    if about == OPENING or OPENING in by_milestone[about].after:
        links += _condition_links(record)
    return head, *(one for one in before if not one.date), *sorted(links, key=_recent_first)


def _recent_first(link: Link) -> tuple[int, int]:
    """Return the place of a link: dated ones first, the most recent one before all others."""
    return (0, -link.date.toordinal()) if link.date else (1, 0)


def _milestone_link(past: History, record: Reasons, name: str) -> Link:
    """Return the link of a milestone, with its reason on record and the inputs of its rule; or that it never comes."""
    ground, event, reason = grounds()[0][name], milestone_event(past, name), record.milestone(name)
    if event is None or reason is None:
        last = past.results.calendar.date(past.results.days - 1)
        text = f"{MILESTONES[name].label}: never in this world, which is run to {date_text(last)}."
        return Link(None, text, "", ground.rule, ground.rests_on)
    text = f"{event.text} On record: {event.why}." if event.why else event.text
    return Link(event.date, text, "", ground.rule, ground.rests_on, input_words(reason))


def _factor_links(results: Sequence[FactorResult], date: dt.date | None) -> list[Link]:
    """Return the tested factors that matter most for the event. date: of the event, None for never."""
    some = [one for one in results if one.responsibility > 0][:FACTORS]
    return [
        Link(
            one.factor.since,
            f"{one.factor.label}{'' if one.factor.since else ', all through'}.",
            f"without it, {outcome_words(date, one.date)}",
            one.factor.rule,
            one.factor.rests_on,
        )
        for one in some
    ]


def outcome_words(date: dt.date | None, other: dt.date | None, comes: tuple[str, str] = ("it", "comes")) -> str:
    """Return what happens to an event, as words: "it never comes", "it comes on 3 Aug 2020, 63 days later".

    date: of the event as things are; other: without something; None for never. comes: the event as subject and verb.
    """
    subject, verb = comes
    if other is None:
        return f"{subject} never {verb}" if date else f"{subject} still never {verb}"
    if date is None:
        return f"{subject} {verb} on {date_text(other)}"
    shift = (other - date).days
    if not shift:
        return f"{subject} still {verb} on {date_text(other)}"
    days = f"{abs(shift):,} day{'s' if abs(shift) > 1 else ''}"
    return f"{subject} {verb} on {date_text(other)}, {days} {'later' if shift > 0 else 'earlier'}"


def _condition_links(record: Reasons) -> list[Link]:
    """Return the conditions for talks that were not met from the day on which talks were due."""
    past, removed = record.history, record.removals()[:, 0]
    opened = int(past.results.milestone_day[OPENING][0])
    until = past.results.days if opened == NEVER else opened
    due = max(record.talks_due, 0)
    found = []
    for place, name in enumerate(CONDITIONS):
        blocked = past.daily[f"blocked_by_{name}"][due:until] > 0
        if blocked.any():
            days = (opened, int(removed[1 << place]))
            found.append(_condition_link(past, name, due, np.flatnonzero(blocked), days))
    return found


def _condition_link(past: History, name: str, due: int, blocked: Any, days: tuple[int, int]) -> Link:
    """Return the link of one condition. blocked: days since talks were due; days: talks open, and do without it."""
    ground, (opened, lifted) = grounds()[1][name], days
    date = past.results.calendar.date
    met = due + int(blocked[-1]) + 1
    lasting = share(len(blocked) / max((opened if opened != NEVER else past.results.days) - due, 1))
    missing = f"this condition for talks was missing on {lasting} of the days since they were due"
    final = met < past.results.days
    text = f"{'From now on' if final else 'Missing at the end:'} {ground.met}; {missing}."
    when, other = (None if day == NEVER else date(day) for day in days)
    if lifted in {NEVER, opened}:
        tested = "lifted alone, talks would have opened no sooner"
    else:
        tested = f"lifted alone from the first day: {outcome_words(when, other, ('talks', 'open'))}"
    return Link(date(met) if final else None, text, tested, ground.rule, ground.rests_on)
