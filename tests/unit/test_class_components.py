"""The components of Streamlit that a phone loads with its page."""

import re

import pytest

from dashboard.server import components


@pytest.mark.parametrize("name", components.CLASS)
def test_this_version_of_streamlit_has_each_component(name: str) -> None:
    assert any(file.startswith(f"{name}.") for file in components.modules([name]))


def test_what_a_component_imports_is_loaded_too_and_nothing_twice() -> None:
    found = components.modules(components.CLASS)
    assert len(set(found)) == len(found) > len(components.CLASS)
    assert not any(file.startswith("index.") for file in found), "Streamlit's page loads it by itself"


def test_a_component_that_streamlit_does_not_have_is_left_out() -> None:
    assert components.modules(["NoSuchInput"]) == []
    assert components.links(["NoSuchInput"]) == b""


def test_the_tags_name_each_file_once() -> None:
    named = re.findall(
        r'<link rel="modulepreload" crossorigin href="./static/js/([^"/]+)">', components.links(["Slider"]).decode()
    )
    assert named == components.modules(["Slider"])
