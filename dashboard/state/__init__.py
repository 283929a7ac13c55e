"""The state of a page as one value: its link, its limits, and undo."""
