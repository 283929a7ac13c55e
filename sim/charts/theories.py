"""What the model without each mechanism says: outcomes by mechanism, as a table of arrows and figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sim.charts import theme
from sim.charts.theme import Spec

_ROW: Final = 40  # pixels
_NAMES: Final[dict[str, str]] = {
    "more": "significantly more without it", "less": "significantly less without it", "same": "not significant",
    "holds": "the same finding without it", "lost": "no significant effect without it",
    "turned": "the opposite effect without it", "none": "no effect to find",
}  # fmt: skip
_COLOURS: Final = {
    "more": "#8dbadd", "less": "#f2b38c", "same": "#f0f0f0",
    "holds": "#8dbadd", "lost": "#f0f0f0", "turned": "#f2b38c", "none": "#fafafa",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TheoryCell:
    """One outcome without one mechanism. mark: a key of _NAMES; words: the text in the cell; tip: in full."""

    outcome: str
    mechanism: str
    mark: str
    words: str
    tip: str


def theories(cells: Sequence[TheoryCell], *, title: str, subtitle: str = "", note: str = "") -> Spec:
    """Return the table, one row per outcome and one column per mechanism, in the order given.

    Raises ValueError for no cell.
    """
    if not cells:
        raise ValueError("a chart of theories needs at least one outcome")
    outcomes = list(dict.fromkeys(one.outcome for one in cells))
    columns = list(dict.fromkeys(one.mechanism for one in cells))
    kinds = [mark for mark in _NAMES if any(one.mark == mark for one in cells)]
    data = [{"x": c.mechanism, "y": c.outcome, "kind": _NAMES[c.mark], "words": c.words, "tip": c.tip} for c in cells]
    x = {
        "field": "x", "type": "ordinal", "scale": {"domain": columns, "paddingInner": 0.04},
        "axis": {"title": "without this mechanism", "labelAngle": -35, "labelLimit": 150, "ticks": False,
                 "domain": False, "orient": "bottom"},
    }  # fmt: skip
    y = {
        "field": "y", "type": "ordinal", "scale": {"domain": outcomes, "paddingInner": 0.06},
        "axis": {"title": None, "labelLimit": 220, "ticks": False, "domain": False},
    }  # fmt: skip
    scale = {"domain": [_NAMES[kind] for kind in kinds], "range": [_COLOURS[kind] for kind in kinds]}
    legend = {"orient": "top", "columns": 1, "symbolType": "square"}
    colour = {"field": "kind", "type": "nominal", "scale": scale, "legend": legend}
    tips = [
        {"field": "y", "title": "outcome"}, {"field": "x", "title": "without"}, {"field": "tip", "title": "says"},
    ]  # fmt: skip
    values = {"values": data}
    layers: list[Spec] = [
        {"data": values, "mark": {"type": "rect"}, "encoding": {"x": x, "y": y, "color": colour, "tooltip": tips}},
        {
            "data": values,
            "mark": {
                "type": "text", "fontSize": 10.5, "color": "#1b1b1c",
                "limit": {"expr": f"width / {len(columns)} - 2"},
            },
            "encoding": {"x": x, "y": y, "text": {"field": "words"}, "tooltip": tips},
        },
    ]  # fmt: skip
    return theme.chart(layers, title=title, subtitle=subtitle, note=note, height=_ROW * len(outcomes), below=120)
