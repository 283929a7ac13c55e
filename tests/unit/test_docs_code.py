"""Commands and Python in the pages: each can be read by what it is for, also where it is not run in earnest."""

import ast
import datetime as dt
import importlib.util
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from docs import refresh
from sim.cli.app import app
from sim.cli.usage import UsageError
from sim.export.run_folder import write_run
from sim.inputs.scenario_reader import load_scenario
from sim.runs.runner import simulate

ROOT = refresh.ROOT
PAGES = sorted({"README.md", "CONTRIBUTING.md", *(p.relative_to(ROOT).as_posix() for p in ROOT.glob("docs/**/*.md"))})
FENCE = re.compile(r"^[ ]*```(\w*)\n(.*?)^[ ]*```", re.DOTALL | re.MULTILINE)
# Where Python of the pages is run: the first two in test_docs.py, the others below.
RUN = {
    "README.md": 1, "docs/mesa.md": 2, "docs/results.md": 4, "docs/cliffs.md": 1, "docs/why.md": 1, "docs/score.md": 1,
    "docs/discover.md": 1, "docs/studies.md": 2, "docs/api.md": 1,
}  # fmt: skip


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def in_blocks(page: str) -> list[str]:
    """Every command line in a block of code, continued lines put together."""
    bodies = "\n".join(re.sub(r"\\\n\s*", "", body) for _, body in FENCE.findall(read(page)))
    return re.findall(r"^[ ]*(?:\$ )?(jirga .*)$", bodies, re.MULTILINE)


def in_text(page: str) -> list[str]:
    """Every command in a sentence or a table: it may leave out what it is about."""
    return re.findall(r"`(jirga [^`]+)`", FENCE.sub("", read(page)).replace("\n", " "))


BLOCKS = sorted({line for page in PAGES for line in in_blocks(page)})
TEXT = sorted({line for page in PAGES for line in in_text(page)} - set(BLOCKS))


def parsed(line: str, *, whole: bool) -> Any:
    """The context of the command that a line names, its options and arguments read and nothing run.

    whole: whether nothing that the command needs may be missing. Raises what the command line raises.
    """
    command: Any = typer.main.get_command(app)
    words, name, context = shlex.split(line, comments=True)[1:], "jirga", None
    while True:
        context = command.make_context(name, list(words), parent=context, resilient_parsing=not whole)
        words = [*context._protected_args, *context.args]
        if not words or not hasattr(command, "resolve_command"):
            return context
        name, command, words = command.resolve_command(context, words)


@pytest.mark.parametrize("line", BLOCKS)
def test_a_command_in_a_block_can_be_read_as_it_stands(line: str) -> None:
    context = parsed(line, whole=True)
    assert not hasattr(context.command, "resolve_command"), f"{line}: a group, and no command of it"


@pytest.mark.parametrize("line", TEXT)
def test_a_command_in_the_text_has_the_verb_and_options_that_it_names(line: str) -> None:
    context = parsed(line.replace("...", ""), whole=False)
    assert context.command.name in line, f"{line} is read as {context.command_path}"


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("jirga rum baseline", "rum"),
        ("jirga run baseline --word 3", "--word"),
        ("jirga run baseline --worlds few", "integer"),
        ("jirga compare baseline", "Missing|required"),
    ],
)
def test_a_wrong_command_is_noticed(line: str, wrong: str) -> None:
    with pytest.raises(UsageError, match=wrong):
        parsed(line, whole=True)


def test_pages_show_commands_of_every_sort() -> None:
    verbs = {line.split()[1] for line in BLOCKS}
    assert {"run", "compare", "check", "study", "parameters"} <= verbs, verbs
    assert len(BLOCKS) > 40, BLOCKS
    assert len(TEXT) > 20, TEXT


def python_in(page: str) -> list[str]:
    """Every block of Python in a page."""
    return [body for kind, body in FENCE.findall(read(page)) if kind == "python"]


@pytest.mark.parametrize("page", [page for page in PAGES if python_in(page)])
def test_python_of_a_page_is_python(page: str) -> None:
    """It compiles. A block that is run nowhere imports a library that is not among the project's."""
    blocks = python_in(page)
    for block in blocks:
        compile(block, page, "exec")
    if page in RUN:
        assert len(blocks) == RUN[page], f"{page} has another number of blocks: run them"
    else:
        missing = [name for name in _imported(blocks) if importlib.util.find_spec(name.partition(".")[0]) is None]
        assert missing, f"{page}: nothing keeps this Python from being run in a test"


def _imported(blocks: list[str]) -> set[str]:
    """The modules that blocks import."""
    nodes = [one for block in blocks for one in ast.walk(ast.parse(block))]
    return {str(one.module) for one in nodes if isinstance(one, ast.ImportFrom)} | {
        name.name for one in nodes if isinstance(one, ast.Import) for name in one.names
    }


@pytest.mark.slow
def test_the_python_that_reads_a_run_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_run(simulate(load_scenario("baseline"), 24), Path("results/baseline"), charts=False)
    pandas, polars, again, arrow = python_in("docs/results.md")
    names: dict[str, Any] = {}
    exec(pandas, names)  # noqa: S102  the page's own lines
    assert len(names["worlds"]) == 24
    exec(again, names)  # noqa: S102  the page's own lines
    assert names["run"].worlds == 24
    exec(arrow, names)  # noqa: S102  the page's own lines
    assert names["schema"].field("attacks").metadata[b"unit"] == b"attacks/day"
    assert {b"jirga.scenario", b"jirga.hash", b"jirga.seed", b"jirga.assumptions"} <= set(names["schema"].metadata)
    assert "import polars" in polars, "the one block whose library the project does not use"


@pytest.mark.slow
def test_the_python_that_searches_for_cliffs_runs() -> None:
    (block,) = python_in("docs/cliffs.md")
    names: dict[str, Any] = {}
    exec(block.replace("worlds=256", "worlds=2"), names)  # noqa: S102  the page's own lines
    assert len(names["found"].table()) == 1
    assert names["found"].worlds == 2


@pytest.mark.slow
def test_the_python_that_asks_why_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = python_in("docs/why.md")
    names: dict[str, Any] = {}
    exec(block, names)  # noqa: S102  the page's own lines
    assert len(names["answer"].results) == 3
    assert "Patron's pressure" in capsys.readouterr().out
    assert names["one_world"].world == 17


@pytest.mark.slow
def test_the_python_that_scores_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = python_in("docs/score.md")
    names: dict[str, Any] = {}
    exec(block.replace("200", "20"), names)  # noqa: S102  the page's own lines
    assert names["found"].rows
    assert capsys.readouterr().out.count("\n") >= len(names["found"].rows) + len(names["found"].versus)


@pytest.mark.slow
def test_classes_that_the_architecture_names_exist() -> None:
    """With the method where it names one: a class that is renamed is renamed there too."""
    named = set(re.findall(r"`((?:[A-Z][a-z]+)+)(?:\.(\w+))?`", FENCE.sub("", read("docs/architecture.md"))))
    trees = [
        ast.parse(path.read_text(encoding="utf-8"))
        for top in ("sim", "dashboard")
        for path in (ROOT / top).rglob("*.py")
    ]
    classes = [one for tree in trees for one in ast.walk(tree) if isinstance(one, ast.ClassDef)]
    members = {(one.name, "") for one in classes}
    members |= {(one.name, part.name) for one in classes for part in one.body if isinstance(part, ast.FunctionDef)}
    assert {("PeaceProcess", ""), ("WorldsModel", ""), ("Actor", "")} <= named, named
    named.discard(("Generator", "poisson"))  # NumPy's
    assert not named - members, f"no such class or method: {named - members}"


def test_the_python_that_runs_studies_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the window of the text instead of ten months, in few worlds, and with a threshold that some days exceed."""
    monkeypatch.chdir(tmp_path)
    for name in ("baseline", "no-review"):
        short = load_scenario(name).with_dates(end=dt.date(2020, 4, 15))
        (tmp_path / f"{name}.toml").write_text(short.to_toml())
    (api,), (study, slurm) = python_in("docs/api.md"), python_in("docs/studies.md")
    names: dict[str, Any] = {}
    for block in (api, study):
        less = block.replace("worlds=64", "worlds=8").replace("> 150", "> 100")
        less = less.replace('make_plan("baseline"', 'make_plan("baseline.toml"')
        exec(less.replace('["baseline", "no-review"]', '["baseline.toml", "no-review.toml"]'), names)  # noqa: S102  the page's own lines
    assert names["effect"].dims == ("point", "world")
    assert len(names["worlds"]) == 8 * 4 * 8
    assert names["again"].plan == names["plan"]
    assert "dask_jobqueue" in slurm, "the block whose library the project does not use"
