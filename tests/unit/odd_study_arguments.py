"""Every function of studies, with valid arguments and the kind of each."""

from typing import Final

import sim
from sim.results.expressions.reader import read_expression
from sim.study.correlation import Correlation
from sim.study.executors import open_executor
from sim.study.export import export
from sim.study.factor import Factor
from sim.study.folder import Folder
from sim.study.merge import merge
from sim.study.own_outcome import OwnOutcome
from sim.study.plan import Plan
from sim.study.plan_maker import make_plan
from sim.study.plan_reader import read_plan
from sim.study.points_reader import read_points
from sim.study.query import query
from sim.study.report import write_report
from sim.study.run import Share, run
from sim.study.status import status
from sim.study.study import Study, open_study, run_study
from sim.study.summary import summarise
from sim.study.verify import verify
from tests.unit.odd_arguments import BASE, Stage
from tests.unit.odd_values import Call
from tests.unit.studies import Here

PLAN: Final = {
    "title": "text", "scenarios": "list", "reference": "word", "worlds": "whole", "seed": "whole",
    "assumptions": "word", "method": "word", "vary": "list", "samples": "whole", "sampler_seed": "whole",
    "outcomes": "list", "series": "list", "until": "object?", "engine": "word", "processes": "whole?",
    "question": "text", "own_outcomes": "table", "correlations": "list", "second_order": "flag",
}  # fmt: skip


def study_calls(stage: Stage) -> dict[str, Call]:
    """Studies."""
    folder, here = stage.folder, {"folder": stage.folder}
    plan = {"title": "Small", "scenarios": [BASE], "reference": "baseline", "worlds": 64}
    known = {"folder": "object", "progress": "function"}
    unit = folder.units()[0]
    return {
        "read_plan": Call(read_plan, {}, {"source": "word"}),
        "Plan": Call(Plan, plan, PLAN, {"vary": "vary.settings", "sampler_seed": "vary"}),
        "Plan.outcome": Call(folder.plan.outcome, {}, {"name": "word"}, {"name": "outcome"}),
        "Factor": Call(
            Factor,
            {"name": "us.aid_cut", "low": 0.0, "high": 1.0},
            {
                "name": "word",
                "start": "date?",
                "until": "date?",
                "values": "list",
                "low": "number",
                "high": "number",
                "distribution": "object?",
            },
            {"low": "us.aid_cut", "high": "us.aid_cut", "values": "us.aid_cut"},
        ),
        "Correlation": Call(
            Correlation,
            {"between": ("a", "b"), "rank": 0.5},
            {"between": "list", "rank": "number"},
            {"between": "vary.correlations.between", "rank": "vary.correlations.rank"},
        ),
        "Study.pairs": Call(Study(folder).pairs, {}, {}),
        "make_plan": Call(
            make_plan,
            {"scenarios": BASE, "vary": {}},
            {
                "scenarios": "list",
                "vary": "table?",
                "method": "word?",
                "points": "list?",
                "worlds": "whole",
                "title": "text",
                "reference": "word?",
            },
        ),
        "run_study": Call(run_study, {"plan": "nothing"}, {"plan": "word"}),
        "open_study": Call(open_study, {}, {"path": "path"}),
        "Study": Call(Study, {"folder": folder}, {"folder": "object"}),
        "Study.to_xarray": Call(Study(folder).to_xarray, {}, {"outcomes": "list?", "series": "list?"}),
        "Study.indices": Call(Study(folder).indices, {}, {"outcome": "word"}),
        "Study.measure": Call(
            Study(folder).measure,
            {"what": len, "name": "mine"},
            {"name": "text"},
        ),
        "read_points": Call(read_points, {}, {"path": "path"}),
        "read_expression": Call(read_expression, {}, {"text": "word"}, {"text": "expression"}),
        "OwnOutcome": Call(
            OwnOutcome,
            {"name": "mine", "expression": read_expression("total attacks")},
            {"name": "word", "expression": "object"},
            {"name": "own_outcomes", "expression": "own_outcomes"},
        ),
        "Folder.at": Call(Folder.at, {"path": folder.path, "plan": folder.plan}, {"path": "path", "plan": "object"}),
        "Folder.create": Call(Folder.create, {"path": stage.place / "new", "plan": folder.plan}, {"plan": "object"}),
        "Folder.open": Call(Folder.open, {"path": folder.path}, {"path": "path", "plan": "object?"}),
        "Folder.rows": Call(lambda columns: list(folder.rows(columns)), {}, {"columns": "list?"}),
        "Folder.table": Call(folder.table, {}, {"columns": "list?"}),
        "Folder.read": Call(folder.read, {"unit": unit}, {"unit": "object", "columns": "list?"}),
        "Folder.part": Call(folder.part, {}, {"unit": "object"}),
        "Folder.extend": Call(folder.extend, {}, {"worlds": "whole"}),
        "run": Call(
            run,
            {**here, "engine": Here()},
            {**known, "engine": "object", "share": "object?", "tell": "function"},
        ),
        "Share.parse": Call(Share.parse, {}, {"words": "word"}, {"words": "share"}),
        "status": Call(status, here, {"folder": "object"}),
        "summarise": Call(
            summarise,
            {"source": folder},
            {"source": "object", "outcomes": "list?", "daily": "flag", "progress": "function"},
        ),
        "write_report": Call(write_report, {**here, "out": stage.place / "out.html"}, {**known, "out": "path"}),
        "export": Call(export, {**here, "out": stage.place / "out"}, {**known, "kind": "word", "out": "path"}),
        "query": Call(query, {**here, "sql": "SELECT 1"}, {"folder": "object", "sql": "word"}),
        "merge": Call(
            merge,
            {"out": stage.place / "merged", "sources": [folder.path]},
            {"out": "path", "sources": "list", "progress": "function"},
        ),
        "verify": Call(verify, here, {**known, "repeat": "whole"}),
        "discover": Call(
            sim.discover,
            {**here, "outcome": "attacks > 0", "check": 0},
            {**known, "outcome": "word", "scenario": "word?", "also": "list", "check": "whole"},
        ),
        "open_executor": Call(
            open_executor,
            {"name": "local", "parts": folder.parts},
            {"name": "word", "parts": "path", "processes": "whole?", "tell": "function"},
            {"name": "engine"},
        ),
    }
