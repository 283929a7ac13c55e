"""What the verification shares: each scenario is run once a session."""

import pytest

from tests.verification.paired import Pairs


@pytest.fixture(scope="session")
def pairs() -> Pairs:
    """Runs of the same worlds under many scenarios, kept for all tests of the session."""
    return Pairs()
