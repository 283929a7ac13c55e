"""The page Studies: a study on disk, finished or running: its progress, its results so far, and its downloads."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.render import display, export, page_report
from dashboard.render.wrapped_table import wrapped_table
from dashboard.runs import study_folders
from sim.charts.theme import Spec
from sim.errors import InputError
from sim.export.page_parts import Collapsible, Figure, Listing, Paragraph, Part, Table, text_of
from sim.files.file_names import nearest_name
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.study.cells import cells_csv
from sim.study.folder import Folder
from sim.study.handout import check_handout, handout_page
from sim.study.outcome_view import OutcomeView
from sim.study.plan_reader import plan_names, read_plan
from sim.study.progress_rate import span, speed
from sim.study.report import about, fans, headlines, report_html
from sim.study.sections import section
from sim.study.status import Status, status
from sim.study.summary import Summary, summarise

NAME: Final = "study"  # the query parameter with the study's name
LOOK: Final = 3.0  # seconds between checks of a running study
KEPT: Final = 4  # summaries kept in memory
_CHAPTER: Final = 2  # the level of the headings between which the page folds what is not about the outcome
SHORT: Final = 24  # rows of a table that is shown in full; a longer table scrolls in a frame
STYLE: Final = """<style>
h2 {font-size: 1.5rem !important;} h3 {font-size: 1.25rem !important;} h4 {font-size: 1.05rem !important;}
</style>"""
HOW: Final = """\
A study is a plan in a file, run by a command: thousands of worlds at many settings, stored in a folder. To make one:

```text
jirga study check pace-of-releases
jirga study run pace-of-releases --out results/pace
```

Then choose it here. Studies are searched for in the folder in which the dashboard was started; `jirga dashboard
--studies DIR` sets another folder."""


def page() -> None:
    """Draw the page."""
    st.html(STYLE)
    st.markdown("# Studies")
    found = study_folders.studies()
    if not found:
        st.info("There is no study here yet.", icon=":material/folder_open:")
        st.markdown(HOW)
        st.markdown("## Studies that come with Jirga")
        st.html(wrapped_table("Studies that come with Jirga", _shipped()))
        return
    name = _pick(found)
    try:
        folder = study_folders.take(name)
        _study(folder, name)
    except InputError as error:
        _refused(error)


def _shipped() -> dict[str, list[str]]:
    """Return the plans that come with Jirga: what each asks, and the name to run it by."""
    plans = {name: read_plan(name) for name in plan_names()}
    return {
        "study": [plan.title for plan in plans.values()],
        "question": [plan.question for plan in plans.values()],
        "command": [f"jirga study run {name} --out results/{name}" for name in plans],
    }


def _refused(error: InputError) -> None:
    """Draw the reason why a study cannot be shown."""
    st.error(f"This study cannot be shown. {display.plain(str(error), 700)}", icon=":material/error:")


def _pick(found: Sequence[str]) -> str:
    """Draw the choice of a study, and return its name; the link names it too."""
    asked = st.query_params.get(NAME)
    if asked is not None and asked not in found:
        st.error(f"There is no study {display.plain(asked)} under the dashboard's folder.", icon=":material/error:")
    if st.session_state.get(NAME) not in found:
        st.session_state[NAME] = asked if asked in found else found[0]
    name: str = st.selectbox("Study", found, key=NAME, format_func=lambda one: one if one != "." else "this folder")
    st.query_params[NAME] = name
    return name


def _study(folder: Folder, name: str) -> None:
    """Draw one study."""
    st.markdown(f"## {display.plain(folder.plan.title)}")
    if folder.plan.question:
        st.markdown(display.plain(folder.plan.question, 1000))
    state = status(folder)
    _progress(folder, state)
    if not state.units_done:
        st.info("No part of this study is done yet.", icon=":material/hourglass_empty:")
        return
    with st.spinner(f"Reading {state.units_done:,} parts"):
        summary = _summary(folder.path, state.units_done, state.bytes)
    drawn = _Parts(name)
    first = headlines(summary)
    choices = [*first, *(one for one in summary.outcomes if one not in first)]
    labels = {name: summary.plan.outcome(name).label for name in choices}
    outcome = st.selectbox("Outcome", choices, key="study-outcome", format_func=labels.__getitem__)
    problems, *others = _chapters(about(folder, summary))
    drawn.put(problems)
    drawn.put(section(OutcomeView(summary, outcome)))
    for parts in (*others, *_chapters(fans(summary))):
        drawn.fold(parts)
    _take_away(folder, summary, name)


def _progress(folder: Folder, state: Status) -> None:
    """Draw the progress, updated regularly while a run is active."""
    if state.running is None:
        _bar(state)
        if not state.complete:
            st.caption(
                f"Not complete and not running. Resume with jirga study run --out {display.plain(str(folder.path))}"
            )
        return
    st.session_state["study-seen"] = state.units_done

    @st.fragment(run_every=LOOK)
    def follow() -> None:
        try:
            now = status(folder)
        except InputError as error:  # the folder may vanish at any time; page() does not enclose a later fragment run
            _refused(error)
            return
        _bar(now)
        ended = now.running is None
        if ended or now.units_done > st.session_state["study-seen"]:
            label = "The run has ended: show all results" if ended else "Show new results"
            if st.button(label, icon=":material/refresh:", key="study-again"):
                st.rerun()

    with st.container():  # the fragment must be alone in its container: see `live_refresh`
        follow()


def _bar(state: Status) -> None:
    share = state.rows_done / max(state.rows, 1)
    shown = f"{state.rows_done:,} of {state.rows:,} worlds, {state.units_done:,} of {state.units:,} parts"
    if state.running is not None:
        shown += " · running"
        if state.rate and state.left is not None:
            shown += f", {speed(state.rate)}, {span(state.left)} left"
    st.progress(min(share, 1.0), shown)


@lru_cache(maxsize=KEPT)
def _summary(path: Path, units_done: int, size: int) -> Summary:
    """Return the summary of a study, cached. units_done, size: part of the key, so that a grown study is read again."""
    del units_done, size
    return summarise(Folder.open(path))


def _chapters(parts: Iterable[Part]) -> list[list[Part]]:
    """Return parts by their headings of the second level: first those before any heading, then each with its own."""
    found: list[list[Part]] = [[]]
    for part in parts:
        if isinstance(part, Paragraph) and part.level == _CHAPTER:
            found.append([])
        found[-1].append(part)
    return found


class _Parts:
    """Draws the parts of a report on the page."""

    def __init__(self, name: str) -> None:
        self.name, self.count = name, 0

    def fold(self, parts: Sequence[Part]) -> None:
        """Draw a chapter that can be opened: its heading names it."""
        if not parts:
            return
        heading, *rest = parts
        if isinstance(heading, Paragraph):
            with st.expander(display.plain(heading.text)):
                self.put(rest, folded=True)

    def put(self, parts: Iterable[Part], *, folded: bool = False) -> None:
        """Draw the parts by kind; no markup in their text is interpreted. folded: whether they can be folded away."""
        for part in parts:
            self.count += 1
            match part:
                case Paragraph():
                    _say(part)
                case Figure():
                    self._chart(part.spec)
                case Table():
                    self._table(part)
                case Listing():
                    st.code(part.text, language=None, wrap_lines=True)
                case Collapsible() if folded:  # what is folded is not folded again
                    st.markdown(f"**{display.plain(part.summary)}**")
                    self.put(part.parts)
                case Collapsible():
                    with st.expander(display.plain(part.summary)):
                        self.put(part.parts)

    def _chart(self, spec: Spec) -> None:
        page_report.draw(export.Figure("", spec, {}), key=f"study-{self.name}-{self.count}")

    def _table(self, part: Table) -> None:
        if part.caption:
            st.markdown(f"**{display.plain(part.caption)}**")
        heads, alt = _different([head.lstrip(">") for head in part.heads]), part.caption or "Table"
        if len(part.rows) <= SHORT:  # in full, because a frame cuts long words off
            columns = zip(*[[text_of(cell) for cell in row] for row in part.rows], strict=True)
            st.html(wrapped_table(alt, dict(zip(heads, columns, strict=True))))
            return
        frame = pd.DataFrame([[text_of(cell) for cell in row] for row in part.rows], columns=heads)
        st.dataframe(frame, hide_index=True, key=f"study-table-{self.name}-{self.count}", alt=alt)


def _different(heads: Sequence[str]) -> list[str]:
    """Return distinct column names: a repeated one gets the name of the column before it in brackets."""
    found: list[str] = []
    for i, head in enumerate(heads):
        found.append(f"{head} ({heads[i - 1]})" if head in found and head else head or " " * (i + 1))
    return found


def _say(part: Paragraph) -> None:
    text = display.plain(part.text, 4000)
    if part.level:
        st.markdown(f"{'#' * (part.level + 1)} {text}")  # one level below the study's own title
    elif part.kind == "note":
        st.warning(text, icon=":material/info:")
    else:
        (st.caption if part.kind == "small" else st.markdown)(text)


def _to_hand_out(folder: Folder) -> bool:
    """Return whether the study can become a hand-out: a complete grid of few settings."""
    try:
        check_handout(folder.plan)
    except InputError:
        return False
    return not folder.missing()


def _take_away(folder: Folder, summary: Summary, name: str) -> None:
    """Draw the download buttons, and the command for the tables of all worlds."""
    st.divider()
    file = nearest_name(name, "study")
    page, table, handout = st.columns(3)
    page.download_button(
        "Report as one offline HTML file", lambda: report_html(folder), f"{file}.html", "text/html",
        on_click="ignore", key="study-report",
    )  # fmt: skip
    table.download_button(
        "Means and effects as CSV", lambda: cells_csv(summary), f"{file}.csv", "text/csv",
        on_click="ignore", key="study-cells",
    )  # fmt: skip
    if _to_hand_out(folder):
        handout.download_button(
            "Hand-out with sliders, for phones", lambda: handout_page(folder), f"{file}-handout.html", "text/html",
            on_click="ignore", key="study-handout",
        )  # fmt: skip
    st.caption("All worlds of the study, as tables:")
    place = display.plain(str(folder.path))
    st.markdown(f"`jirga study export` {place} `--format csv --out TABLES`")
    st.caption(display.plain(NOT_A_FORECAST))
