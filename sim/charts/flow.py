"""The flow of prisoners: from the list, by readiness to sign, to custody or release, then to home or to a front."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.charts import theme
from sim.charts.theme import Array, Spec
from sim.schema.formatting import number

READY = ("sign on their own", "sign if the leadership allows", "never sign")
HELD, OUT, HOME, BACK = "in custody", "released", "at home", "back at a front"
_COLOURS = {
    READY[0]: "#0072b2", READY[1]: "#56a4cf", READY[2]: "#a2528a",
    HELD: "#8a8a8a", OUT: "#009e73", HOME: "#009e73", BACK: "#d55e00",
}  # fmt: skip
_POINTS = 25  # number of points of a band's curve
_NODE = 0.035  # width of a node, as a share of the plotting area
_GAP = 0.11  # between nodes of one column, as a share of all people: two lines of text fit
_LINE = 13  # pixels from one line of a label to the next
_WIDE = 560  # pixels from which a label with its number fits on one line beside those of the other columns
_BRIEF = {READY[0]: "sign alone", READY[1]: "sign if allowed"}  # on a narrow chart
_LEVELS = (HOME, BACK, HELD)


@dataclass(frozen=True, slots=True)
class _Node:
    name: str
    people: float
    column: int


def prisoner_flow(
    ready: Array, freed: Array, returned: float, *, title: str, subtitle: str = "", note: str = ""
) -> Spec:
    """Return where the people on the list are on one day.

    ready: people by readiness to sign, (3,); freed: how many of them are released, (3,); returned: how many of the
    released are back at a front.
    """
    held = ready - freed
    out = float(freed.sum())
    columns = [
        [_Node(name, float(people), 0) for name, people in zip(READY, ready, strict=True)],
        [_Node(OUT, out, 1), _Node(HELD, float(held.sum()), 1)],
        [_Node(HOME, out - returned, 2), _Node(BACK, returned, 2), _Node(HELD, float(held.sum()), 2)],
    ]
    people = max(float(ready.sum()), 1.0)
    tops = {(node.name, node.column): top for column in columns for node, top in _stacked(column, people)}
    links = [(READY[i], 0, OUT, 1, float(freed[i])) for i in range(len(READY))]
    links += [(READY[i], 0, HELD, 1, float(held[i])) for i in range(len(READY))]
    links += [(OUT, 1, HOME, 2, out - returned), (OUT, 1, BACK, 2, returned), (HELD, 1, HELD, 2, float(held.sum()))]
    layers = [_bands(links, tops), _nodes(columns, tops), _labels(columns, tops)]
    return theme.chart(layers, title=title, subtitle=subtitle, note=note, height=330, below=14)


def custody(days: Array, released: Array, returned: Array, listed: int, *, title: str, note: str = "") -> Spec:
    """Return stacked areas of how many are in custody, at home and back at a front on each day; all (days,)."""
    parts = {HOME: released - returned, BACK: returned, HELD: listed - released}
    rows = []
    foot = np.zeros(len(days))
    for name in _LEVELS:
        top = foot + parts[name]
        rows += theme.records(
            {"day": theme.iso(days), "foot": foot, "top": top, "people": parts[name], "where": [name] * len(days)}
        )
        foot = top
    scale = {"domain": list(_LEVELS), "range": [_COLOURS[name] for name in _LEVELS]}
    legend = {"symbolType": "square", "symbolStrokeWidth": 0, "symbolOpacity": 1}
    plot = {
        "data": {"values": rows},
        "mark": {"type": "area", "line": False},
        "encoding": {
            "x": theme.day_axis(days),
            "y": {"field": "foot", "type": "quantitative", "axis": {"title": "people on the list", "tickCount": 5}},
            "y2": {"field": "top"},
            "color": {"field": "where", "type": "nominal", "scale": scale, "legend": legend},
            "tooltip": [{"field": "where"}, {"field": "people"}, theme.day_tip("day")],
        },
    }
    return theme.chart([plot], title=title, note=note, height=260)


def _stacked(column: Sequence[_Node], people: float) -> list[tuple[_Node, float]]:
    """Return each node with its upper edge; heights are shares of all people, with gaps between nodes."""
    found, top = [], 0.0
    for node in column:
        found.append((node, top))
        top += node.people / people + _GAP
    return found


def _bands(links: Sequence[tuple[str, int, str, int, float]], tops: dict[tuple[str, int], float]) -> Spec:
    """Return the layer of links, each as a curved band from one node to the next."""
    people = max(sum(amount for _, column, _, _, amount in links if column == 0), 1.0)
    used_out, used_in = dict(tops), dict(tops)
    bend = np.linspace(0, 1, _POINTS)
    rise = bend**2 * (3 - 2 * bend)
    rows = []
    for index, (source, left, target, right, amount) in enumerate(links):
        start, stop = used_out[source, left], used_in[target, right]
        used_out[source, left] += amount / people
        used_in[target, right] += amount / people
        if amount <= 0:
            continue
        height = start + (stop - start) * rise
        colour = source if left == 0 else target
        words = f"{source} to {target}: {number(amount, 0)}"
        rows += [
            {"x": _left(left) + _NODE + b * (_left(right) - _left(left) - _NODE), "top": h, "foot": h + amount / people,
             "link": index, "kind": colour, "tip": words}
            for b, h in zip(bend.tolist(), height.tolist(), strict=True)
        ]  # fmt: skip
    encoding = {
        "x": _x("x"), "y": _y("top"), "y2": {"field": "foot"}, "detail": {"field": "link"}, "color": _colour(),
        "tooltip": {"field": "tip"},
    }  # fmt: skip
    return {"data": {"values": rows}, "mark": {"type": "area", "opacity": 0.4}, "encoding": encoding}


def _nodes(columns: Sequence[Sequence[_Node]], tops: dict[tuple[str, int], float]) -> Spec:
    people = max(sum(node.people for node in columns[0]), 1.0)
    rows = [
        {"x": _left(node.column), "x2": _left(node.column) + _NODE, "top": tops[node.name, node.column],
         "foot": tops[node.name, node.column] + node.people / people, "kind": node.name}
        for column in columns for node in column if node.people > 0
    ]  # fmt: skip
    encoding = {"x": _x("x"), "x2": {"field": "x2"}, "y": _y("top"), "y2": {"field": "foot"}, "color": _colour()}
    return {"data": {"values": rows}, "mark": {"type": "rect"}, "encoding": encoding}


def _labels(columns: Sequence[Sequence[_Node]], tops: dict[tuple[str, int], float]) -> Spec:
    """Return names and numbers above each node, right-aligned in the last column so that they stay inside.

    On a narrow chart the names are brief and have the numbers below them: then no column reaches into the next.
    """
    layers = []
    for index, align in enumerate(("left", "center", "right")):
        edge = (0, _NODE / 2, _NODE)[index]
        rows = [
            {"x": _left(index) + edge, "top": tops[node.name, index] - 0.005,
             "wide": f"{node.name} {number(node.people, 0)}",
             "narrow": f"{_BRIEF.get(node.name, node.name)}\n{number(node.people, 0)}"}
            for node in columns[index] if node.people > 0
        ]  # fmt: skip
        fits = f"width >= {_WIDE}"
        mark = {
            "type": "text", "align": align, "baseline": "alphabetic", "fontSize": 12, "lineBreak": "\n",
            "lineHeight": _LINE, "dy": {"expr": f"{fits} ? -3 : {-3 - _LINE}"},
        }  # fmt: skip
        words = {"calculate": f"{fits} ? datum.wide : datum.narrow", "as": "words"}
        encoding = {"x": _x("x"), "y": _y("top"), "text": {"field": "words"}}
        layers.append({"data": {"values": rows}, "transform": [words], "mark": mark, "encoding": encoding})
    return {"layer": layers}


def _left(column: int) -> float:
    """Return the left edge of a column's nodes."""
    return column * (1 - _NODE) / 2


def _x(field: str) -> Spec:
    return {"field": field, "type": "quantitative", "axis": None, "scale": {"domain": [0, 1], "nice": False}}


def _y(field: str) -> Spec:
    scale = {"domain": [-_GAP, 1 + 2 * _GAP], "nice": False, "reverse": True, "zero": False}
    return {"field": field, "type": "quantitative", "axis": None, "scale": scale}


def _colour() -> Spec:
    scale = {"domain": list(_COLOURS), "range": list(_COLOURS.values())}
    return {"field": "kind", "type": "nominal", "scale": scale, "legend": None}
