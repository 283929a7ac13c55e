"""Which parameters the code reads, as its syntax shows: `p.leaf` counts for the group that p holds, and for no other.

A group starts at `parameters.group("name")` and is followed through names, attributes of objects and arguments of
calls until nothing new is found. A value outside a group is read by its whole name, `values["agreement.signed"]`.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

Groups = frozenset[str]
NONE: Groups = frozenset()


def sources(root: Path) -> dict[str, str]:
    """The text of every module of `sim`, by dotted name."""
    return {
        ".".join(path.relative_to(root).with_suffix("").parts): path.read_text(encoding="utf-8")
        for path in sorted((root / "sim").rglob("*.py"))
    }


def parameters_read(modules: Mapping[str, str], names: Mapping[str, tuple[str, str]]) -> set[str]:
    """The dotted names of those parameters that some module reads.

    modules: source by dotted name; names: group and leaf of each parameter, by dotted name.
    """
    code = Code.parse({name: ast.parse(text) for name, text in modules.items()})
    while code.follow():
        pass
    found = {name for name, (group, leaf) in names.items() if (group, leaf) in code.read}
    found |= set(names) & code.whole
    patterns = [(group, re.compile(pattern)) for group, pattern in code.by_pattern]
    return found | {
        name
        for name, (group, leaf) in names.items()
        if any(group == one and pattern.fullmatch(leaf) for one, pattern in patterns)
    }


@dataclass(frozen=True)
class Function:
    """A function or method with the module and the class it stands in."""

    module: str
    owner: str  # the class, "" for a plain function
    tree: ast.FunctionDef

    @property
    def arguments(self) -> list[str]:
        """The names of its arguments, without self and cls."""
        given = self.tree.args
        names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
        return names[1:] if self.owner and names[:1] in (["self"], ["cls"]) else names


@dataclass
class Code:
    """All functions, what is known of the groups that reach them, and what has been read."""

    functions: dict[tuple[str, str, str], Function] = field(default_factory=dict)  # by module, class, name
    imported: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)  # (module, name) to where it stands
    fields: dict[str, list[str]] = field(default_factory=dict)  # of each class, in order
    homes: dict[str, str] = field(default_factory=dict)  # the module of each class
    kinds: dict[str, set[str]] = field(default_factory=dict)  # classes that an attribute or argument of this name has
    attributes: dict[tuple[str, str], Groups] = field(default_factory=dict)  # groups by class and attribute
    given: dict[tuple[str, str, str, str], Groups] = field(default_factory=dict)  # groups by function and argument
    read: set[tuple[str, str]] = field(default_factory=set)  # (group, leaf)
    by_pattern: set[tuple[str, str]] = field(default_factory=set)  # (group, pattern of a leaf)
    whole: set[str] = field(default_factory=set)  # dotted names in square brackets

    @classmethod
    def parse(cls, trees: Mapping[str, ast.Module]) -> "Code":
        """Everything that can be said before groups are followed."""
        code = cls()
        for module, tree in trees.items():
            for one in ast.walk(tree):
                if isinstance(one, ast.ImportFrom) and one.module:
                    code.imported |= {(module, a.asname or a.name): (one.module, a.name) for a in one.names}
                elif isinstance(one, ast.Subscript) and isinstance(one.slice, ast.Constant):
                    code.whole.add(str(one.slice.value))
            for one in tree.body:
                if isinstance(one, ast.FunctionDef):
                    code.functions[module, "", one.name] = Function(module, "", one)
                elif isinstance(one, ast.ClassDef):
                    code._add_class(module, one)
        code._learn_kinds(trees)
        return code

    def _add_class(self, module: str, tree: ast.ClassDef) -> None:
        self.homes[tree.name] = module
        self.fields[tree.name] = [_last(one.target) for one in tree.body if isinstance(one, ast.AnnAssign)]
        for one in tree.body:
            if isinstance(one, ast.FunctionDef):
                self.functions[module, tree.name, one.name] = Function(module, tree.name, one)

    def _learn_kinds(self, trees: Mapping[str, ast.Module]) -> None:
        """The classes that attributes and arguments of a name have: by annotation, or by what is made for them."""
        for tree in trees.values():
            for one in ast.walk(tree):
                if isinstance(one, ast.AnnAssign):
                    self._learn(_last(one.target), one.annotation)
                elif isinstance(one, ast.arg):
                    self._learn(one.arg, one.annotation)
                elif isinstance(one, ast.Assign) and isinstance(one.value, ast.Call):
                    made = one.value.func
                    for target in one.targets:
                        self._learn(_last(target), made)
                        self._learn(_last(target), made.value if isinstance(made, ast.Attribute) else None)

    def _learn(self, name: str, kind: ast.expr | None) -> None:
        if name and isinstance(kind, ast.Name) and kind.id in self.homes:
            self.kinds.setdefault(name, set()).add(kind.id)

    def follow(self) -> bool:
        """Follow groups through every function once. Returns whether anything new was found."""
        before = (dict(self.attributes), dict(self.given), len(self.read))
        for key, one in self.functions.items():
            arguments = {name: self.given.get((*key, name), NONE) for name in one.arguments}
            Reader(self, one, arguments).visit_body()
        return before != (self.attributes, self.given, len(self.read))

    def callees(self, call: ast.Call, at: Function) -> Iterator[tuple[tuple[str, str, str], list[str]]]:
        """The functions that a call may reach, each with the names of its arguments in order."""
        made = call.func
        if isinstance(made, ast.Name):
            owner = at.owner if made.id == "cls" else made.id
            module, name = self.imported.get((at.module, owner), (at.module, owner))
            if name in self.fields:
                yield from self._constructor(self.homes[name], name)
            elif (module, "", name) in self.functions:
                yield (module, "", name), self.functions[module, "", name].arguments
        elif isinstance(made, ast.Attribute):
            owners = {made.value.id} if isinstance(made.value, ast.Name) and made.value.id in self.homes else set()
            for owner in owners | self.classes(made.value, at):
                key = (self.homes[owner], owner, made.attr)
                if key in self.functions:
                    yield key, self.functions[key].arguments

    def _constructor(self, module: str, owner: str) -> Iterator[tuple[tuple[str, str, str], list[str]]]:
        key = (module, owner, "__init__")
        yield key, self.functions[key].arguments if key in self.functions else self.fields[owner]

    def classes(self, value: ast.expr, at: Function) -> set[str]:
        """The classes that an object may have, by the last name it goes under."""
        if isinstance(value, ast.Name) and value.id == "self":
            return {at.owner}
        return self.kinds.get(_last(value), set())


class Reader(ast.NodeVisitor):
    """One function: the groups its names hold, what it reads of them, and to whom it hands them on."""

    def __init__(self, code: Code, at: Function, held: Mapping[str, Groups]) -> None:
        """held: the groups that its arguments hold."""
        self.code, self.at, self.held = code, at, dict(held)

    def visit_body(self) -> None:
        """Read the function from top to bottom."""
        for statement in self.at.tree.body:
            self.visit(statement)

    def groups(self, value: ast.expr) -> Groups:
        """The groups that an expression may be."""
        if isinstance(value, ast.Call) and _last(value.func) == "group" and value.args:
            (name,) = value.args
            return frozenset({str(name.value)}) if isinstance(name, ast.Constant) else NONE
        if isinstance(value, ast.Name):
            return self.held.get(value.id, NONE)
        if isinstance(value, ast.Attribute):
            owners = self.code.classes(value.value, self.at)
            return NONE.union(*(self.code.attributes.get((owner, value.attr), NONE) for owner in owners))
        return NONE

    def visit_Assign(self, node: ast.Assign) -> None:
        """Remember which group a name or an attribute now holds, and of which class an object is."""
        for target in node.targets:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=False))
            for name, value in pairs:
                self._hold(name, value)
        self.generic_visit(node)

    def _hold(self, target: ast.expr, value: ast.expr) -> None:
        found = self.groups(value)
        if isinstance(target, ast.Name):
            self.held[target.id] = found
            if isinstance(value, ast.Attribute) and value.attr in self.code.kinds:
                self.code.kinds.setdefault(target.id, set()).update(self.code.kinds[value.attr])
        elif isinstance(target, ast.Attribute) and _last(target.value) == "self" and found:
            key = (self.at.owner, target.attr)
            self.code.attributes[key] = self.code.attributes.get(key, NONE) | found

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Note what is read of a group."""
        self.code.read |= {(group, node.attr) for group in self.groups(node.value)}
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Hand groups on as arguments; a name put together for getattr stands for all that fit it."""
        if _last(node.func) == "getattr":
            group, name = node.args[:2]
            self.code.by_pattern |= {(one, _pattern(name)) for one in self.groups(group)}
        for key, names in self.code.callees(node, self.at):
            given = [*zip(names, node.args, strict=False), *((k.arg or "", k.value) for k in node.keywords)]
            for argument, value in given:
                self._hand(key, argument, self.groups(value))
        self.generic_visit(node)

    def _hand(self, key: tuple[str, str, str], name: str, found: Groups) -> None:
        if found and key in self.code.functions:
            place = (*key, name)
            self.code.given[place] = self.code.given.get(place, NONE) | found
        elif found:  # a dataclass keeps what it is given
            field_ = (key[1], name)
            self.code.attributes[field_] = self.code.attributes.get(field_, NONE) | found


def _last(value: ast.expr) -> str:
    """The last name of `a.b.c`, "" for anything else."""
    return value.attr if isinstance(value, ast.Attribute) else value.id if isinstance(value, ast.Name) else ""


def _pattern(name: ast.expr) -> str:
    """A name as a pattern: `f"{pair}_start"` is anything that ends like this."""
    parts = name.values if isinstance(name, ast.JoinedStr) else [name]
    return "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+" for part in parts)
