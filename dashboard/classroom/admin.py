"""The tab More of the teacher's page: go back, copy, other exercises, scenario files, secret, delete."""

import datetime as dt
from functools import partial
from typing import Final

import streamlit as st

from dashboard.classroom import actions, credentials, server_config, setup
from dashboard.classroom.server_config import classroom
from dashboard.render import display
from sim.exercise.views import TeacherView

_COPIES: Final = "class-copies"  # title and secret of each copy that this page has made
_WHEN: Final = "%Y-%m-%d, %H:%M"


def draw(view: TeacherView) -> None:
    """Draw the tab."""
    _back(view)
    _exercises(view)
    _files(view)
    _secret()
    with st.expander("Create another exercise", key="another"):
        setup.form()
    _end(view)


def _back(view: TeacherView) -> None:
    with st.expander("Back to a round, or copy from a round", key="back"):
        st.markdown(
            "Going back starts the round again and keeps everything before it. Every phone says so. What was played "
            "stays in the log, and the review shows it beside what is played now. A copy is a second exercise with its "
            "own secret and codes; this page stays where it is."
        )
        last = view.played + (view.phase in ("open", "closed"))
        if not last:
            st.markdown("No round has begun yet.")
            return
        rounds = list(range(1, min(last, view.settings.rounds) + 1))
        chosen = st.selectbox("Before round", rounds, len(rounds) - 1, key=f"back-to-{len(rounds)}")
        st.button("Make a copy", key="fork", on_click=_fork, args=(chosen,))
        sure = st.checkbox(
            f"Yes, go back before round {chosen}: {_given_up(view, chosen)}", key=f"back-sure-{view.take}-{chosen}"
        )
        st.button("Go back", key="rewind", type="primary", disabled=not sure, on_click=_rewind, args=(chosen,))


def _given_up(view: TeacherView, to: int) -> str:
    """Return what going back gives up, in words."""
    played = range(to, view.played + 1)
    begun = [str(number) for number in played] + ([str(view.round)] if view.phase in ("open", "closed") else [])
    numbers = " and ".join(dict.fromkeys((begun[0], begun[-1]))) if begun else str(to)
    many = len(begun) > 1
    shown = numbers if len(begun) < 3 else f"{begun[0]} to {begun[-1]}"
    return f"round{'s' * many} {shown} no longer count{'' if many else 's'}"


def _rewind(to: int) -> None:
    actions.attempt(partial(classroom().rewind, credentials.secret(), to), f"Back before round {to}")


def _fork(at: int) -> None:
    def act() -> None:
        made = classroom().fork(credentials.secret(), at)
        title = classroom().teacher(made.secret).settings.title
        st.session_state.setdefault(_COPIES, []).append((title, made.secret))

    actions.attempt(act, "The copy is made; this page still leads the original. See Other exercises")


def _exercises(view: TeacherView) -> None:
    """Draw the exercises that this page may open: its copies and, on the teacher's own computer, all in the file."""
    with st.expander("Other exercises", key="exercises"):
        st.markdown(f"This page leads **{display.plain(view.settings.title)}**, exercise `{view.exercise}`.")
        copies = st.session_state.get(_COPIES, [])
        for number, (title, secret) in enumerate(copies):
            st.button(
                f"Open the copy “{display.plain(title)}”", key=f"copy-{number}", on_click=_open, args=(secret,),
                disabled=secret == credentials.secret(),
            )  # fmt: skip
        if server_config.on_network():
            st.markdown(
                "`jirga exercise list` names all exercises of this computer. `jirga class serve` leads the one used "
                "last, and `jirga class serve --exercise ID` another."
            )
            return
        listed(view.exercise)


def listed(here: str = "") -> None:
    """Draw the exercises in the file, the one used last first: only on the computer of the file's owner."""
    for one in classroom().listed():
        when = dt.datetime.fromtimestamp(one.used or one.created).astimezone().strftime(_WHEN)
        used = when if one.used else "not used yet"
        words = f"{one.title}, round {min(one.played + 1, one.rounds)} of {one.rounds}, {one.students} students, {used}"
        st.button(
            display.plain(words), key=f"open-{one.exercise}", on_click=_open_listed, args=(one.exercise,),
            disabled=one.exercise == here,
        )  # fmt: skip


def _open(secret: str) -> None:
    credentials.hold_secret(secret)


def _open_listed(exercise: str) -> None:
    actions.attempt(lambda: credentials.hold_secret(classroom().secret(exercise)), "This page leads it now")


def _files(view: TeacherView) -> None:
    with st.expander("Scenario files", key="files"):
        if not view.played:
            st.markdown("After each round there is one file per group; `jirga run` on it gives the same world.")
            return
        st.markdown("One file per group; `jirga run` on it gives the same world.")
        for name, content in classroom().export(credentials.secret()).items():
            st.download_button(
                display.plain(name), content, name, "application/toml", key=f"file-{name}",
                on_click="ignore",
            )  # fmt: skip


def _secret() -> None:
    with st.expander("The teacher's link and secret", key="secret"):
        st.markdown(
            "Anyone who has it can do everything on this page. Opening the link stores a cookie: this browser then "
            "opens the exercise again, even after a restart of the server, and the address does not show the secret."
        )
        st.code(credentials.secret(), language=None)
        st.link_button(
            "Remember it in this browser",
            server_config.own_link(server_config.TEACH, {credentials.KEY: credentials.secret()}),
        )
        st.link_button("Forget it in this browser", server_config.own_link(server_config.TEACH, {credentials.KEY: ""}))


def _end(view: TeacherView) -> None:
    with st.expander("Delete the exercise", key="end"):
        st.markdown("This permanently deletes everything: the log, the codes and the forecasts. Save the review first.")
        sure = st.checkbox("Yes, delete it", key=f"sure-{view.exercise}")
        st.button("Delete", key="delete", disabled=not sure, on_click=_delete)


def _delete() -> None:
    if actions.attempt(partial(classroom().delete, credentials.secret()), "The exercise is deleted"):
        credentials.hold_secret("")
