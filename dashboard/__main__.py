"""The command `python -m dashboard`, which `jirga dashboard` calls."""

import argparse
from pathlib import Path

from dashboard.classroom import server_config
from dashboard.server.app_server import HOST, PORT, serve


def main(words: list[str] | None = None) -> None:
    """Start the server with the arguments of a command."""
    parser = argparse.ArgumentParser(prog="jirga dashboard", description="Jirga in a browser, on this machine.")
    parser.add_argument("--host", default=HOST, help="the address to listen on")
    parser.add_argument("--port", type=int, default=PORT, help="the port to listen on")
    parser.add_argument("--browse", action="store_true", help="open a browser")
    parser.add_argument("--db", type=Path, help="the file of class exercises")
    given = parser.parse_args(words)
    server_config.settle(given.db)
    serve(given.host, given.port, browse=given.browse)


if __name__ == "__main__":
    main()
