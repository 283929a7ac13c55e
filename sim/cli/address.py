"""Checks of the address that a server is to open, made before anything is created or printed."""

import socket

from sim.errors import InputError

# Fails if another program uses the address. On Windows SO_REUSEADDR would open an address in use; on other systems it
# only allows one that was just closed.
ALONE = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
ANY = ("", "0.0.0.0", "::", "*")  # noqa: S104  refused, not bound


def check_one(host: str) -> None:
    """Raise InputError for a host that means all addresses of this machine."""
    if host in ANY:
        raise InputError("name one address of this machine", path="--host", value=host)


def check_free(host: str, port: int) -> None:
    """Raise InputError unless this machine can open the address."""
    try:
        family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, ALONE, 1)
            probe.bind(place)
    except (OSError, UnicodeError) as error:  # the second for a name with an empty or overlong part
        why = getattr(error, "strerror", None) or error
        raise InputError(f"cannot be opened: {why}", path="--host", value=f"{host}:{port}") from None
