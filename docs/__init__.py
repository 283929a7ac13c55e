"""The documents, and what fills their tables: `python -m docs.refresh`."""
