"""compare_theories(): what the model without each mechanism says, where that differs, and what holds in every case.

A rival theory is the model without one mechanism (`sim.inputs.mechanisms`), over the same worlds with the same luck. A
finding, the effect of a scenario against another one, survives if every theory gives it the same sign, significantly.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sim.errors import InputError
from sim.inputs.mechanisms import mechanisms, without
from sim.inputs.scenario import Scenario, check_same_days, check_scenario, validate_run
from sim.results.comparison import Effect, effect_of
from sim.results.results import Results
from sim.runs.parameter_sampling import check_readable
from sim.runs.runner import run_scenarios
from sim.schema import arguments
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from sim.schema.milestones import MILESTONES
from sim.schema.outcomes import OUTCOMES, REACHED

Progress = Callable[[int, int], None]

WORLDS: Final = 128  # if not given
HEADLINES: Final = (
    "reached_power_shared", "reached_talks_open", "reached_ceasefire", "reached_released_5000",
    "reached_agreement_broken", "reached_us_at_5000", "attacks", "security_forces_killed", "prisoners_released",
    "returned_to_fighting", "kabul_cohesion",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TheoryView:
    """What the model without one mechanism says about one outcome.

    change: from the whole model to this one, over the same worlds; effect: of the scenario against the other one by
    this theory, None if there is no other.
    """

    mechanism: str
    label: str
    change: Effect
    effect: Effect | None


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """What the whole model and every theory say about one outcome, in its unit; a share for milestones.

    mean: of the whole model; effect: of the scenario against the other one by the whole model, None if there is none.
    """

    outcome: str
    label: str
    unit: str
    kind: str
    mean: float
    effect: Effect | None
    views: tuple[TheoryView, ...]

    @property
    def differing(self) -> tuple[TheoryView, ...]:
        """The theories that differ significantly from the whole model."""
        return tuple(one for one in self.views if one.change.significant)

    @property
    def turned(self) -> tuple[TheoryView, ...]:
        """The theories that give the effect the other sign, significantly."""
        return tuple(one for one in self.views if _sign(one.effect) * _sign(self.effect) < 0)

    @property
    def lost(self) -> tuple[TheoryView, ...]:
        """The theories by which there is no significant effect, although the whole model has one."""
        return tuple(one for one in self.views if _sign(self.effect) and not _sign(one.effect))

    @property
    def survives(self) -> bool:
        """Whether the whole model and every theory give a significant effect of the same sign."""
        return bool(_sign(self.effect)) and not self.turned and not self.lost


@dataclass(frozen=True)
class Theories:
    """The answers of all theories. against: the scenario that effects are measured from, or None."""

    scenario: Scenario
    against: Scenario | None
    worlds: int
    seed: int
    assumptions: str
    outcomes: tuple[OutcomeView, ...]


def compare_theories(
    scenario: Scenario,
    against: Scenario | None = None,
    worlds: int = WORLDS,
    seed: int = 0,
    *,
    on: Sequence[str] | None = None,
    assumptions: Assumptions = DEFAULT_ASSUMPTIONS,
    progress: Progress | None = None,
) -> Theories:
    """Run a scenario, and another one if given, with the whole model and without each mechanism.

    on: names of outcomes or milestones, None for the headlines. progress: called with the world-days done and in all,
    over all runs. Raises InputError for an unknown outcome, for scenarios over different days or that do the same, and
    as `simulate` does.
    """
    check_scenario(scenario)
    worlds, seed = validate_run(worlds, seed)
    check_readable(assumptions)
    arguments.callback("progress", progress)
    names = outcome_names(on)
    pair = [scenario]
    if against is not None:
        arguments.instance("against", against, Scenario, "a Scenario: sim.load_scenario(...) returns one")
        check_same_days((scenario, against))
        if scenario.hash() == against.hash():
            raise InputError("does the same as the scenario itself: there is no difference to look at", path="against")
        pair.append(against)
    known = list(mechanisms())
    courses = [without(one, off) for one in pair for off in ([], *([name] for name in known))]
    runs = run_scenarios(courses, worlds, seed, assumptions=assumptions, progress=progress)
    mine, theirs = runs[: len(known) + 1], runs[len(known) + 1 :]
    views = tuple(_view(name, known, mine, theirs) for name in names)
    return Theories(scenario, against, worlds, seed, assumptions, views)


def outcome_names(on: Sequence[str] | None) -> tuple[str, ...]:
    """Return names of outcomes; a milestone's name stands for whether it is reached. Raises InputError."""
    if on is None:
        return HEADLINES
    known = [name for name, one in OUTCOMES.items() if one.kind != "day"]
    given = [_outcome_name(one) for one in arguments.items("on", on, "names of outcomes")]
    if not given:
        raise InputError("at least one outcome is needed", path="on", expected="names of outcomes")
    return tuple(arguments.known("on", one, known, "no such outcome") for one in given)


def _outcome_name(given: Any) -> Any:
    """Return the outcome that a milestone's name stands for, and anything else unchanged."""
    return f"{REACHED}{given}" if isinstance(given, str) and given in MILESTONES else given


def _view(name: str, known: Sequence[str], mine: Sequence[Results], theirs: Sequence[Results]) -> OutcomeView:
    """Return one outcome by all theories. mine, theirs: the whole model's run first, then without each mechanism."""
    outcome, whole = OUTCOMES[name], mine[0]
    views = []
    for place, mechanism in enumerate(known, start=1):
        effect = _effect(name, theirs[place], mine[place]) if theirs else None
        views.append(TheoryView(mechanism, mechanisms()[mechanism].label, _effect(name, whole, mine[place]), effect))
    effect = _effect(name, theirs[0], whole) if theirs else None
    mean = float(whole.outcomes[name].values.mean())
    return OutcomeView(name, outcome.label, outcome.unit, outcome.kind, mean, effect, tuple(views))


def _effect(name: str, a: Results, b: Results) -> Effect:
    """Return the difference of an outcome between two runs over the same worlds."""
    return effect_of(OUTCOMES[name], a.outcomes[name].values, b.outcomes[name].values)


def _sign(effect: Effect | None) -> int:
    """Return the sign of a significant effect, 0 for none."""
    if effect is None or not effect.significant:
        return 0
    return 1 if effect.effect > 0 else -1
