"""The aims of the seats: where each stands in a group's world, and the step of the debrief that reveals them to all."""

from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.exercise import events as e
from sim.exercise.rounds import figure
from sim.exercise.seats import SEATS, Aim
from sim.exercise.state import ExerciseState
from sim.exercise.views import AimView, SideAims
from sim.schema.formatting import decimals, number
from sim.schema.milestones import MILESTONES
from sim.schema.outcomes import REACHED
from sim.schema.series import SERIES

if TYPE_CHECKING:
    from sim.analysis.world_history import History


def reveal(state: ExerciseState) -> list[e.Act]:
    """Reveal the aims of all seats, once the exercise is over; a second time changes nothing. Raises InputError."""
    if state.phase != "over":
        raise InputError("the exercise is not over yet: reveal the aims when it is")
    return [] if revealed(state) else [e.Revealed()]


def revealed(state: ExerciseState) -> bool:
    """Return whether the aims are revealed; going back to a round hides them again."""
    return bool(state.of(e.Revealed))


def side_aims(state: ExerciseState, world: "History") -> tuple[SideAims, ...]:
    """Return what every seat wanted, and where it stands in a group's world; nothing before it is revealed."""
    if not revealed(state):
        return ()
    return tuple(
        SideAims(seat.name, tuple(aim_view(state, aim, world) for aim in seat.aims)) for seat in SEATS.values()
    )


def aim_view(state: ExerciseState, aim: Aim, world: "History") -> AimView:
    """Return where an aim stands in a group's world."""
    if aim.outcome.startswith(REACHED):
        name = aim.outcome.removeprefix(REACHED)
        reached = world.milestone(name) is not None
        return AimView(aim.text, aim.wants, MILESTONES[name].label, "yes/no", reached, None)
    one = figure(world.results, aim.outcome, state.settings.weeks * 7)
    early = world.daily[aim.outcome][: world.results.calendar.index(state.settings.start)].astype(float)
    first = float(early[-1] if SERIES[aim.outcome].kind == "level" else early.mean())
    return AimView(aim.text, aim.wants, SERIES[aim.outcome].label, one.unit, one.value, one.before, one.scale, first)


def became(one: AimView) -> str:
    """Return what became of an aim since the start, in words: a direction, not a score."""
    if isinstance(one.value, bool):
        return "as wanted" if one.value == (one.wants == "reached") else "not as wanted"
    if one.first is None or _shown(one.value, one.first) == _shown(one.first, one.value):
        return "as at the start"
    return "as wanted" if (one.value > one.first) == (one.wants == "more") else "not as wanted"


def _shown(value: float, beside: float) -> str:
    """Return a figure with the decimals that suit it and the one beside it."""
    return number(value, decimals(value, beside))
