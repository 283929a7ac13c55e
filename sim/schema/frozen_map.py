"""An immutable mapping that compares, hashes and pickles by its content."""

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

V = TypeVar("V")


class FrozenMap(Mapping[str, V], Generic[V]):
    """An immutable mapping of names to values, in the order given."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, V] | None = None) -> None:
        object.__setattr__(self, "_items", dict(items or {}))

    def __getitem__(self, name: str) -> V:
        """Return the value of a name. Raises KeyError."""
        value: V = self._items[name]  # type: ignore[attr-defined]
        return value

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, in order."""
        return iter(self._items)  # type: ignore[attr-defined]

    def __len__(self) -> int:
        """Return the number of names."""
        return len(self._items)  # type: ignore[attr-defined]

    def __setattr__(self, name: str, value: Any) -> None:
        """Always raise AttributeError."""
        raise AttributeError(f"cannot set {name}: a FrozenMap is immutable")

    def __hash__(self) -> int:
        """Return a hash of the content, regardless of order. Raises TypeError if a value is not hashable."""
        return hash(frozenset(self._items.items()))  # type: ignore[attr-defined]

    def __repr__(self) -> str:
        """Return the content, printed like a dictionary."""
        return f"FrozenMap({self._items!r})"  # type: ignore[attr-defined]

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how to pickle it: by its content."""
        return FrozenMap, (dict(self),)
