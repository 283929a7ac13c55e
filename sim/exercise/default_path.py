"""Where exercises are kept when nobody says otherwise: a file in a folder of the user's own."""

from pathlib import Path


def default_file() -> Path:
    """The usual file of exercises, ~/.jirga/exercises.db; its folder is made, for its owner alone."""
    folder = Path.home() / ".jirga"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / "exercises.db"
