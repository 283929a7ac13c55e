"""Links and files that are broken, or that want more than to be read."""

import base64
import zlib

from dashboard.state.scenario_codec import LONGEST

SCRIPT = "<script>alert(1)</script>"
IMAGE = "![x](https://example.org/x.png)"


def packed(content: bytes) -> str:
    """Anything, as a link carries a scenario."""
    return base64.urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip("=")


DROPPED = "scenario of a megabyte"  # Streamlit itself ignores an address of more than 512 KiB before any page sees it

# What the query says, and a word that the page must say about it.
LINKS: dict[str, tuple[dict[str, list[str]], str]] = {
    "unknown scenario": ({"scenario": ["basline"]}, "baseline"),
    "scenario is a path": ({"scenario": ["../../etc/passwd"]}, "no such scenario"),
    "scenario is a file": ({"scenario": ["scenarios/baseline.toml"]}, "no such scenario"),
    "scenario is standard input": ({"scenario": ["-"]}, "no such scenario"),
    "scenario is empty": ({"scenario": [""]}, "give one of"),
    "scenario is a script": ({"scenario": [SCRIPT]}, "no such scenario"),
    "scenario is an image": ({"scenario": [IMAGE]}, "no such scenario"),
    "scenario given twice": ({"scenario": ["baseline", "free-run"]}, "more than once"),
    "scenario with a zero byte": ({"scenario": ["baseline\0"]}, "no such scenario"),
    "scenario of a megabyte": ({"scenario": ["a" * 1_000_000]}, "too long"),
    "series of half a megabyte": ({"series": ["a" * 500_000]}, "too long"),
    "unknown part": ({"scenari": ["baseline"]}, "scenario"),
    "part of Python": ({"__class__": ["x"]}, "no such part"),
    "part is a script": ({SCRIPT: ["x"]}, "no such part"),
    "lever misspelt": ({"set": ["kabul.ghani.ofer=5"]}, "kabul.ghani.offer"),
    "lever unknown": ({"set": ["moon.phase=1"]}, "no such lever"),
    "lever is a group": ({"set": ["kabul.ghani=1"]}, "group"),
    "no equals sign": ({"set": ["taliban.leverage"]}, "not a setting"),
    "no value": ({"set": ["taliban.leverage="]}, "not a setting"),
    "no name": ({"set": ["=1"]}, "not a setting"),
    "not a number": ({"set": ["taliban.leverage=nan"]}, "finite"),
    "infinite": ({"set": ["taliban.intensity=inf"]}, "finite"),
    "huge": ({"set": ["taliban.intensity=1e308"]}, "out of bounds"),
    "beyond floats": ({"set": ["taliban.intensity=1e999"]}, "finite"),
    "many digits": ({"set": ["taliban.intensity=" + "9" * 5000]}, "must be a finite number"),
    "negative": ({"set": ["kabul.ghani.offer=-1"]}, "0 to 5000"),
    "text for a number": ({"set": ["kabul.ghani.offer=all"]}, "must be a number"),
    "number for yes or no": ({"set": ["taliban.truce=1"]}, "true or false"),
    "value is a script": ({"set": [f"taliban.leverage={SCRIPT}"]}, "must be a number"),
    "value is an image": ({"set": [f"taliban.leverage={IMAGE}"]}, "must be a number"),
    "value is a line break": ({"set": ["taliban.leverage=1\n2"]}, "must be a number"),
    "dates in the wrong order": ({"set": ["us.aid_cut=1@2020-05-01..2020-04-01"]}, "no days"),
    "date outside the run": ({"set": ["us.aid_cut=1@2031-05-01.."]}, "outside the run"),
    "date that is none": ({"set": ["us.aid_cut=1@2020-02-31.."]}, "not a date"),
    "dates on a parameter": ({"set": ["taliban.leverage=1@2020-04-01.."]}, "must be a number"),
    "a thousand changes": ({"set": ["us.aid_cut=1"] * 500}, "too many"),
    "seed negative": ({"seed": ["-1"]}, "out of bounds"),
    "seed too large": ({"seed": [str(2**70)]}, "out of bounds"),
    "seed a fraction": ({"seed": ["1.5"]}, "whole number"),
    "seed a word": ({"seed": ["lucky"]}, "whole number"),
    "no worlds": ({"worlds": ["0"]}, "out of bounds"),
    "a billion worlds": ({"worlds": ["1000000000"]}, "out of bounds"),
    "more worlds than a page runs": ({"worlds": ["100000"]}, "use the command"),
    "series misspelt": ({"series": ["atacks"]}, "attacks"),
    "series is a script": ({"series": [SCRIPT]}, "no such series"),
    "outcome misspelt": ({"outcome": ["atacks"]}, "attacks"),
    "outcome that is not ranked": ({"outcome": ["us_troops"]}, "not an outcome to order by"),
    "outcome given twice": ({"outcome": ["attacks", "attacks"]}, "more than once"),
    "assumptions misspelt": ({"assumptions": ["rangs"]}, "ranges"),
    "world outside": ({"world": ["5000"]}, "no such world"),
    "world a fraction": ({"world": ["0.5"]}, "whole number"),
    "week outside": ({"week": ["44"]}, "no such week"),
    "week negative": ({"week": ["-1"]}, "0 to 43"),
    "week of a shorter run": ({"scenario": ["same-window-2019"], "week": ["7"]}, "0 to 6"),
    "address too long": ({"link": ["too-long"]}, "too long to be read"),
    "too many parts": ({"set": ["us.aid_cut=1"] * 600}, "too long to be read"),
    "another unknown scenario": ({"also": ["nope"]}, "no such scenario"),
    "too many others": ({"also": ["free-run", "no-review", "long-review", "one-president"]}, "at most"),
    "one twice": ({"also": ["free-run", "free-run"]}, "a duplicate"),
    "scenario and form": ({"scenario": ["baseline"], "form": ["abc"]}, "one of"),
    "form is nonsense": ({"form": ["abc"]}, "no scenario in it"),
    "form with other letters": ({"form": ["../../x"]}, "no scenario in it"),
    "form too long": ({"form": ["a" * (LONGEST + 1)]}, "too long"),
    "form is a bomb": ({"form": [packed(b"#" * 5_000_000)]}, "too large"),
    "form is empty": ({"form": [packed(b" ")]}, "empty"),
    "form is binary": ({"form": [packed(b"\0\1\2")]}, "binary"),
    "form is latin-1": ({"form": [packed("title = 'café'".encode("latin-1"))]}, "UTF-8"),
    "form is no TOML": ({"form": [packed(b"{}")]}, "TOML"),
    "form without a title": ({"form": [packed(b'base = "baseline"')]}, "title"),
    "form with a path for a base": ({"form": [packed(b'title = "x"\nbase = "../x"')]}, "not a path"),
    "form nested": ({"form": [packed(b"title = " + b"[" * 5000 + b"]" * 5000)]}, "nested"),
    "form with NaN": ({"form": [packed(b'title = "x"\n[set]\n"taliban.leverage" = nan')]}, "finite"),
    "form with an unknown key": ({"form": [packed(b'title = "x"\ntitel = "y"')]}, "no such key"),
    "form for a million days": ({"form": [packed(b'title = "x"\nend = 2029-01-01')]}, "days"),
}
