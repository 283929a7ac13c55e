"""Benchmarks: `python -m benchmarks` prints the tables that `make bench` shows."""
