"""Everything about the exercise as a whole: back to a round, a copy, its files, its secret, its end."""

from functools import partial

import streamlit as st

from dashboard.classroom import actions, credentials, server_config, setup
from dashboard.classroom.server_config import classroom
from dashboard.render import display
from sim.exercise.views import TeacherView


def draw(view: TeacherView) -> None:
    """Draw it."""
    _back(view)
    _files(view)
    _secret()
    with st.expander("Another exercise", key="another"):
        setup.form()
    _end(view)


def _back(view: TeacherView) -> None:
    with st.expander("Back to a round, or a copy from there", key="back"):
        st.markdown(
            "Going back starts the round anew with everything before it; what was played stays in the log. A copy is a "
            "second exercise with its own secret and codes."
        )
        last = view.played + (view.phase in ("open", "closed"))
        if not last:
            st.markdown("No round has begun yet.")
            return
        rounds = list(range(1, min(last, view.settings.rounds) + 1))
        chosen = st.selectbox("Before round", rounds, len(rounds) - 1, key=f"back-to-{len(rounds)}")
        with st.container(horizontal=True):
            st.button("Go back", key="rewind", type="primary", on_click=_rewind, args=(chosen,))
            st.button("Make a copy", key="fork", on_click=_fork, args=(chosen,))


def _rewind(to: int) -> None:
    actions.attempt(partial(classroom().rewind, credentials.secret(), to), f"Back before round {to}")


def _fork(at: int) -> None:
    def act() -> None:
        made = classroom().fork(credentials.secret(), at)
        credentials.hold_secret(made.secret)

    actions.attempt(act, "This is the copy; the first one keeps its own secret")


def _files(view: TeacherView) -> None:
    with st.expander("Scenario files", key="files"):
        if not view.played:
            st.markdown("There is one a group once a round is played; `jirga run` on it gives the same world.")
            return
        st.markdown("One a group: `jirga run` on it gives the same world.")
        for name, content in classroom().export(credentials.secret()).items():
            st.download_button(
                display.plain(name), content, name, "application/toml", key=f"file-{name}",
                on_click="ignore",
            )  # fmt: skip


def _secret() -> None:
    with st.expander("The teacher's link and secret", key="secret"):
        st.markdown(
            "Whoever has it can do everything on this page. The link is answered with a cookie, so that this browser "
            "opens the exercise again, also after the server was started anew, and nothing stands in the address."
        )
        st.code(credentials.secret(), language=None)
        st.link_button(
            "Remember it in this browser",
            server_config.own_link(server_config.TEACH, {credentials.KEY: credentials.secret()}),
        )
        st.link_button("Forget it in this browser", server_config.own_link(server_config.TEACH, {credentials.KEY: ""}))


def _end(view: TeacherView) -> None:
    with st.expander("Delete the exercise", key="end"):
        st.markdown("Everything goes for good: the log, the codes, the forecasts. Save the review first.")
        sure = st.checkbox("Yes, delete it", key=f"sure-{view.exercise}")
        st.button("Delete", key="delete", disabled=not sure, on_click=_delete)


def _delete() -> None:
    if actions.attempt(partial(classroom().delete, credentials.secret()), "The exercise is deleted"):
        credentials.hold_secret("")
