"""The text output of `jirga why`."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sim.analysis.causes.cause_tests import GRACE
from sim.analysis.causes.chain import outcome_words
from sim.analysis.causes.sentences import sentences
from sim.analysis.reasons.words import input_words, reason_words
from sim.cli.screen import safe, table
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.schema.formatting import day, number, share, signed, signed_interval
from sim.schema.milestones import MILESTONES
from sim.schema.series import BLOCKED_BY

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from sim.analysis.causes.answer import Answer, FactorResult
    from sim.analysis.causes.estimate import Estimate
    from sim.analysis.causes.factor import Factor
    from sim.analysis.reasons.record import Reason, Reasons

PERCENT = 100
LISTED = 20  # changes of a decision that are printed
_OPENED = (
    "days before talks: on which the condition is missing; sooner, only: worlds in which talks open sooner, or open at "
    "all, with this condition alone lifted; days: by how many, median"
)


def why_report(console: "Console", found: "Answer") -> None:
    """Print an answer: header, sentences, the chain of a single world, the tested factors, what blocked talks."""
    _header(console, found)
    for line in sentences(found):
        console.print(f"- {safe(line)}")
    console.print()
    if found.world is not None:
        _chain(console, found)
        _one_world(console, found)
    else:
        _many(console, found)
    if found.screened:
        _screened(console, found)
    if found.obstacles:
        _obstacles(console, found)


def _header(console: "Console", found: "Answer") -> None:
    """Print what was asked and run."""
    scenario = found.scenario
    where = f"world {found.world}" if found.world is not None else f"{found.worlds:,} worlds"
    console.print(f"Why: {MILESTONES[found.about].label}, in {safe(scenario.title)}", style="bold")
    if found.against is not None:
        console.print(f"against: {safe(found.against.title)}")
    console.print(f"{where}, seed {found.seed}; {_budget(found)}")
    console.print(f"{safe(scenario.name) or 'unnamed'}, hash {scenario.hash()[:12]}")
    console.print(NOT_A_FORECAST)
    console.print()


def _budget(found: "Answer") -> str:
    """What was run, as text."""
    tested, more = len(found.results), len(found.screened)
    how = f"{found.orders} sampled orders per world" if found.orders else "every combination"
    also = f", {more} more one at a time" if more else ""
    return f"{tested} factor{'s' if tested > 1 else ''} in {how}{also}"


def _chain(console: "Console", found: "Answer") -> None:
    """Print the chain of a single world."""
    console.print("What came last comes first", style="bold")
    for place, link in enumerate(found.chain, start=1):
        when = f"{day(link.date)}: " if link.date else ""
        console.print(f"{place}. {when}{safe(link.text)}")
        if link.inputs:
            console.print(f"   Read: {safe(link.inputs)}.")
        if link.tested:
            console.print(f"   Tested: {safe(link.tested)}.")
        console.print(f"   Rule: {safe(link.rule)}. Rests on: {safe(link.rests_on)}.")
    console.print()


def _one_world(console: "Console", found: "Answer") -> None:
    """Print the tested factors in a single world; those that change nothing in one line."""
    some = [one for one in found.results if one.responsibility or one.share.value or one.date != found.date]
    if some:
        made = table("Tested factors, each taken away alone", "factor", "without it", ">share", "rests on")
        for one in some:
            cells = (_without(found, one), signed(PERCENT * one.share.value, 0), one.factor.rests_on)
            made.add_row(_named(one.factor), *cells)
        console.print(made)
        console.print("share: of the difference to the world without all of them, in per cent (Shapley value)")
    rest = [one.factor.label for one in found.results if one not in some]
    if rest:
        where = "In the sampled orders" if found.orders else "In any combination"
        console.print(f"{where} without effect here: {'; '.join(rest)}.")
    console.print()


def _without(found: "Answer", one: "FactorResult") -> str:
    """What happens in a single world without a factor alone, or without a set that it is in."""
    alone = outcome_words(found.date, one.date)
    in_a_set = (one.together.value if found.date else one.brings_together.value) > 0
    return f"{alone}\n(matters together with others)" if in_a_set and one.responsibility < 1 else alone


def _named(factor: "Factor") -> str:
    """A factor's label, with its name for --factors below it."""
    return f"{factor.label}\n  {factor.name}"


def _many(console: "Console", found: "Answer") -> None:
    """Print the tested factors over many worlds, and how to read the tables."""
    made = table("What each tested factor accounts for", "factor", ">points", ">95 % interval", ">days later")
    for one in found.results:
        made.add_row(_named(one.factor), *_points(one.share), signed(one.moved, 0))
    made.add_row("all of them together", *_points(found.effect), "")
    console.print(made)
    console.print(
        "points: the factor's part of the difference (Shapley value); days later: without it, the median of the worlds "
        "in which it comes both times"
    )
    errors = [one.error for one in found.results if one.error > 0]
    if errors:
        console.print(
            f"Points are from sampled orders: standard error up to {number(PERCENT * max(errors), 1)} points."
        )
    console.print()
    console.print(_tests(found))
    here, never = found.results[0].needed.of, found.results[0].brings.of
    if here:
        console.print(
            f"Of the {here:,} worlds in which it comes: stops, late: without the factor alone it never comes, or more "
            f"than {GRACE} days later; in a set: without a smallest set with this factor in it, it never comes; "
            "enough: a smallest set with this factor in it brings it, whatever else is away."
        )
    if never:
        console.print(
            f"Of the {never:,} worlds in which it never comes: brings: it comes without the factor alone; or without a "
            "smallest set with this factor in it."
        )
    console.print()


def _points(one: "Estimate") -> tuple[str, str]:
    """A difference of shares in points, and its interval."""
    return signed(PERCENT * one.value, 1), signed_interval(PERCENT * one.low, PERCENT * one.high, 1)


def _tests(found: "Answer") -> "Table":
    """The table of the tests: in worlds where the event comes, and where it never does."""
    columns = ("factor", ">stops", ">late", ">in a set", ">enough", "|", ">brings", ">in a set")
    made = table("Taken away under the same luck", *columns)
    for one in found.results:
        here = (share(part.value) for part in (one.needed, one.later, one.together, one.enough))
        never = (share(part.value) for part in (one.brings, one.brings_together))
        made.add_row(one.factor.label, *here, "|", *never)
    return made


def _screened(console: "Console", found: "Answer") -> None:
    """Print the factors that were only taken away one at a time; those that change nothing in one line."""
    some = [one for one in found.screened if one.changed.value > 0]
    if some:
        made = table("Taken away one at a time only", "factor", ">changes it", "without it")
        for one in some:
            made.add_row(_named(one.factor), share(one.changed.value), one.factor.without)
        console.print(made)
    rest = [one.factor.label for one in found.screened if one not in some]
    if rest:
        console.print(f"Without effect when taken away alone: {'; '.join(rest)}.")
    console.print("--factors tests any of them in combination; --list lists all.")
    console.print()


def _obstacles(console: "Console", found: "Answer") -> None:
    """Print what blocked talks, plain and by removal."""
    columns = ("condition", ">days before talks", ">sooner without it", ">only without it", ">days")
    made = table("What blocked talks", *columns)
    for one in found.obstacles:
        made.add_row(
            BLOCKED_BY[one.condition], share(one.missing), share(one.sooner), share(one.only), number(one.days, 0)
        )
    console.print(made)
    console.print(_OPENED)


def reasons_report(console: "Console", record: "Reasons", found: Sequence["Reason"]) -> None:
    """Print why a decision changed in one world, day by day, at most LISTED days."""
    one = found[0]
    console.print(f"Why: {one.label}, in {safe(record.scenario.title)}", style="bold")
    console.print(f"world {record.history.world}, seed {record.history.seed}")
    console.print(f"{safe(record.scenario.name) or 'unnamed'}, hash {record.scenario.hash()[:12]}")
    console.print(NOT_A_FORECAST)
    console.print()
    console.print(f"Rule: {one.rule}")
    console.print()
    for reason in found[:LISTED]:
        console.print(f"{day(reason.date)}: {safe(reason_words(reason))}")
        if inputs := input_words(reason):
            console.print(f"   Read: {safe(inputs)}.")
    if len(found) > LISTED:
        console.print(f"It changes on {len(found) - LISTED:,} more days: --json prints all.")


def factor_table(factors: Iterable["Factor"]) -> "Table":
    """The factors that can be tested."""
    made = table("Factors: all but those called decided are tested if none is named", "!name", "without it")
    for one in factors:
        made.add_row(one.name, one.without)
    return made
