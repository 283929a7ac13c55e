"""What a page shows, as one value: its link, its limits, its undo."""
