"""A scenario for tests: an offer for some weeks and a review for some days."""

import datetime as dt

from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import parse_scenario

OFFER, REVIEW = "kabul.ghani.offer", "kabul.ghani.review"
MARCH_10, APRIL_1, APRIL_15 = dt.date(2020, 3, 10), dt.date(2020, 4, 1), dt.date(2020, 4, 15)

BASE = f"""
title = "Base"
question = "What then?"
rests_on = ["S10"]
watch = ["attacks", "talks_open"]
[set]
"taliban.leverage" = 0.5
[run]
worlds = 64
[[interventions]]
lever = "{OFFER}"
value = 1500
from = 2020-03-10
until = 2020-04-15
why = "The decree."
source = "S10"
[[interventions]]
lever = "{REVIEW}"
value = true
from = 2020-03-14
until = 2020-04-15
"""


def sample() -> Scenario:
    """It, read from its text as from a file."""
    return parse_scenario(BASE, file="base.toml", name="base")
