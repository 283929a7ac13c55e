"""The text output of `jirga theories`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.cli.screen import safe, table
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.schema.formatting import number, points, share, signed

if TYPE_CHECKING:
    from rich.console import Console

    from sim.analysis.theories import OutcomeView, Theories, TheoryView

FEW = 3  # largest number of outcomes that are shown theory by theory
NAMED = 4  # largest number of theories that are named in a cell


def theories_report(console: "Console", found: "Theories") -> None:
    """Print what all theories say: in sentences, by outcome, and theory by theory for a few outcomes."""
    from sim.analysis.theory_words import agreement, survivors

    _header(console, found)
    console.print(survivors(found) if found.against is not None else agreement(found))
    console.print()
    if found.against is not None:
        _effects(console, found)
    else:
        _levels(console, found)
    if len(found.outcomes) <= FEW:
        for one in found.outcomes:
            _by_theory(console, one)


def _header(console: "Console", found: "Theories") -> None:
    """Print what was run."""
    number_of = len(found.outcomes[0].views)
    console.print(f"Rival theories: {safe(found.scenario.title)}", style="bold")
    if found.against is not None:
        console.print(f"against: {safe(found.against.title)}")
    console.print(
        f"{found.worlds:,} worlds, seed {found.seed}; the whole model, and without each of {number_of} mechanisms"
    )
    console.print(f"{safe(found.scenario.name) or 'unnamed'}, hash {found.scenario.hash()[:12]}")
    console.print(NOT_A_FORECAST)
    console.print()


def _levels(console: "Console", found: "Theories") -> None:
    """Print each outcome by the whole model, and by the theories that are furthest from it."""
    from sim.analysis.theory_words import short_label

    made = table(
        "What each theory says", "outcome", ">whole model", ">lowest", "without", ">highest", "without", ">differ"
    )
    for one in found.outcomes:
        low = min(one.views, key=lambda view: view.change.b_mean)
        high = max(one.views, key=lambda view: view.change.b_mean)
        ends = [cell for view in (low, high) for cell in _end(one, view)]
        made.add_row(short_label(one), _value(one, one.mean), *ends, str(len(one.differing)))
    console.print(made)
    console.print("differ: number of theories that differ significantly from the whole model, over the same worlds")
    console.print("--on OUTCOME shows every theory.")


def _end(one: "OutcomeView", view: "TheoryView") -> tuple[str, str]:
    """The value of the theory at one end, and its mechanism; neither where it says the same as the whole model."""
    return (_value(one, view.change.b_mean), view.mechanism) if view.change.effect else ("", "")


def _effects(console: "Console", found: "Theories") -> None:
    """Print the effect on each outcome, and the theories that do not agree on it."""
    from sim.analysis.theory_words import short_label

    made = table("Effect by the whole model, and who does not agree", "outcome", ">effect", "survives", "lost without",
                 "turned without")  # fmt: skip
    for one in found.outcomes:
        if one.effect is None:
            continue
        mark = "*" if one.effect.significant else ""
        survives = "yes" if one.survives else "no" if one.effect.significant else "no effect"
        made.add_row(
            short_label(one), _change(one, one.effect.effect) + mark, survives, _names(one.lost), _names(one.turned)
        )
    console.print(made)
    console.print(
        "*: significant. lost: no significant effect without this mechanism; turned: a significant effect of the"
    )
    console.print("other sign without it")


def _by_theory(console: "Console", one: "OutcomeView") -> None:
    """Print one outcome theory by theory."""
    from sim.analysis.theory_words import short_label

    effects = one.effect is not None
    made = table(short_label(one), "without", ">value", ">from whole model", "", *((">effect", "") if effects else ()))
    made.add_row("nothing: the whole model", _value(one, one.mean), "", "", *_effect_cells(one, one.effect))
    for view in one.views:
        change = _change(one, view.change.effect)
        cells = (_value(one, view.change.b_mean), change, "*" if view.change.significant else "")
        made.add_row(f"{view.label.lower()} ({view.mechanism})", *cells, *_effect_cells(one, view.effect))
    console.print()
    console.print(made)


def _effect_cells(one: "OutcomeView", effect: "object") -> tuple[str, ...]:
    """The cells of an effect, none if there is no other scenario."""
    from sim.results.comparison import Effect

    if not isinstance(effect, Effect):
        return ()
    return _change(one, effect.effect), "*" if effect.significant else ""


def _names(views: Sequence["TheoryView"]) -> str:
    """Names of mechanisms, a few of them."""
    names = [one.mechanism for one in views]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _value(one: "OutcomeView", value: float) -> str:
    return share(value) if one.kind == "share" else number(value)


def _change(one: "OutcomeView", value: float) -> str:
    return points(value, 1) if one.kind == "share" else signed(value)
