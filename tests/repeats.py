"""How often tests repeat what only many tries can show: few times in `make test`, in full with `make test-long`.

Each number can be set by an environment variable of its name; JIRGA_LONG=1 sets all of them to those of LONG.
"""

import os
from typing import Final

LONG: Final = {
    "JIRGA_KILLS": 50, "JIRGA_BURSTS": 200, "JIRGA_DELAYS": 200, "JIRGA_PHONES": 8, "JIRGA_STATES": 200,
    "JIRGA_SEEDS": 3, "JIRGA_INDEX": 1, "JIRGA_SEATS": 8, "JIRGA_BOTS": 6, "JIRGA_POINT": 1, "JIRGA_TWINS": 256,
    "JIRGA_HANDOUTS": 6, "JIRGA_FOLLOWED": 12,
}  # fmt: skip


def repeats(name: str, few: int) -> int:
    """Return how often to repeat something. name: in LONG; few: the number for a run that is not long."""
    return int(os.environ.get(name, LONG[name] if os.environ.get("JIRGA_LONG") else few))
