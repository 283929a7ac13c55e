"""A picture of shares of worlds: a hundred dots per run, as many filled as worlds of a hundred."""

from collections.abc import Sequence

from dashboard.render import display
from dashboard.render.answer_text import of_hundred

DOTS = 100


def hundred_worlds(rows: Sequence[tuple[str, float]], what: str) -> str:
    """Return the picture as HTML; its CSS is in `dashboard.render.style`.

    rows: a name and a share of worlds, 0 to 1; what: happens in the filled worlds, "talks open".
    """
    return f'<div class="hundred">{"".join(_row(name, share, what) for name, share in rows)}</div>'


def _row(name: str, share: float, what: str) -> str:
    filled = _dots(share)
    text = f"{name}: {what} in {of_hundred(share)} of 100 worlds"
    dots = '<i class="on"></i>' * filled + "<i></i>" * (DOTS - filled)
    return (
        f'<div class="row"><div class="about">{display.markup(name)}: <b>{display.markup(of_hundred(share))}</b> of 100'
        f'</div><div class="dots" role="img" aria-label="{display.markup(text)}">{dots}</div></div>'
    )


def _dots(share: float) -> int:
    """Return the number of filled dots; some is never shown as none, nor nearly all as all."""
    if 0 < share < 1:
        return min(max(round(DOTS * share), 1), DOTS - 1)
    return round(DOTS * share)
