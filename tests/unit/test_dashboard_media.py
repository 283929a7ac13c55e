"""Files that pages offer: there for a while after they were let go, then gone."""

import pytest
from streamlit.runtime.media_file_storage import MediaFileKind, MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import get_extension_for_mimetype

from dashboard.server.media import KEPT, LastingFiles

TEXT = "text/plain"


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def files(clock: Clock) -> LastingFiles:
    return LastingFiles("/media", clock)


def offered(files: LastingFiles, content: bytes) -> str:
    """The name of a file that a page offers."""
    return files.load_and_get_id(content, TEXT, MediaFileKind.DOWNLOADABLE, "a.txt")


def there(files: LastingFiles, name: str) -> bool:
    """Whether a browser that asks for a file gets it."""
    try:
        return bool(files.get_file(f"{name}{get_extension_for_mimetype(TEXT)}").content)
    except MediaFileStorageError:
        return False


def test_a_file_that_was_let_go_is_there_for_a_while(files: LastingFiles, clock: Clock) -> None:
    name = offered(files, b"one")
    files.delete_file(name)
    clock.now = KEPT - 1
    offered(files, b"another")
    assert there(files, name)
    clock.now = KEPT
    offered(files, b"a third")
    assert not there(files, name)
    assert list(files._until) == []


def test_a_file_that_is_offered_again_stays(files: LastingFiles, clock: Clock) -> None:
    name = offered(files, b"one")
    files.delete_file(name)
    clock.now = KEPT - 1
    assert offered(files, b"one") == name
    clock.now = 3 * KEPT
    files.delete_file(offered(files, b"another"))
    assert there(files, name)


def test_a_file_that_is_let_go_twice_counts_from_the_second_time(files: LastingFiles, clock: Clock) -> None:
    name = offered(files, b"one")
    files.delete_file(name)
    clock.now = KEPT - 1
    files.delete_file(name)
    clock.now = KEPT + 1
    files.delete_file("what is not there")
    assert there(files, name)
