"""The documents, and the code that generates their tables: `python -m docs.refresh`."""
