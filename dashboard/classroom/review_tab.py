"""The joint review on the teacher's page: made by one click, shown, and kept as files."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, get_args

import streamlit as st

from dashboard.classroom import actions, credentials, reflection
from dashboard.classroom.server_config import classroom
from dashboard.render.export import file_name
from sim.exercise.views import TeacherView

_MADE: Final = "review-made"  # what it looks back on, the review, its page, the tables as one file: twice
_ASKED: Final = "review-asked"  # the review that is to be made
_TAKING: Final = "Removing each decision in turn, with the same luck"
_ROWS: Final = ("A row per student as CSV", "The same for Excel with semicolons")
HEIGHT: Final = 900  # pixels of the review inside the page


def draw(view: TeacherView) -> None:
    """The button, and the review once it is made."""
    st.markdown(
        "Where each group's world diverged from the baseline and from the others, what each decision did, what each "
        "side got by its own aims, the class's forecasts, and what the text records; in the data, a row per student."
    )
    reflection.tell(view)
    _students(view)
    wanted = (view.exercise, view.take, view.played)
    st.button(
        "Make the review", type="primary", key="review-make", disabled=not view.played, on_click=_ask, args=(wanted,)
    )
    if st.session_state.get(_ASKED) == wanted:  # still, if news of the class broke off the page that was making it
        actions.attempt(lambda: _make(wanted))
        del st.session_state[_ASKED]
        actions.tell()
    made, review, page, tables, excel = st.session_state.get(_MADE, (None, None, "", b"", b""))
    if made != wanted:
        return
    if review.revealed != view.revealed:  # the aims were revealed after the review was made
        from sim.exercise.review_page import page as page_of

        review = replace(review, revealed=view.revealed)
        page = page_of(review)
        st.session_state[_MADE] = (made, review, page, tables, excel)
    if not view.revealed:
        st.markdown("The page has no aims of the seats until you reveal them; the data have them in `aims.csv`.")
    with st.container(horizontal=True):
        for label, data, kind, ending in (
            ("Review as one HTML page", page, "review", "html"),
            ("All data as CSV", tables, "review", "zip"),
            ("CSV for Excel with semicolons", excel, "review-excel", "zip"),
        ):
            name = file_name(view.settings.title, kind, ending=ending)
            st.download_button(label, data, name, key=f"{kind}-{ending}", on_click="ignore")
    st.iframe(page, height=HEIGHT)


def _students(view: TeacherView) -> None:
    """Draw the buttons for the rows per student as they are now, with answers that came after the review was made."""
    if view.phase != "over":
        return
    from sim.exercise.review_tables import student_rows  # pyarrow only when it is needed
    from sim.export.run_folder import Decimal

    rows = classroom().students(credentials.secret())
    with st.container(horizontal=True):
        for decimal, label in zip(get_args(Decimal), _ROWS, strict=True):
            name = file_name(view.settings.title, f"students-{decimal}", ending="csv")
            st.download_button(label, student_rows(rows, decimal), name, key=f"students-{decimal}", on_click="ignore")


def _ask(wanted: tuple[str, int, int]) -> None:
    st.session_state[_ASKED] = wanted


def _make(wanted: tuple[str, int, int]) -> None:
    """Work it out, with a bar. Raises InputError."""
    from sim.exercise.review_page import page  # charts only when a review is made
    from sim.exercise.review_tables import csv_files
    from sim.export.run_folder import Decimal

    bar = st.progress(0.0, _TAKING)
    try:
        review = classroom().review(credentials.secret(), lambda done, of: _fill(bar, done / of))
        tables = (zipped(csv_files(review, decimal)) for decimal in get_args(Decimal))
        st.session_state[_MADE] = (wanted, review, page(review), *tables)
    finally:
        bar.empty()


def _fill(bar: Any, share: float) -> None:
    bar.progress(share, _TAKING)


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    """Files as one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()
