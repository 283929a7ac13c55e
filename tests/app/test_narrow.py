"""On a narrow screen the page names what is hidden in the sidebar."""

from typing import Any, cast

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.server.app_server import SCRIPT
from sim.charts.theme import day_axis
from tests.app.screen import PATIENCE
from tests.unit.synthetic import results

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


@pytest.mark.slow
def test_the_first_page_names_its_levers() -> None:
    app = AppTest.from_file(str(SCRIPT), default_timeout=PATIENCE)
    app.query_params["worlds"] = "6"
    assert not app.run().exception
    [shown] = [text for text in (str(cast("Any", one).body) for one in app.get("html")) if 'class="narrow"' in text]
    assert "Pages, scenario and levers: open" in shown


def test_dates_below_a_chart_keep_apart() -> None:
    """Unless a chart asks for it, labels are thinned out only once they overlap."""
    assert day_axis(results(1).dates)["axis"]["labelSeparation"] >= 8
