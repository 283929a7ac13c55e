"""Writing a scenario as a file that stands by itself."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.values import write

if TYPE_CHECKING:
    from sim.intervention import Intervention
    from sim.scenario import Scenario


def write_scenario(scenario: "Scenario") -> str:
    """The text of a TOML file that loads back as an equal scenario; its base is worked in, not named."""
    return "\n".join([*_head(scenario), *_tables(scenario), *_interventions(scenario)]) + "\n"


def _head(scenario: "Scenario") -> Iterator[str]:
    yield f"title = {write(scenario.title)}"
    for key in ("question", "notes"):
        if getattr(scenario, key):
            yield f"{key} = {write(getattr(scenario, key))}"
    for key in ("rests_on", "watch"):
        if getattr(scenario, key):
            yield f"{key} = [{', '.join(write(name) for name in getattr(scenario, key))}]"
    yield f"start = {write(scenario.start)}"
    yield f"end = {write(scenario.end)}"


def _tables(scenario: "Scenario") -> Iterator[str]:
    """The parameters under [set], by name, then worlds and seed under [run]."""
    for table, content in (("set", scenario.parameters), ("run", scenario.run)):
        if content:
            yield f"\n[{table}]"
            yield from (f"{write(name)} = {write(content[name])}" for name in sorted(content))


def _interventions(scenario: "Scenario") -> Iterator[str]:
    for one in scenario.interventions:
        yield "\n[[interventions]]"
        yield from (f"{key} = {write(value)}" for key, value in _keys(one))


def _keys(one: "Intervention") -> Iterator[tuple[str, Any]]:
    """The keys of one intervention, without those that say nothing."""
    yield "lever", one.field
    yield "value", one.value
    if one.start is not None:
        yield "from", one.start
    if one.until is not None:
        yield "until", one.until
    yield from ((key, words) for key, words in (("why", one.why), ("source", one.source)) if words)
