"""Readings in words: what is wanted, and what came of it, each number with its unit and each date in full."""

from sim.analysis.causes.amount_words import SCALES, measured
from sim.analysis.causes.clauses import CLAUSES
from sim.analysis.readings.readings import Verdict
from sim.schema.formatting import day, setting, share, with_unit
from sim.schema.milestones import MILESTONES

NO_WINNER = (
    "Five readings of one run, each by its own aims. They are not added up: what one calls a success another may call "
    "a loss, and no reading is the right one."
)
SINGLE = 1


def wanted(one: Verdict) -> str:
    """Return what is wanted and by when, such as "at least 5,000 people by 10 Jun 2020"."""
    aim = one.aim
    by = f"by {day(aim.by)}"
    if aim.value is None:
        clause = CLAUSES[aim.measure]
        return f"{clause.comes if aim.want == 'reached' else clause.never} {by}"
    return f"{aim.want} {with_unit(setting(aim.value), SCALES.get(aim.unit, aim.unit))} {by}"


def came(one: Verdict) -> str:
    """Return what came of it: in one world as a date or an amount, over many as the share of worlds that meet it."""
    if not one.asked:
        return f"not asked: {day(one.aim.by)} is outside this run"
    amount = "" if one.aim.measure in MILESTONES else measured(one.value, one.aim.unit)
    if one.met.of == SINGLE:
        met = "met" if one.met.value else "not met"
        if one.aim.value is None:
            return f"{met}: {CLAUSES[one.aim.measure].never if one.date is None else f'on {day(one.date)}'}"
        return f"{met}: {amount}"
    median = f"; median {amount}" if amount else ""
    return f"met in {share(one.met.value)} of worlds ({share(one.met.low)} to {share(one.met.high)}){median}"
