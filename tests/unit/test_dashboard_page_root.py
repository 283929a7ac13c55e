"""A page that is drawn right after one of its fragments, in the same thread, is drawn at the root all the same."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.server import app_server, class_server

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


def _page(*, reset: bool) -> None:
    import streamlit as st

    from dashboard.server import page_root

    st.container().__enter__()  # as Streamlit leaves it after a fragment in a container
    if reset:
        page_root.reset()
    st.markdown("A heading")


@pytest.mark.parametrize("reset", [True, False])
def test_a_page_begins_at_its_root(*, reset: bool) -> None:
    found = AppTest.from_function(_page, kwargs={"reset": reset}).run()
    kinds = [one.type for one in found.main.children.values()]
    assert not found.exception
    assert ("markdown" in kinds) is reset, kinds


@pytest.mark.parametrize("script", [app_server.SCRIPT, class_server.SCRIPT])
def test_both_scripts_begin_at_the_root(script: Path) -> None:
    """Before anything else is called."""
    calls = [line for line in script.read_text(encoding="utf-8").splitlines() if line.endswith(")")]
    assert calls[0] == "page_root.reset()"
