"""The tile-grid map: all provinces have the same size, each at its approximate place, north at the top."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.charts import theme
from sim.charts.theme import Array, Spec
from sim.inputs.provinces import provinces
from sim.schema import formatting

SHADES = (
    "#f1f5f9",
    "#c3d7ea",
    "#7fb0d6",
    "#3079b4",
    "#0b4a80",
)  # none is a colour that `theme.in_dark` replaces, because text is drawn on them
# The codes of ISO 3166-2:AF, for tiles that are too narrow for names.
CODES = {
    "Badakhshan": "BDS", "Badghis": "BDG", "Baghlan": "BGL", "Balkh": "BAL", "Bamyan": "BAM", "Daikundi": "DAY",
    "Farah": "FRA", "Faryab": "FYB", "Ghazni": "GHA", "Ghor": "GHO", "Helmand": "HEL", "Herat": "HER",
    "Jawzjan": "JOW", "Kabul": "KAB", "Kandahar": "KAN", "Kapisa": "KAP", "Khost": "KHO", "Kunar": "KNR",
    "Kunduz": "KDZ", "Laghman": "LAG", "Logar": "LOG", "Nangarhar": "NAN", "Nimroz": "NIM", "Nuristan": "NUR",
    "Paktia": "PIA", "Paktika": "PKA", "Panjshir": "PAN", "Parwan": "PAR", "Samangan": "SAM", "Sar-e-Pul": "SAR",
    "Takhar": "TAK", "Uruzgan": "URU", "Wardak": "WAR", "Zabul": "ZAB",
}  # fmt: skip
_NAMED = 540  # pixels of width from which every name fits on its tile
_SIDE = 0.94  # share of a tile that is drawn, the rest is the gap
_DARK = 0.55  # above this share of the largest value, text on a tile is white
_ROW = 62  # pixels per row of tiles on the large map
_SMALL = 26  # on a small map
_ACROSS = 5  # small maps in a row


@dataclass(frozen=True, slots=True)
class Panel:
    """One map. values: one number per province, (34,), in the fixed order of `sim.inputs.provinces`."""

    title: str
    values: Array


def tile_map(values: Array, *, largest: float, unit: str, title: str, subtitle: str = "", note: str = "") -> Spec:
    """Return a map of one number per province, (34,), with names and numbers on the tiles.

    largest: the value of the darkest shade, the same for all maps that are to be compared. Raises ValueError unless
    there is a number for each of the 34 provinces.
    """
    data = {"values": tile_rows(values, largest)}
    layers = [*tile_layers(largest, unit)]
    made = theme.chart(layers, title=title, subtitle=subtitle, note=note, height=_ROW * (_size()[1]), below=12)
    return made | {"data": data}


def tile_rows(values: Array, largest: float) -> list[Spec]:
    """Return the data of a map's layers, one row per province."""
    if len(values) != len(provinces()):
        raise ValueError(f"a map needs {len(provinces())} numbers, not {len(values)}")
    return [
        {
            "province": p.name, "code": CODES[p.name], "region": p.region, "column": p.tile[0], "row": p.tile[1],
            "value": float(v), "tip": formatting.number(float(v)), "strong": bool(v > _DARK * largest),
        }
        for p, v in zip(provinces(), np.asarray(values).tolist(), strict=True)
    ]  # fmt: skip


def tile_layers(largest: float, unit: str) -> list[Spec]:
    """Return the layers of tiles, names and numbers for data from `tile_rows`; a narrow map has codes for names."""
    columns, rows = _size()
    x = {"type": "quantitative", "axis": None, "scale": {"domain": [0, columns], "nice": False}}
    y = {"type": "quantitative", "axis": None, "scale": {"domain": [0, rows], "nice": False, "reverse": True}}
    scale = {"domain": [0, max(largest, 1)], "range": list(SHADES)}
    legend = {"title": unit, "titleLimit": 400, "gradientLength": 180, "tickCount": 3}
    tips = [
        {"field": "province", "type": "nominal", "title": "province"},
        {"field": "tip", "type": "nominal", "title": unit},
        {"field": "region", "type": "nominal", "title": "region"},
    ]
    place = [
        {"calculate": f"datum.column + {_SIDE}", "as": "right"},
        {"calculate": f"datum.row + {_SIDE}", "as": "foot"},
        {"calculate": f"datum.column + {_SIDE / 2}", "as": "middle"},
        {"calculate": f"datum.row + {0.36 * _SIDE}", "as": "upper"},
        {"calculate": f"datum.row + {0.7 * _SIDE}", "as": "lower"},
    ]
    tile = {
        "transform": place,
        "mark": {"type": "rect", "cornerRadius": 3},
        "encoding": {
            "x": x | {"field": "column"}, "x2": {"field": "right"}, "y": y | {"field": "row"}, "y2": {"field": "foot"},
            "color": {"field": "value", "type": "quantitative", "scale": scale, "legend": legend}, "tooltip": tips,
        },
    }  # fmt: skip
    names = {"calculate": f"width >= {_NAMED} ? datum.province : datum.code", "as": "name"}
    inks = {"condition": {"test": "datum.strong", "value": "#ffffff"}, "value": "#1b1b1c"}
    words = [
        {
            "transform": [*place, names],
            "mark": {"type": "text", "fontSize": size, "fontWeight": weight},
            "encoding": {
                "x": x | {"field": "middle"}, "y": y | {"field": height}, "text": {"field": field}, "color": inks,
                "tooltip": tips,
            },
        }
        for field, height, size, weight in (("name", "upper", 10.5, "normal"), ("tip", "lower", 13, "bold"))
    ]  # fmt: skip
    return [tile, *words]


def small_maps(panels: Sequence[Panel], *, unit: str, title: str, subtitle: str = "", note: str = "") -> Spec:
    """Return several small maps in one image, such as one per month, in one scale. Raises ValueError for none."""
    if not panels:
        raise ValueError("small maps need at least one map")
    columns, rows = _size()
    across, down = min(len(panels), _ACROSS), -(-len(panels) // _ACROSS)
    largest = max(float(np.max(panel.values)) for panel in panels)
    tiles, names = [], []
    for index, panel in enumerate(panels):
        left, top = (index % _ACROSS) * (columns + 1), (index // _ACROSS) * (rows + 2) + 1
        names.append({"x": left, "y": top - 0.3, "name": panel.title})
        for row in tile_rows(panel.values, largest):
            x, y = left + row["column"], top + row["row"]
            text = f"{row['province']}: {row['tip']}"
            tiles.append({"x": x, "x2": x + _SIDE, "y": y, "y2": y + _SIDE, "value": row["value"], "tip": text})
    x_axis = {"type": "quantitative", "axis": None, "scale": {"domain": [0, across * (columns + 1) - 1]}}
    y_axis = {"type": "quantitative", "axis": None, "scale": {"domain": [0, down * (rows + 2)], "reverse": True}}
    legend = {"title": unit, "titleLimit": 400, "gradientLength": 220, "tickCount": 3}
    colour = {
        "field": "value", "type": "quantitative", "legend": legend,
        "scale": {"domain": [0, max(largest, 1)], "range": list(SHADES)},
    }  # fmt: skip
    layers: list[Spec] = [
        {
            "data": {"values": tiles},
            "mark": {"type": "rect"},
            "encoding": {
                "x": x_axis | {"field": "x"}, "x2": {"field": "x2"}, "y": y_axis | {"field": "y"},
                "y2": {"field": "y2"}, "color": colour, "tooltip": {"field": "tip"},
            },
        },
        {
            "data": {"values": names},
            "mark": {"type": "text", "align": "left", "baseline": "bottom", "fontSize": 12},
            "encoding": {"x": x_axis | {"field": "x"}, "y": y_axis | {"field": "y"}, "text": {"field": "name"}},
        },
    ]  # fmt: skip
    height = _SMALL * down * rows // 2
    return theme.chart(layers, title=title, subtitle=subtitle, note=note, height=height, below=12)


def _size() -> tuple[int, int]:
    """Return the numbers of columns and rows of the grid."""
    return max(p.tile[0] for p in provinces()) + 1, max(p.tile[1] for p in provinces()) + 1
