"""How far a background job is, drawn until what the page waits for is there."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from dashboard.render import display
from dashboard.runs.background_job import BackgroundJob
from sim.schema import formatting

_POLL: Final = 0.5  # seconds between checks of the job


def wait_for(job: BackgroundJob, ready: Callable[[], bool], text: str) -> None:
    """Draw how far a job is; the page is drawn again when it is ready. text: what the job does."""
    if ready():
        st.rerun()  # it was finished while the page was being drawn
    if job.running:
        with st.container():  # the fragment must be alone in its container: see `live_refresh`
            _progress(job, ready, text)
    else:
        st.error(display.plain(f"{text}: {job.error or 'stopped'}.", 700), icon=":material/error:")


@st.fragment(run_every=_POLL)
def _progress(job: BackgroundJob, ready: Callable[[], bool], text: str) -> None:
    """Draw the progress of the job, updated regularly."""
    if not job.running or ready():
        st.rerun()
    st.progress(min(job.share, 1.0), text=f"{text}: {formatting.share(job.share)}")
