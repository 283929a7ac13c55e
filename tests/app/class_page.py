"""The class pages in tests, opened without a browser, over an exercise of `tests.unit.classroom`."""

from pathlib import Path
from typing import Any, Final

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.classroom import credentials, server_config
from tests.app.screen import PATIENCE, sound
from tests.unit.classroom import Lesson, lesson

US: Final = (1, "us")
TALIBAN: Final = (1, "taliban")


def _page(name: str) -> None:
    """What Streamlit runs."""
    from importlib import import_module

    import_module(f"dashboard.pages.{name}").page()


def serve(patch: pytest.MonkeyPatch, one: Lesson) -> None:
    """Let the pages use an exercise's file as the test has opened it, with the test's clock."""
    patch.setattr(server_config, "_opened", lambda _: one.room)


def first_round(folder: Path, patch: pytest.MonkeyPatch) -> Lesson:
    """An exercise on the pages, with two students and round 1 open."""
    found = lesson(folder, US, TALIBAN, questions=0)
    found.open()
    serve(patch, found)
    return found


def fold(page: AppTest, key: str, *, open_: bool) -> None:
    """Open or close a folded part of a page."""
    page.session_state[key] = open_
    sound(page.run())


def phone(token: str) -> AppTest:
    """The page of a student's phone."""
    app = AppTest.from_function(_page, args=("join",), default_timeout=PATIENCE)
    app.query_params[credentials.SEAT] = token
    return sound(app.run())


def desk(one: Lesson, **query: str) -> AppTest:
    """The teacher's page."""
    app = AppTest.from_function(_page, args=("teach",), default_timeout=PATIENCE)
    app.session_state[credentials._SECRET] = one.secret
    for key, value in query.items():
        app.query_params[key] = value
    return sound(app.run())


def said(app: AppTest) -> str:
    """Everything that a page shows as text or HTML, as it is sent to the browser."""
    kinds: list[Any] = [app.markdown, app.info, app.warning, app.error, app.get("html")]
    return "\n".join(_text(one) for kind in kinds for one in kind)


def _text(one: Any) -> str:
    return str(one.proto.body if one.type == "html" else one.value)
