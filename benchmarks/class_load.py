"""A full class on this machine: `python -m benchmarks.class_load`. 40 students in 10 groups, six rounds.

It prints seconds: from an order until another server on the same file shows it, for a round of all groups, for the
requests of all phones after it, and for the review. Beside them are the required times on two cores, and the processor
times, which do not depend on other programs.
"""

import random
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from rich.console import Console
from rich.table import Table

from sim.exercise.review_page import page
from sim.exercise.seats import SEATS
from sim.exercise.service import Classroom
from sim.exercise.settings import ExerciseSettings
from sim.schema.decisions import levers

T = TypeVar("T")
Spent = tuple[float, float]

SETTINGS = ExerciseSettings(groups=10, rounds=6)
ORDERS = 2  # per student and round


def main() -> None:
    """Play the rounds and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "class.sqlite"
        room, other = Classroom(path), Classroom(path)
        made = room.create(SETTINGS)
        tokens = {place: room.join(code).token for place, code in made.codes.items()}
        rng = random.Random(3)  # noqa: S311  no secret
        seen, rounds, looks = list[float](), list[Spent](), list[Spent]()
        for _ in range(SETTINGS.rounds):
            room.open_round(made.secret)
            with ThreadPoolExecutor(len(tokens)) as phones:
                jobs = [phones.submit(_orders, room, other, made.exercise, *job) for job in _drawn(tokens, rng)]
                seen += [seconds for job in jobs for seconds in job.result()]
            rounds.append(spent(lambda: room.play(made.secret))[1])
            looks.append(spent(lambda: [room.seat(token) for token in tokens.values()])[1])
        review, reviewed = spent(lambda: room.review(made.secret))
        written = spent(lambda: page(review))[1]
    table = Table("40 students in 10 groups", "median, s", "slowest, s", "processor, s", "required, s")
    table.add_row("an order, until others see it", f"{median(seen):.3f}", f"{max(seen):.3f}", "", "2")
    table.add_row("a round for all groups", *_cells(rounds), "5")
    table.add_row("requests of all 40 phones afterwards", *_cells(looks), "")
    text = f"the review, without each of {len(review.taken)} decisions over {review.taken[0].worlds} worlds"
    table.add_row(text, *_cells([reviewed]), "60")
    table.add_row("its page", *_cells([written]), "")
    Console().print(table)


def spent(act: Callable[[], T]) -> tuple[T, Spent]:
    """The result of a function, and the seconds it took: wall-clock time and processor time."""
    before = time.perf_counter(), time.process_time()
    found = act()
    return found, (time.perf_counter() - before[0], time.process_time() - before[1])


def _cells(found: list[Spent]) -> tuple[str, str, str]:
    """Median and maximum of the wall-clock time, and maximum of the processor time."""
    clock, processor = zip(*found, strict=True)
    return f"{median(clock):.2f}", f"{max(clock):.2f}", f"{max(processor):.2f}"


def _drawn(tokens: dict[tuple[int, str], str], rng: random.Random) -> list[tuple[str, list[tuple[str, Any]]]]:
    """Random orders of each student."""
    return [(token, [_order(seat, rng) for _ in range(ORDERS)]) for (_, seat), token in tokens.items()]


def _order(seat: str, rng: random.Random) -> tuple[str, Any]:
    name = rng.choice(sorted(SEATS[seat].levers))
    lever = levers()[name]
    return name, rng.random() < 1 / 2 if lever.flag else rng.uniform(lever.low, lever.high)


def _orders(room: Classroom, other: Classroom, exercise: str, token: str, orders: list[tuple[str, Any]]) -> list[float]:
    """Give orders one after the other. Returns the seconds until another server shows each."""
    found = []
    for lever, value in orders:
        before = time.perf_counter()
        room.order(token, lever, value)
        mine = room.version(exercise)
        while other.version(exercise) < mine:
            time.sleep(0.001)
        found.append(time.perf_counter() - before)
    return found


if __name__ == "__main__":
    main()
