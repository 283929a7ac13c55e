"""Discovery: the conditions under which an outcome comes, as a box of a few limits, found in plain arrays."""
