"""The teacher's desk: the buttons for the next step, who is present, and the other tabs."""

from collections.abc import Callable
from functools import partial
from typing import Final

import streamlit as st

from dashboard.classroom import (
    actions,
    admin,
    credentials,
    deadline,
    html,
    injects,
    invite,
    quiz,
    review_tab,
    server_config,
    students,
)
from dashboard.classroom.server_config import classroom
from dashboard.render import display
from sim.exercise import questions
from sim.exercise.assessment_views import Reason
from sim.exercise.settings import MINUTES
from sim.exercise.views import ClassForecast, GroupView, SeatState, TeacherView
from sim.schema import formatting

TABS: Final = ("Room", "Invite", "News", "Injects", "Forecasts", "Review", "More")
QUIZ: Final = "Quiz"  # a tab more, if the exercise has one


def draw(view: TeacherView, follow: Callable[[TeacherView], None]) -> None:
    """Draw the desk. follow: draws the round, its phase and the clock, and keeps the page up to date."""
    follow(view)
    with st.container():  # also when there is nothing to say: what follows keeps its place
        actions.tell()
    _steps(view)
    with st.container():
        if everybody_is_in(view):
            st.info("Everybody who is present has answered the questions of this round.")
        if view.quiz is not None and (words := quiz.progress(view.quiz, _students(view))):
            st.info(words)
    names = TABS if view.quiz is None else (*TABS, QUIZ)
    in_room, invitations, shown, events, forecasts, review, more, *own = st.tabs(names, key="desk-tabs")
    with in_room:
        st.html("".join(_group(one) for one in view.groups) + _watchers(view))
        _fill(view)
        students.draw(view)
    with invitations:
        _invite(view)
    with shown:
        group = _choose(view, "news-of")
        st.html(html.situation(group.situation) + "<h2>News</h2>" + html.news(group.news))
        st.html("<h2>Public statements</h2>" + html.statements(group.statements))
    with events:
        injects.draw(view)
    with forecasts:
        _forecasts(view)
    with review:
        review_tab.draw(view)
    with more:
        admin.draw(view)
    if view.quiz is not None:
        with own[0]:
            st.html(quiz.counts(view.quiz))


def _students(view: TeacherView) -> int:
    """Return how many students have joined, without those removed."""
    seats = [seat for group in view.groups for seat in group.seats] + [seat for _, seat in view.watchers]
    return sum(seat.students for seat in seats)


def _steps(view: TeacherView) -> None:
    """Draw the buttons for the next steps, the most likely one first."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="steps"):
        if view.phase == "waiting":
            _button(f"Open round {view.round}", partial(_open, ()), primary=True, able=not view.frozen)
        if view.phase == "closed":
            _play(view, primary=True)
            _button(
                "Reopen the round", partial(_open, tuple(one.question for one in view.questions)), able=not view.frozen
            )
        if view.phase == "open":
            _play(view, primary=True)
            _button("Close the round", lambda: classroom().close(credentials.secret()))
        if view.phase != "over":
            if view.frozen:
                _button("Start the clock", lambda: classroom().thaw(credentials.secret()), primary=True)
            elif view.phase == "open":
                _button("Stop the clock", lambda: classroom().freeze(credentials.secret()))
            _pace(view)
        if view.phase == "waiting":
            _questions(view)
        if view.phase == "over":
            _reveal(view)


def _reveal(view: TeacherView) -> None:
    """Draw the step of the debrief that reveals to all what every side wanted."""
    if view.revealed:
        st.markdown("The aims are revealed: the projector has them under Aims, phones under Briefing.")
        return
    _button("Reveal the aims", lambda: classroom().reveal(credentials.secret()), primary=True)
    st.markdown("Until then every phone shows the aims of its own seat only.")


def everybody_is_in(view: TeacherView) -> bool:
    """Return whether every student who is present has answered every question of an open round."""
    if view.phase != "open" or not any(one.open for one in view.questions):
        return False
    seats = [seat for group in view.groups for seat in group.seats]
    return any(seat.present for seat in seats) and all(seat.predictions >= seat.present for seat in seats)


def _button(label: str, act: Callable[[], object], *, primary: bool = False, able: bool = True) -> None:
    st.button(
        label, type="primary" if primary else "secondary", key=f"step-{label}", disabled=not able,
        on_click=actions.do, args=(act,),
    )  # fmt: skip


def _open(asked: tuple[str, ...]) -> None:
    chosen = tuple(st.session_state.get("questions", ())) or asked
    classroom().open_round(credentials.secret(), chosen)


def _play(view: TeacherView, *, primary: bool) -> None:
    """Draw the button that plays the round; the engine takes a moment."""
    label = f"Play round {view.round}"
    if st.button(label, type="primary" if primary else "secondary", key=f"step-{label}", disabled=view.frozen):
        with st.spinner("Playing the round in every group"):
            actions.attempt(lambda: classroom().play(credentials.secret()), f"Round {view.round} is played")
        st.rerun()


def _pace(view: TeacherView) -> None:
    with st.popover("Pace", key="pace"):
        st.number_input(
            "Minutes per round", *MINUTES, value=view.settings.minutes, step=1.0, key="pace-minutes", format="%g",
            placeholder="no limit", help="An open round gets this many minutes from now on. Empty: no limit.",
        )  # fmt: skip
        st.button("Set the pace", key="pace-set", on_click=actions.do, args=(_set_pace, "The pace is set"))
        deadline.draw(view)


def _set_pace() -> None:
    classroom().pace(credentials.secret(), st.session_state["pace-minutes"])


def _questions(view: TeacherView) -> None:
    if not view.settings.questions:
        return
    with st.popover("Questions", key="questions-of-round"):
        st.multiselect(
            "What students forecast in this round", questions.bank(), key="questions", max_selections=questions.MOST,
            format_func=lambda name: name.replace("_", " "), placeholder="The model picks open questions",
        )  # fmt: skip


def _group(group: GroupView) -> str:
    """Return who is present and what they have sent, as an HTML table."""
    rows = "".join(
        f"<tr><td>{html.text(one.label)}</td><td>{_present(one)}</td>"
        f"<td>{one.orders or '-'}</td><td>{one.predictions or '-'}</td></tr>"
        for one in group.seats
    )
    return (
        f'<h2>Group {group.group}</h2><div class="wide"><table class="seats"><thead><tr><th>Seat</th><th>Present</th>'
        f"<th>Orders</th><th>Forecasts</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _watchers(view: TeacherView) -> str:
    """Return who watches, and the headlines of the last round, as HTML; "" for an exercise without."""
    if not view.watchers:
        return ""
    rows = "".join(
        f"<tr><td>{html.text(one.label)}</td><td>{f'group {group}' if group else 'all groups'}</td>"
        f"<td>{_present(one) if one.students else '-'}</td></tr>"
        for group, one in view.watchers
    )
    last = [one for one in view.headlines if one.round == view.played]
    return (
        '<h2>Those who watch</h2><div class="wide"><table class="seats"><thead><tr><th>Who</th><th>Watches</th>'
        f"<th>Present</th></tr></thead><tbody>{rows}</tbody></table></div>{html.headlines(last) if last else ''}"
    )


def _present(one: SeatState) -> str:
    if not one.students:
        return f'<span class="soft">the model plays{", and answers offers" if one.answers else ""}</span>'
    there = f"{one.present} of {one.students}" if one.present < one.students else f"{one.students}"
    counts = {"idle": one.idle, "asked if still here": one.asked, "gone": one.students - one.present}
    more = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    return f'{there} <span class="soft">{more}</span>' if more else there


def _fill(view: TeacherView) -> None:
    """Draw the switch by which the model answers the offers to seats that no student holds."""
    able = view.phase != "over"
    if view.filled:
        st.markdown(
            "The model answers every offer to a seat that no student holds, by the rules of its actor, and says why in "
            "one sentence. A student who joins takes the seat over."
        )
        st.button("End the model's answers", key="fill-end", disabled=not able, on_click=_set_filled, args=(False,))
        return
    st.markdown(
        "With model players one student can play against three, and you can rehearse: open a seat under Invite. "
        "Nobody's world changes before a deal is made."
    )
    st.button("Fill with model players", key="fill", disabled=not able, on_click=_set_filled, args=(True,))


def _set_filled(on: bool) -> None:  # noqa: FBT001  the argument of a button
    done = "The model answers offers to seats that no student holds" if on else "The model answers no offers any more"
    actions.attempt(lambda: classroom().fill(credentials.secret(), on=on), done)


def _invite(view: TeacherView) -> None:
    """Draw the codes and QR codes of one group."""
    if server_config.on_network():
        address = display.plain(server_config.link(server_config.JOIN))
        st.markdown(f"Students open **{address}** and type their code, or scan its QR code.")
    else:
        st.info(
            "Only this computer can open this dashboard: try seats in other windows here. For students' phones, "
            "stop it and start `jirga class serve`; the exercise is kept."
        )
    group = _choose(view, "invite-of")
    st.html(invite.cards(group))
    if view.watchers:
        st.markdown("## Those who watch")
        st.html(invite.watchers(view))
    st.download_button(
        "All invitations as one page to print", invite.sheet(view), "invitations.html", "text/html",
        on_click="ignore", key="invitations",
    )  # fmt: skip


def _choose(view: TeacherView, key: str) -> GroupView:
    """Draw the choice of a group, and return the group."""
    numbers = [one.group for one in view.groups]
    chosen = st.segmented_control(
        "Group", numbers, default=1, required=True, key=key, format_func=lambda number: f"Group {number}",
        label_visibility="collapsed",
    )  # fmt: skip
    return view.groups[numbers.index(chosen or 1)]


def _forecasts(view: TeacherView) -> None:
    st.html(html.score(view.score, "The class's"))
    if not view.forecasts:
        return
    rows = "".join(_forecast(one) for one in reversed(view.forecasts))
    st.html(
        '<div class="wide"><table class="seats"><thead><tr><th>Round</th><th>Group</th><th>Question</th>'
        "<th>Answers</th><th>Mean</th><th>Came true</th><th>Other worlds</th><th>Brier</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )
    if view.reasons:
        with st.expander(f"Reasons that students gave: {len(view.reasons)}", key="reasons"):
            st.html("".join(_reason(one) for one in reversed(view.reasons)))


def _reason(one: Reason) -> str:
    said = f"Round {one.round}, group {one.group}: {html.text(one.text)} {formatting.share(one.probability)}"
    return f'<div class="note" dir="auto"><span class="soft">{said}</span><br>{html.text(one.reason)}</div>'


def _forecast(one: ClassForecast) -> str:
    cells = (
        str(one.round), str(one.group), html.text(one.text), str(one.count), formatting.share(one.mean),
        formatting.yes_no(one.happened), formatting.share(one.ensemble), formatting.score(one.brier),
    )  # fmt: skip
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
