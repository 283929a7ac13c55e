"""How fast the sliders of the hand-outs redraw in Chromium: `python -m benchmarks.handout`.

Each figure is the time from an input event of a slider until the browser has laid the page out and could paint it, as
JavaScript measures it, over all sliders and steps of a hand-out. At most LIMIT milliseconds are wanted.
"""

import sys
from statistics import median
from typing import Any, Final

from docs import handouts
from tests.app.browser import chromium, visit

LIMIT: Final = 50.0  # milliseconds
ROUNDS: Final = 3
MEASURE: Final = """rounds => {
  const found = [];
  for (let round = 0; round < rounds; round++) {
    for (const slider of document.querySelectorAll("input[type=range]")) {
      for (let step = 0; step <= Number(slider.max); step++) {
        slider.value = step;
        const begun = performance.now();
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        document.body.getBoundingClientRect();
        found.push(performance.now() - begun);
      }
    }
  }
  return found;
}"""


def measure(browser: Any, name: str, width: int) -> list[float]:
    """Return the milliseconds of each move of a slider of a hand-out."""
    page = visit(browser, handouts.page(name).as_uri(), width=width, still=False)
    try:
        return [float(one) for one in page.evaluate(MEASURE, ROUNDS)]
    finally:
        page.context.close()


def main() -> int:
    """Print a table. Returns 1 if the median of a hand-out is above LIMIT, else 0."""
    print("milliseconds until a slider's change is drawn: median, 95 % of moves, slowest")
    slow = 0
    with chromium() as browser:
        for name in handouts.NAMES:
            for width in (390, 1280):
                times = sorted(measure(browser, name, width))
                most = times[int(0.95 * len(times))]
                slow |= median(times) > LIMIT
                print(f"  {name:22} {width:5} px  {median(times):6.1f}  {most:6.1f}  {times[-1]:6.1f}")
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
