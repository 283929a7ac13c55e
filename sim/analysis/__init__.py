"""Analysis of results: checks against the text, and the full history of one world."""
