"""`jirga compare`: compare two scenarios over the same worlds, paired world by world."""

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options, screen
from sim.cli.run import prepared, run_size
from sim.schema.formatting import setting

if TYPE_CHECKING:
    from sim.inputs.scenario import Scenario
    from sim.runs.sequential import StoppingRule

EXAMPLES = options.examples(
    "compare baseline all-5000-at-once",
    "compare baseline my-plan.toml --worlds 2000 --seed 7",
    "compare baseline all-5000-at-once --without spoilers",
    "compare baseline free-run --on attacks --on reached_talks_open --json",
    "compare baseline free-run --adjust holm",
    "compare baseline all-5000-at-once --and power-shared-in-march",
    'compare baseline no-review --on talks_open --until "interval < 0.03"',
)
NOT_NARROW = 1  # exit code


class Adjustments(StrEnum):
    """How marks of significance are adjusted."""

    none = "none"
    holm = "holm"


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("compare", epilog=EXAMPLES)(compare)


def compare(  # noqa: PLR0913, PLR0917  Typer needs one parameter per option
    a: Annotated[str, typer.Argument(metavar="A", help="A name, a path, or - for stdin.")],
    b: Annotated[str, typer.Argument(metavar="B", help="What to compare with A: an effect is B minus A.")],
    also: Annotated[
        str | None,
        typer.Option(
            "--and", metavar="C", help="Also run C, and B and C together: whether their effects, against A, add up."
        ),
    ] = None,
    worlds: options.Worlds = None,
    seed: options.Seed = None,
    settings: options.Settings = None,
    without: options.Without = None,
    assumptions: options.Assume = options.DEFAULT_ASSUMPTIONS,
    on: Annotated[
        list[str] | None,
        typer.Option("--on", metavar="OUTCOME", help="Show only this outcome or milestone. May be repeated."),
    ] = None,
    condition: Annotated[
        str | None,
        typer.Option(
            "--until",
            metavar="CONDITION",
            help='Add worlds until "interval < 0.03": the full width of the 95 % interval of the outcome --on.',
        ),
    ] = None,
    adjust: Annotated[
        Adjustments, typer.Option("--adjust", help="Adjust the marks of significance for the number of tests shown.")
    ] = Adjustments.none,
    worlds_at_most: Annotated[
        int | None, typer.Option("--worlds-at-most", help="The maximum number of worlds for --until. [default: 20000]")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Compare two scenarios: world k of both has the same luck, so the scenario causes every difference.

    --set and --without change all scenarios. If the command gives no worlds or seed, those of A are used. With
    --until, the exit code is 1 if the interval is not narrow enough within --worlds-at-most; the needed number of
    worlds is estimated.
    """
    from sim.errors import InputError

    if (a, b, also).count("-") > 1:
        raise InputError("only one of the scenarios can come from standard input")
    wanted = _known(on)
    until = _until(wanted, condition, worlds, worlds_at_most)
    first, second = (prepared(one, settings, without=without) for one in (a, b))
    count, luck = run_size(first, worlds, seed)
    if until is not None:
        if adjust is not Adjustments.none:
            raise InputError("cannot be used with --until, which makes one test", path="--adjust", value=adjust.value)
        if also is not None:
            raise InputError("cannot be used with --until, which needs two scenarios", path="--and", value=also)
        _compare_until((first, second), until, luck, assumptions, as_json=as_json)
        return
    if also is not None:
        if adjust is not Adjustments.none:
            raise InputError("cannot be used with --and", path="--adjust", value=adjust.value)
        third = prepared(also, settings, without=without)
        _compare_joint((first, second, third), (count, luck), assumptions, wanted, as_json=as_json)
        return
    with screen.progress(f"2 x {count:,} worlds") as report:
        from sim.runs.compare import compare as run_both

        found = run_both(first, second, count, luck, assumptions=assumptions.value, progress=report)
    if as_json:
        from sim.cli.document import comparison_document, print_json

        print_json(comparison_document(found, wanted, adjust.value))
        return
    from sim.cli.report import comparison_report

    comparison_report(screen.console(), found, wanted, adjust.value)


def _compare_joint(
    scenarios: "tuple[Scenario, Scenario, Scenario]",
    size: tuple[int, int],
    assumptions: options.Assumptions,
    on: list[str] | None,
    *,
    as_json: bool,
) -> None:
    """Run a base, two scenarios and both together, and print whether the effects add up. size: worlds and seed."""
    with screen.progress(f"4 x {size[0]:,} worlds") as report:
        from sim.analysis.joint_effects import compare_joint

        found = compare_joint(*scenarios, *size, assumptions=assumptions.value, progress=report)
    from sim.cli import joint

    if as_json:
        from sim.cli.document import print_json

        print_json(joint.document(found, on))
    else:
        joint.report(screen.console(), found, on)


def _known(on: list[str] | None) -> list[str] | None:
    """The names of the outcomes to show, checked before anything runs; None for all. Raises InputError."""
    if not on:
        return None
    from sim.runs.sequential import effect_name

    return [effect_name(name) for name in on]


def _until(
    on: list[str] | None, condition: str | None, worlds: int | None, at_most: int | None
) -> "StoppingRule | None":
    """The stopping rule of the command, or None. Raises InputError."""
    from sim.errors import InputError

    if condition is None:
        if at_most is not None:
            raise InputError("can only be used with --until", path="--worlds-at-most", value=at_most)
        return None
    if re.fullmatch(r"\d{4}-\d\d-\d\d", condition.strip()):
        problem = 'must be a condition such as "interval < 3": compare always runs all days of its scenarios'
        raise InputError(problem, path="--until", value=condition)
    if worlds is not None:
        raise InputError("cannot be used with --until: use --worlds-at-most", path="--worlds", value=worlds)
    if on is None or len(on) != 1:
        raise InputError("--until needs exactly one --on, the outcome whose interval is used", path="--on")
    from sim.runs.sequential import AT_MOST, StoppingRule, parse_condition

    width = parse_condition(condition)
    try:
        return StoppingRule.checked(on[0], width, AT_MOST if at_most is None else at_most)
    except InputError as error:
        raise InputError(error.problem, path="--worlds-at-most", value=at_most, expected=error.expected) from None


def _compare_until(
    pair: "tuple[Scenario, Scenario]",
    until: "StoppingRule",
    seed: int,
    assumptions: options.Assumptions,
    *,
    as_json: bool,
) -> None:
    """Compare with adaptive stopping and print the result. Exits with 1 if the interval is not narrow enough."""
    with screen.progress(f"until the interval is below {setting(until.interval)}") as report:
        from sim.runs.sequential import compare_until

        found = compare_until(*pair, until, seed, assumptions=assumptions.value, progress=report)
    if as_json:
        from sim.cli.document import print_json, until_document

        print_json(until_document(found))
    else:
        from sim.cli.report import until_report

        until_report(screen.console(), found)
    if found.last.state != "narrow":
        raise typer.Exit(NOT_NARROW)
