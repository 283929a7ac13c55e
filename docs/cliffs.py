"""Search the baseline for cliffs and save what was found: `python -m docs.cliffs`, some ten minutes of one processor.

It writes the summary that the documents and the dashboard show (`sim/analysis/cliffs.toml`), the picture
`docs/images/cliffs.svg`, and the table of docs/cliffs.md. Run it after each change of the model's rules.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from docs.refresh import ROOT, filled, tables_in
from sim.analysis import cliff_summary
from sim.analysis.cliff_results import Cliffs
from sim.analysis.cliff_sweeps import WORLDS
from sim.analysis.cliffs import find_cliffs
from sim.cli import screen
from sim.inputs.scenario_reader import load_scenario

PAGE: Final = ROOT / "docs" / "cliffs.md"
PICTURE: Final = ROOT / "docs" / "images" / "cliffs.svg"
SHOWN: Final = 15  # lines that are printed


def save(found: Cliffs, file: Path = cliff_summary.FILE, picture: Path = PICTURE) -> None:
    """Write the summary and the picture of a search."""
    from sim.charts import svg
    from sim.export.cliff_folder import cliff_charts
    from sim.study.model_hash import model_hash

    file.write_text(cliff_summary.summary_toml(cliff_summary.summarised(found, model_hash())), encoding="utf-8")
    picture.write_text(svg(cliff_charts(found)["cliffs"]) + "\n", encoding="utf-8")


def refresh(page: Path = PAGE) -> None:
    """Rewrite the table of the page from the saved summary."""
    text = page.read_text(encoding="utf-8")
    page.write_text(filled(text, tables_in(text)), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Search, save, refresh the page, and print the largest jumps. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m docs.cliffs", description="Search the baseline for cliffs.")
    parser.add_argument("--worlds", type=int, default=WORLDS, help=f"how many worlds, {WORLDS} by default")
    chosen = parser.parse_args(arguments)
    begun = time.process_time()
    with screen.progress("cliffs of the baseline") as report:
        found = find_cliffs(load_scenario("baseline"), chosen.worlds, progress=report)
    seconds = time.process_time() - begun
    save(found)
    refresh()
    for one in found.largest[:SHOWN]:
        print(f"{one.change:+6.1f} points  {one.name}  {one.start:g} to {one.end:g}  {one.milestone}")
    print(
        f"{len(found.crossing)} of {len(found.largest)} settings at or beyond the limit; {seconds:.0f} s of processor"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
