"""The text output of `jirga cliffs`."""

from typing import TYPE_CHECKING

from sim.analysis.cliff_results import LIMITS, Jump
from sim.cli.screen import safe, table
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.schema.formatting import number, share, signed, signed_interval
from sim.schema.milestones import MILESTONES

if TYPE_CHECKING:
    from rich.console import Console

    from sim.analysis.cliff_results import Cliffs


def cliff_report(console: "Console", found: "Cliffs", most: int) -> None:
    """Print a search: header, the settings with the largest jumps, how to read them. most: rows of the table."""
    from sim.export.cliff_folder import counted

    scenario = found.scenario
    worlds = f"{found.worlds:,} world{'s' if found.worlds > 1 else ''}"
    console.print(f"Cliffs: {safe(scenario.title)}", style="bold")
    console.print(f"{worlds} with the same luck in every run, seed {found.seed}")
    console.print(f"{safe(scenario.name) or 'unnamed'}, hash {scenario.hash()[:12]}")
    console.print(NOT_A_FORECAST)
    console.print()
    made = table("The largest jump of each setting", "setting", ">share of worlds", ">points", ">95 % interval", "")
    for one in found.largest[:most]:
        made.add_row(*_row(one))
    console.print(made)
    hidden = len(found.largest) - most
    if hidden > 0:
        console.print(f"{hidden} settings with smaller jumps are not shown: --csv prints all.")
    console.print(counted(found))
    console.print(
        f"* a change by at least {LIMITS['parameter']:g} points (parameter, a tenth of its range) or "
        f"{LIMITS['lever']:g} points (lever, a twentieth); ** the whole interval is beyond it"
    )
    console.print("share of worlds: those that reach the milestone below the setting's name, before and after the step")
    for line in found.left_out:
        console.print(f"left out: {safe(line)}")


def _row(one: Jump) -> tuple[str, ...]:
    """The cells of one setting: its name with the step and the milestone below it, and its largest jump."""
    step = f"{MILESTONES[one.milestone].label}, {number(one.start)} to {number(one.end)}"
    shares = f"{share(one.before)} to {share(one.after)}"
    mark = "**" if one.certain else "*" if one.crosses else ""
    return f"{one.name}\n  {step}", shares, signed(one.change, 1), signed_interval(one.low, one.high, 1), mark
