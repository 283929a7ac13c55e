"""The state of a page as one value, which can be written as a link, a command or a scenario."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, Final, get_args
from urllib.parse import quote, urlencode

from dashboard.state.asked import read_asked
from dashboard.state.limits import LONGEST_LINK, MOST_PARTS, TOO_LONG
from dashboard.state.pair import check_pair
from dashboard.state.ranked import RANKED, check_ranked
from dashboard.state.scenario_codec import read_form, write_form
from sim.errors import InputError, nearest
from sim.inputs.scenario import Scenario, validate_run
from sim.inputs.scenario_reader import load_scenario, scenario_names
from sim.runs.parameter_sampling import check_readable
from sim.schema import validation
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from sim.schema.calendar import WEEK
from sim.schema.series import SERIES

REFERENCE: Final = "baseline"
MOST_WORLDS: Final = 4000  # a server is shared; the command runs more
MOST_WORLD_DAYS: Final = MOST_WORLDS * 400
MOST_CHANGES: Final = 100
MOST_ALSO: Final = 3  # other scenarios on the page Compare
ASSUMPTIONS: Final = get_args(Assumptions)
ONCE: Final = ("scenario", "form", "seed", "worlds", "assumptions", "series", "outcome", "world", "week", "why")
OFTEN: Final = ("set", "off", "also", "both")
FOREIGN: Final = ("embed", "embed_options")  # Streamlit's own
_SAFE: Final = "=@.:,"  # not percent-encoded in a link, so that people can read it

Changes = tuple[tuple[str, str], ...]
Query = dict[str, str | list[str]]


@dataclass(frozen=True)
class State:
    """A scenario with changes, and how it is shown. Raises InputError, as for a file, for anything that cannot be run.

    base: the name of a shipped scenario, or "" for the one in `form` (see `dashboard.state.scenario_codec`);
    changes: names and values as on the command line, in order; off: changes that are switched off, without effect;
    worlds: how many to run; outcome: the one that levers and scenarios are ordered by; also: more scenarios to compare;
    both: two things whose joint effect is shown, or none, see `dashboard.state.pair`; world: the one on the page One
    world, None for the typical one; week: the one on its map, from 0; why: what the reader asks for reasons of, see
    `dashboard.state.asked`, "" for nothing.
    """

    base: str = REFERENCE
    form: str = ""
    changes: Changes = ()
    off: Changes = ()
    seed: int = 0
    worlds: int = 1000
    assumptions: Assumptions = DEFAULT_ASSUMPTIONS
    series: str = "attacks"
    outcome: str = RANKED[0]
    also: tuple[str, ...] = ()
    both: tuple[str, ...] = ()
    world: int | None = None
    week: int = 0
    why: str = ""

    def __post_init__(self) -> None:
        """Check every part. Raises InputError."""
        check_size(self.worlds, self.seed, self.scenario().days)
        _check_off(self)
        check_readable(self.assumptions)
        if self.series not in SERIES:
            raise InputError("no such series", path="series", value=self.series, nearest=nearest(self.series, SERIES))
        if len(self.also) > MOST_ALSO or len(set(self.also)) < len(self.also):
            raise InputError("too many, or a duplicate", path="also", expected=f"at most {MOST_ALSO} scenarios")
        check_ranked(self.outcome)
        for name in self.also:
            _check_shipped(name, "also")
        check_pair(self.both, _names())
        if self.world is not None and not 0 <= self.world < self.worlds:
            raise InputError("no such world", path="world", value=self.world, expected=(0, self.worlds - 1))
        last = (self.scenario().days - 1) // WEEK
        if not 0 <= self.week <= last:
            raise InputError("no such week of the run", path="week", value=self.week, expected=(0, last))
        if self.why:
            _check_asked(self.why, self.scenario())

    @cached_property
    def _scenario(self) -> Scenario:
        if len(self.changes) > MOST_CHANGES:
            raise InputError("too many changes", path="set", expected=f"at most {MOST_CHANGES}")
        return _changed(self.origin(), self.changes)

    def origin(self) -> Scenario:
        """Return the scenario before any change. Raises InputError."""
        if bool(self.base) == bool(self.form):
            raise InputError("give one of scenario and form", path="scenario", value=self.base)
        if self.form:
            return _from_form(self.form)
        _check_shipped(self.base, "scenario")
        return shipped(self.base)

    def scenario(self) -> Scenario:
        """Return the scenario with its changes, which `command()` runs too."""
        return self._scenario

    def reference(self) -> Scenario:
        """Return what it is compared with: the baseline, over the same days."""
        found, own = shipped(REFERENCE), self.scenario()
        same = (found.start, found.end) == (own.start, own.end)
        return found if same else found.with_dates(own.start, own.end)

    @property
    def unchanged(self) -> bool:
        """Whether it is the baseline itself, so that there is nothing to compare."""
        return self.scenario().hash() == self.reference().hash()

    def changed(self, name: str) -> str | None:
        """Return the text of a lever's or parameter's change, None if it is not changed."""
        return next((words for known, words in reversed(self.changes) if known == name), None)

    def change(self, name: str, value: Any) -> "State":
        """Return the state with one lever or parameter set to a value, or to a text such as "5000@2020-03-10..".

        It replaces an earlier change of the same setting. Raises InputError.
        """
        words = validation.format_scalar(value)
        return replace(self, changes=(*self._without(name), (name, words)), off=_apart(self.off, name), why="")

    def leave(self, name: str) -> "State":
        """Return the state without the change of a lever or parameter, switched off or not."""
        return replace(self, changes=self._without(name), off=_apart(self.off, name), why="")

    def switch(self, name: str, *, on: bool) -> "State":
        """Return the state with a change on or off, which is kept either way; unchanged if there is none to switch.

        Raises InputError.
        """
        found = dict(self.off if on else self.changes).get(name)
        if found is None:
            return self
        one, off = (name, found), _apart(self.off, name)
        changes, off = ((*self.changes, one), off) if on else (self._without(name), (*off, one))
        return replace(self, changes=changes, off=off, why="")

    def reset(self) -> "State":
        """Return the state without any change, with the assumptions that the facts allow."""
        return replace(self, changes=(), off=(), assumptions=DEFAULT_ASSUMPTIONS, why="")

    def choose(self, base: str) -> "State":
        """Return the state with another shipped scenario, unchanged, and the same view. Raises InputError."""
        return replace(self, base=base, form="", changes=(), off=(), week=0, why="")

    def adopt(self, scenario: Scenario) -> "State":
        """Return the state with a scenario from a file, unchanged, with the file's seed and worlds if it has them.

        Raises InputError.
        """
        size = {"seed": self.seed, "worlds": self.worlds} | dict(scenario.run)
        form = write_form(scenario)
        seed, worlds = size["seed"], size["worlds"]
        return replace(self, base="", form=form, changes=(), off=(), week=0, seed=seed, worlds=worlds, why="")

    def _without(self, name: str) -> Changes:
        return _apart(self.changes, name)

    def query(self) -> Query:
        """Return the state as query parameters, each a text or a list of texts."""
        found: Query = {"form": self.form} if self.form else {"scenario": self.base}
        if self.changes:
            found["set"] = [f"{name}={words}" for name, words in self.changes]
        if self.off:
            found["off"] = [f"{name}={words}" for name, words in self.off]
        found |= {"seed": str(self.seed), "worlds": str(self.worlds), "series": self.series}
        if self.assumptions != DEFAULT_ASSUMPTIONS:
            found["assumptions"] = self.assumptions
        if self.outcome != RANKED[0]:
            found["outcome"] = self.outcome
        if self.also:
            found["also"] = list(self.also)
        if self.both:
            found["both"] = list(self.both)
        if self.world is not None:
            found["world"] = str(self.world)
        if self.week:
            found["week"] = str(self.week)
        if self.why:
            found["why"] = self.why
        return found

    def link(self, page: str = "") -> str:
        """Return the link that restores the state, without the server's address: "?scenario=baseline&seed=0...".

        page: a page's path, such as "compare".
        """
        return f"{page}?{urlencode(self.query(), doseq=True, safe=_SAFE, quote_via=quote)}"

    def command(self, verb: str = "run", *, file: str = "scenario.toml") -> str:
        """Return the command that gives the same numbers. verb: "run", or "compare" for differences from the baseline.

        file: the name of the scenario's file, if one is needed: for a user's own scenario, and to compare one with
        changes, because `jirga compare --set` changes both scenarios.
        """
        if verb == "compare":
            words = ["jirga", verb, REFERENCE, file if self.form or self.changes else self.base]
        else:
            words = ["jirga", verb, file if self.form else self.base]
            for name, shown in self.changes:
                words += ["--set", f"{name}={shown}"]
        words += ["--seed", str(self.seed), "--worlds", str(self.worlds)]
        if self.assumptions != DEFAULT_ASSUMPTIONS:
            words += ["--assumptions", self.assumptions]
        return shlex.join(words)


def read_query(query: Mapping[str, Sequence[str]]) -> State:
    """Return the state of a link's query parameters, each a list of texts; without parameters the default state.

    Raises InputError, as for a file, for unknown, repeated and invalid parameters.
    """
    given = {key: list(texts) for key, texts in query.items() if key not in FOREIGN}
    size, parts = sum(len(text) for texts in given.values() for text in texts), sum(map(len, given.values()))
    if size > LONGEST_LINK or parts > MOST_PARTS or given == TOO_LONG:
        bounds = f"at most {LONGEST_LINK:,} characters and {MOST_PARTS} parts"
        raise InputError("too long to be read", path="link", expected=bounds)
    for key, texts in given.items():
        if key not in ONCE + OFTEN:
            raise InputError("no such part of a link", path=key, nearest=nearest(key, ONCE + OFTEN))
        if key in ONCE and len(texts) != 1:
            raise InputError("given more than once", path=key)
    one = {key: texts[0] for key, texts in given.items() if key in ONCE}
    made: dict[str, Any] = {key: one[key] for key in ("form", "assumptions", "series", "outcome", "why") if key in one}
    made |= {key: _whole(key, one[key]) for key in ("seed", "worlds", "world", "week") if key in one}
    base = one.get("scenario", "" if "form" in one else REFERENCE)
    changes, off = (tuple(_setting(key, line) for line in given.get(key, [])) for key in ("set", "off"))
    also, both = (tuple(given.get(key, [])) for key in ("also", "both"))
    return State(base=base, changes=changes, off=off, also=also, both=both, **made)


def check_size(worlds: int, seed: int, days: int) -> None:
    """Raise InputError for a run that is too large for the server."""
    validate_run(worlds, seed)
    most = min(MOST_WORLDS, MOST_WORLD_DAYS // days)
    if worlds > most:
        problem = "more than a page runs: use the command"
        raise InputError(problem, path="worlds", value=worlds, expected=(1, most, "worlds"))


@lru_cache(maxsize=64)
def shipped(name: str) -> Scenario:
    """Return a shipped scenario, cached. Raises InputError for an unknown name."""
    _check_shipped(name, "scenario")
    return load_scenario(name)


@lru_cache(maxsize=64)
def _from_form(form: str) -> Scenario:
    return read_form(form)


@lru_cache(maxsize=512)
def _changed(origin: Scenario, changes: Changes) -> Scenario:
    return origin.with_settings(f"{name}={words}" for name, words in changes)


def _apart(changes: Changes, name: str) -> Changes:
    """Return changes without those of one setting."""
    return tuple(change for change in changes if change[0] != name)


def _check_off(state: State) -> None:
    """Raise InputError for a change that could not be switched on: of another name or value, or given twice."""
    if len(state.changes) + len(state.off) > MOST_CHANGES:
        raise InputError("too many changes", path="off", expected=f"at most {MOST_CHANGES}")
    for index, (name, words) in enumerate(state.off):
        if name in dict(state.changes) or name in dict(state.off[:index]):
            raise InputError("already set, or a duplicate", path="off", value=f"{name}={words}")
        _changed(state.origin(), ((name, words),))


def _check_shipped(name: str, path: str) -> None:
    """Raise InputError unless the name is a shipped scenario: a link never opens a file of the server."""
    known = _names()
    if name not in known:
        raise InputError("no such scenario", path=path, value=name, nearest=nearest(name, known))


@lru_cache(maxsize=1)
def _names() -> tuple[str, ...]:
    return tuple(scenario_names())


def _check_asked(why: str, scenario: Scenario) -> None:
    """Raise InputError for a question that has no answer in this scenario."""
    date = read_asked(why).date
    if date is not None and not scenario.start <= date < scenario.end:
        raise InputError("outside the run", path="why", value=why)


def _whole(key: str, words: str) -> int:
    found = validation.parse_scalar(words)
    if isinstance(found, bool) or not isinstance(found, int):
        raise InputError("must be a whole number", path=key, value=words)
    return found


def _setting(key: str, line: str) -> tuple[str, str]:
    name, equals, words = (part.strip() for part in line.partition("="))
    if not (name and equals and words):
        raise InputError("not a setting", path=key, value=line, expected="name=value, or lever=value@from..until")
    return name, words
