"""The answer in two or three sentences that can be read aloud: no brackets, every number with its unit."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from sim.analysis.causes.answer import Answer, FactorResult, SetResult
from sim.analysis.causes.chain import OPENING, outcome_words
from sim.analysis.causes.clauses import CLAUSES, Clause, capital
from sim.analysis.causes.factor import Factor
from sim.schema import arguments
from sim.schema.formatting import day, share
from sim.schema.series import BLOCKED_BY

_ROLE: Final = {
    "imposed": "Without what the scenario imposes on “{}”",
    "set": "Without the scenario's own value of “{}”",
    "mechanism": "Without the mechanism “{}”",
    "decided": "Without the actor's own decision on “{}”",
    "difference": "With “{}” as in the other scenario",
}
_ENDINGS: Final = (", as imposed", ", as decided")
_PAIR: Final = 2


def spoken(answer: Answer) -> str:
    """Return the answer as a few sentences to read aloud. Raises InputError for anything that is no answer of `why`."""
    arguments.instance("answer", answer, Answer, "the Answer of sim.why(...)")
    clause = CLAUSES[answer.about]
    parts = _of_world(answer, clause) if answer.world is not None else _of_worlds(answer, clause)
    return " ".join(capital(part) for part in parts)


def without_words(factor: Factor) -> str:
    """Return the beginning of a sentence on what comes without a factor, such as "Without the mechanism “Ripeness”"."""
    label = factor.label
    for ending in _ENDINGS:
        label = label.removesuffix(ending)
    return _ROLE[factor.kind].format(label)


def _of_world(answer: Answer, clause: Clause) -> Iterator[str]:
    """Yield the sentences on one world: what happens, what blocks it, what changes it."""
    if answer.date is None:
        last = day(answer.scenario.end - dt.timedelta(days=1))
        yield f"in world {answer.world} {clause.never}, up to {last}."
    else:
        yield f"in world {answer.world} {clause.comes} on {day(answer.date)}."
    if answer.about == OPENING and answer.obstacle_sets:
        yield _blocked(answer.obstacle_sets[0])
    yield _changed(answer, clause)


def _blocked(some: SetResult) -> str:
    """Return what blocks talks in a world in which they never open."""
    labels = [BLOCKED_BY[name] for name in some.factors]
    words = " together with ".join(labels)
    lifted = "that alone" if len(labels) == 1 else "both" if len(labels) == _PAIR else "all of them"
    less = "" if len(labels) == 1 else ", and lifting fewer would not"
    return f"what blocks them is {words}: lifting {lifted} would open them on {day(some.date)}{less}."


def _changed(answer: Answer, clause: Clause) -> str:
    """Return what taking away the factor that matters most, or the smallest set, changes."""
    comes = (clause.they, clause.verb or clause.base)
    first = next((one for one in answer.results if one.responsibility == 1), None)
    if first is not None:
        return f"{without_words(first.factor)}, {outcome_words(answer.date, first.date, comes)}."
    some = next((one for one in (*answer.stops, *answer.brings) if len(one.factors) > 1), None)
    if some is not None:
        labels = {one.factor.name: one.factor.label for one in answer.results}
        both = " and ".join(f"“{labels[name]}”" for name in some.factors)
        return f"only without {both} together, {outcome_words(answer.date, some.date, comes)}."
    if answer.alone:
        return "nothing that was taken away alone changes that."
    return "nothing that was tested changes that: it is the luck of this world, and what was not tested."


def _of_worlds(answer: Answer, clause: Clause) -> Iterator[str]:
    """Yield the sentences on many worlds: how often it comes, what it needs most, what stands most in its way."""
    came, last = answer.came, day(answer.scenario.end - dt.timedelta(days=1))
    yield (
        f"{clause.comes} in {share(came.value)} of {answer.worlds:,} worlds by {last}; in all worlds the share is "
        f"likely between {share(came.low)} and {share(came.high)}."
    )
    needed = max(answer.results, key=_need)
    if _need(needed) > 0:
        late = f", and comes late in {share(needed.later.value)}" if needed.later.value else ""
        stops = f"it no longer happens in {share(needed.needed.value)} of the worlds in which it does"
        yield f"{without_words(needed.factor)}, {stops}{late}."
    blocking = max(answer.results, key=_block)
    if _block(blocking) > 0:
        brings = f"it happens in {share(blocking.brings.value)} of the worlds in which it otherwise never does"
        yield f"{without_words(blocking.factor)}, {brings}."
    if _need(needed) <= 0 and _block(blocking) <= 0:
        yield "no single factor that was tested decides it."


def _need(one: FactorResult) -> float:
    return one.needed.value + one.later.value if one.needed.of else 0.0


def _block(one: FactorResult) -> float:
    return one.brings.value if one.brings.of else 0.0
