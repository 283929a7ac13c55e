"""A study as a hand-out: one HTML page with a slider per setting, over the points that the study has run."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from sim import __version__
from sim.errors import InputError
from sim.export.handout_page import MARK, Control, Handout, handout_html
from sim.export.page_file import page_target, put_page
from sim.export.page_parts import Table
from sim.inputs import parameters
from sim.results.intervals import LEVEL
from sim.schema import arguments
from sim.schema.assumptions import ASSUMPTIONS_MEANING
from sim.schema.decisions import levers
from sim.schema.formatting import day, share
from sim.schema.outcomes import REACHED
from sim.schema.series import SERIES
from sim.study.factor import UNCHANGED, Factor
from sim.study.folder import Folder, check_study
from sim.study.formatting import dates, names, setting
from sim.study.handout_data import EDGES, outcome_data, series_data
from sim.study.outcome_view import OutcomeView
from sim.study.plan import Plan, check_plan
from sim.study.report import BY_CHANCE, headlines
from sim.study.summary import LEVELS, Progress, Summary, summarise
from sim.study.weekly_bands import weekly_bands

MOST_SETTINGS: Final = 4  # sliders that a phone's screen holds, and that a reader can keep in mind
MOST_CELLS: Final = 3_000  # points of all scenarios
WORLD: Final = (
    "A world is one possible history: the same rules and the same settings, with other luck. World 17 has the same "
    "luck at every step of every slider, so a difference between two steps is due to the step."
)


def write_handout(
    folder: Folder, out: str | Path, *, outcome: str | None = None, progress: Progress | None = None
) -> Path:
    """Write the hand-out of a study atomically, and return its path.

    outcome: the one that is shown first; the first share if None. progress: called with the parts read and the total.
    Raises InputError, before any part is read, for a file that cannot be written or that is not an earlier hand-out,
    for a study that is not complete, and as `check_handout` does; afterwards for a page that would be too large.
    """
    arguments.path("out", out)
    check_study(folder)
    arguments.callback("progress", progress)
    target = handout_target(out)
    return put_page(target, handout_page(folder, outcome=outcome, progress=progress))


def handout_target(out: Any) -> Path:
    """Return the absolute path of a hand-out to write. Raises InputError if it cannot be written there."""
    return page_target(out, MARK, "hand-out")


def handout_page(folder: Folder, *, outcome: str | None = None, progress: Progress | None = None) -> str:
    """Return the hand-out of a study as HTML. Raises InputError as `write_handout` does."""
    check_study(folder)
    check_handout(folder.plan, outcome)
    missing = len(folder.missing())
    if missing:
        problem = f"is not complete: {missing:,} parts are missing; run the study to its end first"
        raise InputError(problem, file=folder.path)
    summary = summarise(folder, daily=False, progress=progress)
    return handout_html(_handout(folder, summary, outcome))


def check_handout(plan: Plan, outcome: str | None = None) -> None:
    """Raise InputError unless a plan can become a hand-out: a grid of at most MOST_SETTINGS settings, not too large.

    outcome: the name of one that the plan keeps.
    """
    check_plan(plan)
    if outcome is not None:
        arguments.known("outcome", outcome, plan.outcomes, "no such outcome in this study")
    if plan.method != "grid":
        problem = "a hand-out needs a grid, whose settings become its sliders"
        raise InputError(problem, file=plan.file, path="vary.method", value=plan.method, expected="grid")
    if len(plan.vary) > MOST_SETTINGS:
        problem, bounds = f"varies {len(plan.vary)}: too many sliders for a hand-out", (1, MOST_SETTINGS, "settings")
        raise InputError(problem, file=plan.file, path="vary.settings", expected=bounds)
    cells = plan.points * len(plan.scenarios)
    if cells > MOST_CELLS:
        problem = f"has {cells:,} points in all scenarios: too many for a hand-out"
        raise InputError(problem, file=plan.file, path="vary.settings", expected=f"at most {MOST_CELLS:,}")


def _shown(summary: Summary, first: str | None) -> list[str]:
    """Return the outcomes of the hand-out: `first`, or the first share, then the others in their order."""
    found = headlines(summary)
    first = first or next((name for name in found if name.startswith(REACHED)), found[0])
    return [first, *(name for name in found if name != first)]


def _handout(folder: Folder, summary: Summary, first: str | None) -> Handout:
    """Return everything that the page shows."""
    plan = folder.plan
    outcomes = _shown(summary, first)
    drawn = [name for name in plan.series if SERIES[name].kind != "flag"]
    bands = [weekly_bands(folder, name) for name in drawn]
    called = names(plan)
    data = {
        "steps": [len(one.values) for one in plan.vary],
        "names": [_steps(one) for one in plan.vary],
        "worlds": folder.rounds[-1],
        "edges": EDGES,
        "compared": [_compared(plan, one.name) for one in plan.scenarios],
        "reference": [one.name for one in plan.scenarios].index(plan.reference),
        "outcomes": [outcome_data(OutcomeView(summary, name)) for name in outcomes],
        "series": [series_data(one, plan) for one in bands],
    }
    return Handout(
        plan.title,
        plan.question,
        tuple(Control(called[one.key], _about(one), _steps(one)) for one in plan.vary),
        tuple(one.title for one in plan.scenarios) if len(plan.scenarios) > 1 else (),
        tuple(OutcomeView(summary, name).formats.label for name in outcomes),
        tuple(SERIES[name].label for name in drawn),
        _start(plan),
        data,
        tuple(_notes(summary)),
        Table("What was run", ("item", "value"), list(_rows(folder, summary)), wrapped=True),
    )


def _steps(one: Factor) -> tuple[str, ...]:
    return tuple(setting(one, value) for value in one.numbers)


def _about(one: Factor) -> str:
    """Return what a setting changes, on which days, and what it is based on."""
    if one.lever:
        lever = levers()[one.name]
        return f"{lever.about} {_days(one)} {based_on(lever.rests_on)}"
    known = parameters.catalogue()[one.name]
    return f"{known.reason} {'An assumption.' if known.kind == 'assumed' else f'Source: {known.source}.'}"


def _days(one: Factor) -> str:
    """Return on which days a slider holds a lever, as a sentence."""
    held = dates(one)
    return f"The slider sets it {held}." if held else "The slider sets it for the whole run."


def based_on(source: str) -> str:
    """Return what a lever is based on, as a sentence."""
    if source == "assumption":
        return "An assumption."
    return "Based on the agreement's own text." if source == "agreement" else f"Based on {source}."


def _compared(plan: Plan, name: str) -> str:
    """Return what a scenario is compared with, in words."""
    steps = "the first step of every slider" if len(plan.vary) > 1 else "the first step of the slider"
    return steps if name == plan.reference else f"“{plan.scenario(plan.reference).title}” at the same steps"


def _start(plan: Plan) -> str:
    """Return what the sliders mean and what everything is compared with, as sentences."""
    several = len(plan.scenarios) > 1
    base = "the scenario" if several else f"the scenario “{plan.scenarios[0].title}”"
    free = any(UNCHANGED in one.values for one in plan.vary)
    words = f"“{UNCHANGED}” leaves a decision as {base} has it. " if free else ""
    if several:
        reference = plan.scenario(plan.reference).title
        return (
            f"{words}Other scenarios are compared with “{reference}” at the same steps, and that scenario with its own "
            "first step of every slider, in the same worlds."
        )
    return f"{words}Everything is compared with the first step of every slider, in the same worlds."


def _notes(summary: Summary) -> Iterator[str]:
    """Yield how to read the page."""
    yield WORLD
    yield (
        "The sliders have the steps that were run and nothing between them. A curve shows the chosen outcome at each "
        f"step of its slider while the other sliders stay where they are; its band is the {share(LEVEL)} interval "
        "of the mean."
    )
    yield (
        "Day by day: the line is the median over the worlds; half of the worlds are in the darker band, and "
        f"{share(LEVELS[-1] - LEVELS[0])} of them in the lighter one. The dashed line is the median of what is "
        "compared with."
    )
    yield BY_CHANCE
    if summary.failed:
        yield f"In {summary.failed:,} of {summary.rows:,} worlds the model failed; they are left out."
    yield "S1 to S17 are the sentences of the text on which the model is based."


def _rows(folder: Folder, summary: Summary) -> Iterator[Sequence[str]]:
    """Yield what was run, as rows of a table."""
    plan = folder.plan
    yield "worlds", f"{folder.rounds[-1]:,} per step, seed {plan.seed}; {summary.rows:,} in total"
    yield "days", f"{day(plan.scenarios[0].start)} until {day(plan.scenarios[0].end)}"
    yield "assumptions", ASSUMPTIONS_MEANING[plan.assumptions]
    for one in plan.scenarios:
        based = f" ({', '.join(one.rests_on)})" if one.rests_on else ""
        yield "scenario", f"{one.name}: {one.title}{based}"
    yield "plan", plan.hash()[:16]
    yield "model", folder.model[:16]
    yield "Jirga", __version__
