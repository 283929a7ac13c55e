"""HTML that several class pages use: the round and its phase, figures, news, terms, scores. All text is escaped."""

from collections.abc import Iterable, Sequence
from typing import Final

from dashboard.render import display
from sim.exercise.aims import became
from sim.exercise.deal_views import Term
from sim.exercise.headline import Headline, when
from sim.exercise.questions import SHARES
from sim.exercise.rounds import bound_text, value_text
from sim.exercise.seats import SEATS
from sim.exercise.views import (
    AimView,
    Figure,
    JoinedView,
    News,
    Phase,
    PublicSituation,
    Score,
    SideAims,
    Statement,
    TeacherView,
)
from sim.schema import formatting

ARROWS: Final = {"more": "↑", "less": "↓", "reached": "✓", "not reached": "✗"}
Clocked = JoinedView | TeacherView  # a view with the round, its days and its phase
LONGEST: Final = 2000  # characters of one text
PHASES: Final[dict[Phase, str]] = {
    "waiting": "not open yet",
    "open": "open",
    "closed": "closed, not played yet",
    "over": "over",
}


def text(shown: str) -> str:
    """Return a user's text, safe inside HTML."""
    return display.markup(shown, LONGEST)


def days(view: Clocked) -> str:
    """Return the round's days, "10 Mar to 6 Apr 2020"."""
    import datetime as dt

    return f"{formatting.day(view.starts, year=False)} to {formatting.day(view.ends - dt.timedelta(days=1))}"


def where(view: Clocked, rounds: int) -> str:
    """Return the round, its days and its phase, as HTML."""
    phase = "stopped" if view.frozen else PHASES[view.phase]
    kind = "phase open" if view.phase == "open" and not view.frozen else "phase"
    shown = f"<b>Round {view.round} of {rounds}</b>: {days(view)}"
    return f'<div class="where">{shown} <span class="{kind}">{phase}</span>{_until(view)}</div>'


def _until(view: Clocked) -> str:
    """Return the day and time at which a round closes, as HTML; "" for none."""
    if not view.until or view.phase in ("closed", "over"):
        return ""
    word = "Open until" if view.phase == "open" else "Once it is open, until"
    then = ", then it is played" if view.plays else ""
    return f"<div>{word} <b>{text(view.until)}</b>{then}</div>"


def prose(shown: str) -> str:
    """Return a text as HTML paragraphs; blank lines separate them."""
    paragraphs = (" ".join(one.split()) for one in shown.split("\n\n"))
    return f'<div class="prose">{"".join(f"<p>{text(one)}</p>" for one in paragraphs if one)}</div>'


def value(given: float | bool, unit: str) -> str:  # noqa: FBT001  a lever's value may be a yes or no
    """Return a lever's value with its unit, as plain text: "1.2 times 2019", "40 %"."""
    return value_text(given, unit)


def about(given: float | bool, unit: str) -> str:  # noqa: FBT001  a lever's value may be a yes or no
    """Return what the model decided on a lever, with its unit, to three significant figures: "28 %"."""
    if isinstance(given, bool) or unit in SHARES:
        return measured(given, unit)
    return formatting.with_unit(formatting.number(given), unit)


def terms(given: Sequence[Term]) -> str:
    """Return one side of a proposal, as HTML."""
    if not given:
        return '<ul class="terms"><li>nothing</li></ul>'
    rows = (
        f"<li>{text(one.label)}: <b>{text(bound_text(one.bound) + value(one.value, one.unit))}</b></li>"
        for one in given
    )
    return f'<ul class="terms">{"".join(rows)}</ul>'


def situation(now: PublicSituation) -> str:
    """Return the public situation, as HTML."""
    missing = "".join(f"<li>{text(one)}</li>" for one in now.blocked)
    why = f'<p>What is missing for talks:</p><ul class="terms">{missing}</ul>' if missing else ""
    tiles = "".join(_tile(one) for one in now.figures)
    return (
        f'<p class="soft">On the morning of {formatting.day(now.date)}</p><div class="around"><div class="tiles">'
        f"{tiles}</div></div><p><b>Talks:</b> {text(now.talks)}</p>{why}"
    )


def _tile(one: Figure) -> str:
    unit = formatting.unit_label(one.unit)
    change = "" if one.before is None else f'<div class="change">before: {measured(one.before, one.unit)}</div>'
    change += f'<div class="change">{text(one.scale)}</div>' if one.scale else ""
    figure = f'<div class="figure">{measured(one.value, one.unit)}</div>'
    return (
        f'<div class="tile"><div class="label">{text(one.label)}</div>{figure}'
        f'<div class="change">{text(unit)}</div>{change}</div>'
    )


def measured(found: float | bool, unit: str) -> str:  # noqa: FBT001  a milestone is reached or not
    """Return a figure without its unit; a share is in per cent, whether something is reached is yes or no."""
    if isinstance(found, bool):
        return formatting.yes_no(found)
    return formatting.share(found) if unit in SHARES else formatting.number(found)


def steps(title: str, shown: Iterable[tuple[str, bool | None]]) -> str:
    """Return steps as an HTML list. A step is done, not done yet, or (None) has no end."""
    marks = {True: "☑", False: "☐", None: "•"}
    rows = "".join(f'<li class="{"done" if done else "due"}">{marks[done]} {text(step)}</li>' for step, done in shown)
    return f'<div class="steps"><b>{text(title)}</b><ul>{rows}</ul></div>'


def aims(shown: Sequence[AimView], *, over: bool = False) -> str:
    """Return what a side wants and where it stands, as an HTML table. An arrow says which way is wanted.

    over: compare with the time before round 1, and not with the round before.
    """
    rows = "".join(
        f"<tr><td><b>{text(one.text)}</b><br>"
        f'<span class="soft"><b>{ARROWS[one.wants]}</b> {text(one.label)}'
        f"{text('; ' + one.scale) if one.scale else ''}</span></td>"
        f"<td><b>{text(measured(one.value, one.unit))}</b> "
        f'<span class="soft">{text(formatting.unit_label(one.unit))}</span>{_before(one, over=over)}</td></tr>'
        for one in shown
    )
    head = "<thead><tr><th>What your side wants</th><th>Now</th></tr></thead>"
    return f'<table class="seats aims">{head}<tbody>{rows}</tbody></table>'


def _before(one: AimView, *, over: bool) -> str:
    then, word = (one.first, "at the start") if over else (one.before, "before")
    return "" if then is None else f'<br><span class="soft">{word}: {text(measured(then, one.unit))}</span>'


def sides(shown: Sequence[SideAims]) -> str:
    """Return what every side of a group wanted and where it stands, side by side, as HTML."""
    return sides_of([shown], [])


def sides_of(groups: Sequence[Sequence[SideAims]], heads: Sequence[str]) -> str:
    """Return what every side wanted and what became of it in some groups, side by side, as HTML.

    heads: the groups' names; without any, one group stands under "At the end".
    """
    tables = (_side([one[place] for one in groups], heads) for place in range(len(SEATS)))
    return f'<div class="sides">{"".join(tables)}</div>'


def _side(some: Sequence[SideAims], heads: Sequence[str]) -> str:
    """Return the aims of one side, with a column per group."""
    columns = "".join(f"<th>{text(one)}</th>" for one in (*heads, *([] if heads else ["At the end"])))
    rows = "".join(
        f"<tr><td><b>{text(same[0].text)}</b>{_measure(same[0])}</td>{''.join(map(_end, same))}</tr>"
        for same in zip(*(one.aims for one in some), strict=True)
    )
    return (
        f'<div><h3>{text(SEATS[some[0].seat].label)}</h3><div class="wide"><table class="seats aims"><thead><tr>'
        f"<th>What it wanted</th>{columns}</tr></thead><tbody>{rows}</tbody></table></div></div>"
    )


def _measure(one: AimView) -> str:
    start = "" if one.first is None else f"; at the start {measured(one.first, one.unit)}"
    unit = "" if isinstance(one.value, bool) else formatting.unit_label(one.unit)  # none for a per cent
    about = one.label + (f", {unit}" if unit else "") + start
    return f'<br><span class="soft"><b>{ARROWS[one.wants]}</b> {text(about)}</span>'


def _end(one: AimView) -> str:
    return f'<td><b>{text(measured(one.value, one.unit))}</b><br><span class="soft">{became(one)}</span></td>'


def headlines(shown: Iterable[Headline]) -> str:
    """Return headlines as an HTML list, in the given order."""
    rows = "".join(
        f'<li><span class="when">{when(one.round)} · {text(one.source)}</span><br>{headline(one)}</li>' for one in shown
    )
    return f'<ul class="news">{rows}</ul>' if rows else '<p class="soft">No headline yet.</p>'


def headline(one: Headline) -> str:
    """Return a headline, as HTML."""
    return f'<b class="headline" dir="auto">{text(one.text)}</b>'


def statements(shown: Iterable[Statement]) -> str:
    """Return public statements as an HTML list, in the given order."""
    rows = "".join(
        f'<li><div class="said"><span class="when">Round {one.round} · {text(SEATS[one.seat].label)}</span><br>'
        f'<span dir="auto">“{text(one.text)}”</span></div></li>'
        for one in shown
    )
    return f'<ul class="news">{rows}</ul>' if rows else '<p class="soft">Nobody has said anything in public yet.</p>'


def news(shown: Iterable[News], *, why: bool = True) -> str:
    """Return the news as an HTML list, in the given order."""
    rows = "".join(_line(one, why=why) for one in shown)
    return f'<ul class="news">{rows}</ul>' if rows else '<p class="soft">No news yet.</p>'


def _line(one: News, *, why: bool) -> str:
    reason = f'<div class="soft">{text(one.why)}</div>' if one.why and why else ""
    return (
        f'<li><div class="{one.kind}"><span class="when">{formatting.day(one.date)} · {text(one.who)}</span><br>'
        f'<span dir="auto">{text(one.text)}</span>{reason}</div></li>'
    )


def score(found: Score, whose: str) -> str:
    """Return a score and its calibration table, as HTML. whose: such as "Your"."""
    if not found.count:
        return '<p class="soft">Nothing is scored yet: a round must be played first.</p>'
    bins = "".join(
        f"<tr><td>{formatting.share(one.low)} to {formatting.share(one.high)}</td><td>{one.count}</td>"
        f"<td>{formatting.share(one.mean)}</td><td>{formatting.share(one.happened)}</td></tr>"
        for one in found.calibration
        if one.count
    )
    return (
        f"<p>{whose} mean Brier score over {found.count} forecast{'s' if found.count > 1 else ''}: "
        f"<b>{formatting.score(found.brier)}</b>; the model's other worlds: "
        f"<b>{formatting.score(found.ensemble_brier)}</b>.<br>"
        '<span class="soft">0 is best, 1 is worst; always saying 50 % gives 0.25.</span></p>'
        '<div class="wide"><table class="seats"><thead><tr><th>Range</th><th>Forecasts</th><th>Mean</th>'
        f"<th>Came true</th></tr></thead><tbody>{bins}</tbody></table></div>"
    )
