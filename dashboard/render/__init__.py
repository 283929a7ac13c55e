"""What pages show: charts, tiles, effects in words, and the page as a report."""
