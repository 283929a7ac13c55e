"""What in a source file works on Linux alone, found by reading it: names that other systems lack, and their like."""

import ast
import re
from collections.abc import Iterator
from typing import Final

from tests.app.other_system import MODULES, NAMES

METHODS: Final = frozenset(  # of paths, event loops and the like, whatever they are called on
    ["add_signal_handler", "chmod", "getpwnam", "hardlink_to", "lchmod", "mkfifo", "symlink_to", "umask"]
)
OPTIONS: Final = frozenset(["pass_fds", "preexec_fn", "process_group", "start_new_session"])
PLACES: Final = re.compile(r"^/(tmp|dev|proc|etc|var|usr|bin|home)\b")
DATES: Final = re.compile(r"%-[a-zA-Z]")  # strftime without a leading zero: glibc's own


def faults(source: str) -> list[str]:
    """What works on Linux alone, each with its line; what stands behind a guard is left out.

    A guard is an `if` or a conditional expression that asks `hasattr`, or a name that holds such an answer.
    """
    tree = ast.parse(source)
    answers = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and _asks(node.value, set())
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    words = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    return [f"line {line}: {what}" for line, what in _found(tree, answers, words)]


def _found(node: ast.AST, answers: set[str], words: set[int]) -> Iterator[tuple[int, str]]:
    """Faults of a node and all below it, without what a guard stands before."""
    if isinstance(node, ast.If | ast.IfExp) and _asks(node.test, answers):
        kept = node.orelse if isinstance(node.orelse, list) else [node.orelse]
        for one in kept:
            yield from _found(one, answers, words)
        return
    yield from ((getattr(node, "lineno", 0), what) for what in _own(node, words))
    for below in ast.iter_child_nodes(node):
        yield from _found(below, answers, words)


def _asks(test: ast.AST, answers: set[str]) -> bool:
    """Whether a test asks `hasattr`, itself or by a name that holds the answer."""
    return any(
        (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "hasattr")
        or (isinstance(node, ast.Name) and node.id in answers)
        for node in ast.walk(test)
    )


def _own(node: ast.AST, words: set[int]) -> Iterator[str]:
    """What is wrong with a node itself."""
    match node:
        case ast.Import(names=names):
            yield from (f"import {one.name}" for one in names if one.name.partition(".")[0] in MODULES)
        case ast.ImportFrom(module=str(module), names=names, level=0):
            gone = NAMES.get(module, frozenset())
            yield from (f"from {module} import {one.name}" for one in names if module in MODULES or one.name in gone)
        case ast.Attribute(value=ast.Name(id=module), attr=name) if name in NAMES.get(module, ()):
            yield f"{module}.{name}"
        case ast.Call(func=ast.Attribute(attr=name)) if name in METHODS:
            yield f".{name}()"
        case ast.Constant(value=str(text)) if id(node) not in words:
            if PLACES.match(text):
                yield f"the text {text!r}"
        case ast.FormattedValue(format_spec=ast.JoinedStr(values=parts)):
            yield from _dates(parts)
        case ast.Call(func=ast.Attribute(attr="strftime"), args=parts):
            yield from _dates(parts)
    if isinstance(node, ast.Call):
        yield from (f"{one.arg}=" for one in node.keywords if one.arg in OPTIONS)
        yield from _text(node)


def _dates(parts: list[ast.expr]) -> Iterator[str]:
    """Forms of dates that only glibc knows."""
    texts = [one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    yield from (f"the date {text!r}" for text in texts if DATES.search(text))


def _text(call: ast.Call) -> Iterator[str]:
    """Text files that take their encoding, or the ends of their lines, from the system."""
    given = {one.arg for one in call.keywords}
    match call.func:
        case ast.Attribute(attr="read_text" | "write_text" as name):
            needed = {"encoding"} if name == "read_text" else {"encoding", "newline"}
        case ast.Name(id="open") | ast.Attribute(attr="open" | "fdopen"):
            modes = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            needed = {"encoding"} if any(re.fullmatch(r"[rwax]\+?t?", mode) for mode in modes) else set()
        case _:
            return
    if missing := sorted(needed - given):
        yield f"text without {' and '.join(missing)}"
