"""What the dashboard's server imports, and when: little before the first page, then what is asked for."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from dashboard import pages
from dashboard.server import warmup

LIGHT = """
import sys
from dashboard import __main__, app
from dashboard.pages import begin
from dashboard.render import story
from dashboard.state import questions
questions.questions(), story.statements(story.SIGNED)
print(sorted({"mesa", "pandas", "pyarrow", "scipy", "xarray", "jinja2"} & set(sys.modules)))
"""


@pytest.mark.slow
def test_server_and_first_page_load_no_engine_and_no_tables() -> None:
    words = [sys.executable, "-c", LIGHT]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


@pytest.fixture
def imported(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages in the order of their imports, which are only noted; nothing is imported or asked for yet."""
    order: list[str] = []
    monkeypatch.setattr(warmup, "import_module", lambda name: order.append(name.rpartition(".")[2]))
    monkeypatch.setattr(warmup, "_first_runs", lambda: order.append("runs"))
    for name in ("_ASKED", "_DRAWN", "_HURRY"):
        monkeypatch.setattr(warmup, name, threading.Event())
    monkeypatch.setattr(warmup, "_WANTED", [])
    monkeypatch.setattr(warmup, "_IMPORTED", {name: threading.Event() for name in (pages.FIRST, *pages.LATER)})
    monkeypatch.setattr(warmup, "SOON", 0)
    return order


def test_the_page_that_is_asked_for_is_imported_next(imported: list[str]) -> None:
    warmup._want("teach")
    warmup.everything()
    assert imported == ["teach", pages.RUN_FIRST, "runs", *(one for one in pages.LATER[1:] if one != "teach")]
    assert all(event.is_set() for event in warmup._IMPORTED.values())


def test_the_first_page_is_drawn_before_the_others_are_imported(
    imported: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Drawn(threading.Event):
        """Notes when it is waited for, and is then set."""

        def wait(self, timeout: float | None = None) -> bool:
            imported.append(f"waited {timeout:g} seconds at most")
            return True

    monkeypatch.setattr(warmup, "_DRAWN", Drawn())
    monkeypatch.setattr(warmup, "SETTLED", 0)
    warmup._ASKED.set()
    warmup.everything()
    assert imported[:2] == ["waited 10 seconds at most", pages.RUN_FIRST]
