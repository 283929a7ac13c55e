"""The address that a server of ours is to open: tried before anything is made or said."""

import socket

from sim.errors import InputError

# That nobody else has it. Elsewhere SO_REUSEADDR only opens what was just closed; on Windows it opens what is in use.
ALONE = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
ANY = ("", "0.0.0.0", "::", "*")  # noqa: S104  refused, not bound


def check_one(host: str) -> None:
    """Raises InputError for words that stand for every address of this machine."""
    if host in ANY:
        raise InputError("name one address of this machine", path="--host", value=host)


def check_free(host: str, port: int) -> None:
    """Raises InputError unless this machine can open the address."""
    try:
        family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, ALONE, 1)
            probe.bind(place)
    except (OSError, UnicodeError) as error:  # the second for a name with an empty or overlong part
        why = getattr(error, "strerror", None) or error
        raise InputError(f"cannot be opened: {why}", path="--host", value=f"{host}:{port}") from None
