"""The default file of exercises, in the user's home folder."""

from pathlib import Path


def default_file() -> Path:
    """Return the default file of exercises, ~/.jirga/exercises.db; create its folder, readable only by its owner."""
    folder = Path.home() / ".jirga"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / "exercises.db"
