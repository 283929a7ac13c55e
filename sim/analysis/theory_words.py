"""What all theories say, in sentences: which findings survive them, and on what they differ."""

from collections.abc import Sequence

from sim.analysis.theories import OutcomeView, Theories


def survivors(found: Theories) -> str:
    """Return which findings every theory agrees on, as a sentence."""
    some = [one for one in found.outcomes if one.survives]
    turned = [one for one in found.outcomes if one.turned]
    words = _listed([short_label(one) for one in some]) if some else "none"
    more = f" Turned round without some mechanism: {_listed([short_label(one) for one in turned])}." if turned else ""
    return f"Findings that survive every theory: {words}.{more}"


def agreement(found: Theories) -> str:
    """Return which outcomes no mechanism changes, as a sentence."""
    same = [short_label(one) for one in found.outcomes if not one.differing]
    most = max(found.outcomes, key=lambda one: len(one.differing))
    words = f"No theory differs significantly on: {_listed(same)}. " if same else ""
    number = f"{len(most.differing)} of {len(most.views)} theories"
    return f"{words}They differ most often on: {short_label(most)} ({number})."


def short_label(one: OutcomeView) -> str:
    """Return an outcome's label without the words that every row has."""
    return one.label.removesuffix(": reached").removesuffix(", total").removesuffix(", at the end")


def _listed(names: Sequence[str]) -> str:
    return "; ".join(names)
