"""Merge folders of one study that were computed separately, on machines without a shared disk."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from sim.errors import InputError
from sim.export.run_folder import check_writable
from sim.files.regular_file import get
from sim.schema import arguments
from sim.study import part, points
from sim.study.folder import Folder, as_input_error, is_empty, replaceable

Progress = Callable[[int, int], None]


def merge(out: str | Path, sources: Iterable[str | Path], progress: Progress | None = None) -> tuple[Folder, int]:
    """Copy the parts of several folders into one. Returns its folder and the number of new parts.

    out: a new folder, or a folder of the same study, which gets its missing parts. progress: called with the parts
    checked and the total. Raises InputError before anything is written, unless all folders have the same plan and
    points and were computed by this version of the model; and for a part that is damaged or differs between folders.
    """
    out = arguments.path("out", out)
    paths = [arguments.path("sources", path) for path in arguments.items("sources", sources, "folders")]
    arguments.callback("progress", progress)
    new_one = is_empty(out)
    check_writable(out.absolute())
    found = [Folder.open(path) for path in paths]
    if not found:
        raise InputError("there is no folder to merge")
    if not new_one:
        found.insert(0, Folder.open(out))
    for one in found:
        one.check_model()
        _check_same(found[0], one)
    whole = _whole(found, progress)
    target = Folder.at(out, found[0].plan)
    new = whole.keys() - target.done()
    with target.lock(), as_input_error(target.parts, "written"):
        for worlds in max((one.rounds for one in found), key=len)[len(target.rounds) :]:
            target.extend(worlds)
        for key in sorted(new):
            file = part.path(whole[key], key)
            data = get(file)
            with replaceable(file):
                part.failed_rows(data, key)  # it may have changed since it was read
            part.write(target.parts, key, data)
    return target, len(new)


def _check_same(one: Folder, other: Folder) -> None:
    """Raises InputError unless two folders belong to one study."""
    if one.plan.hash() != other.plan.hash():
        raise InputError(f"contains a study with another plan than {one.path}", file=other.path)
    if points.digest(one.design) != points.digest(other.design):
        raise InputError(f"has other points of the plan than {one.path}", file=other.path)


def _whole(found: Sequence[Folder], progress: Progress | None) -> dict[str, Path]:
    """The folder of each part, after reading every part and comparing those of the same unit."""
    longest = max(found, key=lambda one: len(one.rounds))
    units = longest.keys()
    there = [(one, key) for one in found for key in sorted(units.keys() & one.done())]
    whole: dict[str, Path] = {}
    for number, (one, key) in enumerate(there, 1):
        with replaceable(part.path(one.parts, key)):
            one.check(key, units[key])
        if key not in whole:
            whole[key] = one.parts
        elif not one.read(units[key]).equals(part.read(whole[key], key)):
            raise InputError(f"differs from the same part in {whole[key]}", file=part.path(one.parts, key))
        if progress is not None:
            progress(number, len(there))
    return whole
