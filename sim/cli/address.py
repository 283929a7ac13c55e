"""Checks of the address that a server is to open, made before anything is created or printed.

An address is judged after it has been resolved, because "0", "0x0" and "::ffff:0.0.0.0" too mean every address.
"""

import ipaddress
import socket
from typing import Final

from sim.errors import InputError

# Fails if another program uses the address. On Windows SO_REUSEADDR would open an address in use; on other systems it
# only allows one that was just closed.
ALONE: Final = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
ANY: Final = ("0.0.0.0", "::")  # noqa: S104  as they are written
SECONDS: Final = 5.0  # for this machine to reach itself
BIND: Final = "cannot be opened"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def check_one(host: str, port: int) -> str:
    """Return the one address that a host stands for. Raises InputError for several, and for one of no machine."""
    try:
        return _usable(_resolved(host))
    except InputError as error:
        raise InputError(error.problem, path="--host", value=f"{host}:{port}") from None


def check_any(host: str, port: int) -> str:
    """Return the address that a host stands for, which may be all addresses if it is written out. Raises InputError."""
    return host if host in ANY else check_one(host, port)


def check_free(address: str, port: int) -> None:
    """Raise InputError unless this machine can open an address, which is checked already, and reach itself there."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, ALONE, 1)
            probe.bind((address, port))
            if address not in ANY:
                probe.listen(1)
                socket.create_connection(probe.getsockname()[:2], SECONDS).close()
    except OSError as error:
        raise InputError(f"{BIND}: {error.strerror or error}", path="--host", value=f"{address}:{port}") from None


def link_to(address: str, port: int) -> str:
    """Return the link to a server at an address: "http://192.0.2.7:8502", "http://[::1]:8502"."""
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"


def _resolved(host: str) -> Address:
    """Return the first address of a host, or one of its own that means every address. Raises InputError for none."""
    if not host.strip() or "*" in host:
        raise InputError(f"{BIND}: name one address of this machine")
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        addresses = [_plain(str(place[0])) for *_, place in found]
    except (OSError, ValueError) as error:  # the second for a name that cannot be one
        raise InputError(f"{BIND}: {getattr(error, 'strerror', None) or error}") from None
    if any(one.is_unspecified for one in addresses):
        return next(one for one in addresses if one.is_unspecified)
    return addresses[0]


def _plain(text: str) -> Address:
    """Return an address; one of IPv4 that is written as one of IPv6 is one of IPv4."""
    address = ipaddress.ip_address(text)
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def _usable(address: Address) -> str:
    """Return an address as text. Raises InputError for one that is not one machine's, or that browsers cannot open."""
    if address.is_unspecified:
        raise InputError("means every address of this machine: name one address")
    if address.is_multicast or (address.version == 4 and address.is_reserved):  # noqa: PLR2004  IPv4
        raise InputError("is not the address of one machine")
    if address.version == 6 and address.is_link_local:  # noqa: PLR2004  IPv6
        raise InputError("works in no browser: name another address of this machine")
    return str(address)
