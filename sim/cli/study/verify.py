"""`jirga study verify`: check that every part of a study is undamaged."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import options, screen

if TYPE_CHECKING:
    from sim.study.folder import Folder
    from sim.study.verify import VerificationResult

EXAMPLES = options.examples("study verify results/pace", "study verify results/pace --repeat 3")
UNSOUND = 1  # the exit code if a part is damaged or differs


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("verify", epilog=EXAMPLES)(verify)


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The study's folder.")],
    repeat: Annotated[
        int, typer.Option("--repeat", min=0, help="Compute this many parts again and compare the numbers.")
    ] = 0,
    as_json: options.Json = False,
) -> None:
    """Read every part of a study and compare it with its checksum. The exit code is 1 if a part is damaged."""
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
    """The result as lines of text."""
    lines = [f"{file}: {why}" for file, why in verdict.damaged.items()]
    lines += [f"{file}: computing it again gives different numbers" for file in verdict.differing]
    lines += [f"{file}: belongs to no unit of this study and is ignored" for file in verdict.strangers]
    repeated = f", {verdict.repeated:,} of them computed again with identical numbers" if verdict.repeated else ""
    lines.append(f"{verdict.whole:,} parts are undamaged{repeated}")
    if verdict.failed:
        lines.append(f"{verdict.failed:,} rows contain an error of the model")
    if verdict.missing or verdict.damaged:
        lines.append(
            f"{verdict.missing + len(verdict.damaged):,} still have to be computed: jirga study run --out {folder.path}"
        )
    return lines


def _document(folder: "Folder", verdict: "VerificationResult") -> dict[str, Any]:
    """The result as a JSON document."""
    return {
        "folder": str(folder.path), "sound": verdict.sound, "whole": verdict.whole, "missing": verdict.missing,
        "failed": verdict.failed, "damaged": {str(file): why for file, why in verdict.damaged.items()},
        "strangers": [str(file) for file in verdict.strangers], "repeated": verdict.repeated,
        "differing": [str(file) for file in verdict.differing],
    }  # fmt: skip
