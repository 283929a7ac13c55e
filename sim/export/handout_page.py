"""A hand-out: one HTML page with sliders that works without network, from a `file:` address, on a phone.

The page holds everything it shows as text made here, by the same rules as all other pages; its script only chooses
what to show, and draws curves at places that are computed here too. It formats no number.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from markupsafe import Markup

from sim import __version__
from sim.charts.theme import DARK
from sim.errors import InputError
from sim.export.page import INKS, templates
from sim.export.page_parts import Table
from sim.schema.disclaimer import NOT_A_FORECAST

MARK: Final = '<meta name="generator" content="Jirga hand-out">'
LARGEST: Final = 3_000_000  # bytes of a page, so that it can be sent to any phone
_SCRIPT: Final = "handout.js"


@dataclass(frozen=True, slots=True)
class Control:
    """A slider. about: what it changes; steps: the text of each step."""

    label: str
    about: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Handout:
    """What a hand-out shows.

    title, question: the heading and the line below it; controls: its sliders; scenarios, outcomes, series: names to
    choose from; start: what "unchanged" means; data: everything that the script chooses from, see `sim.study.handout`;
    notes: how it was made, one paragraph each; table: what was run.
    """

    title: str
    question: str
    controls: tuple[Control, ...]
    scenarios: tuple[str, ...]
    outcomes: tuple[str, ...]
    series: tuple[str, ...]
    start: str
    data: Mapping[str, Any]
    notes: tuple[str, ...]
    table: Table


def handout_html(given: Handout) -> str:
    """Return the page. Raises InputError if it is larger than LARGEST."""
    script = files("sim.export").joinpath("templates", _SCRIPT).read_text(encoding="utf-8")
    seal = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{seal}'"
    text = (
        templates()
        .get_template("handout.html.j2")
        .render(
            given=given, mark=Markup(MARK), policy=policy, script=Markup(script),  # noqa: S704  text of ours
            inks=INKS, dark=DARK, note=NOT_A_FORECAST, version=__version__,
        )
    )  # fmt: skip
    size = len(text.encode())
    if size > LARGEST:
        problem = "the hand-out would be too large: vary fewer values, or keep fewer outcomes and series"
        raise InputError(problem, value=f"{size:,} bytes", expected=f"at most {LARGEST:,} bytes")
    return text
