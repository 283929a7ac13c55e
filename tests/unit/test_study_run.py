"""Running, resuming, sharing and merging: the rows are always the same."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim.runs.runner
from sim.errors import InputError
from sim.runs.compare import compare
from sim.study import part
from sim.study.executors import open_executor
from sim.study.folder import Folder
from sim.study.merge import merge
from sim.study.plan import StoppingRule
from sim.study.run import Share, run
from sim.study.status import status
from sim.study.verify import verify
from tests.unit import studies
from tests.unit.studies import Here, contents, filled

pytestmark = pytest.mark.slow

PLAN = studies.grid("baseline", "free-run", "no-review", worlds=400)


def test_a_run_gives_every_row_once_and_in_order(tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    folder, summary = filled(tmp_path, PLAN, progress=lambda *call: calls.append(call))
    assert (summary.rows, summary.failed, summary.elsewhere, summary.clean) == (3600, 0, 0, True)
    assert calls == [(0, 3600), (800, 3600), (1200, 3600), (2000, 3600), (2400, 3600), (3200, 3600), (3600, 3600)]
    rows = folder.table(["scenario", "point", "world", "attacks"])
    assert rows["scenario"].to_pylist() == [name for name in ("baseline", "free-run", "no-review") for _ in range(1200)]
    assert rows["point"].to_pylist() == [point for point in range(3) for _ in range(400)] * 3
    assert rows["world"].to_pylist() == [*range(400)] * 9
    assert sum(len(table) for table in folder.rows()) == 3600
    assert len(folder.part_files()) == 6


def test_going_on_gives_the_same_files_as_never_stopping(tmp_path: Path) -> None:
    whole, _ = filled(tmp_path / "whole", PLAN)
    folder = Folder.at(tmp_path / "stopped", PLAN)
    for computed in (1, 0, 2):
        with pytest.raises(KeyboardInterrupt):
            run(folder, Here(most=computed))
    engine = Here()
    summary = run(Folder.open(folder.path), engine)
    assert engine.computed == 3, "what is there is not computed again"
    assert summary.rows == 3600
    assert contents(folder.path) == contents(whole.path)
    engine = Here()
    run(folder, engine)
    assert engine.computed == 0


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-50], lambda data: data[:999] + b"?" + data[1000:], lambda _: b""]
)
def test_a_damaged_part_is_told_found_and_computed_again(tmp_path: Path, damage: object) -> None:
    folder, _ = filled(tmp_path, PLAN)
    before = contents(tmp_path)
    file = folder.part_files()[2]
    file.write_bytes(damage(file.read_bytes()))  # type: ignore[operator]
    with pytest.raises(InputError, match="run the study again"):
        list(folder.rows())
    verdict = verify(folder)
    assert (list(verdict.damaged), verdict.whole, verdict.sound) == ([file], 5, False)
    text: list[str] = []
    engine = Here()
    assert run(folder, engine, tell=text.append).replaced == 1
    assert engine.computed == 1
    assert len(text) == 1
    assert str(file) in text[0]
    assert contents(tmp_path) == before
    assert verify(folder, repeat=2).repeated == 2


def test_a_part_of_another_study_is_never_read(tmp_path: Path) -> None:
    folder, _ = filled(tmp_path / "a", PLAN)
    other, _ = filled(tmp_path / "b", replace(PLAN, seed=1))
    stranger = other.part_files()[0]
    (folder.parts / stranger.name).write_bytes(stranger.read_bytes())
    assert folder.table().num_rows == 3600
    verdict = verify(folder)
    assert verdict.sound
    assert [file.name for file in verdict.strangers] == [stranger.name]
    folder.part_files()[0].write_bytes(stranger.read_bytes())
    assert list(verify(folder).damaged.values()) == [f"has the name of another part; it is {stranger.stem}"]


def test_errors_of_the_model_are_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = sim.runs.runner.run_points

    def faulty(scenario: object, *rest: object, **options: object) -> object:
        if getattr(scenario, "name", "") == "free-run":
            raise ZeroDivisionError("no")
        return real(scenario, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(sim.runs.runner, "run_points", faulty)
    folder, summary = filled(tmp_path, PLAN)
    assert (summary.rows, summary.failed, summary.clean) == (3600, 1200, False)
    errors = folder.table(["scenario", "error"]).to_pandas()
    assert (errors.error.notna() == (errors.scenario == "free-run")).all()
    assert status(folder).failed == 1200
    assert run(folder, Here()).failed == 1200, "and are known when the study is done already"


def test_units_set_aside_are_told_and_tried_again(tmp_path: Path) -> None:
    folder = Folder.at(tmp_path, PLAN)
    summary = run(folder, Here(poison="free-run"))
    assert (summary.rows, summary.elsewhere, summary.clean) == (2400, 0, False)
    assert [(one["scenario"], one["points"], one["worlds"]) for one in summary.set_aside] == [
        ("free-run", [0, 1], [0, 399]), ("free-run", [2, 2], [0, 399]),
    ]  # fmt: skip
    assert folder.skipped_units() == summary.set_aside == status(folder).set_aside
    assert run(folder, Here()).clean
    assert folder.skipped_units() == []


def test_shares_put_together_are_the_whole(tmp_path: Path) -> None:
    whole, _ = filled(tmp_path / "whole", PLAN)
    shares = [filled(tmp_path / f"share-{n}", PLAN, share=Share(n, 2)) for n in (1, 2)]
    assert [(summary.rows, summary.elsewhere) for _, summary in shares] == [(2400, 1200), (1200, 2400)]
    target, new = merge(tmp_path / "merged", [folder.path for folder, _ in shares])
    assert new == 6
    assert contents(target.path) == contents(whole.path)
    assert merge(target.path, [whole.path])[1] == 0
    assert merge(shares[0][0].path, [shares[1][0].path])[1] == 3
    assert contents(shares[0][0].path) == contents(whole.path)
    assert run(target, Here(most=0)).rows == 3600


def test_merge_refuses_what_does_not_belong_together(tmp_path: Path) -> None:
    one, _ = filled(tmp_path / "one", PLAN, share=Share(1, 3))
    other, _ = filled(tmp_path / "other", replace(PLAN, seed=1), share=Share(1, 3))
    same, _ = filled(tmp_path / "same", PLAN, share=Share(1, 3))
    out = tmp_path / "out"
    with pytest.raises(InputError, match="another plan"):
        merge(out, [one.path, other.path])
    with pytest.raises(InputError, match="another plan"):
        merge(other.path, [one.path])
    with pytest.raises(InputError, match="no such folder"):
        merge(out, [one.path, tmp_path / "none"])
    file = same.part_files()[0]
    data = file.read_bytes()
    file.write_bytes(data[:-1])
    with pytest.raises(InputError, match="was changed or truncated"):
        merge(out, [one.path, same.path])
    unit = next(iter(same.keys().values()))
    task = same.work.task(unit)
    rows = part.decode(data, task.key)
    changed = rows.set_column(rows.schema.get_field_index("attacks"), "attacks", rows["us_troops"])
    file.write_bytes(part.encode(changed.cast(rows.schema), task))
    with pytest.raises(InputError, match="differs from the same part"):
        merge(out, [one.path, same.path])
    assert not out.exists()


@pytest.mark.parametrize("words", ["0/2", "3/2", "1", "a/b", "1/2/3", "-1/2", "1/99999999999"])
def test_a_share_that_is_none(words: str) -> None:
    with pytest.raises(InputError, match="share"):
        Share.parse(words)


def test_a_share() -> None:
    assert Share.parse("2/3") == Share(2, 3)


@pytest.mark.parametrize("processes", [0, -1, 1025])
def test_processes_out_of_bounds(processes: int, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="processes"):
        open_executor("local", tmp_path, processes)


def test_an_engine_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such engine"):
        open_executor("steam", tmp_path)


UNTIL = studies.plan("baseline", "free-run", "truce-broken", worlds=320, assumptions="point")


def test_worlds_are_added_until_the_interval_is_narrow(tmp_path: Path) -> None:
    until = StoppingRule("attacks", 0.25, 20_000)
    folder, summary = filled(tmp_path / "a", replace(UNTIL, until=until))
    assert summary.look is not None
    assert summary.look.state == "narrow"
    assert len(folder.rounds) > 1
    worlds = folder.rounds[-1]
    assert summary.rows == 3 * worlds
    widths = []
    for other in UNTIL.scenarios[1:]:
        (effect,) = compare(UNTIL.scenarios[0], other, worlds, assumptions="point").table(["attacks"])
        widths.append(effect.high - effect.low)
    assert max(widths) < until.interval
    assert max(widths) <= summary.look.width == pytest.approx(max(widths), rel=0.01)
    stopped = Folder.at(tmp_path / "b", folder.plan)
    for most in (2, 4):
        with pytest.raises(KeyboardInterrupt):
            run(stopped, Here(most=most))
    assert run(stopped, Here()).look == summary.look
    assert stopped.rounds == folder.rounds
    assert contents(stopped.path) == contents(folder.path)


def test_worlds_are_not_added_where_the_budget_will_not_do(tmp_path: Path) -> None:
    folder, summary = filled(tmp_path, replace(UNTIL, until=StoppingRule("attacks", 0.001, 640)))
    assert summary.look is not None
    assert summary.look.state == "beyond"
    assert summary.look.needed > 640
    assert folder.rounds == [320]


def test_points_of_one_scenario_are_held_against_the_first(tmp_path: Path) -> None:
    plan = studies.grid(worlds=320, until=StoppingRule("attacks", 2.0, 20_000))
    folder, summary = filled(tmp_path, plan)
    worlds = folder.rounds[-1]
    values = folder.table(["point", "attacks"]).to_pandas().groupby("point").attacks.apply(np.array)
    spread = max((values[point] - values[0]).std(ddof=1) for point in (1, 2))
    assert summary.look is not None
    assert summary.look.width == pytest.approx(2 * 1.96 * spread / worlds**0.5, rel=0.01)


def test_a_share_alone_does_not_decide_on_more_worlds(tmp_path: Path) -> None:
    plan = replace(UNTIL, until=StoppingRule("attacks", 0.25, 20_000))
    shares = [filled(tmp_path / str(n), plan, share=Share(n, 2))[0] for n in (1, 2)]
    assert [folder.rounds for folder in shares] == [[320], [320]]
    target, _ = merge(tmp_path / "merged", [folder.path for folder in shares])
    run(target, Here())
    whole, _ = filled(tmp_path / "whole", plan)
    assert contents(target.path) == contents(whole.path)
    assert merge(shares[0].path, [target.path])[0].rounds == whole.rounds
