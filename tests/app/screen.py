"""Pages in tests: opened without a browser, with a link's parameters, and read back."""

import html
import re
from typing import Any, cast

from streamlit.testing.v1 import AppTest

PATIENCE = 600  # seconds: a limit for a busy machine, which says nothing


def _script(name: str) -> None:
    """What Streamlit runs: one page between reading and writing the address."""
    from importlib import import_module

    from dashboard.runs import session

    session.take_link()
    import_module(f"dashboard.pages.{name}").page()
    session.put_link()


def opened(name: str, **query: str | list[str]) -> AppTest:
    """A page by the name of its module, after its first run with these query parameters; what it shares lies open."""
    app = AppTest.from_function(_script, args=(name,), default_timeout=PATIENCE)
    app.session_state["share"] = True
    for key, value in {"worlds": "16", **query}.items():
        app.query_params[key] = value
    return sound(app.run())


def sound(app: AppTest) -> AppTest:
    """The page, if it ran without a fault."""
    assert not app.exception, [(e.value, e.stack_trace) for e in app.exception]
    return app


def texts(app: AppTest) -> str:
    """Everything that the page says in text, character references resolved."""
    kinds: list[Any] = [app.markdown, app.caption, app.subheader, app.info, app.error, app.warning]
    return html.unescape("\n".join(str(one.value) for kind in kinds for one in kind))


def tables(app: AppTest) -> list[dict[str, list[Any]]]:
    """The tables of the page, column by column."""
    found = []
    for one in app.main:
        if one.type in ("arrow_data_frame", "dataframe"):
            found.append({str(name): list(column) for name, column in cast("Any", one).value.items()})
        elif one.type == "html" and 'role="table"' in cast("Any", one).proto.body:
            found.append(wrapped(cast("Any", one).proto.body))
    return found


def wrapped(body: str) -> dict[str, list[Any]]:
    """A table that is drawn as HTML, column by column."""
    heads, cells = (
        [html.unescape(text) for text in re.findall(rf"<{tag} [^>]*>([^<]*)</{tag}>", body)] for tag in ("th", "td")
    )
    return {head: cells[i :: len(heads)] for i, head in enumerate(heads)}


def links(app: AppTest) -> dict[str, list[str]]:
    """What the address bar says."""
    return {key: list(values) if isinstance(values, list) else [values] for key, values in app.query_params.items()}
