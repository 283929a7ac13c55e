"""Random numbers: one named stream per decision, so that every scenario gets the same random numbers.

Worlds are drawn in blocks of fixed width. The bits of a stream in a block depend only on (seed, block, SHA-256 of
the stream's name), and each draw has a fixed shape whether or not a rule uses it. So world k of seed s gets the same
random numbers whether it runs alone or among thousands, under every scenario, and a new stream changes no other
stream. Common random numbers by named stream: Klein et al. 2024, doi:10.48550/arXiv.2409.02086.
"""

import hashlib

import numpy as np
import numpy.typing as npt

BLOCK = 64  # worlds per block: the unit of work, small enough for a fast first result on a page
_SPARE = 9  # the lowest of 32 bits, which are not used: 23 bits make a uniform
_ONE = np.uint32(0x3F800000)  # the bits of 1.0 in float32
_SHIFT = np.float32(1 - 2.0**-24)  # makes uniforms odd multiples of 2**-24: exact in float32, and never 0 or 1
_BATCH = 16_384  # uniforms drawn in one call, a whole number of days at a time

Floats = npt.NDArray[np.float32]


def _generator(seed: int, block: int, name: str) -> np.random.SFC64:
    """Return the bit generator of a stream in a block; its raw bits are stable between NumPy versions (NEP 19)."""
    digest = hashlib.sha256(name.encode()).digest()
    words = np.frombuffer(digest, dtype="<u4").tolist()
    return np.random.SFC64(np.random.SeedSequence([seed, block, *words]))


class Stream:
    """The uniforms of one decision: `draw()` returns those of the next day, shape (members, worlds)."""

    def __init__(
        self, seed: int, name: str, members: int, worlds: int, first: int, copies: int = 1, days: int | None = None
    ) -> None:
        """Open the stream for worlds first to first + worlds - 1 (all counts >= 1, first >= 0).

        copies: how often those worlds are repeated, each time with the same random numbers; days: how many days are
        drawn at once; it changes no bit.
        """
        self.members = members
        self._shape = (copies, worlds)
        blocks = range(first // BLOCK, (first + worlds - 1) // BLOCK + 1)
        self._blocks = [(_generator(seed, block, name), *_columns(block, worlds, first)) for block in blocks]
        self._days = days or max(1, _BATCH // (members * BLOCK))
        self._batch = np.empty((self._days, members, copies * worlds), np.float32)
        self._next = self._days

    def draw(self) -> Floats:
        """Return uniforms strictly between 0 and 1, shape (members, worlds); valid until the batch is refilled."""
        if self._next == self._days:
            self._refill()
        day = self._batch[self._next]
        self._next += 1
        return day

    @property
    def latest(self) -> Floats:
        """The uniforms that `draw` returned last, (members, worlds); meaningless before the first draw."""
        return self._batch[self._next - 1]

    def _refill(self) -> None:
        shape = (self._days, self.members, 1, BLOCK)
        side_by_side = self._batch.reshape(self._days, self.members, *self._shape)
        for generator, here, there in self._blocks:
            raw = generator.random_raw(self._days * self.members * BLOCK // 2).view("<u4")
            raw >>= _SPARE
            raw |= _ONE  # the bits of a float32 from 1 up to 2
            drawn = raw.view(np.float32).reshape(shape)[..., there]
            np.subtract(drawn, _SHIFT, out=side_by_side[..., here])
        self._next = 0


def _columns(block: int, worlds: int, first: int) -> tuple[slice, slice]:
    """Return the position of a block's worlds among those requested, and their columns within the block."""
    start, stop = max(block * BLOCK, first), min((block + 1) * BLOCK, first + worlds)
    return slice(start - first, stop - first), slice(start - block * BLOCK, stop - block * BLOCK)


class RandomStreams:
    """Opens the streams of worlds first to first + worlds - 1 of a seed, and keeps a list of them."""

    def __init__(self, seed: int, worlds: int, first: int = 0, copies: int = 1) -> None:
        """Store seed >= 0, worlds >= 1 and first >= 0, the number of the first world.

        copies: how often those worlds are repeated, for experiments with the same random numbers.
        """
        self.seed, self.first = seed, first
        self.worlds = copies * worlds  # the number of columns of every draw
        self._drawn, self._copies = worlds, copies
        self.streams: dict[str, Stream] = {}  # those that draw every day
        self.drawn_once: dict[str, int] = {}  # members of those that drew once

    def stream(self, name: str, members: int = 1) -> Stream:
        """Open the stream of a decision that `members` take each day. Raises KeyError if it is already open."""
        self._check_new(name)
        self.streams[name] = Stream(self.seed, name, members, self._drawn, self.first, self._copies)
        return self.streams[name]

    def draw_once(self, name: str, members: int = 1) -> Floats:
        """Return the only draw of a stream, for properties fixed before the first day; shape (members, worlds).

        Raises KeyError as `stream` does.
        """
        self._check_new(name)
        self.drawn_once[name] = members
        return Stream(self.seed, name, members, self._drawn, self.first, self._copies, days=1).draw()

    def _check_new(self, name: str) -> None:
        if name in self.streams or name in self.drawn_once:
            raise KeyError(f"the stream {name!r} is already in use: each decision needs its own stream")


def fresh_seed() -> int:
    """Return a random seed from the operating system's entropy, below 2**63."""
    return int(np.random.SeedSequence().generate_state(1, np.uint64)[0] >> 1)
