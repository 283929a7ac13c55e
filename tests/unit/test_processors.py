"""How many processors a process may use, as each system tells."""

import os

import pytest

from sim.study.processors import processors


def test_at_least_one_and_at_most_all() -> None:
    assert 1 <= processors() <= (os.cpu_count() or 1)


@pytest.mark.parametrize(("all_of_them", "found"), [(6, 6), (None, 1)])
def test_without_affinity_all_of_them(all_of_them: int | None, found: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("process_cpu_count", "sched_getaffinity"):
        monkeypatch.delattr(os, name, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: all_of_them)
    assert processors() == found
