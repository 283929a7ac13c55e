"""Reading results: checks against the text, and one world told in full."""
