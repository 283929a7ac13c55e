"""One hash over several files, by their paths and what they say."""

import hashlib
from collections.abc import Mapping
from pathlib import Path


def files_hash(files: Mapping[str, Path], start: str = "") -> str:
    """SHA-256 of the content of files, by the names they have here, 64 hexadecimal digits.

    start: text that is part of the hash. The same files give the same hash whichever line ends they were checked out
    with.
    """
    found = hashlib.sha256(start.encode())
    for name, path in files.items():
        lines = path.read_bytes().replace(b"\r\n", b"\n")
        found.update(f"\0{name}\0{hashlib.sha256(lines).hexdigest()}".encode())
    return found.hexdigest()
