"""The server: which app it serves, at which address, and what it loads while a browser fetches the first page."""
