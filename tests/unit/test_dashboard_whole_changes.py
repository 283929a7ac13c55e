"""A change counts although the next request is there: its slider shows what is in the state, its click is made."""

import pytest
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.testing.v1 import AppTest

from dashboard.server import app_server, class_server, whole_changes
from tests.app.screen import PATIENCE

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


def _page() -> None:
    """A slider and a button over a number; while each is applied, the browser's next request is already there."""
    from collections.abc import Callable
    from typing import Any

    import streamlit as st
    from streamlit.proto.WidgetStates_pb2 import WidgetStates
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

    from dashboard.widgets.state_input import state_input

    def followed(callback: Callable[..., None]) -> Callable[..., None]:
        def called(*args: Any) -> None:
            context = get_script_run_ctx()
            assert context is not None
            assert context.script_requests is not None
            known = context.session_state.get_widget_states()
            kept = WidgetStates(widgets=[one for one in known if one.WhichOneof("value") != "trigger_value"])
            context.script_requests.request_rerun(RerunData(widget_states=kept))
            callback(*args)

        return called

    def put(number: int) -> None:
        st.session_state["number"] = number

    number = st.session_state.setdefault("number", 200)
    inputs = state_input("pace", number, put)
    st.slider("Pace", 0, 1000, number, **inputs | {"on_change": followed(inputs["on_change"])})
    st.button("Back", on_click=followed(put), args=(100,))


def test_a_change_is_applied_whole_though_the_next_request_is_there() -> None:
    whole_changes.install()
    found = AppTest.from_function(_page, default_timeout=PATIENCE).run()
    found.slider[0].set_value(300).run()
    assert (found.slider[0].value, found.session_state["number"]) == (300, 300)
    assert not found.exception


def test_a_click_is_made_though_the_next_request_is_there() -> None:
    whole_changes.install()
    found = AppTest.from_function(_page, default_timeout=PATIENCE).run()
    found.button[0].click().run()
    assert (found.slider[0].value, found.session_state["number"]) == (100, 100)
    assert not found.exception


def test_a_page_is_still_broken_off_for_the_next_request() -> None:
    """Or the reader would wait for a page that is out of date."""
    whole_changes.install()
    found = AppTest.from_function(_drawn_twice, default_timeout=PATIENCE).run()
    assert [one.value for one in found.markdown] == ["2"]
    assert found.session_state["ended"] == [2]


def _drawn_twice() -> None:
    import streamlit as st
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

    count = st.session_state.setdefault("count", 0) + 1
    st.session_state["count"] = count
    context = get_script_run_ctx()
    assert context is not None
    assert context.script_requests is not None
    if count == 1:
        context.script_requests.request_rerun(RerunData())
    st.markdown(str(count))
    st.session_state.setdefault("ended", []).append(count)


def test_both_servers_apply_changes_whole_and_in_order() -> None:
    """With Streamlit's own setting, a page's next request stops the thread of the one before, whatever it does."""
    assert app_server.settings()["runner.fastReruns"] is False
    app_server.application(script=class_server.SCRIPT)
    assert hasattr(SafeSessionState.on_script_will_rerun, "__wrapped__")
