"""The server: which app it serves, to whom, and what it loads while a browser fetches the first page."""
