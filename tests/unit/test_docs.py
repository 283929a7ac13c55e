"""The documents: generated tables are up to date, links are valid, and commands and code can be run."""

import re
import shlex
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from docs import refresh
from docs.tables import table
from sim.analysis.scoring.observation_reader import EXAMPLE, read_observations
from sim.inputs.parameters import catalogue
from sim.inputs.scenario_reader import parse_scenario
from tests.app.command import jirga
from tests.unit.parameter_reads import parameters_read, sources

ROOT = refresh.ROOT
GUIDES = (
    "docs/architecture.md",
    "docs/files.md",
    "docs/scenarios.md",
    "docs/results.md",
    "docs/studies.md",
    "docs/cliffs.md",
    "docs/what-ifs.md",
    "docs/evidence.md",
    "docs/dashboard.md",
    "docs/why.md",
    "docs/score.md",
    "docs/discover.md",
    "docs/mesa.md",
)
LINKED = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/model.md", *GUIDES, *refresh.KIT)
SHOWN = (
    *(page for page in refresh.PAGES if page not in refresh.KIT),
    "docs/scenarios.md",
    "docs/results.md",
    "docs/why.md",
    "docs/score.md",
    "docs/discover.md",
)
FEW = "24"  # worlds for the examples of the pages
WIDE = "interval < 0.3"  # for an example that adds worlds until the interval is narrower than it says

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def by_hand(text: str) -> str:
    """A page without its generated blocks."""
    return refresh.filled(text, dict.fromkeys(refresh.blocks(text), ""))


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub writes them."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.slow
def test_no_table_is_stale() -> None:
    stale = refresh.stale_tables()
    assert not stale, f"run make docs: {stale}"


def test_every_table_has_a_place_in_some_page() -> None:
    placed = {name for page in refresh.PAGES for name in refresh.blocks(read(page))}
    missing = {f"table {name}" for name in refresh.MADE} - placed
    assert not missing, f"in no page: {sorted(missing)}"


@pytest.mark.slow
def test_the_run_on_the_front_page_is_what_a_run_prints() -> None:
    there = refresh.blocks(read("README.md"))["output run-baseline"]
    fresh = refresh.run_baseline()
    assert refresh.fact_rows(there), "the block holds no rows of facts"
    assert refresh.same_output("output run-baseline", there, fresh), (
        f"run make docs: {refresh.fact_rows(there)} is now {refresh.fact_rows(fresh)}"
    )


def test_pictures_are_of_todays_baseline() -> None:
    missing = refresh.missing_pictures()
    assert not missing, f"run make docs: {missing}"


@pytest.mark.parametrize("page", LINKED)
def test_every_relative_link_leads_somewhere(page: str) -> None:
    text = read(page)
    for link in LINK.findall(text):
        if link.startswith(("http:", "https:", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = ((ROOT / page).parent / path).resolve() if path else ROOT / page
        assert target.exists(), f"{page}: {link} leads nowhere"
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), f"{page}: {link}: no such heading"


def unread(modules: Mapping[str, str]) -> list[str]:
    """The parameters that neither a module nor a formula reads."""
    formulas = {name for one in catalogue().values() for name in re.findall(r"[\w.]+", one.formula)}
    names = {name: (one.group, one.leaf) for name, one in catalogue().items()}
    return sorted(set(names) - parameters_read(modules, names) - formulas)


@pytest.mark.slow
def test_every_parameter_is_used_by_a_rule() -> None:
    """It is read from its own group; a parameter of the same name in another group does not count."""
    absent = unread(sources(ROOT))
    assert not absent, f"in parameters.toml and in no rule: {absent}"


@pytest.mark.slow
def test_a_parameter_that_its_own_rule_no_longer_reads_is_found() -> None:
    """Each changed rule reads one parameter less; other groups still have parameters of some of these names."""
    changes = {
        "kabul.abdullah.join_trust": ("actors.kabul", "self.p.join_trust", "self.p.ask_base"),
        "fronts.memory": ("actors.fronts", "p.memory", "p.recruitment"),
        "talks.own_strength": ("talks", "p.own_strength", "p.us_strength"),
        "us.catch_up": ("actors.united_states", "p.catch_up", "p.lift_capacity"),
        "kabul.contested": ("base", '"kabul.contested"', '"agreement.signed"'),
    }
    modules = sources(ROOT)
    for module, rule, other in changes.values():
        name = f"sim.engine.{module}"
        assert rule in modules[name], f"{name} has no {rule}"
        modules[name] = modules[name].replace(rule, other)
    assert unread(modules) == sorted(changes)


def test_every_parameter_stands_in_the_pages_own_words() -> None:
    words = Counter(re.findall(r"[A-Za-z0-9_]+", by_hand(read("docs/model.md"))))
    groups = ("taliban_killed_per_",)  # listed together
    absent = [n for n, one in catalogue().items() if not words[one.leaf] and not one.leaf.startswith(groups)]
    assert not absent, f"no equation or sentence of docs/model.md names: {absent}"


def cells(page: str, heading: str) -> list[list[str]]:
    """The rows of the table in a page whose last column has this heading."""
    (after,) = re.findall(rf"^\|[^\n]*\| {re.escape(heading)} \|\n\| --- .*\n((?:\|.*\n)+)", read(page), re.MULTILINE)
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in after.splitlines()]


def layers_from_the_top(library: str) -> list[set[str]]:
    """The layers of a library's contract in pyproject.toml."""
    settings = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (contract,) = [one for one in settings if one["type"] == "layers" and one["containers"] == [library]]
    return [set(re.findall(r"\w+", layer)) for layer in contract["layers"]]


@pytest.mark.parametrize("library", ["sim", "dashboard"])
def test_every_package_is_told_with_what_it_may_import(library: str) -> None:
    """The page has what `[tool.importlinter]` allows: all packages of lower layers, none of the same layer."""
    order = layers_from_the_top(library)
    allowed = {name: set().union(*order[i + 1 :]) for i, layer in enumerate(order) for name in layer}
    listed = {
        name.strip("`").removesuffix("/").removesuffix(".py"): set(re.findall(r"`(\w+)`", imports))
        for name, _, imports in cells("docs/architecture.md", f"may import from `{library}`")
    }
    assert listed == allowed
    here = (ROOT / library).iterdir()
    there = {one.stem for one in here if (one / "__init__.py").is_file() or one.suffix == ".py"} - {"__init__"}
    assert set(listed) == there, f"packages of {library}: {there ^ set(listed)}"


@pytest.mark.parametrize("library", ["sim", "dashboard"])
def test_every_arrow_of_the_diagram_goes_down_one_layer(library: str) -> None:
    block = refresh.blocks(read("docs/architecture.md"))[f"table layers-of-{library}"]
    arrows = set(re.findall(r'\["(\w+)"\] --> \w+\["(\w+)"\]', block))
    order = layers_from_the_top(library)
    assert arrows == {(a, b) for high, low in pairwise(order) for a in high for b in low}


def test_every_module_has_its_line() -> None:
    page = read("docs/files.md")
    for folder, text in re.findall(r"^### `([\w/]+)/`\n(.*?)(?=^#|\Z)", page, re.MULTILINE | re.DOTALL):
        listed = re.findall(r"^\| `(\w+\.py)` \| .+ \|$", text, re.MULTILINE)
        assert listed == sorted({one.name for one in (ROOT / folder).glob("*.py")} - {"__init__.py"}), folder
    folders = {one.parent for library in ("sim", "dashboard") for one in (ROOT / library).rglob("*.py")}
    holding = {one.relative_to(ROOT).as_posix() for one in folders if set(one.glob("*.py")) - {one / "__init__.py"}}
    assert set(re.findall(r"^### `([\w/]+)/`", page, re.MULTILINE)) == holding


@pytest.mark.parametrize("page", sorted({*refresh.PAGES, *GUIDES}))
def test_paths_named_in_the_pages_exist(page: str) -> None:
    named = re.findall(r"`((?:sim|docs|scenarios)/[\w/.-]+\.\w+)`", by_hand(read(page)))
    absent = [path for path in named if not path.endswith("/name.py") and not path.endswith("/name.toml")]
    absent = [path for path in absent if not (ROOT / path).exists()]
    assert not absent, f"{page} names {absent}"


@pytest.mark.slow
def test_the_python_of_the_front_page_runs() -> None:
    (code,) = [body for kind, body in FENCE.findall(read("README.md")) if kind == "python"]
    names: dict[str, object] = {}
    exec(code.replace("worlds=1000", f"worlds={FEW}"), names)  # noqa: S102  the page's own lines
    assert {"run", "diff", "model"} <= set(names)


@pytest.mark.slow
def test_the_python_for_users_of_mesa_runs(tmp_path: Path) -> None:
    short, example = (body for kind, body in FENCE.findall(read("docs/mesa.md")) if kind == "python")
    names: dict[str, Any] = {}
    exec(short.replace("worlds=1000", f"worlds={FEW}"), names)  # noqa: S102  the page's own lines
    assert names["model"].record.daily["attacks"].shape == (names["model"].calendar.days, int(FEW))
    program = tmp_path / "mediated_peace.py"
    program.write_text(example, encoding="utf-8")
    # In a separate program, because the worker processes of its batch run import its models by name.
    line = [sys.executable, "-W", "error", str(program)]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "'SecurityCouncil', 'Mediator']" in done.stdout, done.stdout
    found = re.findall(r"^seed (\d) patience (\d+) trust ([\d.]+)$", done.stdout, re.MULTILINE)
    assert [(seed, patience) for seed, patience, _ in found] == [(s, p) for s in "123" for p in ("7", "1000")]
    for (seed, _, visited), (_, _, never) in zip(found[::2], found[1::2], strict=True):
        assert float(visited) > float(never), f"seed {seed}: a mediator lowers trust: {done.stdout}"


@pytest.mark.slow
def test_the_python_and_the_files_of_the_page_on_scores_run(tmp_path: Path) -> None:
    blocks = FENCE.findall(read("docs/score.md"))
    (code,), (toml,) = ([body for kind, body in blocks if kind == one] for one in ("python", "toml"))
    names: dict[str, Any] = {}
    exec(code.replace("200", FEW), names)  # noqa: S102  the page's own lines
    assert len(names["found"].rows) == len(names["observations"])
    (csv,) = [body for kind, body in blocks if kind == "text" and body.startswith("outcome,")]
    for name, text, number in (("page.toml", toml, 5), ("page.csv", csv, 3)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert len(read_observations(tmp_path / name)) == number


def test_the_scenario_of_the_front_page_loads() -> None:
    (text,) = [body for kind, body in FENCE.findall(read("README.md")) if kind == "toml"]
    found = parse_scenario(text)
    assert [one.lever for one in found.interventions].count("kabul.ghani.offer") == 1


def test_the_scenarios_of_their_page_load() -> None:
    texts = [body for kind, body in FENCE.findall(read("docs/scenarios.md")) if kind == "toml"]
    found = [parse_scenario(text if "title" in text else f'title = "A part"\n{text}') for text in texts]
    assert [one.lever for one in found[0].interventions].count("kabul.ghani.review") == 3


def commands() -> list[str]:
    """Every complete command in the pages, except those for the reader's own file and those of the kit."""
    text = "\n".join(by_hand(read(page)) for page in SHOWN)
    shown = re.findall(r"\| `(jirga [^`]*)` \|", text) + re.findall(r"^(jirga .*)$", text, re.MULTILINE)
    plain = [shlex.join(shlex.split(line, comments=True)) for line in shown]
    return [line for line in dict.fromkeys(plain) if "my-plan" not in line]


@pytest.mark.slow
@pytest.mark.parametrize("line", commands())
def test_commands_of_the_pages_run(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line)[1:]
    words = [WIDE if word.startswith("interval < ") else word for word in words]
    if words[0] == "run" or (words[0] == "compare" and "--until" not in words):
        words = [*words, "--worlds", FEW]
    if words[0] == "study" and words[1] != "check":
        words = [*words[:2], "--help"]  # studies are run in other tests
    if words[0] in {"cliffs", "calibrate", "variance"}:
        words = [words[0], "--help"]  # run in other tests; minutes even with few worlds
    if words[0] == "score":
        (tmp_path / words[1]).write_bytes(EXAMPLE.read_bytes())
        words = [*words, "--worlds", FEW]
    if words[0] in {"why", "theories", "readings", "discover", "handout"}:
        words = [*words[:1], "--help"]  # run in other tests, over fewer days
    if words[0] == "facts":
        words = ["facts", "--help"]  # run in other tests; with few worlds some check may fail
    done = jirga(*words)
    assert done.exit_code == 0, f"{line}: {done.output}{done.exception!r}"


def test_pages_show_some_commands() -> None:
    verbs = {line.split()[1] for line in commands()}
    assert {"list", "show", "run", "compare", "parameters", "facts"} <= verbs, verbs


def test_a_table_survives_bars_and_line_breaks() -> None:
    assert table(["a"], [["x | y\nz"]]).splitlines()[-1] == "| x \\| y z |"


def test_a_block_is_replaced_and_nothing_else() -> None:
    page = "before\n<!-- table: facts -->\nold\n<!-- end -->\nafter <!-- table: other -->\nkept\n<!-- end -->\n"
    fresh = refresh.filled(page, {"table facts": "new"})
    assert refresh.blocks(fresh) == {"table facts": "\nnew\n\n", "table other": "kept\n"}
    assert fresh.startswith("before\n")
    assert "old" not in fresh


def test_outputs_are_alike_when_figures_are_near() -> None:
    row = " S4   attacks                      4,500 to 4,900  4,777  4,636 to 4,935  holds"
    share = " S7   no attack on the coalition   at least 95 %    98 %                  holds"
    there = f"{row}\n{share}\n"
    assert refresh.same_output("output run-baseline", there, there.replace("4,777", "4,790").replace("98 %", "97 %"))
    for other in (("4,777", "5,200"), ("98 %", "90 %"), ("holds", "FAILS"), ("attacks ", "raids ")):
        assert not refresh.same_output("output run-baseline", there, there.replace(*other)), other
    assert not refresh.same_output("output run-baseline", "", "")


@pytest.mark.slow
def test_check_tells_what_is_stale(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(refresh.MADE, "series", lambda: "something else")
    monkeypatch.setattr(refresh, "OUTPUTS", {})
    monkeypatch.setattr(refresh, "answers_in", lambda _text: {})  # test_teaching.py looks at them
    assert refresh.main(["--check"]) == 1
    assert "docs/model.md: table series" in capsys.readouterr().err
