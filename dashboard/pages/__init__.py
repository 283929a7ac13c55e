"""The pages, one function per page."""
