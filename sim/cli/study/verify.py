"""`jirga study verify`: whether every part is what was written."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import options, screen

if TYPE_CHECKING:
    from sim.study.folder import Folder
    from sim.study.verify import VerificationResult

EXAMPLES = options.examples("study verify results/pace", "study verify results/pace --repeat 3")
UNSOUND = 1  # the exit code when a part is not what it should be


def add_to(app: typer.Typer) -> None:
    """Give the application this command."""
    app.command("verify", epilog=EXAMPLES)(verify)


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The study's folder.")],
    repeat: Annotated[
        int, typer.Option("--repeat", min=0, help="Compute so many parts once more and hold the numbers together.")
    ] = 0,
    as_json: options.Json = False,
) -> None:
    """Read every part of a study and hold it against its checksum. Exit code 1 if one is not what was written."""
    from sim.study.folder import Folder
    from sim.study.verify import verify as read_all

    study = Folder.open(folder)
    with screen.progress("parts read") as report:
        verdict = read_all(study, repeat, report)
    if as_json:
        from sim.cli.document import print_json

        print_json(_document(study, verdict))
    else:
        for line in _lines(study, verdict):
            typer.echo(screen.safe(line))
    if not verdict.sound:
        raise typer.Exit(UNSOUND)


def _lines(folder: "Folder", verdict: "VerificationResult") -> list[str]:
    """The verdict for people."""
    lines = [f"{file}: {why}" for file, why in verdict.damaged.items()]
    lines += [f"{file}: computed once more, it comes out otherwise" for file in verdict.differing]
    lines += [f"{file}: belongs to no unit of this study and is not read" for file in verdict.strangers]
    repeated = f", {verdict.repeated:,} of them computed once more with the same bits" if verdict.repeated else ""
    lines.append(f"{verdict.whole:,} parts are as they were written{repeated}")
    if verdict.failed:
        lines.append(f"{verdict.failed:,} rows hold an error of the model")
    if verdict.missing or verdict.damaged:
        lines.append(
            f"{verdict.missing + len(verdict.damaged):,} are to be computed: jirga study run --out {folder.path}"
        )
    return lines


def _document(folder: "Folder", verdict: "VerificationResult") -> dict[str, Any]:
    """The verdict for scripts."""
    return {
        "folder": str(folder.path), "sound": verdict.sound, "whole": verdict.whole, "missing": verdict.missing,
        "failed": verdict.failed, "damaged": {str(file): why for file, why in verdict.damaged.items()},
        "strangers": [str(file) for file in verdict.strangers], "repeated": verdict.repeated,
        "differing": [str(file) for file in verdict.differing],
    }  # fmt: skip
