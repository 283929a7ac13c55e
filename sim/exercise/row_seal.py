"""Checksums of the rows in a file of exercises: a row that has changed on the disk is noticed when it is read.

They protect against damage, not against a person who can write to the file.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, Final

BYTES: Final = 8  # of a checksum: one of 1.8e19 changes would pass


def seal(table: str, values: Iterable[Any], before: str = "") -> str:
    """Return the checksum of a row. before: the checksum of the row before it, for rows whose order counts."""
    text = json.dumps([table, before, *values], default=repr)
    return hashlib.blake2b(text.encode("ascii"), digest_size=BYTES).hexdigest()
