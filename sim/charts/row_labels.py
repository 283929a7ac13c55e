"""Labels and words above the rows of a chart, inside the plotting area: on one line, or below each other if narrow."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from sim.charts import theme
from sim.charts.theme import Spec

PHONE: Final = 300  # pixels of a plotting area on a phone, for which long labels are wrapped
_LETTER: Final = 6.7  # average width of a letter, pixels
_LINE: Final = 15  # pixels from one line to the next
_BETWEEN: Final = 16  # pixels between a label and the words beside it


@dataclass(frozen=True, slots=True)
class RowLabels:
    """The text above each row: its label at the left, and its words at the right or, on a phone, below the label."""

    labels: Sequence[str]
    words: Sequence[str]

    def ends(self, height: float) -> list[float]:
        """Return the lower edge of each row, in pixels from the top, below each other.

        height: of a row with one line of text, pixels; a row whose text has more lines on a phone is higher.
        """
        return list(accumulate(height + _LINE * (len(lines) - 1) for lines in self._wrapped()))

    def layers(self, at: Sequence[float], y: Spec, *, ink: str = theme.INK) -> list[Spec]:
        """Return the layers of texts.

        at: the base line of the last line of each row, in pixels from the top; y: the encoding of the vertical places;
        ink: the colour of the words at the right.
        """
        rows = [
            {
                "at": place, "label": label, "words": words, "lines": "\n".join(lines), "count": len(lines),
                "wide": wide,
            }
            for place, label, words, lines, wide in zip(
                at, self.labels, self.words, self._wrapped(), self._wide(), strict=True
            )
        ]  # fmt: skip
        fits, values = "width >= datum.wide", {"values": rows}
        mark = {"type": "text", "fontSize": 12.5, "baseline": "alphabetic", "lineBreak": "\n", "lineHeight": _LINE}
        up = {"expr": f"{fits} ? 0 : {-_LINE} * (datum.count - 1)"}
        place = {"y": y | {"field": "at"}}
        left = [
            {"calculate": f"{fits} ? datum.label : datum.lines", "as": "shown"},
            {"calculate": f"{fits} ? datum.words : ''", "as": "beside"},
        ]
        return [
            {
                "data": values, "transform": left, "mark": mark | {"align": "left", "color": theme.INK, "dy": up},
                "encoding": place | {"x": {"value": 2}, "text": {"field": "shown"}},
            },
            {
                "data": values, "transform": left, "mark": mark | {"align": "right", "color": ink},
                "encoding": place | {"x": {"value": {"expr": "width - 2"}}, "text": {"field": "beside"}},
            },
        ]  # fmt: skip

    def _wide(self) -> list[int]:
        """Return for each row the width from which its label and its words fit on one line, in pixels."""
        lengths = [len(a) + len(b) for a, b in zip(self.labels, self.words, strict=True)]
        return [round(_LETTER * length + _BETWEEN) for length in lengths]

    def _wrapped(self) -> list[list[str]]:
        """Return the lines of each row on a phone: one line if label and words fit on it there."""
        most = int(PHONE / _LETTER)
        return [
            [label]
            if wide <= PHONE
            else [line for text in (label, words) if text for line in textwrap.wrap(text, most)] or [""]
            for label, words, wide in zip(self.labels, self.words, self._wide(), strict=True)
        ]


def vertical(ends: Sequence[float]) -> Spec:
    """Return the encoding of vertical places, in pixels from the top, without an axis. ends: of the rows."""
    return {"type": "quantitative", "axis": None, "scale": {"domain": [0, ends[-1]], "reverse": True, "nice": False}}
