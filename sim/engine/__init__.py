"""The model: actors, talks, trust, random streams and the state of the process. Knows NumPy and Mesa only."""
