"""axe-core in a page of the browser: what is wrong for readers who use a screen reader or only the keyboard."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.app.browser import until

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRIPT = Path(__file__).with_name("axe") / "axe.min.js"
SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
WORST = ("serious", "critical")
MOST = 5  # places that are listed of each finding


# The character references in attributes, which a screen reader would read out one by one.
REFERENCES: Final = """() => [...document.querySelectorAll("[data-testid=stApp] *")].flatMap(one => [...one.attributes])
  .filter(one => /&#\\d+;/.test(one.value)).map(one => `${one.name}: ${one.value}`)"""


def named_in_words(page: "Page") -> None:
    """Wait until the script of a page has put the character references of names into plain characters."""
    until(page, lambda: not page.evaluate(REFERENCES), "names are read out as words")


@dataclass(frozen=True)
class Finding:
    """A rule that a page breaks, and where: CSS selectors of the elements."""

    rule: str
    impact: str
    help: str
    places: tuple[str, ...]

    def __str__(self) -> str:
        """The rule and the first places."""
        return f"{self.impact} {self.rule}: {self.help} ({len(self.places)}): {'; '.join(self.places[:MOST])}"


@cache
def source() -> str:
    """axe-core as text. Raises ValueError if it is not the pinned file."""
    data = SCRIPT.read_bytes()
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ValueError(f"{SCRIPT} is not the pinned version of axe-core")
    return data.decode()


def findings(
    page: "Page", impacts: Collection[str] = WORST, rules: Collection[str] = (), only: Collection[str] = ()
) -> list[Finding]:
    """What axe-core finds of these impacts, and of these rules whatever their impact. only: run these alone."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(f"() => {{ {source()} }}")
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if only:
        options["runOnly"] = {"type": "rule", "values": sorted(only)}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [
        Finding(
            one["id"], one["impact"], one["help"], tuple(" ".join(map(str, node["target"])) for node in one["nodes"])
        )
        for one in found
        if one["id"] in rules or one["impact"] in impacts
    ]
