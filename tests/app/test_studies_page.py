"""The page Studies: what it finds, and what it says of a study that is done, begun, running or damaged."""

import html
import sys
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.render import display
from dashboard.runs import study_folders
from sim.errors import InputError
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.schema.formatting import day
from sim.study import lock
from sim.study.folder import Folder
from sim.study.plan_reader import plan_names
from sim.study.status import Status, status
from tests.app.screen import PATIENCE, sound, tables, texts
from tests.unit.studies import filled, grid

pytestmark = pytest.mark.slow

MARKUP = "![x](http://example.org/a.png) <b>bold</b> $x$"


def _script() -> None:
    """What Streamlit runs."""
    from dashboard.pages import studies

    studies.page()


def opened(**query: str) -> AppTest:
    """The page after its first run."""
    app = AppTest.from_function(_script, default_timeout=PATIENCE)
    for key, value in query.items():
        app.query_params[key] = value
    return sound(app.run())


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that the page looks into."""
    monkeypatch.setenv(study_folders.ROOT, str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("root")
def test_without_studies_it_says_how_to_make_one() -> None:
    app = opened()
    assert "jirga study run" in texts(app)
    assert not app.selectbox
    [shipped] = tables(app)
    assert len(shipped["question"]) == len(plan_names())
    assert all(shipped["question"])


def test_a_study_is_shown_with_its_tables_and_charts(root: Path) -> None:
    study, _ = filled(root / "results" / "pace", grid())
    app = opened()
    assert display.plain(study.plan.title) in [one.value.removeprefix("## ") for one in app.markdown]
    assert app.selectbox(key="study").value == "results/pace"
    assert len(tables(app)) >= 3
    assert app.get("vega_lite_chart")
    assert app.get("download_button")
    assert NOT_A_FORECAST in texts(app)
    charts = len(app.get("vega_lite_chart"))
    other = next(name for name in study.plan.outcomes if name != app.selectbox(key="study-outcome").value)
    sound(app.selectbox(key="study-outcome").select(other).run())
    assert len(app.get("vega_lite_chart")) >= 1 <= charts


def test_headings_are_in_order_and_short_tables_stand_in_full(root: Path) -> None:
    study, _ = filled(root / "pace", grid())
    app = opened()
    heads = [html.unescape(one.value) for one in app.markdown if one.value.startswith("#")]
    label = study.plan.outcome(str(app.selectbox(key="study-outcome").value)).label
    assert heads[:3] == ["# Studies", f"## {study.plan.title}", f"### {label}"]
    assert {"What was run", "All outcomes"} <= {one.label for one in app.expander}, "folded away"
    assert not app.subheader
    assert {one.split(" ")[0] for one in heads[2:]} <= {"###", "####"}
    found = tables(app)
    for one in found:
        assert all(str(name).strip() for name in one), "a head that says nothing"
    [run] = [one for one in found if "item" in one]
    assert run["value"][1] == f"{day(study.plan.scenarios[0].start)} until {day(study.plan.scenarios[0].end)}"


def test_the_link_names_a_study_under_the_root_and_nothing_else(root: Path) -> None:
    for name in ("one", "two"):
        filled(root / name, grid())
    assert opened(study="one").selectbox(key="study").value == "one"
    for stranger in ("../etc", "/etc/passwd", "three", "one/../one"):
        app = opened(study=stranger)
        assert len(app.error) == 1, stranger
        assert app.selectbox(key="study").value in ("one", "two")
        with pytest.raises(InputError, match="no such study"):
            study_folders.take(stranger)


def test_links_to_folders_elsewhere_are_not_followed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    filled(elsewhere / "secret", grid())
    (root / "way-out").symlink_to(elsewhere)
    assert study_folders.studies() == []


def test_a_study_that_was_begun_says_how_far_it_is(root: Path) -> None:
    study, _ = filled(root / "begun", grid(worlds=2000))
    for file in study.part_files()[1:]:
        file.unlink()
    app = opened()
    assert "Not complete" in texts(app)
    assert f"of {len(study.units()):,} parts" in html.unescape(app.get("progress")[0].proto.text)


def test_a_damaged_part_is_said(root: Path) -> None:
    study, _ = filled(root / "damaged", grid())
    part = study.part_files()[0]
    part.write_bytes(part.read_bytes()[:-200])
    app = opened()
    assert "cannot be shown" in app.error[0].value


def test_markup_in_a_title_stays_text(root: Path) -> None:
    filled(root / "marked", grid(title=MARKUP, question=MARKUP))
    app = opened()
    assert MARKUP in texts(app)
    assert not [one.value for one in app.markdown if MARKUP in one.value]


def test_the_study_it_shows_may_be_running(root: Path) -> None:
    study, _ = filled(root / "running", grid())
    with Folder.open(study.path).lock() as signature:
        lock.sign(signature, 0)
        app = opened()
        assert "running" in app.get("progress")[0].proto.text


def test_a_study_whose_folder_goes_while_it_runs_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study, _ = filled(root / "running", grid())
    looks = iter((status,))

    def gone(folder: Folder) -> Status:
        look = next(looks, None)
        if look is None:
            raise InputError("cannot be read: No such file or directory", file=folder.path)
        return look(folder)

    monkeypatch.setattr("dashboard.pages.studies.status", gone)
    with Folder.open(study.path).lock() as signature:
        lock.sign(signature, 0)
        app = opened()
    assert ["cannot be shown" in one.value for one in app.error] == [True]
    assert "No such file" in texts(app)


@pytest.mark.parametrize("way", ["is_file", "stat"])
def test_what_cannot_be_read_is_left_out(way: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that may not be entered, or that goes between two looks at it; another study is listed all the same."""
    for name in ("open", "shut"):
        filled(root / name, grid())
    asked, error = getattr(Path, way), {"is_file": PermissionError, "stat": FileNotFoundError}[way]

    def refused(path: Path, **how: bool) -> Any:
        if path.parent.name == "shut" and sys._getframe(1).f_code.co_filename == study_folders.__file__:
            raise error(13, "refused", str(path))
        return asked(path, **how)

    monkeypatch.setattr(Path, way, refused)
    assert study_folders.studies() == ["open"]


def test_hidden_folders_and_files_are_no_studies(root: Path) -> None:
    filled(root / ".hidden", grid())
    (root / "manifest.json").write_text("{}")
    assert study_folders.studies() == []
