"""The tables of `make bench`: ratios measured in one process, as medians over rounds."""

from functools import partial

from rich.console import Console
from rich.table import Table

from benchmarks.memory import loaded_by_help, peak_memory
from benchmarks.tasks import Luck, TwinBatch, engine
from benchmarks.timing import Timing, side_by_side
from sim import load_scenario

ROUNDS = 5
FEW, MANY = 64, 1000  # worlds: of the dashboard's first answer, and of a full run
TWINS = 4  # worlds of the twin per round


def main() -> None:
    """Measure and print."""
    console = Console()
    base = load_scenario("baseline")
    luck = Luck(base, MANY)
    found = side_by_side(
        {
            "many": partial(engine, base, MANY),
            "luck": luck,
            "few": partial(engine, base, FEW),
            "twin": TwinBatch(TWINS),
        },
        ROUNDS,
    )
    console.print(_times(found, luck))
    console.print(_ratios(found))
    console.print(_memory())


def _times(found: dict[str, Timing], luck: Luck) -> Table:
    table = Table("baseline, 306 days, one core", "worlds", "seconds", "quickest", "slowest", "ms per world")
    rows = (
        ("the engine", "many", MANY),
        ("the engine", "few", FEW),
        (f"only its random numbers ({luck.uniforms / 1e6:.0f} million)", "luck", MANY),
        ("the twin with batch_run, every agent called daily", "twin", TWINS),
    )
    for label, name, worlds in rows:
        timing = found[name]
        low, high = timing.band
        each = 1000 * timing.median / worlds
        table.add_row(label, f"{worlds:,}", f"{timing.median:.3f}", f"{low:.3f}", f"{high:.3f}", f"{each:.2f}")
    return table


def _ratios(found: dict[str, Timing]) -> Table:
    table = Table("ratio, median over rounds", "measured", "required")
    faster = found["twin"].ratio(found["many"]) * MANY / TWINS
    table.add_row("worlds per second, engine compared with twin", f"{faster:.0f} times", "at least 300")
    drawing = found["many"].ratio(found["luck"])
    table.add_row("engine compared with drawing its random numbers", f"{drawing:.1f} times", "at most 10")
    return table


def _memory() -> Table:
    table = Table("new process", "measured", "required")
    before, after = peak_memory(MANY)
    table.add_row(f"peak memory, {MANY:,} worlds", f"{after:.0f} MiB", "below 400 MiB")
    table.add_row("of this: libraries and one world", f"{before:.0f} MiB", "")
    heavy = sorted({"mesa", "numpy", "pandas", "xarray"} & loaded_by_help())
    table.add_row(
        "loaded by jirga --help", ", ".join(heavy) or "none of mesa, numpy, pandas, xarray", "no pandas, Mesa"
    )
    return table


if __name__ == "__main__":
    main()
