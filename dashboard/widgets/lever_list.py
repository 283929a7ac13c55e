"""The levers of a group: ordered by what they do to one outcome, each with its curve; those that do little at the end.

The order is that of a saved table of the baseline, so that no slider moves when the curves arrive.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from dashboard.render import display, lever_curve
from dashboard.runs import idle_fragments, lever_responses, session
from dashboard.runs.lever_responses import Response
from dashboard.state import lever_effects
from dashboard.state.differences import differences
from dashboard.state.ranked import RANKED, label
from dashboard.state.state import REFERENCE, State, shipped
from dashboard.widgets import levers
from dashboard.widgets.state_input import state_input
from sim.schema import formatting
from sim.schema.decisions import Lever
from sim.schema.decisions import levers as every_lever
from sim.schema.disclaimer import NOT_A_FORECAST

OUTCOME: Final = "lever-outcome"  # the name of the input
LITTLE: Final = "These change it little"
HELP: Final = (
    "Levers come in the order of how much they change this in the baseline, from the lowest to the highest value of "
    "each, over the whole run. Those that change it by less than a tenth, or not surely, are folded away at the end. "
    "The curve below a lever shows the mean over the worlds as the lever goes through its range on your scenario, with "
    "the same luck. All curves have the same scale; the dot is where the slider is, and the numbers are at both ends."
)
_DRAWN: Final = "curves"  # the last complete curves: of which group, and by lever
_OPENED: Final = "opened"  # groups and outcomes whose folded levers were shown because the visitor changed one
_POLL: Final = 0.5  # seconds between looks at the job
_REST: Final = 1.0  # seconds that the page must have been complete: whoever moves on at once starts nothing


def draw(state: State, group: str) -> None:
    """Draw the levers of a group, with the choice of the outcome above them."""
    outcome = state.outcome
    st.selectbox(
        "Order and curves by", RANKED, RANKED.index(outcome), format_func=label, help=HELP,
        **state_input(OUTCOME, outcome, session.order_by),
    )  # fmt: skip
    st.caption(_about(state))
    names = [lever.name for lever in levers.groups()[group]]
    main, folded = lever_effects.saved().ordered(names, outcome)
    found = _Curves(state, group, outcome)
    for name in main:
        levers.draw(state, every_lever()[name], found.html)
    if folded:
        opened = _opened(state, group, outcome, folded) or not main
        with st.expander(f"{LITTLE} ({len(folded)})", expanded=opened, key=f"little:{group}:{outcome}"):
            for name in folded:
                levers.draw(state, every_lever()[name], found.html)
    found.follow()


class _Curves:
    """The curves of one group in a state; until they are computed, those of before the visitor's last move."""

    def __init__(self, state: State, group: str, outcome: str) -> None:
        self.state, self.levers, self.outcome = state, levers.groups()[group], outcome
        self.found = lever_responses.known(state, self.levers)
        self.complete = len(self.found) == len(self.levers)
        if self.complete:
            st.session_state[_DRAWN] = group, self.found
        known, last = st.session_state.get(_DRAWN, ("", {}))
        self.before: Mapping[str, Response] = last if known == group else {}
        shown = self.before | self.found
        self.scale = lever_curve.scale_of(shown.values(), outcome)

    def html(self, lever: Lever, at: float | None) -> str:
        """Return the curve of a lever. at: where its slider is, None for a yes or no."""
        found = self.found.get(lever.name)
        shown = found or self.before.get(lever.name)
        return lever_curve.draw(lever, shown, self.outcome, self.scale, at, old=found is None)

    def follow(self) -> None:
        """Draw how far the curves are, below all levers; the page is drawn again when they are complete."""
        error = lever_responses.failed(self.state, self.levers)
        if error:
            st.caption(display.plain(f"No curves: {error}.", 400))
        elif not self.complete:
            with st.container():  # the fragment must be alone in its container: see `live_refresh`
                _progress(self.levers, time.monotonic())


@st.fragment(run_every=_POLL)
def _progress(some: Sequence[Lever], drawn: float) -> None:
    """Draw the progress of the curves. They are begun once the page rests and nothing else runs.

    some: the levers that are shown; drawn: when the page was, on the monotonic clock.
    """
    state = session.current()
    answering = session.answering()

    def waits() -> bool:
        return answering() or time.monotonic() < drawn + _REST

    if waits():
        st.caption("The curves follow.")
        idle_fragments.skip_while(idle_fragments.current(), waits)
        return
    if len(lever_responses.known(state, some)) == len(some):
        st.rerun()
    job = lever_responses.begin(state, some)
    if job.error:
        st.rerun()  # the page says why there are no curves
    st.caption(f"Running the curves: {formatting.share(job.share)}")


def _about(state: State) -> str:
    """Return what the order and the curves rest on, Markdown."""
    known = state.origin().hash() == shipped(REFERENCE).hash()
    order = "" if known else "Ordered by what each lever does in the baseline. "
    return f"{order}Curves: mean of {lever_responses.worlds(state)} worlds over each lever's range. {NOT_A_FORECAST}"


def _opened(state: State, group: str, outcome: str, folded: Sequence[str]) -> bool:
    """Return whether the levers that do little are shown: one of them is changed by the scenario or the visitor.

    Once the visitor has changed one they stay, so that taking the change back does not close them.
    """
    known: set[tuple[str, str]] = st.session_state.setdefault(_OPENED, set())
    if any(state.changed(name) is not None for name in folded):
        known.add((group, outcome))
    differ = dict(differences(state.origin(), state.reference()))
    return (group, outcome) in known or any(every_lever()[name].label in differ for name in folded)
