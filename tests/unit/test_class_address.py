"""Addresses that a server may open: judged after they are resolved, however they are written."""

import socket

import pytest

from sim.cli.address import check_any, check_free, check_one, link_to
from sim.errors import InputError

EVERY = [
    "0", "00", "0x0", "0.0", "0.0.0", "0.0.0.0", "000.000.000.000", "0x0.0x0.0x0.0x0", "0x00000000", "0.0x0", "::",  # noqa: S104
    "::0",
    "0::0", "0:0:0:0:0:0:0:0", "0000:0000:0000:0000:0000:0000:0000:0000", "::0.0.0.0", "::ffff:0.0.0.0", "::ffff:0:0",
    "0::ffff:0:0", "::FFFF:0.0.0.0", "0:0:0:0:0:ffff:0:0",
]  # fmt: skip
NO_MACHINE = [
    "255.255.255.255", "4294967295", "0xffffffff", "255.0xffffff", "224.0.0.1", "239.255.255.250", "0xe0000001",
    "3758096385", "240.0.0.1", "ff02::1", "ff05::2", "ff0e::1", "FF02::FB",
    "::ffff:224.0.0.1", "::ffff:255.255.255.255",
]  # fmt: skip
NO_BROWSER = ["fe80::1", "fe80::1%1", "FE80::ABCD", "febf::1"]
NO_ADDRESS = [
    "", " ", "*", "*.example.org", "[::]", "[::1]", "127.0.0.1:80", "http://127.0.0.1", "a" * 300,
    "a" * 64 + ".org", "\0",
    ".", "..", "-", "0.0.0.0.", "0.0.0.0 ", "é..x", "256.0.0.1", "::g", ":::", "1.2.3.4.5", "a b", "@", "\n", "::1%\n",
]  # fmt: skip


@pytest.fixture(autouse=True)
def no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """No network is asked for a name."""
    resolve = socket.getaddrinfo

    def numbers_alone(host: str, *given: object, **named: object) -> object:
        return resolve(host, *given, **(named | {"flags": socket.AI_NUMERICHOST}))  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", numbers_alone)


@pytest.mark.parametrize("host", EVERY + NO_MACHINE + NO_BROWSER + NO_ADDRESS)
def test_an_address_that_is_not_one_machines_is_refused_in_one_line(host: str) -> None:
    with pytest.raises(InputError) as caught:
        check_one(host, 1)
    said = str(caught.value)
    assert said.startswith("--host = ")
    assert "\n" not in said
    if host in EVERY and "cannot be opened" not in said:  # some systems do not read all these forms
        assert "every address" in said, host


@pytest.mark.parametrize("host", EVERY)
def test_the_dashboard_opens_all_addresses_only_if_they_are_written_out(host: str) -> None:
    if host in ("0.0.0.0", "::"):  # noqa: S104
        assert check_any(host, 1) == host
    else:
        with pytest.raises(InputError):
            check_any(host, 1)


@pytest.mark.parametrize(
    ("host", "address", "link"),
    [
        ("127.0.0.1", "127.0.0.1", "http://127.0.0.1:1"),
        ("::1", "::1", "http://[::1]:1"),
        ("0:0:0:0:0:0:0:1", "::1", "http://[::1]:1"),
        ("::ffff:192.0.2.7", "192.0.2.7", "http://192.0.2.7:1"),
        ("2001:DB8::7", "2001:db8::7", "http://[2001:db8::7]:1"),
        ("fd00::7", "fd00::7", "http://[fd00::7]:1"),
        ("169.254.3.4", "169.254.3.4", "http://169.254.3.4:1"),
    ],
)
def test_one_machines_address_is_taken_and_its_link_can_be_opened(host: str, address: str, link: str) -> None:
    assert check_one(host, 1) == address
    assert link_to(address, 1) == link


def test_a_name_that_stands_for_every_address_too_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 0)) for one in ("192.0.2.7", "0.0.0.0")]  # noqa: S104
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(InputError, match="every address"):
        check_one("laptop.example.org", 1)


def test_an_address_that_this_machine_cannot_reach_is_refused() -> None:
    check_free("127.0.0.1", 0)
    for address in ("203.0.113.9", "127.255.255.255"):
        with pytest.raises(InputError, match="cannot be opened"):
            check_free(address, 0)
