"""A plan: which scenarios to run, at which points, in how many worlds, and which results to keep.

A plan is immutable. Its canonical form and hash depend on what it computes, not on its texts or where it runs.
`plan_reader` reads a plan from a file, `plan_writer` writes one; `design` has its points.
"""

import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from sim.errors import InputError
from sim.files.file_names import same_file
from sim.inputs.intervention import check_inside, check_no_overlap, sort_interventions
from sim.inputs.scenario import LARGEST_SEED, LONGEST, MOST_WORLDS, Scenario, check_scenario
from sim.runs.sequential import StoppingRule as StoppingRule  # noqa: PLC0414  re-exported
from sim.schema import arguments, validation
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS, Assumptions, check_assumptions
from sim.schema.outcomes import NOVEMBER, OUTCOMES, Outcome, november_index
from sim.schema.series import SERIES
from sim.study.correlation import Correlation, check_correlations
from sim.study.factor import Factor as Factor  # noqa: PLC0414  re-exported as part of a plan
from sim.study.own_outcome import OwnOutcome, read_own_outcomes
from sim.study.plan_checks import check_different, check_engine, check_lengths

NONE: Final = "none"  # the method when nothing is varied
LISTED: Final = ("grid", "list")  # methods that take values
SAMPLED: Final = ("latin-hypercube", "sobol", "morris")  # methods that sample between bounds
OWN_POINTS: Final = "list"  # the method of points in a file
DISTRIBUTED: Final = ("latin-hypercube", "sobol")  # methods for which settings may have distributions
METHODS: Final = (*LISTED, *SAMPLED, "one-at-a-time")
NAME: Final = re.compile(r"[^\W_][\w .+-]{0,99}")  # of a scenario; it is used as a file name in the study's folder

MOST_SETTINGS: Final = 40
MOST_POINTS: Final = 1_000_000
MOST_IN_ALL: Final = 100_000_000  # worlds, over all points and scenarios
MOST_SCENARIOS: Final = 100
MOST_VALUES: Final = 8_000  # in a plan's file, whose size is limited; a longer list is a file beside it
MOST_LISTED: Final = 200_000  # values of a list
MOST_LEVELS: Final = 64
LEVELS: Final = 4  # of Morris's grid, by default
MOST_PROCESSES: Final = 256


@dataclass(frozen=True)
class Plan:
    """What a study runs. Two plans are equal if all fields except `file` are equal.

    scenarios: over the same days, with different names; reference: the name of the scenario that the others are
    compared with. worlds: per point and scenario. method: how the points of `vary` are chosen, one of METHODS, or
    "none" if nothing is varied. samples: points of a Latin hypercube, base samples of Sobol, trajectories of
    Morris, else 0. levels: of Morris's grid. outcomes, series: names to keep, in the order of OUTCOMES and SERIES.
    own_outcomes: outcomes of your own, given as expressions by name; they are always kept, after the others.
    second_order: of Sobol, whether pairs of settings get indices; correlations: of pairs of a Latin hypercube.
    engine: "local", "dask" or a scheduler's "tcp://host:8786"; processes: None for one per core.
    Raises InputError for any invalid value.
    """

    title: str
    scenarios: tuple[Scenario, ...]
    reference: str
    worlds: int
    seed: int = 0
    assumptions: Assumptions = DEFAULT_ASSUMPTIONS
    method: str = NONE
    vary: tuple[Factor, ...] = ()
    samples: int = 0
    levels: int = LEVELS
    sampler_seed: int = 0
    outcomes: tuple[str, ...] = ()  # empty: all that the run has
    series: tuple[str, ...] = ()
    own_outcomes: tuple[OwnOutcome, ...] | Mapping[str, str] = ()
    second_order: bool = False
    correlations: tuple[Correlation, ...] = ()
    until: StoppingRule | None = None
    engine: str = "local"
    processes: int | None = None
    question: str = ""
    file: str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Check and normalise all fields. Raises InputError, with the file if there is one."""
        try:
            self._check_words()
            self._take()
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
        """The number of points of the design; 1 if nothing is varied."""
        settings = len(self.vary)
        if self.method == "grid":
            return math.prod(len(one.values) for one in self.vary)
        counts = {
            NONE: 1,
            "list": len(self.vary[0].values) if self.vary else 1,
            "latin-hypercube": self.samples,
            "sobol": self.samples * ((2 * settings if self.second_order else settings) + 2),
            "morris": self.samples * (settings + 1),
            "one-at-a-time": 1 + 2 * settings,
        }
        return counts[self.method]

    @property
    def worlds_at_most(self) -> int:
        """The maximum number of worlds per point and scenario."""
        return self.until.worlds_at_most if self.until else self.worlds

    @property
    def days(self) -> int:
        """The number of days of every run."""
        return self.scenarios[0].days

    def scenario(self, name: str) -> Scenario:
        """The scenario with a name. Raises KeyError."""
        return {one.name: one for one in self.scenarios}[name]

    @property
    def own(self) -> tuple[OwnOutcome, ...]:
        """The outcomes of your own, as records."""
        return tuple(self.own_outcomes)  # type: ignore[arg-type]  # a mapping until it is checked

    def outcome(self, name: str) -> Outcome:
        """The record of an outcome, of Jirga's or of your own. Raises InputError for an unknown name."""
        return self.records[arguments.known("outcome", name, self.records, "no such outcome")]

    @property
    def records(self) -> Mapping[str, Outcome]:
        """The records of all outcomes, those of your own too, by name."""
        return {**OUTCOMES, **{one.name: one.outcome for one in self.own}} if self.own else OUTCOMES

    def canonical(self) -> dict[str, Any]:
        """The canonical form, ready for JSON: without texts, engine and fields that the method does not use."""
        form: dict[str, Any] = {
            "scenarios": [{"name": one.name, **_acts(one)} for one in self.scenarios],
            "reference": self.reference,
            "worlds": self.worlds,
            "seed": self.seed,
            "assumptions": self.assumptions,
            "outcomes": list(self.outcomes),
            "series": list(self.series),
        }
        if self.own:
            form["own_outcomes"] = {one.name: one.expression.text for one in self.own}
        if self.vary:
            form |= {"method": self.method, "vary": [one.canonical() for one in self.vary]}
        if self.method in SAMPLED:
            form |= {"samples": self.samples, "sampler_seed": self.sampler_seed}
        if self.method == "morris":
            form["levels"] = self.levels
        if self.second_order:
            form["second_order"] = True
        if self.correlations:
            form["correlations"] = [one.canonical() for one in self.correlations]
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
        validation.with_path("question", validation.optional_text, self.question, LONGEST["question"])
        self._put(worlds=arguments.whole("worlds", self.worlds, 1, MOST_WORLDS, "worlds"))
        self._put(seed=arguments.whole("seed", self.seed, 0, LARGEST_SEED))
        check_assumptions(self.assumptions)
        validation.with_path("engine.name", check_engine, self.engine)
        if self.processes is not None:
            most = arguments.whole("engine.processes", self.processes, 1, MOST_PROCESSES, "processes")
            self._put(processes=most)

    def _take(self) -> None:
        """Read each list once. Raises InputError for what is not a list, and for other members."""
        scenarios = arguments.items("scenarios", self.scenarios, "scenarios")
        vary = arguments.items("vary.settings", self.vary, "factors")
        for one in scenarios:
            check_scenario(one)
        for one in vary:
            arguments.instance("vary.settings", one, Factor, "a Factor")
        if self.until is not None:
            arguments.instance("until", self.until, StoppingRule, "a StoppingRule")
        for name in ("samples", "levels", "sampler_seed"):
            self._put(**{name: arguments.plain(getattr(self, name))})
        self._put(scenarios=scenarios, vary=vary)

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
            problem = "needs settings to vary" if not self.vary else "cannot be used with settings to vary"
            raise InputError(problem, path="vary.method", value=self.method)
        if len(self.vary) > MOST_SETTINGS:
            bounds = (1, MOST_SETTINGS, "settings")
            raise InputError(f"varies {len(self.vary)}", path="vary.settings", expected=bounds)
        for one in self.vary:
            if bool(one.values) != (self.method in LISTED):
                problem = f"{self.method} takes {'values' if self.method in LISTED else 'low and high, not values'}"
                raise InputError(problem, path=one.name)
            if one.distribution is not None and self.method not in DISTRIBUTED:
                problem = f"{self.method} takes no distribution"
                raise InputError(problem, path=f"{one.name}.distribution", expected=" or ".join(DISTRIBUTED))
        if self.method == "grid":
            check_different(self.vary)
        if self.method == "list":
            check_lengths(self.vary)
        self._check_sampler()
        self._check_pairs()

    def _check_sampler(self) -> None:
        if self.method != "morris":
            self._put(levels=LEVELS)
        if self.method not in SAMPLED:
            for key, given in (("vary.samples", self.samples), ("vary.seed", self.sampler_seed)):
                if type(given) is not int or given != 0:
                    raise InputError(f"{self.method} draws no samples", path=key, value=given)
            return
        arguments.whole("vary.samples", self.samples, 2, MOST_POINTS, "samples")
        arguments.whole("vary.seed", self.sampler_seed, 0, LARGEST_SEED)
        if self.method == "sobol" and self.samples & (self.samples - 1):
            near = 1 << (self.samples.bit_length() - 1)
            bounds = f"such as {near} or {2 * near}"
            raise InputError("must be a power of 2", path="vary.samples", value=self.samples, expected=bounds)
        arguments.whole("vary.levels", self.levels, 2, MOST_LEVELS, "levels")
        if self.levels % 2:
            raise InputError("must be even", path="vary.levels", value=self.levels, expected=(2, MOST_LEVELS, "levels"))

    def _check_pairs(self) -> None:
        """Check what a method says about pairs of settings. Raises InputError."""
        self._put(second_order=arguments.flag("vary.second_order", self.second_order))
        if self.second_order and self.method != "sobol":
            raise InputError("only sobol has indices of pairs", path="vary.second_order", value=True)
        pairs = arguments.items("vary.correlations", self.correlations, "correlations")
        for one in pairs:
            arguments.instance("vary.correlations", one, Correlation, "a Correlation")
        if pairs and self.method != "latin-hypercube":
            problem = "only a latin-hypercube has correlated settings"
            raise InputError(problem, path="vary.correlations", value=self.method)
        check_correlations(pairs, [one.key for one in self.vary])
        self._put(correlations=pairs)

    def _check_days(self) -> None:
        """Raises InputError for a lever imposed outside the run, and for overlapping days of one lever."""
        start, end = self.scenarios[0].start, self.scenarios[0].end
        found = [one.imposed() for one in self.vary if one.lever]
        for one in found:
            check_inside(one, start, end)
        check_no_overlap(sort_interventions(found, start, end), start, end)
        for name, other in pairwise(sorted(one.name for one in self.vary if not one.lever)):
            if name == other:
                raise InputError("given twice", path=name)

    def _keep(self) -> None:
        """Check and sort outcomes and series; no outcomes means all that the run has."""
        start = self.scenarios[0].start
        had = [name for name in OUTCOMES if name != NOVEMBER or november_index(start, self.days) is not None]
        own = read_own_outcomes(self.own_outcomes, (start, self.scenarios[0].end))
        had += [one.name for one in own]
        outcomes = validation.check_names("keep.outcomes", self.outcomes, had, "outcomes that the run has") or tuple(
            had
        )
        series = validation.check_names("keep.series", self.series, SERIES, "daily series")
        if self.until and self.until.on not in outcomes:
            outcomes = (
                *outcomes,
                *validation.check_names("until.on", [self.until.on], had, "outcomes that the run has"),
            )
        kept = [name for name in OUTCOMES if name in outcomes]
        self._put(own_outcomes=own, outcomes=(*kept, *(one.name for one in own)))
        self._put(series=tuple(name for name in SERIES if name in series))

    def _check_until(self) -> None:
        if self.until is None:
            return
        if self.until.worlds_at_most < self.worlds:
            problem, bounds = "is less than the worlds to start with", (self.worlds, MOST_WORLDS, "worlds")
            path = "until.worlds_at_most"
            raise InputError(problem, path=path, value=self.until.worlds_at_most, expected=bounds)
        if len(self.scenarios) == 1 and self.points == 1:
            raise InputError("compares nothing: there is one scenario and one point", path="until")

    def _check_size(self) -> None:
        listed = sum(len(one.values) for one in self.vary)
        most = MOST_LISTED if self.method == OWN_POINTS else MOST_VALUES
        if listed > most:
            raise InputError(f"lists {listed:,} values", path="vary.settings", expected=f"at most {most:,}")
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


def check_plan(given: Any) -> None:
    """Raise InputError for anything that is not a Plan, such as the name of one."""
    arguments.instance("plan", given, Plan, "a Plan: sim.study.plan_reader.read_plan(...)")


def _acts(scenario: Scenario) -> dict[str, Any]:
    """The canonical form of a scenario without its worlds and seed, because those of the plan are used."""
    return {key: part for key, part in scenario.canonical().items() if key != "run"}
