"""Why a change has its effect, as sentences and a table: conditions for talks, or other outcomes that move with it."""

from collections.abc import Sequence

from dashboard.render import display
from dashboard.render.answer_text import Verdict, counts, of_hundred
from dashboard.runs.cache import Pair
from sim.analysis.obstacles import Obstacle
from sim.results.results import Results
from sim.schema import formatting
from sim.schema.series import BLOCKED_BY, CONDITIONS

HEADS = ("condition", "days missing, baseline", "with the change", "without it alone, talks sooner in")


def days_blocked(run: Results) -> dict[str, float]:
    """Return the mean number of days per world on which each condition is missing while talks are not open."""
    days = run.blocked().sum("day").values.tolist()
    return dict(zip(CONDITIONS, days, strict=True))


def moved(pair: Pair, verdict: Verdict) -> str:
    """Return the condition that a change lifts most or, if talks open in fewer worlds, adds most."""
    before, after = days_blocked(pair.reference), days_blocked(pair.own)
    added = {one: after[one] - before[one] for one in CONDITIONS}
    if verdict == "less":
        return max(CONDITIONS, key=added.__getitem__)
    return max(CONDITIONS, key=lambda one: -added[one] if verdict == "more" else abs(added[one]))


def talks(pair: Pair, verdict: Verdict, tested: Sequence[Obstacle], worlds: int) -> list[str]:
    """Return sentences on why talks open sooner or not.

    tested: each condition, by removal, in `worlds` worlds; empty if that is not known yet.
    """
    before, after = days_blocked(pair.reference), days_blocked(pair.own)
    chosen = moved(pair, verdict)
    how = {"more": "What the change lifts", "less": "What the change adds", "same": "What the change moves most"}
    days = [f"{formatting.number(round(some[chosen]), 0)}" for some in (before, after)]
    left = max(CONDITIONS, key=after.__getitem__)
    first = (
        f"{how[verdict]}: {BLOCKED_BY[chosen]}. In the average world it keeps talks closed, alone or with others, on "
        f"{days[0]} days of the baseline, and on {days[1]} days with the change."
    )
    lines = [first]
    if verdict == "same":
        lines.append("That is little, and so the dates of talks hardly move.")
    lines += [
        f"Is it a cause? Tested by removal in {worlds:,} worlds of the baseline: if this condition alone did not "
        f"count, talks would open sooner in {of_hundred(one.sooner)} of 100 worlds."
        for one in tested if one.condition == chosen
    ]  # fmt: skip
    if left != chosen:
        rest = formatting.number(round(after[left]), 0)
        lines.append(f"What is then missing on most days is another condition: {BLOCKED_BY[left]} ({rest} days).")
    return lines


def table(pair: Pair, tested: Sequence[Obstacle]) -> str:
    """Return the five conditions as an HTML table: days on which each is missing, and the test by removal."""
    before, after = days_blocked(pair.reference), days_blocked(pair.own)
    rows = [
        (BLOCKED_BY[one.condition], *(formatting.number(round(some[one.condition]), 0) for some in (before, after)),
         f"{of_hundred(one.sooner)} of 100 worlds") for one in tested
    ]  # fmt: skip
    heads = "".join(f'<th scope="col">{display.markup(head)}</th>' for head in HEADS)
    body = "".join(_row(label, cells) for label, *cells in rows)
    return f'<table class="facts"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'


def _row(label: str, cells: Sequence[str]) -> str:
    numbers = "".join(f'<td class="number">{display.markup(cell)}</td>' for cell in cells)
    return f'<tr><th scope="row">{display.markup(label)}</th>{numbers}</tr>'


def others(pair: Pair, outcomes: Sequence[str]) -> list[str]:
    """Return what else the change moves, one sentence per outcome. Raises InputError for an unknown outcome."""
    return [f"{counts(one)}." for one in pair.comparison.table(list(outcomes))]
