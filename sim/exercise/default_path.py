"""The default file of exercises, in the user's home folder."""

from pathlib import Path

from sim.errors import InputError


def default_file() -> Path:
    """Return the default file of exercises, ~/.jirga/exercises.db; create its folder, readable only by its owner.

    Raises InputError if there is no home folder, or none that can be written.
    """
    try:
        folder = Path.home() / ".jirga"
        folder.mkdir(mode=0o700, exist_ok=True)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"no home folder for the file of exercises: {reason}; name a file with --db") from error
    return folder / "exercises.db"
