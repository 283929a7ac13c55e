"""The tables about the code itself: packages, what each may import, and every file in one line."""

import ast
import re
import tomllib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from docs.tables import code, table

ROOT: Final = Path(__file__).resolve().parent.parent
LIBRARIES: Final = ("sim", "dashboard")


def layers(library: str) -> list[tuple[str, ...]]:
    """The layers of a library from the top down, as `[tool.importlinter]` has them; those of one layer together."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (found,) = [
        one["layers"] for one in settings["tool"]["importlinter"]["contracts"] if one.get("containers") == [library]
    ]
    return [tuple(re.split(r"\s*[|:]\s*", layer)) for layer in found]


def may_import(library: str) -> dict[str, list[str]]:
    """What each package of a library may import from it: every package of a lower layer."""
    order = layers(library)
    return {
        name: [below for lower in order[place + 1 :] for below in lower]
        for place, layer in enumerate(order)
        for name in layer
    }


def summary(path: Path) -> str:
    """The first line of a module's docstring, without the full stop. Raises ValueError if it has none."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    if not text:
        raise ValueError(f"{path} has no docstring")
    return text.splitlines()[0].removesuffix(".")


def modules(library: str) -> list[Path]:
    """Every module of a library: those of the top folder first, then folder by folder."""
    found = [path for path in (ROOT / library).rglob("*.py") if path.name != "__init__.py"]
    return sorted(found, key=lambda path: (path.parent, path.name))


def packages(library: str) -> str:
    """The packages of a library from the top layer down: what each is about and which others it may import."""
    rows = []
    for name, below in may_import(library).items():
        folder = ROOT / library / name
        home = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
        shown = f"{name}/" if folder.is_dir() else f"{name}.py"
        rows.append([code(shown), summary(home), ", ".join(map(code, below)) or "none"])
    return table(["package", "what it holds", f"which of `{library}` it may import"], rows)


def diagram(library: str) -> str:
    """The layers of a library as a Mermaid graph: an arrow goes from each package to those of the layer below."""
    order = layers(library)
    top = [f"    {_node(one)}" for one in order[0]]
    arrows = [f"    {_node(a)} --> {_node(b)}" for i, high in enumerate(order[:-1]) for a in high for b in order[i + 1]]
    return "\n".join(["```mermaid", "graph TD", *(arrows or top), "```"])


def _node(name: str) -> str:
    """A box with a name: Mermaid takes no underscores at the end of an identifier."""
    return f'{name.strip("_")}["{name}"]'


def files() -> str:
    """Every module in one line, a table per folder."""
    parts = []
    for library in LIBRARIES:
        folders: dict[str, list[list[str]]] = {}
        for path in modules(library):
            folder = path.parent.relative_to(ROOT).as_posix()
            folders.setdefault(folder, []).append([code(path.name), summary(path)])
        for folder, rows in folders.items():
            about = summary(ROOT / folder / "__init__.py")
            parts.append(f"### `{folder}/`\n\n{about}.\n\n{table(['file', 'what it is about'], rows)}")
    return "\n\n".join(parts)


LAYOUT_TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "packages-of-sim": partial(packages, "sim"),
    "packages-of-dashboard": partial(packages, "dashboard"),
    "layers-of-sim": partial(diagram, "sim"),
    "layers-of-dashboard": partial(diagram, "dashboard"),
    "files": files,
}
