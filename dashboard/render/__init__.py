"""What pages show: charts, tiles, effects in words, and a page as a report."""
