"""Components of Streamlit's front end that a browser loads with the page, and not when the first of a kind is drawn.

Streamlit loads the code of each kind of element when it first draws one, in up to some twenty small files. When a round
opens, all phones of the room draw inputs that none of them has drawn before; each would have to fetch their code first.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

CLASS: Final = ("Html", "Button", "ButtonGroup", "Slider", "TextArea", "TextInput", "NumberInput", "Selectbox",
                "Multiselect", "Toast")  # fmt: skip
_FOLDER: Final = "static/js"  # below Streamlit's static files, and in their addresses
_IMPORTED: Final = re.compile(r'(?:\bfrom|\bimport)\s*"\./([\w.-]+\.js)"')  # not import("..."): that is on demand


def links(names: Sequence[str]) -> bytes:
    """Return the tags for a page's head that load components, and all that these import, with the page.

    names: of components, as Streamlit's files are called. One that this version of Streamlit does not have is left out:
    it is then loaded when it is drawn.
    """
    return "".join(
        f'<link rel="modulepreload" crossorigin href="./{_FOLDER}/{file}">' for file in modules(names)
    ).encode()


def modules(names: Sequence[str]) -> list[str]:
    """Return the files of components and of all that they import, without those of Streamlit's page itself."""
    import streamlit

    static = Path(streamlit.__file__).parent / "static"
    folder, page = static / _FOLDER, (static / "index.html").read_text(encoding="utf-8")
    known = set(re.findall(rf"{_FOLDER}/([\w.-]+\.js)", page))
    waiting = [file.name for name in names for file in sorted(folder.glob(f"{name}.*.js"))]
    found: list[str] = []
    while waiting:
        file = waiting.pop(0)
        if file not in known:
            known.add(file)
            found.append(file)
            waiting += _IMPORTED.findall((folder / file).read_text(encoding="utf-8"))
    return found
