"""The labels of charts, measured in the browser: none cut, none outside its chart, none over another."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

SPARE = 2  # pixels by which two labels may touch, or one may stand out
# Each text that is seen, as the four corners of its box, which may be turned. The box of a letter is higher than the
# letter: SLIM of its height is left out above and below. Two boxes are apart if there is a line between them along a
# side of one of them (the separating axis theorem).
MEASURE = """([selector, spare]) => {
  const SLIM = 0.17, found = [];
  const seen = text => {
    if (!text.textContent.trim()) return false;
    for (let one = text; one instanceof Element; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.display === "none" || style.visibility === "hidden" || +style.opacity === 0) return false;
      if (one.tagName.toLowerCase() === "svg") break;
    }
    return getComputedStyle(text).fill !== "none";
  };
  const corners = text => {
    const box = text.getBBox(), to = text.getScreenCTM(), cut = box.height * SLIM;
    return [[box.x, box.y + cut], [box.x + box.width, box.y + cut], [box.x + box.width, box.y + box.height - cut],
      [box.x, box.y + box.height - cut]].map(([x, y]) => [to.a * x + to.c * y + to.e, to.b * x + to.d * y + to.f]);
  };
  const along = (box, [x, y]) => {
    const at = box.map(corner => corner[0] * x + corner[1] * y);
    return [Math.min(...at), Math.max(...at)];
  };
  const common = (one, other) => {
    let least = Infinity;
    for (const box of [one, other]) for (const side of [0, 1]) {
      const [from, to] = [box[side], box[side + 1]], length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
      const axis = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
      const [a, b] = [along(one, axis), along(other, axis)];
      least = Math.min(least, Math.min(a[1], b[1]) - Math.max(a[0], b[0]));
    }
    return least;
  };
  for (const chart of document.querySelectorAll(selector)) {
    const frame = chart.getBoundingClientRect(), drawn = [];
    if (!frame.width) continue;
    const name = chart.dataset.name ?? chart.getAttribute("aria-label")?.slice(0, 40) ?? "";
    for (const text of [...chart.querySelectorAll("text")].filter(seen)) {
      const box = corners(text), words = text.textContent.trim();
      const [left, right] = along(box, [1, 0]), [top, foot] = along(box, [0, 1]);
      const out = Math.max(frame.left - left, right - frame.right, frame.top - top, foot - frame.bottom);
      if (out > spare) found.push(`${name}: "${words}" is ${Math.round(out)} pixels outside`);
      if (words.endsWith("…")) found.push(`${name}: "${words}" is cut`);
      for (const [others, boxed] of drawn)
        if (common(box, boxed) > spare) found.push(`${name}: "${words}" is over "${others}"`);
      drawn.push([words, box]);
    }
  }
  return found;
}"""
CHARTS = "[data-testid=stVegaLiteChart] svg"


def label_faults(page: "Page", charts: str = CHARTS) -> list[str]:
    """What is wrong with the labels of the charts on a page, one line per fault. charts: CSS selector of their SVG."""
    found: Any = page.evaluate(MEASURE, [charts, SPARE])
    return [str(one) for one in found]


# An export is laid out for Liberation Sans, which has the widths of Arial and Helvetica: in thousandths of the font's
# size, for the characters from space to ~ (Adobe's metrics of Helvetica and Helvetica Bold). This machine's browser
# may not have the font; each text is set to the width that it has in it.
PLAIN = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 "
    "278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 "
    "667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 "
    "556 333 500 278 556 500 722 500 500 500 334 260 334 584"
)
BOLD = (
    "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 333 "
    "333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 "
    "667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 "
    "611 389 556 333 611 556 778 556 556 500 389 280 389 584"
)
SET = """([selector, plain, bold]) => {
  for (const text of document.querySelectorAll(selector)) {
    if (text.querySelector("tspan") || !text.textContent.trim()) continue;
    const style = getComputedStyle(text), widths = +style.fontWeight > 500 ? bold : plain;
    const length = [...text.textContent].reduce((sum, one) => sum + (widths[one.codePointAt(0) - 32] ?? 556), 0);
    text.setAttribute("textLength", (length * parseFloat(style.fontSize)) / 1000);
    text.setAttribute("lengthAdjust", "spacingAndGlyphs");
  }
}"""


def set_in_print(page: "Page", charts: str) -> None:
    """Give each text of these exported charts the width that it has in the font it was laid out for."""
    widths = [[int(one) for one in font.split()] for font in (PLAIN, BOLD)]
    page.evaluate(SET, [f"{charts} text, {charts} tspan", *widths])
