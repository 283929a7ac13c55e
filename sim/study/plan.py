"""A plan: which scenarios to run, at which points, in how many worlds, and what to keep of them.

A plan never changes. Its canonical form and hash say what it computes, whatever its words and wherever it runs.
Reading one from a file is `plan_file`, writing one is `plan_text`; the points it names are `design`.
"""

import hashlib
import json
import math
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, get_args

from sim.errors import InputError, nearest
from sim.files.file_names import same_file
from sim.inputs.intervention import check_inside, check_no_overlap, sort_interventions
from sim.inputs.scenario import LARGEST_SEED, LONGEST, MOST_WORLDS, Scenario
from sim.runs.parameter_sampling import Assumptions
from sim.runs.sequential import StoppingRule as StoppingRule  # noqa: PLC0414  the same
from sim.schema import validation
from sim.schema.outcomes import NOVEMBER, OUTCOMES, november_index
from sim.schema.series import SERIES
from sim.study.factor import Factor as Factor  # noqa: PLC0414  part of a plan, and named with it

NONE: Final = "none"  # the method when nothing is varied
LISTED: Final = ("grid", "list")  # methods that take values
SAMPLED: Final = ("latin-hypercube", "sobol", "morris")  # methods that draw between two ends
METHODS: Final = (*LISTED, *SAMPLED, "one-at-a-time")
NAME: Final = re.compile(r"[^\W_][\w .+-]{0,99}")  # of a scenario, which names a file of the study's folder
ENGINE: Final = re.compile(r"local|dask|(tcp|tls)://[^\s/@]+:\d{1,5}")

MOST_SETTINGS: Final = 40
MOST_POINTS: Final = 1_000_000
MOST_IN_ALL: Final = 100_000_000  # worlds, over all points and scenarios
MOST_SCENARIOS: Final = 100
MOST_VALUES: Final = 8_000  # listed in all, so that a plan's own copy stays within what a file may hold
MOST_LEVELS: Final = 64
LEVELS: Final = 4  # of Morris's grid, if not said otherwise
MOST_PROCESSES: Final = 256


@dataclass(frozen=True)
class Plan:
    """What a study runs. Two plans are equal when they say and compute the same, wherever they were read from.

    scenarios: over the same days, each with a name of its own; reference: the name of the one that the others are
    held against. worlds: a point of each scenario. method: how points are laid out over `vary`, one of METHODS, or
    "none" when nothing is varied. samples: points of a Latin hypercube, base samples of Sobol, trajectories of
    Morris, else 0. levels: of Morris's grid. outcomes, series: names kept, in the order of OUTCOMES and SERIES.
    engine: "local", "dask" or a scheduler's "tcp://host:8786"; processes: None for one a core.
    Raises InputError for anything amiss.
    """

    title: str
    scenarios: tuple[Scenario, ...]
    reference: str
    worlds: int
    seed: int = 0
    assumptions: Assumptions = "point"
    method: str = NONE
    vary: tuple[Factor, ...] = ()
    samples: int = 0
    levels: int = LEVELS
    sampler_seed: int = 0
    outcomes: tuple[str, ...] = ()  # none given: all that the run has
    series: tuple[str, ...] = ()
    until: StoppingRule | None = None
    engine: str = "local"
    processes: int | None = None
    question: str = ""
    file: str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Check every part and put it in order. Raises InputError, with the file if there is one."""
        try:
            self._check_words()
            self._check_scenarios()
            self._check_method()
            self._check_days()
            self._keep()
            self._check_until()
            self._check_size()
        except InputError as error:
            raise error.at(file=self.file) from None

    @property
    def points(self) -> int:
        """How many points the design has; 1 when nothing is varied."""
        settings = len(self.vary)
        if self.method == "grid":
            return math.prod(len(one.values) for one in self.vary)
        counts = {
            NONE: 1,
            "list": len(self.vary[0].values) if self.vary else 1,
            "latin-hypercube": self.samples,
            "sobol": self.samples * (settings + 2),
            "morris": self.samples * (settings + 1),
            "one-at-a-time": 1 + 2 * settings,
        }
        return counts[self.method]

    @property
    def worlds_at_most(self) -> int:
        """The most worlds that a point of a scenario may get."""
        return self.until.worlds_at_most if self.until else self.worlds

    @property
    def days(self) -> int:
        """How many days every run of it has."""
        return self.scenarios[0].days

    def scenario(self, name: str) -> Scenario:
        """The scenario of a name. Raises KeyError."""
        return {one.name: one for one in self.scenarios}[name]

    def canonical(self) -> dict[str, Any]:
        """What is computed, ready for JSON: without words, without the engine, without what the method leaves out."""
        form: dict[str, Any] = {
            "scenarios": [{"name": one.name, **_acts(one)} for one in self.scenarios],
            "reference": self.reference,
            "worlds": self.worlds,
            "seed": self.seed,
            "assumptions": self.assumptions,
            "outcomes": list(self.outcomes),
            "series": list(self.series),
        }
        if self.vary:
            form |= {"method": self.method, "vary": [one.canonical() for one in self.vary]}
        if self.method in SAMPLED:
            form |= {"samples": self.samples, "sampler_seed": self.sampler_seed}
        if self.method == "morris":
            form["levels"] = self.levels
        if self.until:
            form["until"] = {key: getattr(self.until, key) for key in ("on", "interval", "worlds_at_most")}
        return form

    def hash(self) -> str:
        """SHA-256 of the canonical form as JSON, 64 hexadecimal digits."""
        text = json.dumps(self.canonical(), sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def _put(self, **parts: Any) -> None:
        for name, part in parts.items():
            object.__setattr__(self, name, part)

    def _check_words(self) -> None:
        validation.with_path("title", validation.text, self.title, LONGEST["title"])
        if self.question != "":
            validation.with_path("question", validation.text, self.question, LONGEST["question"])
        _whole("worlds", self.worlds, 1, MOST_WORLDS, "worlds")
        _whole("seed", self.seed, 0, LARGEST_SEED)
        validation.with_path("assumptions", validation.choice, self.assumptions, get_args(Assumptions))
        validation.with_path("engine.name", _check_engine, self.engine)
        if self.processes is not None:
            _whole("engine.processes", self.processes, 1, MOST_PROCESSES, "processes")

    def _check_scenarios(self) -> None:
        if not 1 <= len(self.scenarios) <= MOST_SCENARIOS:
            raise InputError(
                f"names {len(self.scenarios)}", path="scenarios", expected=(1, MOST_SCENARIOS, "scenarios")
            )
        names = [one.name for one in self.scenarios]
        for name, times in Counter(same_file(name) for name in names).items():
            if times > 1:
                raise InputError(f"{times} scenarios have this name", path="scenarios", value=name)
        for name in names:
            if not NAME.fullmatch(name):
                form = "letters, digits, spaces and _ . + -"
                raise InputError(
                    "a scenario has a name that no file can have", path="scenarios", value=name, expected=form
                )
        validation.with_path("reference", validation.choice, self.reference, names)
        first = self.scenarios[0]
        for one in self.scenarios:
            if (one.start, one.end) != (first.start, first.end):
                problem = f"runs from {one.start} to {one.end}; all must run over the same days"
                raise InputError(problem, path="scenarios", value=one.name, expected=(first.start, first.end))

    def _check_method(self) -> None:
        validation.with_path("vary.method", validation.choice, self.method, (*METHODS, NONE))
        if bool(self.vary) == (self.method == NONE):
            problem = "lays out no settings" if not self.vary else "has settings all the same"
            raise InputError(problem, path="vary.method", value=self.method)
        if len(self.vary) > MOST_SETTINGS:
            bounds = (1, MOST_SETTINGS, "settings")
            raise InputError(f"varies {len(self.vary)}", path="vary.settings", expected=bounds)
        for one in self.vary:
            if bool(one.values) != (self.method in LISTED):
                problem = f"{self.method} takes {'values' if self.method in LISTED else 'low and high, not values'}"
                raise InputError(problem, path=one.name)
        if self.method == "grid":
            _check_different(self.vary)
        if self.method == "list":
            _check_lengths(self.vary)
        self._check_sampler()

    def _check_sampler(self) -> None:
        if self.method != "morris":
            self._put(levels=LEVELS)
        if self.method not in SAMPLED:
            if self.samples or self.sampler_seed:
                raise InputError(f"{self.method} draws no samples", path="vary.samples", value=self.samples)
            return
        _whole("vary.samples", self.samples, 2, MOST_POINTS, "samples")
        _whole("vary.seed", self.sampler_seed, 0, LARGEST_SEED)
        if self.method == "sobol" and self.samples & (self.samples - 1):
            near = 1 << (self.samples.bit_length() - 1)
            bounds = f"such as {near} or {2 * near}"
            raise InputError("must be a power of 2", path="vary.samples", value=self.samples, expected=bounds)
        _whole("vary.levels", self.levels, 2, MOST_LEVELS, "levels")
        if self.levels % 2:
            raise InputError("must be even", path="vary.levels", value=self.levels, expected=(2, MOST_LEVELS, "levels"))

    def _check_days(self) -> None:
        """Raises InputError for a lever imposed outside the run, and for two stretches of one that share a day."""
        start, end = self.scenarios[0].start, self.scenarios[0].end
        found = [one.imposed() for one in self.vary if one.lever]
        for one in found:
            check_inside(one, start, end)
        check_no_overlap(sort_interventions(found, start, end), start, end)
        for name, other in pairwise(sorted(one.name for one in self.vary if not one.lever)):
            if name == other:
                raise InputError("given twice", path=name)

    def _keep(self) -> None:
        """Put outcomes and series in their order; no outcomes means all that the run has."""
        start = self.scenarios[0].start
        had = [name for name in OUTCOMES if name != NOVEMBER or november_index(start, self.days) is not None]
        outcomes = validation.check_names("keep.outcomes", self.outcomes, had, "outcomes that the run has") or tuple(
            had
        )
        series = validation.check_names("keep.series", self.series, SERIES, "daily series")
        if self.until and self.until.on not in outcomes:
            outcomes = (
                *outcomes,
                *validation.check_names("until.on", [self.until.on], had, "outcomes that the run has"),
            )
        self._put(outcomes=tuple(name for name in OUTCOMES if name in outcomes))
        self._put(series=tuple(name for name in SERIES if name in series))

    def _check_until(self) -> None:
        if self.until is None:
            return
        if self.until.worlds_at_most < self.worlds:
            problem, bounds = "is below the worlds to start with", (self.worlds, MOST_WORLDS, "worlds")
            path = "until.worlds_at_most"
            raise InputError(problem, path=path, value=self.until.worlds_at_most, expected=bounds)
        if len(self.scenarios) == 1 and self.points == 1:
            raise InputError("compares nothing: there is one scenario and one point", path="until")

    def _check_size(self) -> None:
        listed = sum(len(one.values) for one in self.vary)
        if listed > MOST_VALUES:
            raise InputError(f"lists {listed:,} values", path="vary.settings", expected=f"at most {MOST_VALUES:,}")
        if self.points > MOST_POINTS:
            raise InputError(f"makes {self.points:,} points", path="vary", expected=f"at most {MOST_POINTS:,}")
        worlds = len(self.scenarios) * self.points * self.worlds_at_most
        if worlds > MOST_IN_ALL:
            path = "until.worlds_at_most" if self.until else "worlds"
            counts = f"{len(self.scenarios)} x {self.points:,} points x {self.worlds_at_most:,} worlds"
            bounds = f"at most {MOST_IN_ALL:,}"
            raise InputError(
                f"makes {worlds:,} worlds ({counts})", path=path, value=self.worlds_at_most, expected=bounds
            )


def _whole(path: str, value: Any, low: int, high: int, unit: str = "") -> None:
    """Raises InputError unless a value is a whole number within bounds."""
    if isinstance(value, float):
        raise InputError("must be a whole number", path=path, value=value, expected=(low, high, unit))
    validation.with_path(path, validation.number, value, low, high, unit, whole=True)


def _check_engine(name: Any) -> None:
    """Raises InputError unless it is the name of an engine, or a scheduler's address."""
    form = "local, dask or tcp://host:port"
    if not isinstance(name, str):
        raise InputError(f"must be text, not {validation.kind_of(name)}", value=name, expected=form)
    if not ENGINE.fullmatch(name):
        raise InputError("no such engine", value=name, expected=form, nearest=nearest(name, ("local", "dask")))


def _check_different(vary: tuple[Factor, ...]) -> None:
    """Raises InputError for a value that a grid would run twice."""
    for one in vary:
        for value, times in Counter(one.values).items():
            if times > 1:
                raise InputError("is among the values twice", path=one.name, value=value)


def _check_lengths(vary: tuple[Factor, ...]) -> None:
    """Raises InputError unless all settings of a list have equally many values."""
    for one, other in pairwise(vary):
        if len(one.values) != len(other.values):
            problem = f"has {len(other.values)} values, but {one.name} has {len(one.values)}: a list goes row by row"
            raise InputError(problem, path=other.name)


def _acts(scenario: Scenario) -> dict[str, Any]:
    """What a scenario does; the worlds and seed it asks for give way to the plan's."""
    return {key: part for key, part in scenario.canonical().items() if key != "run"}
