"""The saved table of what-ifs: whole, of this model, and without a finding whose sign depends on the assumptions."""

from docs.what_ifs import SHOWN, TREATMENTS, Change, flipped, saved, what_ifs
from sim.study.model_hash import model_hash


def test_every_what_if_is_in_the_table_of_this_model() -> None:
    model, changes = saved()
    assert model == model_hash(), "run: python -m docs.what_ifs"
    wanted = {(name, one, outcome) for name in what_ifs() for one in TREATMENTS for outcome in SHOWN}
    assert {(one.scenario, one.assumptions, one.outcome) for one in changes} == wanted
    assert len(changes) == len(wanted)


def test_no_significant_change_has_another_sign_over_the_ranges() -> None:
    assert flipped(saved()[1]) == []


def test_a_flip_is_found_only_where_both_are_significant() -> None:
    def pair(point: float, ranges: float, *, sure: bool = True) -> list[Change]:
        return [
            Change("x", "point", "attacks", point, significant=True),
            Change("x", "ranges", "attacks", ranges, sure),
        ]

    assert flipped(pair(1.0, -2.0)) == [("x", "attacks")]
    assert flipped(pair(1.0, 2.0)) == flipped(pair(1.0, -2.0, sure=False)) == []
