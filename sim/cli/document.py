"""Results as JSON documents for scripts: numbers with all digits, no NaN."""

import datetime as dt
import json
import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import typer

from sim.schema.disclaimer import NOT_A_FORECAST

if TYPE_CHECKING:
    from sim.analysis.causes.answer import Answer
    from sim.analysis.causes.factor import Factor
    from sim.analysis.cliff_results import Cliffs
    from sim.analysis.fact_checks import CheckResult
    from sim.analysis.readings.readings import Reading
    from sim.analysis.reasons.record import Reason, Reasons
    from sim.analysis.theories import Theories, TheoryView
    from sim.inputs.scenario import Scenario
    from sim.results.comparison import Adjust, Comparison
    from sim.results.results import Results
    from sim.runs.sequential import SequentialComparison

QUANTILES = {"q05": 0.05, "median": 0.5, "q95": 0.95}


def print_json(document: Any) -> None:
    """Write a document to stdout as JSON."""
    typer.echo(json.dumps(plain(document), indent=2, allow_nan=False, ensure_ascii=False))


def plain(value: Any) -> Any:
    """A value in types that JSON has: dates as text, NaN and infinity as null, tuples as lists."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value.isoformat() if isinstance(value, dt.date) else value


def run_document(results: "Results", checked: Iterable["CheckResult"]) -> dict[str, Any]:
    """A run: scenario and size, outcomes over the worlds, milestones, the text's facts, what blocked talks."""
    milestones = {m.name: fields(m, "name", "label") | {"reasons": dict(m.reasons)} for m in results.milestone_table()}
    blocked = {
        b.condition: {"days_before_talks": b.days_before, "worlds_at_end": b.worlds_at_end} for b in results.blockers()
    }
    return _run(results) | {
        "outcomes": {str(name): _summary(str(name), v.values) for name, v in results.outcomes.data_vars.items()},
        "milestones": milestones,
        "facts": facts_document(checked),
        "blocked": blocked,
    }


def comparison_document(comparison: "Comparison", on: list[str] | None, adjust: "Adjust" = "none") -> dict[str, Any]:
    """A comparison: both runs and the effects on outcomes; without `on` also the effects on milestones."""
    document: dict[str, Any] = {"a": _run(comparison.a), "b": _run(comparison.b)}
    document["adjust"] = adjust
    document["effects"] = {e.outcome: fields(e, "outcome") for e in comparison.table(on, adjust=adjust)}
    if on is None:
        rows = comparison.milestones(adjust=adjust)
        document["milestones"] = {m.milestone: fields(m, "milestone") for m in rows}
    return document


def until_document(found: "SequentialComparison") -> dict[str, Any]:
    """A comparison with adaptive stopping: as `comparison_document`, with each interim analysis."""
    from sim.runs.sequential import MEANING

    size = {"seed": found.seed, "worlds": found.last.worlds, "first": 0, "assumptions": found.assumptions}
    until = fields(found.until) | {
        "state": found.last.state,
        "width": found.last.width,
        "worlds": found.last.worlds,
        "needed": found.last.needed,
        "meaning": MEANING,
        "looks": [fields(one, "goal") for one in found.looks],
    }
    return {
        "a": _ran(found.a, size),
        "b": _ran(found.b, size),
        "effects": {found.effect.outcome: fields(found.effect, "outcome")},
        "until": until,
    }


def facts_document(checked: Iterable["CheckResult"]) -> list[dict[str, Any]]:
    """The text's facts beside the model's."""
    return [
        {
            "fact": c.check.fact, "sentence": c.check.sentence, "claim": c.check.claim, "scenario": c.scenario,
            "unit": c.check.unit, "target": c.target, "value": c.value, "low": c.low, "high": c.high,
            "share": c.share, "holds": bool(c.holds),
        }
        for c in checked
    ]  # fmt: skip


def cliffs_document(found: "Cliffs") -> dict[str, Any]:
    """A search for cliffs: scenario and size, the shares of the scenario itself, the largest jump of each setting."""
    size = {"seed": found.seed, "worlds": found.worlds, "first": 0, "assumptions": "point"}
    return _ran(found.scenario, size) | {
        "base": dict(found.base),
        "crossing": len(found.crossing),
        "settings": {one.name: one.row() for one in found.largest},
        "left_out": list(found.left_out),
    }


def why_document(found: "Answer") -> dict[str, Any]:
    """Why an event comes: scenario and size, sentences, the chain of one world, the tested factors and sets."""
    from sim.analysis.causes.sentences import sentences

    size = {name: getattr(found, name) for name in ("seed", "worlds", "first", "assumptions")}
    whole = ("world", "date", "date_without_all", "overdetermined", "preempted", "nonmonotone", "unexplained",
             "orders", "courses")  # fmt: skip
    estimates = {name: fields(getattr(found, name)) for name in ("came", "came_without", "effect")}
    return _ran(found.scenario, size) | {
        "about": found.about,
        "against": None if found.against is None else _ran(found.against, size),
        **{name: getattr(found, name) for name in whole},
        **estimates,
        "sentences": sentences(found),
        "chain": [fields(one) for one in found.chain],
        "factors": {one.factor.name: _nested(one) for one in found.results},
        "screened": {one.factor.name: _nested(one) for one in found.screened},
        "sets": {name: [fields(one) for one in getattr(found, name)] for name in ("stops", "brings", "enough")},
        "blocked_by_sets": [{"conditions": one.factors} | fields(one, "factors") for one in found.obstacle_sets],
        "blocked": {one.condition: fields(one, "condition") for one in found.obstacles},
    }


def reasons_document(record: "Reasons", found: "Iterable[Reason]") -> dict[str, Any]:
    """Why a decision changed in one world: the scenario, and each change with its inputs and draws."""
    results = record.history.results
    size = {"seed": results.seed, "worlds": 1, "first": results.first, "assumptions": results.assumptions}
    rows = [
        fields(one) | {"inputs": [fields(i) for i in one.inputs], "draws": [fields(d) for d in one.draws]}
        for one in found
    ]
    return _ran(record.scenario, size) | {"world": results.first, "changes": rows}


def theories_document(found: "Theories") -> dict[str, Any]:
    """Rival theories: both scenarios and the size, and each outcome by the whole model and without each mechanism."""
    size = {"seed": found.seed, "worlds": found.worlds, "first": 0, "assumptions": found.assumptions}
    outcomes = {
        one.outcome: fields(one, "outcome", "views", "effect")
        | {"effect": None if one.effect is None else fields(one.effect, "outcome", "label", "unit")}
        | {"survives": one.survives, "without": {view.mechanism: _theory(view) for view in one.views}}
        for one in found.outcomes
    }
    against = None if found.against is None else _ran(found.against, size)
    return _ran(found.scenario, size) | {"against": against, "outcomes": outcomes}


def _theory(view: "TheoryView") -> dict[str, Any]:
    """What one theory says about an outcome."""
    parts = {name: getattr(view, name) for name in ("change", "effect")}
    return {name: None if one is None else fields(one, "outcome", "label", "unit") for name, one in parts.items()}


def factors_document(factors: "Iterable[Factor]") -> dict[str, Any]:
    """The factors of a scenario by name."""
    return {one.name: fields(one, *_UNSAID, "name") for one in factors}


def scenario_document(scenario: "Scenario") -> dict[str, Any]:
    """A scenario: its texts, its canonical form and its hash."""
    words = fields(scenario, "parameters", "interventions", "run", "file", "start", "end")
    return words | {"hash": scenario.hash(), "canonical": scenario.canonical()}


def fields(record: Any, *without: str) -> dict[str, Any]:
    """The fields of a dataclass by name, one level deep."""
    return {name: getattr(record, name) for name in record.__dataclass_fields__ if name not in without}


_UNSAID = ("lever", "instead", "parameters", "held")  # fields of a factor that say how it is taken away


def _nested(record: Any) -> dict[str, Any]:
    """The fields of a result of a factor, with its estimates and the factor as tables."""
    found = fields(record)
    found["factor"] = fields(record.factor, *_UNSAID)
    return {name: fields(value) if hasattr(value, "of") else value for name, value in found.items()}


def readings_document(results: "Results", found: "Iterable[Reading]") -> dict[str, Any]:
    """A run by the aims of each reader: scenario and size, and per aim what is wanted, and what came of it."""
    from sim.analysis.readings.words import came, wanted

    return _run(results) | {
        "readings": {
            one.reader.name: {
                "label": one.reader.label,
                "aims": [
                    fields(verdict.aim)
                    | {"unit": verdict.aim.unit, "wanted": wanted(verdict), "came": came(verdict)}
                    | {"asked": verdict.asked, "met": fields(verdict.met), "amount": verdict.value}
                    | {"date": verdict.date}
                    for verdict in one.verdicts
                ],
            }
            for one in found
        }
    }


def _run(results: "Results") -> dict[str, Any]:
    """The scenario and the size of a run."""
    return _ran(results.scenario, {name: getattr(results, name) for name in ("seed", "worlds", "first", "assumptions")})


def _ran(scenario: "Scenario", size: Mapping[str, Any]) -> dict[str, Any]:
    """A scenario with the number of worlds and the seed of its run."""
    what = {"scenario": scenario.name, "title": scenario.title, "hash": scenario.hash()}
    return what | dict(size) | {"start": scenario.start, "end": scenario.end, "note": NOT_A_FORECAST}


def _summary(name: str, values: Any) -> dict[str, float]:
    """Mean and quantiles over the worlds that have a value, and the number of those without.

    Those of a milestone's day are days on which some world reaches it, as in `milestones`.
    """
    import numpy as np

    from sim.schema.outcomes import DAY

    known = values[~np.isnan(values)]
    if not known.size:
        return {"mean": math.nan, **dict.fromkeys(QUANTILES, math.nan), "missing": len(values)}
    method: Literal["inverted_cdf", "linear"] = "inverted_cdf" if name.startswith(DAY) else "linear"
    found = np.quantile(known, list(QUANTILES.values()), method=method).tolist()
    return {
        "mean": float(known.mean()),
        **dict(zip(QUANTILES, found, strict=True)),
        "missing": len(values) - known.size,
    }
