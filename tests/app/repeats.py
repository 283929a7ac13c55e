"""How often tests repeat what only many tries can show: few times in `make test`, in full with `make test-long`."""

import os
from typing import Final

LONG: Final = {"JIRGA_KILLS": 50, "JIRGA_BURSTS": 200, "JIRGA_DELAYS": 200, "JIRGA_PHONES": 8}


def repeats(name: str, few: int) -> int:
    """Return the number that an environment variable gives, one of LONG; `few` where it is not set."""
    if name not in LONG:
        raise KeyError(name)
    return int(os.environ.get(name, few))
