"""`jirga calibrate --truths`: how often intervals contain parameters that are known, and the ranks of these."""

from typing import TYPE_CHECKING, Any

from sim.cli import options, screen

if TYPE_CHECKING:
    from rich.console import Console

    from sim.analysis.coverage import Coverage

_BARS = "▁▂▃▄▅▆▇█"
_BINS = 10  # of ranks, from the lowest to the highest


def run(truths: int, worlds: int | None, seed: int | None, processes: int, *, as_json: bool) -> None:
    """Run the test with a progress bar, and print its result. Raises InputError."""
    with screen.progress("draws and known truths") as progress:
        from sim.analysis.calibration import WORLDS
        from sim.analysis.coverage import coverage

        found = coverage(
            truths, worlds=WORLDS if worlds is None else worlds, seed=options.DEFAULT_SEED if seed is None else seed,
            processes=processes, progress=progress,
        )  # fmt: skip
    if as_json:
        from sim.cli.document import print_json

        print_json(document(found))
        return
    report(screen.console(), found)


def moved() -> tuple[str, ...]:
    """The parameters that the facts move, the one that they move most first."""
    from sim.analysis.learned import learned
    from sim.inputs.posterior import shipped

    return tuple(one.name for one in learned(shipped()) if one.moved)


def document(found: "Coverage") -> dict[str, Any]:
    """The result as a document for JSON: coverage by parameter and level."""
    from sim.analysis.coverage import LEVELS
    from sim.schema.disclaimer import NOT_A_FORECAST

    covered = {name: {str(level): found.covered(name, level) for level in LEVELS} for name in found.ranks}
    size = {"truths": found.truths, "draws": found.draws, "kept": found.kept, "worlds": found.worlds}
    return {"note": NOT_A_FORECAST, **size, "seed": found.seed, "moved": list(moved()), "covered": covered}


def report(console: "Console", found: "Coverage") -> None:
    """Print the coverage of each parameter that the facts move, and how many others are off."""
    from rich.table import Table

    from sim.analysis.coverage import LEVELS
    from sim.schema.formatting import share

    names = moved()
    console.print(
        f"{found.truths:,} known truths; the {found.kept:,} nearest of {found.draws:,} draws for each; "
        f"{found.worlds} worlds, seed {found.seed}"
    )
    title = "Truths within intervals of each size, and ranks of the truths from low to high"
    table = Table(box=None, pad_edge=False, title=title, title_justify="left")
    table.add_column("parameter", overflow="fold")
    for heading in (*(share(level) for level in LEVELS), "ranks"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name in names:
        table.add_row(name, *(share(found.covered(name, level)) for level in LEVELS), _bars(found.ranks[name]))
    console.print(table)
    errors = ", ".join(f"{100 * found.error(level):.1f}" for level in LEVELS)
    off, others = found.misses(names), found.misses(tuple(name for name in found.ranks if name not in names))
    tests = len(LEVELS) * (len(found.ranks) - len(names))
    console.print(
        f"Standard errors: {errors} points. Off by more than three of them: {len(off)} of {len(LEVELS) * len(names)} "
        f"here, {len(others)} of {tests} for the parameters that the facts do not move."
    )


def _bars(ranks: Any) -> str:
    """Return a histogram of ranks as ten bars; even ranks give bars of like height."""
    import numpy as np

    counts, _ = np.histogram(ranks, bins=_BINS, range=(0, 1))
    return "".join(_BARS[min(len(_BARS) - 1, int(len(_BARS) * count / (counts.max() + 1)))] for count in counts)
