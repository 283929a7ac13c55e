"""A mapping that nobody can change: it compares, hashes and pickles by its content."""

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

V = TypeVar("V")


class FrozenMap(Mapping[str, V], Generic[V]):
    """Names to values, in the order given; there is no way to set, add or drop one."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, V] | None = None) -> None:
        object.__setattr__(self, "_items", dict(items or {}))

    def __getitem__(self, name: str) -> V:
        """The value of a name. Raises KeyError."""
        value: V = self._items[name]  # type: ignore[attr-defined]
        return value

    def __iter__(self) -> Iterator[str]:
        """The names, in order."""
        return iter(self._items)  # type: ignore[attr-defined]

    def __len__(self) -> int:
        """How many names there are."""
        return len(self._items)  # type: ignore[attr-defined]

    def __setattr__(self, name: str, value: Any) -> None:
        """Raises AttributeError, always."""
        raise AttributeError(f"cannot set {name}: a frozen mapping does not change")

    def __hash__(self) -> int:
        """A hash of the content, whatever its order. Raises TypeError if a value has none."""
        return hash(frozenset(self._items.items()))  # type: ignore[attr-defined]

    def __repr__(self) -> str:
        """The content, as a dictionary would print it."""
        return f"FrozenMap({self._items!r})"  # type: ignore[attr-defined]

    def __reduce__(self) -> tuple[Any, ...]:
        """How to pickle it: by its content."""
        return FrozenMap, (dict(self),)
