"""Export: what each group did, as a scenario file that reproduces its world."""

from dataclasses import replace
from typing import Final

from sim.errors import InputError
from sim.exercise.press import in_notes
from sim.exercise.rounds import group_scenario
from sim.exercise.state import ExerciseState
from sim.files.file_names import slug
from sim.inputs.scenario import Scenario

LONGEST_SLUG: Final = 40  # characters


def scenario_files(state: ExerciseState) -> dict[str, str]:
    """Return one scenario file per group, by file name, to the end of the last round played.

    `jirga run` on it runs all worlds up to the exercise's own: its last world is the group's. Raises InputError before
    a round is played.
    """
    if not state.played:
        raise InputError("no round is played yet, so there is nothing to export")
    name = slug(state.settings.title, LONGEST_SLUG, "exercise")
    return {
        f"{name}-group-{group}.toml": exported(state, group).to_toml() for group in range(1, state.settings.groups + 1)
    }


def exported(state: ExerciseState, group: int) -> Scenario:
    """Return what a group did in the rounds played as its file says it, with the worlds to run."""
    settings = state.settings
    notes = (
        f"Played in a class exercise: rounds 1 to {state.played} of {settings.rounds}, on {settings.base}. The world "
        f"of the exercise is world {settings.world} of seed {settings.seed}. A tool for thinking about mechanisms, not "
        "a forecast." + in_notes(state, group)
    )
    run = {"worlds": settings.world + 1, "seed": settings.seed}
    return replace(group_scenario(state, group, state.played), run=run, notes=notes)
