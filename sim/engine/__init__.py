"""The model: actors, talks, trust, random streams and the state of the process. Depends only on NumPy and Mesa."""
