"""The files that pages offer, each kept for a while after its page has let go of it.

Streamlit lets a file go when no page holds it any more, and looks whenever any page of the server has been drawn. A
page that is being drawn anew holds nothing until it is done, and what is made at a click is held by none. Where a class
has many pages open, a browser that asks a moment late would find nothing at the address that it was given.
"""

import time
from collections.abc import Callable
from typing import Final

from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

KEPT: Final = 300.0  # seconds


class LastingFiles(MemoryMediaFileStorage):
    """Streamlit's storage in memory, but for when a file goes. Not thread-safe by itself, as Streamlit's is not."""

    def __init__(self, media_endpoint: str, clock: Callable[[], float] = time.monotonic) -> None:
        """media_endpoint: the path of the addresses; clock: gives seconds."""
        super().__init__(media_endpoint)
        self._clock = clock
        self._until: dict[str, float] = {}  # when files that were let go are dropped, the earliest first

    def load_and_get_id(
        self, path_or_data: str | bytes, mimetype: str, kind: MediaFileKind, filename: str | None = None
    ) -> str:
        """Take in a file, or hold it again if it was let go; its name. Raises MediaFileStorageError."""
        file_id = super().load_and_get_id(path_or_data, mimetype, kind, filename)
        self._until.pop(file_id, None)
        self._drop()
        return file_id

    def delete_file(self, file_id: str) -> None:
        """Let a file go: it is dropped KEPT seconds from now, with the next file that comes or goes."""
        self._until.pop(file_id, None)
        self._until[file_id] = self._clock() + KEPT
        self._drop()

    def _drop(self) -> None:
        """Drop what was let go long enough ago."""
        now = self._clock()
        for file_id in [one for one, until in self._until.items() if until <= now]:
            del self._until[file_id]
            super().delete_file(file_id)
