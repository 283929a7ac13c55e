"""Shared fixtures: each scenario is run once per session."""

import pytest

from tests.verification.paired import Pairs


@pytest.fixture(scope="session")
def pairs() -> Pairs:
    """Return runs of the same worlds under many scenarios, cached for all tests of the session."""
    return Pairs()
