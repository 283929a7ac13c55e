"""A page that is drawn and recorded: the offline file has the same parts as the screen."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st

from dashboard.render import charts, display, export
from dashboard.render.export import Columns, Figure, Paragraph, Part, Provenance, Table
from dashboard.render.wrapped_table import wrapped_table
from sim.charts.theme import Spec
from sim.schema.disclaimer import NOT_A_FORECAST

SAME_NUMBERS: Final = "Command that gives the same numbers"
FILE: Final = "scenario.toml"  # the file name in a command, for a scenario that does not ship with Jirga


class PageReport:
    """One page. Text given to it comes from a user or from the engine: no markup in it is interpreted."""

    def __init__(self, title: str, provenance: Provenance, *, about_command: str = SAME_NUMBERS) -> None:
        """title: of the page; provenance: of the runs shown on it; about_command: what its command gives."""
        self.title, self.provenance, self.about_command = title, provenance, about_command
        self.parts: list[Part] = []

    def heading(self, text: str) -> None:
        """Draw and record a heading."""
        st.markdown(f"## {display.plain(text)}")
        self.parts.append(Paragraph(text, 2))

    def paragraph(self, text: str, *, small: bool = False) -> None:
        """Draw and record a paragraph."""
        (st.caption if small else st.markdown)(display.plain(text, 4000))
        self.parts.append(Paragraph(text))

    def remember(self, *parts: Part) -> None:
        """Record parts for the offline file that the page has drawn by other means."""
        self.parts += parts

    def chart(self, name: str, spec: Spec, data: Columns, *, keep: bool = True) -> None:
        """Draw and record a chart with its downloads. name: of its files and its widget key; data: what it draws."""
        figure = Figure(name, spec, data)
        draw(figure, key=f"chart-{name}")
        self.downloads(figure)
        if keep:
            self.parts.append(figure)

    def downloads(self, figure: Figure) -> None:
        """Draw the download buttons of a chart; the files are made on request."""
        provenance, name = self.provenance, (self.provenance.scenario.name or "scenario", figure.name)
        with st.expander("Export chart", icon=":material/download:", type="compact", width=220):
            for label, ending, mime, make in (
                ("SVG", "svg", "image/svg+xml", lambda: export.chart_svg(figure)),
                ("PNG", "png", "image/png", lambda: export.chart_png(figure)),
                ("Data as CSV", "csv", "text/csv", lambda: export.csv_text(figure.data, provenance)),
            ):
                file = export.file_name(*name, ending=ending)
                key = f"save-{figure.name}-{ending}"
                st.download_button(label, make, file, mime, key=key, on_click="ignore", width="stretch")

    def wrapped(self, name: str, data: Columns) -> None:
        """Draw and record a table that is read as a whole: its cells wrap, and nothing is cut at any width."""
        st.html(wrapped_table(name, {column: export.listed(values) for column, values in data.items()}))
        self.parts.append(Table(name, data))

    def table(
        self, name: str, data: Columns, *, config: dict[str, Any] | None = None, height: Any = "content",
        choose: bool = False,
    ) -> int | None:  # fmt: skip
        """Draw and record a table to search and sort, in a frame that cuts long cells. data: the cells, by column.

        choose: whether a row can be chosen. Returns the chosen row, None for none.
        """
        import pandas as pd

        frame = pd.DataFrame({column: export.listed(values) for column, values in data.items()})
        shown: Any = {
            "hide_index": True,
            "key": f"table-{name}",
            "column_config": config,
            "height": height,
            "alt": name,
        }
        self.parts.append(Table(name, data))
        if not choose:
            st.dataframe(frame, **shown)
            return None
        picked: Any = st.dataframe(frame, on_select="rerun", selection_mode="single-row", **shown)
        return next(iter(picked.selection.rows), None)

    def close(self, address: str = "") -> None:
        """Draw the bottom of the page: link, command, scenario file, offline page. address: of the dashboard."""
        provenance, parts, address = self.provenance, tuple(self.parts), address or root()
        needs_file = FILE in provenance.command.split()
        name = FILE if needs_file else export.file_name(provenance.scenario.name or "scenario", ending="toml")
        st.divider()
        st.caption(display.plain(f"{NOT_A_FORECAST} {provenance.line}", 2000))
        share = st.expander("Share and export this page", icon=":material/ios_share:", key="share", on_change="rerun")
        if not share.open:
            return
        with share:
            st.markdown("Link to this page")
            st.code(f"{address}{provenance.link}", language=None, wrap_lines=True)
            st.markdown(self.about_command)
            st.code(provenance.command, language=None, wrap_lines=True)
            if needs_file:
                st.caption(display.plain(f"{FILE} is the scenario file below."))
            page, file = st.columns(2)
            page.download_button(
                "Page as one offline HTML file",
                lambda: export.page_html(self.title, parts, provenance),
                export.file_name("jirga", self.title, provenance.scenario.name, ending="html"),
                "text/html",
                on_click="ignore",
                key=f"save-page-{self.title}",
            )
            file.download_button(
                "Scenario as TOML",
                lambda: export.scenario_toml(provenance.scenario),
                name,
                "application/toml",
                on_click="ignore",
                key=f"save-toml-{self.heading}",
            )


def root() -> str:
    """Return the address of the dashboard, for links that can be shared; "" without a browser."""
    parts = urlsplit(str(st.context.url or ""))
    return f"{parts.scheme}://{parts.netloc}/" if parts.netloc else ""


def draw(figure: Figure, *, key: str, height: int | None = None) -> None:
    """Draw the chart below its title and subtitle, which are text on the page."""
    title = figure.spec["title"]
    st.markdown(f"**{display.plain(_joined(title['text']))}**")
    if "subtitle" in title:
        st.caption(display.plain(_joined(title["subtitle"]), 1000))
    charts.draw(figure.spec, key, height=height)


def _joined(lines: str | Sequence[str]) -> str:
    return lines if isinstance(lines, str) else " ".join(lines)
