"""Refresh the regression baseline and print what changed: python -m tests.regression.refresh.

This is the only way to change baseline.json. Check the output: each line is an outcome that has changed.
"""

import json
import sys

from tests.regression.measured import FILE, Measured, measure, recorded


def changes(old: Measured, new: Measured) -> list[str]:
    """Return one line per outcome that differs."""
    lines = []
    for scenario in sorted({*old, *new}):
        before, after = old.get(scenario, {}), new.get(scenario, {})
        for name in sorted({*before, *after}):
            a, b = before.get(name), after.get(name)
            if a != b:
                means = [f"{m['mean']:.6g}" if m else "never" for m in (a, b)]
                lines.append(f"{scenario} {name}: {' to '.join(means)}")
    return lines


def main() -> None:
    """Measure again, write the file, and print what changed."""
    old = recorded() if FILE.exists() else {}
    new = measure()
    FILE.write_text(json.dumps(new, indent=1) + "\n", encoding="utf-8")
    text = changes(old, new)
    sys.stdout.write("\n".join([*text, f"{len(text)} outcomes changed in {FILE.name}"]) + "\n")


if __name__ == "__main__":
    main()
