"""The tables of the documents, generated from the code: one function per table, each returns Markdown."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from docs.evidence import fact_set_table, variance_table
from docs.what_ifs import what_if_table
from sim.analysis.cliff_summary import read_summary
from sim.analysis.fact_checks import REFERENCE, checks
from sim.analysis.learned import learned
from sim.inputs.facts import Fact
from sim.inputs.facts import facts as known_facts
from sim.inputs.gazetteer import Assumption
from sim.inputs.parameter import Parameter
from sim.inputs.parameters import ParameterSet, catalogue
from sim.inputs.posterior import shipped
from sim.inputs.provinces import attack_shares, gazetteer, prisoner_homes
from sim.inputs.provinces import provinces as all_provinces
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario, scenario_names
from sim.schema.decisions import levers
from sim.schema.formatting import interval, number, setting, share, signed, signed_interval, with_unit
from sim.schema.milestones import MILESTONES
from sim.schema.series import SERIES

WORST = 10  # rows of the table of cliffs


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table. Vertical bars and line breaks in a cell are escaped."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(_cell(words) for words in line) + " |" for line in lines)


def _cell(words: str) -> str:
    return " ".join(words.split()).replace("|", "\\|")


def code(words: str) -> str:
    """The words as inline code; an empty string for an empty string."""
    return f"`{words}`" if words else ""


def value(given: Any, unit: str = "1") -> str:
    """A value with its unit as text: yes, 10 Mar 2020, 5,000 people, 0.98."""
    return with_unit(setting(given), unit)


def _span(ends: Sequence[Any] | None) -> str:
    if not ends:
        return ""
    return f"{value(ends[0])} to {value(ends[-1])}"


def parameters() -> str:
    """All parameters, one table per group; a derived one has the result of its formula with the default values."""
    resolved = ParameterSet.resolve()
    groups: dict[str, list[Parameter]] = {}
    for one in catalogue().values():
        groups.setdefault(one.group, []).append(one)
    headings = ("name", "meaning", "value", "plausible", "allowed", "source")
    parts = []
    for group, members in groups.items():
        rows = [
            (code(one.leaf), one.label, _given(one, resolved[one.name]), _plausible(one), _allowed(one), _origin(one))
            for one in members
        ]
        parts.append(f"**{code(group)}**\n\n{table(headings, rows)}")
    return "\n\n".join(parts)


def _given(one: Parameter, resolved: Any) -> str:
    """The value; a derived one is rounded like any computed number."""
    if one.formula and isinstance(resolved, float):
        return with_unit(number(resolved), one.unit)
    return value(resolved, one.unit)


def _plausible(one: Parameter) -> str:
    return _span(one.range)


def _allowed(one: Parameter) -> str:
    return ", ".join(one.choices) or _span(one.bounds)


def _origin(one: Parameter) -> str:
    """Kind, source and reason, or the formula."""
    source = ", ".join(part for part in (one.source, one.date) if part)
    parts = (f"{one.kind}{f' ({source})' if source else ''}", code(one.formula), one.reason)
    return ": ".join(part for part in parts if part)


def levers_table() -> str:
    """Every lever: a field of an actor's decision that a scenario may impose."""
    rows = [
        (code(one.name), one.label, one.unit, "yes or no" if one.flag else _span((one.low, one.high)), one.rests_on,
         one.about)
        for one in levers().values()
    ]  # fmt: skip
    return table(("lever", "label", "unit", "allowed", "source", "meaning"), rows)


def facts_of_the_text() -> str:
    """The facts of the text, by sentence."""
    rows = [
        (one.sentence, code(one.name), one.states, _figure(one), one.trouble)
        for one in known_facts().values()
        if not one.outside
    ]
    return table(("sentence", "name", "statement, in our own words", "figure", "known issues"), rows)


def facts_outside() -> str:
    """The facts from outside the text, with source, date and grade."""
    rows = [
        (code(one.name), one.states, _figure(one), f"{one.source}, {one.date}", one.grade, one.trouble)
        for one in known_facts().values()
        if one.outside
    ]
    return table(("name", "statement", "figure", "source and date", "grade", "known issues"), rows)


def _figure(one: Fact) -> str:
    words = value(one.value, one.unit)
    return words if one.relation == "exactly" else f"{one.relation} {words}"


def series() -> str:
    """The daily series."""
    kinds = {
        "count": "events on the day",
        "level": "state at the end of the day",
        "flag": "1 if true on the day, else 0",
    }
    rows = [(code(one.name), one.label, one.unit, kinds[one.kind]) for one in SERIES.values()]
    return table(("series", "label", "unit", "meaning"), rows)


def milestones() -> str:
    """The milestones, with the reasons that may be recorded."""
    rows = [(code(one.name), one.label, one.about, "; ".join(one.reasons)) for one in MILESTONES.values()]
    return table(("milestone", "label", "meaning", "possible reasons"), rows)


def scenarios() -> str:
    """The scenarios that come with Jirga: the three reference scenarios first, then by name."""
    names = [*REFERENCE, *(name for name in scenario_names() if name not in REFERENCE)]
    found = [load_scenario(name) for name in names]
    rows = [(code(one.name), one.question, ", ".join(one.rests_on)) for one in found]
    return table(("scenario", "question", "based on sentences"), rows)


def differences() -> str:
    """The scenarios, with how each differs from its base and what to watch."""
    rows = [
        (code(name), one.base or "none", _codes(_changed(one)), _codes(one.watch))
        for name in scenario_names()
        for one in [load_scenario(name)]
    ]
    return table(("scenario", "base", "differs from its base in", "watch"), rows)


def _changed(one: Scenario) -> list[str]:
    """The parameters and levers in which a scenario differs from its base."""
    base = load_scenario(one.base) if one.base else Scenario("no base")
    parameters = [name for name, given in one.parameters.items() if base.parameters.get(name) != given]
    imposed = dict.fromkeys(i.lever for i in (*base.interventions, *one.interventions))
    return parameters + [name for name in imposed if _imposed(one, name) != _imposed(base, name)]


def _imposed(one: Scenario, lever: str) -> list[tuple[Any, ...]]:
    return [(i.value, i.start, i.until) for i in one.interventions if i.lever == lever]


def _codes(names: Iterable[str]) -> str:
    return ", ".join(code(name) for name in names)


def provinces() -> str:
    """The 34 provinces: share of attacks, people on the list, and borders."""
    homes = prisoner_homes().tolist()
    rows = [
        (one.name, one.region, share(float(part), 1), f"{homes.count(index):,}", str(len(one.neighbours)))
        for index, (one, part) in enumerate(zip(all_provinces(), attack_shares(), strict=True))
    ]
    return table(("province", "region", "share of attacks", "people on the list", "neighbours"), rows)


def weights() -> str:
    """The assumptions about provinces for which no source gives a figure."""
    known = gazetteer()
    groups = {
        "attack rate": known.attack_rate, "attack weight": known.attack_weight,
        "listed prisoners": known.listed_prisoners,
    }  # fmt: skip
    rows = [(kind, name, *_assumed(record)) for kind, records in groups.items() for name, record in records.items()]
    return table(("quantity", "province or region", "value", "plausible", "reason"), rows)


def _assumed(record: Assumption) -> tuple[str, str, str]:
    return value(record.value, record.unit), _span(record.range), record.reason


def targets() -> str:
    """The claims that a run is checked against, by sentence."""
    how = {"median": "the median over the worlds is within the bounds", "share": "it is true in enough of the worlds"}
    rows = [(one.sentence, code(one.fact), one.claim, one.unit, how[one.kind]) for one in checks()]
    return table(("sentence", "fact", "claim", "unit", "holds if"), rows)


def cliffs() -> str:
    """The settings with the largest jumps, from the saved summary, and what it is of; nothing is run."""
    saved = read_summary()
    rows = [
        (
            code(one.name), MILESTONES[one.milestone].label, f"{number(one.start)} to {number(one.end)}",
            f"{share(one.before)} to {share(one.after)}", signed(one.change, 1),
            signed_interval(one.low, one.high, 1), "yes" if one.crosses else "no",
        )
        for one in saved.jumps[:WORST]
    ]  # fmt: skip
    headings = ("setting", "milestone", "step", "share of worlds", "points", "95 % interval", "at or beyond the limit")
    about = (
        f"{saved.crossing} of {saved.parameters} parameters and {saved.levers} levers of `{saved.scenario}` have a "
        f"jump at or beyond their limit; {saved.worlds:,} worlds, seed {saved.seed}, model {saved.model[:12]}. The "
        f"{min(WORST, len(rows))} with the largest:"
    )
    return f"{about}\n\n{table(headings, rows)}"


def facts_met() -> str:
    """How many draws from the ranges meet each fact, from the saved sets; nothing is run."""
    made = shipped().made
    rows = [(*claim.split(": ", 1), share(met / made.tried)) for claim, met in made.met.items()]
    about = (
        f"{shipped().draws:,} sets kept of {made.tried:,} draws, each tried in {made.worlds} worlds, seed {made.seed}:"
    )
    return f"{about}\n\n{table(('scenario', 'fact', 'draws that meet it'), [(code(a), b, c) for a, b, c in rows])}"


def facts_moved() -> str:
    """The parameters about which the facts say something, the one that they moved most first."""
    every = learned(shipped())
    moved = [one for one in every if one.moved]
    rows = [
        (code(one.name), one.label, interval(one.low, one.high), interval(one.q05, one.q95), number(one.median))
        for one in moved
    ]  # fmt: skip
    heads = ("parameter", "what it is", "range", "90 % of the sets", "median of the sets")
    return f"{len(moved)} of {len(every)} parameters have moved:\n\n{table(heads, rows)}"


TABLES: dict[str, Callable[[], str]] = {
    "parameters": parameters,
    "levers": levers_table,
    "facts": facts_of_the_text,
    "facts-outside": facts_outside,
    "series": series,
    "milestones": milestones,
    "scenarios": scenarios,
    "differences": differences,
    "provinces": provinces,
    "weights": weights,
    "targets": targets,
    "cliffs": cliffs,
    "what-ifs": what_if_table,
    "facts-met": facts_met,
    "facts-moved": facts_moved,
    "fact-sets": fact_set_table,
    "variance": variance_table,
}
