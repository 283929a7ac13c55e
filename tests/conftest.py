"""What every test starts from."""

import sys
from collections.abc import Iterator

import pytest

MAIN = sys.modules["__main__"]


@pytest.fixture(autouse=True)
def own_main() -> Iterator[None]:
    """Give Python its main module back: Streamlit's AppTest leaves its script there, and a spawned process runs it."""
    sys.modules["__main__"] = MAIN
    yield
    sys.modules["__main__"] = MAIN
