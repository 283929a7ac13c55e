"""The chain of a world, and the grounds of a decision, as small diagrams in HTML: boxes joined by arrows."""

from collections.abc import Sequence
from typing import Final

from dashboard.render import display
from sim.analysis.causes.answer import Link
from sim.analysis.reasons.record import Reason
from sim.analysis.reasons.words import ACTORS, value_words
from sim.schema.formatting import day, number

_ALWAYS: Final = "all through"
_LONG: Final = 400  # characters


def chain(links: Sequence[Link]) -> str:
    """Return the links as boxes, what came last at the top, each joined to what lies behind it by an arrow."""
    boxes = '<div class="joint" aria-hidden="true">↑</div>'.join(_box(one) for one in links)
    return f'<div class="chain" role="list" aria-label="What came last is at the top">{boxes}</div>'


def _box(link: Link) -> str:
    """Return one link: date, what happened, what was tested, and the rule that it rests on."""
    tested = _line("Tested", link.tested) if link.tested else ""
    read = _line("Read", link.inputs) if link.inputs else ""
    when = day(link.date) if link.date else _undated(link)
    return (
        f'<div class="link{" tried" if link.tested else ""}" role="listitem"><div class="when">{when}</div>'
        f'<div class="what">{display.markup(link.text)}</div>{tested}{read}'
        f'<div class="ground">{display.markup(link.rule)} · {display.markup(link.rests_on)}</div></div>'
    )


def _undated(link: Link) -> str:
    """Return what stands in place of a date: what never comes, what is missing at the end, what acts all through."""
    return "never" if ": never" in link.text else "at the end" if link.text.startswith("Missing") else _ALWAYS


def _line(name: str, text: str) -> str:
    return f'<div class="more"><b>{name}:</b> {display.markup(text, 2000)}</div>'


def decision(reason: Reason) -> str:
    """Return a decision as a diagram: what the rule has read, the rule, what was decided."""
    decided = f"{reason.label}: {value_words(reason.value, reason.unit)}"
    boxes = [_part("Decided" if not reason.imposed else "Imposed by the scenario", [decided], "tried")]
    if reason.inputs or reason.draws:
        read = [f"{one.label}: {value_words(one.value, one.unit)}" for one in reason.inputs]
        drawn = [f"Drawn by chance, between 0 and 1: {number(one.value)}" for one in reason.draws]
        boxes += [
            _part(f"{ACTORS[reason.actor]}, by its own rule", [reason.rule]),
            _part("It has read", [*read, *drawn]),
        ]
    joined = '<div class="joint" aria-hidden="true">↑</div>'.join(boxes)
    return f'<div class="chain">{joined}</div>'


def _part(head: str, lines: Sequence[str], kind: str = "") -> str:
    words = "".join(f"<div>{display.markup(line)}</div>" for line in lines)
    return (
        f'<div class="link {kind}"><div class="when">{display.markup(head)}</div><div class="what">{words}</div></div>'
    )
