"""why(): what an event rests on, tested by running the same worlds again without one set of factors after the other."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sim.analysis.causes.answer import Answer, FactorResult, effect_of, factor_results, frequent_sets
from sim.analysis.causes.cause_tests import EXHAUSTIVE, CauseTests, exhaustive_tests
from sim.analysis.causes.factor import Factor
from sim.analysis.causes.factor_list import chosen_factors, differences, factors_of
from sim.analysis.causes.obstacle_sets import obstacle_sets
from sim.analysis.causes.oracle import Days, RememberingOracle, bit
from sim.analysis.causes.sampled_tests import MOST_FACTORS, ORDERS, sampled_tests
from sim.analysis.causes.screen import Screened, most_tested, screen
from sim.analysis.obstacles import obstacles_of
from sim.analysis.removals import run_removals
from sim.errors import InputError
from sim.inputs.scenario import MOST_WORLDS, Scenario, check_same_days, check_scenario, validate_run
from sim.runs.parameter_sampling import check_readable
from sim.schema import arguments
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from sim.schema.calendar import Calendar
from sim.schema.milestones import MILESTONES, NEVER

Progress = Callable[[int, int], None]

WORLDS: Final = 48  # of an ensemble, if not given
OPENING: Final = "talks_open"


@dataclass(frozen=True)
class Question:
    """A checked question: which event of which scenario, in which worlds, and what may have caused it."""

    scenario: Scenario
    about: str
    against: Scenario | None
    world: int | None
    factors: tuple[Factor, ...]
    named: bool  # whether somebody chose the factors, so that all of them are tested
    worlds: int
    seed: int
    assumptions: Assumptions

    @property
    def first(self) -> int:
        """The first world."""
        return 0 if self.world is None else self.world


def why(  # noqa: PLR0913  a question has that many parts, and only the first needs an answer
    scenario: Scenario,
    about: str = OPENING,
    *,
    world: int | None = None,
    against: Scenario | None = None,
    factors: Iterable[str] | None = None,
    worlds: int | None = None,
    seed: int = 0,
    assumptions: Assumptions = DEFAULT_ASSUMPTIONS,
    progress: Progress | None = None,
) -> Answer:
    """Return why a milestone comes or never comes: in one world, or in many.

    about: a milestone. world: this world alone; otherwise the first `worlds` of the seed, by default 48. against: a
    scenario over the same days; then the factors are what the first does otherwise than that one. factors: names or
    groups (imposed, mechanisms, decided); by default what the scenario imposes and sets, and the mechanisms. Up to
    EXHAUSTIVE named factors are tested in every combination, more along sampled orders; if none is named and there are
    too many, a screen chooses those that change most. progress: called with the columns done and in all, an estimate
    until the screen is over. Raises InputError for an unknown name, for a world, worlds or a seed out of bounds, for an
    event that comes in every world or in none of an ensemble, and where there is no difference to explain.
    """
    asked = check_question(scenario, about, world, against, factors, worlds, seed, assumptions)
    arguments.callback("progress", progress)
    return _answered(asked, progress)


def check_question(
    scenario: Scenario,
    about: str,
    world: int | None,
    against: Scenario | None,
    factors: Iterable[str] | None,
    worlds: int | None,
    seed: int,
    assumptions: Assumptions,
) -> Question:
    """Return the question, checked before anything runs. Raises InputError."""
    check_scenario(scenario)
    arguments.known("about", about, MILESTONES, "no such milestone")
    check_readable(assumptions)
    if world is not None:
        if worlds is not None:
            raise InputError("give one world or a number of worlds, not both", path="worlds", value=worlds)
        world = arguments.whole("world", world, 0, MOST_WORLDS - 1)
    count, seed = validate_run(1 if world is not None else WORLDS if worlds is None else worlds, seed)
    if against is None:
        known = factors_of(scenario)
    else:
        arguments.instance("against", against, Scenario, "a Scenario: sim.load_scenario(...) returns one")
        check_same_days((scenario, against))
        known = differences(scenario, against)
    chosen = chosen_factors(known, factors)
    if len(chosen) > MOST_FACTORS:
        raise InputError("too many factors", path="factors", value=len(chosen), expected=f"at most {MOST_FACTORS}")
    named = factors is not None or against is not None
    return Question(scenario, about, against, world, tuple(chosen), named, count, seed, assumptions)


def _answered(asked: Question, progress: Progress | None) -> Answer:
    """Return the answer to a question. Raises InputError where there is nothing to explain."""
    meter = _Meter(progress)
    exhaustive = EXHAUSTIVE if asked.named else most_tested(asked.worlds)
    number = len(asked.factors)
    tested: tuple[Factor, ...] = asked.factors
    rest: tuple[Screened, ...] = ()
    meter.expect(asked.worlds * _courses(number, exhaustive, named=asked.named))
    oracle = _oracle(asked, tested, meter)
    _check_event(asked, oracle.uniform([0, bit(number) - 1] if asked.against else [0]))
    courses = 0
    if number > exhaustive and not asked.named:
        tested, rest = _screened(asked, oracle, exhaustive)
        courses = oracle.courses
        oracle = _oracle(asked, tested, meter)
    tests = (
        exhaustive_tests(oracle, len(tested))
        if len(tested) <= exhaustive
        else sampled_tests(oracle, len(tested), ORDERS, asked.seed)
    )
    return _answer(asked, tests, tested, rest, courses + oracle.courses)


def _courses(number: int, exhaustive: int, *, named: bool) -> int:
    """Return about how many courses per world are run for so many factors."""
    if number <= exhaustive:
        return bit(number)
    return 4 * ORDERS * number // 2 if named else 2 * number + 2 + bit(exhaustive)


def _oracle(asked: Question, factors: Sequence[Factor], meter: "_Meter") -> RememberingOracle:
    """Return what runs the worlds of a question without some factors."""
    from sim.analysis.causes.courses import Courses  # imports Mesa only when something is run

    courses = Courses(
        asked.scenario, factors, asked.about, asked.worlds, asked.seed,
        first=asked.first, assumptions=asked.assumptions, report=meter.add,
    )  # fmt: skip
    return RememberingOracle(courses, asked.worlds)


def _screened(asked: Question, oracle: RememberingOracle, most: int) -> tuple[tuple[Factor, ...], tuple[Screened, ...]]:
    """Return the factors that change most, in their order, and the others."""
    found = screen(oracle, asked.factors)
    chosen = {one.factor.name for one in found[:most]}
    return tuple(one for one in asked.factors if one.name in chosen), tuple(found[most:])


def _check_event(asked: Question, days: Days) -> None:
    """Raise InputError where there is nothing to explain. days: as things are, then in the other scenario."""
    came = days != NEVER
    if asked.world is not None:
        if asked.against is not None and days[0, 0] == days[1, 0]:
            problem = f"the same in world {asked.world} of both scenarios: there is no difference to explain"
            raise InputError(problem, path=asked.about)
        return
    if came.all() or not came.any():
        where = "none" if not came.any() else "every one"
        both = " of both scenarios" if asked.against else ""
        problem = (
            f"comes in {where} of the {asked.worlds:,} worlds{both}, so nothing tells them apart; ask about "
            "one world, such as world 0, or compare with another scenario"
        )
        raise InputError(problem, path=asked.about)


def _answer(
    asked: Question, tests: CauseTests, factors: Sequence[Factor], rest: tuple[Screened, ...], courses: int
) -> Answer:
    """Return the answer from the tests."""
    calendar = Calendar(asked.scenario.start, asked.scenario.end)
    single = asked.world is not None
    dates = [_as_date(calendar, day) if single else None for day in tests.day_without[:, 0]]
    set_dates = [_as_date(calendar, day) for day in tests.days[:, 0]] if single and tests.days is not None else []
    results = tuple(factor_results(tests, factors, dates))
    came, without, effect = effect_of(tests.day, tests.day_without_all)
    here, never = tests.came, ~tests.came
    return Answer(
        scenario=asked.scenario,
        about=asked.about,
        against=asked.against,
        world=asked.world,
        worlds=asked.worlds,
        first=asked.first,
        seed=asked.seed,
        assumptions=asked.assumptions,
        date=_as_date(calendar, tests.day[0]) if single else None,
        date_without_all=_as_date(calendar, tests.day_without_all[0]) if single else None,
        came=came,
        came_without=without,
        effect=effect,
        results=results,
        screened=rest,
        overdetermined=int(tests.overdetermined.sum()),
        preempted=int(tests.preempted.sum()),
        nonmonotone=int(tests.nonmonotone.sum()),
        unexplained=int(tests.unexplained.sum()),
        orders=tests.orders,
        courses=courses,
        stops=frequent_sets(tests.flipping, here, factors, set_dates),
        brings=frequent_sets(tests.flipping, never, factors, set_dates),
        enough=frequent_sets(tests.sufficient, here, factors),
        **_parts_with_runs(asked, results),
    )


def _parts_with_runs(asked: Question, results: Sequence[FactorResult]) -> dict[str, Any]:
    """Return the parts of an answer that need a run of their own: the chain of a world, and what blocked talks."""
    blocked = asked.about == OPENING and asked.against is None
    if asked.world is not None:
        from sim.analysis.causes.chain import chain_of
        from sim.analysis.reasons.record import reasons

        record = reasons(asked.scenario, asked.world, asked.seed, assumptions=asked.assumptions)
        sets = obstacle_sets(asked.scenario, record.removals()) if blocked else ()
        return {"chain": chain_of(record, asked.about, results), "obstacle_sets": sets}
    if not blocked:
        return {}
    found = run_removals(asked.scenario, asked.worlds, asked.seed, assumptions=asked.assumptions)
    return {"obstacles": tuple(obstacles_of(found)), "obstacle_sets": obstacle_sets(asked.scenario, found.days)}


def _as_date(calendar: Calendar, day: Any) -> dt.date | None:
    return None if day == NEVER else calendar.date(int(day))


class _Meter:
    """Adds up the columns that several oracles run, and reports them."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress, self.done, self.total = progress, 0.0, 1

    def expect(self, columns: int) -> None:
        """Expect so many columns in all."""
        self.total = columns

    def add(self, columns: float) -> None:
        """Count columns that are done."""
        self.done += columns
        if self.progress is not None:
            self.progress(min(round(self.done), self.total), self.total)
