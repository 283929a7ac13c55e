"""Storage of the files that pages offer, which keeps each file for a while after its last use by a page.

Streamlit drops a file when no page uses it any more, and checks this whenever any page of the server has been drawn. A
page that is being redrawn uses no file until it is done, and no page uses a file that is made at a click. With the many
open pages of a class, a browser that asks a moment late would therefore not find the file at its address.

A file is given only to the browsers whose pages offer it (see `dashboard.server.device`): its address alone is no key.
"""

import time
from collections.abc import Callable
from typing import Final

from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.classroom import credentials

KEPT: Final = 300.0  # seconds
_OWNERS: Final[dict[str, set[str]]] = {}  # the devices of each file; the server has one storage


def is_for(file_id: str, device: str) -> bool:
    """Return whether a file may be given to a device. A file that no page of a browser has offered is for all."""
    owners = _OWNERS.get(file_id)
    return owners is None or (bool(device) and device in owners)


def _device() -> str | None:
    """Return the device of the page that is being drawn; None outside a page."""
    return None if get_script_run_ctx(suppress_warning=True) is None else credentials.device()


class LastingFiles(MemoryMediaFileStorage):
    """Streamlit's storage in memory, except that it drops files later. Not thread-safe, like Streamlit's."""

    current: "LastingFiles | None" = None  # the one of this server

    def __init__(self, media_endpoint: str, clock: Callable[[], float] = time.monotonic) -> None:
        """media_endpoint: the path of the files' addresses; clock: returns seconds."""
        super().__init__(media_endpoint)
        self._clock = clock
        LastingFiles.current = self
        self._until: dict[str, float] = {}  # when deleted files are dropped, the earliest first

    def load_and_get_id(
        self, path_or_data: str | bytes, mimetype: str, kind: MediaFileKind, filename: str | None = None
    ) -> str:
        """Store a file, or keep it if it was deleted, and return its id. Raises MediaFileStorageError."""
        file_id = super().load_and_get_id(path_or_data, mimetype, kind, filename)
        self._until.pop(file_id, None)
        if (device := _device()) is not None:
            _OWNERS.setdefault(file_id, set()).add(device)
        self.drop()
        return file_id

    def delete_file(self, file_id: str) -> None:
        """Delete a file: it is dropped KEPT seconds from now, when the next file is stored or deleted."""
        self._until.pop(file_id, None)
        self._until[file_id] = self._clock() + KEPT
        self.drop()

    def drop(self) -> None:
        """Drop the files that were deleted at least KEPT seconds ago."""
        now = self._clock()
        for file_id in [one for one, until in self._until.items() if until <= now]:
            del self._until[file_id]
            _OWNERS.pop(file_id, None)
            super().delete_file(file_id)
