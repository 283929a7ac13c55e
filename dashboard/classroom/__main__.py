"""`python -m dashboard.classroom` and, by way of it, `jirga class serve`."""

import argparse
from pathlib import Path

from dashboard.classroom.serving import serve


def main(words: list[str] | None = None) -> None:
    """Start the server with the words of a command."""
    parser = argparse.ArgumentParser(prog="jirga class serve", description="The class pages on the room's network.")
    parser.add_argument("--host", required=True, help="the address to open")
    parser.add_argument("--port", type=int, required=True, help="the port to listen on")
    parser.add_argument("--db", type=Path, required=True, help="the file of exercises")
    given = parser.parse_args(words)
    serve(given.host, given.port, given.db)


if __name__ == "__main__":
    main()
