"""How fast the engine is: `python -m benchmarks` prints the tables that `make bench` shows."""
