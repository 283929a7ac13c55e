"""What the model without each mechanism says: outcomes by mechanism, as a table of arrows and figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sim.charts import theme
from sim.charts.row_labels import RowLabels, vertical
from sim.charts.theme import Spec

_CELL, _LABEL = 30, 20  # pixels: the height of a cell, and of the text above a row of them
_ROOMY: Final = 42  # pixels of a cell's width from which its figure fits
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

    On a narrow chart cells have colours without figures. Raises ValueError for no cell.
    """
    if not cells:
        raise ValueError("a chart of theories needs at least one outcome")
    outcomes = list(dict.fromkeys(one.outcome for one in cells))
    columns = list(dict.fromkeys(one.mechanism for one in cells))
    kinds = [mark for mark in _NAMES if any(one.mark == mark for one in cells)]
    texts = RowLabels(outcomes, [""] * len(outcomes))
    ends_at = texts.ends(_CELL + _LABEL)
    foot = {outcome: end - 1 for outcome, end in zip(outcomes, ends_at, strict=True)}
    data = [
        {"x": c.mechanism, "y": c.outcome, "top": foot[c.outcome] - _CELL, "foot": foot[c.outcome],
         "middle": foot[c.outcome] - _CELL / 2, "kind": _NAMES[c.mark], "words": c.words, "tip": c.tip}
        for c in cells
    ]  # fmt: skip
    x = {
        "field": "x", "type": "ordinal", "scale": {"domain": columns, "paddingInner": 0.04},
        "axis": {"title": "without this mechanism", "labelAngle": -60, "labelLimit": 180, "ticks": False,
                 "domain": False, "orient": "bottom"},
    }  # fmt: skip
    y = vertical(ends_at)
    scale = {"domain": [_NAMES[kind] for kind in kinds], "range": [_COLOURS[kind] for kind in kinds]}
    legend = {"orient": "top", "columns": 1, "symbolType": "square"}
    colour = {"field": "kind", "type": "nominal", "scale": scale, "legend": legend}
    tips = [
        {"field": "y", "title": "outcome"}, {"field": "x", "title": "without"}, {"field": "tip", "title": "says"},
    ]  # fmt: skip
    values = {"values": data}
    layers: list[Spec] = [
        {"data": values, "mark": {"type": "rect"}, "encoding": {
            "x": x, "y": y | {"field": "top"}, "y2": {"field": "foot"}, "color": colour, "tooltip": tips,
        }},
        {
            "data": values,
            "transform": [
                {"calculate": f"width / {len(columns)} >= {_ROOMY} ? datum.words : ''", "as": "figure"}
            ],
            "mark": {"type": "text", "fontSize": 10.5, "color": "#1b1b1c"},
            "encoding": {"x": x, "y": y | {"field": "middle"}, "text": {"field": "figure"}, "tooltip": tips},
        },
        *texts.layers([end - _CELL - 6 for end in ends_at], y),
    ]  # fmt: skip
    return theme.chart(layers, title=title, subtitle=subtitle, note=note, height=round(ends_at[-1]), below=180)
