"""Analysis of results: checks against the text, tested causes, and the full history of one world."""
