"""What every test starts from, and in which order the files are taken."""

import sys
from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import settings

MAIN = sys.modules["__main__"]
settings.register_profile("steady", deadline=None)  # a busy machine makes no example wrong
settings.load_profile("steady")
# Taken first, the longest before the others: one of them left for the end would keep a single process busy alone.
# Beside the class of nine browsers stand files that are a single process themselves.
LONG: Final = (
    "test_class_browser", "test_dashboard_explore", "test_dashboard_state", "test_pages", "test_twin",
    "test_dashboard_browser", "test_browser_pages", "test_study_processes", "test_study_kills", "test_wheel",
    "test_class_doors", "test_study_cluster", "test_invariants", "test_exercise_killed",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first; the order within a file stays."""
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))


@pytest.fixture(autouse=True)
def own_main() -> Iterator[None]:
    """Give Python its main module back: Streamlit's AppTest leaves its script there, and a spawned process runs it."""
    sys.modules["__main__"] = MAIN
    yield
    sys.modules["__main__"] = MAIN
