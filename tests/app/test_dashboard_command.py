"""`jirga dashboard`: an address that it cannot open is said in one line, before it says where it is."""

import socket

import pytest

from tests.app.command import fail


@pytest.mark.parametrize("host", ["203.0.113.9", "nonsense.invalid", "a..b", "no such host", ""])
def test_a_host_that_is_not_this_machines_is_said(host: str) -> None:
    said = fail("dashboard", "--host", host)
    assert said.startswith(f'error: --host = "{host}:8501": cannot be opened')


def test_a_port_in_use_is_said_and_nothing_before_it() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"127.0.0.1:{port}" in fail("dashboard", "--port", str(port))
