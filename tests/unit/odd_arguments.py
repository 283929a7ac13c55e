"""Every function of the Python interface, with valid arguments and the kind of each."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sim
from sim.analysis.causes.amounts import why_amount
from sim.analysis.causes.factor_list import factors_of
from sim.analysis.causes.sentences import sentences
from sim.analysis.cliffs import find_cliffs
from sim.analysis.joint_effects import compare_joint
from sim.analysis.obstacles import find_obstacles
from sim.analysis.readings.readings import read_run
from sim.analysis.reasons.record import reasons
from sim.analysis.scoring.observation_reader import EXAMPLE, read_observations
from sim.analysis.scoring.score import score_run
from sim.analysis.theories import compare_theories
from sim.analysis.variance.variance import variance_shares
from sim.export.run_folder import write_run
from sim.inputs.intervention import Intervention
from sim.inputs.mechanisms import without as without_mechanisms
from sim.inputs.scenario_reader import parse_scenario
from sim.runs.lever_usage import run_with_usage
from sim.runs.runner import run_points, run_scenarios
from sim.runs.sequential import StoppingRule, compare_until
from sim.study.folder import Folder
from tests.unit.classroom import Lesson
from tests.unit.odd_values import Call


@dataclass(frozen=True)
class Stage:
    """What the calls work on: a run, a study of two days, and an exercise with an open round."""

    results: Any
    other: Any
    folder: Folder
    lesson: Lesson
    place: Path


YEAR: Final = sim.load_scenario("baseline")
BASE: Final = sim.load_scenario("baseline").with_dates(end=dt.date(2020, 3, 3))
RUN: Final = {"worlds": 2, "seed": 0, "first": 0, "assumptions": "point", "progress": None}
RUN_KINDS: Final = {
    "worlds": "whole", "seed": "whole", "first": "whole", "assumptions": "word", "progress": "function",
}  # fmt: skip
SCENARIO: Final = {
    "title": "text", "start": "date", "end": "date", "parameters": "table", "interventions": "list", "question": "text",
    "rests_on": "list", "watch": "list", "notes": "text", "run": "table", "name": "text", "base": "text",
}  # fmt: skip


def without(kinds: dict[str, str], *names: str) -> dict[str, str]:
    """Kinds without some arguments."""
    return {name: kind for name, kind in kinds.items() if name not in names}


def model_calls() -> dict[str, Call]:
    """Scenarios and runs."""
    pair = {"a": BASE, "b": BASE}
    effect = StoppingRule("attacks", 1e6)
    points: dict[str, Any] = {"scenario": BASE, "settings": {"taliban.leverage": [0.5]}, **RUN}
    return {
        "load_scenario": Call(sim.load_scenario, {}, {"source": "word"}),
        "parse_scenario": Call(parse_scenario, {}, {"content": "object"}, {"content": "t"}),
        "Scenario": Call(sim.Scenario, {"title": "Own"}, SCENARIO),
        "Intervention": Call(
            Intervention,
            {"lever": "us.aid_cut", "value": 1.0},
            {"lever": "word", "value": "number", "start": "date?", "until": "date?", "why": "text", "source": "text"},
            {"value": "us.aid_cut", "start": "us.aid_cut", "until": "us.aid_cut", "why": "us", "source": "us"},
        ),
        "Scenario.change": Call(BASE.change, {"changes": {}}, {"changes": "table", "title": "text?"}),
        "Scenario.with_settings": Call(
            BASE.with_settings, {"lines": []}, {"lines": "list", "title": "text?"}, {"lines": "setting"}
        ),
        "Scenario.with_dates": Call(BASE.with_dates, {}, {"start": "date?", "end": "date?"}),
        "Scenario.imposed": Call(BASE.imposed, {}, {"day": "date"}),
        "simulate": Call(sim.simulate, {"scenario": BASE, **RUN}, {"scenario": "object", **RUN_KINDS}),
        "compare": Call(
            sim.compare, {**pair, "worlds": 2}, {"a": "object", "b": "object", **without(RUN_KINDS, "first")}
        ),
        "compare_joint": Call(
            compare_joint,
            {
                "base": BASE, "a": BASE.change({"us.aid_cut": 1.0}), "b": BASE.change({"taliban.intensity": 0.5}),
                "worlds": 2,
            },
            {"base": "object", "a": "object", "b": "object", **without(RUN_KINDS, "first")},
        ),
        "compare_until": Call(
            compare_until,
            {**pair, "until": effect},
            {"a": "object", "b": "object", "until": "object", **without(RUN_KINDS, "worlds", "first")},
        ),
        "StoppingRule": Call(
            StoppingRule,
            {"on": "attacks", "interval": 1.0, "worlds_at_most": 640},
            {"on": "word", "interval": "number", "worlds_at_most": "whole"},
        ),
        "StoppingRule.checked": Call(
            StoppingRule.checked,
            {"on": "attacks", "interval": 1.0, "worlds_at_most": 640},
            {"on": "word", "interval": "number", "worlds_at_most": "whole"},
        ),
        "run_scenarios": Call(run_scenarios, {"scenarios": [BASE], **RUN}, {"scenarios": "list", **RUN_KINDS}),
        "find_cliffs": Call(
            find_cliffs,
            {"scenario": BASE, "worlds": 2, "parameters": [], "levers": ["us.aid_cut"]},
            {
                "scenario": "object", **without(RUN_KINDS, "first", "assumptions"), "parameters": "list?",
                "levers": "list?", "on": "list?",
            },
        ),
        "find_obstacles": Call(
            find_obstacles, {"scenario": BASE, "worlds": 2}, {"scenario": "object", "worlds": "whole", "seed": "whole"}
        ),
        "why": Call(
            sim.why,
            {"scenario": BASE, "about": "decree", "world": 0, "factors": ["bandwagon"]},
            {
                "scenario": "object", "about": "word", "against": "object?", "factors": "list?", "worlds": "whole?",
                "seed": "whole", "assumptions": "word", "progress": "function",
            },
        ),
        "why_amount": Call(
            why_amount,
            {"scenario": BASE, "world": 0, "factors": ["bandwagon"]},
            {
                "scenario": "object", "outcome": "word", "world": "whole?", "factors": "list?", "worlds": "whole",
                "seed": "whole", "assumptions": "word", "progress": "function",
            },
            {"worlds": "world"},
        ),
        "variance_shares": Call(
            variance_shares,
            {"scenarios": [BASE], "worlds": 128, "on": ["attacks"]},
            {
                "scenarios": "list?", "worlds": "whole", "seed": "whole", "on": "list?", "assumptions": "word",
                "processes": "whole", "progress": "function",
            },
        ),
        "factors_of": Call(factors_of, {}, {"scenario": "object"}),
        "sentences": Call(sentences, {}, {"answer": "object"}),
        "reasons": Call(
            reasons,
            {"scenario": BASE},
            {"scenario": "object", "world": "whole", "seed": "whole", "assumptions": "word"},
        ),
        "Reasons.decision": Call(
            reasons(BASE).decision,
            {"lever": "us.aid_cut", "date": BASE.start},
            {"lever": "word", "date": "date"},
        ),
        "Reasons.changes": Call(reasons(BASE).changes, {}, {"lever": "word"}),
        "Reasons.milestone": Call(reasons(BASE).milestone, {}, {"name": "word"}),
        "compare_theories": Call(
            compare_theories,
            {"scenario": BASE, "worlds": 2, "on": ["attacks"]},
            {"scenario": "object", "against": "object?", **without(RUN_KINDS, "first"), "on": "list?"},
        ),
        "without": Call(
            without_mechanisms,
            {"scenario": BASE, "names": ["bandwagon"]},
            {"scenario": "object", "names": "list", "title": "text?"},
        ),
        "run_points": Call(run_points, points, {"scenario": "object", "settings": "table", **RUN_KINDS}),
        "run_with_usage": Call(
            run_with_usage, {"scenario": BASE, "worlds": 2}, {"scenario": "object", "worlds": "whole", "seed": "whole"}
        ),
        "Batch.results": Call(
            run_points(**points).results,
            {"experiment": 0, "scenario": BASE, "seed": 0, "assumptions": "point"},
            {"experiment": "whole", "scenario": "object", "seed": "whole"},
        ),
        "PeaceProcess": Call(
            sim.PeaceProcess,
            {"scenario": BASE, "worlds": 1},
            {
                "scenario": "object", "worlds": "whole", "seed": "whole?", "first": "whole", "parameters": "object?",
                "rng": "whole?", "experiments": "object?", "collect": "flag",
            },
        ),
        "WorldsModel.day_of": Call(sim.PeaceProcess(BASE).day_of, {}, {"date": "date"}),
        "Actor": Call(sim.Actor, {}, {"model": "object"}),
    }  # fmt: skip


def result_calls(stage: Stage) -> dict[str, Call]:
    """Results, comparisons and the folder of a run."""
    results, both = stage.results, sim.Comparison(stage.results, stage.other)
    made = {
        "scenario": BASE, "seed": 0, "worlds": 2, "first": 0, "assumptions": "point", "daily": results.arrays,
        "milestone_day": results.milestone_day, "milestone_reason": results.milestone_reason,
    }  # fmt: skip
    return {
        "Results": Call(
            sim.Results, made, {"scenario": "object", "seed": "whole", "worlds": "whole", "first": "whole"}
        ),
        "Results.index": Call(results.index, {}, {"day": "date"}),
        "Results.series": Call(results.series, {}, {"name": "word"}),
        "Results.quantiles": Call(
            results.quantiles, {"name": "attacks", "probabilities": [0.5]}, {"name": "word", "probabilities": "levels"}
        ),
        "Results.to_day_table": Call(results.to_day_table, {}, {"worlds": "object?"}),
        "Results.day_tables": Call(lambda worlds: list(results.day_tables(worlds)), {}, {"worlds": "whole"}),
        "Comparison": Call(sim.Comparison, {"a": results, "b": results}, {"a": "object", "b": "object"}),
        "Comparison.table": Call(both.table, {}, {"on": "list?", "adjust": "word"}),
        "Comparison.milestones": Call(both.milestones, {}, {"on": "list?", "adjust": "word"}),
        "Comparison.difference": Call(both.difference, {}, {"outcome": "word"}),
        "Comparison.daily": Call(both.daily, {}, {"name": "word"}),
        "write_run": Call(
            write_run,
            {"results": results, "folder": stage.place / "run", "charts": False},
            {
                "results": "object",
                "folder": "path",
                "formats": "list",
                "charts": "flag",
                "force": "flag",
                "decimal": "word",
            },
            {"folder": "", "formats": "format"},
        ),
        "read_run": Call(read_run, {}, {"results": "object"}),
        "load_run": Call(sim.load_run, {}, {"folder": "path"}),
        "read_observations": Call(read_observations, {"path": EXAMPLE}, {"path": "path"}, {"path": "file"}),
        "score": Call(
            sim.score,
            {"observations": EXAMPLE, "scenario": YEAR, "worlds": 1},
            {"observations": "path", "scenario": "object", **without(RUN_KINDS, "first")},
            {"observations": "file"},
        ),
        "score_run": Call(
            score_run,
            {"observations": EXAMPLE, "results": sim.simulate(YEAR, 1)},
            {"observations": "path", "results": "object"},
            {"observations": "file"},
        ),
    }
