"""Access control: long random codes, compared in constant time, and rate limits against guessing."""

import base64
import hmac
import math
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from sim.errors import InputError

LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no two that look alike
CODE: Final = 12  # letters: 59 bits
PART: Final = 4  # letters between dashes
SECRET: Final = 24  # bytes: 192 bits, of a teacher's secret or a student's token
LONGEST: Final = 100  # characters of a given code that are compared

FREE: Final = 5  # wrong codes from one client before it has to wait
LONGEST_WAIT: Final = 32.0  # seconds
WINDOW: Final = 60.0  # seconds
CROWD: Final = 60  # wrong codes from all clients in that time before each answer is delayed
NEIGHBOURS: Final = 20  # the same from one address
LATE: Final = 1.0  # seconds
PLACES: Final = 10_000  # clients that are remembered


class KeyedLock(Protocol):
    """Anything with a key."""

    @property
    def key(self) -> str:
        """The code, token or secret."""


K = TypeVar("K", bound=KeyedLock)


def new_code() -> str:
    """Return a new code that is easy to type: ABCD-EFGH-JKMN."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(CODE))
    return "-".join(letters[at : at + PART] for at in range(0, CODE, PART))


def new_codes(places: Iterable[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """Return a new code for every place, by group and seat."""
    return {place: new_code() for place in places}


def new_secret() -> str:
    """Return a new secret for a link."""
    return secrets.token_urlsafe(SECRET)


def device_token(secret: str, code: str, device: str) -> str:
    """Return the token of a device in the seat of a code, always the same one; "" for an unknown device.

    Nobody can compute it without the exercise's secret (HMAC-SHA-256, RFC 2104).
    """
    if not device:
        return ""
    digest = hmac.digest(secret.encode(), f"{code} {device}".encode("utf-8", "replace"), "sha256")
    return base64.urlsafe_b64encode(digest[:SECRET]).decode()


def tidy(code: str) -> str:
    """Return a typed code in its normal form: upper case, with dashes, without other characters."""
    letters = "".join(c for c in code[:LONGEST].upper() if c.isalnum())
    return "-".join(letters[at : at + PART] for at in range(0, len(letters), PART))


def opened(given: str, doors: Iterable[K]) -> K | None:
    """Return what a key opens, None for nothing; all are compared, each in constant time."""
    wanted, found = given[:LONGEST].encode("utf-8", "replace"), None
    for door in doors:
        if hmac.compare_digest(door.key.encode(), wanted):
            found = door
    return found


class RateLimiter:
    """Counts wrong keys per client, per network address and over all clients.

    A client is an address and, after a blank, the number of a device there. Only a device has to wait: others behind
    the same address can still use their codes. Too many wrong keys from an address, or from all, make the answers to
    further wrong keys late, whatever device they come from, so that new device numbers do not help.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """clock: seconds that only go forward."""
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._wrong: OrderedDict[str, _Tries] = OrderedDict()
        self._recent: deque[float] = deque(maxlen=CROWD + 1)
        self._of_address: OrderedDict[str, deque[float]] = OrderedDict()

    def admit(self, client: str) -> None:
        """Raise InputError while a client has to wait."""
        with self._lock:
            wait = self._tries(client).free - self._clock()
        if wait > 0:
            raise InputError(f"too many wrong codes: wait {math.ceil(wait)} seconds and try again")

    def wrong(self, client: str) -> None:
        """Record a wrong key: a known client waits twice as long each time; too many from all delay the answer."""
        with self._lock:
            now = self._clock()
            if client:
                self._note(client, now)
            self._recent.append(now)
            crowded = len(self._recent) > CROWD and self._recent[0] > now - WINDOW
            late = self._many(client.partition(" ")[0], now) or crowded
        if late:
            self._sleep(LATE)

    def _many(self, address: str, now: float) -> bool:
        """Record a wrong key from an address and return whether it is one of many."""
        if not address:
            return False
        recent = self._of_address.setdefault(address, deque(maxlen=NEIGHBOURS + 1))
        recent.append(now)
        self._of_address.move_to_end(address)
        if len(self._of_address) > PLACES:
            self._of_address.popitem(last=False)
        return len(recent) > NEIGHBOURS and recent[0] > now - WINDOW

    def _note(self, client: str, now: float) -> None:
        """Record a wrong key of a client."""
        count = self._tries(client).count + 1
        wait = min(2.0 ** min(count - FREE, LONGEST_WAIT), LONGEST_WAIT) if count >= FREE else 0.0
        self._wrong[client] = _Tries(count, now, now + wait)
        self._wrong.move_to_end(client)
        if len(self._wrong) > PLACES:
            self._wrong.popitem(last=False)

    def _tries(self, client: str) -> "_Tries":
        """Return the record of a client; it is reset after WINDOW seconds without a wrong code."""
        tries = self._wrong.get(client, _Tries())
        return tries if self._clock() - tries.last < WINDOW else _Tries()


@dataclass(frozen=True, slots=True)
class _Tries:
    """Wrong codes of a client: how many, when the last one was, and when the client may try again, by the clock."""

    count: int = 0
    last: float = -math.inf
    free: float = -math.inf
