"""`jirga study list`: list the plans that come with Jirga, or the studies in a folder."""

from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli import options, screen
from sim.schema.formatting import share

EXAMPLES = options.examples("study list", "study list results", "study list results --json")


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("list", epilog=EXAMPLES)(list_studies)


def list_studies(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A folder with studies; without it, the plans of Jirga.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """List the plans that come with Jirga, or the studies in a folder and how far they are."""
    rows = _plans() if folder is None else _studies(folder)
    if as_json:
        from sim.cli.document import print_json

        print_json(rows)
        return
    heads = ("!plan", "title") if folder is None else ("!study", "title", ">done")
    made = screen.table("Plans" if folder is None else "Studies", *heads)
    for row in rows:
        done = () if folder is None else (share(row["done"]),)
        made.add_row(screen.safe(row["name"]), screen.safe(row["title"]), *done)
    screen.console().print(made)


def _plans() -> list[dict[str, Any]]:
    """Name, title and question of every plan that comes with Jirga."""
    from sim.study.plan_reader import plan_names, read_plan

    found = [(name, read_plan(name)) for name in plan_names()]
    return [{"name": name, "title": plan.title, "question": plan.question} for name, plan in found]


def _studies(folder: Path) -> list[dict[str, Any]]:
    """Name, title and progress of every study directly in a folder, by name. Raises InputError for none."""
    from sim.errors import InputError
    from sim.study.folder import PLAN, Folder
    from sim.study.status import status

    try:
        inside = sorted(path for path in folder.iterdir() if (path / PLAN).is_file())
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", file=folder) from error
    if not inside:
        raise InputError("contains no study", file=folder)
    rows = []
    for path in inside:
        study = Folder.open(path)
        found = status(study)
        rows.append({"name": path.name, "title": study.plan.title, "done": found.rows_done / found.rows,
                     "complete": found.complete})  # fmt: skip
    return rows
