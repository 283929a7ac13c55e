"""A state is a link, a command and a scenario: all three give the same numbers, and nothing broken gets in."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest

from dashboard.render import tiles
from dashboard.runs import cache
from dashboard.state.state import State, read_query
from dashboard.state.undo import UndoStack
from sim.errors import InputError
from sim.inputs.parameters import catalogue
from sim.inputs.scenario_reader import load_scenario, parse_scenario, scenario_names
from sim.runs.runner import simulate
from sim.schema.decisions import levers
from tests.app.command import document
from tests.app.explore_page import no_turn
from tests.app.hostile import IMAGE, LINKS, SCRIPT
from tests.repeats import repeats

pytestmark = pytest.mark.slow

STATES = repeats("JIRGA_STATES", 64)
SPLIT = 4  # parts, each with as many runs of full length as the others
WHOLE = 16  # one state in so many runs to its scenario's end, the others for some weeks
KNOWN = ("attacks", "prisoners_released", "security_forces_killed", "reached_talks_open")
UNCERTAIN = [p for p in catalogue().values() if p.uncertain and p.range and p.range[0] < p.range[1]]


def change(rng: np.random.Generator, state: State) -> State:
    """The state with one lever or assumption somewhere in its bounds, now and then only for some days."""
    if rng.random() < 0.3:
        parameter = UNCERTAIN[rng.integers(len(UNCERTAIN))]
        low, high = parameter.range or (0, 0)
        value = float(rng.uniform(low, high))
        return state.change(parameter.name, int(value) if parameter.type == "int" else value)
    lever = list(levers().values())[rng.integers(len(levers()))]
    text = "true" if lever.flag else repr(float(rng.uniform(lever.low, lever.high)))
    run = state.origin()
    if rng.random() < 0.4:
        first = run.start + dt.timedelta(days=int(rng.integers(run.days - 1)))
        text += f"@{first}.." + (str(run.end) if rng.random() < 0.5 else "")
    return state.change(lever.name, text)


def random_state(number: int) -> State:
    """A state by number: scenarios that ship, or cut short as if from a file, up to four changes, any seed."""
    rng = np.random.default_rng(number)
    name = scenario_names()[rng.integers(len(scenario_names()))]
    state = State(base=name, worlds=64)
    found = load_scenario(name)
    if number % WHOLE:  # a short run of another scenario, which needs a file
        end = found.start + dt.timedelta(days=int(rng.integers(15, 46)))
        state = state.adopt(replace(found.with_dates(end=min(end, found.end)), name="", run={}))
    state = replace(state, seed=int(rng.integers(2**62)), worlds=int(rng.integers(1, 9)))
    if rng.random() < 0.2:
        state = replace(state, assumptions="ranges")
    for _ in range(rng.integers(5)):
        state = change(rng, state)
    return state


@pytest.mark.parametrize("part", range(SPLIT))
def test_the_page_and_the_command_give_the_same_numbers(part: int, tmp_path: Path) -> None:
    """The link restores each random state, and its command prints the very bits that the tiles show.

    JIRGA_STATES says how many states there are, see `repeats`.
    """
    for number in (number for number in range(STATES) if number // WHOLE % SPLIT == part):
        state = random_state(number)
        assert read_query(parse_qs(state.link().partition("?")[2], keep_blank_values=True)) == state, state.link()
        file = tmp_path / "scenario.toml"
        file.write_text(state.origin().to_toml(), encoding="utf-8")
        words = [str(file) if word == "scenario.toml" else word for word in _words(state.command())]
        given = document(*words)
        pair = cache.pair(state, state.worlds)
        shown = {tile.name: tile.value for tile in tiles.tiles(pair)}
        assert given["hash"] == state.scenario().hash(), state.command()
        for name in KNOWN:
            assert shown[name] == given["outcomes"][name]["mean"], (name, state.command())
        talks = given["milestones"]["talks_open"]
        row = next(row for row in pair.own.milestone_table() if row.name == "talks_open")
        assert (row.median and row.median.isoformat()) == talks["median"], state.command()
        cache.RUN_CACHE.clear()


def _words(command: str) -> list[str]:
    """What stands behind `jirga`."""
    import shlex

    return shlex.split(command)[1:]


@pytest.mark.parametrize("case", LINKS)
def test_a_hostile_link_is_refused_with_a_reason(case: str) -> None:
    """One line that names what is wrong, and nothing of the link beyond a cut quotation."""
    query, word = LINKS[case]
    with pytest.raises(InputError) as error:
        read_query(query)
    text = str(error.value)
    assert word in text
    assert "\n" not in text
    assert len(text) < 1200, text


def test_fifty_hostile_links_are_tried() -> None:
    """As many as promised."""
    assert len(LINKS) >= 50


def test_a_link_is_readable() -> None:
    """Names, values and dates stand in it as one would write them."""
    state = State(seed=7, worlds=64).change("taliban.leverage", 0.5).change("kabul.ghani.offer", "5000@2020-03-10..")
    assert state.link() == (
        "?scenario=baseline&set=taliban.leverage=0.5&set=kabul.ghani.offer=5000@2020-03-10..&seed=7&worlds=64"
        "&series=attacks"
    )
    assert state.command() == (
        "jirga run baseline --set taliban.leverage=0.5 --set kabul.ghani.offer=5000@2020-03-10.. --seed 7 --worlds 64"
    )


def test_a_command_survives_the_shell() -> None:
    """What a link brings is quoted; here a value that no check lets through stands for any."""
    state = State().change("taliban.truce", "false")
    object.__setattr__(state, "changes", (("taliban.truce", "$(rm -rf /)"),))
    assert "'taliban.truce=$(rm -rf /)'" in state.command()


def test_a_scenario_of_ones_own_travels_in_the_link() -> None:
    """Equal to the last word, with its own seed and worlds, and markup in its title stays text."""
    content = f'title = "{SCRIPT} {IMAGE}"\nbase = "free-run"\n[set]\ntaliban.leverage = 0.7\n'
    content += "[run]\nseed = 5\nworlds = 30\n"
    state = State().adopt(parse_scenario(content)).change("us.aid_cut", 1.0)
    assert (state.seed, state.worlds) == (5, 30)
    again = read_query(parse_qs(state.link()[1:]))
    assert again == state
    assert again.origin() == parse_scenario(content)
    assert again.scenario().hash() == state.scenario().hash()


def test_a_change_takes_the_place_of_the_one_before() -> None:
    """One lever stands once among the changes; leaving it brings the scenario back."""
    state = State().change("us.aid_cut", 1.0).change("taliban.leverage", 0.8).change("us.aid_cut", 0.5)
    assert state.changes == (("taliban.leverage", "0.8"), ("us.aid_cut", "0.5"))
    assert state.leave("us.aid_cut").leave("taliban.leverage") == State()
    assert state.reset() == State()


def test_a_change_is_switched_off_and_on_and_the_link_says_so() -> None:
    """It is kept without any effect; the command knows nothing of it; a new value or a reset forgets it."""
    on = State(worlds=64).change("kabul.ghani.offer", "5000@2020-03-10..").change("us.aid_cut", 1.0)
    off = on.switch("kabul.ghani.offer", on=False)
    assert (off.changes, off.off) == ((("us.aid_cut", "1.0"),), (("kabul.ghani.offer", "5000@2020-03-10.."),))
    assert off.scenario().hash() == State().change("us.aid_cut", 1.0).scenario().hash()
    assert "&off=kabul.ghani.offer=5000@2020-03-10..&" in off.link()
    assert "offer" not in off.command()
    assert read_query(parse_qs(off.link()[1:])) == off
    assert off.switch("kabul.ghani.offer", on=True).scenario().hash() == on.scenario().hash()
    assert off.switch("kabul.ghani.offer", on=False) == off
    name = "kabul.ghani.offer"
    for forgotten in (off.leave(name), off.change(name, 9), off.reset(), off.choose("free-run")):
        assert forgotten.off == ()


@pytest.mark.parametrize(("query", "text"), [
    ({"off": ["kabul.ghani.ofer=5000"]}, "did you mean kabul.ghani.offer"),
    ({"off": ["kabul.ghani.offer=-1"]}, "kabul.ghani.offer"),
    ({"off": ["kabul.ghani.offer"]}, "not a setting"),
    ({"off": ["us.aid_cut=1"], "set": ["us.aid_cut=0.5"]}, "already set, or a duplicate"),
    ({"off": ["us.aid_cut=1", "us.aid_cut=0.5"]}, "already set, or a duplicate"),
    ({"off": ["us.aid_cut=1"] * 101}, "too many changes"),
])  # fmt: skip
def test_what_is_switched_off_is_checked_too(query: dict[str, list[str]], text: str) -> None:
    with pytest.raises(InputError) as error:
        read_query(query)
    assert text in str(error.value)


def test_another_days_scenario_is_measured_against_the_baseline_of_those_days() -> None:
    """The 45 days of 2019 have their reference."""
    state = State(base="same-window-2019", worlds=8)
    assert (state.reference().start, state.reference().end) == (state.scenario().start, state.scenario().end)
    assert len(tiles.tiles(cache.pair(state, 8))) == 6


def test_undo_and_redo() -> None:
    """Back and forth; a new move forgets what was undone."""
    first, second, third = State(), State(seed=1), State(seed=2)
    history = UndoStack(first).push(second).push(third)
    assert history.undo().present == second
    assert history.undo().undo().undo().present == first
    assert history.undo().redo() == history
    assert history.undo().push(State(seed=3)).future == ()
    assert history.push(third) is history
    assert history.replace_view(State(week=3)).undo().present == second


def test_a_refinement_gives_what_one_run_gives_and_can_be_dropped() -> None:
    """All worlds after a while, from the cache; dropped, it ends within a moment and leaves nothing."""
    cache.RUN_CACHE.clear()
    state = State(worlds=130, seed=11)
    work = cache.Refinement(state)
    work.wait()
    assert cache.ready(state) == 130
    assert work.share == 1.0
    with no_turn():
        other = cache.Refinement(State(worlds=4000, seed=12))
        other.cancel()
        other.wait()
    assert cache.ready(other.state) == cache.FIRST


def test_two_that_do_the_same_keep_their_own_words() -> None:
    """The cache goes by what a scenario does; a title from one visitor never shows for another."""
    cache.RUN_CACHE.clear()
    plain, named = (parse_scenario(f'title = "{title}"\nend = 2020-03-20') for title in ("Plain", "Named"))
    one, other = cache.results(plain, 3, 4), cache.results(named, 3, 4)
    assert (one.scenario.title, other.scenario.title) == ("Plain", "Named")
    assert np.shares_memory(one.arrays["attacks"], other.arrays["attacks"])


def test_scenarios_that_are_run_together_are_those_that_are_run_alone() -> None:
    """Each has the bits of a run of its own, in the order asked for, and arrays of its own; other days go apart."""
    cache.RUN_CACHE.clear()
    long, other, short = (
        parse_scenario(f'title = "Weeks"\nbase = "{base}"\nend = {end}')
        for base, end in (("baseline", "2020-04-05"), ("no-review", "2020-04-05"), ("baseline", "2020-03-20"))
    )
    reports = list[float]()
    asked = [long, short, other, long]
    found = cache.several(asked, 5, 3, progress=lambda done, total: reports.append(done / total))
    for scenario, run in zip(asked, found, strict=True):
        alone = simulate(scenario, 3, 5)
        assert run.scenario == scenario
        assert all(np.array_equal(run.arrays[name], alone.arrays[name]) for name in alone.arrays)
    assert found[0].arrays["attacks"].base is not found[2].arrays["attacks"].base
    assert reports == sorted(reports)
    assert reports[-1] == 1
    assert len(cache.RUN_CACHE) == 3


def test_the_cache_is_bounded() -> None:
    """The least used run goes when the run_cache grows too heavy."""
    short = parse_scenario('title = "Short"\nend = 2020-03-05')
    one, two, three = (cache.results(short, seed, 2) for seed in range(3))
    run_cache = cache.RunCache(most=2 * cache.weight(one))
    for seed, found in enumerate((one, two)):
        run_cache.put(("x", seed, 2, "point"), found)
    assert run_cache.get(("x", 0, 2, "point")) is one
    run_cache.put(("x", 2, 2, "point"), three)
    assert len(run_cache) == 2
    assert run_cache.get(("x", 1, 2, "point")) is None


def test_a_pair_is_kept_however_large_it_is() -> None:
    """Otherwise a page that compares two runs would run one of them again and again."""
    short = parse_scenario('title = "Short"\nend = 2020-03-05')
    run_cache = cache.RunCache(most=1)
    for seed in range(3):
        run_cache.put(("x", seed, 2, "point"), cache.results(short, seed, 2))
    assert [run_cache.get(("x", seed, 2, "point")) is not None for seed in range(3)] == [False, True, True]


# Links as they were written before scenario files came from a TOML library, with the hash of what they run.
OLD_LINKS = (
    (
        (
            "?form=eNqdVE1v2zAMvetXEDongZwsw4ChGHbdsFMPOwSBQVu0LUSRUn3E8L8f5Wbpgq5A2pNlkn7v6ZF0MskSPID8bi1sF0opCG"
            "QJI2nABN61JMVTppiMd6Xu98Bh08FPbLIFSwnoTGFqvJ64GtJAYE1M0Pu_rxo50z0fqQ1E36QIDBjrGXEnHyslF8CPjdyLEVM7zO"
            "GE9sA1J3Iliylhe4jlGCjl4EjXyded6YdkXF_ihyKpbjD0aBzH6pMfKTBmTBgSY67VWi3VZqkqQU5fA59KQOxCdnshI5GWnNoKOf"
            "pgdSwvmzXnd8YlCmdyxYq43wtbbl48yXE1mjTogCNaKc5oc_FUrZTogj_eMmf-3v4TqpQYh6nAvGDAgBqcT9BQn50U0efQzm16rN"
            "byI1o229dimPlWzGzEazEswrhY2lkp-IWhHb5eGmvsBC4fG6buvLV-jDBzfFl85kFqJjgavfyR7fSuK8x9XPUDOrPyXcctvLH0bQ"
            "Odv0wYS-58oKveD_NteSH-a9yFsdgwDt6W0T4iz5SJcKR0P98Jy4LdS8ct8G7eqHcwWNI91YGesgk821eyDm2kF-vmDWb5GA-8-8"
            "lDNL27nybQ2dD4Bvr1r8D4Zayfi4uYP2babL8"
            "&set=kabul.ghani.pace=100@2020-03-10..2020-03-20&seed=5&worlds=32&series=attacks"
        ),
        "1c395d4dd01e9f8e306e0064545240a74e3e8c25fcd5780f5bb9923e5756bf23",
    ),
)

# One of the first edition, which sets a number that the second edition's rules do not have.
GONE_LINK = (
    "?form=eNqlVUtu2zAQ3esUA226sQ3KsdMAQVF0W6CrFOgiMQRaGolExqTDjwUfKefIxTqUnI_jwIidlSByPm_evBkGHQjhB-S_dA"
    "1VDHCXawNKUnOXj-DpMTw95tlDRB-0Ncnun5IBdANBIUj2aSSR_5lnxgb0yeBvZ-8MaYN-kmeOHX3Ze97mN8WcY_Lncvh8zxdZJ0"
    "Ol-tu17dCVXkmHdboPku7ZdY2m_3PRhzL68l4uI7GjD9IFdpyKqRiLi7EoMjT1cFDwXzrIbj2GRZb3PhO5rCORVBPbmbLTRGWwQ7"
    "6c3cREPBu2Shp9xIqR6aU0E8INOtnuLuac7labgG6DJrHlF4usN0msRD_pdFC1k52kPNtIiriL1zi72i8ksj-9OSpE1qltCvMag3"
    "tUA5MOS2yjyTNvo6v6Tt4U0_wcLBfzQzCceR_MbFzMPwDDILTxwI0uBPyRrlLXvUJqqWkLJq6WnLqxRLbz0Oe4Gl0KAcstrHQ9_h"
    "1pe2oJLL6SBbvP5XvmphfPYI3t5ZowK6QathhOTzE9ZOg1Q6p3ZX3gwnlEOulBGmOjqbAeDTUPjGzB7sZnd73i7Mex7OmyadCdry"
    "DmocbKIXLPGuvwpWH7_IuzARVzIU4UUs_LAIqp-TKgtazwKEHFoVCK2TMYh4TS8y7jdYQQ7KDtXtqzrwIjrFssHT5EnbbcC0bebn"
    "gSY9bwWAVlPUKnLHjdGpAwxAfeVUAYoLXvkI7gpig-D9fhRmP3ipJXvcfPiG32RmxDkP1xeJHeh4TOzkf4IY-zQ4Dzg2Ynztb8_L"
    "GYU893qJMwSftwDcp2QNa0oAOQ5EcNtIdh4mukb_6ghP9sIklH"
    "&set=kabul.ghani.pace=100@2020-03-10..2020-03-20&seed=0&worlds=1000&series=attacks"
)


@pytest.mark.parametrize(("link", "hash_"), OLD_LINKS)
def test_an_old_link_opens(link: str, hash_: str) -> None:
    """It gives the scenario that it always gave, and the same link again."""
    state = read_query(parse_qs(link.removeprefix("?")))
    assert state.scenario().hash() == hash_
    assert state.link() == link


def test_a_link_that_sets_a_number_that_is_gone_is_refused_in_one_line() -> None:
    with pytest.raises(
        InputError, match=r"^link: kabul\.abdullah\.own_will_to_share = 0\.0: no such lever or parameter"
    ):
        read_query(parse_qs(GONE_LINK.removeprefix("?")))
